/** Everything about an execution that follows from the rest of it. */
import type { CommandContext } from './command.ts';
import { hasOpenRequirements, isReached } from './flow.ts';
import { topToBottom } from './order.ts';
import { derivePhases } from './phase-status.ts';
import { progressOf } from './progress.ts';
import type { ExecutionData, ExecutionState, TaskData } from './state.ts';
import { indexOf } from './state-index.ts';
import { isFinished } from './transition.ts';

/**
 * The same state with every derived field worked out anew: reached and enabled tasks, phase status, progress, current task
 * and phase, and whether the execution is done (or, after a task was reopened, started again).
 */
export function derive(base: ExecutionState, context: CommandContext): ExecutionState {
  const index = indexOf({ ...base, tasks: topToBottom(base.tasks, base.phases) });
  const reached = index.state.tasks.map((task) => ({
    ...task,
    isReached: isReached(index, task),
    hasOpenRequirements: hasOpenRequirements(index, task),
  }));
  const execution = settle(base.execution, reached, context);
  const tasks = reached.map((task) => ({ ...task, isEnabled: isEnabled(task, execution) }));
  const next = tasks.find((task) => task.isReached && !isFinished(task.status)) ?? null;
  const current = execution.status === 'STARTED' ? next : null;
  return {
    execution: {
      ...execution,
      progress: progressOf(tasks),
      currentTaskId: current?.id ?? null,
      currentPhaseId: current?.phaseId ?? null,
    },
    phases: derivePhases(index, next),
    tasks,
  };
}

function isEnabled(task: TaskData, execution: ExecutionData): boolean {
  return (
    execution.status === 'STARTED' &&
    (task.status === 'PENDING' || task.status === 'IN_PROGRESS') &&
    task.isReached &&
    !task.hasOpenRequirements
  );
}

/** Whether the execution is over: DONE when nothing is open, unless it was reopened like that. A task that is open again
 * starts it again. */
function settle(
  execution: ExecutionData,
  tasks: readonly TaskData[],
  { now, actor }: CommandContext,
): ExecutionData {
  if (execution.status === 'CLOSED') return { ...execution, isKeptOpen: false };
  const hasOpenTasks = tasks.some(({ status }) => !isFinished(status));
  if (hasOpenTasks)
    return { ...execution, status: 'STARTED', isKeptOpen: false, finishedAt: null, finishedBy: null };
  if (execution.status === 'DONE' || execution.isKeptOpen) return execution;
  return { ...execution, status: 'DONE', finishedAt: now, finishedBy: actor };
}
