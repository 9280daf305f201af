/** Whether the form of a task can be worked on now. */
import { gateBlockers } from './blockers.ts';
import { notAllowed, refuse } from './outcome.ts';
import type { Refused } from './result.ts';
import type { ExecutionState, TaskData, TaskStatus } from './state.ts';
import { isExecutionOpen, isGateShut } from './transition.ts';

/** In all others somebody has finished, held or put off the task, or it waits for something else. */
const WORKABLE: ReadonlySet<TaskStatus> = new Set(['PENDING', 'IN_PROGRESS', 'CONDITION_PENDING', 'FAILED']);

/**
 * Why nobody can open or submit the form of the task now; null if they can. In this order: the execution is over, the task's status does not allow it, something
 * blocks it.
 */
export function refuseForm(state: ExecutionState, task: TaskData): Refused | null {
  const { status } = state.execution;
  if (!isExecutionOpen(status)) return refuse({ code: 'EXECUTION_NOT_OPEN', status });
  if (!WORKABLE.has(task.status)) return notAllowed(state, task);
  if (isGateShut(task, 'START_TASK'))
    return refuse({ code: 'TASK_BLOCKED', taskId: task.id, blockers: gateBlockers(state, task) });
  return null;
}
