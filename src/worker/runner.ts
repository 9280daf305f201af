/** The queue's workers of this server, for as long as nothing goes wrong. */
import { EventEmitter } from 'node:events';
import { runTaskList, type TaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { workerLogger } from './log.ts';
import { openPresence, type Presence } from './presence.ts';
import { openQueuePool } from './queue-pool.ts';

/** Jobs are made for a time to come, so no notice of the database says that they are due. In ms. */
const POLL_INTERVAL_MS = 1_000;

export interface RunnerOptions {
  readonly connectionString: string;
  readonly tasks: TaskList;
  /** How many jobs it does at the same time. */
  readonly concurrency: number;
  /** How many connections the queue gets for telling which jobs there are and what became of them, at least two, since one only listens; the jobs themselves use others. */
  readonly connections: number;
  readonly log: Logger;
}

/** Disposing waits for the jobs that run. */
export interface RunningWorkers extends AsyncDisposable {
  /** Resolves when they have to be replaced: a worker gave up, or the server no longer shows that they live. */
  readonly ended: Promise<void>;
}

/** Starts workers that show that they live. The queue's schema must be there. Rejects if the database can't be reached. */
export async function startRunner(options: RunnerOptions): Promise<RunningWorkers> {
  const { connectionString, connections, log } = options;
  const presence = await openPresence(connectionString, log);
  const pool = openQueuePool(connectionString, connections, log);
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

function work(
  pool: Pool,
  presence: Presence,
  { tasks, concurrency, log }: RunnerOptions,
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
      concurrency,
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
