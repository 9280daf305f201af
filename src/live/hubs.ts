/** One feed and one bus for each organization that has subscribers, made for the first and given up after the last. */
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { createBus, type Bus } from './bus.ts';
import { startFeed, type Feed } from './feed.ts';
import { createMemberships, type Memberships } from './memberships.ts';
import { startPoll } from './poll.ts';
import type { Signal } from './signal/signal.ts';

export interface Hub {
  readonly feed: Feed;
  readonly bus: Bus;
  /** To be called once when the subscriber leaves. */
  release(): void;
}

export interface Hubs extends Disposable {
  /** The organization's hub, alive until it is released as often as it was acquired. */
  acquire(organizationId: string): Hub;
  /** The organization's hub if there is one, without acquiring it. */
  find(organizationId: string): Pick<Hub, 'feed' | 'bus'> | undefined;
  /** Those of the hub, or ones that forget at once if there is no hub that would say when they change. */
  memberships(organizationId: string): Memberships;
  /** How many organizations have subscribers. */
  readonly size: number;
}

export interface HubsOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly pollMs: number;
  readonly clock: () => Date;
  /** Left out: other servers are not told of own commits, and theirs are found by the poll. */
  readonly signal?: Signal | undefined;
}

interface Shared {
  readonly feed: Feed;
  readonly bus: Bus;
  readonly memberships: Memberships;
  users: number;
}

export function createHubs({ database, log, pollMs, signal, clock }: HubsOptions): Hubs {
  const hubs = new Map<string, Shared>();

  const stopListening = database.onCommit((organizationId) => {
    hubs.get(organizationId)?.feed.wake();
    // Whether or not anybody watches here: another server may have subscribers.
    signal?.send();
  });
  const poll = startPoll({
    database,
    log,
    pollMs,
    watched: () => [...hubs.keys()],
    onPosition(organizationId, seq) {
      const hub = hubs.get(organizationId);
      if (hub && hub.feed.position < seq) hub.feed.wake();
    },
  });
  const stopHearing = signal?.onSignal(poll.lookNow.bind(poll));

  function open(organizationId: string): Shared {
    const bus = createBus();
    const memberships = createMemberships(database, organizationId, clock);
    const feed = startFeed({
      organizationId,
      database,
      log,
      publish(event) {
        memberships.note(event);
        bus.publish(event);
      },
      onGap() {
        memberships.forget();
        bus.publishGap();
      },
    });
    // What was asked for before may be older than where the feed starts. Whoever waits for the feed is told if it can't.
    feed.ready.then(memberships.forget.bind(memberships)).catch(() => undefined);
    const shared = { bus, feed, memberships, users: 0 };
    hubs.set(organizationId, shared);
    return shared;
  }

  function release(organizationId: string, shared: Shared): void {
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.feed.stop();
    hubs.delete(organizationId);
  }

  return {
    acquire(organizationId) {
      const shared = hubs.get(organizationId) ?? open(organizationId);
      shared.users += 1;
      return {
        feed: shared.feed,
        bus: shared.bus,
        release: () => {
          release(organizationId, shared);
        },
      };
    },
    find: (organizationId) => hubs.get(organizationId),
    memberships: (organizationId) =>
      hubs.get(organizationId)?.memberships ?? createMemberships(database, organizationId, clock),
    get size() {
      return hubs.size;
    },
    [Symbol.dispose]() {
      stopListening();
      stopHearing?.();
      poll[Symbol.dispose]();
    },
  };
}
