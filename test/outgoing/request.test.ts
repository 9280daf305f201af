import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { post, type PostRequest } from '../../src/outgoing/request.ts';
import { eventually } from '../support/eventually.ts';
import { certificate, certificateKey, certifiedHost } from '../support/certificate.ts';
import { openHttpReceiver, type HttpReceiverOptions, type Reply } from '../support/http-receiver.ts';
import { hostileNames, hostileUrls } from './hostile-urls.ts';

const localhost = () => Promise.resolve(['127.0.0.1']);

function send(parts: Partial<PostRequest> & { readonly url: string }) {
  return post({ headers: {}, body: '{}', targets: 'any', ...parts });
}

/** Sends to a receiver that answers like this. */
async function sendTo(reply: Reply, parts: Partial<PostRequest> = {}) {
  await using receiver = await openHttpReceiver({ answer: () => reply });
  return await send({ url: receiver.url, ...parts });
}

test('a request arrives as it was given, and its answer comes back', async () => {
  await using receiver = await openHttpReceiver({
    answer: () => ({ status: 202, headers: { 'retry-after': '7' }, body: 'Thänks' }),
  });
  const answer = await send({
    url: `${receiver.url}/hooks?a=1`,
    headers: { 'webhook-id': 'msg_1', 'X-Api-Key': 'secret' },
    body: '{"name":"Grüße"}',
  });
  expect(answer).toEqual({
    ok: true,
    status: 202,
    headers: { retryAfter: '7' },
    body: 'Thänks',
    durationMs: expect.any(Number) as number,
  });
  expect(receiver.requests).toEqual([
    {
      method: 'POST',
      path: '/hooks?a=1',
      headers: {
        host: new URL(receiver.url).host,
        connection: 'close',
        'content-length': '18',
        'content-type': 'application/json',
        'user-agent': 'Handrail',
        'accept-encoding': 'identity',
        'webhook-id': 'msg_1',
        'x-api-key': 'secret',
      },
      body: '{"name":"Grüße"}',
    },
  ]);
});

test.each([400, 410, 429, 500, 503])('status %i is an answer like others', async (status) => {
  expect(await sendTo({ status })).toMatchObject({ ok: true, status });
});

describe('to the public internet only, nothing is sent by', () => {
  test.each(hostileUrls)('%s: %j', async (_, url) => {
    const lookup = vi.fn(localhost);
    expect(await send({ url, targets: 'public', lookup })).toMatchObject({ ok: false, isPermanent: true });
    expect(lookup).not.toHaveBeenCalled();
  });

  test.each(hostileNames)('%s: %s is %j', async (_, url, addresses) => {
    const lookup = () => Promise.resolve(addresses);
    expect(await send({ url, targets: 'public', lookup })).toMatchObject({
      ok: false,
      code: 'FORBIDDEN_ADDRESS',
      isPermanent: true,
    });
  });
});

test.each(['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', 'localhost', 'hooks.example.com'])(
  'a receiver on this machine that %s leads to is reached only if any target may be',
  async (host) => {
    const tls = { key: certificateKey, cert: certificate };
    await using receiver = await openHttpReceiver({ tls });
    const url = `https://${host}:${receiver.port}/`;
    const refused = await send({ url, targets: 'public', lookup: localhost, ca: certificate });
    expect(refused).toMatchObject({ ok: false, code: 'FORBIDDEN_ADDRESS' });
    expect(receiver.connections).toBe(0);
    await send({ url, targets: 'any', lookup: localhost, ca: certificate });
    expect(receiver.connections).toBe(1);
  },
);

test('a redirect is not followed', async () => {
  await using inner = await openHttpReceiver();
  const answer = await sendTo({ status: 307, headers: { location: inner.url } });
  expect(answer).toMatchObject({
    ok: false,
    code: 'REDIRECT',
    answered: { status: 307 },
    isPermanent: false,
  });
  expect(inner.connections).toBe(0);
});

test('a proxy of the environment is not used', async () => {
  await using proxy = await openHttpReceiver();
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) vi.stubEnv(name, proxy.url);
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  expect(await sendTo({ status: 200 })).toMatchObject({ ok: true });
  expect(proxy.connections).toBe(0);
});

test('if nobody is at one address, the next one is tried', async () => {
  await using receiver = await openHttpReceiver();
  const lookup = () => Promise.resolve(['::1', '127.0.0.1']);
  const answer = await send({ url: `http://hooks.example.com:${receiver.port}/`, lookup });
  expect(answer).toMatchObject({ ok: true, status: 204 });
});

test('each request has a connection of its own', async () => {
  await using receiver = await openHttpReceiver();
  await send({ url: receiver.url });
  await send({ url: receiver.url });
  expect(receiver.connections).toBe(2);
});

describe('over TLS', () => {
  const options: HttpReceiverOptions = { tls: { key: certificateKey, cert: certificate } };

  test('the certificate is checked for the name, wherever it leads', async () => {
    await using receiver = await openHttpReceiver(options);
    const url = `https://${certifiedHost}:${receiver.port}/`;
    expect(await send({ url, lookup: localhost, ca: certificate })).toMatchObject({ ok: true, status: 204 });
    expect(receiver.requests[0]?.headers['host']).toBe(`${certifiedHost}:${receiver.port}`);
  });

  test.each([
    ['that nobody vouches for', certifiedHost, undefined],
    ['of another name', 'other.example.com', certificate],
  ])('a certificate %s is refused before anything is sent', async (_, host, ca) => {
    await using receiver = await openHttpReceiver(options);
    const answer = await send({ url: `https://${host}:${receiver.port}/`, lookup: localhost, ca });
    expect(answer).toMatchObject({ ok: false, code: 'TLS_FAILED', isPermanent: false });
    expect(receiver.requests).toEqual([]);
  });

  test('a receiver that does not speak it fails', async () => {
    await using receiver = await openHttpReceiver();
    const answer = await send({ url: `https://127.0.0.1:${receiver.port}/` });
    expect(answer).toMatchObject({ ok: false, code: 'TLS_FAILED', isPermanent: false });
  });
});

describe('of an answer is kept', () => {
  test('the first 4 KiB, without half a character at the end', async () => {
    const answer = await sendTo({ status: 200, body: 'a'.repeat(4095) + 'ü'.repeat(100) });
    expect(answer).toMatchObject({ ok: true, body: 'a'.repeat(4095) });
  });

  test('what the database can keep', async () => {
    const reply: Reply = (response) => response.writeHead(200).end(Buffer.from('a\0b\xff', 'latin1'));
    expect(await sendTo(reply)).toMatchObject({ ok: true, body: 'ab\ufffd' });
  });
});

describe('a request ends when', () => {
  test('the answer has no end', async () => {
    const closed = vi.fn();
    const answer = await sendTo(
      (response) => {
        const fill = () => {
          while (!response.destroyed && response.write('x'.repeat(1000)));
        };
        response.on('drain', fill).on('close', closed);
        fill();
      },
      { maxResponseBytes: 10_000 },
    );
    expect(answer).toMatchObject({
      ok: false,
      code: 'RESPONSE_TOO_LARGE',
      answered: { status: 200, body: 'x'.repeat(4096) },
      isPermanent: false,
    });
    await eventually(() => {
      expect(closed).toHaveBeenCalled();
    });
  });

  test('the headers of the answer have no end', async () => {
    const answer = await sendTo({ status: 200, headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(answer).toMatchObject({ ok: false, code: 'RESPONSE_TOO_LARGE' });
  });

  test('no answer comes in time', async () => {
    const answer = await sendTo('HANG', { timeoutMs: 50 });
    expect(answer).toMatchObject({ ok: false, code: 'TIMEOUT', answered: null, isPermanent: false });
  });

  test('the answer drips too slowly', async () => {
    const drip: Reply = (response) => {
      const timer = setInterval(() => response.write('x'), 5);
      response.on('close', () => {
        clearInterval(timer);
      });
    };
    const answer = await sendTo(drip, { timeoutMs: 200 });
    expect(answer).toMatchObject({
      ok: false,
      code: 'TIMEOUT',
      answered: { status: 200 },
      isPermanent: false,
    });
  });

  test('the name is not looked up in time', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    const answer = await send({ url: 'http://example.com', lookup, timeoutMs: 20 });
    expect(answer).toMatchObject({ ok: false, code: 'TIMEOUT', answered: null });
  });

  test('it is cancelled', async () => {
    const cancel = new AbortController();
    await using receiver = await openHttpReceiver({
      answer: () => {
        cancel.abort();
        return 'HANG';
      },
    });
    const answer = await send({ url: receiver.url, signal: cancel.signal });
    expect(answer).toMatchObject({ ok: false, code: 'CANCELLED', isPermanent: false });
    expect(await send({ url: receiver.url, signal: cancel.signal })).toMatchObject({ code: 'CANCELLED' });
    expect(receiver.requests).toHaveLength(1);
  });

  test('the answer breaks off', async () => {
    const answer = await sendTo((response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    expect(answer).toMatchObject({ ok: false, code: 'CONNECTION_FAILED', isPermanent: false });
  });

  test.each([
    ['is no HTTP', 'SSH-2.0-Server\r\n', 'INVALID_RESPONSE'],
    ['is nothing', '', 'CONNECTION_FAILED'],
    [
      'changes the protocol',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
      'CONNECTION_FAILED',
    ],
  ])('what comes back %s', async (_, text, code) => {
    const answer = await sendTo((response) => response.socket?.end(text));
    expect(answer).toMatchObject({ ok: false, code, isPermanent: false });
  });

  test('nobody is there', async () => {
    const { port } = await openHttpReceiver().then(async (receiver) => {
      await receiver[Symbol.asyncDispose]();
      return receiver;
    });
    expect(await send({ url: `http://127.0.0.1:${port}` })).toMatchObject({
      ok: false,
      code: 'CONNECTION_FAILED',
      message: `The connection to 127.0.0.1:${port} failed: connect ECONNREFUSED 127.0.0.1:${port}.`,
      isPermanent: false,
    });
  });

  test.each([
    ['does not exist', () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))],
    ['has no address', () => Promise.resolve([])],
  ])('the name %s', async (_, lookup) => {
    const answer = await send({ url: 'http://nowhere.example', lookup });
    expect(answer).toMatchObject({ ok: false, code: 'DNS_FAILED', isPermanent: false });
  });
});

test.each<[string, Record<string, string>]>([
  ['where the request goes', { Host: 'localhost' }],
  ['how it is framed', { 'Transfer-Encoding': 'chunked' }],
  ['another header', { 'x-a': 'b\r\nX-Injected: 1' }],
])('a header cannot say %s', async (_, headers) => {
  await using receiver = await openHttpReceiver();
  expect(await send({ url: receiver.url, headers })).toMatchObject({
    ok: false,
    code: 'INVALID_REQUEST',
    isPermanent: true,
  });
  expect(receiver.connections).toBe(0);
});
