/** How long anybody waits for the database. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { createStoreCheck } from '../../src/store/readiness.ts';
import { openLiveFixture, silentLog, type LiveFixture } from '../support/live-fixture.ts';
import { eventually } from '../support/eventually.ts';

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function openSmall(): Database {
  return openDatabase({ connectionString: fixture.connectionString, poolSize: 1, log: silentLog });
}

test.each([
  ['statement_timeout', '30s'],
  ['idle_in_transaction_session_timeout', '30s'],
])('PostgreSQL ends what takes too long: %s', async (setting, value) => {
  const { rows } = await fixture.database.pool.query<Record<string, string>>(`show ${setting}`);
  expect(rows[0]?.[setting]).toBe(value);
});

test('whoever waits ten seconds for a free connection is told so', async () => {
  await using database = openSmall();
  const holder = await database.pool.connect();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const refused = expect(database.pool.query('select 1')).rejects.toThrow('timeout');
  await vi.advanceTimersByTimeAsync(10_000);
  await refused;
  holder.release();
});

test('probes during an outage do not pile up, and see its end', async () => {
  await using database = openSmall();
  const check = createStoreCheck(database.pool, MIGRATIONS, silentLog);
  expect(await check()).toEqual({ database: 'ok', migrations: 'ok' });
  const holder = await database.pool.connect();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (let round = 0; round < 3; round += 1) {
    const probes = Promise.all([check(), check()]);
    await eventually(() => {
      expect(database.pool.waitingCount).toBe(1);
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await probes).toMatchObject([{ database: 'not reachable' }, { database: 'not reachable' }]);
    expect(database.pool.waitingCount).toBe(1);
  }
  vi.useRealTimers();
  holder.release();
  await eventually(async () => {
    expect(await check()).toEqual({ database: 'ok', migrations: 'ok' });
  });
});
