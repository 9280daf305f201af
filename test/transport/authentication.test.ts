import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { Authentication } from '../../src/config.ts';
import { bearerToken, createAuthenticator, type Authenticate } from '../../src/http/authentication.ts';
import { signDemoToken } from '../../src/http/demo-tokens.ts';
import { openLiveFixture, silentLog, type LiveFixture } from '../support/live-fixture.ts';

const claims = { user: 'sub', organization: 'org', roles: 'roles' };
const SECRET = 'a secret of at least thirty-two characters';
const NOW = new Date('2026-11-23T08:00:00.000Z');
const now = NOW.getTime() / 1_000;
const ann = { sub: 'ann', org: 'acme', roles: ['member'], exp: now + 60 };

const withSecret: Authentication = {
  mode: 'secret',
  secret: SECRET,
  issuer: 'https://id',
  audience: 'handrail',
  claims,
};

let fixture: LiveFixture;
const statements: string[] = [];

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function authenticator(auth: Authentication, demoKey: Uint8Array | null = null): Authenticate {
  const database: typeof fixture.database = Object.assign(
    Object.create(fixture.database) as typeof fixture.database,
    {
      query: (...args: Parameters<typeof fixture.database.query>) => {
        statements.push(args[0].name);
        return fixture.database.query(...args);
      },
    },
  );
  return createAuthenticator({ auth, demoKey, database, log: silentLog, clock: () => NOW });
}

/** `undefined`: the claim is left out. */
type Payload = { readonly [claim: string]: unknown };

function sign(payload: Payload, secret: string = SECRET, alg = 'HS256'): Promise<string> {
  return new SignJWT({ iss: 'https://id', aud: 'handrail', ...payload })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret));
}

async function refusal(
  authentication: Promise<Viewer>,
): Promise<{ code: unknown; message: string; status: unknown }> {
  const error: unknown = await authentication.catch((reason: unknown) => reason);
  const { message, extensions } = error as {
    message: string;
    extensions: { code: unknown; http?: { status: unknown } };
  };
  return { code: extensions.code, message, status: extensions.http?.status };
}

describe('a token signed with the secret', () => {
  test('names the viewer', async () => {
    const viewer = await authenticator(withSecret)(await sign(ann));
    expect(viewer).toMatchObject({
      organizationId: fixture.organizationId,
      name: 'ann',
      roles: ['member'],
      teamIds: [],
      timeZone: 'Europe/Berlin',
      expiresAt: now + 60,
    });
  });

  test('costs one statement', async () => {
    const authenticate = authenticator(withSecret);
    const token = await sign(ann);
    statements.length = 0;
    await authenticate(token);
    expect(statements).toEqual(['viewer.byExternalIds']);
  });

  const faults: readonly (readonly [
    what: string,
    token: () => Promise<string> | string | null,
    message: RegExp,
  ])[] = [
    ['no token', () => null, /There is no token/],
    ['a token that is no JWT', () => 'secret', /malformed/],
    ['an expired token', () => sign({ ...ann, exp: now - 1 }), /has expired/],
    ['a token that expires now', () => sign({ ...ann, exp: now }), /has expired/],
    ['a token for later', () => sign({ ...ann, nbf: now + 60 }), /not valid yet/],
    [
      'a token with another secret',
      () => sign(ann, 'another secret that is just as long as it must be'),
      /wrong signature/,
    ],
    ['a token without signature', () => new UnsecuredJWT(ann).encode(), /signature|algorithm/],
    ['a token of another issuer', () => sign({ ...ann, iss: 'https://other' }), /wrong issuer/],
    ['a token for another audience', () => sign({ ...ann, aud: 'mail' }), /another audience/],
    ['a token without user', () => sign({ ...ann, sub: undefined }), /lacks the claim "sub"/],
    ['a token without organization', () => sign({ ...ann, org: undefined }), /lacks the claim "org"/],
    ['a token without roles', () => sign({ ...ann, roles: undefined }), /lacks the claim "roles"/],
    ['a number as user', () => sign({ ...ann, sub: 7 }), /claim "sub" must be a text|"sub"/],
    ['an endless organization', () => sign({ ...ann, org: 'x'.repeat(256) }), /claim "org" must be a text/],
    ['U+0000 in the user', () => sign({ ...ann, sub: 'a\0b' }), /claim "sub" must be a text/],
  ];
  test.each(faults)('%s is refused and told why', async (_what, token, message) => {
    expect(await refusal(authenticator(withSecret)(await token()))).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
      message: expect.stringMatching(message) as string,
    });
  });

  test('roles that are not known here are left out', async () => {
    const viewer = await authenticator(withSecret)(
      await sign({ ...ann, roles: ['owner', 'designer', 'member'] }),
    );
    expect(viewer.roles).toEqual(['designer', 'member']);
  });

  test.each([[[]], [['owner']], ['member'], [null]])('roles %j leave none and are refused', async (roles) => {
    expect(await refusal(authenticator(withSecret)(await sign({ ...ann, roles })))).toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
      message: expect.stringContaining('none of the roles admin, designer, member, partner') as string,
    });
  });

  test('the names of the claims are configurable', async () => {
    const auth = {
      ...withSecret,
      claims: { user: 'email', organization: 'tenant', roles: 'https://handrail/roles' },
    };
    const token = await sign({ email: 'ann', tenant: 'acme', 'https://handrail/roles': ['admin'] });
    expect(await authenticator(auth)(token)).toMatchObject({
      name: 'ann',
      roles: ['admin'],
      expiresAt: null,
    });
  });
});

describe('a user who is new', () => {
  async function kindOf({ userId }: Viewer): Promise<unknown> {
    const { rows } = await fixture.database.pool.query<{ kind: unknown }>(
      'select kind from app_user where id = $1',
      [userId],
    );
    return rows[0]?.kind;
  }

  test('is made with the names of the token', async () => {
    const token = await sign({ ...ann, sub: 'new', org: 'new-org', name: 'Nora New', org_name: 'New Works' });
    const viewer = await authenticator(withSecret)(token);
    expect(viewer.name).toBe('Nora New');
    expect(await kindOf(viewer)).toBe('INTERNAL');
    const { rows } = await fixture.database.pool.query('select name from organization where id = $1', [
      viewer.organizationId,
    ]);
    expect(rows).toEqual([{ name: 'New Works' }]);
  });

  test('is a partner if that is the only role', async () => {
    const viewer = await authenticator(withSecret)(await sign({ ...ann, sub: 'paul', roles: ['partner'] }));
    expect(viewer.roles).toEqual(['partner']);
    expect(await kindOf(viewer)).toBe('PARTNER');
  });

  test('is made once, however many requests come first', async () => {
    const authenticate = authenticator(withSecret);
    const token = await sign({ ...ann, sub: 'many', org: 'many-org' });
    const viewers = await Promise.all(Array.from({ length: 20 }, () => authenticate(token)));
    expect(new Set(viewers.map((viewer) => viewer.userId)).size).toBe(1);
  });
});

test('a deactivated user is refused', async () => {
  const authenticate = authenticator(withSecret);
  const token = await sign({ ...ann, sub: 'gone' });
  const { userId } = await authenticate(token);
  await fixture.database.pool.query('update app_user set is_active = false where id = $1', [userId]);
  expect(await refusal(authenticate(token))).toMatchObject({
    code: 'UNAUTHENTICATED',
    message: 'The token’s user is deactivated.',
  });
});

describe('the demo mode', () => {
  const key = new Uint8Array(32).fill(1);
  const person = {
    externalId: 'ann',
    organizationExternalId: 'acme',
    roles: ['admin'],
    name: 'Ann',
  } as const;

  test('takes its own tokens', async () => {
    const token = await signDemoToken(key, person, claims, { now, lifetime: 60 });
    expect(await authenticator({ mode: 'demo', claims }, key)(token)).toMatchObject({ roles: ['admin'] });
  });

  test('refuses those of another installation', async () => {
    const token = await signDemoToken(new Uint8Array(32).fill(2), person, claims, { now });
    expect(await refusal(authenticator({ mode: 'demo', claims }, key)(token))).toMatchObject({
      message: 'The token has a wrong signature.',
    });
  });
});

describe('an identity provider’s keys', () => {
  let jwksUrl: string;
  let isDown = false;
  let pair: Awaited<ReturnType<typeof generateKeyPair>>;
  const server = createServer((_request, response) => {
    if (isDown) return response.writeHead(500).end();
    void exportJWK(pair.publicKey).then((jwk) =>
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'one', alg: 'ES256', use: 'sig' }] })),
    );
    return undefined;
  });

  beforeAll(async () => {
    pair = await generateKeyPair('ES256');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  });
  afterAll(() => {
    server.close();
  });

  const auth = (): Authentication => ({
    mode: 'jwks',
    jwksUrl,
    issuer: 'https://id',
    audience: 'handrail',
    claims,
  });
  const signed = (payload: JWTPayload, kid = 'one', key = pair.privateKey): Promise<string> =>
    new SignJWT({ iss: 'https://id', aud: 'handrail', ...payload })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(key);

  test('sign tokens that are taken', async () => {
    expect(await authenticator(auth())(await signed(ann))).toMatchObject({ name: 'ann' });
  });

  test('are asked for once', async () => {
    const authenticate = authenticator(auth());
    await authenticate(await signed(ann));
    isDown = true;
    expect(await authenticate(await signed(ann))).toMatchObject({ name: 'ann' });
    isDown = false;
  });

  test('do not include a stranger’s key', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const authenticate = authenticator(auth());
    expect((await refusal(authenticate(await signed(ann, 'one', privateKey)))).message).toBe(
      'The token has a wrong signature.',
    );
    expect((await refusal(authenticate(await signed(ann, 'two', privateKey)))).message).toMatch(
      /not signed with a key/,
    );
  });

  test('are never used as a shared secret', async () => {
    const publicText = JSON.stringify(await exportJWK(pair.publicKey));
    expect((await refusal(authenticator(auth())(await sign(ann, publicText)))).message).toMatch(/algorithm/);
  });

  test('that cannot be read are not the caller’s fault', async () => {
    isDown = true;
    expect(await refusal(authenticator(auth())(await signed(ann)))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
    });
    isDown = false;
  });
});

describe('the Authorization header', () => {
  test.each([
    [null, null],
    ['', null],
    ['Bearer abc', 'abc'],
    ['bearer  abc ', 'abc'],
  ])('%j has the token %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  test.each(['abc', 'Basic abc', 'Bearer', 'Bearer a b'])('%j is refused', (header) => {
    expect(() => bearerToken(header)).toThrow(/must be "Bearer <token>"/);
  });
});
