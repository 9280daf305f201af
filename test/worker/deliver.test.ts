import { Webhook } from 'standardwebhooks';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redeliver, redeliverFailed } from '../../src/commands/deliveries.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  rotateSecret,
  updateEndpoint,
} from '../../src/commands/webhook-endpoints.ts';
import { globalId } from '../../src/store/global-id.ts';
import { openMailer } from '../../src/outgoing/mail.ts';
import { insertRuns } from '../../src/store/automation-run-writes.ts';
import {
  insertDeliveries,
  type DeliveryOutcome,
  type DeliveryRecord,
  type InsertedDelivery,
} from '../../src/store/deliveries.ts';
import { readAttempts } from '../../src/store/delivery-lists.ts';
import { readDelivery } from '../../src/store/delivery-writes.ts';
import type { Transaction } from '../../src/store/transaction.ts';
import { readFullEndpoint, type EndpointHeader } from '../../src/store/webhook-endpoints.ts';
import { deliver } from '../../src/worker/deliver.ts';
import type { DeliverContext } from '../../src/worker/delivery-context.ts';
import {
  openHttpReceiver,
  type HttpReceiver,
  type ReceivedRequest,
  type Reply,
} from '../support/http-receiver.ts';
import { silentLog } from '../support/live-fixture.ts';
import { openSmtpReceiver } from '../support/smtp-receiver.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const SECOND_MS = 1_000;
const noServer = openMailer({ smtpUrl: null, from: 'handrail@example.com' });

let shop: Workshop;
let receiver: HttpReceiver;
let answers: Reply[] = [];
/** What runs were told. */
let told: DeliveryOutcome[] = [];

beforeAll(async () => {
  shop = await openWorkshop();
  receiver = await openHttpReceiver({
    answer: () => answers.shift() ?? { status: 200, body: '{"ok":true}' },
  });
});
beforeEach(() => {
  shop.clock.set('2026-03-02T09:00:00.000Z');
  answers = [];
  told = [];
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await shop[Symbol.asyncDispose]();
});

function contextWith(parts: Partial<DeliverContext> = {}): DeliverContext {
  return {
    database: shop.database,
    clock: () => shop.clock.now(),
    publicUrl: () => 'https://handrail.example',
    targets: 'any',
    schedule: [5, 300],
    mailer: noServer,
    log: silentLog,
    random: () => 0.5,
    owners: {
      cause: () => Promise.resolve(undefined),
      lock: () => Promise.resolve(),
      settled(_tx, _owner, outcome) {
        told.push(outcome);
        return Promise.resolve();
      },
    },
    ...parts,
  };
}

function valueOf<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.value;
}

async function endpoint(
  headers: readonly EndpointHeader[] = [],
  url = `${receiver.url}/hooks`,
): Promise<string> {
  const input = { name: 'Receiver', url, eventTypes: [], headers };
  return valueOf(await createEndpoint(shop.caller, 'any', input)).id;
}

async function secretOf(endpointId: string): Promise<string> {
  const found = await readFullEndpoint(shop.database, shop.viewer.organizationId, endpointId);
  return found?.secrets[0]?.secret ?? '';
}

async function inTransaction(work: (tx: Transaction) => Promise<void>): Promise<void> {
  const { organizationId } = shop.viewer;
  const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
  await shop.database.transaction(scope, work);
}

async function send(delivery: Partial<InsertedDelivery>): Promise<string> {
  const id = uuidv7();
  const whole = { id, kind: 'WEBHOOK', type: 'task.completed', data: { n: 1 }, ...delivery };
  await inTransaction((tx) => insertDeliveries(tx, [whole as InsertedDelivery]));
  return id;
}

async function attempt(deliveryId: string, parts: Partial<DeliverContext> = {}): Promise<void> {
  await deliver(contextWith(parts), { organizationId: shop.viewer.organizationId, deliveryId });
}

async function delivery(id: string): Promise<DeliveryRecord> {
  const found = await readDelivery(shop.database, shop.viewer.organizationId, id);
  if (!found) throw new Error(`no delivery ${id}`);
  return found;
}

async function logOf(id: string) {
  return (await readAttempts(shop.database, shop.viewer.organizationId, [id])).get(id) ?? [];
}

async function hasJob(id: string): Promise<boolean> {
  return (await shop.jobs()).some(({ key }) => key === `deliver:${id}`);
}

function requestsOf(id: string): ReceivedRequest[] {
  return receiver.requests.filter(({ headers }) => headers['webhook-id'] === id);
}

function onlyRequestOf(id: string): ReceivedRequest {
  const [request, ...more] = requestsOf(id);
  if (!request || more.length > 0) throw new Error(`${requestsOf(id).length} requests, not one`);
  return request;
}

describe('a webhook', () => {
  test('arrives with a signature that receivers can check', async () => {
    const endpointId = await endpoint([{ name: 'X-Api-Key', value: 'k1' }]);
    const id = await send({ endpointId });
    expect(await hasJob(id)).toBe(true);
    shop.clock.set(new Date().toISOString());
    await attempt(id);
    const request = onlyRequestOf(id);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hooks',
      headers: { 'content-type': 'application/json', 'user-agent': 'Handrail-Webhooks', 'x-api-key': 'k1' },
    });
    const { headers, body } = request;
    expect(new Webhook(await secretOf(endpointId)).verify(body, { ...headers })).toEqual({
      type: 'task.completed',
      timestamp: '2026-03-02T09:00:00.000Z',
      data: { n: 1 },
    });
    expect(await delivery(id)).toMatchObject({
      status: 'DELIVERED',
      attempts: 1,
      nextAttemptAt: null,
      error: null,
    });
    expect(await logOf(id)).toMatchObject([
      { number: 1, statusCode: 200, response: '{"ok":true}', error: null },
    ]);
  });

  test('carries the signatures of both secrets while one takes the place of the other', async () => {
    const endpointId = await endpoint();
    const old = await secretOf(endpointId);
    shop.clock.set(new Date().toISOString());
    valueOf(await rotateSecret(shop.caller, { id: endpointId, expiresInHours: 1 }));
    const id = await send({ endpointId });
    await attempt(id);
    const { headers, body } = onlyRequestOf(id);
    for (const secret of [old, await secretOf(endpointId)])
      expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
  });

  test('carries one signature again when the old secret has expired', async () => {
    const endpointId = await endpoint();
    valueOf(await rotateSecret(shop.caller, { id: endpointId, expiresInHours: 1 }));
    shop.clock.advance(3600 * SECOND_MS);
    const id = await send({ endpointId });
    await attempt(id);
    expect(onlyRequestOf(id).headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  test('has the same id and body in each attempt, and a timestamp of its own', async () => {
    answers = [{ status: 500, body: 'broken' }, {}];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({
      status: 'PENDING',
      attempts: 1,
      nextAttemptAt: '2026-03-02T09:00:05.000Z',
      error: { code: 'HTTP_500' },
    });
    shop.clock.advance(5 * SECOND_MS);
    await attempt(id);
    const [first, second] = requestsOf(id);
    expect(second?.body).toBe(first?.body);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(
      Number(first?.headers['webhook-timestamp']) + 5,
    );
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED', attempts: 2, error: null });
    expect(await logOf(id)).toMatchObject([
      { number: 1, statusCode: 500, response: 'broken', error: { code: 'HTTP_500' } },
      { number: 2, statusCode: 204, error: null },
    ]);
  });

  test('is not sent before its time', async () => {
    answers = [{ status: 503 }];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    await attempt(id);
    expect(requestsOf(id)).toHaveLength(1);
    expect(await hasJob(id)).toBe(true);
  });

  test('comes back when the receiver asked for it', async () => {
    answers = [{ status: 429, headers: { 'retry-after': '120' } }];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ nextAttemptAt: '2026-03-02T09:02:00.000Z' });
  });

  test('comes back when the receiver asked for it, however large the rest of the answer', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '3600' }, body: 'x'.repeat(100_000) }];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ nextAttemptAt: '2026-03-02T10:00:00.000Z' });
    expect((await logOf(id))[0]).toMatchObject({ statusCode: 503, response: 'x'.repeat(4096) });
  });

  test('becomes a dead letter after the last attempt, and can be sent again', async () => {
    answers = [{ status: 500 }, { status: 500 }, { status: 500 }];
    const endpointId = await endpoint();
    const id = await send({ endpointId });
    await attempt(id);
    shop.clock.advance(5 * SECOND_MS);
    await attempt(id);
    shop.clock.advance(300 * SECOND_MS);
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'FAILED', attempts: 3, error: { code: 'HTTP_500' } });
    expect((await shop.events()).at(-1)).toMatchObject({ type: 'DELIVERY_FAILED', subjectId: id });

    expect(valueOf(await redeliverFailed(shop.caller, { endpointId }))).toBe(1);
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', round: 0, attempts: 3, finishedAt: null });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED', attempts: 4 });
    expect(new Set(requestsOf(id).map(({ body }) => body)).size).toBe(1);
    expect(requestsOf(id)).toHaveLength(4);
  });

  test('that has arrived can be sent once more', async () => {
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    valueOf(await redeliver(shop.caller, { id }));
    expect((await shop.events()).at(-1)).toMatchObject({ type: 'DELIVERY_REDELIVERED', subjectId: id });
    await attempt(id);
    expect(requestsOf(id)).toHaveLength(2);
  });

  test('does not follow a redirect', async () => {
    answers = [{ status: 302, headers: { location: `${receiver.url}/elsewhere` } }];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', error: { code: 'REDIRECT' } });
    expect(receiver.requests.some(({ path }) => path === '/elsewhere')).toBe(false);
  });

  test('has arrived with 2xx, however large the answer', async () => {
    answers = [{ status: 200, body: 'x'.repeat(100_000) }];
    const id = await send({ endpointId: await endpoint() });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED' });
    expect((await logOf(id))[0]?.response).toBe('x'.repeat(4096));
  });

  test('is given up at once if its address is none to send to', async () => {
    const id = await send({ endpointId: await endpoint() });
    await attempt(id, { targets: 'public' });
    expect(await delivery(id)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { code: 'INVALID_REQUEST' },
    });
    expect(requestsOf(id)).toEqual([]);
  });

  test('that is interrupted is sent again, and that was no attempt', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const id = await send({ endpointId: await endpoint() });
    await attempt(id, { signal: stopping.signal });
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(await hasJob(id)).toBe(true);
  });
});

describe('an endpoint', () => {
  test('that answers 410 is disabled, and what is on its way to it waits until it is enabled', async () => {
    answers = [{ status: 410 }];
    const endpointId = await endpoint();
    const gone = await send({ endpointId });
    const waiting = await send({ endpointId });
    await attempt(gone);
    await attempt(waiting);
    expect(await delivery(gone)).toMatchObject({ status: 'FAILED', error: { code: 'HTTP_410' } });
    expect((await shop.events()).slice(-2)).toMatchObject([
      { type: 'WEBHOOK_ENDPOINT_DISABLED', data: { disabledReason: 'GONE' } },
      { type: 'DELIVERY_FAILED' },
    ]);
    expect(await delivery(waiting)).toMatchObject({ status: 'PENDING', nextAttemptAt: null });
    expect(requestsOf(waiting)).toEqual([]);

    valueOf(await enableEndpoint(shop.caller, { id: endpointId }));
    expect(await delivery(waiting)).toMatchObject({ nextAttemptAt: shop.clock.now().toISOString() });
    await attempt(waiting);
    expect(await delivery(waiting)).toMatchObject({ status: 'DELIVERED' });
  });

  test('that has got another address meanwhile stays enabled, whatever the old one answers', async () => {
    const endpointId = await endpoint();
    const url = `${receiver.url}/new`;
    answers = [
      (response) => {
        void updateEndpoint(shop.caller, 'any', { id: endpointId, url }).then(() => {
          response.writeHead(410).end();
        });
      },
    ];
    const id = await send({ endpointId });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', error: { code: 'HTTP_410' } });
    shop.clock.advance(5 * SECOND_MS);
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED' });
    expect(requestsOf(id).map(({ path }) => path)).toEqual(['/hooks', '/new']);
  });

  test('that is deleted while a message is on its way to it cancels the next attempt', async () => {
    const endpointId = await endpoint();
    answers = [
      (response) => {
        void deleteEndpoint(shop.caller, { id: endpointId }).then(() => {
          response.writeHead(500).end();
        });
      },
    ];
    const id = await send({ endpointId });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'CANCELLED', attempts: 1, nextAttemptAt: null });
  });

  test('that is enabled leaves the times of retries as they are', async () => {
    answers = [{ status: 500 }];
    const endpointId = await endpoint();
    const id = await send({ endpointId });
    await attempt(id);
    valueOf(await disableEndpoint(shop.caller, { id: endpointId }));
    valueOf(await enableEndpoint(shop.caller, { id: endpointId }));
    expect(await delivery(id)).toMatchObject({ nextAttemptAt: '2026-03-02T09:00:05.000Z' });
  });

  test('that is deleted gets nothing more', async () => {
    const endpointId = await endpoint();
    const id = await send({ endpointId });
    valueOf(await deleteEndpoint(shop.caller, { id: endpointId }));
    await attempt(id);
    expect(await delivery(id)).toMatchObject({ status: 'CANCELLED' });
    expect(requestsOf(id)).toEqual([]);
    expect(await redeliver(shop.caller, { id })).toMatchObject({
      problem: { code: 'DELIVERY_NOT_SENDABLE', reason: 'CANCELLED' },
    });
  });
});

describe('a mail', () => {
  const content = {
    to: ['mia@example.com'],
    cc: [],
    subject: 'Your order',
    text: 'It is on its way.',
    html: null,
  };

  test('waits until there is a mail server, and is then sent', async () => {
    await using smtp = await openSmtpReceiver();
    await using mailer = openMailer({ smtpUrl: smtp.url, from: 'Handrail <handrail@example.com>' });
    const id = await send({ kind: 'EMAIL', type: 'automation', content });
    await attempt(id);
    expect(await delivery(id)).toMatchObject({
      status: 'NOT_SENT',
      attempts: 0,
      error: { code: 'NOT_CONFIGURED' },
    });
    expect(await logOf(id)).toEqual([]);

    valueOf(await redeliver(shop.caller, { id }));
    await attempt(id, { mailer });
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED', attempts: 1 });
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]?.raw).toContain(`Message-ID: <${id}@example.com>`);
  });

  test('that is refused for good is given up, and otherwise tried again', async () => {
    const codes = [550, 451];
    await using smtp = await openSmtpReceiver({
      refuse: ({ command }) =>
        command === 'RCPT' ? { code: codes.shift() ?? 550, message: 'Not now' } : undefined,
    });
    await using mailer = openMailer({ smtpUrl: smtp.url, from: 'handrail@example.com' });
    const refused = await send({ kind: 'EMAIL', type: 'automation', content });
    await attempt(refused, { mailer });
    expect(await delivery(refused)).toMatchObject({ status: 'FAILED', error: { code: 'REJECTED' } });
    const postponed = await send({ kind: 'EMAIL', type: 'automation', content });
    await attempt(postponed, { mailer });
    expect(await delivery(postponed)).toMatchObject({ status: 'PENDING', attempts: 1 });
  });

  test('that is put off for one recipient is tried again for that one, and sent again to all', async () => {
    const to = ['mia@example.com', 'grey@example.com'];
    let isPutOff = true;
    await using smtp = await openSmtpReceiver({
      refuse: (step) =>
        step.command === 'RCPT' && step.address === 'grey@example.com' && isPutOff
          ? { code: 451, message: 'Greylisted' }
          : undefined,
    });
    await using mailer = openMailer({ smtpUrl: smtp.url, from: 'handrail@example.com' });
    const id = await send({ kind: 'EMAIL', type: 'automation', content: { ...content, to } });
    await attempt(id, { mailer });
    expect(await delivery(id)).toMatchObject({ status: 'PENDING', error: { code: 'RECIPIENT_PUT_OFF' } });
    isPutOff = false;
    shop.clock.advance(5 * SECOND_MS);
    await attempt(id, { mailer });
    expect(await delivery(id)).toMatchObject({ status: 'DELIVERED', attempts: 2, error: null });
    valueOf(await redeliver(shop.caller, { id }));
    await attempt(id, { mailer });
    expect(smtp.mails.map(({ envelope }) => envelope.to)).toEqual([[to[0]], [to[1]], to]);
  });
});

describe('the run that waits for a message', () => {
  async function run(): Promise<string> {
    const id = uuidv7();
    await inTransaction((tx) =>
      insertRuns(tx, [
        {
          id,
          automationId: uuidv7(),
          trigger: { type: 'MANUAL', eventSeq: null },
          input: {},
          entityId: null,
          executionId: null,
          taskId: null,
          taskRun: null,
          inputTaskKey: null,
          chainDepth: 1,
          startedById: null,
        },
      ]),
    );
    return id;
  }

  test('is told of each attempt, and of the answer as JSON', async () => {
    answers = [{ status: 500 }, { status: 201, body: '{"ticket":7}' }];
    const owner = { runId: await run(), actionKey: 'tell' };
    const id = await send({ endpointId: await endpoint(), owner });
    await attempt(id);
    shop.clock.advance(5 * SECOND_MS);
    await attempt(id);
    expect(told).toMatchObject([
      { status: 'RETRYING', attempts: 1, nextAt: '2026-03-02T09:00:05.000Z', error: { code: 'HTTP_500' } },
      {
        status: 'DELIVERED',
        output: { deliveryId: globalId('Delivery', id), statusCode: 201, response: { ticket: 7 } },
      },
    ]);
  });

  test('gets an answer as text that no database can hold as JSON', async () => {
    answers = [{ status: 200, body: '{"a":"\\u0000"}' }];
    const owner = { runId: await run(), actionKey: 'tell' };
    await attempt(await send({ endpointId: await endpoint(), owner }));
    expect(told).toMatchObject([{ status: 'DELIVERED', output: { response: '{"a":"\\u0000"}' } }]);
  });

  test('that does not wait for its dead letter any more does not keep it from being sent again', async () => {
    answers = [{ status: 410 }];
    const owner = { runId: await run(), actionKey: 'tell' };
    const endpointId = await endpoint();
    const id = await send({ endpointId, owner });
    await attempt(id);
    expect(told).toMatchObject([{ status: 'FAILED', error: { code: 'HTTP_410' } }]);
    expect(await redeliver(shop.caller, { id })).toMatchObject({
      problem: { reason: 'ENDPOINT_DISABLED' },
    });
    valueOf(await enableEndpoint(shop.caller, { id: endpointId }));
    valueOf(await redeliver(shop.caller, { id }));
    await attempt(id);
    expect(requestsOf(id)).toHaveLength(2);
  });

  test('does not hear again of what is over', async () => {
    const owner = { runId: await run(), actionKey: 'tell' };
    const id = await send({ endpointId: await endpoint(), owner });
    await attempt(id);
    await attempt(id);
    expect(told).toHaveLength(1);
    expect(requestsOf(id)).toHaveLength(1);
  });
});
