// `npm run generate`: the Prisma client and the Pothos types, from prisma/schema.prisma to src/store/generated/, and the pages for browsers.
// Prisma needs seconds for it and this runs before every start, so what did not change is skipped.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPages, PAGES } from './build-pages.ts';

const root = join(import.meta.dirname, '..');

/** Generates if needed. @throws with the words of Prisma or esbuild when it fails. */
export async function generate(): Promise<void> {
  await unlessUnchanged('src/store/generated', PRISMA_INPUTS, runPrismaGenerate);
  await unlessUnchanged('src/pages/generated', await pageInputs(), () => buildPages(join(root, 'src/pages')));
}

const PRISMA_INPUTS = [
  'prisma/schema.prisma',
  'prisma.config.ts',
  'node_modules/prisma/package.json',
  'node_modules/@pothos/plugin-prisma/package.json',
];

async function pageInputs(): Promise<string[]> {
  const folders = PAGES.map((page) => `src/pages/${page}`);
  const sources = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder))).sort().map((name) => `${folder}/${name}`),
    ),
  );
  const packages = [
    '@cfworker/json-schema',
    '@rjsf/core',
    '@rjsf/utils',
    'esbuild',
    'markdown-to-jsx',
    'react',
    'react-dom',
  ];
  return [
    ...sources.flat(),
    'scripts/build-pages.ts',
    ...packages.map((name) => `node_modules/${name}/package.json`),
  ];
}

/** Makes what is in the folder, which remembers by a hash what it was made from. */
async function unlessUnchanged(
  folder: string,
  inputs: readonly string[],
  make: () => Promise<void>,
): Promise<void> {
  const stamp = join(root, folder, '.made-from');
  const hash = createHash('sha256');
  for (const file of inputs) hash.update(await readFile(join(root, file)));
  const madeFrom = hash.digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === madeFrom) return;
  await mkdir(join(root, folder), { recursive: true });
  await writeFile(stamp, '');
  await make();
  await writeFile(stamp, madeFrom);
}

async function runPrismaGenerate(): Promise<void> {
  const prisma = join(root, 'node_modules/prisma/build/index.js');
  // Prisma looks for the Pothos generator on the path, where npm and npx put it, but a bare `node` does not.
  const path = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const child = spawn(process.execPath, [prisma, 'generate'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: path,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      NO_COLOR: '1',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`prisma generate failed:\n${output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await generate();
