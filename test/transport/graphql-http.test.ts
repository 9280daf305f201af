import { serverAudits } from 'graphql-http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';

let fixture: TransportFixture;
let token: string;

beforeAll(async () => {
  fixture = await openTransport();
  token = await fixture.token();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function signedIn(init: RequestInit | undefined): RequestInit {
  const headers = new Headers(init?.headers);
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

const PLACE = 'http://place/graphql';
const log = pino({ level: 'silent' });

// The audits exist before the server does: its address is looked up when they run.
const transports = {
  'in-process': (url: string, init?: RequestInit) =>
    fixture.yoga.fetch(new URL(url.replace(PLACE, 'http://localhost/graphql')), signedIn(init), {
      requestId: 'audit',
      log,
    }),
  'over HTTP': (url: string, init?: RequestInit) => fetch(url.replace(PLACE, fixture.url), signedIn(init)),
};

describe.each(Object.entries(transports))('GraphQL over HTTP, %s', (_name, fetchFn) => {
  const audits = serverAudits({ url: PLACE, fetchFn });

  test('all 61 audits are there', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_audit, audit) => {
    const result = await audit.fn();
    if (result.status !== 'ok') throw new Error(`${result.status}: ${result.reason}`);
  });
});
