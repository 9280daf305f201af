import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import type { Database } from '../../src/store/database.ts';
import { FOLLOW_ABSENCES } from '../../src/store/absence-jobs.ts';
import { ARCHIVE_EVENTS } from '../../src/store/job-queue.ts';
import { REMIND } from '../../src/store/notification-jobs.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { expectSound } from '../support/log.ts';
import { workerOptions } from '../support/worker.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop();
});
// The queue goes by the clock of the database, so these tests take place now.
beforeEach(() => {
  shop.clock.set(new Date().toISOString());
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

const SECONDS = { timeout: 15_000 };

/** Jobs that look through the whole database and plan the next. */
const FOR_EVERYBODY: ReadonlySet<string> = new Set([ARCHIVE_EVENTS, FOLLOW_ABSENCES, REMIND]);

const IN_A_MINUTE: ScheduleRule = {
  anchor: 'REACHED',
  direction: 'AFTER',
  amount: 1,
  unit: 'MINUTES',
  taskKey: null,
  path: null,
  entitySchema: null,
};

/** Starts an execution whose only task goes on so many seconds from now. */
async function startDueIn(seconds: number): Promise<string> {
  shop.clock.set(new Date(Date.now() + (seconds - 60) * 1000).toISOString());
  return shop.start({ tasks: [task('wait', { schedule: IN_A_MINUTE })] });
}

/** A server's worker with the clock of the real world. */
function work(database: Database = shop.database): Promise<AsyncDisposable> {
  const { connectionString } = shop;
  return startWorker(workerOptions({ database, connectionString }));
}

async function untilRan(executionId: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await shop.task(executionId, 'wait')).toMatchObject({ status: 'PENDING' });
  }, SECONDS);
}

async function runsOf(executionIds: readonly string[]): Promise<number> {
  const events = await shop.events();
  return events.filter(
    ({ type, executionId }) => type === 'TASK_SCHEDULE_RAN' && executionIds.includes(executionId ?? ''),
  ).length;
}

async function untilQueueIsEmpty(): Promise<void> {
  await vi.waitFor(async () => {
    expect((await shop.jobs()).filter(({ key }) => !FOR_EVERYBODY.has(key ?? ''))).toEqual([]);
  }, SECONDS);
}

describe('a scheduled task', () => {
  test('goes on by itself when its time has come', async () => {
    await using _server = await work();
    const id = await startDueIn(1);
    expect(await shop.task(id, 'wait')).toMatchObject({ status: 'SCHEDULED' });
    await untilRan(id);
    expect(await shop.task(id, 'wait')).toMatchObject({ isLate: false, statusBy: { type: 'SYSTEM' } });
    await untilQueueIsEmpty();
  });

  test('goes on after the start of a server that was down at its time, and is late', async () => {
    const id = await startDueIn(-3600);
    await shop.database.pool.query(
      `update graphile_worker._private_jobs set run_at = now() - interval '1 hour'`,
    );
    await using _server = await work();
    await untilRan(id);
    expect(await shop.task(id, 'wait')).toMatchObject({ isLate: true });
    await untilQueueIsEmpty();
  });

  test('goes on once when two servers run', async () => {
    await using other = shop.openAnother();
    const ids = [];
    for (let count = 0; count < 20; count += 1) ids.push(await startDueIn(2));
    await using _first = await work();
    await using _second = await work(other);
    for (const id of ids) await untilRan(id);
    await untilQueueIsEmpty();
    expect(await runsOf(ids)).toBe(ids.length);
  });

  test('goes on after the connections of the workers were lost', async () => {
    await using _server = await work();
    await shop.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'handrail worker%'`,
    );
    const id = await startDueIn(0.5);
    await untilRan(id);
    await untilQueueIsEmpty();
  });
});
