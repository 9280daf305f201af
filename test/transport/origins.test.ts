import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { isAllowedOrigin } from '../../src/http/origins.ts';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';

const APP = 'https://app.example.com';
const ADMIN = 'https://admin.example.com';

describe('the server’s own pages', () => {
  test.each([
    ['http://127.0.0.1:4000', '127.0.0.1:4000'],
    ['http://localhost:4000', '127.0.0.1:4000'],
    ['http://[::1]:4000', 'localhost:4000'],
    ['https://handrail.example.com', 'handrail.example.com'],
    ['https://handrail.example.com', 'handrail.example.com:443'],
  ])('at %s may use %s', (origin, host) => {
    expect(isAllowedOrigin('own', { origin, host })).toBe(true);
    expect(isAllowedOrigin([APP], { origin, host })).toBe(true);
  });

  test.each([
    ['http://localhost:3000', '127.0.0.1:4000'],
    ['http://localhost.example.com:4000', 'localhost:4000'],
    ['https://example.com', 'handrail.example.com'],
    ['null', '127.0.0.1:4000'],
    ['http://127.0.0.1:4000, http://127.0.0.1:4000', '127.0.0.1:4000'],
    ['http://127.0.0.1:4000', ''],
  ])('are not those at %s, for %s', (origin, host) => {
    expect(isAllowedOrigin('own', { origin, host })).toBe(false);
  });
});

test.each([APP, 'null', 'nonsense'])('with *, pages of %s may use the server', (origin) => {
  expect(isAllowedOrigin('any', { origin, host: 'handrail.example.com' })).toBe(true);
});

describe('a server that allows some origins', () => {
  let fixture: TransportFixture;

  beforeAll(async () => {
    fixture = await openTransport({ allowedOrigins: [APP, ADMIN] });
  });
  afterAll(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  function open(origin?: string): WebSocket {
    return new WebSocket(fixture.wsUrl, 'graphql-transport-ws', origin === undefined ? {} : { origin });
  }

  test.each([[APP], [ADMIN], [undefined]])('opens sockets for %s', async (origin) => {
    const socket = open(origin);
    await once(socket, 'open');
    socket.terminate();
  });

  test('opens none for others, and says why with 403', async () => {
    const socket = open('https://evil.example');
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { readonly statusCode: number },
    ];
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    expect(response.statusCode).toBe(403);
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message:
            'Pages of https://evil.example may not connect: the setting ALLOWED_ORIGINS does not allow it.',
          extensions: { code: 'ORIGIN_NOT_ALLOWED' },
        },
      ],
    });
  });

  test.each([
    [APP, APP],
    [ADMIN, ADMIN],
    ['https://evil.example', null],
    ['null', null],
  ])('lets a page of %s read its answers: %s', async (origin, expected) => {
    const preflight = await fetch(fixture.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(expected);
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await fetch(fixture.url, {
      method: 'POST',
      headers: {
        origin,
        'content-type': 'application/json',
        authorization: `Bearer ${await fixture.token()}`,
      },
      body: JSON.stringify({ query: '{ hello }' }),
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe(expected);
    await answer.text();
  });
});
