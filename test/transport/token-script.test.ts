import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDemoPerson } from '../../scripts/demo-person.ts';
import { openDemoKey } from '../../src/http/demo-key.ts';

const people = [
  { externalId: 'anna', name: 'Anna Berg', roles: ['admin'] },
  { externalId: 'ben', name: 'Ben Kraus', roles: ['designer', 'member'] },
];

describe('a demo person', () => {
  test.each(['ben', 'Ben', 'ben kraus', ' Ben Kraus '])('is found as %j', (wanted) => {
    expect(findDemoPerson(people, wanted).externalId).toBe('ben');
  });

  test('who is unknown is answered with who there is', () => {
    expect(() => findDemoPerson(people, 'carl')).toThrow(
      'There is no demo user "carl". They are:\n  anna: Anna Berg, admin\n  ben: Ben Kraus, designer, member',
    );
  });

  test.each(['', ' '])('named %j is asked for', (wanted) => {
    expect(() => findDemoPerson(people, wanted)).toThrow(/^Whose token\? Name one of:\n {2}anna/);
  });
});

describe('the token script', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'handrail-token-'));
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true });
  });

  const script = join(import.meta.dirname, '../../scripts/token.ts');
  const run = (environment: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', script, 'anna'], {
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...environment },
    });

  test('before the first start says what to do', async () => {
    await expect(run({})).rejects.toMatchObject({
      stderr: expect.stringMatching(/run npm start first/) as string,
    });
  });

  test('prints a token and nothing else', async () => {
    await openDemoKey(dataDir);
    const { stdout, stderr } = await run({});
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^[\w.-]+\n$/);
    expect(decodeJwt(stdout.trim())).toMatchObject({ sub: 'anna', org: 'demo', roles: ['admin'] });
  });

  test('with other authentication says where tokens come from', async () => {
    const environment = { AUTH_SECRET: 'a secret of at least thirty-two characters' };
    await expect(run(environment)).rejects.toMatchObject({
      stderr: expect.stringMatching(/your issuer/) as string,
    });
  });
});
