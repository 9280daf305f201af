import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createAuthenticator } from '../../src/http/authentication.ts';
import { signDemoToken } from '../../src/http/demo-tokens.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { times } from '../support/collide.ts';
import { openLiveFixture, silentLog, type LiveFixture } from '../support/live-fixture.ts';
import { demoAuth } from '../support/transport-fixture.ts';
import { eventually } from '../support/eventually.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** Signs in users of organizations by number, all through one authenticator. */
function signingIn(database: Database) {
  const demoKey = new Uint8Array(32).fill(7);
  const clock = (): Date => new Date('2026-11-23T08:00:00.000Z');
  const authenticate = createAuthenticator({ auth: demoAuth, demoKey, database, log: silentLog, clock });
  return async (organization: string, user: string): Promise<Viewer> => {
    const person = { externalId: user, organizationExternalId: organization, name: user };
    const token = await signDemoToken(demoKey, { ...person, roles: ['member'] }, demoAuth.claims, {
      now: clock().getTime() / 1_000,
    });
    return authenticate(token);
  };
}

test('whoever signs in while somebody else makes the organization gets into it', async () => {
  const { pool } = fixture.database;
  const signIn = signingIn(fixture.database);
  const organizationId = randomUUID();
  const holder = await pool.connect();
  await holder.query('begin');
  await holder.query(
    `insert into organization (id, external_id, name) values ($1, 'nordhafen', 'Nordhafen')`,
    [organizationId],
  );
  const viewer = signIn('nordhafen', 'ben');
  await eventually(async () => {
    const { rows } = await pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(rows).toHaveLength(1);
  });
  await holder.query('commit');
  holder.release();
  expect(await viewer).toMatchObject({ organizationId, name: 'ben' });
});

test('everybody who signs in first, at the same moment, to an organization that is new gets in, each as one user', async () => {
  const { connectionString } = fixture;
  await using database = openDatabase({ connectionString, poolSize: 16, log: silentLog });
  const signIn = signingIn(database);
  for (const organization of times(10, (index) => `organization-${index}`)) {
    const viewers = await Promise.all(times(16, (index) => signIn(organization, `user-${index % 8}`)));
    expect(new Set(viewers.map(({ userId }) => userId)).size).toBe(8);
    expect(new Set(viewers.map(({ organizationId }) => organizationId)).size).toBe(1);
  }
});
