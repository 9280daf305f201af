/** What the system does by itself after every command, until there is nothing left for it to do. */
import type { CommandContext } from '../../src/engine/command.ts';
import { begin } from './automation.ts';
import { ask, forgetUnlessWaiting } from './confirmation.ts';
import { evaluate, finish, putBack } from './decide.ts';
import { hasRequirementsMet, isDead, isReached } from './flow.ts';
import { isFinished, type Model, type ModelTask } from './state.ts';
import { setSchedule } from './schedule.ts';
import { takeAway } from './workers.ts';

export function settle(model: Model, context: CommandContext): void {
  if (model.status === 'CLOSED') {
    model.isKeptOpen = false;
    return;
  }
  takeStock(model, context);
  for (let next = nextAutomatic(model); next; next = nextAutomatic(model)) {
    evaluate(model, next, context.facts, context.now);
    takeStock(model, context);
  }
  const open = model.tasks.filter((task) => !isFinished(task));
  if (open.length > 0) model.status = open.some(({ status }) => status === 'FAILED') ? 'FAILED' : 'STARTED';
  else if (!model.isKeptOpen) model.status = 'DONE';
}

/** The first decision, from top to bottom, that the system can make. */
function nextAutomatic(model: Model): ModelTask | undefined {
  return model.tasks.find(
    (task) => task.status === 'PENDING' && task.decision?.mode === 'AUTOMATIC' && canBeBegun(model, task),
  );
}

function takeStock(model: Model, context: CommandContext): void {
  buryAndRevive(model, context);
  model.tasks.forEach(forgetUnlessWaiting);
  if (!model.tasks.every(isFinished)) model.isKeptOpen = false;
  for (const task of model.tasks)
    task.reachedAt = isReached(model, task) ? (task.reachedAt ?? context.now) : null;
  for (const task of model.tasks) arrive(model, task, context);
}

function buryAndRevive(model: Model, { now }: CommandContext): void {
  const dead = model.tasks.filter((task) => isDead(model, task));
  for (const task of model.tasks) {
    if (dead.includes(task) && !isFinished(task)) {
      putBack(task);
      finish(task, 'SKIPPED', now);
      task.isBuried = true;
    }
    if (!dead.includes(task) && task.isBuried) putBack(task);
  }
}

/** What becomes of a task because of where it stands: it waits for its time, for a person, or for what comes before it, or runs. */
function arrive(model: Model, task: ModelTask, context: CommandContext): void {
  if (isFinished(task)) return;
  if (task.leasedUntil !== null && !canBeBegun(model, task)) takeAway(task);
  if (!isReached(model, task) || hasLostItsTime(model, task)) forgetSchedule(task);
  else if (awaitsTime(task)) setSchedule(model, task, context);
  const canDecide = canBeBegun(model, task) && task.decision?.mode === 'MANUAL';
  if (task.status === 'PENDING' && canDecide) task.status = 'CONDITION_PENDING';
  if (task.status === 'CONDITION_PENDING' && !canDecide) task.status = 'PENDING';
  const hasYetToRun = task.status === 'PENDING' && task.automation === 'AUTOMATIC' && task.run === null;
  if (hasYetToRun && canBeBegun(model, task)) begin(task);
  const hasYetToAsk =
    task.status === 'PENDING' && task.confirmation?.mode === 'AUTOMATIC' && task.asked === null;
  if (hasYetToAsk && canBeBegun(model, task)) ask(task, null, context);
}

/** It is scheduled from the end of a task that is open again. */
function hasLostItsTime(model: Model, { status, schedule }: ModelTask): boolean {
  if (status !== 'SCHEDULED' || schedule?.anchor !== 'TASK_FINISHED') return false;
  return model.tasks.some((other) => other.id === schedule.taskKey && !isFinished(other));
}

function canBeBegun(model: Model, task: ModelTask): boolean {
  return isReached(model, task) && hasRequirementsMet(model, task) && !awaitsTime(task);
}

/** What nobody has begun is scheduled, and run, anew when it is reached again. */
function forgetSchedule(task: ModelTask): void {
  if (!['PENDING', 'SCHEDULED', 'CONDITION_PENDING'].includes(task.status)) return;
  task.status = 'PENDING';
  task.scheduledFor = null;
  task.hasScheduleRun = false;
  task.run = null;
  task.asked = null;
}

/** It has a schedule that has not let it go on. */
export function awaitsTime({ schedule, status, hasScheduleRun }: ModelTask): boolean {
  return schedule !== null && status === 'PENDING' && !hasScheduleRun;
}
