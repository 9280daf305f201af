/** One subscriber's way through the log: first what it has missed, then what happens, each event once and in order. */
import type { Queryable } from '../store/statement.ts';
import type { Logger } from 'pino';
import { readPosition, type StoredEvent } from '../store/event-log.ts';
import { replayEvents, type Watched } from '../store/event-replay.ts';
import { LiveStoppedError, NotAllowedError, UnknownPositionError } from './errors.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import type { Hub } from './hubs.ts';
import { takePlace, type Place } from './place.ts';
import { untilRead } from './retry.ts';

/** What the subscriber may have at one moment. */
export interface Rights {
  /** What is watched now: an inbox changes with the memberships in teams. */
  readonly watched: Watched;
  /** Leaves out the events that the subscriber must not see. */
  visible(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]>;
}

/** Somebody whose rights may change while they follow. */
export interface Subscriber {
  readonly userId: string;
  /**
   * What they may have now; null: nothing any more, which ends the subscription with `NotAllowedError`. Asked before anything is delivered,
   * again for each batch of events (so at most 200 of them are delivered on one answer), and when something happened to the user or their teams.
   */
  rights(): Promise<Rights | null>;
}

export interface FollowOptions {
  readonly organizationId: string;
  readonly watched: Watched;
  /** Events after this number; null: those that are committed from now on. */
  readonly after: number | null;
  /** Left out: everything that is watched is delivered. */
  readonly subscriber?: Subscriber | undefined;
  /** Ends the subscription, as `return()` does. */
  readonly signal?: AbortSignal | undefined;
}

/** A step on the way: some events in order, or none. */
export interface Batch {
  readonly events: readonly StoredEvent[];
  /** Every event up to this number that the subscriber may have is in this batch or was in one before. */
  readonly position: number;
}

/** Always settles promptly: `return()` also ends a `next()` that waits. The first batch comes at once, as soon as the rights are known. */
export type Batches = AsyncGenerator<Batch, undefined, undefined>;

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

function isSame(one: Watched, other: Watched): boolean {
  return (
    one.kind === other.kind &&
    one.ids.length === other.ids.length &&
    one.ids.every((id) => other.ids.includes(id))
  );
}

async function* deliver(
  scope: FollowScope,
  { hub, queue, place }: { readonly hub: Hub; readonly queue: EventQueue; readonly place: Place },
  { organizationId, subscriber }: FollowOptions,
  start: number,
  signal: AbortSignal,
): Batches {
  const { database, log } = scope;
  let cursor = start;
  // Up to here the log is read, after it the queue has everything: the subscriber has been on the bus since before.
  let handover = hub.feed.position;
  // Rights may be older than the place on the bus.
  queue.touch();

  while (!signal.aborted) {
    const from = cursor;
    let batch: readonly StoredEvent[];
    let end: number;
    if (from < handover) {
      const range = { from, to: handover, limit: BATCH_SIZE };
      const { watched } = place;
      batch = await untilRead(() => replayEvents(database, organizationId, watched, range), { log, signal });
      end = batch.length < BATCH_SIZE ? handover : (batch.at(-1)?.seq ?? handover);
    } else if (queue.hasOverflowed) {
      queue.restart();
      handover = hub.feed.position;
      continue;
    } else {
      await queue.filled(signal);
      batch = queue.take(BATCH_SIZE).filter((event) => event.seq > from);
      end = batch.at(-1)?.seq ?? from;
    }
    if (subscriber) {
      const rights = await untilRead(() => subscriber.rights(), { log, signal });
      if (rights === null) throw new NotAllowedError();
      if (!isSame(rights.watched, place.watched)) {
        // From the same cursor on, so that nothing that is watched now is missing, and nothing comes twice.
        place.move(rights.watched);
        handover = hub.feed.position;
        continue;
      }
      const events = batch;
      if (events.length > 0) batch = await untilRead(() => rights.visible(events), { log, signal });
    }
    cursor = end;
    yield { events: batch, position: end };
  }
}

/** `deliver` ends with what aborted it; only the server's end is an error to the subscriber. */
async function* untilClosed(source: Batches, signal: AbortSignal): Batches {
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
 * @throws NotAllowedError from `next()` when the subscriber may have nothing any more.
 */
export async function followLog(scope: FollowScope, hub: Hub, options: FollowOptions): Promise<Batches> {
  const queue = createEventQueue(scope.queueCapacity);
  const place = takePlace(hub.bus, queue, options.watched, options.subscriber?.userId);
  const closed = new AbortController();
  const end = (event: Event): void => {
    close((event.target as AbortSignal).reason);
  };

  function close(reason: unknown): void {
    if (closed.signal.aborted) return;
    closed.abort(reason);
    scope.stopping.removeEventListener('abort', end);
    options.signal?.removeEventListener('abort', end);
    place.leave();
    hub.release();
  }

  scope.stopping.addEventListener('abort', end);
  options.signal?.addEventListener('abort', end);
  try {
    scope.stopping.throwIfAborted();
    const start = await startOf(scope, hub, options);
    const delivered = deliver(scope, { hub, queue, place }, options, start, closed.signal);
    return closing(untilClosed(delivered, closed.signal), close);
  } catch (error) {
    close(error);
    throw error;
  }
}

/** The same events; ending it closes first, so that a waiting `next()` does not hold up the end. */
function closing(batches: Batches, close: (reason: unknown) => void): Batches {
  return {
    async next() {
      const step = await batches.next().catch((error: unknown) => {
        close(error);
        throw error;
      });
      if (step.done) close('the subscription has ended');
      return step;
    },
    async return() {
      close('the subscriber has left');
      return batches.return(undefined);
    },
    async throw(error: unknown) {
      close(error);
      return batches.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}
