/** From the event log to those who watch: signal, feed, bus, and each subscriber's own pace. */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { LiveStoppedError } from './errors.ts';
import { eventByEvent, type Following } from './event-by-event.ts';
import type { Tick } from './feed.ts';
import { followLog, type Batches, type FollowOptions } from './follow.ts';
import { createHubs } from './hubs.ts';
import type { ListRow } from './list/concern.ts';
import type { ListQuery, ListUpdate, LiveList } from './list/list.ts';
import { openLiveList } from './list/live-list.ts';
import { systemTimer, type Timer } from './list/timer.ts';
import { joinRights } from './memberships.ts';
import type { Membership } from '../store/people.ts';
import type { Signal } from './signal/signal.ts';
import { watchActivity, type UserWatch } from './user-watch.ts';
import { createWorkBoards, type WorkPlace, type WorkWatch } from './work-boards.ts';

export interface Live extends AsyncDisposable {
  /** Subscribes; see `followLog`. */
  follow(options: FollowOptions): Promise<Following>;
  /** The same, batch by batch. */
  followBatches(options: FollowOptions): Promise<Batches>;
  /** Opens a list; see `openLiveList`. */
  list<Row extends ListRow, State>(query: ListQuery<Row, State>): LiveList<ListUpdate<Row, State>>;
  /** What was read last from the organization's log; nothing if nobody follows it. */
  tick(organizationId: string): Tick;
  /** The user's memberships as of what was read last from the log, or later; null if there is no such user. Known in memory as long as somebody follows the log. */
  membership(organizationId: string, userId: string): Promise<Membership | null>;
  /** Calls `onChange` when something happened to the user or their memberships, before what comes after it is delivered to anybody; until the answered function is called. */
  watchUser(organizationId: string, userId: string, onChange: () => void): () => void;
  /** Notices that a user is deactivated; see `watchActivity`. */
  watchActivity(watch: UserWatch): () => void;
  /** Tells which topics have tasks for workers; see `WorkWaiter`. */
  watchWork(watch: WorkWatch): WorkPlace;
  /** How many organizations have subscribers. */
  readonly organizationCount: number;
}

export interface LiveOptions {
  readonly database: Database;
  readonly log: Logger;
  /** Wakes the other servers on the database and is woken by them; whoever opened it closes it, after this. Left out: only the poll finds their commits. */
  readonly signal?: Signal | undefined;
  /** How often, in milliseconds, to look for commits of other servers of which no signal came; own ones are seen at once. */
  readonly pollMs?: number;
  /** How many events may wait for a slow subscriber before it falls back to reading the log. */
  readonly queueCapacity?: number;
  /** The present, for what depends on the time; tests move it. Left out: the server's clock. */
  readonly clock?: () => Date;
  /** Wakes lists up that change by the time alone. Left out: by the server's clock. */
  readonly timer?: Timer;
}

/** Disposing ends all subscriptions with `LiveStoppedError`. */
export function createLive(options: LiveOptions): Live {
  const { database, log, signal, pollMs = 500, queueCapacity = 1_000, timer = systemTimer } = options;
  const clock = options.clock ?? (() => new Date());
  const hubs = createHubs({ database, log, pollMs, signal, clock });
  const boards = createWorkBoards({ database, hubs, log, timer });
  const stopping = new AbortController();
  // One listener for each subscription, not a leak.
  setMaxListeners(0, stopping.signal);
  const scope = { database, log, queueCapacity, timer, stopping: stopping.signal };

  return {
    follow: async (following) =>
      eventByEvent(await followLog(scope, hubs.acquire(following.organizationId), following)),
    followBatches: (following) => followLog(scope, hubs.acquire(following.organizationId), following),
    list: (query) => openLiveList(scope, hubs.acquire(query.organizationId), query),
    tick: (organizationId) => hubs.find(organizationId)?.feed.tick ?? { events: [] },
    membership: (organizationId, userId) => hubs.memberships(organizationId).read(userId),
    watchUser(organizationId, userId, onChange) {
      const hub = hubs.acquire(organizationId);
      const leave = joinRights(hub.bus, userId, onChange);
      return () => {
        leave();
        hub.release();
      };
    },
    watchActivity: (watch) => watchActivity(hubs, log, watch),
    watchWork: (watch) => boards.watch(watch),
    get organizationCount() {
      return hubs.size;
    },
    [Symbol.asyncDispose]() {
      stopping.abort(new LiveStoppedError());
      boards[Symbol.dispose]();
      hubs[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
