/** What entities are told: each rule on its own. */
import type { DefinitionContent, EntitySyncRule } from '../definition.ts';
import { LIMITS } from '../limits.ts';
import { targetPathIssues } from './attribute-path.ts';
import { error, type DefinitionIssue } from './issue.ts';
import { fieldIssues, keyFieldIssues, type Keys } from './keys.ts';
import { lengthIssues } from './lengths.ts';

export function syncIssues({ entitySync }: DefinitionContent, keys: Keys): DefinitionIssue[] {
  return entitySync.flatMap((rule, index) => {
    const path = `entitySync[${index}]`;
    return [...filterIssues(path, rule, keys), ...targetIssues(path, rule), ...sourceIssues(path, rule)];
  });
}

function filterIssues(
  path: string,
  { event, taskKey, phaseKey }: EntitySyncRule,
  keys: Keys,
): DefinitionIssue[] {
  const kind = `The event ${event}`;
  const filter = (
    what: keyof Keys,
    field: string,
    value: string | null,
    isPossible: boolean,
  ): DefinitionIssue[] =>
    value === null
      ? []
      : keyFieldIssues(what, { path: `${path}.${field}`, value, isNeeded: isPossible, kind }, keys);
  return [
    ...filter('tasks', 'taskKey', taskKey, event.startsWith('TASK_')),
    ...filter('phases', 'phaseKey', phaseKey, event.startsWith('PHASE_')),
  ];
}

function targetIssues(path: string, rule: EntitySyncRule): DefinitionIssue[] {
  const noTarget = (field: string, what: string): DefinitionIssue =>
    error('NO_SYNC_TARGET', `${path}.${field}`, `The rule does not say ${what}.`);
  return [
    ...(rule.entitySchema.trim() === ''
      ? [noTarget('entitySchema', 'of which schema the entities are that it sets')]
      : lengthIssues(`${path}.entitySchema`, 'entity schema', rule.entitySchema, LIMITS.nameLength)),
    ...(rule.path.trim() === ''
      ? [noTarget('path', 'which attribute it sets')]
      : targetPathIssues(`${path}.path`, rule.path)),
  ];
}

function sourceIssues(path: string, { source, customValue }: EntitySyncRule): DefinitionIssue[] {
  const at = `${path}.customValue`;
  const kind = `The source ${source}`;
  return [
    ...fieldIssues({ path: at, value: customValue, isNeeded: source === 'CUSTOM_VALUE', kind }),
    ...lengthIssues(at, 'value', customValue ?? '', LIMITS.valueLength),
  ];
}
