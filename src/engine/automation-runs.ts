/** The runs of a task's automation, as far as the task is concerned: that one begins, goes on again, is over. */
import type { FinishAutomationCommand, Moment, RunOutcome } from './command.ts';
import { withTask } from './outcome.ts';
import type { ExecutionState, Failure, TaskData } from './state.ts';
import { withStatus } from './task-status.ts';

/** What a run that did not come to its end does to its task, if nobody says why. */
const FAILURES = {
  FAILED: { code: 'AUTOMATION_FAILED', message: 'An action of its automation failed.' },
  HOT: { code: 'AUTOMATION_HOT', message: 'Its automation ran too often and was disabled.' },
} as const satisfies Partial<Record<RunOutcome, Failure>>;

/** The task with a new run, from the first action on. */
export function startRun(task: TaskData, moment: Moment): TaskData {
  return { ...withStatus(task, 'IN_PROGRESS', moment), runCount: task.runCount + 1, runState: 'RUNNING' };
}

/** The task whose newest run goes on from the action that failed or was cancelled. */
export function continueRun(task: TaskData, moment: Moment): TaskData {
  return { ...withStatus(task, 'IN_PROGRESS', moment), runState: 'RUNNING' };
}

/** The same task, with no run that goes on. */
export function withRunEnded(task: TaskData): TaskData {
  return task.runState === 'RUNNING' ? { ...task, runState: 'ENDED' } : task;
}

/** The state after the run, also of a task on hold. Nothing changes if that run goes on no more: somebody was quicker. */
export function finishAutomation(
  state: ExecutionState,
  task: TaskData,
  { run, outcome, message }: FinishAutomationCommand,
  moment: Moment,
): ExecutionState {
  if (task.runState !== 'RUNNING' || task.runCount !== run) return state;
  return withTask(state, finished(withRunEnded(task), outcome, message, moment));
}

function finished(task: TaskData, outcome: RunOutcome, message: string | null, moment: Moment): TaskData {
  switch (outcome) {
    case 'SUCCESS':
      return withStatus(task, 'COMPLETED', moment);
    case 'SKIPPED':
    case 'CANCELLED':
      return withStatus(task, 'SKIPPED', moment);
    case 'FAILED':
    case 'HOT': {
      const failure = FAILURES[outcome];
      return {
        ...withStatus(task, 'FAILED', moment),
        failure: { ...failure, message: message ?? failure.message },
      };
    }
  }
}
