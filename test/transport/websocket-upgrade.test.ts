import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';

let fixture: TransportFixture;

beforeAll(async () => {
  fixture = await openTransport();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function upgradeRequest(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
}

/** Asks for the upgrade, sends more than anybody reads, and resets the connection. */
async function reset(path: string): Promise<void> {
  const socket = connect(Number(new URL(fixture.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const written = new Promise((resolve) => socket.write(upgradeRequest(path) + 'x'.repeat(50_000), resolve));
  await written;
  socket.resetAndDestroy();
}

test.each(['/elsewhere', '/graphql'])(
  'the server outlives upgrade requests to %s whose connections are reset',
  async (path) => {
    for (let count = 0; count < 100; count += 1) await reset(path);
    const answer = await fetch(new URL('/health', fixture.url));
    expect(answer.status).toBe(200);
  },
);
