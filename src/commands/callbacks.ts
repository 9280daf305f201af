/** Callbacks from outside: whoever has the secret address of one lets a run go on, once. */
import { isRunOver } from '../store/automation-runs.ts';
import { findCallback, readCallback, saveCallbackUse, type CallbackPlace } from '../store/callbacks.ts';
import type { Database } from '../store/database.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import { isSecretToken } from '../store/secret-token.ts';
import type { Transaction } from '../store/transaction.ts';
import type { JsonObject } from './merge-patch.ts';
import { takeRun } from './run-session.ts';

/** What came of a callback. Only USED changes something. */
export type CallbackAnswer = 'USED' | 'USED_BEFORE' | 'EXPIRED' | 'UNKNOWN';

/** Where and when callbacks are used. */
export interface CallbackContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
}

async function use(
  tx: Transaction,
  { runId }: CallbackPlace,
  token: string,
  output: JsonObject,
): Promise<CallbackAnswer> {
  const run = await takeRun(tx, runId);
  const callback = run && (await readCallback(tx, runId, token));
  if (!callback) return 'UNKNOWN';
  if (callback.usedAt !== null) return 'USED_BEFORE';
  const isOver = isRunOver(run.status);
  // One that failed elsewhere may be retried, and then comes to wait for what is known already.
  if (isOver && run.status !== 'FAILED') return 'EXPIRED';
  if (callback.expiresAt <= tx.now) return 'EXPIRED';
  await saveCallbackUse(tx, token, output);
  if (!isOver) await letRunsGoOn(tx, [runId]);
  return 'USED';
}

/**
 * Uses a callback, and lets its run go on with what came with it if it waits for it. It may be used before the run has come so far. The token
 * is all that is needed: it says in which organization.
 *
 * @param output - at most 64 KiB, checked as `checkJsonObject` does.
 */
export async function useCallback(
  { database, clock }: CallbackContext,
  token: string,
  output: JsonObject,
): Promise<CallbackAnswer> {
  const place = isSecretToken(token) ? await findCallback(database, token) : null;
  if (!place) return 'UNKNOWN';
  const { organizationId } = place;
  const scope = { organizationId, actorId: null, now: clock().toISOString() };
  const { value } = await database.transaction(scope, (tx) => use(tx, place, token, output));
  return value;
}
