/** Entity sync: what an execution's rules write into its entities when something happens to it. */
import { groupBy } from './collections.ts';
import { writePath } from './condition/path.ts';
import type { AssigneeRef, EntitySyncRule, Json, SyncSource } from './definition.ts';
import type { EntityFacts, Facts } from './facts.ts';
import { sameJson } from './json.ts';
import type { EntityUpdate } from './result.ts';
import type { ExecutionState, PhaseData, TaskData } from './state.ts';
import { occurrencesBetween, type Occurrence } from './sync-occurrences.ts';

/** The facts after the rules of `after` were applied to everything that happened since `before`; `more` happened as well. */
export function syncEntities(
  before: ExecutionState,
  after: ExecutionState,
  facts: Facts,
  more: readonly Occurrence[] = [],
): Facts {
  const { entitySync } = after.execution;
  if (entitySync.length === 0 || (before === after && more.length === 0)) return facts;
  const byEvent = groupBy([...more, ...occurrencesBetween(before, after)], ({ event }) => event);
  let entities = facts.entities;
  for (const rule of entitySync)
    for (const occurrence of byEvent.get(rule.event) ?? [])
      if (concerns(rule, occurrence))
        entities = write(entities, rule, valueOf(rule, after, occurrence, facts));
  return entities === facts.entities ? facts : { ...facts, entities };
}

/** Which entities differ from what they were. */
export function entityUpdates(before: Facts, after: Facts): readonly EntityUpdate[] {
  if (before === after) return [];
  return after.entities.flatMap(({ id, attributes }, index) => {
    const old = before.entities[index]?.attributes ?? {};
    if (attributes === old) return [];
    const names = [...new Set([...Object.keys(old), ...Object.keys(attributes)])].sort();
    const changedAttributes = names.filter((name) => !sameJson(old[name], attributes[name]));
    return changedAttributes.length > 0 ? [{ entityId: id, attributes, changedAttributes }] : [];
  });
}

function concerns({ taskKey, phaseKey }: EntitySyncRule, { task, phase }: Occurrence): boolean {
  if (taskKey !== null) return task?.key === taskKey;
  return phaseKey === null || phase?.key === phaseKey;
}

/** Writing what stands there already leaves the list as it is. */
function write(
  entities: readonly EntityFacts[],
  { entitySchema, path }: EntitySyncRule,
  value: Json,
): readonly EntityFacts[] {
  const next = entities.map((entity) => {
    if (entity.schema !== entitySchema) return entity;
    const attributes = writePath(entity.attributes, path, value);
    return attributes === entity.attributes ? entity : { ...entity, attributes };
  });
  return next.every((entity, index) => entity === entities[index]) ? entities : next;
}

/** A task's event speaks of that task and its phase, any other of the current ones. What is not there is null. */
function valueOf(
  { source, customValue }: EntitySyncRule,
  { execution, tasks, phases }: ExecutionState,
  occurrence: Occurrence,
  { writeAssignee }: Facts,
): Json {
  if (source === 'CUSTOM_VALUE') return customValue;
  const task = occurrence.task ?? tasks.find(({ id }) => id === execution.currentTaskId) ?? null;
  const phaseId = occurrence.task ? occurrence.task.phaseId : execution.currentPhaseId;
  const phase = occurrence.phase ?? phases.find(({ id }) => id === phaseId) ?? null;
  const names = (assignees: readonly AssigneeRef[]): Json =>
    assignees.filter(({ type }) => type !== 'VARIABLE').map(writeAssignee);
  return sourceValue(source, execution, task, phase, names);
}

function sourceValue(
  source: Exclude<SyncSource, 'CUSTOM_VALUE'>,
  execution: ExecutionState['execution'],
  task: TaskData | null,
  phase: PhaseData | null,
  names: (assignees: readonly AssigneeRef[]) => Json,
): Json {
  switch (source) {
    case 'EXECUTION_NAME':
      return execution.name;
    case 'EXECUTION_STATUS':
      return execution.status;
    case 'EXECUTION_ASSIGNEES':
      return names(execution.assignees);
    case 'TASK_NAME':
      return task?.name ?? null;
    case 'TASK_STATUS':
      return task?.status ?? null;
    case 'TASK_ASSIGNEES':
      return task ? names(task.assignees) : null;
    case 'PHASE_NAME':
      return phase?.name ?? null;
    case 'PHASE_STATUS':
      return phase?.status ?? null;
    case 'PHASE_ASSIGNEES':
      return phase ? names(phase.assignees) : null;
  }
}
