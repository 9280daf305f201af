import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { generate } from '../../scripts/generate.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { migrateJobQueue } from '../../src/store/job-queue.ts';
import { applyMigrations } from '../../src/store/migrations.ts';
import { databaseNamed, templateDatabase } from './database.ts';

const root = join(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the test run's server, database `postgres`. */
    databaseServer: string;
  }
}

/** Once per test run: a PostgreSQL server in a temporary folder and in it the database that all tests clone. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (existsSync(join(root, 'prisma/schema.prisma'))) await generate();
  const dataDir = await mkdtemp(join(tmpdir(), 'handrail-test-'));
  const server = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'silent' }), durability: 'off' });
  const administration = databaseNamed(server.connectionString, 'postgres');
  await makeTemplate(administration);
  project.provide('databaseServer', administration);
  return async () => {
    await server[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true, force: true });
  };
}

async function makeTemplate(administration: string): Promise<void> {
  const client = new Client({ connectionString: administration });
  await client.connect();
  await client.query(`create database ${templateDatabase}`);
  const connectionString = databaseNamed(administration, templateDatabase);
  const pool = new Pool({ connectionString, max: 1 });
  await applyMigrations(pool, join(root, 'prisma/migrations'));
  await pool.end();
  await migrateJobQueue(connectionString);
  // Nobody can connect to it any more: a connection would keep it from being cloned.
  await client.query(`alter database ${templateDatabase} with is_template true allow_connections false`);
  await client.end();
}
