import { randomBytes } from 'node:crypto';
import { access, chown, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../../start-error.ts';
import type { DataFolder } from './data-folder.ts';
import { isAlive } from './postmaster.ts';
import { runAs } from './server-account.ts';

/** The superuser of an embedded cluster, which owns everything in it. */
export const superuser = 'handrail';

/** Inside the cluster's folder, so that the two can never be of different origin. PostgreSQL leaves it alone. */
const passwordFile = 'handrail.password';

/**
 * The superuser's password. Makes the cluster (about 1 s) if there is none yet.
 *
 * It is made under another name and moved into place complete, so that neither an interrupted first start nor two at
 * the same time leave half a cluster behind.
 *
 * @param durable - `false` for tests: the new files need not survive a crash of the machine.
 */
export async function ensureCluster(folder: DataFolder, durable: boolean): Promise<string> {
  const existing = await readPassword(folder.cluster);
  if (existing !== undefined) return existing;
  if (await exists(join(folder.cluster, 'PG_VERSION'))) {
    throw new StartError(
      `${join(folder.cluster, passwordFile)} is missing or cannot be read. If another user made this data folder, ` +
        `start as that user; otherwise set DATA_DIR to a new folder.`,
    );
  }
  await removeAbandoned(folder.cluster);
  const unfinished = `${folder.cluster}.new-${process.pid}`;
  const password = randomBytes(24).toString('base64url');
  const handover = `${unfinished}.password`;
  await writePassword(handover, password, folder);
  try {
    await initialize(folder, unfinished, handover, durable);
    await rename(handover, join(unfinished, passwordFile));
    await rename(unfinished, folder.cluster);
    return password;
  } catch (error) {
    await rm(handover, { force: true });
    await rm(unfinished, { recursive: true, force: true });
    // Another first start was quicker: its cluster is as good.
    const quicker = await readPassword(folder.cluster);
    if (quicker !== undefined) return quicker;
    throw error;
  }
}

async function initialize(
  folder: DataFolder,
  cluster: string,
  handover: string,
  durable: boolean,
): Promise<void> {
  const { account, binaries } = folder;
  const options = [
    `--pgdata=${cluster}`,
    `--username=${superuser}`,
    `--pwfile=${handover}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Upper and lower case of all letters, in an order that no update of a library can change.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  const { code, output } = await runAs(account, binaries.initdb, options, binaries.environment);
  if (code !== 0) {
    throw new StartError(
      `The embedded PostgreSQL could not make its data folder ${folder.cluster} (as ${account.name}):\n${output.trim()}\n` +
        `Set DATA_DIR to another folder, or DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

async function writePassword(file: string, password: string, { account }: DataFolder): Promise<void> {
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  if (account.user) await chown(file, account.user.uid, account.user.gid);
}

async function readPassword(cluster: string): Promise<string | undefined> {
  const text = await readFile(join(cluster, passwordFile), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

/** What first starts left behind that were killed: their processes are gone. */
async function removeAbandoned(cluster: string): Promise<void> {
  for (const name of await readdir(dirname(cluster))) {
    const pid = /^(.+)\.new-(\d+)/.exec(name);
    if (pid?.[1] !== basename(cluster) || isAlive(Number(pid[2]))) continue;
    await rm(join(dirname(cluster), name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
