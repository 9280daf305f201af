/** The commands of the task life table. */
import type { Command, CommandContext, TaskCommand } from '../../src/engine/command.ts';
import type { TaskStatus } from '../../src/engine/state.ts';
import { defaults, fail, finish, putBack, take } from './decide.ts';
import { allAfter, hasRequirementsMet, isReached } from './flow.ts';
import type { Model, ModelTask, Refusal } from './state.ts';
import { awaitsTime } from './settle.ts';

/** From which statuses each command is possible. */
const POSSIBLE: Partial<Record<Command['type'], readonly TaskStatus[]>> = {
  START_TASK: ['PENDING', 'SCHEDULED'],
  STOP_TASK: ['IN_PROGRESS'],
  COMPLETE_TASK: ['PENDING', 'IN_PROGRESS', 'FAILED'],
  SKIP_TASK: ['PENDING', 'IN_PROGRESS', 'ON_HOLD', 'SCHEDULED', 'CONDITION_PENDING', 'FAILED'],
  HOLD_TASK: ['PENDING', 'IN_PROGRESS'],
  RESUME_TASK: ['ON_HOLD'],
  REOPEN_TASK: ['COMPLETED', 'SKIPPED'],
  DECIDE_TASK: ['CONDITION_PENDING', 'FAILED'],
  FAIL_TASK: ['PENDING', 'IN_PROGRESS', 'SCHEDULED', 'CONDITION_PENDING'],
  RETRY_TASK: ['FAILED'],
};

/** Work on the task itself: everything that it waits for must be finished. */
const WORK: readonly Command['type'][] = ['START_TASK', 'COMPLETE_TASK', 'SKIP_TASK', 'DECIDE_TASK'];

export function workTask(
  model: Model,
  task: ModelTask,
  command: TaskCommand,
  context: CommandContext,
): Refusal {
  const statuses = POSSIBLE[command.type];
  if (!statuses) return null;
  const isOver = model.status === 'CLOSED' || (model.status === 'DONE' && command.type !== 'REOPEN_TASK');
  if (isOver) return 'EXECUTION_NOT_OPEN';
  if (!statuses.includes(task.status) || !suits(task, command)) return 'COMMAND_NOT_ALLOWED';
  if (WORK.includes(command.type) && isBlocked(model, task, command)) return 'TASK_BLOCKED';
  if (command.type === 'REOPEN_TASK' && task.isBuried) return 'TASK_BLOCKED';
  if (command.type === 'DECIDE_TASK' && !isChoice(task, command.branchKeys)) return 'INVALID_INPUT';
  perform(model, task, command, context);
  return null;
}

/** Decisions are not started and completed but decided, and only they are. Skipping one is taking its default branch. */
function suits(task: ModelTask, { type }: TaskCommand): boolean {
  if (!task.decision) return type !== 'DECIDE_TASK';
  if (type === 'START_TASK') return task.status === 'SCHEDULED';
  if (type === 'SKIP_TASK') return task.status === 'FAILED' || defaults(task).length > 0;
  return type !== 'COMPLETE_TASK';
}

/** Nothing has to be waited for to skip what would wait for its time. */
function isBlocked(model: Model, task: ModelTask, { type }: TaskCommand): boolean {
  const isTooEarly = awaitsTime(task) && type !== 'SKIP_TASK';
  return !isReached(model, task) || !hasRequirementsMet(model, task) || isTooEarly;
}

function isChoice({ decision }: ModelTask, keys: readonly string[]): boolean {
  const known = (decision?.branches ?? []).map(({ key }) => key);
  const isCountRight = decision?.takes === 'FIRST_MET' ? keys.length === 1 : keys.length > 0;
  return isCountRight && new Set(keys).size === keys.length && keys.every((key) => known.includes(key));
}

function perform(model: Model, task: ModelTask, command: TaskCommand, { now }: CommandContext): void {
  switch (command.type) {
    case 'START_TASK':
      if (task.status === 'SCHEDULED') {
        task.status = 'PENDING';
        task.hasScheduleRun = true;
      } else task.status = 'IN_PROGRESS';
      break;
    case 'STOP_TASK':
      task.status = 'PENDING';
      break;
    case 'COMPLETE_TASK':
      finish(task, 'COMPLETED', now);
      break;
    case 'SKIP_TASK':
      if (task.decision) take(model, task, defaults(task), 'SKIPPED', now);
      else finish(task, 'SKIPPED', now);
      break;
    case 'HOLD_TASK':
      task.statusBeforeHold = task.status;
      task.status = 'ON_HOLD';
      break;
    case 'RESUME_TASK':
      task.status = task.statusBeforeHold ?? 'PENDING';
      task.statusBeforeHold = null;
      break;
    case 'REOPEN_TASK':
      reopen(model, task, command.revert);
      break;
    case 'DECIDE_TASK':
      take(model, task, command.branchKeys, 'COMPLETED', now);
      break;
    case 'FAIL_TASK':
      fail(task, 'REPORTED');
      break;
    case 'RETRY_TASK':
      task.status = 'PENDING';
      task.failure = null;
      task.reachedAt = null;
      break;
    default:
  }
}

function reopen(model: Model, task: ModelTask, revert: boolean): void {
  if (revert) allAfter(model, task).forEach(putBack);
  putBack(task);
}
