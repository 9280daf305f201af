/** Having tasks confirmed by somebody outside: asking them, what their link shows, and their answer, once. */
import type { Instant } from '../engine/definition.ts';
import { LIMITS } from '../engine/limits.ts';
import { isUnstorable } from '../engine/text.ts';
import { isExecutionOpen } from '../engine/transition.ts';
import { isMailAddress, uniqueAddresses } from '../outgoing/mailbox.ts';
import { findConfirmation, isMailed, type ConfirmationView } from '../store/confirmations.ts';
import type { Database } from '../store/database.ts';
import { newSecretToken } from '../store/secret-token.ts';
import { asSystem } from './acting.ts';
import { MAX_RECIPIENTS } from './confirmation-mail.ts';
import type { Caller, CommandResult } from './execute.ts';
import { withExecutions } from './execution-session.ts';
import { checkText } from './input.ts';
import { refuseInput } from './problem.ts';
import { commandTask, type TaskKeys } from './tasks.ts';

/** The longest comment, and the longest name, that somebody outside can write, in characters. */
export const MAX_COMMENT_LENGTH = 2_000;
export const MAX_NAME_LENGTH = 200;

export interface ConfirmationInput {
  readonly taskId: string;
  readonly expectedVersion?: number;
  /** Addresses; null: those of the definition. */
  readonly to: readonly string[] | null;
  /** Null: that of the definition. */
  readonly message: string | null;
  /** Null: as the definition says. */
  readonly expiresInHours: number | null;
}

/** A request that was made. */
export interface RequestedConfirmation extends TaskKeys {
  /** Of the link, if nobody is mailed: it is told this once. */
  readonly token: string | null;
}

function checkAddresses(to: readonly string[] | null): readonly string[] | null {
  if (to === null) return null;
  const addresses = uniqueAddresses(to.map((address) => address.trim()));
  if (addresses.length > MAX_RECIPIENTS)
    refuseInput(
      'to',
      'TOO_MANY',
      `to has ${addresses.length} addresses; at most ${MAX_RECIPIENTS} are possible.`,
    );
  for (const [index, address] of to.entries())
    if (!isMailAddress(address.trim()))
      refuseInput(
        `to[${index}]`,
        'INVALID_EMAIL',
        `to[${index}] is no e-mail address such as name@example.com.`,
      );
  return addresses;
}

function checkMessage(message: string | null): string | null {
  if (message === null) return null;
  const { hard } = LIMITS.messageLength;
  if (message.trim() === '')
    refuseInput('message', 'EMPTY', 'message is empty; leave it out for what the definition says.');
  if (message.length > hard)
    refuseInput(
      'message',
      'TOO_LONG',
      `message has ${message.length} characters; at most ${hard} are allowed.`,
    );
  return checkText('message', message);
}

/** Asks somebody outside to confirm a task, which waits for that from now on. Not for partners: they could mail anybody anything. */
export async function requestConfirmation(
  caller: Caller,
  { taskId, expectedVersion, to, message, expiresInHours }: ConfirmationInput,
): Promise<CommandResult<RequestedConfirmation>> {
  const token = newSecretToken();
  const ask = { to: checkAddresses(to), message: checkMessage(message), token };
  const result = await commandTask(
    caller,
    {
      type: 'REQUEST_CONFIRMATION',
      taskId,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
      expiresInHours,
    },
    new Map([[taskId, ask]]),
  );
  if (!result.ok) return result;
  const isSent = await isMailed(caller.database, token);
  return { ...result, value: { ...result.value, token: isSent ? null : token } };
}

/** What a link is good for now: ANSWERED and OVER are for ever. */
export type ConfirmationStanding = 'OPEN' | 'ANSWERED' | 'EXPIRED' | 'OVER';

export interface FoundConfirmation {
  readonly standing: ConfirmationStanding;
  readonly view: ConfirmationView;
}

function standingOf(
  { state, executionStatus, expiresAt }: ConfirmationView,
  now: Instant,
): ConfirmationStanding {
  if (state === 'CONFIRMED' || state === 'DECLINED') return 'ANSWERED';
  if (state === 'EXPIRED') return 'EXPIRED';
  // One that is closed may be opened again, and then waits for the same answer.
  if (state === 'WITHDRAWN' || executionStatus === null || !isExecutionOpen(executionStatus)) return 'OVER';
  return expiresAt > now ? 'OPEN' : 'EXPIRED';
}

/** Where and when links are used. */
export interface ConfirmationContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
}

/** What the link with the token shows; null if there is none. Changes nothing. */
export async function lookAtConfirmation(
  { database, clock }: ConfirmationContext,
  token: string,
): Promise<FoundConfirmation | null> {
  const view = await findConfirmation(database, token);
  return view && { standing: standingOf(view, clock().toISOString()), view };
}

export interface GivenAnswer {
  readonly answer: 'CONFIRMED' | 'DECLINED';
  /** A name or an address, as the person wrote it. */
  readonly by: string | null;
  readonly comment: string | null;
}

/** Why a text that somebody outside wrote can't be kept; null if it can. */
export function textComplaint(text: string, limit: number): 'TOO_LONG' | 'UNSTORABLE' | null {
  if (text.length > limit) return 'TOO_LONG';
  return isUnstorable(text) ? 'UNSTORABLE' : null;
}

export interface AnsweredConfirmation extends FoundConfirmation {
  /** Whether the answer that stands is the same as the one that was given. */
  readonly isSame: boolean;
}

/**
 * Answers by the link with the token: the task is completed, or fails, in the same transaction. The first answer stands; another one, or one that comes too late,
 * changes nothing and is told what stands. The token is all that is needed: it says in which organization. Null if there is no such link.
 *
 * @param given - texts that `textComplaint` has nothing against.
 */
export async function answerConfirmation(
  { database, clock }: ConfirmationContext,
  token: string,
  given: GivenAnswer,
): Promise<AnsweredConfirmation | null> {
  const seen = await findConfirmation(database, token);
  if (!seen) return null;
  const { organizationId, executionId, taskId, number } = seen;
  const now = clock().toISOString();
  await database.transaction({ organizationId, actorId: null, now }, async (tx) => {
    await withExecutions(tx, await asSystem(tx), { executionIds: [executionId] }, (session) => {
      const isThere = session.execution(executionId)?.tasks.some(({ id }) => id === taskId) ?? false;
      // The engine knows, now that the execution is locked, whether this is the request that is waited for.
      if (isThere) session.advance(executionId, { type: 'ANSWER_CONFIRMATION', taskId, number, ...given });
    });
  });
  const view = (await findConfirmation(database, token)) ?? seen;
  return { standing: standingOf(view, now), view, isSame: view.state === given.answer };
}
