import { GraphQLEnumType } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEndpoint, disableEndpoint } from '../../src/commands/webhook-endpoints.ts';
import { WEBHOOK_TYPES } from '../../src/commands/webhook-types.ts';
import { schema } from '../../src/graphql/schema.ts';
import { sendWebhooks } from '../../src/reactions/send-webhooks.ts';
import type { WebhookContent } from '../../src/store/deliveries.ts';
import { listDeliveries } from '../../src/store/delivery-lists.ts';
import { readDelivery } from '../../src/store/delivery-writes.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { globalId } from '../../src/store/global-id.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';
import { task } from '../support/workflow.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await shop[Symbol.asyncDispose]();
});

async function endpoint(...eventTypes: string[]): Promise<string> {
  const input = { name: 'Receiver', url: 'https://example.com/', eventTypes, headers: [] };
  const made = await createEndpoint(shop.caller, 'public', input);
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  return made.value.id;
}

async function reactTo(events: readonly StoredEvent[]): Promise<void> {
  const { organizationId } = shop.viewer;
  const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
  await shop.database.transaction(scope, (tx) => sendWebhooks(tx, events));
}

async function sentTo(endpointId: string) {
  const { organizationId } = shop.viewer;
  const filter = { statuses: null, kind: null, endpointId, runId: null };
  const rows = await listDeliveries(shop.database, organizationId, filter, null, 100);
  return rows.reverse();
}

test('every type of event can be subscribed to, except those about messages and notifications', () => {
  const types = schema.getType('EventType');
  const names = types instanceof GraphQLEnumType ? types.getValues().map(({ name }) => name) : [];
  const wanted = names.filter((name) => !/^(NOTIFICATION|DELIVERY|WEBHOOK_ENDPOINT)_/.test(name));
  expect(WEBHOOK_TYPES.map(({ eventType }) => eventType).sort()).toEqual(wanted.sort());
});

test('an endpoint gets a message for each event that it subscribes to', async () => {
  const exact = await endpoint('task.completed');
  const all = await endpoint('task.*', 'execution.done');
  const none = await endpoint();
  const disabled = await endpoint('task.*');
  await disableEndpoint(shop.caller, { id: disabled });

  const before = (await shop.events()).length;
  const executionId = await shop.start({ tasks: [task('only')] });
  await shop.give(executionId, 'only', 'COMPLETE_TASK');
  const events = (await shop.events()).slice(before);
  // The server has been away for a while.
  shop.clock.advance(3_600_000);
  shop.resetStatements();
  await reactTo(events);
  expect(shop.statements().filter((text) => /^(with added|select p)/.test(text.trim()))).toHaveLength(2);

  const { id: taskId } = await shop.task(executionId, 'only');
  const [message, ...others] = await sentTo(exact);
  expect(others).toEqual([]);
  const completed = events.find(({ type }) => type === 'TASK_COMPLETED');
  const found = await readDelivery(shop.database, shop.viewer.organizationId, message?.id ?? '');
  expect(found).toMatchObject({ kind: 'WEBHOOK', type: 'task.completed', eventSeq: completed?.seq });
  expect(JSON.parse((found?.content as WebhookContent).body)).toMatchObject({
    type: 'task.completed',
    timestamp: completed?.at,
    data: {
      id: globalId('Event', String(completed?.seq)),
      subjectId: globalId('Task', taskId),
      taskId: globalId('Task', taskId),
      executionId: globalId('WorkflowExecution', executionId),
      actorId: globalId('User', shop.viewer.userId),
      automationRunId: null,
      changes: { status: 'COMPLETED' },
    },
  });
  expect(new Set((await sentTo(all)).map(({ type }) => type))).toEqual(
    new Set(['task.added', 'task.completed', 'execution.done']),
  );
  expect(await sentTo(none)).toEqual([]);
  expect(await sentTo(disabled)).toEqual([]);
});

test('nothing is read for events that nobody can subscribe to', async () => {
  const created = (await shop.events()).filter(({ subjectType }) => subjectType === 'WEBHOOK_ENDPOINT');
  shop.resetStatements();
  await reactTo(created);
  expect(created.length).toBeGreaterThan(0);
  expect(shop.statements().some((text) => text.includes('webhook_endpoint'))).toBe(false);
});
