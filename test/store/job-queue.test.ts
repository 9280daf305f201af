import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { scheduleDelivery } from '../../src/store/delivery-jobs.ts';
import {
  migrateJobQueue,
  postponeWake,
  scheduleArchiving,
  scheduleWakes,
} from '../../src/store/job-queue.ts';
import { planDigests, scheduleReminding } from '../../src/store/notification-jobs.ts';
import { createTestDatabase } from '../support/database.ts';
import { openLiveFixture, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
beforeEach(async () => {
  await fixture.database.pool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const NOON = '2026-03-02T12:00:00.000Z';
const EVENING = '2026-03-02T20:00:00.000Z';

async function jobs() {
  const { rows } = await fixture.database.pool.query<{ key: string; runAt: string; payload: unknown }>(
    `select key, run_at as "runAt", payload from graphile_worker._private_jobs order by run_at, id`,
  );
  return rows;
}

function schedule(...wakes: readonly [executionId: string, wakeAt: string | null][]): Promise<void> {
  return scheduleWakes(
    fixture.database,
    fixture.organizationId,
    wakes.map(([executionId, wakeAt]) => ({ executionId, wakeAt })),
  );
}

test('no job is given up, however often servers were killed while they did it', async () => {
  const { database, organizationId } = fixture;
  await schedule([randomUUID(), NOON]);
  await postponeWake(database, { organizationId, executionId: randomUUID() }, 0);
  await scheduleDelivery(database, { organizationId, deliveryId: randomUUID() }, 0);
  await database.transaction({ organizationId, actorId: null, now: NOON }, (tx) =>
    planDigests(tx, [{ userId: randomUUID(), runAt: NOON }]),
  );
  await scheduleArchiving(database, 0);
  await scheduleReminding(database, 0);
  const { rows } = await database.pool.query<{ isAvailable: boolean }>(
    `update graphile_worker._private_jobs set attempts = 1000 returning is_available as "isAvailable"`,
  );
  expect(rows).toEqual(Array(6).fill({ isAvailable: true }));
});

describe('the wake of an execution', () => {
  test('is one job at its time that says which execution it is for', async () => {
    const executionId = randomUUID();
    await schedule([executionId, NOON]);
    expect(await jobs()).toEqual([
      {
        key: `wake:${executionId}`,
        runAt: NOON,
        payload: { organizationId: fixture.organizationId, executionId },
      },
    ]);
  });

  test('moves with its time and goes with it', async () => {
    const executionId = randomUUID();
    await schedule([executionId, NOON]);
    await schedule([executionId, EVENING]);
    expect((await jobs()).map(({ runAt }) => runAt)).toEqual([EVENING]);
    await schedule([executionId, null]);
    expect(await jobs()).toEqual([]);
  });

  test('is not there if the transaction is rolled back', async () => {
    const { organizationId } = fixture;
    const failing = fixture.database.transaction({ organizationId, actorId: null, now: NOON }, async (tx) => {
      await scheduleWakes(tx, organizationId, [{ executionId: randomUUID(), wakeAt: NOON }]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await jobs()).toEqual([]);
  });

  test('is made anew beside a job that runs at this moment', async () => {
    const executionId = randomUUID();
    await schedule([executionId, NOON]);
    await fixture.database.pool.query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'somebody'`,
    );
    await schedule([executionId, EVENING]);
    expect((await jobs()).map(({ key, runAt }) => [key, runAt])).toEqual([
      [null, NOON],
      [`wake:${executionId}`, EVENING],
    ]);
  });

  test('of many executions is scheduled and cancelled in one statement', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const;
    await schedule([ids[0], NOON], [ids[1], NOON]);
    await schedule([ids[0], null], [ids[2], EVENING]);
    expect((await jobs()).map(({ key }) => key)).toEqual([`wake:${ids[1]}`, `wake:${ids[2]}`]);
  });

  test('can be put off by the clock of the database', async () => {
    const executionId = randomUUID();
    const { organizationId } = fixture;
    await postponeWake(fixture.database, { organizationId, executionId }, 60_000);
    const { rows } = await fixture.database.pool.query<{ seconds: number }>(
      `select extract(epoch from run_at - now())::int as seconds from graphile_worker._private_jobs`,
    );
    expect(rows).toEqual([{ seconds: expect.closeTo(60, -1) as number }]);
  });
});

test('servers that start at once make the queue once', async () => {
  await using empty = await createTestDatabase('template1');
  await Promise.all([1, 2, 3].map(() => migrateJobQueue(empty.connectionString)));
  await expect(migrateJobQueue(empty.connectionString)).resolves.toBeUndefined();
});
