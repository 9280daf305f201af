/** Automations in definitions of workflows, which may also name what is none (yet), as an import left it. */
import { uuidsAmong } from '../store/definition-references.ts';
import type { Context } from './context.ts';
import { encodeId, parseId } from './ids.ts';

/** What a definition holds for this text: the key if it is the id of an automation, otherwise the text itself. */
export function automationText(given: string): string {
  const { type, key = '' } = parseId(given) ?? {};
  return type === 'Automation' && uuidsAmong([key]).length > 0 ? key : given;
}

/** The text that was given for it. */
export function givenAutomationId(text: string): string {
  return uuidsAmong([text]).length > 0 ? encodeId('Automation', text) : text;
}

/** The automation that a definition names; null if there is none, and for partners. */
export async function automationOf(text: string | null, { loaders }: Pick<Context, 'loaders'>) {
  const [key] = text === null ? [] : uuidsAmong([text]);
  return key === undefined ? null : loaders.automations.load(key);
}
