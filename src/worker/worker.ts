/** What happens later, done by this server: jobs that are due, and those that a killed server left behind. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import {
  ARCHIVE_EVENTS,
  ensureArchiving,
  WAKE_EXECUTION,
  type WakeExecutionPayload,
} from '../store/job-queue.ts';
import { archiveOldEvents, type ArchivingContext } from './archive-events.ts';
import { watchForDeadWorkers } from './dead-workers.ts';
import { startRunner, type RunningWorkers } from './runner.ts';
import { wakeExecution } from './wake-execution.ts';

/** How long to wait before workers that ended are replaced. In ms. */
const RESTART_MS = 1_000;

export interface WorkerOptions extends ArchivingContext {
  /** Of `database`: the queue needs connections of its own. */
  readonly connectionString: string;
}

function taskList(context: ArchivingContext): TaskList {
  return {
    // The payload is what `scheduleWakes` wrote.
    [WAKE_EXECUTION]: (payload) => wakeExecution(context, payload as WakeExecutionPayload),
    [ARCHIVE_EVENTS]: () => archiveOldEvents(context),
  };
}

/**
 * Starts to do jobs. Any number of servers may do so on one database: each job is done by one of them. The queue's schema must be there
 * (`migrateJobQueue`). Disposing takes no new jobs and waits for those that run.
 */
export async function startWorker(options: WorkerOptions): Promise<AsyncDisposable> {
  const { database, connectionString } = options;
  const log = options.log.child({ part: 'worker' });
  const stopping = new AbortController();
  const { signal } = stopping;
  const tasks = taskList({ ...options, log });
  const start = async (): Promise<RunningWorkers> => {
    await ensureArchiving(database);
    return startRunner({ connectionString, tasks, log });
  };

  const first = await start();
  const done = Promise.all([
    keepRunning(first, start, log, signal),
    watchForDeadWorkers(database, log, signal),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await done;
    },
  };
}

/** Replaces workers that ended, for example with the database's restart, until `signal` is aborted. Never rejects. */
async function keepRunning(
  first: RunningWorkers,
  start: () => Promise<RunningWorkers>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  for (let running: RunningWorkers | null = first; ;) {
    if (running) {
      await Promise.race([running.ended, stopped]);
      await running[Symbol.asyncDispose]();
    }
    if (await isAbortedWithin(RESTART_MS, signal)) return;
    running = await start().catch((error: unknown) => {
      log.warn({ err: error }, 'the workers could not be started again');
      return null;
    });
  }
}

async function isAbortedWithin(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}
