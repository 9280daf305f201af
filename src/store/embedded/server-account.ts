import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';

/**
 * An identity under which PostgreSQL's programs are run.
 *
 * They refuse to run as uid 0, and `initdb` wants its uid to have a name. So this is not always the identity of our
 * own process.
 */
export interface ServerAccount {
  /** For messages: "user 1000 of a user namespace". */
  readonly name: string;
  /** The user to switch to, who must then own the server's files; `undefined`: we stay who we are. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
}

/** The account of our own process, if PostgreSQL accepts it. */
export function ownAccount(): ServerAccount | undefined {
  if (process.getuid?.() === 0 || !hasName()) return undefined;
  return { name: 'the same user', user: undefined, prefix: [] };
}

/**
 * Our own process's user under another number, in a user namespace: files stay ours, no account is needed.
 * Linux with `unshare` of util-linux only, and only where namespaces are allowed: whether it works must be tried.
 */
export async function namespaceAccount(): Promise<ServerAccount> {
  // A number that has a name, or initdb stops with "could not look up effective user ID".
  const accounts = await readAccounts();
  const { uid } = accounts.find((account) => account.uid === 1000) ?? accounts[0] ?? { uid: 1000 };
  return {
    name: `user ${uid} of a user namespace`,
    user: undefined,
    prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${uid}`, '--'],
  };
}

/** Accounts of this machine that root can switch to: first the one with the wanted uid, then `postgres`, `nobody`. */
export async function otherAccounts(preferredUid: number | undefined): Promise<ServerAccount[]> {
  const accounts = await readAccounts();
  const wanted = [
    accounts.find((account) => account.uid === preferredUid),
    accounts.find((account) => account.name === 'postgres'),
    accounts.find((account) => account.name === 'nobody'),
  ];
  return wanted
    .filter((account) => account !== undefined)
    .map((account) => switchedAccount(`user ${account.name}`, account));
}

/** An account that root switches to when it starts a program. */
export function switchedAccount(name: string, { uid, gid }: { uid: number; gid: number }): ServerAccount {
  return { name, user: { uid, gid }, prefix: [] };
}

/** What a program printed and how it ended. */
export interface Outcome {
  /** Exit code; `null` when it could not be started or was killed. */
  readonly code: number | null;
  /** Standard output and standard error, in order of arrival. */
  readonly output: string;
}

/** Runs a program as that account to its end. Never throws: what cannot be started has the code `null`. */
export async function runAs(
  account: ServerAccount,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = spawnAs(account, program, args, { environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  try {
    await once(child, 'close');
    return { code: child.exitCode, output };
  } catch (error) {
    return { code: null, output: String(error) };
  }
}

/** Starts a program as that account. None of our own `PG…` variables reach it. */
export function spawnAs(
  account: ServerAccount,
  program: string,
  args: readonly string[],
  options: { environment: Readonly<Record<string, string>>; stdio: StdioOptions; detached?: boolean },
): ChildProcess {
  const inherited = Object.fromEntries(
    ['PATH', 'SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const [command = program, ...rest] = [...account.prefix, program, ...args];
  return spawn(command, rest, {
    ...account.user,
    // Our working directory may be one that the account cannot enter.
    cwd: '/',
    env: { ...inherited, ...options.environment, LC_ALL: 'C', TZ: 'UTC' },
    stdio: options.stdio,
    detached: options.detached ?? false,
    windowsHide: true,
  });
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

async function readAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && uid > 0 && Number.isInteger(gid));
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}
