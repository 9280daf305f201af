import { setTimeout as pause } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import type { Logger } from 'pino';
import { StartError } from '../../start-error.ts';
import { ensureCluster, superuser } from './cluster.ts';
import { type DataFolder, prepareDataFolder } from './data-folder.ts';
import { type FolderLock, takeFolderLock } from './folder-lock.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { type Postmaster, findPostmaster, requestStop } from './postmaster.ts';
import { type ServerProcess, launchServer } from './server-process.ts';

/** A real PostgreSQL server that lives as long as this object. Disposing stops it (fast shutdown, awaited). */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** For database `handrail`, as a superuser, with the password. */
  readonly connectionString: string;
}

/** What {@link startEmbeddedPostgres} needs to know. */
export interface EmbeddedPostgresOptions {
  /** Folder for everything that it keeps; made when missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** `off`: faster, but a crash of the machine may ruin the data. For tests. Default `on`. */
  readonly durability?: 'on' | 'off';
}

/** How long a server may take to accept connections: it may have to recover from a crash first. */
const startPatience = 60_000;

/**
 * Starts the embedded PostgreSQL on a data folder: about 1 s more the first time.
 *
 * A server that an earlier, killed run left behind is stopped first.
 *
 * @throws {StartError} when another living process uses the folder, or the server cannot run here.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options;
  const durable = options.durability !== 'off';
  const folder = await prepareDataFolder(dataDir, await findPostgresBinaries());
  const password = await ensureCluster(folder, durable);
  // More than one attempt when the port was taken in between, or another process starts on the folder at this moment:
  // then the next attempt finds that one's server.
  let lastWords = '';
  for (let attempt = 1; attempt <= 5; attempt++) {
    const running = await findPostmaster(folder.cluster);
    if (running) await stopAbandoned(running, folder, password, log);
    const server = await launchServer(folder, durable);
    const lock = await lockWhenReady(server, folder, password, log);
    if (lock) {
      log.debug({ port: server.port, account: folder.account.name }, 'embedded PostgreSQL started');
      return embeddedPostgres(server, lock, password);
    }
    lastWords = await server.lastWords();
  }
  throw new StartError(`The embedded PostgreSQL did not start in ${folder.dataDir}:\n${lastWords}`);
}

async function embeddedPostgres(
  server: ServerProcess,
  lock: FolderLock,
  password: string,
): Promise<EmbeddedPostgres> {
  try {
    await ensureDatabase(connectionString(password, server.port, 'postgres'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    connectionString: connectionString(password, server.port, 'handrail'),
    async [Symbol.asyncDispose]() {
      await lock.release();
      await server.stop();
    },
  };
}

/** @returns `undefined` when the server ended for a reason for which another attempt is worthwhile. */
async function lockWhenReady(
  server: ServerProcess,
  folder: DataFolder,
  password: string,
  log: Logger,
): Promise<FolderLock | undefined> {
  const until = Date.now() + startPatience;
  for (;;) {
    try {
      const lock = await takeFolderLock(connectionString(password, server.port, 'postgres'), {
        patience: 1000,
        log,
      });
      if (lock) return lock;
      // Another process found our server, took the lock and is about to stop it.
      await server.stop();
      return undefined;
    } catch (error) {
      if (server.hasEnded()) {
        const lines = await server.lastWords();
        if (/Address already in use|could not bind|"postmaster\.pid" already exists/.test(lines))
          return undefined;
        if (/received (fast|smart|immediate) shutdown request/.test(lines)) return undefined;
        throw new StartError(
          `The embedded PostgreSQL in ${folder.dataDir} did not start (as ${folder.account.name}):\n${lines}`,
        );
      }
      if (!isNotReady(error) || Date.now() > until) {
        await server.stop();
        throw error;
      }
      await pause(15);
    }
  }
}

/** Stops a server that nobody uses any more. @throws {StartError} when somebody does. */
async function stopAbandoned(
  running: Postmaster,
  folder: DataFolder,
  password: string,
  log: Logger,
): Promise<void> {
  const until = Date.now() + startPatience;
  for (let server: Postmaster | undefined = running; server; server = await findPostmaster(folder.cluster)) {
    try {
      if (server.port !== 0) {
        const lock = await takeFolderLock(connectionString(password, server.port, 'postgres'), {
          patience: 1000,
          log,
        });
        if (!lock) throw inUse(folder);
        log.warn({ server: server.pid }, 'stopping the embedded PostgreSQL that an earlier run left behind');
        requestStop(server.pid);
        await lock.release();
        await untilGone(folder, until);
        return;
      }
    } catch (error) {
      if (!isNotReady(error)) throw error;
    }
    if (Date.now() > until) throw unresponsive(folder, server.pid);
    await pause(30);
  }
}

async function untilGone(folder: DataFolder, until: number): Promise<void> {
  for (
    let server = await findPostmaster(folder.cluster);
    server;
    server = await findPostmaster(folder.cluster)
  ) {
    if (Date.now() > until) throw unresponsive(folder, server.pid);
    await pause(20);
  }
}

async function ensureDatabase(maintenance: string): Promise<void> {
  const client = new Client({ connectionString: maintenance });
  await client.connect();
  try {
    const { rowCount } = await client.query(`select from pg_database where datname = 'handrail'`);
    if (rowCount === 0) await client.query('create database handrail');
  } finally {
    await client.end();
  }
}

/** Nobody listens yet, it is starting up or shutting down (57P03, 57P01), or it hung up while doing so. */
function isNotReady(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === '57P03' || error.code === '57P01';
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE' || /terminated/.test(error.message)
  );
}

function inUse({ dataDir }: DataFolder): StartError {
  return new StartError(
    `Another running Handrail uses the data folder ${dataDir}. Stop it, or start this one with another DATA_DIR (and PORT), ` +
      `or give both the same PostgreSQL server with DATABASE_URL.`,
  );
}

function unresponsive({ dataDir }: DataFolder, pid: number): StartError {
  return new StartError(
    `A PostgreSQL server (process ${pid}) runs on the data folder ${dataDir} but does not answer. ` +
      `Stop it (kill -INT ${pid}) and start again, or set DATA_DIR or DATABASE_URL.`,
  );
}

function connectionString(password: string, port: number, database: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}
