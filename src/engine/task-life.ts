/** Working a task: start, stop, complete, skip, hold, resume, reopen, decide, fail, retry. */
import { gateBlockers } from './blockers.ts';
import type { CommandContext, TaskLifeCommand } from './command.ts';
import { defaultBranches, failTask, takeBranches } from './decisions.ts';
import { followers } from './flow.ts';
import { branchIssues, failureReasonIssues } from './input.ts';
import { accept, notAllowed, refuse, refuseIssues, withTask, type Outcome } from './outcome.ts';
import type { ExecutionState, TaskData, TaskStatus } from './state.ts';
import { isFinished, isGateShut, isOpenFor, nextStatus } from './transition.ts';
import { pending, putBack } from './unbegun.ts';

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
  switch (command.type) {
    case 'REOPEN_TASK':
      return accept(reopen(state, task, command.revert, context));
    case 'DECIDE_TASK':
      return decide(state, task, command.branchKeys, context);
    case 'FAIL_TASK':
      return fail(state, task, command.reason, context);
    case 'SKIP_TASK':
      return accept(skip(state, task, context));
    default:
      return accept(withTask(state, withStatus(task, next, context)));
  }
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

function withStatus(task: TaskData, status: TaskStatus, { now, actor }: CommandContext): TaskData {
  if (status === 'PENDING' && task.status === 'SCHEDULED')
    return { ...task, ...pending({ now, actor }), scheduleRanAt: now };
  // Tried again as if newly reached; a schedule that has let it go on once is over, and so it is for what is stopped.
  if (task.status === 'FAILED' && status === 'PENDING')
    return { ...task, ...pending({ now, actor }), isReached: false, reachedAt: null };
  if (status === 'PENDING' && task.status !== 'ON_HOLD') return { ...task, ...pending({ now, actor }) };
  const moved: TaskData = {
    ...task,
    status,
    statusAt: now,
    statusBy: actor,
    statusBeforeHold: status === 'ON_HOLD' ? task.status : null,
    failure: null,
  };
  if (isFinished(status)) return { ...moved, finishedAt: now, finishedBy: actor };
  // Resuming what was in progress before the hold does not start it a second time.
  if (status === 'IN_PROGRESS' && task.startedAt === null)
    return { ...moved, startedAt: now, startedBy: actor };
  return moved;
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
