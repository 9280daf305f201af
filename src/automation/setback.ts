/** What becomes of an action that the database had no time or no room for: it is done again later, a few times. */
import { isRunOver } from '../store/automation-runs.ts';
import { saveRun, takeRun } from '../commands/run-session.ts';
import { nextAttempt } from '../outgoing/retry.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import type { Transaction } from '../store/transaction.ts';
import { currentAction, failAction, withAction, type Step } from './do-action.ts';

/** Pauses after the first setback in a row, the second …, in seconds: eight attempts in an hour and a half. */
const PAUSES: readonly number[] = [1, 5, 20, 60, 300, 1200, 3600];

const CODE = 'DATABASE_BUSY';

/**
 * Writes down that the action was tried in vain, and when it is tried again; after the last time it fails. Nothing that it did is kept. Null if that is not where
 * the run is, so that the queue has to try again.
 */
export async function setBack(
  tx: Transaction,
  runId: string,
  actionKey: string,
  random: () => number,
): Promise<Step | null> {
  const run = await takeRun(tx, runId);
  if (!run || isRunOver(run.status) || run.isHeld) return 'REST';
  const action = currentAction(run);
  if (action?.key !== actionKey || action.status !== 'PENDING') return null;
  const setbacks = (action.setbacks ?? 0) + 1;
  // A message that is sent again has not been sent: only that counts.
  const attempts = action.attempts + (action.deliveryId === null ? 1 : 0);
  const tried = { ...action, attempts, setbacks, startedAt: action.startedAt ?? tx.now };
  const now = new Date(tx.now);
  const next = nextAttempt({ round: setbacks, now, schedule: PAUSES, retryAfter: null, random });
  if (next === null) {
    const message = `The database had no time or no room for it, ${setbacks} times in a row.`;
    return failAction(tx, run, tried, { code: CODE, message });
  }
  const error = { code: CODE, message: 'The database had no time or no room for it; it is tried again.' };
  const actions = withAction(run, { ...tried, error, nextAt: next.toISOString() });
  await saveRun(tx, run, 'AUTOMATION_RUN_PROGRESSED', { actions });
  await letRunsGoOn(tx, [runId], next.getTime() - now.getTime());
  return 'REST';
}
