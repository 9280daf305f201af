/** Journeys in definitions of workflows, which may also name what is none (yet), as an import left it. */
import { uuidsAmong } from '../store/definition-references.ts';
import type { Context } from './context.ts';
import { encodeId, parseId } from './ids.ts';

/** What a definition holds for this text: the key if it is the id of a journey, otherwise the text itself. */
export function journeyText(given: string): string {
  const { type, key = '' } = parseId(given) ?? {};
  return type === 'Journey' && uuidsAmong([key]).length > 0 ? key : given;
}

/** The text that was given for it. */
export function givenJourneyId(text: string): string {
  return uuidsAmong([text]).length > 0 ? encodeId('Journey', text) : text;
}

/** The journey that a definition names; null if there is none, and for partners. */
export async function journeyOf(text: string | null, { loaders }: Pick<Context, 'loaders'>) {
  const [key] = text === null ? [] : uuidsAmong([text]);
  return key === undefined ? null : loaders.journeys.load(key);
}
