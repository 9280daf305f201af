/** The job that takes events out of the replay window when they are too old for it. */
import type { Logger } from 'pino';
import { archiveEvents, readDueForArchiving } from '../store/event-archive.ts';
import { scheduleArchiving } from '../store/job-queue.ts';
import type { WorkerContext } from './wake-execution.ts';

export interface ArchivingContext extends WorkerContext {
  readonly log: Logger;
  /** For how long events are replayed. In hours. */
  readonly replayWindowHours: number;
}

/** How many events one statement moves: it takes some 50 ms, and commands of the organization wait for 12 of them at most. */
const BATCH_SIZE = 1_000;
/** How many statements one job sends, so that a server which stops waits for seconds only. */
const BATCHES = 50;
/** When to look again if nothing is left to do. In ms. */
const INTERVAL_MS = 10 * 60_000;
/** When to try again what failed. In ms. */
const RETRY_MS = 60_000;

const HOUR_MS = 3_600_000;

/**
 * Moves the events from before the replay window, or as many of them as one job does, and makes the next job: at once if there may be more. Each
 * batch is done whole or not at all, so it may be killed at any time, and be done by several at once. Rejects only if the next job can't be
 * made; the queue repeats this one then.
 */
export async function archiveOldEvents(
  context: ArchivingContext,
  { batches = BATCHES, batchSize = BATCH_SIZE } = {},
): Promise<void> {
  const { database, clock, log, replayWindowHours } = context;
  const horizon = new Date(clock().getTime() - replayWindowHours * HOUR_MS).toISOString();
  let pause = INTERVAL_MS;
  let events = 0;
  let left = batches;
  try {
    for (const organizationId of await readDueForArchiving(database, horizon, batches)) {
      for (let moved = batchSize; moved === batchSize && left > 0; left -= 1) {
        moved = await archiveEvents(database, organizationId, horizon, batchSize);
        events += moved;
      }
    }
    if (left === 0) pause = 0;
  } catch (error) {
    log.warn({ err: error, retryInMs: RETRY_MS }, 'events could not be archived');
    pause = RETRY_MS;
  }
  if (events > 0) log.info({ events, horizon, isDone: left > 0 }, 'events archived');
  await scheduleArchiving(database, pause);
}
