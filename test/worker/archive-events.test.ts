import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../src/store/database.ts';
import { ARCHIVE_EVENTS } from '../../src/store/job-queue.ts';
import { archiveOldEvents } from '../../src/worker/archive-events.ts';
import { startWorker } from '../../src/worker/worker.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import {
  openLiveFixture,
  silentLog,
  someViewer,
  taskEvent,
  type LiveFixture,
} from '../support/live-fixture.ts';
import { workerOptions } from '../support/worker.ts';

const SECONDS = { timeout: 15_000 };
const HOUR_MS = 3_600_000;

let fixture: LiveFixture;
let clock: TestClock;
let organizationId: string;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
beforeEach(async () => {
  clock = createTestClock();
  await fixture.database.pool.query(
    'delete from graphile_worker._private_jobs; delete from event; delete from event_archive',
  );
  ({ organizationId } = await someViewer(fixture.database, randomUUID(), 'ann'));
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function append(count: number, organization = organizationId): Promise<void> {
  const scope = { organizationId: organization, actorId: null, now: clock.now().toISOString() };
  await fixture.database.transaction(scope, (tx) => {
    tx.record(...Array.from({ length: count }, () => taskEvent({})));
    return Promise.resolve();
  });
}

function contextOf(database: Database) {
  return { database, clock: () => clock.now(), log: silentLog, replayWindowHours: 24 };
}

/** How many events of the organization are archived, and how many are not. */
async function counts(organization = organizationId): Promise<[archived: number, present: number]> {
  const { rows } = await fixture.database.pool.query<{ archived: number; present: number }>(
    `select (select count(*)::int from event_archive where organization_id = $1) as archived,
            (select count(*)::int from event where organization_id = $1) as present`,
    [organization],
  );
  return [rows[0]?.archived ?? 0, rows[0]?.present ?? 0];
}

/** In how many seconds each job that archives is due. */
async function dueIn(): Promise<number[]> {
  const { rows } = await fixture.database.pool.query<{ seconds: number }>(
    `select extract(epoch from run_at - now())::int as seconds from graphile_worker.jobs where key = $1`,
    [ARCHIVE_EVENTS],
  );
  return rows.map(({ seconds }) => seconds);
}

function about(seconds: number): number {
  return expect.closeTo(seconds, -1) as number;
}

describe('the job', () => {
  test('archives what is older than the window by the clock, and is due again in ten minutes', async () => {
    await append(3);
    clock.advance(HOUR_MS);
    await append(2);
    clock.advance(23 * HOUR_MS + 1);
    await archiveOldEvents(contextOf(fixture.database));
    expect(await counts()).toEqual([3, 2]);
    expect(await dueIn()).toEqual([about(600)]);
  });

  test('takes many batches of many organizations, and is due at once while there may be more', async () => {
    const { organizationId: other } = await someViewer(fixture.database, randomUUID(), 'ann');
    await append(7);
    await append(2, other);
    clock.advance(25 * HOUR_MS);
    const run = () => archiveOldEvents(contextOf(fixture.database), { batches: 2, batchSize: 3 });
    const seen: number[] = [];
    do {
      await run();
      const [first, second] = [await counts(), await counts(other)];
      seen.push(first[0] + second[0]);
    } while (((await dueIn())[0] ?? Infinity) < 10);
    expect(seen).toEqual([6, 9, 9]);
    expect(await dueIn()).toEqual([about(600)]);
  });

  test('is due again soon when the database failed', async () => {
    await append(1);
    clock.advance(25 * HOUR_MS);
    const { database } = fixture;
    const failing: Database = {
      ...database,
      query: (prepared, values) =>
        prepared.name === 'eventArchive.move'
          ? Promise.reject(new Error('no'))
          : database.query(prepared, values),
    };
    await archiveOldEvents(contextOf(failing));
    expect(await counts()).toEqual([0, 1]);
    expect(await dueIn()).toEqual([about(60)]);
  });
});

test('servers that start do it at once, and plan it once for all of them', async () => {
  await append(5);
  clock.advance(25 * HOUR_MS);
  const { connectionString } = fixture;
  await using other = fixture.openAnother();
  const start = (database: Database) =>
    startWorker(workerOptions({ ...contextOf(database), connectionString }));
  await using _first = await start(fixture.database);
  await vi.waitFor(async () => {
    expect(await counts()).toEqual([5, 0]);
    expect(await dueIn()).toEqual([about(600)]);
  }, SECONDS);
  await using _second = await start(other);
  expect(await dueIn()).toEqual([about(600)]);
});

test('one whose server was killed is done by another one', async () => {
  await append(5);
  clock.advance(25 * HOUR_MS);
  await fixture.database.pool.query(`select graphile_worker.add_job($1, queue_name => $1, job_key => $1)`, [
    ARCHIVE_EVENTS,
  ]);
  await fixture.database.pool.query(
    `update graphile_worker._private_jobs set locked_at = now() - interval '5 seconds', locked_by = 'worker-gone', attempts = 1`,
  );
  await fixture.database.pool.query(
    `update graphile_worker._private_job_queues set locked_at = now() - interval '5 seconds', locked_by = 'worker-gone'`,
  );
  const { connectionString, database } = fixture;
  await using _server = await startWorker(workerOptions({ ...contextOf(database), connectionString }));
  await vi.waitFor(async () => {
    expect(await counts()).toEqual([5, 0]);
    expect(await dueIn()).toEqual([about(600)]);
  }, SECONDS);
});
