/** The key that signs the demo mode's tokens: kept in the data folder, so that tokens outlive a restart. */
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';

const KEY_BYTES = 32;

function keyFile(dataDir: string): string {
  return join(dataDir, 'demo-key');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The key; null if the server has never been started with this data folder. */
export async function readDemoKey(dataDir: string): Promise<Uint8Array | null> {
  const file = keyFile(dataDir);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (text === null) return null;
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) {
    throw new StartError(`${file} does not hold a key: remove it, and the next start makes a new one`);
  }
  return key;
}

/** The key, made if there is none yet; nobody but the owner can read the file. */
export async function openDemoKey(dataDir: string): Promise<Uint8Array> {
  const existing = await readDemoKey(dataDir);
  if (existing) return existing;
  await mkdir(dataDir, { recursive: true });
  const key = randomBytes(KEY_BYTES);
  const file = keyFile(dataDir);
  const draft = `${file}.${randomUUID()}`;
  // Written elsewhere first: of two servers that start at the same time one makes the key, and the other finds it whole.
  await writeFile(draft, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return key;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return await openDemoKey(dataDir);
  } finally {
    await rm(draft);
  }
}
