/** Programs that fetch tasks, as far as the tasks are concerned. */
import type { Command, WorkerCommand } from '../../src/engine/command.ts';
import type { Instant } from '../../src/engine/definition.ts';
import { fail, finish } from './decide.ts';
import { hasRequirementsMet, isReached } from './flow.ts';
import type { Model, ModelTask, Refusal } from './state.ts';
import { awaitsTime } from './settle.ts';

const KINDS: readonly Command['type'][] = [
  'LEASE_TASK',
  'EXTEND_LEASE',
  'COMPLETE_EXTERNAL',
  'FAIL_EXTERNAL',
  'HAND_BACK_TASK',
];

export function isWorkers(command: Command): command is WorkerCommand {
  return KINDS.includes(command.type);
}

/** No worker has it any more; what one had is pending. */
export function takeAway(task: ModelTask): void {
  if (task.leasedUntil === null) return;
  task.leasedUntil = null;
  task.lastWord = null;
  task.status = 'PENDING';
}

/** They may try as often as at first. */
export function forgetAttempts(task: ModelTask): void {
  task.retriesLeft = task.external?.retries ?? 0;
  task.restsUntil = null;
  task.isPeoples = false;
}

function later(now: Instant, seconds: number): Instant {
  return new Date(Date.parse(now) + 1_000 * seconds).toISOString();
}

export function workAsWorker(model: Model, task: ModelTask, command: WorkerCommand, now: Instant): Refusal {
  if (command.type === 'LEASE_TASK') return lease(model, task, command.leaseSeconds, now);
  if (!task.external) return 'COMMAND_NOT_ALLOWED';
  const isNewest = command.number === task.leaseCount;
  if (isNewest && task.leasedUntil === null && task.lastWord === command.type) return null;
  const isItsHolder = isNewest && task.leasedUntil !== null && task.leasedUntil > now;
  if (!isItsHolder) return 'LEASE_LOST';
  if (command.type === 'EXTEND_LEASE') {
    const until = later(now, command.leaseSeconds);
    if (until > (task.leasedUntil ?? '')) task.leasedUntil = until;
    return null;
  }
  task.leasedUntil = null;
  task.lastWord = command.type;
  if (command.type === 'COMPLETE_EXTERNAL') finish(task, 'COMPLETED', now);
  else task.status = 'PENDING';
  if (command.type === 'HAND_BACK_TASK') task.isPeoples = true;
  if (command.type === 'FAIL_EXTERNAL') {
    task.retriesLeft = command.retriesLeft ?? task.retriesLeft - 1;
    if (task.retriesLeft <= 0) {
      task.retriesLeft = 0;
      fail(task, 'EXTERNAL_FAILED');
    } else if (task.external.restSeconds > 0) task.restsUntil = later(now, task.external.restSeconds);
  }
  return null;
}

function lease(model: Model, task: ModelTask, seconds: number | undefined, now: Instant): Refusal {
  if (model.status === 'CLOSED' || model.status === 'DONE') return 'EXECUTION_NOT_OPEN';
  const isLost = task.leasedUntil !== null && task.leasedUntil <= now;
  const isResting = task.restsUntil !== null && task.restsUntil > now;
  const isThere = (task.status === 'PENDING' && !task.isPeoples && !isResting) || isLost;
  if (!task.external || !isThere) return 'COMMAND_NOT_ALLOWED';
  if (!isReached(model, task) || !hasRequirementsMet(model, task) || awaitsTime(task)) return 'TASK_BLOCKED';
  task.status = 'IN_PROGRESS';
  task.leaseCount += 1;
  task.leasedUntil = later(now, seconds ?? task.external.leaseSeconds);
  task.lastWord = null;
  task.restsUntil = null;
  return null;
}
