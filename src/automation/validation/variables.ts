/** The variables that the texts of an action name. */
import type { AutomationIssue } from '../../commands/automation-issue.ts';
import { parsePath, type PathPart } from '../../engine/condition/path.ts';
import { templateVariables } from '../../engine/template.ts';
import { VARIABLE_ROOTS } from '../variables.ts';
import { error } from './issue.ts';

/** The keys that variables of one action may name. */
export interface NamedActions {
  /** Of the actions before it: `steps.KEY`. */
  readonly earlier: ReadonlySet<string>;
  /** Of all actions that wait for a callback: `callbacks.KEY`. */
  readonly waiting: ReadonlySet<string>;
}

const ROOTS: ReadonlySet<string> = new Set(VARIABLE_ROOTS);

function nameOf(part: PathPart | undefined): string | null {
  return part?.type === 'NAME' ? part.name : null;
}

/** Why nothing is ever at this path; null if something can be. */
function complaint(variable: string, { earlier, waiting }: NamedActions): string | null {
  const [root, second] = parsePath(variable) ?? [];
  const name = nameOf(root);
  const shown = `{{${variable}}}`;
  if (name === null) return `${shown} is no path such as "entity.address.city".`;
  if (!ROOTS.has(name)) return `${shown} is not known; variables begin with ${VARIABLE_ROOTS.join(', ')}.`;
  const key = nameOf(second);
  if (name === 'steps' && (key === null || !earlier.has(key)))
    return `${shown} names no action before this one; after "steps." comes an earlier action's key.`;
  if (name === 'callbacks' && (key === null || !waiting.has(key)))
    return `${shown} names no action that waits for a callback; after "callbacks." comes its key.`;
  return null;
}

/** Of one text; `path` is where it is. */
export function variableIssues(path: string, text: string, named: NamedActions): AutomationIssue[] {
  return templateVariables(text).flatMap((variable) => {
    const message = complaint(variable, named);
    return message === null ? [] : [error('UNKNOWN_VARIABLE', path, message)];
  });
}
