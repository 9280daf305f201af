/** What happened between two states, as the entity sync tells it. */
import type { SyncEvent } from './definition.ts';
import { sameJson } from './json.ts';
import type { ExecutionData, ExecutionState, PhaseData, TaskData } from './state.ts';
import { isExecutionOpen } from './transition.ts';

/** One thing that happened, with the task or phase that it happened to. */
export interface Occurrence {
  readonly event: SyncEvent;
  readonly task: TaskData | null;
  readonly phase: PhaseData | null;
}

/** Something that happened to the execution as a whole. */
export function toExecution(event: SyncEvent): Occurrence {
  return { event, task: null, phase: null };
}

/** Tasks from top to bottom, then phases, then the execution; each event of an object at most once. */
export function occurrencesBetween(before: ExecutionState, after: ExecutionState): readonly Occurrence[] {
  const oldTasks = new Map(before.tasks.map((task) => [task.id, task]));
  const oldPhases = new Map(before.phases.map((phase) => [phase.id, phase]));
  const phases = new Map<string | null, PhaseData>(after.phases.map((phase) => [phase.id, phase]));
  return [
    ...after.tasks.flatMap((task) => {
      const phase = phases.get(task.phaseId) ?? null;
      return taskEvents(oldTasks.get(task.id), task).map((event) => ({ event, task, phase }));
    }),
    ...after.phases.flatMap((phase) =>
      phaseEvents(oldPhases.get(phase.id), phase).map((event) => ({ event, task: null, phase })),
    ),
    ...executionEvents(before.execution, after.execution).map(toExecution),
  ];
}

const TASK_EVENTS: Partial<Record<TaskData['status'], SyncEvent>> = {
  COMPLETED: 'TASK_COMPLETED',
  SKIPPED: 'TASK_SKIPPED',
  IN_PROGRESS: 'TASK_STARTED',
  ON_HOLD: 'TASK_HELD',
};

/** The task without until when its worker has it: that a worker goes on is nothing new about the task. */
function withoutHeartbeat(task: TaskData | undefined): TaskData | undefined {
  if (!task?.externalWork?.lease) return task;
  const lease = { ...task.externalWork.lease, expiresAt: '' };
  return { ...task, externalWork: { ...task.externalWork, lease } };
}

function taskEvents(before: TaskData | undefined, after: TaskData): readonly SyncEvent[] {
  if (sameJson(before, after) || sameJson(withoutHeartbeat(before), withoutHeartbeat(after))) return [];
  const entered = before?.status === after.status ? undefined : TASK_EVENTS[after.status];
  return entered ? ['TASK_UPDATED', entered] : ['TASK_UPDATED'];
}

function phaseEvents(before: PhaseData | undefined, after: PhaseData): readonly SyncEvent[] {
  if (sameJson(before, after)) return [];
  const { status, progress } = after;
  if (before?.status === status || status === 'OPEN') return ['PHASE_UPDATED'];
  if (status === 'IN_PROGRESS') return ['PHASE_UPDATED', 'PHASE_STARTED'];
  return ['PHASE_UPDATED', progress.completed > 0 ? 'PHASE_COMPLETED' : 'PHASE_SKIPPED'];
}

function executionEvents(before: ExecutionData, after: ExecutionData): readonly SyncEvent[] {
  const events: SyncEvent[] = [];
  if (before.currentTaskId !== after.currentTaskId) events.push('CURRENT_TASK_CHANGED');
  if (!sameJson(before.assignees, after.assignees)) events.push('EXECUTION_ASSIGNED');
  if (before.dueAt !== after.dueAt) events.push('EXECUTION_DUE_DATE_CHANGED');
  if (!sameJson(before.entityIds, after.entityIds)) events.push('EXECUTION_CONTEXTS_CHANGED');
  if (before.status === after.status) return events;
  if (after.status === 'DONE') events.push('EXECUTION_DONE');
  if (after.status === 'CLOSED') events.push('EXECUTION_CLOSED');
  if (!isExecutionOpen(before.status) && isExecutionOpen(after.status)) events.push('EXECUTION_REOPENED');
  return events;
}
