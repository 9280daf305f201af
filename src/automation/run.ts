/** Running automations: one action after the other, each in a transaction of its own. */
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { asSystem } from '../commands/acting.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { Refusal } from '../commands/problem.ts';
import { causeOf, finishRun, takeRun } from '../commands/run-session.ts';
import { isRunOver, type RunError } from '../store/automation-runs.ts';
import { isDatabaseAway, isWorthTryingAgain } from '../store/away.ts';
import type { Database } from '../store/database.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import type { TransactionScope } from '../store/scope.ts';
import type { Transaction } from '../store/transaction.ts';
import { ActionError } from './action-type.ts';
import { beginRun } from './begin-run.ts';
import { currentAction, doAction, failAction, type Step } from './do-action.ts';
import { setBack } from './setback.ts';

export interface RunningContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
  readonly log: Logger;
  /** The address of this server for the outside, without a slash at its end; known once it listens. */
  readonly publicUrl: () => string;
  /** From 0 to below 1: spreads what is tried again. */
  readonly random: () => number;
}

/** Why an action failed, for people; null if it may go well when it is tried again as it is. */
function reasonOf(error: unknown, log: Logger): RunError | null {
  if (error instanceof ActionError) return { code: error.code, message: error.message };
  if (error instanceof Refusal) return { code: error.problem.code, message: problemMessage(error.problem) };
  if (isWorthTryingAgain(error)) return null;
  // What it is, is nothing for those who see the run.
  log.error({ err: error }, 'an action failed unexpectedly');
  return {
    code: error instanceof ZodError ? 'INVALID_CONFIG' : 'UNEXPECTED',
    message: 'It failed for a reason that the server’s log tells.',
  };
}

async function step(
  tx: Transaction,
  runId: string,
  publicUrl: string,
  onAction: (key: string) => void,
): Promise<Step> {
  const run = await takeRun(tx, runId);
  if (!run || isRunOver(run.status) || run.isHeld) return 'REST';
  if (run.status !== 'PENDING') return doAction(tx, run, publicUrl, onAction);
  const begun = await beginRun(tx, run);
  if (!begun) return 'REST';
  if (begun.entityId === run.entityId) return 'AGAIN';
  // It works on another entity than the one in whose queue it is.
  await letRunsGoOn(tx, [runId]);
  return 'REST';
}

/** Nothing of what the step did is kept but that it failed. `actionKey`: null if it was the beginning. */
async function fail(
  tx: Transaction,
  runId: string,
  actionKey: string | null,
  error: RunError,
): Promise<Step> {
  const run = await takeRun(tx, runId);
  if (!run || isRunOver(run.status) || run.isHeld) return 'REST';
  if (actionKey === null) {
    if (run.status === 'PENDING') await finishRun(tx, await asSystem(tx), run, 'FAILED', error);
    return 'REST';
  }
  const action = currentAction(run);
  // Somebody else may have done it meanwhile, or have its message on the way.
  if (action?.key !== actionKey || action.status === 'IN_PROGRESS') return 'REST';
  // A message that could not be sent again has not been tried once more.
  const attempts = action.attempts + (action.deliveryId === null ? 1 : 0);
  const tried = { ...action, attempts, startedAt: action.startedAt ?? tx.now };
  return failAction(tx, run, tried, error);
}

/**
 * Lets a run go on until it waits for something or is over. May be killed at any time and done by several at once: each action's changes and that it is done are one
 * transaction. What the database has no time or no room for is put off. Rejects if the database is away; the queue tries again then.
 */
export async function runAutomation(
  { database, clock, log, publicUrl, random }: RunningContext,
  { organizationId, runId }: { readonly organizationId: string; readonly runId: string },
): Promise<void> {
  const cause = await causeOf(database, organizationId, runId);
  if (!cause) return;
  const scope = (): TransactionScope => ({
    organizationId,
    actorId: null,
    now: clock().toISOString(),
    cause,
  });
  /** Null if that can't be written down either, so that it is the queue's. */
  const putOff = async (key: string | null): Promise<Step | null> => {
    if (key === null) return null;
    try {
      return (await database.transaction(scope(), (tx) => setBack(tx, runId, key, random))).value;
    } catch {
      return null;
    }
  };
  for (let next: Step | null = 'AGAIN'; next === 'AGAIN';) {
    const tried: string[] = [];
    const work = (tx: Transaction) => step(tx, runId, publicUrl(), (key) => tried.push(key));
    try {
      next = (await database.transaction(scope(), work)).value;
    } catch (error) {
      const key = tried.at(-1) ?? null;
      const logged = log.child({ organizationId, runId });
      const reason = reasonOf(error, logged);
      if (reason) next = (await database.transaction(scope(), (tx) => fail(tx, runId, key, reason))).value;
      // Nobody knows what became of it if the connection was lost.
      else next = isDatabaseAway(error) ? null : await putOff(key);
      if (next === null) throw error;
      if (!reason) logged.warn({ err: error, actionKey: key }, 'an action is put off');
    }
  }
}
