import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDemoKey, readDemoKey } from '../../src/http/demo-key.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-key-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('the key stays the same', async () => {
  const key = await openDemoKey(folder);
  expect(key).toHaveLength(32);
  expect(await openDemoKey(folder)).toEqual(key);
  expect(await readDemoKey(folder)).toEqual(key);
});

test('only its owner can read it', async () => {
  await openDemoKey(folder);
  expect((await stat(join(folder, 'demo-key'))).mode & 0o777).toBe(0o600);
});

test('two servers that start at the same time have the same key', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => openDemoKey(folder)));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(await readdir(folder)).toEqual(['demo-key']);
});

test('reading makes none', async () => {
  expect(await readDemoKey(join(folder, 'nothing'))).toBeNull();
});

test('a damaged file is told, not replaced', async () => {
  await writeFile(join(folder, 'demo-key'), 'abc\n');
  await expect(openDemoKey(folder)).rejects.toThrow(/does not hold a key/);
});
