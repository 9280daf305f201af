/** From the event log to those who watch: signal, feed, bus, and each subscriber's own pace. */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { LiveStoppedError } from './errors.ts';
import { followLog, type Following, type FollowOptions } from './follow.ts';
import { createHubs } from './hubs.ts';

export interface Live extends AsyncDisposable {
  /** Subscribes; see `followLog`. */
  follow(options: FollowOptions): Promise<Following>;
  /** How many organizations have subscribers. */
  readonly organizationCount: number;
}

export interface LiveOptions {
  readonly database: Database;
  readonly log: Logger;
  /** How often, in milliseconds, to look for commits of other servers; own ones are seen at once. */
  readonly pollMs?: number;
  /** How many events may wait for a slow subscriber before it falls back to reading the log. */
  readonly queueCapacity?: number;
}

/** Disposing ends all subscriptions with `LiveStoppedError`. */
export function createLive({ database, log, pollMs = 500, queueCapacity = 1_000 }: LiveOptions): Live {
  const hubs = createHubs({ database, log, pollMs });
  const stopping = new AbortController();
  // One listener for each subscription, not a leak.
  setMaxListeners(0, stopping.signal);
  const scope = { database, log, queueCapacity, stopping: stopping.signal };

  return {
    follow: (options) => followLog(scope, hubs.acquire(options.organizationId), options),
    get organizationCount() {
      return hubs.size;
    },
    [Symbol.asyncDispose]() {
      stopping.abort(new LiveStoppedError());
      hubs[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
