import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/store/embedded/embedded-postgres.ts';
import { prepareDataFolder } from '../../src/store/embedded/data-folder.ts';
import { findPostgresBinaries, linkLibraries } from '../../src/store/embedded/postgres-binaries.ts';
import { launchServer } from '../../src/store/embedded/server-process.ts';

let folder: string;
/** With a cluster in it that is not running at the beginning of each test. */
let dataDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-embedded-'));
  // A socket's path could not be as long as this.
  dataDir = join(folder, 'a'.repeat(100), 'data');
  await using postgres = await start();
  await query(postgres, 'create table kept (n int); insert into kept values (42)');
});

beforeEach(async () => {
  expect(await readdir(join(dataDir, 'postgresql/data'))).not.toContain('postmaster.pid');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function start(durability: 'on' | 'off' = 'off'): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, log: pino({ level: 'silent' }), durability });
}

async function query(postgres: EmbeddedPostgres, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: postgres.connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function serverPid(): Promise<number> {
  const [pid = ''] = (await readFile(join(dataDir, 'postgresql/data/postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

test('data is still there after a restart', async () => {
  await using postgres = await start();
  expect(await query(postgres, 'select n from kept')).toEqual([{ n: 42 }]);
});

test('text is UTF-8, letters outside ASCII have upper and lower case, and times are in UTC', async () => {
  await using postgres = await start();
  const [row] = await query(
    postgres,
    `select lower('ÄÖÜ') as lower, current_setting('server_encoding') as encoding, current_setting('timezone') as zone`,
  );
  expect(row).toEqual({ lower: 'äöü', encoding: 'UTF8', zone: 'UTC' });
});

test('only this machine can connect, and only with the password', async () => {
  await using postgres = await start();
  expect(await query(postgres, `select current_setting('listen_addresses') as addresses`)).toEqual([
    { addresses: '127.0.0.1' },
  ]);
  const url = new URL(postgres.connectionString);
  url.password = 'wrong';
  await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow(
    'password authentication failed',
  );
  const { mode } = await stat(join(dataDir, 'postgresql/data/handrail.password'));
  expect((mode & 0o777).toString(8)).toBe('600');
});

test('a second one on the same data folder is refused while the first lives', async () => {
  await using postgres = await start();
  await expect(start()).rejects.toThrow(`Another running Handrail uses the data folder ${dataDir}.`);
  expect(await query(postgres, 'select 1 as alive')).toEqual([{ alive: 1 }]);
});

test('of several that start at once one gets the data folder', async () => {
  const outcomes = await Promise.allSettled([start(), start(), start()]);
  const started = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(started).toHaveLength(1);
  for (const { value } of started) await value[Symbol.asyncDispose]();
});

test('a server that ends tells what it wrote itself, although a later start has begun a new log', async () => {
  await using _running = await start();
  const prepared = await prepareDataFolder(dataDir, await findPostgresBinaries());
  const refused = [await launchServer(prepared, false), await launchServer(prepared, false)];
  for (const server of refused) {
    expect(await server.lastWords()).toContain('lock file "postmaster.pid" already exists');
    expect(server.hasEnded()).toBe(true);
  }
});

test('what was committed is there again after the server itself was killed', async () => {
  const postgres = await start('on');
  await query(postgres, 'insert into kept values (43)');
  process.kill(await serverPid(), 'SIGKILL');
  await postgres[Symbol.asyncDispose]();
  await using recovered = await start();
  expect(await query(recovered, 'select n from kept where n > 42')).toEqual([{ n: 43 }]);
  await query(recovered, 'delete from kept where n > 42');
});

test('a leftover pid file that names a living process of another kind does not keep it from starting', async () => {
  const file = join(dataDir, 'postgresql/data/postmaster.pid');
  await writeFile(
    file,
    `${process.ppid}\n${join(dataDir, 'postgresql/data')}\n1\n5432\n\n127.0.0.1\n\nready\n`,
    { mode: 0o600 },
  );
  await using postgres = await start();
  expect(await query(postgres, 'select n from kept')).toEqual([{ n: 42 }]);
});

test('a first start that was interrupted leaves nothing that keeps the next from starting', async () => {
  const interrupted = join(folder, 'interrupted');
  // No process has that number: it is above what systems hand out.
  await mkdir(join(interrupted, 'postgresql/data.new-99999999'), { recursive: true, mode: 0o700 });
  await writeFile(join(interrupted, 'postgresql/data.new-99999999/PG_VERSION'), '18\n');
  await using postgres = await startEmbeddedPostgres({
    dataDir: interrupted,
    log: pino({ level: 'silent' }),
    durability: 'off',
  });
  expect(await query(postgres, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  expect(await readdir(join(interrupted, 'postgresql'))).toEqual(['data', 'postgres.log']);
});

test('a data folder that cannot be made is named with the way on', async () => {
  await writeFile(join(folder, 'file'), '');
  const impossible = startEmbeddedPostgres({
    dataDir: join(folder, 'file/data'),
    log: pino({ level: 'silent' }),
  });
  await expect(impossible).rejects.toThrow(
    /^The data folder .*file\/data cannot be used: .* Set DATA_DIR .*, or DATABASE_URL\.$/,
  );
});

test('missing links between the shared libraries are made, and those that exist are left alone', async () => {
  const native = join(folder, 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'lib/liba.so.1.2'), 'library');
  await writeFile(join(native, 'lib/liba.so.1'), 'already there');
  const list = ['liba.so', 'liba.so.1'].map((name) => ({
    source: 'native/lib/liba.so.1.2',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(list));
  const linked = await linkLibraries(
    { folder: native, initdb: '', postgres: '', environment: {} },
    join(folder, 'links'),
  );
  expect(linked.environment).toEqual({});
  expect(await readFile(join(native, 'lib/liba.so'), 'utf8')).toBe('library');
  expect(await readFile(join(native, 'lib/liba.so.1'), 'utf8')).toBe('already there');
});

test('where links cannot be made beside the libraries they are made in another folder, which the programs are told', async () => {
  const native = join(folder, 'unwritable');
  await mkdir(native);
  // Missing instead of read-only: root may write everywhere.
  const list = [{ source: 'native/lib/liba.so.1.2', target: 'native/lib/liba.so' }];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(list));
  const links = join(folder, 'other-links');
  const linked = await linkLibraries({ folder: native, initdb: '', postgres: '', environment: {} }, links);
  expect(Object.values(linked.environment)).toEqual([`${links}:${join(native, 'lib')}`]);
  expect(await readdir(links)).toEqual(['liba.so']);
});
