import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Logger, pino } from 'pino';
import { createSchema, createYoga, type YogaInitialContext } from 'graphql-yoga';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createHttpServer,
  type GraphqlHandler,
  type HttpServer,
  type Readiness,
  type RequestContext,
} from '../../src/http/server.ts';

let http: HttpServer;
let url: string;
let lines: string[];
let graphql: GraphqlHandler['handleNodeRequestAndResponse'];
let readiness: Readiness;

beforeEach(async () => {
  lines = [];
  readiness = { database: 'ok' };
  graphql = () => new Response('graphql');
  const log: Logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) });
  http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log,
    graphql: {
      handleNodeRequestAndResponse: (request, response, context) => graphql(request, response, context),
    },
    ready: () => Promise.resolve(readiness),
  });
  ({ url } = await http.listen());
});

afterEach(async () => {
  await http.close();
});

test('health says that the process is alive, ready that it can work', async () => {
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ok', checks: { database: 'ok' } });
  readiness = { database: 'not reachable' };
  const answer = await fetch(`${url}/ready`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({ status: 'unavailable', checks: { database: 'not reachable' } });
});

test('the root leads to /graphql', async () => {
  const answer = await fetch(url, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/graphql']);
});

test('what does not exist is not found, and what is only read cannot be written', async () => {
  const missing = await fetch(`${url}/admin?x=1`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({
    errors: [{ message: 'There is nothing at /admin.', extensions: { code: 'NOT_FOUND' } }],
  });
  expect((await fetch(`${url}/health`, { method: 'POST' })).status).toBe(405);
});

test('GraphQL Yoga gets the body that was read for it', async () => {
  const schema = createSchema<RequestContext & YogaInitialContext>({
    typeDefs: 'type Query { echo(text: String!): String! }',
    resolvers: { Query: { echo: (_: unknown, { text }: { text: string }) => text } },
  });
  const yoga = createYoga<RequestContext>({ schema, logging: false });
  graphql = (request, response, context) => yoga.handleNodeRequestAndResponse(request, response, context);
  const body = JSON.stringify({ query: 'query ($t: String!) { echo(text: $t) }', variables: { t: 'Grüße' } });
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(await answer.json()).toEqual({ data: { echo: 'Grüße' } });
  const query = encodeURIComponent('{ echo(text: "a") }');
  expect(await (await fetch(`${url}/graphql?query=${query}`)).json()).toEqual({ data: { echo: 'a' } });
});

const tooLarge = {
  errors: [
    {
      message: 'The body of a request may have at most 1024 bytes.',
      extensions: { code: 'PAYLOAD_TOO_LARGE' },
    },
  ],
};

test('a body that announces that it is too large is refused without being read', async () => {
  const answer = await fetch(`${url}/graphql`, { method: 'POST', body: 'x'.repeat(1025) });
  expect([answer.status, await answer.json()]).toEqual([413, tooLarge]);
});

test('a body that turns out to be too large is refused while it is sent', async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < 2048; sent += 256) controller.enqueue(new Uint8Array(256));
      controller.close();
    },
  });
  const request = { method: 'POST', body, duplex: 'half' };
  const answer = await fetch(`${url}/graphql`, request);
  expect([answer.status, await answer.json()]).toEqual([413, tooLarge]);
});

test('a body of the greatest size is accepted', async () => {
  expect((await fetch(`${url}/graphql`, { method: 'POST', body: 'x'.repeat(1024) })).status).toBe(200);
});

test("the caller's request id is in the answer and in the log", async () => {
  const answer = await fetch(`${url}/graphql?query=secret`, { headers: { 'x-request-id': 'abc-1' } });
  expect(answer.headers.get('x-request-id')).toBe('abc-1');
  await expect
    .poll(() => lines.map((line) => JSON.parse(line) as object))
    .toContainEqual(
      expect.objectContaining({
        requestId: 'abc-1',
        method: 'GET',
        path: '/graphql',
        status: 200,
        msg: 'request',
      }),
    );
});

test.each([undefined, 'two words', 'x'.repeat(129)])(
  'instead of the request id %s a new one is made',
  async (given) => {
    const answer = await fetch(`${url}/health`, {
      headers: given === undefined ? {} : { 'x-request-id': given },
    });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('an error in a handler is logged, and its text does not reach the client', async () => {
  graphql = () => Promise.reject(new Error('password is geheim'));
  const answer = await fetch(`${url}/graphql`);
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    errors: [
      { message: 'Something went wrong on the server.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ],
  });
  expect(lines.join('')).toContain('password is geheim');
});

/** Sends a request with this Host header, which `fetch` would not. */
async function askAs(host: string): Promise<{ status: number; type: string; body: string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    type: /content-type: (.*)/i.exec(head)?.[1] ?? '',
    body,
  };
}

test.each(['[', 'a b', '%', 'localhost:99999', 'a/b', 'a@b', '::1'])(
  'the malformed host %s is a bad request',
  async (host) => {
    const { status, type, body } = await askAs(host);
    expect([status, type]).toEqual([400, 'application/json; charset=utf-8']);
    expect(JSON.parse(body)).toEqual({
      errors: [
        { message: 'The Host header or the address is malformed.', extensions: { code: 'BAD_REQUEST' } },
      ],
    });
  },
);

test.each(['localhost', 'handrail.example:4000', '127.0.0.1:4000', '[::1]:4000', 'my_service', ''])(
  'the host %s is accepted',
  async (host) => {
    expect((await askAs(host)).status).toBe(200);
  },
);

test('a stream is cancelled when its client goes away', async () => {
  const cancelled = new Promise<void>((resolve) => {
    graphql = () =>
      new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(Buffer.from(':\n\n')),
          cancel: resolve,
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      );
  });
  const leaving = new AbortController();
  const answer = await fetch(`${url}/graphql`, { signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  await cancelled;
  expect(lines.join('')).not.toContain('request failed');
});

test('closing lets a request in flight finish and accepts no other', async () => {
  let finish = (): void => undefined;
  const arrived = new Promise<void>((resolve) => {
    graphql = () => {
      resolve();
      return new Promise((respond) => {
        finish = () => {
          respond(new Response('done'));
        };
      });
    };
  });
  const answer = fetch(`${url}/graphql`);
  await arrived;
  const closed = http.close();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  finish();
  expect(await (await answer).text()).toBe('done');
  await closed;
});

test('closing cuts off what takes longer than the time limit', async () => {
  const arrived = new Promise<void>((resolve) => {
    graphql = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const answer = fetch(`${url}/graphql`);
  answer.catch(() => undefined);
  await arrived;
  await http.close();
  await expect(answer).rejects.toThrow();
});

test('closing waits for upgraded connections no longer than the time limit', async () => {
  http.server.on('upgrade', (_, socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(socket, 'data');
  await Promise.all([http.close(), once(socket, 'close')]);
});

test('an idle connection does not hold up closing', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  await Promise.all([http.close(), once(socket, 'close')]);
  expect(lines.filter((line) => line.includes('cutting off'))).toEqual([]);
});

test('a taken port is named', async () => {
  const { port } = new URL(url);
  const second = createHttpServer({
    config: { host: '127.0.0.1', port: Number(port), maxBodyBytes: 1, shutdownTimeoutMs: 1 },
    log: pino({ level: 'silent' }),
    ready: () => Promise.resolve({}),
  });
  await expect(second.listen()).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is in use; stop the other program or set PORT`,
  );
});
