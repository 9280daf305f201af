import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteEntity } from '../../src/commands/entities.ts';
import { createHttpServer, type HttpServer } from '../../src/http/server.ts';
import { closeJourneySession } from '../../src/journeys/close-session.ts';
import { rotateJourneySecret } from '../../src/journeys/journeys.ts';
import { readFullJourney, readJourneys } from '../../src/store/journeys.ts';
import {
  byToken,
  copy,
  made,
  opened,
  openedFrom,
  PUBLIC_URL,
  RIGHT,
  valueOf,
  withForm,
} from '../support/journeys.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let http: HttpServer;
let url: string;
const lines: string[] = [];
/** All that were used, none of which may be in the log. */
const tokens: string[] = [];

beforeAll(async () => {
  shop = await openWorkshop();
  http = createHttpServer({
    config: { host: '127.0.0.1', port: 0, maxBodyBytes: 1024, shutdownTimeoutMs: 300 },
    log: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
    journeys: byToken(shop),
    ready: () => Promise.resolve({}),
  });
  url = (await http.listen()).url;
});
afterAll(async () => {
  await http.close();
  await shop[Symbol.asyncDispose]();
});

interface Told {
  readonly code: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Told> {
  const response = await fetch(`${url}/journeys/${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  const body = text.startsWith('{') ? (JSON.parse(text) as Told['body']) : { text };
  return { code: response.status, headers: response.headers, body };
}

function json(method: string, body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** A body whose data is so many levels deep. */
function nested(levels: number): string {
  return `{"data":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`;
}

/** A form of a task, with a second task behind it. */
async function aForm(): Promise<{ readonly token: string; readonly executionId: string }> {
  const tasks = [withForm('form', await made(shop)), task('next')];
  const executionId = await shop.start({ isSequential: true, tasks });
  const { token } = await openedFrom(shop, executionId, 'form');
  tokens.push(token);
  return { token, executionId };
}

describe('somebody without an account', () => {
  test('reads the form, saves a draft and submits it', async () => {
    const { token, executionId } = await aForm();
    const read = await ask(`${token}/session`);
    expect(read).toMatchObject({
      code: 200,
      body: {
        ...{ status: 'OPEN', kind: 'FORM', name: 'Address', description: 'Where do you **live**?' },
        ...{ schema: { type: 'object' }, uiSchema: { email: {} }, data: {} },
        ...{ expiresAt: '2026-03-03T09:00:00.000Z', organization: 'lindental', locale: 'de-DE' },
      },
    });
    const draft = await ask(`${token}/draft`, json('PUT', { data: { email: 'a' } }));
    expect(draft).toMatchObject({ code: 200, body: { savedAt: '2026-03-02T09:00:00.000Z' } });
    expect((await ask(`${token}/session`)).body).toMatchObject({ data: { email: 'a' } });
    const wrong = await ask(`${token}/submission`, json('POST', { data: { address: { zip: '1' } } }));
    expect(wrong).toMatchObject({
      code: 422,
      body: { status: 'INVALID', errors: [{ path: '/address/zip', keyword: 'pattern' }] },
    });
    const done = await ask(`${token}/submission`, json('POST', { data: RIGHT }));
    expect([done.code, done.body]).toEqual([200, { status: 'SUBMITTED' }]);
    expect(await shop.task(executionId, 'form')).toMatchObject({
      status: 'COMPLETED',
      finishedBy: { type: 'SYSTEM' },
    });
  });

  test('keeps the address to themselves', async () => {
    const { token } = await aForm();
    for (const path of [token, `${token}/session`, 'x/session']) {
      const { headers } = await ask(path);
      expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
        'no-referrer',
        'no-store',
      ]);
      expect(headers.get('set-cookie')).toBeNull();
    }
  });

  test('is told that it was submitted before, is not needed any more, or its time is over', async () => {
    const twice = await aForm();
    await ask(`${twice.token}/submission`, json('POST', { data: RIGHT }));
    expect(await ask(`${twice.token}/submission`, json('POST', { data: RIGHT }))).toMatchObject({
      code: 409,
      body: { status: 'ALREADY_SUBMITTED' },
    });
    const closed = await aForm();
    await shop.give(closed.executionId, 'form', 'SKIP_TASK');
    expect(await ask(`${closed.token}/submission`, json('POST', { data: RIGHT }))).toMatchObject({
      code: 410,
      body: { status: 'CLOSED' },
    });
    const back = await opened(shop, { journeyId: await made(shop) });
    tokens.push(back.token);
    valueOf(await closeJourneySession(shop.caller, { sessionId: back.sessionId }));
    const entityId = await shop.entity();
    const gone = await opened(shop, { journeyId: await made(shop), entityId });
    tokens.push(gone.token);
    valueOf(await deleteEntity(shop.caller, { id: entityId }));
    for (const [path, init] of [
      [`${back.token}/draft`, json('PUT', { data: {} })],
      [`${back.token}/submission`, json('POST', { data: RIGHT })],
      [`${gone.token}/draft`, json('PUT', { data: {} })],
      [`${gone.token}/submission`, json('POST', { data: RIGHT })],
    ] as const)
      expect(await ask(path, init)).toMatchObject({
        code: 410,
        body: { status: 'CLOSED' },
      });
    const over = await opened(shop, { journeyId: await made(shop, { sessionHours: 1 }) });
    tokens.push(over.token);
    shop.clock.advance(3_600_000);
    expect(await ask(`${over.token}/draft`, json('PUT', { data: {} }))).toMatchObject({
      code: 410,
      body: { status: 'EXPIRED' },
    });
    const { body } = await ask(`${over.token}/session`);
    expect(Object.keys(body).sort()).toEqual(
      ['description', 'expiresAt', 'kind', 'locale', 'name', 'organization', 'status'].sort(),
    );
  });

  test('is told that it has to wait, and nothing about what for', async () => {
    const { token, executionId } = await aForm();
    await shop.give(executionId, 'form', 'HOLD_TASK');
    const { code, body } = await ask(`${token}/submission`, json('POST', { data: RIGHT }));
    expect([code, body['status']]).toEqual([409, 'TASK_BLOCKED']);
    expect(JSON.stringify(body)).not.toMatch(/ON_HOLD|form/);
  });

  test('is told nothing of the entity that what they filled in can’t be written into; the log is', async () => {
    const journeyId = await made(shop, { mapping: [copy('contacts.zip', 'data.address.zip')] });
    const entityId = await shop.entity({ contacts: [] });
    const { token } = await opened(shop, { journeyId, entityId });
    tokens.push(token);
    const { code, body } = await ask(`${token}/submission`, json('POST', { data: RIGHT }));
    expect([code, body]).toMatchObject([
      422,
      { status: 'INVALID', errors: [{ path: '', keyword: 'mapping' }] },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/contacts|list|entity/);
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ journeyId, reason: expect.stringContaining('contacts.zip') as string }),
    );
  });

  test('is shown a page that is there, or is not', async () => {
    const { token } = await aForm();
    const pages = await Promise.all([ask(token), ask('A'.repeat(43)), ask('x', { method: 'HEAD' })]);
    expect(pages.map(({ code }) => code)).toEqual([200, 404, 404]);
    for (const { headers } of pages) expect(headers.get('content-type')).toContain('text/html');
  });

  test('gets a form of their own from a permanent link', async () => {
    const journeyId = await made(shop, { isPublic: true });
    const [journey] = await readJourneys(shop.database, shop.viewer.organizationId, [journeyId]);
    const { code, headers } = await ask(journey?.publicKey ?? '');
    const token = (headers.get('location') ?? '').replace('/journeys/', '');
    tokens.push(token);
    expect([code, token.split('.')[0]]).toEqual([302, journey?.publicKey]);
    expect((await ask(`${token}/session`)).body).toMatchObject({ status: 'OPEN', data: {} });
    expect((await ask(`${token}/submission`, json('POST', { data: RIGHT }))).code).toBe(200);
    expect((await ask(`${token}/submission`, json('POST', { data: RIGHT }))).code).toBe(409);
  });

  test('may fill in what is 20 levels deep', async () => {
    const { token } = await aForm();
    const init = { ...json('PUT', 0), body: nested(20) };
    expect((await ask(`${token}/draft`, init)).code).toBe(200);
  });

  test.each<[what: string, path: string, init: RequestInit, code: number]>([
    ['another token', `${'A'.repeat(43)}/session`, {}, 404],
    ['no token', '/session', {}, 404],
    ['what there is not', `${'A'.repeat(43)}/secrets`, {}, 404],
    ['what there is not below it', `${'A'.repeat(43)}/session/x`, {}, 404],
    ['deleting', `${'A'.repeat(43)}/draft`, { method: 'DELETE' }, 405],
    ['submitting by looking', `${'A'.repeat(43)}/submission`, {}, 405],
    ['writing into the page', 'x', { method: 'POST' }, 405],
    ['looking at a return', `${'A'.repeat(43)}/return`, { method: 'HEAD' }, 405],
    ['a form’s own encoding', 'x/submission', { method: 'POST', body: new URLSearchParams({ a: '1' }) }, 415],
    ['what is no JSON', 'x/submission', { ...json('POST', 0), body: '{' }, 400],
    ['what has no data', 'x/submission', json('POST', {}), 400],
    ['nothing', 'x/submission', { method: 'POST' }, 400],
    ['a list', 'x/submission', json('POST', [1]), 400],
    ['what is nested too deep', 'x/draft', { ...json('PUT', 0), body: nested(21) }, 400],
    ['too much', 'x/submission', json('POST', { data: { a: 'x'.repeat(300_000) } }), 413],
  ])('is refused %s', async (_what, path, init, code) => {
    expect((await ask(path, init)).code).toBe(code);
  });
});

describe('an outside form', () => {
  async function aLink() {
    const journeyId = await made(shop, { kind: 'LINK' });
    const parameters = [{ name: 'zip', value: '{{entity.zip}}' }];
    const tasks = [withForm('form', journeyId, { parameters })];
    const executionId = await shop.start({ tasks }, [await shop.entity({ zip: '99999' })]);
    const { token } = await openedFrom(shop, executionId, 'form');
    tokens.push(token);
    const journey = await readFullJourney(shop.database, shop.viewer.organizationId, journeyId);
    const { body } = await ask(`${token}/session`);
    const target = new URL(String(body['url']));
    return {
      ...{ journeyId, token, executionId, body, target },
      session: target.searchParams.get('session') ?? '',
      secret: journey?.secrets[0]?.secret ?? '',
    };
  }

  const seconds = (): number => Math.floor(shop.clock.now().getTime() / 1000);

  function signed(secret: string, session: string, data: string, at = seconds()) {
    return {
      timestamp: String(at),
      signature: new Webhook(secret).sign(session, new Date(at * 1000), data),
      data,
    };
  }

  function posted({ data, timestamp, signature }: ReturnType<typeof signed>): RequestInit {
    return {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-timestamp': timestamp,
        'webhook-signature': signature,
      },
      body: data,
    };
  }

  const DATA = JSON.stringify(RIGHT);

  test('is told the session, what it is opened with, and where it comes back to', async () => {
    const { token, body, target, session } = await aLink();
    expect(body).toMatchObject({ status: 'OPEN', kind: 'LINK' });
    expect(body).not.toHaveProperty('schema');
    expect(target.origin + target.pathname).toBe('https://forms.example/address');
    expect(Object.fromEntries(target.searchParams)).toEqual({
      ...{ lang: 'de', zip: '99999', session },
      return: `${PUBLIC_URL}/journeys/${token}/return`,
    });
  });

  test('brings back what was filled in, signed, and once', async () => {
    const { token, session, secret, executionId } = await aLink();
    const init = posted(signed(secret, session, DATA));
    expect(await ask(`${token}/return`, init)).toMatchObject({ code: 200, body: { status: 'SUBMITTED' } });
    expect(await shop.task(executionId, 'form')).toMatchObject({ status: 'COMPLETED' });
    expect(await ask(`${token}/return`, init)).toMatchObject({ code: 409 });
  });

  test('may send the browser back, which is shown the page', async () => {
    const { token, session, secret, executionId } = await aLink();
    const query = new URLSearchParams(signed(secret, session, DATA));
    for (const _time of [1, 2]) {
      const { code, headers } = await ask(`${token}/return?${query}`);
      expect([code, headers.get('location')]).toEqual([303, `/journeys/${token}`]);
    }
    expect(await shop.task(executionId, 'form')).toMatchObject({ status: 'COMPLETED' });
  });

  test('is not believed without the right signature', async () => {
    const [{ token, session, secret, executionId }, other] = [await aLink(), await aLink()];
    const right = signed(secret, session, DATA);
    const wrong = [
      { ...right, signature: '' },
      { ...right, data: JSON.stringify({ address: { zip: '00000' } }) },
      { ...right, timestamp: String(seconds() + 1) },
      signed(other.secret, session, DATA),
      signed(secret, other.session, DATA),
      signed(secret, session, DATA, seconds() - 301),
      signed(secret, session, DATA, seconds() + 301),
    ];
    for (const returned of wrong)
      expect(await ask(`${token}/return`, posted(returned))).toMatchObject({
        code: 401,
        body: { status: 'INVALID_SIGNATURE' },
      });
    expect(await ask(`${token}/submission`, json('POST', { data: RIGHT }))).toMatchObject({ code: 403 });
    expect(await ask(`${token}/draft`, json('PUT', { data: RIGHT }))).toMatchObject({ code: 403 });
    expect(await shop.task(executionId, 'form')).toMatchObject({ status: 'PENDING' });
  });

  test('is told what is wrong with what it brings', async () => {
    const { token, session, secret } = await aLink();
    for (const data of ['{}', '[]', 'x'])
      expect(await ask(`${token}/return`, posted(signed(secret, session, data)))).toMatchObject({
        code: 422,
        body: { status: 'INVALID' },
      });
  });

  test('is believed with the old secret for as long as that is good', async () => {
    const { journeyId, token, session, secret } = await aLink();
    valueOf(await rotateJourneySecret(shop.caller, { journeyId, expiresInHours: 1 }));
    const early = posted(signed(secret, session, '{}'));
    expect(await ask(`${token}/return`, early)).toMatchObject({ code: 422 });
    shop.clock.advance(3_600_000);
    expect(await ask(`${token}/return`, posted(signed(secret, session, '{}')))).toMatchObject({ code: 401 });
  });

  test('can’t be used for a form that is filled in here', async () => {
    const { token } = await aForm();
    const { secret, session } = await aLink();
    expect(await ask(`${token}/return`, posted(signed(secret, session, DATA)))).toMatchObject({ code: 401 });
  });
});

test('no token is in the log', () => {
  expect(lines.join('')).toContain('/journeys/…/submission');
  expect(tokens.length).toBeGreaterThan(10);
  for (const token of tokens) expect(lines.join('')).not.toContain(token.slice(-20));
});
