/** The job that tells the log when absences begin and end. */
import type { Logger } from 'pino';
import { tellAbsenceChanges } from '../commands/absence-changes.ts';
import { readNextAbsenceChange, readOrganizationsWithDueAbsences } from '../store/absences.ts';
import { scheduleFollowingAbsences } from '../store/absence-jobs.ts';
import type { WorkerContext } from './wake-execution.ts';

export interface FollowingAbsencesContext extends WorkerContext {
  readonly log: Logger;
}

/** How many absences one transaction tells of. */
const BATCH_SIZE = 100;
/** How many transactions one job has, so that a server which stops waits for seconds only. */
const BATCHES = 50;
/** When to look again at the latest: days and time zones may have been changed. In ms. */
const INTERVAL_MS = 60_000;

/**
 * Records ABSENCE_STARTED and ABSENCE_ENDED, and makes the next job: for when the next absence begins or ends, or in a minute. Rejects only if that
 * can't be made; the queue repeats this one then.
 */
export async function followAbsences(
  { database, clock, log }: FollowingAbsencesContext,
  { batches = BATCHES, batchSize = BATCH_SIZE } = {},
): Promise<void> {
  const now = clock().toISOString();
  let changes = 0;
  let left = batches;
  let pause = INTERVAL_MS;
  try {
    for (const organizationId of await readOrganizationsWithDueAbsences(database, now, batches)) {
      for (let told = batchSize; told === batchSize && left > 0; left -= 1) {
        const scope = { organizationId, actorId: null, now };
        ({ value: told } = await database.transaction(scope, (tx) => tellAbsenceChanges(tx, batchSize)));
        changes += told;
      }
    }
    const next = await readNextAbsenceChange(database);
    if (left === 0) pause = 0;
    else if (next !== null) pause = Math.min(pause, Math.max(0, Date.parse(next) - Date.parse(now)));
  } catch (error) {
    log.warn({ err: error, retryInMs: INTERVAL_MS }, 'absences could not be followed');
  }
  if (changes > 0) log.info({ changes }, 'absences have begun or ended');
  await scheduleFollowingAbsences(database, pause);
}
