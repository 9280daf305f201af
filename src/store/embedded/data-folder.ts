import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  lchown,
  mkdir,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StartError } from '../../start-error.ts';
import { type PostgresBinaries, binariesIn, linkLibraries } from './postgres-binaries.ts';
import {
  type ServerAccount,
  namespaceAccount,
  otherAccounts,
  ownAccount,
  runAs,
  switchedAccount,
} from './server-account.ts';

/** Everything that is needed to run the embedded server, found to work. */
export interface DataFolder {
  /** As the person set it, absolute; for messages. */
  readonly dataDir: string;
  /** The cluster itself (PGDATA). */
  readonly cluster: string;
  readonly logFile: string;
  readonly account: ServerAccount;
  readonly binaries: PostgresBinaries;
}

/**
 * Prepares `<dataDir>/postgresql` and decides who runs the server.
 *
 * Root gets a user namespace. Where those are forbidden, another account runs the server; if it cannot enter the data
 * folder (a parent has mode 700), the server's files go to a folder below `/var/lib/handrail`, to which
 * `<dataDir>/postgresql` then links.
 *
 * @throws {StartError} when nobody can run the server there.
 */
export async function prepareDataFolder(dataDir: string, installed: PostgresBinaries): Promise<DataFolder> {
  const link = join(resolve(dataDir), 'postgresql');
  try {
    await mkdir(resolve(dataDir), { recursive: true });
    const { folder, account, binaries } = await settle(link, installed);
    const files = { cluster: join(folder, 'data'), logFile: join(folder, 'postgres.log') };
    return { dataDir: resolve(dataDir), ...files, account, binaries };
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The data folder ${resolve(dataDir)} cannot be used: ${reason}. Set DATA_DIR to a folder that you may write, or DATABASE_URL.`,
    );
  }
}

interface Settled {
  readonly folder: string;
  readonly account: ServerAccount;
  readonly binaries: PostgresBinaries;
}

async function settle(link: string, installed: PostgresBinaries): Promise<Settled> {
  const own = ownAccount();
  if (own) return settleAs(own, link, installed);
  const isRoot = process.getuid?.() === 0;
  const owner = await ownerOf(join(link, 'data'));
  if (isRoot && owner && owner.uid !== 0) {
    // A cluster made by another user must go on being run by that user.
    const settled = await settleElsewhere(switchedAccount(`user ${owner.uid}`, owner), link, installed);
    if (settled) return settled;
  } else {
    const settled = await settleAs(await namespaceAccount(), link, installed);
    if (await works(settled)) return settled;
    const accounts = isRoot ? await otherAccounts((await ownerOf(join(link, '../..')))?.uid) : [];
    for (const account of accounts) {
      const elsewhere = await settleElsewhere(account, link, installed);
      if (elsewhere) return elsewhere;
    }
  }
  throw new StartError(
    `PostgreSQL does not run as ${isRoot ? 'root' : 'a user without a name'}, user namespaces are not allowed here, and no other account can use ` +
      `${link}. Start Handrail as a normal user, or set DATA_DIR to a folder that the account "postgres" or "nobody" can enter, or set DATABASE_URL.`,
  );
}

async function settleAs(
  account: ServerAccount,
  folder: string,
  installed: PostgresBinaries,
): Promise<Settled> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const real = await realpath(folder);
  return { folder: real, account, binaries: await linkLibraries(installed, join(real, 'lib')) };
}

/** With an account that we switch to: in the data folder if it can enter that, else below `/var/lib/handrail`. */
async function settleElsewhere(
  account: ServerAccount,
  link: string,
  installed: PostgresBinaries,
): Promise<Settled | undefined> {
  // A new name each time: whoever deletes the data folder expects a fresh start.
  for (const folder of [link, join('/var/lib/handrail', randomUUID())]) {
    if (folder !== link) {
      if (await ownerOf(join(link, 'data'))) return undefined;
      await rm(link, { recursive: true, force: true });
    }
    if (folder !== link) await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
    const settled = await settleAs(account, folder, installed);
    await giveTo(account, settled.folder);
    if (!(await entered(settled))) continue;
    if (folder !== link) await symlink(folder, link);
    if (await works(settled)) return settled;
    const copied = { ...settled, binaries: await copyBinaries(settled.binaries, account, settled.folder) };
    return (await works(copied)) ? copied : undefined;
  }
  return undefined;
}

async function works({ account, folder, binaries }: Settled): Promise<boolean> {
  const version = await runAs(account, binaries.postgres, ['--version'], binaries.environment);
  return version.code === 0 && (await entered({ account, folder, binaries }));
}

async function entered({ account, folder }: Settled): Promise<boolean> {
  return (
    (await runAs(account, '/bin/sh', ['-c', 'cd "$1" && test -O . && test -w .', 'sh', folder])).code === 0
  );
}

/** For an account that cannot read `node_modules`. About 60 MB; made once per version of the binaries. */
async function copyBinaries(
  binaries: PostgresBinaries,
  account: ServerAccount,
  folder: string,
): Promise<PostgresBinaries> {
  const version = createHash('sha256')
    .update(await readFile(binaries.postgres))
    .digest('hex')
    .slice(0, 16);
  const copy = join(folder, `binaries-${version}`);
  if ((await ownerOf(copy)) === undefined) {
    await rm(`${copy}.new`, { recursive: true, force: true });
    await cp(binaries.folder, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(binariesIn(`${copy}.new`), join(folder, 'lib'));
    await giveTo(account, `${copy}.new`);
    await rename(`${copy}.new`, copy);
  }
  return binariesIn(copy);
}

/** Makes the account the owner of the folder and all in it, the folder itself last. */
async function giveTo({ user }: ServerAccount, folder: string): Promise<void> {
  if (!user || (await ownerOf(folder))?.uid === user.uid) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
  await chmod(folder, 0o700);
  await chown(folder, user.uid, user.gid);
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  return stat(path).catch(() => undefined);
}
