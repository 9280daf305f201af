/** What the schema of an action's type says to its config. */
import type { z } from 'zod';
import type { AutomationIssue } from '../../commands/automation-issue.ts';
import type { ActionType } from '../action-type.ts';
import type { ActionDefinition } from '../content.ts';
import { error } from './issue.ts';

/** A config that its type can work with, or why it can't. */
export type CheckedConfig =
  | { readonly ok: true; readonly config: unknown }
  | { readonly ok: false; readonly issues: readonly AutomationIssue[] };

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** In the words of people; undefined for zod's own. What a schema says itself comes before this. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'This is missing.';
      return `This is not ${KINDS[issue.expected] ?? issue.expected}.`;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin in UNITS) return 'This is empty.';
      return `This needs at least ${issue.minimum}${UNITS[issue.origin] ?? ''}.`;
    case 'too_big':
      return `This takes at most ${issue.maximum}${UNITS[issue.origin] ?? ''}.`;
    case 'invalid_value':
      return `This is not one of ${issue.values.join(', ')}.`;
    case 'unrecognized_keys':
      return `There is no field ${issue.keys.join(', ')}.`;
    case 'invalid_format':
      return `This has not the form of: ${issue.format}.`;
    default:
      return undefined;
  }
}

/** `['attributes', 0, 'target']` → `.attributes[0].target`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}

type Parsed = ReturnType<ActionType['config']['safeParse']>;

/** Of each action: what it names is asked for before everything else about it, and large configs take long to read. */
const known = new WeakMap<ActionDefinition, Parsed>();

function parse(action: ActionDefinition, type: ActionType): Parsed {
  const parsed = known.get(action) ?? type.config.safeParse(action.config, { error: wording });
  known.set(action, parsed);
  return parsed;
}

/** Reads the config of an action, which is of this type; `path` is where the action is: `actions[2]`. */
export function checkConfig(path: string, action: ActionDefinition, type: ActionType): CheckedConfig {
  const parsed = parse(action, type);
  if (parsed.success) return { ok: true, config: parsed.data };
  const issues = parsed.error.issues.map((issue) =>
    error('INVALID_CONFIG', `${path}.config${pathText(issue.path)}`, issue.message),
  );
  return { ok: false, issues };
}
