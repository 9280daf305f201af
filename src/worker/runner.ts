/** The queue's workers of this server, for as long as nothing goes wrong. */
import { EventEmitter } from 'node:events';
import { runTaskList, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { workerLogger } from './log.ts';
import { openPresence, type Presence } from './presence.ts';

/** How many jobs one server does at the same time. Each is one short transaction. */
const CONCURRENCY = 4;
/** Jobs are made for a time to come, so no notice of the database says that they are due. In ms. */
const POLL_INTERVAL_MS = 1_000;

export interface RunnerOptions {
  readonly connectionString: string;
  readonly tasks: TaskList;
  readonly log: Logger;
}

/** Disposing waits for the jobs that run. */
export interface RunningWorkers extends AsyncDisposable {
  /** Resolves when they have to be replaced: a worker gave up, or the server no longer shows that they live. */
  readonly ended: Promise<void>;
}

/** Starts workers that show that they live. The queue's schema must be there. Rejects if the database can't be reached. */
export async function startRunner(options: RunnerOptions): Promise<RunningWorkers> {
  const { connectionString, log } = options;
  const presence = await openPresence(connectionString, log);
  const pool = openPool(connectionString, log);
  const { workers, gaveUp } = work(pool, presence, options);
  return {
    ended: Promise.race([gaveUp, presence.lost, workers.promise]),
    async [Symbol.asyncDispose]() {
      await workers.gracefulShutdown();
      await workers.promise;
      await pool.end();
      await presence[Symbol.asyncDispose]();
    },
  };
}

/** A pool of their own: one worker's connection only listens, and would be missed by everybody else. */
function openPool(connectionString: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: CONCURRENCY,
    application_name: 'handrail worker',
    connectionTimeoutMillis: 10_000,
  });
  const warn = (error: Error): void => {
    log.warn({ err: error }, 'a connection of the workers broke');
  };
  // The pool listens to idle connections only; an error that nobody listens to would end the process.
  pool.on('error', warn);
  pool.on('connect', (client) => {
    client.on('error', warn);
  });
  return pool;
}

function work(
  pool: pg.Pool,
  presence: Presence,
  { tasks, log }: RunnerOptions,
): { readonly workers: WorkerPool; readonly gaveUp: Promise<void> } {
  const events: WorkerEvents = new EventEmitter();
  events.on('worker:create', ({ worker }) => {
    presence.show(worker.workerId);
  });
  // A worker that can't tell the queue what became of its job ends, and the library does not replace it.
  const gaveUp = new Promise<void>((resolve) => {
    events.on('worker:fatalError', () => {
      resolve();
    });
  });
  // The library's `run` would also plan recurring jobs, of which there are none, and ends the process if it can't.
  const workers = runTaskList(
    {
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL_MS,
      noHandleSignals: true,
      logger: workerLogger(log),
      events,
    },
    tasks,
    pool,
  );
  return { workers, gaveUp };
}
