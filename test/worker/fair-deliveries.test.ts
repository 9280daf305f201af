import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertDeliveries } from '../../src/store/deliveries.ts';
import { DELIVER, type DeliverPayload } from '../../src/store/delivery-jobs.ts';
import { startRunner } from '../../src/worker/runner.ts';
import { eventually } from '../support/eventually.ts';
import { openLiveFixture, silentLog, someViewer, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;
beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

async function sendMails(organizationId: string, count: number): Promise<void> {
  const content = { to: ['ann@example.com'], cc: [], subject: 'Hello', text: 'Hello', html: null };
  const mail = () => ({ id: uuidv7(), kind: 'EMAIL' as const, type: 'automation', content });
  const scope = { organizationId, actorId: null, now: '2026-03-02T09:00:00.000Z' };
  await fixture.database.transaction(scope, (tx) =>
    insertDeliveries(tx, Array.from({ length: count }, mail)),
  );
}

test('an organization with many messages waiting comes behind the others with what it adds', async () => {
  const { organizationId: many } = await someViewer(fixture.database, 'many', 'ann');
  const { organizationId: few } = await someViewer(fixture.database, 'few', 'bob');
  await sendMails(many, 12);
  await sendMails(many, 3);
  await sendMails(few, 1);
  const order: string[] = [];
  await using _worker = await startRunner({
    connectionString: fixture.connectionString,
    log: silentLog,
    concurrency: 1,
    connections: 2,
    tasks: {
      [DELIVER]: (payload) => {
        order.push((payload as DeliverPayload).organizationId);
      },
    },
  });
  await eventually(() => {
    expect(order).toHaveLength(16);
  });
  expect(order.indexOf(few)).toBe(12);
});
