/** Messages that runs of tasks gave up, sent again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliverySettled } from '../../src/automation/delivery-settled.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { lockDelivery, updateDelivery } from '../../src/store/delivery-writes.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { action, automated, letRun, publishedAutomation } from '../support/automation-runs.ts';
import { edge, task } from '../support/workflow.ts';
import { done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;
let automationId: string;
beforeAll(async () => {
  api = await createTestApi();
  const mail = { to: ['ann@example.com'], subject: 'Hello', text: 'Hello' };
  automationId = await publishedAutomation(api.context(api.designer), {
    actions: [action('mail', 'SEND_EMAIL', mail)],
  });
});
afterAll(() => api[Symbol.asyncDispose]());

interface Letter {
  readonly running: Running;
  readonly deliveryId: string;
}

/** An execution whose task `send` has failed, because its message was given up. */
async function givenUp(): Promise<Letter> {
  const running = await start(api, {
    tasks: [automated('send', automationId), task('after')],
    edges: [edge('send > after')],
  });
  await letRun(api);
  const { organizationId } = api.designer;
  const document = `query ($id: ID!) { task(id: $id) { automationRun { id actions { delivery { messageId } } } } }`;
  interface Found {
    readonly task: {
      readonly automationRun: {
        readonly id: string;
        readonly actions: readonly [{ readonly delivery: { readonly messageId: string } }];
      };
    };
  }
  const found = await api.data<Found>(api.designer, document, { id: running.task('send') });
  const run = found.task.automationRun;
  const { messageId } = run.actions[0].delivery;
  const scope = { organizationId, actorId: null, now: api.clock.now().toISOString() };
  await api.database.transaction(scope, async (tx) => {
    const error = { code: 'REJECTED', message: 'No.' };
    const owner = { runId: keyOf(run.id), actionKey: 'mail', deliveryId: messageId };
    await deliverySettled(tx, owner, { status: 'FAILED', error, attempts: 1 });
    const delivery = await lockDelivery(tx, organizationId, messageId);
    if (delivery) await updateDelivery(tx, { ...delivery, status: 'FAILED', nextAttemptAt: null, error });
  });
  return { running, deliveryId: encodeId('Delivery', messageId) };
}

async function sentAgain({ running, deliveryId }: Letter) {
  const document = `mutation ($id: ID!) { redeliver(input: { deliveryId: $id }) {
    __typename ... on Problem { code } ... on RedeliverPayload { delivery { status } } } }`;
  const { redeliver } = await api.data<{ redeliver: object }>(api.designer, document, { id: deliveryId });
  const status = `query ($id: ID!) { task(id: $id) { status automationRun { status } } }`;
  const { task: after } = await api.data<{ task: object }>(api.designer, status, {
    id: running.task('send'),
  });
  return { answer: redeliver, task: after };
}

const SENT = { __typename: 'RedeliverPayload', delivery: { status: 'PENDING' } };

describe('A message that the run of a task gave up', () => {
  test('lets the run and its task go on when it is sent again', async () => {
    const { task: after } = await sentAgain(await givenUp());
    expect(after).toMatchObject({ status: 'IN_PROGRESS', automationRun: { status: 'IN_PROGRESS' } });
  });

  test('is sent alone if the task has gone on without it', async () => {
    const letter = await givenUp();
    await done(api, api.member, 'skipTask', { taskId: letter.running.task('send') });
    expect(await sentAgain(letter)).toMatchObject({
      answer: SENT,
      task: { status: 'SKIPPED', automationRun: { status: 'FAILED' } },
    });
  });

  test('is sent alone if the execution was closed', async () => {
    const letter = await givenUp();
    await done(api, api.member, 'closeExecution', { executionId: letter.running.id });
    expect(await sentAgain(letter)).toMatchObject({
      answer: SENT,
      task: { automationRun: { status: 'FAILED' } },
    });
  });
});
