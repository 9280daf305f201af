import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A server process that runs on a cluster. */
export interface Postmaster {
  readonly pid: number;
  /** TCP port on 127.0.0.1; 0 while it is still starting. */
  readonly port: number;
}

/**
 * The server that runs on the cluster now, if any, whoever started it.
 *
 * After a crash `postmaster.pid` can name a process that is gone, or whose number now belongs to something else; a
 * server would not start then, so in the second case the file is removed.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  // Lines: pid, data folder, start time, port, socket folder, listen address, shared memory key, status.
  const [pid = '', , , port = ''] = text.split('\n');
  if (!/^\d+$/.test(pid) || !isAlive(Number(pid))) return undefined;
  if (await isServer(Number(pid), cluster)) return { pid: Number(pid), port: Number(port) };
  await rm(file, { force: true });
  return undefined;
}

/** Fast shutdown: ends sessions and transactions, writes a checkpoint. Returns at once. */
export function requestStop(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    // Already gone is what we wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Whether a process with that number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Servers are started with `-D <cluster>`, which their command line shows. (A zombie shows nothing.) */
async function isServer(pid: number, cluster: string): Promise<boolean> {
  // No cheap way to see another process's command line there; whether it answers is found out by connecting.
  if (process.platform === 'win32') return true;
  const command = await commandLine(pid);
  return command.includes('postgres') && command.includes(cluster);
}

async function commandLine(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    // Not Linux, or gone by now.
    const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({
      stdout: '',
    }));
    return listed.stdout;
  }
}
