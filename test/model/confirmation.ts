/** Requests to somebody outside to confirm a task. */
import type { AnswerConfirmationCommand, CommandContext } from '../../src/engine/command.ts';
import type { Instant } from '../../src/engine/definition.ts';
import { fail, finish } from './decide.ts';
import type { Model, ModelTask } from './state.ts';

/** Without a word about how long, a link is good for a week. */
export function ask(task: ModelTask, hours: number | null, { now, calendar }: CommandContext): void {
  const span = task.confirmation?.expiresAfter;
  const until =
    hours === null && span
      ? calendar.add(now, span.amount, span.unit)
      : calendar.add(now, hours ?? 7 * 24, 'HOURS');
  task.status = 'WAITING_FOR_CONFIRMATION';
  task.askCount += 1;
  task.asked = { state: 'OPEN', until };
}

/** What no longer waits needs no answer. */
export function forgetUnlessWaiting(task: ModelTask): void {
  if (task.status !== 'WAITING_FOR_CONFIRMATION' && task.asked?.state === 'OPEN')
    task.asked.state = 'WITHDRAWN';
}

/** Only the request that is waited for, in time, in an execution that is open, can be answered. */
export function answer(
  model: Model,
  task: ModelTask,
  { number, answer: given }: AnswerConfirmationCommand,
  now: Instant,
): void {
  const isOver = model.status === 'DONE' || model.status === 'CLOSED';
  if (isOver || task.asked?.state !== 'OPEN' || number !== task.askCount || now >= task.asked.until) return;
  task.asked.state = given;
  if (given === 'CONFIRMED') finish(task, 'COMPLETED', now);
  else fail(task, 'CONFIRMATION_DECLINED');
}

export function expire(task: ModelTask, now: Instant): void {
  if (task.asked?.state !== 'OPEN' || task.asked.until > now) return;
  task.asked.state = 'EXPIRED';
  fail(task, 'CONFIRMATION_EXPIRED');
}
