import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { LiveStoppedError } from '../../src/live/errors.ts';
import { connectSocket, type SocketAnswer, type SocketClient } from '../support/socket-client.ts';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';
import { eventually } from '../support/eventually.ts';

let fixture: TransportFixture;
let token: string;

beforeAll(async () => {
  fixture = await openTransport();
  token = await fixture.token();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function connect(
  parameters: Record<string, unknown> | null = { Authorization: `Bearer ${token}` },
): SocketClient {
  return connectSocket(fixture.wsUrl, parameters ?? undefined);
}

/** The subscription's source, once it has started. */
async function started(transport: TransportFixture = fixture) {
  return eventually(() => {
    const [source] = [...transport.world.open].slice(-1);
    if (!source) throw new Error('no subscription has started');
    return source;
  });
}

async function noneOpen(): Promise<void> {
  await eventually(() => {
    expect(fixture.world.open.size).toBe(0);
  });
}

async function refusal(answer: Promise<unknown>): Promise<SocketAnswer['errors']> {
  return answer.then(
    () => {
      throw new Error('it was not refused');
    },
    (errors: unknown) => errors as SocketAnswer['errors'],
  );
}

describe('who is asking', () => {
  test.each([
    ['Authorization', () => ({ Authorization: `Bearer ${token}` })],
    ['authorization', () => ({ authorization: `Bearer ${token}` })],
    ['token', () => ({ token })],
  ])('a token as %s is taken', async (_name, parameters) => {
    const { client, ask } = connect(parameters());
    expect(await ask({ query: '{ viewer }' })).toEqual({ data: { viewer: 'ann (member)' } });
    await client.dispose();
  });

  test.each([
    ['no parameters', () => null, 'There is no token: send the header "Authorization: Bearer <token>".'],
    ['no token', () => ({}), 'There is no token: send the header "Authorization: Bearer <token>".'],
    ['a token that is none', () => ({ token: 'abc' }), 'The token is malformed: not a JWT.'],
    [
      'another scheme',
      () => ({ Authorization: 'Basic abc' }),
      'The Authorization header must be "Bearer <token>".',
    ],
  ])('%s closes the socket with 4403 and the reason', async (_what, parameters, reason) => {
    const { closed } = connect(parameters());
    expect(await closed).toEqual({ code: 4403, reason });
  });

  test('an expired token closes the socket with 4403', async () => {
    const { closed } = connect({ token: await fixture.token({ lifetime: -1 }) });
    expect(await closed).toEqual({ code: 4403, reason: 'The token has expired.' });
  });

  test('a token that expires closes the socket then, and ends its subscriptions', async () => {
    const { closed, watch } = connect({ token: await fixture.token({ lifetime: 3 }) });
    const results = watch('subscription { ticks }');
    const first = results.next();
    (await started()).push('before');
    expect(await first).toEqual({ done: false, value: { data: { ticks: 'before' } } });
    const second = refusal(results.next());
    expect(await closed).toEqual({ code: 4403, reason: 'The token has expired.' });
    await second;
    await noneOpen();
  });

  test('a user who is deactivated can start nothing more', async () => {
    const { client, ask } = connect({ token: await fixture.token({ externalId: 'gone' }) });
    expect(await ask({ query: '{ viewer }' })).toEqual({ data: { viewer: 'gone (member)' } });
    await fixture.database.pool.query(`update app_user set is_active = false where external_id = 'gone'`);
    expect(await refusal(ask({ query: '{ viewer }' }))).toEqual([
      { message: 'The token’s user is deactivated.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    await client.dispose();
  });

  test('an operation before the token closes the socket with 4401', async () => {
    const socket = new WebSocket(fixture.wsUrl, 'graphql-transport-ws');
    const code = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } }));
    });
    expect(await code).toBe(4401);
  });
});

describe('one operation’s error leaves the others alive', () => {
  test.each([
    ['a syntax error', { query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown operation',
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a document without operation', { query: 'fragment F on Query { hello }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a query that is too deep',
      { query: `{ ${'self { '.repeat(15)}name${' }'.repeat(15)} }` },
      'QUERY_TOO_COMPLEX',
    ],
    ['a query that is too long', { query: `{ ${'hello '.repeat(5_001)} }` }, 'QUERY_TOO_COMPLEX'],
    [
      'a query with too many aliases',
      { query: `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: hello`).join(' ')} }` },
      'QUERY_TOO_COMPLEX',
    ],
  ])('%s', async (_what, payload, code) => {
    const { client, ask, watch } = connect();
    const results = watch('subscription { ticks }');
    const next = results.next();
    const source = await started();
    expect(await refusal(ask(payload))).toMatchObject([{ extensions: { code } }]);
    source.push('after');
    expect(await next).toEqual({ done: false, value: { data: { ticks: 'after' } } });
    expect(await ask({ query: '{ hello }' })).toEqual({ data: { hello: 'world' } });
    await client.dispose();
    await noneOpen();
  });

  test('a wrong variable', async () => {
    const { client, ask } = connect();
    const answer = await ask({ query: 'query ($n: Int!) { echo(number: $n) }', variables: { n: 'x' } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    await client.dispose();
  });

  test('an unexpected error is told without its reason', async () => {
    const { client, ask } = connect();
    const { data, errors } = await ask({ query: '{ boom hello }' });
    expect(data).toEqual({ boom: null, hello: 'world' });
    expect(errors?.[0]?.message).toMatch(
      /^Unexpected error; the server's log has more under request [\w-]+\.$/,
    );
    expect(Object.keys(errors?.[0]?.extensions ?? {})).toEqual(['code', 'requestId']);
    await client.dispose();
  });

  test('an error that ends a subscription', async () => {
    const { client, ask, watch } = connect();
    const next = refusal(watch('subscription { ticks }').next());
    (await started()).fail(new LiveStoppedError());
    expect(await next).toMatchObject([{ extensions: { code: 'SERVER_STOPPING' } }]);
    expect(await ask({ query: '{ hello }' })).toEqual({ data: { hello: 'world' } });
    await client.dispose();
  });

  test('an error that refuses a subscription', async () => {
    const { client, watch } = connect();
    const step = await watch('subscription { refusedTicks }').next();
    expect(step.value?.errors).toMatchObject([{ extensions: { code: 'SERVER_STOPPING' } }]);
    await client.dispose();
  });
});

describe('a subscription', () => {
  test('that the client completes ends at the server', async () => {
    const { client, watch } = connect();
    const results = watch('subscription { ticks }');
    const next = results.next();
    (await started()).push('one');
    await next;
    await results.return(undefined);
    await noneOpen();
    await client.dispose();
  });

  test('that is completed at once leaves nothing behind', async () => {
    const { client, ask } = connect();
    for (let round = 0; round < 20; round += 1) {
      const unsubscribe = client.subscribe(
        { query: 'subscription { ticks }' },
        { next: () => undefined, error: () => undefined, complete: () => undefined },
      );
      unsubscribe();
    }
    await ask({ query: '{ hello }' });
    await noneOpen();
    await client.dispose();
  });

  test('ends with its socket', async () => {
    const { client, watch } = connect();
    const next = watch('subscription { ticks }').next();
    await started();
    client.terminate();
    await next.catch(() => undefined);
    await noneOpen();
  });
});

describe('a message of 1 MB', () => {
  test('closes its own socket and no other', async () => {
    const [large, small] = [connect(), connect()];
    await small.ask({ query: '{ hello }' });
    void large.ask({ query: '{ hello }', variables: { x: 'x'.repeat(1024 * 1024) } }).catch(() => undefined);
    expect((await large.closed).code).toBe(1009);
    expect(await small.ask({ query: '{ hello }' })).toEqual({ data: { hello: 'world' } });
    await small.client.dispose();
  });
});

describe('a socket', () => {
  test('may have so many operations at a time, and no more', async () => {
    const { client, ask, watch } = connect();
    const results = Array.from({ length: 100 }, () => watch('subscription { ticks }'));
    for (const result of results) void result.next().catch(() => undefined);
    await eventually(() => {
      expect(fixture.world.open.size).toBe(100);
    });
    expect(await refusal(ask({ query: '{ hello }' }))).toMatchObject([
      { extensions: { code: 'TOO_MANY_OPERATIONS' } },
    ]);
    await client.dispose();
    await noneOpen();
  });

  test('at another path is refused', async () => {
    const socket = new WebSocket(fixture.wsUrl.replace('/graphql', '/other'), 'graphql-transport-ws');
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('404');
  });

  test('that speaks no JSON is closed with 4400', async () => {
    const socket = new WebSocket(fixture.wsUrl, 'graphql-transport-ws');
    const code = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => {
      socket.send('hello');
    });
    expect(await code).toBe(4400);
  });
});

test('a server that stops answers what it has begun, then closes with 1001', async () => {
  const stopping = await openTransport();
  const { client, ask, watch, closed } = connectSocket(stopping.wsUrl, { token: await stopping.token() });
  const next = watch('subscription { ticks }').next();
  await started(stopping);
  const slow = ask({ query: '{ slow }' });
  await stopping.world.slowBegan;
  const stopped = stopping[Symbol.asyncDispose]();
  expect(await refusalOrAnswer(ask({ query: '{ hello }' }))).toMatchObject({
    errors: [{ extensions: { code: 'SERVER_STOPPING' } }],
  });
  stopping.world.finishSlow();
  expect(await slow).toEqual({ data: { slow: 'done' } });
  expect((await closed).code).toBe(1001);
  await next.catch(() => undefined);
  await stopped;
  expect(stopping.world.open.size).toBe(0);
  await client.dispose();
});

function refusalOrAnswer(answer: Promise<SocketAnswer>): Promise<SocketAnswer> {
  return answer.catch((errors: unknown) => ({ errors: errors as NonNullable<SocketAnswer['errors']> }));
}
