/** What a command changed: found by comparing the state before with the state after, so that nothing can be forgotten. */
import type { Command } from './command.ts';
import { changed, isTold, taskAdded, taskRemoved, type Versioned } from './events.ts';
import { executionEventType, phaseEventType, taskEventType } from './event-type.ts';
import { patched, sameJson } from './json.ts';
import type { Advanced, Changes, EngineEvent, EngineEventType } from './result.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from './state.ts';

/** What the command was given to: a task, or the execution itself (null). */
export interface Subject {
  readonly taskId: string | null;
  readonly command: Command['type'];
}

/** One object as it is now, and what happened to it: null if nothing. */
interface Compared<T> {
  readonly object: T;
  readonly event: EngineEvent | null;
}

/**
 * The state `after` with versions raised by one where something differs, the changed objects, and one event for each:
 * the command's subject first, then the other tasks from top to bottom, the phases, and the execution. An execution of which only the time of its
 * timer differs is among the changed, with its old version and without an event.
 */
export function diff(
  before: ExecutionState,
  after: ExecutionState,
  subject: Subject,
): Pick<Advanced, 'state' | 'changes' | 'events'> {
  const execution = compareExecution(before.execution, after.execution);
  const phases = comparePhases(before.phases, after.phases);
  const tasks = compareTasks(before.tasks, after.tasks, subject);
  const removed = removedTasks(before.tasks, after.tasks);
  const events = [
    ...removed.map(taskRemoved),
    ...[...tasks, ...phases, execution].flatMap(({ event }) => (event ? [event] : [])),
  ];
  const changes: Changes = {
    execution: execution.object === before.execution ? null : execution.object,
    phases: phases.filter(({ event }) => event).map(({ object }) => object),
    tasks: tasks.filter(({ event }) => event).map(({ object }) => object),
    removedTaskIds: removed.map(({ id }) => id),
    isExecutionRemoved: false,
  };
  if (events.length === 0 && changes.execution === null) return { state: before, changes, events };
  return {
    state: {
      execution: execution.object,
      phases: phases.map(({ object }) => object),
      tasks: tasks.map(({ object }) => object),
    },
    changes,
    events: subjectFirst(events, subject),
  };
}

function compareExecution(before: ExecutionData, after: ExecutionData): Compared<ExecutionData> {
  const { object, event } = compare(before, after, { taskId: null, phaseId: null }, (fields) =>
    executionEventType(before, after, fields),
  );
  return { object: patched(object, { wakeAt: after.wakeAt }), event };
}

function comparePhases(
  before: readonly PhaseData[],
  after: readonly PhaseData[],
): readonly Compared<PhaseData>[] {
  const known = byId(before);
  return after.map((phase) => {
    const old = known.get(phase.id) ?? phase;
    return compare(old, phase, { taskId: null, phaseId: phase.id }, () => phaseEventType(old, phase));
  });
}

function compareTasks(
  before: readonly TaskData[],
  after: readonly TaskData[],
  subject: Subject,
): readonly Compared<TaskData>[] {
  const known = byId(before);
  return after.map((task) => {
    const old = known.get(task.id);
    if (!old) return { object: task, event: taskAdded(task) };
    const command = task.id === subject.taskId ? subject.command : null;
    return compare(old, task, { taskId: task.id, phaseId: null }, (fields) =>
      taskEventType(old, task, fields, command),
    );
  });
}

function removedTasks(before: readonly TaskData[], after: readonly TaskData[]): TaskData[] {
  const kept = byId(after);
  return before.filter(({ id }) => !kept.has(id));
}

/** An object that did not change stays the very same object. */
function compare<T extends Versioned>(
  before: T,
  after: T,
  ids: Pick<EngineEvent, 'taskId' | 'phaseId'>,
  typeOf: (fields: readonly (keyof T & string)[]) => EngineEventType,
): Compared<T> {
  const fields = changedFields(before, after);
  if (fields.length === 0) return { object: before, event: null };
  const object = { ...after, version: before.version + 1 };
  return { object, event: changed(typeOf(fields), ids, before, object, fields) };
}

function changedFields<T extends Versioned>(before: T, after: T): (keyof T & string)[] {
  return (Object.keys(after) as (keyof T & string)[])
    .filter((field) => isTold(field) && !sameJson(before[field], after[field]))
    .sort();
}

function subjectFirst(events: readonly EngineEvent[], subject: Subject): EngineEvent[] {
  const isSubject = ({ taskId, phaseId }: EngineEvent): boolean =>
    taskId === subject.taskId && phaseId === null;
  return [...events.filter(isSubject), ...events.filter((event) => !isSubject(event))];
}

function byId<T extends { readonly id: string }>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [object.id, object]));
}
