/** What happens later, done by this server: jobs that are due, and those that a killed server left behind. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskList } from 'graphile-worker';
import type { Logger } from 'pino';
import { deliverySettled } from '../automation/delivery-settled.ts';
import { runAutomation, type RunningContext } from '../automation/run.ts';
import { causeOf, takeRun } from '../commands/run-session.ts';
import { ensureFollowingAbsences, FOLLOW_ABSENCES } from '../store/absence-jobs.ts';
import { DELIVER, type DeliverPayload } from '../store/delivery-jobs.ts';
import {
  ARCHIVE_EVENTS,
  ensureArchiving,
  WAKE_EXECUTION,
  type WakeExecutionPayload,
} from '../store/job-queue.ts';
import { ensureReminding, REMIND, SEND_DIGEST, type SendDigestPayload } from '../store/notification-jobs.ts';
import { RUN_AUTOMATION, type RunAutomationPayload } from '../store/run-jobs.ts';
import { archiveOldEvents, type ArchivingContext } from './archive-events.ts';
import { watchForDeadWorkers } from './dead-workers.ts';
import { deliver } from './deliver.ts';
import type { DeliverContext, DeliveryOwners } from './delivery-context.ts';
import { followAbsences } from './follow-absences.ts';
import { keepReacting } from './reactor.ts';
import { remind } from './remind.ts';
import { startRunner, type RunnerOptions, type RunningWorkers } from './runner.ts';
import { sendDigest } from './send-digest.ts';
import { wakeExecution } from './wake-execution.ts';

/** How long to wait before workers that ended are replaced. In ms. */
const RESTART_MS = 1_000;

type JobContext = ArchivingContext & RunningContext & Omit<DeliverContext, 'owners'>;

export interface WorkerOptions extends JobContext {
  /** Of `database`: the queue needs connections of its own. */
  readonly connectionString: string;
}

/** Jobs that only work inside: each is one short transaction, or several. */
function insideJobs(context: JobContext): TaskList {
  return {
    // The payloads are what was written with the jobs.
    [WAKE_EXECUTION]: (payload) => wakeExecution(context, payload as WakeExecutionPayload),
    [RUN_AUTOMATION]: (payload) => runAutomation(context, payload as RunAutomationPayload),
    [SEND_DIGEST]: (payload) => sendDigest(context, payload as SendDigestPayload),
    [REMIND]: () => remind(context),
    [FOLLOW_ABSENCES]: () => followAbsences(context),
    [ARCHIVE_EVENTS]: () => archiveOldEvents(context),
  };
}

/** The runs of automations, as those that wait for messages. */
export const owners: DeliveryOwners = {
  cause: causeOf,
  async lock(tx, { runId }) {
    await takeRun(tx, runId);
  },
  settled: deliverySettled,
};

/** Jobs that wait for servers elsewhere, so that they hold up none of the others. */
function outsideJobs(context: JobContext): TaskList {
  return {
    [DELIVER]: (payload) => deliver({ ...context, owners }, payload as DeliverPayload),
  };
}

/**
 * Starts to do jobs, and to react to what happens. Any number of servers may do so on one database: each job is done by one of them. The queue's schema must be there
 * (`migrateJobQueue`). Disposing takes no new jobs and waits for those that run.
 */
export async function startWorker(options: WorkerOptions): Promise<AsyncDisposable> {
  const { database, connectionString } = options;
  const log = options.log.child({ part: 'worker' });
  const stopping = new AbortController();
  const { signal } = stopping;
  const context = { ...options, log, signal };
  const runners: readonly Omit<RunnerOptions, 'connectionString' | 'log'>[] = [
    { tasks: insideJobs(context), concurrency: 4, connections: 4 },
    { tasks: outsideJobs(context), concurrency: 12, connections: 3 },
  ];
  const kept: Promise<void>[] = [];
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(kept);
  };
  try {
    for (const runner of runners) {
      const start = async (): Promise<RunningWorkers> => {
        await ensureArchiving(database);
        await ensureReminding(database);
        await ensureFollowingAbsences(database);
        return startRunner({ ...runner, connectionString, log });
      };
      kept.push(keepRunning(await start(), start, log, signal));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  kept.push(watchForDeadWorkers(database, log, signal), keepReacting(context, signal));
  return { [Symbol.asyncDispose]: stop };
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
