import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallbackAnswer } from '../../src/commands/callbacks.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';

const TOKEN = 'qPyY0vH1kD3fT5sW7zB9cE2gJ4mN6rU8xA0iL1oQ3eR';

let http: HttpServer;
let url: string;
let lines: string[];
let used: unknown[][];
let answer: () => Promise<CallbackAnswer>;

beforeEach(async () => {
  lines = [];
  used = [];
  answer = () => Promise.resolve('USED');
  http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
    useCallback(...given) {
      used.push(given);
      return answer();
    },
    ready: () => Promise.resolve({}),
  });
  url = `${(await http.listen()).url}/callbacks/${TOKEN}`;
});

afterEach(async () => {
  await http.close();
});

async function post(body?: string, type = 'application/json'): Promise<[number, unknown]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    ...(body === undefined ? {} : { body }),
  });
  const { status } = (await response.json()) as { status: string };
  return [response.status, status];
}

test('hands on what came with the request, and an empty object for nothing', async () => {
  expect(await post('{"accepted": true}', 'application/json; charset=utf-8')).toEqual([200, 'USED']);
  expect(await post(undefined, 'text/plain')).toEqual([200, 'USED']);
  expect(used).toEqual([
    [TOKEN, { accepted: true }],
    [TOKEN, {}],
  ]);
});

test.each<[answered: CallbackAnswer, status: number]>([
  ['USED_BEFORE', 409],
  ['EXPIRED', 410],
  ['UNKNOWN', 404],
])('answers %s with %i', async (answered, status) => {
  answer = () => Promise.resolve(answered);
  expect(await post('{}')).toEqual([status, answered]);
});

test.each<[what: string, body: string, type: string, status: number]>([
  ['what is no JSON', '{', 'application/json', 400],
  ['a list', '[1]', 'application/json', 400],
  ['a form', 'a=1', 'application/x-www-form-urlencoded', 415],
  ['more than 64 KiB', JSON.stringify({ a: 'x'.repeat(70_000) }), 'application/json', 413],
  ['what is nested too deep', `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`, 'application/json', 400],
  ['what can’t be kept', '{"a":"\\u0000"}', 'application/json', 400],
])('refuses %s, and uses nothing up', async (_what, body, type, status) => {
  expect((await post(body, type))[0]).toBe(status);
  expect(used).toEqual([]);
});

test('only looking at the address uses nothing up', async () => {
  const response = await fetch(url);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await response.text()).toContain('POST');
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(405);
  expect(used).toEqual([]);
});

test('the token is in no line of the log, whatever goes wrong', async () => {
  await post('{}');
  answer = () => Promise.reject(new Error('broken'));
  expect((await fetch(url, { method: 'POST' })).status).toBe(500);
  await http.close();
  expect(lines.join('')).toContain('/callbacks/…');
  expect(lines.join('')).not.toContain(TOKEN.slice(0, 8));
});
