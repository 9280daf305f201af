/** The commands of the task life table. */
import type { Command, CommandContext, TaskCommand } from '../../src/engine/command.ts';
import type { TaskStatus } from '../../src/engine/state.ts';
import { begin, endRunUnlessWorked, goOn, isRunning } from './automation.ts';
import { ask } from './confirmation.ts';
import { defaults, fail, finish, putBack, take } from './decide.ts';
import { allAfter, hasRequirementsMet, isReached } from './flow.ts';
import type { Model, ModelTask, Refusal } from './state.ts';
import { awaitsTime } from './settle.ts';
import { forgetAttempts, takeAway } from './workers.ts';

/** From which statuses each command is possible. */
const POSSIBLE: Partial<Record<Command['type'], readonly TaskStatus[]>> = {
  START_TASK: ['PENDING', 'SCHEDULED'],
  STOP_TASK: ['IN_PROGRESS'],
  COMPLETE_TASK: ['PENDING', 'IN_PROGRESS', 'FAILED'],
  SKIP_TASK: [
    'PENDING',
    'IN_PROGRESS',
    'ON_HOLD',
    'SCHEDULED',
    'CONDITION_PENDING',
    'WAITING_FOR_CONFIRMATION',
    'FAILED',
  ],
  HOLD_TASK: ['PENDING', 'IN_PROGRESS'],
  RESUME_TASK: ['ON_HOLD'],
  REOPEN_TASK: ['COMPLETED', 'SKIPPED'],
  DECIDE_TASK: ['CONDITION_PENDING', 'FAILED'],
  FAIL_TASK: ['PENDING', 'IN_PROGRESS', 'SCHEDULED', 'CONDITION_PENDING', 'WAITING_FOR_CONFIRMATION'],
  RETRY_TASK: ['FAILED'],
  RUN_AUTOMATION: ['PENDING', 'IN_PROGRESS', 'FAILED'],
  REQUEST_CONFIRMATION: ['PENDING', 'IN_PROGRESS'],
  WITHDRAW_CONFIRMATION: ['WAITING_FOR_CONFIRMATION'],
};

/** Work on the task itself: everything that it waits for must be finished. */
const WORK: readonly Command['type'][] = [
  'START_TASK',
  'COMPLETE_TASK',
  'SKIP_TASK',
  'DECIDE_TASK',
  'RUN_AUTOMATION',
  'REQUEST_CONFIRMATION',
];

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
  const isPossible = statuses.includes(task.status) || isTakenFromWorkers(task, command);
  if (!isPossible || !suits(task, command)) return 'COMMAND_NOT_ALLOWED';
  const isWork = WORK.includes(command.type) || (command.type === 'RETRY_TASK' && hasBrokenRun(task));
  if (isWork && isBlocked(model, task, command)) return 'TASK_BLOCKED';
  if (command.type === 'REOPEN_TASK' && task.isBuried) return 'TASK_BLOCKED';
  if (command.type === 'REQUEST_CONFIRMATION' && !isSpan(command.expiresInHours)) return 'INVALID_INPUT';
  if (command.type === 'DECIDE_TASK' && !isChoice(task, command.branchKeys)) return 'INVALID_INPUT';
  takeAway(task);
  perform(model, task, command, context);
  endRunUnlessWorked(task);
  return null;
}

/** People can take a task over from a worker, and give workers back what one of them gave to people. */
function isTakenFromWorkers(task: ModelTask, { type }: TaskCommand): boolean {
  if (type === 'START_TASK') return task.leasedUntil !== null;
  return type === 'RETRY_TASK' && task.isPeoples && task.status === 'PENDING';
}

/** Trying it again is working on it. */
function hasBrokenRun({ status, run }: ModelTask): boolean {
  return status === 'FAILED' && run === 'ENDED';
}

/** Decisions are not started and completed but decided, and only they are. Skipping one is taking its default branch.
 * An automation runs once at a time. */
function suits(task: ModelTask, { type }: TaskCommand): boolean {
  if (type === 'RUN_AUTOMATION') return task.automation !== null && !isRunning(task);
  if (type === 'REQUEST_CONFIRMATION')
    return task.decision === null && task.automation === null && task.external === null;
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

/** At most a year. */
function isSpan(hours: number | null): boolean {
  return hours === null || (hours >= 1 && hours <= 365 * 24);
}

function isChoice({ decision }: ModelTask, keys: readonly string[]): boolean {
  const known = (decision?.branches ?? []).map(({ key }) => key);
  const isCountRight = decision?.takes === 'FIRST_MET' ? keys.length === 1 : keys.length > 0;
  return isCountRight && new Set(keys).size === keys.length && keys.every((key) => known.includes(key));
}

function perform(model: Model, task: ModelTask, command: TaskCommand, context: CommandContext): void {
  const { now } = context;
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
    case 'RUN_AUTOMATION':
      begin(task);
      break;
    case 'REQUEST_CONFIRMATION':
      ask(task, command.expiresInHours, context);
      break;
    case 'WITHDRAW_CONFIRMATION':
      task.status = 'PENDING';
      break;
    case 'RETRY_TASK':
      if (hasBrokenRun(task)) {
        goOn(task);
        break;
      }
      task.status = 'PENDING';
      task.failure = null;
      task.reachedAt = null;
      task.run = null;
      task.asked = null;
      forgetAttempts(task);
      break;
    default:
  }
}

function reopen(model: Model, task: ModelTask, revert: boolean): void {
  if (revert) allAfter(model, task).forEach(putBack);
  putBack(task);
}
