/** What the parts of a definition call each other by: keys of tasks, phases and branches. */
import type { DefinitionContent, NodeRef, PhaseDefinition, TaskDefinition } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { lengthIssues } from './lengths.ts';

/** The tasks and phases by their keys; a repeated key means its first bearer. */
export interface Keys {
  readonly tasks: ReadonlyMap<string, TaskDefinition>;
  readonly phases: ReadonlyMap<string, PhaseDefinition>;
}

export function keysOf({ tasks, phases }: DefinitionContent): Keys {
  return { tasks: firstByKey(tasks), phases: firstByKey(phases) };
}

function firstByKey<T extends { readonly key: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(item.key)) first.set(item.key, item);
  return first;
}

/** Of one key on its own. `bearer` begins a sentence: `Task "Visit"`. */
export function keyIssues(path: string, bearer: string, key: string): DefinitionIssue[] {
  if (key === '') return [error('EMPTY_KEY', path, `${bearer} has no key.`)];
  return lengthIssues(path, 'key', key, LIMITS.keyLength);
}

/** Keys that an earlier item of the list has too. */
export function repeatedKeys(path: string, items: readonly { readonly key: string }[]): DefinitionIssue[] {
  const first = new Map<string, number>();
  const issues: DefinitionIssue[] = [];
  items.forEach(({ key }, index) => {
    const at = first.get(key);
    if (at === undefined) first.set(key, index);
    else
      issues.push(
        error(
          'DUPLICATE_KEY',
          `${path}[${index}].key`,
          `The key ${JSON.stringify(key)} is used by ${path}[${at}] already.`,
        ),
      );
  });
  return issues;
}

/** Of a reference to a task or a phase. */
export function nodeIssues(path: string, ref: NodeRef, keys: Keys): DefinitionIssue[] {
  if ('taskKey' in ref)
    return keys.tasks.has(ref.taskKey) ? [] : [unknown('UNKNOWN_TASK', path, 'task', ref.taskKey)];
  return keys.phases.has(ref.phaseKey) ? [] : [unknown('UNKNOWN_PHASE', path, 'phase', ref.phaseKey)];
}

/** Names what is not there. `what` is what people call such a thing. */
export function unknown(
  code: Extract<DefinitionIssue['code'], `UNKNOWN_${string}`>,
  path: string,
  what: string,
  id: string,
): DefinitionIssue {
  return error(code, path, `There is no ${what} ${JSON.stringify(id)}.`);
}

/** A field that goes with some kinds of its object and not with others. */
export interface Field {
  readonly path: string;
  readonly value: string | null;
  /** Whether this kind needs it; otherwise it takes none. */
  readonly isNeeded: boolean;
  /** The kind, to begin a sentence: `A schedule from TASK_FINISHED on`. */
  readonly kind: string;
}

/** Whether the field is there if its object's kind needs it, and not there if not. */
export function fieldIssues({ path, value, isNeeded, kind }: Field): DefinitionIssue[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (isNeeded && value === null) return [error('MISSING_VALUE', path, `${kind} needs ${name}.`)];
  if (!isNeeded && value !== null)
    return [error('UNEXPECTED_VALUE', path, `${kind} takes no ${name}; leave it out.`)];
  return [];
}

/** The same of the key of a task (`taskKey`) or a phase (`phaseKey`), which has to be there too. */
export function keyFieldIssues(what: keyof Keys, field: Field, keys: Keys): DefinitionIssue[] {
  const { path, value, isNeeded } = field;
  if (value === null || !isNeeded) return fieldIssues(field);
  return nodeIssues(path, what === 'tasks' ? { taskKey: value } : { phaseKey: value }, keys);
}
