/** What a command handler hands back: the next base state, its derived fields still to be computed, or a refusal. */
import type { Facts } from './facts.ts';
import type { InputIssue, Problem, Refused } from './result.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { allowedCommands, isExecutionOpen } from './transition.ts';

export type Outcome =
  | {
      readonly ok: true;
      readonly next: ExecutionState;
      /** What the command itself wrote into the entities; those of the context if not given. */
      readonly facts?: Facts;
    }
  | Refused;

export function accept(next: ExecutionState, facts?: Facts): Outcome {
  return facts ? { ok: true, next, facts } : { ok: true, next };
}

export function refuse(problem: Problem): Refused {
  return { ok: false, problem };
}

/** The state with one task in place of the one of the same id. */
export function withTask(state: ExecutionState, task: TaskData): ExecutionState {
  return { ...state, tasks: state.tasks.map((other) => (other.id === task.id ? task : other)) };
}

/** The refusal of a command that nobody may give while the execution is done or closed; null while it is open. */
export function refuseUnlessOpen(state: ExecutionState): Refused | null {
  const { status } = state.execution;
  return isExecutionOpen(status) ? null : refuse({ code: 'EXECUTION_NOT_OPEN', status });
}

/** The refusal of a command that the task's status does not allow. */
export function notAllowed(state: ExecutionState, task: TaskData): Refused {
  return refuse({
    code: 'COMMAND_NOT_ALLOWED',
    taskId: task.id,
    status: task.status,
    since: task.statusAt,
    by: task.statusBy,
    allowedCommands: allowedCommands(task, state.execution.status),
  });
}

/** The refusal of wrong input; null if there is nothing wrong. */
export function refuseIssues(issues: readonly InputIssue[]): Refused | null {
  return issues.length > 0 ? refuse({ code: 'INVALID_INPUT', issues }) : null;
}
