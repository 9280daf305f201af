/** Tasks that somebody outside confirms, from the request to the answer: rows, mails, links and the time that passes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerConfirmation, requestConfirmation } from '../../src/commands/confirmations.ts';
import { redeliver } from '../../src/commands/deliveries.ts';
import { addTask, commandTask } from '../../src/commands/tasks.ts';
import { openMailer } from '../../src/outgoing/mail.ts';
import { readContents } from '../../src/store/delivery-lists.ts';
import { deliver } from '../../src/worker/deliver.ts';
import type { DeliverContext } from '../../src/worker/delivery-context.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import {
  handOver,
  openDoor,
  postForm,
  postJson,
  requestsOf,
  visit,
  type Door,
} from '../support/confirmations.ts';
import { faultyDatabase, type Loss } from '../support/faulty-database.ts';
import { silentLog } from '../support/live-fixture.ts';
import { expectSound } from '../support/log.ts';
import { openSmtpReceiver, type SmtpReceiver } from '../support/smtp-receiver.ts';
import { edge, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const NOW = '2026-03-02T09:00:00.000Z';
const CUSTOMER = { customer: { email: 'clara@example.com' }, date: '3 May' };

let shop: Workshop;
let door: Door;
let smtp: SmtpReceiver;

beforeAll(async () => {
  shop = await openWorkshop();
  door = await openDoor(shop.caller);
  smtp = await openSmtpReceiver();
});
beforeEach(() => {
  shop.clock.set(NOW);
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await smtp[Symbol.asyncDispose]();
  await door[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

/** `visit`, then `after`. */
async function startWith(
  rule: Parameters<typeof visit>[0] = {},
  attributes: Readonly<Record<string, unknown>> = CUSTOMER,
): Promise<string> {
  return shop.start({ tasks: [visit(rule), task('after')], edges: [edge('visit > after')] }, [
    await shop.entity(attributes),
  ]);
}

function byHand(): Promise<string> {
  return startWith({ mode: 'MANUAL', to: null });
}

async function requests(executionId: string) {
  return requestsOf(shop, (await shop.task(executionId, 'visit')).id);
}

async function newest(executionId: string) {
  const [request] = await requests(executionId);
  if (!request) throw new Error('nobody was asked');
  return request;
}

async function mailOf(executionId: string): Promise<string> {
  const { rows } = await shop.database.pool.query<{ id: string }>(
    'select delivery_id as id from confirmation where execution_id = $1 order by number desc limit 1',
    [executionId],
  );
  return rows[0]?.id ?? '';
}

function context(parts: Partial<DeliverContext> = {}): DeliverContext {
  return {
    database: shop.database,
    clock: () => shop.clock.now(),
    log: silentLog,
    publicUrl: () => door.url,
    targets: 'any',
    schedule: [5],
    mailer: openMailer({ smtpUrl: smtp.url, from: 'handrail@localhost' }),
    random: () => 0.5,
    owners: {
      cause: () => Promise.resolve(undefined),
      lock: () => Promise.resolve(),
      settled: () => Promise.resolve(),
    },
    ...parts,
  };
}

/** Sends the newest mail; answers the link in it. */
async function send(executionId: string, parts: Partial<DeliverContext> = {}): Promise<string> {
  const deliverContext = context(parts);
  const { organizationId } = shop.viewer;
  await deliver(deliverContext, { organizationId, deliveryId: await mailOf(executionId) });
  await deliverContext.mailer[Symbol.asyncDispose]();
  return /http:\S+\/confirmations\/[\w-]{43}/.exec(smtp.mails.at(-1)?.text ?? '')?.[0] ?? '';
}

function wake(executionId: string): Promise<void> {
  return wakeExecution(shop.caller, { organizationId: shop.viewer.organizationId, executionId });
}

async function statusOf(executionId: string): Promise<string> {
  return (await shop.task(executionId, 'visit')).status;
}

describe('The mail', () => {
  test('goes to whom the entity names, with the words of the definition and a link that works', async () => {
    const executionId = await startWith();
    const link = await send(executionId);
    const mail = smtp.mails.at(-1);
    expect(mail?.envelope.to).toEqual(['clara@example.com']);
    expect(mail?.raw).toContain('Subject: Date for Order 1');
    expect(mail?.text).toContain('May we come on 3 May?');
    expect(await newest(executionId)).toMatchObject({
      ...{ number: 1, state: 'OPEN', recipients: ['clara@example.com'], mailStatus: 'DELIVERED' },
      ...{ expiresAt: '2026-03-04T09:00:00.000Z', createdById: null },
    });
    expect(await postJson(link, { answer: 'confirm' })).toEqual([200, 'CONFIRMED']);
    expect(await statusOf(executionId)).toBe('COMPLETED');
  });

  test('is sent again with the same Message-ID and the same link', async () => {
    const executionId = await startWith();
    const first = await send(executionId);
    const { ok } = await redeliver(shop.caller, { id: await mailOf(executionId) });
    expect([ok, await send(executionId)]).toEqual([true, first]);
    const ids = smtp.mails.slice(-2).map(({ raw }) => /^Message-ID: .*$/im.exec(raw)?.[0]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toBeDefined();
  });

  test('tells nobody the link who reads the log of messages, and neither do row, event and log', async () => {
    const executionId = await startWith();
    const token = (await send(executionId)).slice(-43);
    await fetch(`${door.url}/confirmations/${token}`);
    const contents = await readContents(shop.database, shop.viewer.organizationId, [
      await mailOf(executionId),
    ]);
    expect(JSON.stringify(contents)).toContain('{{confirmation.url}}');
    const { rows } = await shop.database.pool.query('select * from confirmation');
    const events = await shop.events();
    const told = JSON.stringify([contents, rows, events, door.lines]);
    expect(token).toHaveLength(43);
    expect(told).not.toContain(token);
    expect(door.lines.join('')).toContain('/confirmations/…');
  });

  test('is kept and seen as not sent where there is no mail server', async () => {
    const executionId = await startWith();
    await send(executionId, { mailer: openMailer({ smtpUrl: null, from: 'handrail@localhost' }) });
    expect(await newest(executionId)).toMatchObject({ state: 'OPEN', mailStatus: 'NOT_SENT' });
  });

  test.each([
    ['is none', { customer: { email: 'Clara' } }, 'INVALID_ADDRESS'],
    ['is not there', {}, 'NO_RECIPIENT'],
    ['hides a header', { customer: { email: 'clara@example.com\nBcc: eve@example.com' } }, 'INVALID_ADDRESS'],
    [
      'is one of too many',
      { customer: { email: Array.from({ length: 21 }, (_, index) => `a${index}@example.com`) } },
      'TOO_MANY_RECIPIENTS',
    ],
  ])('is not made if the address %s: the task waits, and says why', async (_what, attributes, code) => {
    const executionId = await startWith({}, attributes);
    expect(await newest(executionId)).toMatchObject({
      ...{ state: 'OPEN', recipients: [], mailStatus: null, mailProblem: { code } },
    });
  });

  test('is given up, and can’t be sent again, once nobody waits for the answer', async () => {
    const executionId = await startWith();
    const id = await mailOf(executionId);
    await shop.give(executionId, 'visit', 'SKIP_TASK');
    expect(await newest(executionId)).toMatchObject({ state: 'WITHDRAWN', mailStatus: 'CANCELLED' });
    const other = await startWith();
    await send(other);
    await shop.give(other, 'visit', 'WITHDRAW_CONFIRMATION');
    const answers = [
      await redeliver(shop.caller, { id }),
      await redeliver(shop.caller, { id: await mailOf(other) }),
    ];
    expect(answers).toMatchObject([
      { problem: { code: 'DELIVERY_NOT_SENDABLE', reason: 'CANCELLED' } },
      { problem: { code: 'DELIVERY_NOT_SENDABLE', reason: 'CONFIRMATION_OVER' } },
    ]);
    const { rows } = await shop.database.pool.query(
      'select from delivery where id = any($1) and secret is not null',
      [[id, await mailOf(other)]],
    );
    expect(rows).toEqual([]);
  });
});

describe('A link', () => {
  test('is used once: a mail scanner that fetches it twenty times confirms nothing', async () => {
    const executionId = await byHand();
    const url = `${door.url}/confirmations/${await handOver(shop, executionId)}`;
    const version = (await shop.task(executionId, 'visit')).version;
    const before = (await shop.events()).length;
    const looks = await Promise.all(
      Array.from({ length: 20 }, (_, index) => fetch(url, { method: index % 4 === 0 ? 'HEAD' : 'GET' })),
    );
    expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await shop.events()).length).toBe(before);
    expect(await shop.task(executionId, 'visit')).toMatchObject({
      version,
      status: 'WAITING_FOR_CONFIRMATION',
    });

    const first = await postForm(url, { answer: 'confirm', comment: ' Gladly ', name: 'Clara' });
    expect([first.status, await first.text()]).toEqual([200, expect.stringContaining('Vielen Dank')]);
    const log = (await shop.events()).length;
    shop.clock.advance(60_000);
    const again = await postForm(url, { answer: 'confirm' });
    expect([again.status, await again.text()]).toEqual([
      200,
      expect.stringContaining('Bestätigt am 2. März 2026 um 10:00 MEZ'),
    ]);
    const other = await postForm(url, { answer: 'decline' });
    expect([other.status, await other.text()]).toEqual([409, expect.stringContaining('schon geantwortet')]);
    expect(await postJson(url, { answer: 'confirm' })).toEqual([200, 'CONFIRMED']);
    expect(await postJson(url, { answer: 'decline' })).toEqual([409, 'CONFIRMED']);
    expect((await fetch(url)).status).toBe(200);
    expect((await shop.events()).length).toBe(log);
    expect(await newest(executionId)).toMatchObject({
      state: 'CONFIRMED',
      answer: { at: NOW, by: 'Clara', comment: 'Gladly' },
    });
  });

  test('declines: the task fails with the comment, and trying again asks anew by another link', async () => {
    const executionId = await startWith();
    const link = await send(executionId);
    expect(await postJson(link, { answer: 'decline', comment: 'Too early' })).toEqual([200, 'DECLINED']);
    expect(await shop.task(executionId, 'visit')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'CONFIRMATION_DECLINED', message: 'Too early' },
    });
    await shop.give(executionId, 'visit', 'RETRY_TASK');
    expect((await requests(executionId)).map(({ number, state }) => [number, state])).toEqual([
      [2, 'OPEN'],
      [1, 'DECLINED'],
    ]);
    const second = await send(executionId);
    expect(second).not.toBe(link);
    expect(await postJson(link, { answer: 'confirm' })).toEqual([409, 'DECLINED']);
    expect(await postJson(second, { answer: 'confirm' })).toEqual([200, 'CONFIRMED']);
  });

  test('expires: at that moment it is good for nothing, and the task fails by itself', async () => {
    const executionId = await byHand();
    const url = `${door.url}/confirmations/${await handOver(shop, executionId)}`;
    const jobs = await shop.jobs();
    expect(jobs.find(({ key }) => key === `wake:${executionId}`)).toBeDefined();
    shop.clock.set('2026-03-04T09:00:00.000Z');
    expect(await postJson(url, { answer: 'confirm' })).toEqual([410, 'EXPIRED']);
    expect((await fetch(url)).status).toBe(410);
    expect(await statusOf(executionId)).toBe('WAITING_FOR_CONFIRMATION');
    await wake(executionId);
    await wake(executionId);
    expect(await shop.task(executionId, 'visit')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'CONFIRMATION_EXPIRED' },
    });
    expect(await newest(executionId)).toMatchObject({
      state: 'EXPIRED',
      finishedAt: '2026-03-04T09:00:00.000Z',
    });
    expect(await postJson(url, { answer: 'confirm' })).toEqual([410, 'EXPIRED']);
  });

  test.each<[what: string, end: (executionId: string) => Promise<void>]>([
    ['is skipped', (id) => shop.give(id, 'visit', 'SKIP_TASK')],
    ['is reported as failed', (id) => shop.give(id, 'visit', 'FAIL_TASK', { reason: null })],
    ['does not wait any more', (id) => shop.give(id, 'visit', 'WITHDRAW_CONFIRMATION')],
    [
      'belongs to a closed execution',
      (id) => shop.command(id, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null }),
    ],
    ['is gone with its execution', (id) => shop.command(id, { type: 'DELETE_EXECUTION' })],
  ])('is no longer needed when the task %s', async (_what, end) => {
    const executionId = await byHand();
    const url = `${door.url}/confirmations/${await handOver(shop, executionId)}`;
    await end(executionId);
    const before = (await shop.events()).length;
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([410, expect.stringContaining('nicht mehr gebraucht')]);
    expect(await postJson(url, { answer: 'confirm' })).toEqual([410, 'OVER']);
    expect((await shop.events()).length).toBe(before);
  });

  test('of a task that was added by hand and is removed again is no longer needed', async () => {
    const executionId = await shop.start({ tasks: [task('a')] });
    const added = await addTask(shop.caller, {
      ...{ executionId, name: 'Call', description: null, assignees: [], dueAt: null },
      place: { phaseId: null, index: null },
    });
    if (!added.ok) throw new Error(added.problem.code);
    const { taskId } = added.value;
    const asked = await requestConfirmation(shop.caller, {
      taskId,
      to: [],
      message: null,
      expiresInHours: 1,
    });
    if (!asked.ok) throw new Error(asked.problem.code);
    await commandTask(shop.caller, { type: 'REMOVE_TASK', taskId });
    expect(
      await postJson(`${door.url}/confirmations/${asked.value.token ?? ''}`, { answer: 'confirm' }),
    ).toEqual([410, 'OVER']);
  });

  test('counts again when a closed execution is reopened', async () => {
    const executionId = await byHand();
    const url = `${door.url}/confirmations/${await handOver(shop, executionId)}`;
    await shop.command(executionId, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    await shop.command(executionId, { type: 'REOPEN_EXECUTION' });
    expect(await postJson(url, { answer: 'confirm' })).toEqual([200, 'CONFIRMED']);
  });

  test('of one task confirms no other', async () => {
    const [one, other] = [await byHand(), await byHand()];
    const token = await handOver(shop, one);
    await handOver(shop, other);
    await postJson(`${door.url}/confirmations/${token}`, { answer: 'confirm' });
    expect([await statusOf(one), await statusOf(other)]).toEqual(['COMPLETED', 'WAITING_FOR_CONFIRMATION']);
  });

  test('that nobody made is unknown', async () => {
    for (const token of ['x'.repeat(43), 'short', '../../graphql', '']) {
      expect((await fetch(`${door.url}/confirmations/${token}`)).status).toBe(404);
    }
    expect(await postJson(`${door.url}/confirmations/${'x'.repeat(43)}`, { answer: 'confirm' })).toEqual([
      404,
      'UNKNOWN',
    ]);
    expect(
      (await postForm(`${door.url}/confirmations/${'x'.repeat(43)}`, { answer: 'confirm' })).status,
    ).toBe(404);
  });
});

describe('Of answers at the same time', () => {
  test('one wins, and the others are told which', async () => {
    for (let round = 0; round < 5; round += 1) {
      const executionId = await byHand();
      const url = `${door.url}/confirmations/${await handOver(shop, executionId)}`;
      const before = (await shop.events()).length;
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          postJson(url, { answer: index % 2 === 0 ? 'confirm' : 'decline' }),
        ),
      );
      const { state } = await newest(executionId);
      expect(new Set(answers.map(([, told]) => told))).toEqual(new Set([state]));
      expect(answers.filter(([status]) => status === 200)).toHaveLength(4);
      expect(await statusOf(executionId)).toBe(state === 'CONFIRMED' ? 'COMPLETED' : 'FAILED');
      const mine = (await shop.events())
        .slice(before)
        .filter(({ type }) => /^TASK_(CONFIRMED|FAILED)$/.test(type));
      expect(mine).toHaveLength(1);
    }
  });

  test('and of somebody who skips the task, one wins', async () => {
    const executionId = await byHand();
    const token = await handOver(shop, executionId);
    const [answered] = await Promise.all([
      postJson(`${door.url}/confirmations/${token}`, { answer: 'confirm' }),
      shop.give(executionId, 'visit', 'SKIP_TASK').catch(() => undefined),
    ]);
    const { state } = await newest(executionId);
    const status = await statusOf(executionId);
    expect([
      ['CONFIRMED', 'COMPLETED', 200],
      ['WITHDRAWN', 'SKIPPED', 410],
    ]).toContainEqual([state, status, answered[0]]);
  });
});

test('the answer and the task’s status are one transaction, wherever the connection is lost', async () => {
  const losses: Loss[] = ['BEFORE', 'AFTER', 'NONE', 'BEFORE', 'BEFORE', 'AFTER'];
  for (const loss of losses) {
    const executionId = await byHand();
    const token = await handOver(shop, executionId);
    const draws: Loss[] = [loss];
    const faulty = faultyDatabase(shop.database, () => draws.shift() ?? 'NONE');
    const given = { answer: 'CONFIRMED', by: null, comment: null } as const;
    const answer = () => answerConfirmation({ ...shop.caller, database: faulty }, token, given);
    const first = await answer().catch(() => null);
    const [request, status] = [await newest(executionId), await statusOf(executionId)];
    const isThere = loss !== 'BEFORE';
    expect([loss, request.state, status]).toEqual([
      loss,
      isThere ? 'CONFIRMED' : 'OPEN',
      isThere ? 'COMPLETED' : 'WAITING_FOR_CONFIRMATION',
    ]);
    expect(first === null).toBe(loss !== 'NONE');
    expect(await answer()).toMatchObject({ standing: 'ANSWERED', isSame: true });
    expect(await statusOf(executionId)).toBe('COMPLETED');
  }
});

test('an execution in which nothing is to be confirmed costs no statement more', async () => {
  const executionId = await shop.start({ tasks: [task('a'), task('b')] });
  shop.resetStatements();
  await shop.give(executionId, 'a', 'COMPLETE_TASK');
  expect(
    shop.statements().filter((text) => text.includes('confirmation.') || /\bconfirmation c\b/.test(text)),
  ).toEqual([]);
});
