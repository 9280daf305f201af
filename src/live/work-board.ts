/** Which topics have tasks for workers, for all who wait for some in one organization: one statement for all of them, when something may have changed. */
import type { Logger } from 'pino';
import { readEarliestReady } from '../store/external-tasks.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { Queryable } from '../store/statement.ts';
import { coalesce } from './coalesce.ts';
import type { Hub } from './hubs.ts';
import type { Timer } from './list/timer.ts';
import { createOutage } from './outage.ts';

/** From when on each topic has a task that a worker may take: in the past, or to come. Topics without any are left out. */
export type ReadyTopics = ReadonlyMap<string, string>;

/** Somebody who waits for tasks. Must neither throw nor wait. */
export interface WorkWaiter {
  readonly topics: readonly string[];
  /** After each look, with what is there of the topics. */
  onLook(ready: ReadyTopics): void;
  /** The server stops: there are no more looks. */
  onEnd(): void;
}

export interface WorkBoard {
  /** Waits until the answered function is called; the first look comes at once. */
  join(waiter: WorkWaiter): () => void;
  /** Looks again although nothing has been told: what was there could not be had. */
  lookAgain(): void;
  /** How many wait. */
  readonly size: number;
  end(): void;
}

export interface WorkBoardOptions {
  readonly organizationId: string;
  readonly database: Queryable;
  readonly hub: Hub;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly timer: Timer;
}

/** Many commits within this time, in milliseconds, are one look. */
const LEAST_PAUSE_MS = 20;
const AFTER_FAILURE_MS = 1_000;

/** Whether a task for workers may be gone that was there. */
function mayTakeWork({ subjectType, type, data }: StoredEvent): boolean {
  if (type === 'EXECUTION_DELETED') return true;
  return (
    subjectType === 'TASK' &&
    (type === 'TASK_REMOVED' || ['claimedById', 'isEnabled', 'status'].some((field) => field in data))
  );
}

/** Whether a task for workers may be there that was not: the event's data are what changed of the task. */
function mayBringWork({ subjectType, type, data }: StoredEvent): boolean {
  if (subjectType !== 'TASK') return false;
  if (type === 'TASK_ADDED') return (data['external'] ?? null) !== null;
  return (
    data['isEnabled'] === true ||
    data['status'] === 'PENDING' ||
    data['claimedById'] === null ||
    'externalWork' in data
  );
}

export function createWorkBoard(options: WorkBoardOptions): WorkBoard {
  const { organizationId, database, hub, log, clock, timer } = options;
  const waiters = new Set<WorkWaiter>();
  const outage = createOutage(log, 'tasks for workers could not be looked for');
  const looks = coalesce(look, LEAST_PAUSE_MS);
  let isWorkThere = false;
  let cancelTimer = (): void => undefined;
  let retry: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    cancelTimer();
    clearTimeout(retry);
    const topics = [...new Set([...waiters].flatMap((waiter) => waiter.topics))];
    if (topics.length === 0) return;
    // What comes while it looks may take what it finds.
    isWorkThere = true;
    try {
      const ready = await readEarliestReady(database, organizationId, topics);
      outage.end();
      const now = clock().toISOString();
      isWorkThere = [...ready.values()].some((at) => at <= now);
      const next = [...ready.values()].filter((at) => at > now).sort()[0];
      if (next !== undefined) cancelTimer = timer(Date.parse(next), looks.request.bind(looks));
      for (const waiter of waiters) waiter.onLook(only(waiter.topics, ready));
    } catch (error) {
      outage.report(error);
      retry = setTimeout(looks.request.bind(looks), AFTER_FAILURE_MS).unref();
    }
  }

  const leave = hub.bus.joinAll({
    offer(event) {
      if (mayBringWork(event) || (isWorkThere && mayTakeWork(event))) looks.request();
    },
    lose: looks.request.bind(looks),
  });
  // What is committed before the feed has started is told by no event: it is looked at when it has. Whoever is told of failures is the poll.
  hub.feed.ready.then(looks.request.bind(looks)).catch(() => undefined);

  return {
    join(waiter) {
      waiters.add(waiter);
      looks.request();
      return () => {
        waiters.delete(waiter);
      };
    },
    lookAgain: looks.request.bind(looks),
    get size() {
      return waiters.size;
    },
    end() {
      leave();
      cancelTimer();
      clearTimeout(retry);
      hub.release();
      void looks[Symbol.asyncDispose]();
      for (const waiter of waiters) waiter.onEnd();
      waiters.clear();
    },
  };
}

function only(topics: readonly string[], ready: ReadyTopics): ReadyTopics {
  return new Map(
    topics.flatMap((topic) => {
      const at = ready.get(topic);
      return at === undefined ? [] : [[topic, at] as const];
    }),
  );
}
