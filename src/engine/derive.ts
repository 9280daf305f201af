/** Everything about an execution that follows from the rest of it. */
import { arrive } from './arrival.ts';
import { withRequestEnded } from './confirmations.ts';
import type { CommandContext } from './command.ts';
import { eliminateDeadPaths } from './dead-paths.ts';
import { deriveDueDates } from './due-dates.ts';
import { patched } from './json.ts';
import { topToBottom } from './order.ts';
import { derivePhases } from './phase-status.ts';
import { progressOf } from './progress.ts';
import type { ExecutionData, ExecutionState, TaskData } from './state.ts';
import { indexOf } from './state-index.ts';
import { isExecutionOpen, isFinished, waitsForSchedule } from './transition.ts';

/**
 * The same state with every derived field worked out anew: dead, reached and enabled tasks, schedules and due dates, phase status,
 * progress, current task and phase, and whether the execution is done, failed, or (after a task was reopened) started again.
 */
export function derive(base: ExecutionState, context: CommandContext): ExecutionState {
  const live = eliminateDeadPaths({ ...base, tasks: topToBottom(base.tasks, base.phases) }, context);
  // Opened again before it is looked at what goes on in it; what then fails makes it FAILED.
  const reopened = settle(live.execution, live.tasks, context);
  const index = indexOf(reopened === live.execution ? live : { ...live, execution: reopened });
  const arrived = live.tasks.map((task) => arrive(index, withRequestEnded(task), context));
  const execution = settle(reopened, arrived, context);
  const tasks = arrived.map((task) => patched(task, { isEnabled: isEnabled(task, execution) }));
  const next = tasks.find((task) => task.isReached && !isFinished(task.status)) ?? null;
  const current = isExecutionOpen(execution.status) ? next : null;
  const state = {
    execution: {
      ...execution,
      progress: progressOf(tasks),
      currentTaskId: current?.id ?? null,
      currentPhaseId: current?.phaseId ?? null,
    },
    phases: derivePhases(indexOf({ ...live, tasks }), next, context.facts),
    tasks,
  };
  return deriveDueDates(state, context);
}

function isEnabled(task: TaskData, execution: ExecutionData): boolean {
  return (
    isExecutionOpen(execution.status) &&
    (task.status === 'PENDING' || task.status === 'IN_PROGRESS' || task.status === 'CONDITION_PENDING') &&
    task.isReached &&
    !task.hasOpenRequirements &&
    !waitsForSchedule(task)
  );
}

/** Whether the execution is over: DONE when nothing is open, unless it was reopened like that. A task that is open again
 * starts it again, one that failed makes it FAILED until somebody has dealt with it. */
function settle(
  execution: ExecutionData,
  tasks: readonly TaskData[],
  { now, actor }: CommandContext,
): ExecutionData {
  if (execution.status === 'CLOSED') return { ...execution, isKeptOpen: false };
  const hasOpenTasks = tasks.some(({ status }) => !isFinished(status));
  if (hasOpenTasks) {
    const status = tasks.some((task) => task.status === 'FAILED') ? 'FAILED' : 'STARTED';
    return patched(execution, { status, isKeptOpen: false, finishedAt: null, finishedBy: null });
  }
  if (execution.status === 'DONE' || execution.isKeptOpen) return execution;
  return { ...execution, status: 'DONE', finishedAt: now, finishedBy: actor };
}
