/** One subscriber's way through the log: first what it has missed, then what happens, each event once and in order. */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import { readPosition, type StoredEvent } from '../store/event-log.ts';
import { replayEvents, type Watched } from '../store/event-replay.ts';
import { LiveStoppedError, UnknownPositionError } from './errors.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import type { Hub } from './hubs.ts';
import { untilRead } from './retry.ts';

export interface FollowOptions {
  readonly organizationId: string;
  readonly watched: Watched;
  /** Events after this number; null: those that are committed from now on. */
  readonly after: number | null;
  /** Leaves out the events that the subscriber must not see. Asked for each batch when it is delivered, so rights are current. */
  readonly visible?: ((events: readonly StoredEvent[]) => Promise<readonly StoredEvent[]>) | undefined;
  /** Ends the subscription, as `return()` does. */
  readonly signal?: AbortSignal | undefined;
}

/** Always settles promptly: `return()` also ends a `next()` that waits. */
export type Following = AsyncGenerator<StoredEvent, undefined, undefined>;

/** What the subscriptions of one server have in common. */
export interface FollowScope {
  readonly database: Queryable;
  readonly log: Logger;
  /** How many events may wait for a slow subscriber before it falls back to reading the log. */
  readonly queueCapacity: number;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

const BATCH_SIZE = 200;

/** Where the subscription starts; nothing that is committed after this answer lies before it. */
async function startOf(
  scope: FollowScope,
  hub: Hub,
  { organizationId, after }: FollowOptions,
): Promise<number> {
  await hub.feed.ready;
  if (after !== null && after <= hub.feed.position) return after;
  const end = await readPosition(scope.database, organizationId);
  if (after !== null && after > end) throw new UnknownPositionError();
  return after ?? end;
}

async function* deliver(
  scope: FollowScope,
  hub: Hub,
  queue: EventQueue,
  options: FollowOptions,
  start: number,
  signal: AbortSignal,
): Following {
  const { database, log } = scope;
  const { organizationId, watched, visible = (events) => Promise.resolve(events) } = options;
  let cursor = start;
  // Up to here the log is read, after it the queue has everything: the subscriber has been on the bus since before.
  let handover = hub.feed.position;

  while (!signal.aborted) {
    let batch: readonly StoredEvent[];
    if (cursor < handover) {
      const range = { from: cursor, to: handover, limit: BATCH_SIZE };
      batch = await untilRead(() => replayEvents(database, organizationId, watched, range), { log, signal });
      cursor = batch.length < BATCH_SIZE ? handover : (batch.at(-1)?.seq ?? handover);
    } else if (queue.hasOverflowed) {
      queue.restart();
      handover = hub.feed.position;
      continue;
    } else {
      await queue.filled(signal);
      const from = cursor;
      batch = queue.take(BATCH_SIZE).filter((event) => event.seq > from);
      cursor = batch.at(-1)?.seq ?? cursor;
    }
    if (batch.length > 0) yield* await untilRead(() => visible(batch), { log, signal });
  }
}

/** `deliver` ends with what aborted it; only the server's end is an error to the subscriber. */
async function* untilClosed(source: Following, signal: AbortSignal): Following {
  try {
    yield* source;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.reason instanceof LiveStoppedError) throw signal.reason;
}

/**
 * Follows the log. When the promise resolves, the subscription is accepted: nothing that is committed from then on is missed. It holds its
 * place until the iterator is ended, also if it is never asked for anything.
 *
 * @throws UnknownPositionError if `after` lies beyond the end of the log.
 * @throws LiveStoppedError from `next()` when the server stops.
 */
export async function followLog(scope: FollowScope, hub: Hub, options: FollowOptions): Promise<Following> {
  const queue = createEventQueue(scope.queueCapacity);
  const leave = hub.bus.join(options.watched, queue);
  const closed = new AbortController();
  const end = (event: Event): void => {
    close((event.target as AbortSignal).reason);
  };

  function close(reason: unknown): void {
    if (closed.signal.aborted) return;
    closed.abort(reason);
    scope.stopping.removeEventListener('abort', end);
    options.signal?.removeEventListener('abort', end);
    leave();
    hub.release();
  }

  scope.stopping.addEventListener('abort', end);
  options.signal?.addEventListener('abort', end);
  try {
    scope.stopping.throwIfAborted();
    const start = await startOf(scope, hub, options);
    const events = untilClosed(deliver(scope, hub, queue, options, start, closed.signal), closed.signal);
    return closing(events, close);
  } catch (error) {
    close(error);
    throw error;
  }
}

/** The same events; ending it closes first, so that a waiting `next()` does not hold up the end. */
function closing(events: Following, close: (reason: unknown) => void): Following {
  return {
    async next() {
      const step = await events.next().catch((error: unknown) => {
        close(error);
        throw error;
      });
      if (step.done) close('the subscription has ended');
      return step;
    },
    async return() {
      close('the subscriber has left');
      return events.return(undefined);
    },
    async throw(error: unknown) {
      close(error);
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}
