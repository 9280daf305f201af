/** Working a task: start, stop, complete, skip, hold, resume, reopen, decide, fail, retry, run, have it confirmed. */
import { requestConfirmation } from './confirmations.ts';
import { continueRun, startRun, withRunEnded } from './automation-runs.ts';
import { gateBlockers } from './blockers.ts';
import type { CommandContext, TaskLifeCommand } from './command.ts';
import { defaultBranches, failTask, takeBranches } from './decisions.ts';
import { followers } from './flow.ts';
import { branchIssues, expiryIssues, failureReasonIssues } from './input.ts';
import { isLeased, putDown, withLeaseEnded, withoutAttempts } from './lease.ts';
import { accept, notAllowed, refuse, refuseIssues, withTask, type Outcome } from './outcome.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { withStatus } from './task-status.ts';
import { isGateShut, isOpenFor, nextStatus } from './transition.ts';
import { putBack } from './unbegun.ts';

/** Refused, in this order, when the execution is over, when the table does not allow it, and when something blocks it. */
export function workTask(
  state: ExecutionState,
  task: TaskData,
  command: TaskLifeCommand,
  context: CommandContext,
): Outcome {
  const { status } = state.execution;
  if (!isOpenFor(status, command.type)) return refuse({ code: 'EXECUTION_NOT_OPEN', status });
  const next = nextStatus(task, command.type);
  if (next === null) return notAllowed(state, task);
  if (isGateShut(task, command.type))
    return refuse({ code: 'TASK_BLOCKED', taskId: task.id, blockers: gateBlockers(state, task) });
  // An automation goes on only while its task is in progress or on hold.
  const ended = fromWorker(
    next === 'IN_PROGRESS' || next === 'ON_HOLD' ? task : withRunEnded(task),
    command,
    context,
  );
  switch (command.type) {
    case 'REOPEN_TASK':
      return accept(reopen(state, task, command.revert, context));
    case 'DECIDE_TASK':
      return decide(state, task, command.branchKeys, context);
    case 'FAIL_TASK':
      return fail(state, ended, command.reason, context);
    case 'SKIP_TASK':
      return accept(skip(state, ended, context));
    case 'RUN_AUTOMATION':
      return accept(withTask(state, startRun(task, context)));
    case 'REQUEST_CONFIRMATION':
      return ask(state, task, command.expiresInHours, context);
    case 'RETRY_TASK':
      return accept(
        withTask(state, next === 'IN_PROGRESS' ? continueRun(task, context) : tryAgain(task, context)),
      );
    default:
      return accept(withTask(state, withStatus(ended, next, context)));
  }
}

/** Whatever a person does to a task ends the lease of the worker that has it. What is put aside was not begun by anybody then. */
function fromWorker(task: TaskData, { type }: TaskLifeCommand, context: CommandContext): TaskData {
  if (!isLeased(task)) return task;
  const end = type === 'START_TASK' ? 'TAKEN_OVER' : 'ENDED';
  return type === 'START_TASK' || type === 'HOLD_TASK'
    ? putDown(task, end, context)
    : withLeaseEnded(task, end, context.now);
}

/** As if newly reached; a schedule that has let it go on once is over. */
function tryAgain(task: TaskData, context: CommandContext): TaskData {
  const externalWork = withoutAttempts(task);
  return {
    ...withStatus(task, 'PENDING', context),
    isReached: false,
    reachedAt: null,
    runState: null,
    confirmationRequest: null,
    externalWork,
  };
}

function ask(
  state: ExecutionState,
  task: TaskData,
  expiresInHours: number | null,
  context: CommandContext,
): Outcome {
  return (
    refuseIssues(expiryIssues(expiresInHours)) ??
    accept(withTask(state, requestConfirmation(task, expiresInHours, context)))
  );
}

function decide(
  state: ExecutionState,
  task: TaskData,
  branchKeys: readonly string[],
  context: CommandContext,
): Outcome {
  const choice = { branchKeys, isDefaultTaken: false, results: [], status: 'COMPLETED' } as const;
  return refuseIssues(branchIssues(task, branchKeys)) ?? accept(takeBranches(state, task, choice, context));
}

function fail(
  state: ExecutionState,
  task: TaskData,
  reason: string | null,
  context: CommandContext,
): Outcome {
  const message = reason?.trim() || 'It was reported as failed.';
  return (
    refuseIssues(failureReasonIssues(reason)) ??
    accept(failTask(state, task, { code: 'REPORTED', message }, context))
  );
}

/** A decision that is skipped goes its default way; one that failed without such a way leads nowhere. */
function skip(state: ExecutionState, task: TaskData, context: CommandContext): ExecutionState {
  if (!task.decision) return withTask(state, withStatus(task, 'SKIPPED', context));
  const branchKeys = defaultBranches(task.decision);
  const isDefaultTaken = branchKeys.length > 0;
  return takeBranches(state, task, { branchKeys, isDefaultTaken, results: [], status: 'SKIPPED' }, context);
}

function reopen(
  state: ExecutionState,
  task: TaskData,
  revert: boolean,
  context: CommandContext,
): ExecutionState {
  const after = revert ? followers(state, task.id) : new Set<string>();
  return {
    ...state,
    tasks: state.tasks.map((other) =>
      other.id === task.id || after.has(other.id) ? putBack(other, context) : other,
    ),
  };
}
