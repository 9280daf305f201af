/** One feed and one bus for each organization that has subscribers, made for the first and given up after the last. */
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { createBus, type Bus } from './bus.ts';
import { startFeed, type Feed } from './feed.ts';
import { startPoll } from './poll.ts';

export interface Hub {
  readonly feed: Feed;
  readonly bus: Bus;
  /** To be called once when the subscriber leaves. */
  release(): void;
}

export interface Hubs extends Disposable {
  /** The organization's hub, alive until it is released as often as it was acquired. */
  acquire(organizationId: string): Hub;
  /** How many organizations have subscribers. */
  readonly size: number;
}

export interface HubsOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly pollMs: number;
}

interface Shared {
  readonly feed: Feed;
  readonly bus: Bus;
  users: number;
}

export function createHubs({ database, log, pollMs }: HubsOptions): Hubs {
  const hubs = new Map<string, Shared>();

  const stopListening = database.onCommit((organizationId) => {
    hubs.get(organizationId)?.feed.wake();
  });
  const stopPolling = startPoll({
    database,
    log,
    pollMs,
    watched: () => [...hubs.keys()],
    onPosition(organizationId, seq) {
      const hub = hubs.get(organizationId);
      if (hub && hub.feed.position < seq) hub.feed.wake();
    },
  });

  function open(organizationId: string): Shared {
    const bus = createBus();
    const publish = bus.publish.bind(bus);
    const shared = { bus, feed: startFeed({ organizationId, database, log, publish }), users: 0 };
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
    get size() {
      return hubs.size;
    },
    [Symbol.dispose]() {
      stopListening();
      stopPolling();
    },
  };
}
