/** What may be asked for of a run of an automation now, by its state and its task's. */
import { allowedCommands } from '../engine/transition.ts';
import { isRunOver, type RunRecord } from '../store/automation-runs.ts';
import type { TaskRecord } from '../store/execution-records.ts';

/** FAILED_ACTION: goes on with the action that failed or was cancelled. START: all actions, as a new run. */
export type RetryFrom = 'FAILED_ACTION' | 'START';

/** Whether the run is over, and has left something to do. */
function isToRetry({ status }: RunRecord, from: RetryFrom): boolean {
  return isRunOver(status) && (from === 'START' || (status !== 'SUCCESS' && status !== 'SKIPPED'));
}

/** Whether the task stands where its newest run left it. One that was put back meanwhile begins anew. */
export function isOfRun({ runState }: Pick<TaskRecord, 'runState'>): boolean {
  return runState === 'ENDED';
}

/**
 * Whether the run could be retried so. That of a task only while it is the task's newest, by the task's own command.
 *
 * @param task - the run's; null if it has none, or if that is gone.
 */
export function canRetryRun(run: RunRecord, from: RetryFrom, task: TaskRecord | null): boolean {
  if (!isToRetry(run, from)) return false;
  if (run.taskId === null) return true;
  if (task?.runCount !== run.taskRun) return false;
  if (from === 'FAILED_ACTION' && !isOfRun(task)) return false;
  const command = from === 'START' ? 'RUN_AUTOMATION' : 'RETRY';
  return allowedCommands(task, task.executionStatus).includes(command);
}
