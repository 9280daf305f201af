import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyMigrations } from '../../src/store/migrations.ts';
import { statement, type Queryable } from '../../src/store/statement.ts';
import { createTestDatabase } from '../support/database.ts';
import { openLiveFixture, silentLog, taskEvent, type LiveFixture } from '../support/live-fixture.ts';
import { openDatabase } from '../../src/store/database.ts';
import { eventually } from '../support/eventually.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const one = statement<{ one: number }>('test.one', 'select 1 as one');
const ownPid = statement<{ pid: number }>('test.pid', 'select pg_backend_pid() as pid');

function scope() {
  return { organizationId: fixture.organizationId, actorId: null, now: '2026-11-23T08:00:00.000Z' };
}

async function pidOf(connection: Queryable): Promise<number> {
  const [row] = await connection.query(ownPid, []);
  return row?.pid ?? 0;
}

/** As a restart of PostgreSQL does it to everybody. Comes back when the backend is gone. */
async function terminate(pid: number): Promise<void> {
  const { pool } = fixture.database;
  await pool.query('select pg_terminate_backend($1)', [pid]);
  await eventually(async () => {
    const { rows } = await pool.query('select 1 from pg_stat_activity where pid = $1', [pid]);
    expect(rows).toEqual([]);
  });
}

async function eventCount(): Promise<number> {
  const { rows } = await fixture.database.pool.query<{ count: number }>(
    'select count(*)::int as count from event where organization_id = $1',
    [fixture.organizationId],
  );
  return rows[0]?.count ?? 0;
}

describe('a connection that breaks', () => {
  test('between two statements of a transaction makes it fail, and the next one works', async () => {
    const before = await eventCount();
    await expect(
      fixture.database.transaction(scope(), async (tx) => {
        tx.record(taskEvent({}));
        await terminate(await pidOf(tx));
        return tx.query(one, []);
      }),
    ).rejects.toThrow();
    expect(await eventCount()).toBe(before);
    await fixture.commit(taskEvent({}));
    expect(await eventCount()).toBe(before + 1);
  });

  test('in the middle of a statement makes the transaction fail, and is not used again', async () => {
    let pid = 0;
    const sleep = statement<never>('test.sleep', 'select pg_sleep(60)');
    const failing = fixture.database.transaction(scope(), async (tx) => {
      pid = await pidOf(tx);
      return tx.query(sleep, []);
    });
    const failed = expect(failing).rejects.toThrow();
    await eventually(() => {
      expect(pid).toBeGreaterThan(0);
    });
    await terminate(pid);
    await failed;
    const pids = await Promise.all([1, 2, 3, 4].map(() => pidOf(fixture.database)));
    expect(pids).not.toContain(pid);
  });

  test('does not disturb a transaction on another connection', async () => {
    const { value } = await fixture.database.transaction(scope(), async (tx) => {
      await expect(
        fixture.database.transaction(scope(), async (other) => {
          await terminate(await pidOf(other));
          return other.query(one, []);
        }),
      ).rejects.toThrow();
      return tx.query(one, []);
    });
    expect(value).toEqual([{ one: 1 }]);
  });

  test('while it commits, is not tried again: nobody knows whether it has happened', async () => {
    const { pool } = fixture.database;
    await pool.query(
      `create function end_backend() returns trigger language plpgsql as $$
       begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`,
    );
    await pool.query(
      `create constraint trigger ends_backend after insert on event deferrable initially deferred
       for each row execute function end_backend()`,
    );
    let attempts = 0;
    await expect(
      fixture.database.transaction(scope(), (tx) => {
        attempts += 1;
        tx.record(taskEvent({}));
        return Promise.resolve();
      }),
    ).rejects.toThrow();
    expect(attempts).toBe(1);
    await pool.query('drop function end_backend cascade');
    await fixture.commit(taskEvent({}));
  });

  test('during a migration makes the start fail without ending the process', async () => {
    await using testDatabase = await createTestDatabase('template1');
    const folder = await mkdtemp(join(tmpdir(), 'handrail-migrations-'));
    await mkdir(join(folder, '1_first'));
    await writeFile(
      join(folder, '1_first', 'migration.sql'),
      'select pg_terminate_backend(pg_backend_pid()); select pg_sleep(60);',
    );
    const { connectionString } = testDatabase;
    await using database = openDatabase({ connectionString, poolSize: 1, log: silentLog });
    await expect(applyMigrations(database.pool, folder)).rejects.toThrow(/1_first failed/);
    expect(await database.query(one, [])).toEqual([{ one: 1 }]);
    await rm(folder, { recursive: true });
  });
});

test('a transaction that is refused gives its connection back', async () => {
  await using database = openDatabase({
    connectionString: fixture.connectionString,
    poolSize: 1,
    log: silentLog,
  });
  const pid = await pidOf(database);
  const refusing = database.transaction(scope(), () => Promise.reject(new Error('changed my mind')));
  await expect(refusing).rejects.toThrow('changed my mind');
  expect(await pidOf(database)).toBe(pid);
});
