import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnectionLimit } from '../../src/http/connection-limits.ts';
import { createHandshakes } from '../../src/http/handshakes.ts';
import { startHeartbeat } from '../../src/http/heartbeat.ts';
import { connectSocket, type SocketClient } from '../support/socket-client.ts';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';
import { eventually } from '../support/eventually.ts';

let fixture: TransportFixture;
/** Knows few strangers at a time, and finds out soon who has gone. */
let strict: TransportFixture;

beforeAll(async () => {
  [fixture, strict] = await Promise.all([
    openTransport({
      maxConnectionsPerUser: 2,
      maxMessageBytes: 8_192,
      limits: { maxWaitingBytes: 1024 * 1024 },
    }),
    openTransport({ handshakes: { most: 1 }, limits: { heartbeatMs: 50, maxHandling: 20 } }),
  ]);
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await strict[Symbol.asyncDispose]();
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.terminate();
  await noneConnected(fixture);
  await noneConnected(strict);
});

/** Each test has a user of its own. */
async function connectAs(externalId: string): Promise<SocketClient> {
  return connectSocket(fixture.wsUrl, { token: await fixture.token({ externalId }) });
}

async function connectedAs(externalId: string): Promise<SocketClient> {
  const socket = await connectAs(externalId);
  await socket.ask({ query: '{ hello }' });
  return socket;
}

async function noneConnected({ sockets }: TransportFixture): Promise<void> {
  await eventually(() => {
    expect(sockets.connectionCount).toBe(0);
  });
}

const opened: WebSocket[] = [];

/** A socket without a client's manners. */
async function openRaw({ wsUrl }: TransportFixture, options: { readonly autoPong?: boolean } = {}) {
  const socket = new WebSocket(wsUrl, 'graphql-transport-ws', options);
  opened.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'open');
  return socket;
}

async function acknowledged(transport: TransportFixture, socket: WebSocket): Promise<WebSocket> {
  const answer = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: await transport.token() } }));
  await answer;
  return socket;
}

function subscribe(socket: WebSocket, id: string, query: string): void {
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query } }));
}

function closeCode(socket: WebSocket): Promise<unknown> {
  return once(socket, 'close').then(([code]) => code as unknown);
}

/** Subscribes over server-sent events; `leave` ends it. */
async function openStream(externalId: string) {
  const away = new AbortController();
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await fixture.token({ externalId })}`,
    },
    body: JSON.stringify({ query: 'subscription { ticks }' }),
    signal: away.signal,
  });
  return { response, leave: away.abort.bind(away) };
}

describe('connections of one user', () => {
  test('are bounded: one more is closed with 4429 and the reason, and others are not affected', async () => {
    const own = [await connectedAs('ann'), await connectedAs('ann')];
    const { closed } = await connectAs('ann');
    expect(await closed).toEqual({
      code: 4429,
      reason: 'You have 2 connections already, and may not have more.',
    });
    const other = await connectedAs('ben');
    for (const { client } of [...own, other]) await client.dispose();
  });

  test('make room when they end', async () => {
    const [one, two] = [await connectedAs('eva'), await connectedAs('eva')];
    await one.client.dispose();
    await eventually(() => {
      expect(fixture.sockets.connectionCount).toBe(1);
    });
    const three = await connectedAs('eva');
    for (const { client } of [two, three]) await client.dispose();
  });

  test('are sockets and event streams together: one more stream is refused with 429', async () => {
    const [one, two] = [await connectedAs('kim'), await openStream('kim')];
    expect(two.response.status).toBe(200);
    const three = await openStream('kim');
    expect(three.response.status).toBe(429);
    expect(await three.response.text()).toContain('TOO_MANY_CONNECTIONS');
    two.leave();
    await eventually(async () => {
      const again = await openStream('kim');
      again.leave();
      expect(again.response.status).toBe(200);
    });
    await one.client.dispose();
  });

  test('are counted for each organization apart', () => {
    const limit = createConnectionLimit(1);
    expect(limit.enter({ organizationId: 'a', userId: 'ann' })).not.toBeNull();
    expect(limit.enter({ organizationId: 'a', userId: 'ann' })).toBeNull();
    expect(limit.enter({ organizationId: 'b', userId: 'ann' })).not.toBeNull();
  });

  test('give their place back once, however often they say goodbye', () => {
    const limit = createConnectionLimit(2);
    const ann = { organizationId: 'a', userId: 'ann' };
    const leave = limit.enter(ann);
    limit.enter(ann);
    leave?.();
    leave?.();
    expect(limit.enter(ann)).not.toBeNull();
    expect(limit.enter(ann)).toBeNull();
  });
});

describe('one socket', () => {
  test('gets a message above the setting refused with 1009', async () => {
    const { ask, closed } = await connectedAs('ben');
    void ask({ query: `{ hello } # ${'x'.repeat(8_192)}` }).catch(() => undefined);
    expect((await closed).code).toBe(1009);
  });

  test('cannot have more operations by completing them before they end', async () => {
    const socket = await acknowledged(fixture, await openRaw(fixture));
    for (let count = 0; count < 400; count += 1) {
      subscribe(socket, `slow ${count}`, '{ slow }');
      socket.send(JSON.stringify({ type: 'complete', id: `slow ${count}` }));
      socket.send(JSON.stringify({ type: 'ping' }));
      await once(socket, 'message');
    }
    const answer = once(socket, 'message');
    subscribe(socket, 'more', '{ hello }');
    const [refused] = (await answer) as [Buffer];
    expect(JSON.parse(refused.toString())).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    fixture.world.finishSlow();
  });

  test('whose messages come faster than they are done with is closed with 4429', async () => {
    const socket = await acknowledged(strict, await openRaw(strict));
    const code = closeCode(socket);
    for (let count = 0; count < 21; count += 1) subscribe(socket, `slow ${count}`, '{ slow }');
    expect(await code).toBe(4429);
    strict.world.finishSlow();
  });

  test('is cut when its peer asks and asks, and never reads the answers', async () => {
    const socket = await acknowledged(fixture, await openRaw(fixture));
    socket.pause();
    const question = JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(8_000) } });
    while (fixture.sockets.connectionCount > 0) {
      for (let count = 0; count < 100; count += 1) socket.send(question);
      await nextTurn();
    }
  });

  test('is cut when its peer sends pings of the protocol, and never reads the pongs', async () => {
    const socket = await openRaw(fixture);
    socket.pause();
    while (fixture.sockets.connectionCount > 0) {
      for (let count = 0; count < 1_000; count += 1) socket.ping('x'.repeat(125));
      await nextTurn();
    }
  });

  test('gets one answer at a time from a subscription, however slowly its peer reads', async () => {
    const socket = await acknowledged(fixture, await openRaw(fixture));
    subscribe(socket, '1', 'subscription { ticks }');
    const source = await eventually(() => {
      const [first] = fixture.world.open;
      if (!first) throw new Error('no subscription has started');
      return first;
    });
    socket.pause();
    const large = 'x'.repeat(1024 * 1024);
    for (let count = 0; count < 30; count += 1) source.push(large);
    // Far above what may wait, so it would be cut if all were sent.
    await fixture.ask(await fixture.token(), { query: '{ hello }' });
    expect(fixture.sockets.connectionCount).toBe(1);
    let received = 0;
    socket.on('message', () => {
      received += 1;
    });
    socket.resume();
    await eventually(() => {
      expect(received).toBe(30);
    });
  });
});

describe('strangers', () => {
  test('are bounded: one more gets 503 and when to come back, until the first are known', async () => {
    const stranger = await openRaw(strict);
    const refused = new WebSocket(strict.wsUrl, 'graphql-transport-ws');
    refused.on('error', () => undefined);
    const [, response] = (await once(refused, 'unexpected-response')) as [
      unknown,
      AsyncIterable<Buffer> & { statusCode: number; headers: Record<string, string> },
    ];
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    await acknowledged(strict, stranger);
    await openRaw(strict);
  });

  test('who introduce themselves twice are closed with 4429', async () => {
    const socket = await acknowledged(strict, await openRaw(strict));
    const code = closeCode(socket);
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await code).toBe(4429);
  });

  test('who have said nothing for long make room for the next', () => {
    let now = 0;
    const handshakes = createHandshakes({ most: 2, patienceMs: 100, now: () => now });
    const [oldest, younger] = [{ terminate: vi.fn() }, { terminate: vi.fn() }];
    handshakes.begin(oldest);
    now = 50;
    handshakes.begin(younger);
    now = 99;
    expect(handshakes.admit()).toBe(false);
    now = 100;
    expect(handshakes.admit()).toBe(true);
    expect(oldest.terminate).toHaveBeenCalledTimes(1);
    expect(younger.terminate).not.toHaveBeenCalled();
  });

  test('whose token is being checked keep their place, until it is found to be no good', () => {
    let now = 0;
    const handshakes = createHandshakes({ most: 1, patienceMs: 100, now: () => now });
    const socket = { terminate: vi.fn() };
    handshakes.begin(socket);
    handshakes.hear(socket);
    now = 1_000;
    expect(handshakes.admit()).toBe(false);
    expect(socket.terminate).not.toHaveBeenCalled();
    handshakes.refuse(socket);
    now = 1_100;
    expect(handshakes.admit()).toBe(true);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
  });
});

describe('the heartbeat', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  class Peer extends EventEmitter {
    ping = vi.fn();
    terminate = vi.fn();
  }

  function watched() {
    vi.useFakeTimers();
    const peer = new Peer();
    return { peer, heartbeat: startHeartbeat(peer, 12_000) };
  }

  test('cuts a peer that does not answer before the next ping', async () => {
    const { peer, heartbeat } = watched();
    await vi.advanceTimersByTimeAsync(23_999);
    expect(peer.ping).toHaveBeenCalledTimes(1);
    expect(peer.terminate).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(peer.terminate).toHaveBeenCalledTimes(1);
    heartbeat.stop();
  });

  test.each(['answers late', 'reads late'])('keeps a peer that %s, but in time', async (what) => {
    const { peer, heartbeat } = watched();
    for (let round = 0; round < 10; round += 1) {
      await vi.advanceTimersByTimeAsync(11_999);
      if (what === 'answers late') peer.emit('pong');
      else heartbeat.beat();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(peer.terminate).not.toHaveBeenCalled();
    heartbeat.stop();
  });

  test('cuts a real socket whose peer is mute, and keeps one that answers', async () => {
    const lively = await acknowledged(strict, await openRaw(strict));
    const mute = await openRaw(strict, { autoPong: false });
    expect(await closeCode(mute)).toBe(1006);
    expect(lively.readyState).toBe(WebSocket.OPEN);
  });
});
