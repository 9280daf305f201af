import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PoolClient } from 'pg';
import { openQueuePool } from '../../src/worker/queue-pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/live-fixture.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase('template1');
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

test('a pool that has ended tells so, and what it did not give can be given back: workers that connect again after a loss do that', async () => {
  const pool = openQueuePool(database.connectionString, 1, silentLog);
  await pool.end();
  const error = await new Promise<Error | undefined>((resolve) => {
    pool.connect((refusal, _client, giveBack) => {
      giveBack();
      resolve(refusal);
    });
  });
  expect(error?.message).toContain('after calling end');
});

test('a connection that is given back twice is given back once, and can be taken again by one at a time', async () => {
  const pool = openQueuePool(database.connectionString, 1, silentLog);
  const client = await new Promise<PoolClient>((resolve, reject) => {
    pool.connect((error, taken, giveBack) => {
      if (!taken) {
        reject(error ?? new Error('no connection'));
        return;
      }
      giveBack();
      giveBack();
      resolve(taken);
    });
  });
  const again = await pool.connect();
  expect(again).toBe(client);
  expect(pool).toMatchObject({ totalCount: 1, idleCount: 0 });
  again.release();
  await pool.end();
});
