/** Working a task: start, stop, complete, skip, hold, resume, reopen. */
import { gateBlockers } from './blockers.ts';
import type { CommandContext, TaskLifeCommand } from './command.ts';
import { followers } from './flow.ts';
import { accept, notAllowed, refuse, withTask, type Outcome } from './outcome.ts';
import type { ExecutionState, TaskData, TaskStatus } from './state.ts';
import { isFinished, isGateShut, isOpenFor, nextStatus } from './transition.ts';
import { unbegun } from './unbegun.ts';

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
  if (command.type === 'REOPEN_TASK') return accept(reopen(state, task, command.revert, context));
  return accept(withTask(state, withStatus(task, next, context)));
}

function withStatus(task: TaskData, status: TaskStatus, { now, actor }: CommandContext): TaskData {
  if (status === 'PENDING' && task.status === 'IN_PROGRESS') return { ...task, ...unbegun({ now, actor }) };
  const moved: TaskData = {
    ...task,
    status,
    statusAt: now,
    statusBy: actor,
    statusBeforeHold: status === 'ON_HOLD' ? task.status : null,
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
      other.id === task.id || (after.has(other.id) && other.status !== 'PENDING')
        ? { ...other, ...unbegun(context) }
        : other,
    ),
  };
}
