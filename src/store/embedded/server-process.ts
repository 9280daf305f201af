import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataFolder } from './data-folder.ts';
import { requestStop } from './postmaster.ts';
import { spawnAs } from './server-account.ts';

/** A server that we started. It may not accept connections yet. */
export interface ServerProcess {
  readonly port: number;
  /** True once it has ended, for whatever reason. */
  hasEnded(): boolean;
  /** Waits until it has ended. @returns the last lines that it wrote into its log, for a message about why. */
  lastWords(): Promise<string>;
  /** Fast shutdown, awaited; after 20 s an immediate one, from which the next start recovers. */
  stop(): Promise<void>;
}

/** Starts `postgres` on a free port of 127.0.0.1, with its log beside the cluster. */
export async function launchServer(folder: DataFolder, durable: boolean): Promise<ServerProcess> {
  const { account, binaries, cluster, logFile } = folder;
  const port = await freePort();
  await rename(logFile, `${logFile}.1`).catch(() => undefined);
  const log = await open(logFile, 'w+', 0o600);
  const child = spawnAs(account, binaries.postgres, ['-D', cluster, ...settings(port, durable)], {
    environment: binaries.environment,
    // A file, not a pipe: the server must be able to go on when we are gone.
    stdio: ['ignore', log.fd, log.fd],
    // A group of its own, so that Ctrl-C in the terminal reaches us only: we drain first and stop the server last.
    detached: true,
  });
  // Not being able to start it is seen as having ended.
  child.on('error', () => undefined);
  if (child.pid === undefined) {
    await log.close();
    return {
      port,
      hasEnded: () => true,
      lastWords: () => Promise.resolve(`${binaries.postgres} could not be started`),
      stop: () => Promise.resolve(),
    };
  }
  return supervise(child, child.pid, port, log);
}

/** Read through the handle: when two servers start on one folder, the file's name belongs to the later one. */
async function readLastLines(log: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(16_384);
  const { size } = await log.stat();
  const { bytesRead } = await log.read({ buffer, position: Math.max(0, size - buffer.length) });
  return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-8).join('\n');
}

function supervise(child: ChildProcess, pid: number, port: number, log: FileHandle): ServerProcess {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = once(child, 'exit');
  const lastWords = ended.then(() => readLastLines(log)).catch(() => '');
  void lastWords.then(() => log.close());
  // Whoever ends us with process.exit() does not wait for stop().
  const stopAtExit = () => requestStop(pid);
  process.once('exit', stopAtExit);
  child.once('exit', () => process.off('exit', stopAtExit));
  // A program that forgot to stop the server can still end.
  child.unref();
  return {
    port,
    hasEnded,
    lastWords: () => lastWords,
    async stop() {
      if (hasEnded()) return;
      child.ref();
      requestStop(pid);
      const abort = new AbortController();
      const patience = pause(20_000, 'late', { signal: abort.signal }).catch(() => 'in time');
      if ((await Promise.race([ended, patience])) === 'late') child.kill('SIGQUIT');
      await ended;
      abort.abort();
    },
  };
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // A socket's path may have at most 107 bytes, which a data folder deep in a checkout exceeds.
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Compiling a query pays for reports, not for lookups of a few milliseconds.
    jit: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** A port that was free a moment ago: the server's own attempt decides. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
