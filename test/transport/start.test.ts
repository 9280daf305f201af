import { chmod, cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { StartError } from '../../src/start-error.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGateway } from '../support/gateway.ts';
import { silentLog } from '../support/live-fixture.ts';
import { startProgram } from '../support/process.ts';

/** A data folder of which an earlier run left the migrated database: tests start from copies, which is quicker. */
let prepared: string;
let folder: string;

/** With authentication, so without the demo organization, which takes 2 s to make. */
const settings = { AUTH_SECRET: 'of no more use than its length of 32' };

/** A process of its own, which takes seconds to load everything. */
const start = (more: Record<string, string>) => startProgram({ ...settings, ...more });

/** The whole server in this process, where that is enough. */
const openApp = (more: Record<string, string>) =>
  createApp(readConfig({ PORT: '0', ...settings, ...more }), silentLog);

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'handrail-prepared-'));
  await (await openApp({ DATA_DIR: prepared }))[Symbol.asyncDispose]();
});

afterAll(async () => {
  await rm(prepared, { recursive: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-start-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a first start makes the database and the demo organization, and SIGTERM ends it with 0', async () => {
  await using program = startProgram({ DATA_DIR: join(folder, 'new/data') });
  const url = await program.url;
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({
    status: 'ok',
    checks: { database: 'ok', migrations: 'ok' },
  });
  program.process.kill('SIGTERM');
  const end = await program.ended;
  expect(end).toMatchObject({ code: 0, stderr: '' });
  expect(end.stdout).toContain('"database migrated"');
  expect(end.stdout).toContain('"demo organization made"');
});

test('a later start finds the database again, and SIGINT ends it with 0', async () => {
  await cp(prepared, folder, { recursive: true });
  await using program = start({ DATA_DIR: folder });
  await program.url;
  program.process.kill('SIGINT');
  const end = await program.ended;
  expect(end).toMatchObject({ code: 0, stderr: '' });
  expect(end.stdout).not.toContain('"database migrated"');
});

test('after kill -9 the next start takes over the data folder', async () => {
  await cp(prepared, folder, { recursive: true });
  const killed = start({ DATA_DIR: folder });
  await killed.url;
  killed.process.kill('SIGKILL');
  await killed.ended;

  await using next = await openApp({ DATA_DIR: folder });
  const { url } = await next.listen();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test('a second program on the same data folder is refused and told how to go on, and the first is not disturbed', async () => {
  await cp(prepared, folder, { recursive: true });
  await using first = await openApp({ DATA_DIR: folder });
  const { url } = await first.listen();
  const { code, stderr } = await start({ DATA_DIR: folder }).ended;
  expect(stderr).toBe(
    `Another running Handrail uses the data folder ${folder}. Stop it, or start this one with another DATA_DIR (and PORT), ` +
      `or give both the same PostgreSQL server with DATABASE_URL.\n`,
  );
  expect(code).toBe(1);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});

test('of two first starts at the same time one works and the other is refused', async () => {
  await using one = start({ DATA_DIR: folder });
  await using other = start({ DATA_DIR: folder });
  const outcomes = await Promise.allSettled([one.url, other.url]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { code, stderr } = await (outcomes[0].status === 'rejected' ? one : other).ended;
  expect(stderr).toContain('Another running Handrail uses the data folder');
  expect(code).toBe(1);
});

test('a taken port is named, and the database does not stay behind', async () => {
  await cp(prepared, folder, { recursive: true });
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await start({ DATA_DIR: folder, PORT: String(port) }).ended;
  other.close();
  expect(stderr).toBe(`Port ${port} on 127.0.0.1 is in use; stop the other program or set PORT\n`);
  expect(code).toBe(1);

  expect(await readdir(join(folder, 'postgresql/data'))).not.toContain('postmaster.pid');
});

test('settings that are wrong stop the start with a line each', async () => {
  expect(await start({ PORT: 'abc', GRAPHIQL: 'yes' }).ended).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'PORT is "abc", must be a whole number from 0 to 65535\nGRAPHIQL is "yes", must be one of on, off\n',
  });
});

test('a database that does not answer is named without its password', async () => {
  await expect(openApp({ DATABASE_URL: 'postgresql://me:geheim@127.0.0.1:1/handrail' })).rejects.toThrow(
    new StartError(
      'The database 127.0.0.1:1/handrail cannot be used: connect ECONNREFUSED 127.0.0.1:1. Start it, or correct DATABASE_URL.',
    ),
  );
});

test('a database that goes away during the start is told without a stack', async () => {
  await using database = await createTestDatabase();
  await using gateway = await openGateway(database.connectionString, 1);
  const start = openApp({ DATABASE_URL: gateway.url });
  await expect(start).rejects.toThrow(StartError);
  await expect(start).rejects.toThrow(
    /^The database went away while the server started: .*ECONNRESET.*\. Start the server again\.$/,
  );
});

test('DATABASE_URL is used instead of an embedded server, and /ready notices when it is gone', async () => {
  const database = await createTestDatabase();
  await using app = await openApp({ DATABASE_URL: database.connectionString, WORKER: 'off' });
  const { url } = await app.listen();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  await database[Symbol.asyncDispose]();
  const answer = await fetch(`${url}/ready`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    status: 'unavailable',
    checks: { database: 'not reachable', migrations: 'unknown' },
  });
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('a migration that the program does not know is refused', async () => {
  await using database = await createTestDatabase();
  const client = new Client({ connectionString: database.connectionString });
  await client.connect();
  await client.query(
    `insert into _prisma_migrations values ('1', 'x', now(), '9999_newer', null, null, now(), 1)`,
  );
  await client.end();
  await expect(openApp({ DATABASE_URL: database.connectionString })).rejects.toThrow(
    /^The database has the migration 9999_newer, which this version does not know/,
  );
});

test('it starts below a folder that nobody else may enter', async () => {
  const locked = join(folder, 'private');
  await mkdir(locked);
  await chmod(locked, 0o700);
  await using app = await openApp({ DATA_DIR: join(locked, 'data') });
  const { url } = await app.listen();
  expect((await fetch(`${url}/ready`)).status).toBe(200);
});
