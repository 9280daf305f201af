/** Requests to somebody outside to confirm a task, as far as the task is concerned: asking, the answer, the end of the time. */
import type { AnswerConfirmationCommand, CommandContext, Moment } from './command.ts';
import type { Instant } from './definition.ts';
import { DEFAULT_CONFIRMATION_HOURS } from './limits.ts';
import { withTask } from './outcome.ts';
import type { ConfirmationState, ExecutionState, Failure, TaskData } from './state.ts';
import { SYSTEM } from './system.ts';
import { withStatus } from './task-status.ts';
import { isExecutionOpen } from './transition.ts';

const EXPIRED: Failure = {
  code: 'CONFIRMATION_EXPIRED',
  message: 'Nobody confirmed it in time.',
};

/** The task that waits for an answer from now on. `expiresInHours`: null as its rule says, or a week without one. */
export function requestConfirmation(
  task: TaskData,
  expiresInHours: number | null,
  context: CommandContext,
): TaskData {
  const number = task.confirmationCount + 1;
  const { now: at, actor: by } = context;
  return {
    ...withStatus(task, 'WAITING_FOR_CONFIRMATION', context),
    confirmationCount: number,
    confirmationRequest: {
      ...{ number, at, by, expiresAt: expiry(task, expiresInHours, context) },
      state: 'OPEN',
      answer: null,
    },
  };
}

function expiry(
  { confirmation }: TaskData,
  hours: number | null,
  { now, calendar }: CommandContext,
): Instant {
  if (hours !== null || !confirmation) return calendar.add(now, hours ?? DEFAULT_CONFIRMATION_HOURS, 'HOURS');
  const { amount, unit } = confirmation.expiresAfter;
  return calendar.add(now, amount, unit);
}

/** Asks by itself from the moment on at which somebody could begin the task, once: what was withdrawn waits for a person. */
export function askByItself(task: TaskData, canBegin: boolean, context: CommandContext): TaskData {
  const { status, confirmation, confirmationRequest } = task;
  const isDue = status === 'PENDING' && confirmation?.mode === 'AUTOMATIC' && confirmationRequest === null;
  return isDue && canBegin ? requestConfirmation(task, null, { ...context, actor: SYSTEM }) : task;
}

/** The same task, with no request that is open although nobody waits for it: whatever gave it another status has ended that. */
export function withRequestEnded(task: TaskData): TaskData {
  const { status, confirmationRequest } = task;
  return confirmationRequest?.state === 'OPEN' && status !== 'WAITING_FOR_CONFIRMATION'
    ? closed(task, 'WITHDRAWN')
    : task;
}

function closed(task: TaskData, state: ConfirmationState): TaskData {
  const { confirmationRequest } = task;
  return confirmationRequest ? { ...task, confirmationRequest: { ...confirmationRequest, state } } : task;
}

function failed(task: TaskData, failure: Failure, moment: Moment): TaskData {
  return { ...withStatus(task, 'FAILED', moment), failure };
}

/** Whether the answer to that request would still count. */
function isAwaited(
  { execution }: ExecutionState,
  { confirmationRequest }: TaskData,
  number: number,
  now: Instant,
): boolean {
  if (!isExecutionOpen(execution.status)) return false;
  if (confirmationRequest?.state !== 'OPEN' || confirmationRequest.number !== number) return false;
  return confirmationRequest.expiresAt > now;
}

/** The state after the answer. Nothing changes if that request is not open any more: somebody, or the time, was quicker. */
export function answerConfirmation(
  state: ExecutionState,
  task: TaskData,
  { number, answer: given, by, comment }: AnswerConfirmationCommand,
  moment: Moment,
): ExecutionState {
  const { confirmationRequest } = task;
  if (!confirmationRequest || !isAwaited(state, task, number, moment.now)) return state;
  const answer = { at: moment.now, by, comment };
  const answered = { ...task, confirmationRequest: { ...confirmationRequest, state: given, answer } };
  if (given === 'CONFIRMED') return withTask(state, withStatus(answered, 'COMPLETED', moment));
  const message = comment ?? 'Whoever was asked to confirm it has declined.';
  return withTask(state, failed(answered, { code: 'CONFIRMATION_DECLINED', message }, moment));
}

/** When the time for the answer is over; null if the task waits for none. */
export function confirmationEnds({ confirmationRequest }: TaskData): Instant | null {
  return confirmationRequest?.state === 'OPEN' ? confirmationRequest.expiresAt : null;
}

/** The task as it is when time has passed: failed if nobody has answered in time. */
export function expire(task: TaskData, now: Instant): TaskData {
  const end = confirmationEnds(task);
  if (end === null || end > now) return task;
  return failed(closed(task, 'EXPIRED'), EXPIRED, { now, actor: SYSTEM });
}
