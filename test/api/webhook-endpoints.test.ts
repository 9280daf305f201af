import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { insertAttempt, updateDelivery } from '../../src/store/delivery-writes.ts';
import { insertDeliveries } from '../../src/store/deliveries.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

const ENDPOINT = `id name url eventTypes headerNames previousSecretExpiresAt isEnabled disabledReason isDeleted version`;
const PROBLEM = `... on Problem { code message } ... on InvalidInputProblem { issues { path code } }`;
const DELIVERY = `id messageId kind status type endpoint { id } attemptCount nextAttemptAt error { code } body email { subject to }
  log { number statusCode response error { code } }`;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

interface Endpoint {
  readonly id: string;
  readonly name: string;
  readonly version: number;
}
interface Result {
  readonly __typename: string;
  readonly code?: string;
  readonly issues?: readonly { readonly path: string; readonly code: string }[];
  readonly webhookEndpoint?: Endpoint;
  readonly secret?: string;
  readonly delivery?: { readonly id: string; readonly messageId: string };
  readonly count?: number;
}

/** What the payload of each mutation selects beside its position. */
const SELECTED = {
  createWebhookEndpoint: `webhookEndpoint { ${ENDPOINT} } secret`,
  updateWebhookEndpoint: `webhookEndpoint { ${ENDPOINT} }`,
  enableWebhookEndpoint: `webhookEndpoint { ${ENDPOINT} }`,
  disableWebhookEndpoint: `webhookEndpoint { ${ENDPOINT} }`,
  deleteWebhookEndpoint: `webhookEndpoint { ${ENDPOINT} }`,
  rotateWebhookSecret: `webhookEndpoint { ${ENDPOINT} } secret`,
  sendTestWebhook: `delivery { ${DELIVERY} }`,
  redeliver: `delivery { ${DELIVERY} }`,
  redeliverFailed: 'count',
} as const;
type Mutation = keyof typeof SELECTED;

function documentOf(name: Mutation): string {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return `mutation Webhooks($input: ${type}Input!) {
    result: ${name}(input: $input) { __typename ... on ${type}Payload { ${SELECTED[name]} } ${PROBLEM} }
  }`;
}

async function run(name: Mutation, input: object, viewer: Viewer = api.designer): Promise<Result> {
  const { result } = await api.data<{ result: Result }>(viewer, documentOf(name), { input });
  return result;
}

const VALID = {
  name: 'ERP',
  url: 'https://erp.example.com/hooks',
  eventTypes: ['task.completed', 'execution.*'],
};

async function created(parts: object = {}): Promise<Endpoint> {
  const { webhookEndpoint } = await run('createWebhookEndpoint', { ...VALID, ...parts });
  if (!webhookEndpoint) throw new Error('not created');
  return webhookEndpoint;
}

describe('createWebhookEndpoint', () => {
  test('answers the secret, and writes down neither it nor the headers', async () => {
    const headers = [{ name: 'Authorization', value: 'Bearer abc' }];
    const answer = await run('createWebhookEndpoint', { ...VALID, headers });
    expect(answer).toMatchObject({
      webhookEndpoint: {
        ...VALID,
        headerNames: ['Authorization'],
        isEnabled: true,
        disabledReason: null,
        previousSecretExpiresAt: null,
        version: 1,
      },
    });
    expect(answer.secret).toMatch(/^whsec_.{44}$/);
    const event = (await api.events(api.designer)).at(-1);
    expect(event).toMatchObject({
      type: 'WEBHOOK_ENDPOINT_CREATED',
      data: { name: 'ERP', eventTypes: VALID.eventTypes, isEnabled: true },
    });
    expect(JSON.stringify(event)).not.toMatch(/whsec_|Bearer/);
  });

  test('answers the same endpoint and secret for the same idempotency key', async () => {
    const input = { ...VALID, idempotencyKey: 'erp-1' };
    const first = await run('createWebhookEndpoint', input);
    expect(await run('createWebhookEndpoint', input)).toEqual(first);
  });

  test('answers no secret but the first one when it is repeated', async () => {
    const input = { ...VALID, idempotencyKey: 'erp-2' };
    const { webhookEndpoint: made } = await run('createWebhookEndpoint', input);
    await run('rotateWebhookSecret', { webhookEndpointId: made?.id });
    expect(await run('createWebhookEndpoint', input)).toMatchObject({
      webhookEndpoint: { id: made?.id },
      secret: null,
    });
  });

  test.each([
    ['an address of the inner network', { url: 'https://10.0.0.1/' }, 'url'],
    ['no HTTPS', { url: 'http://example.com/' }, 'url'],
    ['an unknown type', { eventTypes: ['task.completed', 'task.eaten'] }, 'eventTypes[1]'],
    ['a type about messages', { eventTypes: ['delivery.failed'] }, 'eventTypes[0]'],
    ['a header of ours', { headers: [{ name: 'Webhook-Id', value: '1' }] }, 'headers[0].name'],
    ['a header with a line break', { headers: [{ name: 'X-A', value: 'a\r\nb: c' }] }, 'headers[0].value'],
    [
      'a header twice',
      {
        headers: [
          { name: 'X-A', value: '1' },
          { name: 'x-a', value: '2' },
        ],
      },
      'headers[1].name',
    ],
    ['no name', { name: ' ' }, 'name'],
  ])('refuses %s', async (_what, parts, path) => {
    const answer = await run('createWebhookEndpoint', { ...VALID, ...parts });
    expect(answer.issues?.map((issue) => issue.path)).toEqual([path]);
  });

  test('refuses the 51st', async () => {
    const viewer = await api.viewer('builder', { organization: 'fifty', roles: ['designer'] });
    for (let number = 1; number <= 50; number += 1)
      await run('createWebhookEndpoint', { ...VALID, name: `ERP ${number}` }, viewer);
    expect(await run('createWebhookEndpoint', VALID, viewer)).toMatchObject({
      issues: [{ code: 'TOO_MANY' }],
    });
  });
});

describe('an endpoint', () => {
  test('can be changed, with an event of what changed', async () => {
    const { id } = await created();
    const input = { webhookEndpointId: id, name: 'CRM', url: 'https://crm.example.com/', expectedVersion: 1 };
    expect(await run('updateWebhookEndpoint', input)).toMatchObject({
      webhookEndpoint: {
        name: 'CRM',
        url: 'https://crm.example.com/',
        eventTypes: VALID.eventTypes,
        version: 2,
      },
    });
    expect((await api.events(api.designer)).at(-1)).toMatchObject({
      type: 'WEBHOOK_ENDPOINT_UPDATED',
      changedFields: ['name', 'url'],
      data: { name: 'CRM' },
    });
    expect(await run('updateWebhookEndpoint', input)).toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  test('stays as it is if nothing changes', async () => {
    const { id } = await created();
    await run('updateWebhookEndpoint', { webhookEndpointId: id, name: 'ERP' });
    await run('enableWebhookEndpoint', { webhookEndpointId: id });
    expect((await api.events(api.designer)).at(-1)).toMatchObject({ type: 'WEBHOOK_ENDPOINT_CREATED' });
  });

  test('can be disabled and enabled', async () => {
    const { id } = await created();
    expect(await run('disableWebhookEndpoint', { webhookEndpointId: id })).toMatchObject({
      webhookEndpoint: { isEnabled: false, disabledReason: null, version: 2 },
    });
    expect(await run('sendTestWebhook', { webhookEndpointId: id })).toMatchObject({
      issues: [{ path: 'webhookEndpointId', code: 'NOT_ALLOWED' }],
    });
    expect(await run('enableWebhookEndpoint', { webhookEndpointId: id })).toMatchObject({
      webhookEndpoint: { isEnabled: true, version: 3 },
    });
  });

  test('gets a new secret, and tells until when the old one is good', async () => {
    const { id } = await created();
    const first = await run('rotateWebhookSecret', { webhookEndpointId: id });
    expect(first).toMatchObject({ webhookEndpoint: { previousSecretExpiresAt: '2026-03-03T09:00:00.000Z' } });
    const second = await run('rotateWebhookSecret', { webhookEndpointId: id, expiresInHours: 0 });
    expect(second).toMatchObject({ webhookEndpoint: { previousSecretExpiresAt: null } });
    expect(second.secret).not.toBe(first.secret);
    expect(await run('rotateWebhookSecret', { webhookEndpointId: id, expiresInHours: 169 })).toMatchObject({
      issues: [{ path: 'expiresInHours', code: 'OUT_OF_RANGE' }],
    });
  });

  test('is not found by commands once it is deleted, and stays for the log', async () => {
    const { id, name } = await created({ name: 'Deleted' });
    expect(await run('deleteWebhookEndpoint', { webhookEndpointId: id })).toMatchObject({
      webhookEndpoint: { isDeleted: true, headerNames: [] },
    });
    expect(await run('enableWebhookEndpoint', { webhookEndpointId: id })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const data = await api.data<{ webhookEndpoints: { nodes: Endpoint[] }; webhookEndpoint: Endpoint }>(
      api.designer,
      `query ($id: ID!) { webhookEndpoints(first: 100) { nodes { name } } webhookEndpoint(id: $id) { name isDeleted } }`,
      { id },
    );
    expect(data.webhookEndpoints.nodes.map((node) => node.name)).not.toContain(name);
    expect(data.webhookEndpoint).toEqual({ name, isDeleted: true });
  });

  test('is nothing for members, partners and others', async () => {
    const { id } = await created();
    const query = `query ($id: ID!) { node(id: $id) { id } }`;
    for (const viewer of [api.member, api.partner, api.otherAdmin])
      expect(await api.data(viewer, query, { id })).toEqual({ node: null });
    expect(
      await api.errorCodes(api.member, `{ webhookEndpoints { totalCount } deliveries { totalCount } }`),
    ).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const document = documentOf('updateWebhookEndpoint');
    expect(await api.errorCodes(api.member, document, { input: { webhookEndpointId: id } })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await run('updateWebhookEndpoint', { webhookEndpointId: id }, api.otherAdmin)).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

test('endpoints are listed by name in pages', async () => {
  const viewer = await api.viewer('lister', { organization: 'listing', roles: ['designer'] });
  for (const name of ['beta', 'Alpha', 'gamma'])
    await run('createWebhookEndpoint', { ...VALID, name }, viewer);
  const query = `query ($after: String) {
    webhookEndpoints(first: 2, after: $after) { nodes { name } totalCount pageInfo { endCursor hasNextPage } }
  }`;
  interface Page {
    readonly webhookEndpoints: { readonly pageInfo: { readonly endCursor: string } };
  }
  const first = await api.data<Page>(viewer, query);
  expect(first.webhookEndpoints).toMatchObject({
    nodes: [{ name: 'Alpha' }, { name: 'beta' }],
    totalCount: 3,
  });
  const after = first.webhookEndpoints.pageInfo.endCursor;
  expect(await api.data(viewer, query, { after })).toMatchObject({
    webhookEndpoints: { nodes: [{ name: 'gamma' }], pageInfo: { hasNextPage: false } },
  });
});

test('webhookEventTypes says what can be subscribed to', async () => {
  const { webhookEventTypes } = await api.data<{ webhookEventTypes: unknown[] }>(
    api.designer,
    `{ webhookEventTypes { name eventType description } }`,
  );
  expect(webhookEventTypes).toContainEqual({
    name: 'execution.due_date_changed',
    eventType: 'EXECUTION_DUE_DATE_CHANGED',
    description: 'Its due date was set or cleared.',
  });
});

describe('deliveries', () => {
  /** Makes a dead letter of what was just sent. */
  async function fail(messageId: string): Promise<void> {
    const { organizationId } = api.designer;
    const scope = { organizationId, actorId: null, now: api.clock.now().toISOString() };
    const error = { code: 'HTTP_500', message: 'The receiver answered 500.' };
    await api.database.transaction(scope, async (tx) => {
      const attempt = { number: 1, at: tx.now, durationMs: 3, statusCode: 500, response: 'no', error };
      await insertAttempt(tx, messageId, attempt);
      const change = { status: 'FAILED', attempts: 1, round: 1, nextAttemptAt: null, error } as const;
      await updateDelivery(tx, { ...change, id: messageId });
    });
  }

  test('tell what was sent, what was tried, and can be sent again', async () => {
    const { id } = await created();
    const { delivery } = await run('sendTestWebhook', { webhookEndpointId: id });
    expect(delivery).toMatchObject({
      kind: 'WEBHOOK',
      status: 'PENDING',
      type: 'webhook.test',
      endpoint: { id },
      attemptCount: 0,
      nextAttemptAt: '2026-03-02T09:00:00.000Z',
      body: JSON.stringify({
        type: 'webhook.test',
        timestamp: '2026-03-02T09:00:00.000Z',
        data: { webhookEndpointId: id },
      }),
      email: null,
      log: [],
    });
    const input = { deliveryId: delivery?.id };
    expect(await run('redeliver', input)).toMatchObject({ code: 'DELIVERY_NOT_SENDABLE' });

    await fail(delivery?.messageId ?? '');
    const query = `query ($id: ID!) { deliveries(filter: { webhookEndpointId: $id, statuses: [FAILED] }) { totalCount nodes { ${DELIVERY} } } }`;
    expect(await api.data(api.designer, query, { id })).toMatchObject({
      deliveries: {
        totalCount: 1,
        nodes: [
          {
            id: delivery?.id,
            error: { code: 'HTTP_500' },
            log: [{ number: 1, statusCode: 500, response: 'no', error: { code: 'HTTP_500' } }],
          },
        ],
      },
    });
    expect(await run('redeliver', input)).toMatchObject({
      delivery: { id: delivery?.id, status: 'PENDING', attemptCount: 1, error: null },
    });
  });

  test('that were given up since a time are sent again together', async () => {
    const { id } = await created();
    const { delivery } = await run('sendTestWebhook', { webhookEndpointId: id });
    await fail(delivery?.messageId ?? '');
    const later = { webhookEndpointId: id, since: '2026-03-02T09:00:01Z' };
    expect(await run('redeliverFailed', later)).toMatchObject({ count: 0 });
    const then = { webhookEndpointId: id, since: '2026-03-02T09:00:00Z' };
    expect(await run('redeliverFailed', then)).toMatchObject({ count: 1 });
  });

  test('show mails, newest first', async () => {
    const { organizationId } = api.designer;
    const scope = { organizationId, actorId: null, now: api.clock.now().toISOString() };
    const mail = (subject: string) => ({
      id: uuidv7(),
      kind: 'EMAIL' as const,
      type: 'automation',
      content: { to: ['mia@example.com'], cc: [], subject, text: 'Hello', html: null },
    });
    await api.database.transaction(scope, (tx) => insertDeliveries(tx, [mail('First'), mail('Second')]));
    const query = `{ deliveries(first: 1, filter: { kind: EMAIL }) { nodes { type body email { subject to } } } }`;
    expect(await api.data(api.designer, query)).toEqual({
      deliveries: {
        nodes: [{ type: 'automation', body: null, email: { subject: 'Second', to: ['mia@example.com'] } }],
      },
    });
  });
});
