/** The door for links to confirm tasks: what it takes, what it refuses, and what it never tells. */
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type {
  AnsweredConfirmation,
  FoundConfirmation,
  GivenAnswer,
} from '../../src/commands/confirmations.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';

const TOKEN = 'qPyY0vH1kD3fT5sW7zB9cE2gJ4mN6rU8xA0iL1oQ3eR';

const OPEN: FoundConfirmation = {
  standing: 'OPEN',
  view: {
    ...{ organizationId: 'o', executionId: 'e', taskId: 't', number: 1, state: 'OPEN', message: 'May we?' },
    ...{ expiresAt: '2026-03-04T09:00:00.000Z', answer: null, taskName: 'Site visit' },
    ...{ executionStatus: 'STARTED', organizationName: 'Lindental', locale: 'en-GB', timeZone: 'UTC' },
  },
};

let http: HttpServer;
let url: string;
let lines: string[];
let given: GivenAnswer[];
let look: () => Promise<FoundConfirmation | null>;

function answered(answer: GivenAnswer): AnsweredConfirmation {
  given.push(answer);
  const { by, comment } = answer;
  const view = {
    ...OPEN.view,
    state: answer.answer,
    answer: { at: '2026-03-02T09:00:00.000Z', by, comment },
  };
  return { standing: 'ANSWERED', view, isSame: true };
}

beforeEach(async () => {
  lines = [];
  given = [];
  look = () => Promise.resolve(OPEN);
  http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
    confirmations: { look: () => look(), answer: (_token, answer) => Promise.resolve(answered(answer)) },
    ready: () => Promise.resolve({}),
  });
  url = `${(await http.listen()).url}/confirmations/${TOKEN}`;
});

afterEach(async () => {
  await http.close();
});

async function post(body: string, type: string): Promise<[status: number, text: string]> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  return [response.status, await response.text()];
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

test('the page may run nothing, load nothing, be framed by nobody and kept by nobody, and tells nobody its address', async () => {
  const { headers, status } = await fetch(url);
  expect(status).toBe(200);
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-robots-tag')).toContain('noindex');
});

test('HEAD answers as GET does, without the page', async () => {
  const [head, page] = [await fetch(url, { method: 'HEAD' }), await fetch(url)];
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('content-length')).toBe(page.headers.get('content-length'));
});

test('takes a form and JSON', async () => {
  expect((await post('answer=confirm&comment=a%0D%0Ab&name=Clara', FORM))[0]).toBe(200);
  expect(await post('{"answer":"decline","comment":null}', JSON_TYPE)).toEqual([
    200,
    '{"status":"DECLINED","message":"Declined on 2 March 2026 at 09:00 UTC."}',
  ]);
  expect(given).toEqual([
    { answer: 'CONFIRMED', by: 'Clara', comment: 'a\nb' },
    { answer: 'DECLINED', by: null, comment: null },
  ]);
});

test.each<[what: string, body: string, type: string, status: number, said: string]>([
  ['a form without a button', 'comment=Fine', FORM, 400, 'one of the two buttons'],
  ['another answer', 'answer=maybe', FORM, 400, 'one of the two buttons'],
  ['a comment that is too long', `answer=confirm&comment=${'x'.repeat(2_001)}`, FORM, 400, 'At most 2000'],
  ['a name that is too long', `answer=confirm&name=${'x'.repeat(201)}`, FORM, 400, 'At most 200'],
  ['what can’t be kept', 'answer=confirm&comment=%00', FORM, 400, 'can’t be stored'],
  ['more than 32 KiB', `answer=confirm&comment=${'x'.repeat(40_000)}`, FORM, 413, 'TOO_LARGE'],
  ['what is no JSON', '{', JSON_TYPE, 400, 'INVALID_BODY'],
  ['a list', '["confirm"]', JSON_TYPE, 400, 'INVALID_BODY'],
  ['JSON without an answer', '{}', JSON_TYPE, 400, 'answer has to be'],
  ['a field that is not known', '{"answer":"confirm","token":1}', JSON_TYPE, 400, 'unknown field'],
  ['a comment that is no text', '{"answer":"confirm","comment":1}', JSON_TYPE, 400, 'comment has to be text'],
  ['plain text', 'confirm', 'text/plain', 415, 'UNSUPPORTED_TYPE'],
])('refuses %s, and nothing is answered', async (_what, body, type, status, said) => {
  const [code, text] = await post(body, type);
  expect([code, text]).toEqual([status, expect.stringContaining(said)]);
  expect(given).toEqual([]);
});

test('what was written is still there when the answer was refused, and still text', async () => {
  const [, page] = await post(
    `comment=${encodeURIComponent('<i>"Fine"</i>')}&name=${encodeURIComponent('"><b>')}`,
    FORM,
  );
  expect(page).toContain('&lt;i&gt;&quot;Fine&quot;&lt;/i&gt;</textarea>');
  expect(page).toContain('value="&quot;&gt;&lt;b&gt;"');
});

test('other methods do nothing', async () => {
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const response = await fetch(url, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  }
  expect(given).toEqual([]);
});

test('a link that is not known says so in each language', async () => {
  look = () => Promise.resolve(null);
  const response = await fetch(url);
  const page = await response.text();
  expect(response.status).toBe(404);
  expect(page).toContain('There is no such link.');
  expect(page).toContain('Diesen Link gibt es nicht.');
});

test('asks to come back while the database is away', async () => {
  look = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
  const response = await fetch(url);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.text()).toContain('try again');
});

test('the token is in no line of the log, whatever goes wrong', async () => {
  await post('answer=confirm', FORM);
  look = () => Promise.reject(new Error('broken'));
  expect((await fetch(url)).status).toBe(500);
  await http.close();
  expect(lines.join('')).toContain('/confirmations/…');
  expect(lines.join('')).not.toContain(TOKEN.slice(0, 8));
});
