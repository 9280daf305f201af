import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError, type ClientBase, type Pool } from 'pg';
import { StartError } from '../start-error.ts';
import { allOrNothing } from './all-or-nothing.ts';

/** The database and the migrations in the checkout do not go together. */
export class MigrationError extends StartError {
  override readonly name = 'MigrationError';
}

/** The number that Prisma's own `migrate` locks with, so that the two never run at the same time. */
const lockNumber = 72_707_369;

/**
 * Applies what is pending of `<folder>/<name>/migration.sql`, in the order of the names, and books it in Prisma's
 * table. Each script runs whole in one transaction with its booking, so it has happened or has not. Several processes
 * may start at once: one applies, the others wait.
 *
 * @returns the names of the migrations that were applied now.
 * @throws {MigrationError} when a script fails, an applied one was changed, or the database has one that is unknown here.
 */
export async function applyMigrations(pool: Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const applied: string[] = [];
  for (;;) {
    const name = await allOrNothing(pool, (client) => applyNext(client, migrations));
    if (name === undefined) return applied;
    applied.push(name);
  }
}

/**
 * The names of the migrations that the database still lacks; empty when it is up to date.
 *
 * @throws {MigrationError} as {@link applyMigrations} does when they do not go together.
 */
export async function pendingMigrations(pool: Pool, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const { rows } = await pool.query<{ exists: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as exists`,
  );
  const done = rows[0]?.exists ? await readApplied(pool) : [];
  return compare(migrations, done).map(({ name }) => name);
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Applied {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

async function applyNext(client: ClientBase, migrations: readonly Migration[]): Promise<string | undefined> {
  // A large table takes the time that it takes, and so does waiting for another process that is at it.
  await client.query('set local statement_timeout = 0');
  await client.query('select pg_advisory_xact_lock($1)', [lockNumber]);
  await client.query(prismaTable);
  const [next] = compare(migrations, await readApplied(client));
  if (next) {
    try {
      // Without parameters, so that the whole script goes in one message: it needs no splitting at semicolons.
      await client.query(next.sql);
    } catch (error) {
      throw new MigrationError(
        `Migration ${next.name} failed, nothing of it was applied: ${describe(error, next.sql)}`,
      );
    }
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), next.checksum, next.name],
    );
  }
  return next?.name;
}

/** The migrations that have not been applied. */
function compare(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of applied) {
    const migration = known.get(name);
    if (!migration) {
      throw new MigrationError(
        `The database has the migration ${name}, which this version does not know: it was used by a newer version. ` +
          `Start that version, or set DATABASE_URL or DATA_DIR to another database.`,
      );
    }
    if (!finished) {
      throw new MigrationError(
        `The migration ${name} failed halfway in this database (by another tool). Repair it and mark it with "prisma migrate resolve".`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `The migration ${name} was changed after it had been applied to this database. ` +
          `Put migration.sql back as it was and make the change in a new migration.`,
      );
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function readApplied(connection: ClientBase | Pool): Promise<Applied[]> {
  const { rows } = await connection.query<Applied>(
    `select migration_name as name, checksum, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null order by migration_name`,
  );
  return rows;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      // A checkout on Windows may have other line ends; it is the same script.
      const sql = text.replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

function describe(error: unknown, sql: string): string {
  if (!(error instanceof DatabaseError)) return error instanceof Error ? error.message : String(error);
  const line =
    error.position === undefined ? '' : ` (line ${sql.slice(0, Number(error.position)).split('\n').length})`;
  return `${error.message}${line}`;
}

const prismaTable = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;
