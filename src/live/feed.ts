/** Reads the log of one organization as it grows: every event once, in order. */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import { readEvents, readPosition, ReplayWindowError, type StoredEvent } from '../store/event-log.ts';
import { untilRead } from './retry.ts';

/** What one reading of the log brought. */
export interface Tick {
  readonly events: readonly StoredEvent[];
}

export interface Feed {
  /** Resolves once the feed knows where it starts; rejects if the database did not answer. */
  readonly ready: Promise<void>;
  /** The number of the last event that was published. All later ones will be. */
  readonly position: number;
  /** The last reading: another object after each, before its first event is published. */
  readonly tick: Tick;
  /** Says that the log may have grown. Cheap: any number of calls during a read make one more read. */
  wake(): void;
  stop(): void;
}

export interface FeedOptions {
  readonly organizationId: string;
  readonly database: Queryable;
  readonly log: Logger;
  readonly publish: (event: StoredEvent) => void;
  /** Called when events were not published and never will be: the log was archived beyond the place of a feed that slept. */
  readonly onGap: () => void;
}

const BATCH_SIZE = 500;

/** Starts at the log's present end. */
export function startFeed({ organizationId, database, log, publish, onGap }: FeedOptions): Feed {
  const stopped = new AbortController();
  let position = 0;
  let tick: Tick = { events: [] };
  let isReading = true; // until `ready`, so that nothing is read before the start is known
  let isStale = false;

  async function nextEvents(): Promise<readonly StoredEvent[]> {
    try {
      return await untilRead(
        () => readEvents(database, organizationId, position, Number.MAX_SAFE_INTEGER, BATCH_SIZE),
        { log, signal: stopped.signal },
      );
    } catch (error) {
      if (!(error instanceof ReplayWindowError)) throw error;
      log.warn({ organizationId }, 'the event log was not read for longer than it is replayed');
      position = error.position;
      onGap();
      isStale = true;
      return [];
    }
  }

  async function readOn(): Promise<void> {
    isReading = true;
    try {
      while (isStale) {
        isStale = false;
        const events = await nextEvents();
        if (stopped.signal.aborted) return;
        if (events.length > 0) tick = { events };
        for (const event of events) {
          position = event.seq;
          publish(event);
        }
        if (events.length === BATCH_SIZE) isStale = true;
      }
    } catch (error) {
      if (!stopped.signal.aborted) throw error;
    } finally {
      isReading = false;
    }
  }

  const ready = readPosition(database, organizationId).then((end) => {
    position = end;
    void readOn();
  });

  return {
    ready,
    get position() {
      return position;
    },
    get tick() {
      return tick;
    },
    wake() {
      isStale = true;
      if (!isReading) void readOn();
    },
    stop() {
      stopped.abort();
    },
  };
}
