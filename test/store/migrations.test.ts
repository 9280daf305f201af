import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { applyMigrations, pendingMigrations } from '../../src/store/migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/live-fixture.ts';

let testDatabase: TestDatabase;
let database: Database;
let pool: Pool;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-migrations-'));
  testDatabase = await createTestDatabase('template1');
  const { connectionString } = testDatabase;
  database = openDatabase({ connectionString, poolSize: 5, log: silentLog });
  ({ pool } = database);
  await write('0001_first', 'create table a (n int); insert into a values (1);');
  await write('0002_second', 'alter table a add column m int;');
});

afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await testDatabase[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('an empty database gets every migration in the order of the names', async () => {
  expect(await applyMigrations(pool, folder)).toEqual(['0001_first', '0002_second']);
  expect((await pool.query('select * from a')).rows).toEqual([{ n: 1, m: null }]);
});

test('a migration is applied once', async () => {
  await applyMigrations(pool, folder);
  expect(await applyMigrations(pool, folder)).toEqual([]);
  expect((await pool.query('select * from a')).rowCount).toBe(1);
});

test('applied migrations are booked in the table of Prisma with the checksum that Prisma computes', async () => {
  await applyMigrations(pool, folder);
  const { rows } = await pool.query(
    `select migration_name, checksum, applied_steps_count, finished_at is not null as finished
     from _prisma_migrations order by migration_name`,
  );
  expect(rows).toHaveLength(2);
  expect(rows[1]).toEqual({
    migration_name: '0002_second',
    // printf 'alter table a add column m int;' | sha256sum
    checksum: 'a38fb883024e111bf8c1fc2f2871a15be8f30e7cfe3e9a2d1d89095e848b1db5',
    applied_steps_count: 1,
    finished: true,
  });
});

test('a script may contain function bodies with semicolons', async () => {
  await write(
    '0003_function',
    `create function twice(n int) returns int language plpgsql as $$ begin n := n * 2; return n; end $$;
     create table b (n int default twice(2));`,
  );
  await applyMigrations(pool, folder);
  expect((await pool.query('select twice(4) as result')).rows).toEqual([{ result: 8 }]);
});

test('a script that fails leaves nothing of itself behind, and says where it failed', async () => {
  await write('0003_broken', 'create table b (n int);\ncreate table c (n nonsense);');
  await expect(applyMigrations(pool, folder)).rejects.toThrow(
    'Migration 0003_broken failed, nothing of it was applied: type "nonsense" does not exist (line 2)',
  );
  expect((await pool.query(`select to_regclass('b') as b`)).rows).toEqual([{ b: null }]);
  expect(await pendingMigrations(pool, folder)).toEqual(['0003_broken']);
});

test('many processes that start at once apply each migration once', async () => {
  const applied = await Promise.all([1, 2, 3, 4, 5].map(() => applyMigrations(pool, folder)));
  expect(applied.flat().sort()).toEqual(['0001_first', '0002_second']);
});

test('a migration that was changed after it had been applied is refused by name', async () => {
  await applyMigrations(pool, folder);
  await write('0001_first', 'create table other (n int);');
  await expect(applyMigrations(pool, folder)).rejects.toThrow(
    '0001_first was changed after it had been applied',
  );
});

test('other line ends are no change', async () => {
  await write('0001_first', 'create table a (n int);\ninsert into a values (1);');
  await applyMigrations(pool, folder);
  await write('0001_first', 'create table a (n int);\r\ninsert into a values (1);');
  expect(await pendingMigrations(pool, folder)).toEqual([]);
});

test('a database of a newer version is refused', async () => {
  await applyMigrations(pool, folder);
  await rm(join(folder, '0002_second'), { recursive: true });
  await expect(applyMigrations(pool, folder)).rejects.toThrow(
    'has the migration 0002_second, which this version does not know',
  );
});

test('pending migrations are those that the database lacks', async () => {
  expect(await pendingMigrations(pool, folder)).toEqual(['0001_first', '0002_second']);
  await applyMigrations(pool, folder);
  expect(await pendingMigrations(pool, folder)).toEqual([]);
  await write('0003_third', 'select 1');
  expect(await pendingMigrations(pool, folder)).toEqual(['0003_third']);
});

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}
