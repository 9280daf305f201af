/** Facts, made from what an object was and what it is. */
import type { EngineEvent, EngineEventType } from './result.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from './state.ts';

/** An object of an execution whose changes are counted. */
export type Versioned = ExecutionData | PhaseData | TaskData;

/** Not the version, which every event carries beside its data, and not the timer's time: it follows from all the rest, and is nobody else's concern. */
export function isTold(field: string): boolean {
  return field !== 'version' && field !== 'wakeAt';
}

function wholeOf(object: Versioned): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).filter(([field]) => isTold(field)));
}

export function executionStarted(execution: ExecutionData): EngineEvent {
  return {
    type: 'EXECUTION_STARTED',
    taskId: null,
    phaseId: null,
    version: execution.version,
    changedFields: [],
    data: wholeOf(execution),
    audience: concerned(execution),
  };
}

export function phaseAdded(phase: PhaseData): EngineEvent {
  return {
    type: 'PHASE_ADDED',
    taskId: null,
    phaseId: phase.id,
    version: phase.version,
    changedFields: [],
    data: wholeOf(phase),
    audience: concerned(phase),
  };
}

export function taskAdded(task: TaskData): EngineEvent {
  return {
    type: 'TASK_ADDED',
    taskId: task.id,
    phaseId: null,
    version: task.version,
    changedFields: [],
    data: wholeOf(task),
    audience: concerned(task),
  };
}

export function taskRemoved(task: TaskData): EngineEvent {
  return {
    type: 'TASK_REMOVED',
    taskId: task.id,
    phaseId: null,
    version: task.version + 1,
    changedFields: [],
    data: {},
    audience: concerned(task),
  };
}

/** Whoever works on any of its tasks is concerned. */
export function executionDeleted({ execution, phases, tasks }: ExecutionState): EngineEvent {
  return {
    type: 'EXECUTION_DELETED',
    taskId: null,
    phaseId: null,
    version: execution.version + 1,
    changedFields: [],
    data: {},
    audience: concerned(execution, ...phases, ...tasks),
  };
}

/** The event of a change: `after` with the new version, `fields` those that differ, sorted. */
export function changed<T extends Versioned>(
  type: EngineEventType,
  ids: Pick<EngineEvent, 'taskId' | 'phaseId'>,
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): EngineEvent {
  return {
    type,
    ...ids,
    version: after.version,
    changedFields: fields,
    data: Object.fromEntries(fields.map((field) => [field, after[field]])),
    audience: concerned(before, after),
  };
}

/** The users and teams that are responsible for any of the objects, sorted. */
function concerned(...objects: readonly Versioned[]): string[] {
  const ids = new Set<string>();
  for (const object of objects) {
    for (const { type, id } of object.assignees) if (type !== 'VARIABLE') ids.add(id);
    if ('claimedById' in object && object.claimedById !== null) ids.add(object.claimedById);
  }
  return [...ids].sort();
}
