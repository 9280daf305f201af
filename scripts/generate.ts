// `npm run generate`: the Prisma client and the Pothos types, from prisma/schema.prisma to src/store/generated/.
// Prisma needs seconds for it and this runs before every start, so it is skipped when nothing changed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const generated = join(root, 'src/store/generated');
const stamp = join(generated, '.made-from');

/** Generates if needed. @throws with Prisma's own words when it fails. */
export async function generate(): Promise<void> {
  const inputs = await hashInputs();
  if ((await readFile(stamp, 'utf8').catch(() => '')) === inputs) return;
  await mkdir(generated, { recursive: true });
  await writeFile(stamp, '');
  await runPrismaGenerate();
  await writeFile(stamp, inputs);
}

async function hashInputs(): Promise<string> {
  const files = [
    'prisma/schema.prisma',
    'prisma.config.ts',
    'node_modules/prisma/package.json',
    'node_modules/@pothos/plugin-prisma/package.json',
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(join(root, file)));
  return hash.digest('hex');
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
