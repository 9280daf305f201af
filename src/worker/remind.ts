/** The job that reminds people of due dates that come near, or are over. */
import type { Logger } from 'pino';
import { ABOUT_NOTHING, tell, type Notice } from '../commands/notifications.ts';
import { placeOf } from '../reactions/notice-text.ts';
import { isDatabaseAway } from '../store/away.ts';
import { scheduleReminding } from '../store/notification-jobs.ts';
import { readOrganizationsToRemind, readToRemind, type ReminderRow } from '../store/reminders.ts';
import { dateText } from '../reactions/date-text.ts';
import type { WorkerContext } from './wake-execution.ts';

export interface RemindingContext extends WorkerContext {
  readonly log: Logger;
}

/** How many people one transaction reminds. */
const BATCH_SIZE = 500;
/** How many transactions one job has, so that a server which stops waits for seconds only. */
const BATCHES = 50;
/** When to look again. In ms. */
const INTERVAL_MS = 60_000;

function noticeOf(row: ReminderRow): Notice {
  const { userId, dedupeKey, taskId, executionId, entityId, taskName, isOver, dueAt, timeZone } = row;
  const title = `“${taskName}” ${isOver ? 'was' : 'is'} due on ${dateText(dueAt, timeZone)} ${placeOf(row)}.`;
  return {
    ...ABOUT_NOTHING,
    ...{ userId, kind: 'REMINDER', dedupeKey, title, taskId, executionId, entityId },
  };
}

/**
 * Reminds of each date twice, once in the day before it and once when it is over, however long ago, those who are responsible for the task then, unless
 * its definition has rules of its own for that; and makes the next job. Rejects only if that can't be made; the queue repeats this one then.
 */
export async function remind(
  { database, clock, log }: RemindingContext,
  { batches = BATCHES, batchSize = BATCH_SIZE } = {},
): Promise<void> {
  const now = clock().toISOString();
  let reminders = 0;
  let left = batches;
  const remindSome = async (organizationId: string): Promise<number> => {
    const { value } = await database.transaction({ organizationId, actorId: null, now }, async (tx) => {
      const rows = await readToRemind(tx, now, batchSize);
      await tell(tx, rows.map(noticeOf));
      return rows.length;
    });
    return value;
  };
  try {
    for (const organizationId of await readOrganizationsToRemind(database, now, batches)) {
      try {
        for (let found = batchSize; found === batchSize && left > 0; left -= 1) {
          found = await remindSome(organizationId);
          reminders += found;
        }
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        // It holds up no other organization.
        log.error({ err: error, organizationId, retryInMs: INTERVAL_MS }, 'people could not be reminded');
      }
    }
  } catch (error) {
    log.warn({ err: error, retryInMs: INTERVAL_MS }, 'people could not be reminded');
    left = batches;
  }
  if (reminders > 0) log.info({ reminders }, 'people reminded of due dates');
  await scheduleReminding(database, left === 0 ? 0 : INTERVAL_MS);
}
