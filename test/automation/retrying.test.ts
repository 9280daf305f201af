/** What goes on where it was, and what is not done twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allowedOutcome } from '../../src/automation/action-type.ts';
import { cancelRun, retryRun, startRun } from '../../src/commands/automation-runs.ts';
import { canRetryRun } from '../../src/commands/run-commands.ts';
import { commandTasks } from '../../src/commands/tasks.ts';
import { createEndpoint, disableEndpoint, enableEndpoint } from '../../src/commands/webhook-endpoints.ts';
import { deliverySettled } from '../../src/automation/delivery-settled.ts';
import { lockDelivery, readDelivery, updateDelivery } from '../../src/store/delivery-writes.ts';
import { readTasks } from '../../src/store/tasks.ts';
import { parkDelivery } from '../../src/worker/delivery-settling.ts';
import { owners } from '../../src/worker/worker.ts';
import {
  action,
  automated,
  letRun,
  publishedAutomation,
  setting,
  waiting,
  valueOf,
} from '../support/automation-runs.ts';
import { expectSound } from '../support/log.ts';
import { workerOptions } from '../support/worker.ts';
import { lastOf, readRun, runOfTask, startOn, startTask } from '../support/workshop-runs.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';
import { task } from '../support/workflow.ts';

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
beforeEach(async () => {
  await shop.database.pool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

const MAKE = action('make', 'CREATE_ENTITY', { schema: 'contract', title: 'Contract', attributes: [] });

async function contracts(): Promise<number> {
  const { rows } = await shop.database.pool.query<{ count: number }>(
    `select count(*)::int from entity where schema = 'contract'`,
  );
  return rows[0]?.count ?? 0;
}

async function canRetry(executionId: string): Promise<boolean> {
  const run = await runOfTask(shop, executionId);
  const [record = null] = await readTasks(
    shop.database,
    shop.viewer.organizationId,
    [run.taskId ?? ''],
    null,
  );
  return canRetryRun(run, 'FAILED_ACTION', record);
}

describe.each(['AUTOMATIC', 'MANUAL'] as const)('a task (%s) that somebody reported as failed', (mode) => {
  async function reported() {
    const executionId = await startTask(shop, [MAKE, waiting('call')], mode);
    if (mode === 'MANUAL') await shop.give(executionId, 'a', 'RUN_AUTOMATION');
    await letRun(shop);
    await shop.give(executionId, 'a', 'FAIL_TASK', { reason: null });
    return { executionId, run: await runOfTask(shop, executionId) };
  }

  test('goes on with its run, which does nothing twice', async () => {
    const { executionId, run } = await reported();
    const before = await contracts();
    expect(run.status).toBe('CANCELLED');
    expect(await canRetry(executionId)).toBe(true);
    expect(await retryRun(shop.caller, { runId: run.id, from: 'FAILED_ACTION' })).toMatchObject({
      value: run.id,
    });
    await letRun(shop);
    expect(await readRun(shop, run.id)).toMatchObject({
      status: 'PAUSED',
      actions: [{ status: 'SUCCESS', attempts: 1 }, { status: 'PAUSED' }],
    });
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'IN_PROGRESS', runCount: 1 });
    expect(await contracts()).toBe(before);
  });
});

describe('a run of a task', () => {
  test('that was cancelled took its task with it, so it can’t be retried', async () => {
    const automationId = await publishedAutomation(shop.caller, { actions: [waiting('call')] });
    const executionId = await shop.start({ tasks: [automated('a', automationId), task('b')] });
    await letRun(shop);
    const { id } = await runOfTask(shop, executionId);
    valueOf(await cancelRun(shop.caller, { runId: id }));
    expect(await canRetry(executionId)).toBe(false);
    expect(await retryRun(shop.caller, { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      problem: { code: 'COMMAND_NOT_ALLOWED', status: 'SKIPPED' },
    });
  });

  test('can’t be retried once its task was put back, since that begins another', async () => {
    const executionId = await startTask(shop, [waiting('call')], 'MANUAL');
    await shop.give(executionId, 'a', 'RUN_AUTOMATION');
    const { id } = await runOfTask(shop, executionId);
    await shop.give(executionId, 'a', 'SKIP_TASK');
    await shop.give(executionId, 'a', 'REOPEN_TASK', { revert: false });
    await shop.give(executionId, 'a', 'FAIL_TASK', { reason: null });
    expect(await canRetry(executionId)).toBe(false);
    expect(await retryRun(shop.caller, { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      problem: { code: 'RUN_COMMAND_NOT_ALLOWED' },
    });
  });

  test('that was begun and ended by one command comes into being when its task is tried again', async () => {
    const automationId = await publishedAutomation(shop.caller);
    const executionId = await shop.start({
      isSequential: true,
      tasks: [task('before'), automated('a', automationId)],
    });
    const [before, a] = [await shop.task(executionId, 'before'), await shop.task(executionId, 'a')];
    valueOf(
      await commandTasks(shop.caller, [before.id, a.id], (taskId) =>
        taskId === a.id ? { type: 'FAIL_TASK', taskId, reason: null } : { type: 'COMPLETE_TASK', taskId },
      ),
    );
    await shop.give(executionId, 'a', 'RETRY_TASK');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'SUCCESS', taskRun: 1 });
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a webhook of a run', () => {
  async function sent() {
    const { id: endpointId } = valueOf(
      await createEndpoint(shop.caller, 'public', {
        name: 'Receiver',
        url: 'https://example.com/',
        eventTypes: [],
        headers: [],
      }),
    );
    const actions = [action('tell', 'TRIGGER_WEBHOOK', { endpointId })];
    const automationId = await publishedAutomation(shop.caller, { actions });
    const runId = await startOn(shop, automationId, await shop.entity());
    await letRun(shop);
    const deliveryId = (await readRun(shop, runId)).actions[0]?.deliveryId ?? '';
    return { endpointId, runId, deliveryId };
  }

  async function giveUp(runId: string, deliveryId: string): Promise<void> {
    const { organizationId } = shop.viewer;
    const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
    const error = { code: 'HTTP_500', message: 'No.' };
    await shop.database.transaction(scope, async (tx) => {
      await deliverySettled(
        tx,
        { runId, actionKey: 'tell', deliveryId },
        { status: 'FAILED', error, attempts: 3 },
      );
      const delivery = await lockDelivery(tx, organizationId, deliveryId);
      if (delivery)
        await updateDelivery(tx, { ...delivery, status: 'FAILED', attempts: 3, nextAttemptAt: null, error });
    });
  }

  test('is not counted before it is sent', async () => {
    const { runId } = await sent();
    expect(await readRun(shop, runId)).toMatchObject({ actions: [{ status: 'IN_PROGRESS', attempts: 0 }] });
  });

  test('fails again at once if its endpoint is disabled by now, and is sent when that is enabled', async () => {
    const { endpointId, runId, deliveryId } = await sent();
    await giveUp(runId, deliveryId);
    valueOf(await disableEndpoint(shop.caller, { id: endpointId }));
    valueOf(await retryRun(shop.caller, { runId, from: 'FAILED_ACTION' }));
    await letRun(shop);
    expect(await readRun(shop, runId)).toMatchObject({
      status: 'FAILED',
      error: { code: 'ENDPOINT_DISABLED' },
      actions: [{ status: 'FAILED', attempts: 3, deliveryId }],
    });
    valueOf(await enableEndpoint(shop.caller, { id: endpointId }));
    valueOf(await retryRun(shop.caller, { runId, from: 'FAILED_ACTION' }));
    await letRun(shop);
    expect(await readRun(shop, runId)).toMatchObject({
      status: 'IN_PROGRESS',
      actions: [{ status: 'IN_PROGRESS', attempts: 3, error: null }],
    });
    const delivery = await readDelivery(shop.database, shop.viewer.organizationId, deliveryId);
    expect(delivery?.status).toBe('PENDING');
  });

  test('that waits for its endpoint to be enabled says so', async () => {
    const { endpointId, runId, deliveryId } = await sent();
    valueOf(await disableEndpoint(shop.caller, { id: endpointId }));
    const { organizationId } = shop.viewer;
    const { connectionString, database, clock } = shop;
    const options = workerOptions({ database, connectionString, clock: () => clock.now() });
    const park = () => parkDelivery({ ...options, owners }, { organizationId, deliveryId }, endpointId);
    await park();
    await park();
    expect(await readRun(shop, runId)).toMatchObject({
      status: 'IN_PROGRESS',
      actions: [{ status: 'IN_PROGRESS', error: { code: 'ENDPOINT_DISABLED' }, nextAt: null }],
    });
    const told = (await shop.events()).filter(
      ({ subjectId, data }) => subjectId === runId && JSON.stringify(data).includes('ENDPOINT_DISABLED'),
    );
    expect(told).toHaveLength(1);
  });
});

describe('an action that the database has no room for', () => {
  /** Entities with the attribute `full` can't be written. */
  beforeAll(async () => {
    await shop.database.pool.query(`
      create function refuse_full() returns trigger language plpgsql as $$
        begin
          if new.attributes ? 'full' then raise exception 'no room' using errcode = '53100'; end if;
          return new;
        end $$;
      create trigger refuse_full before update on entity for each row execute function refuse_full()`);
  });

  async function stuck() {
    const automationId = await publishedAutomation(shop.caller, {
      actions: [setting('one', { done: 'one' })],
    });
    const entityId = await shop.entity({ full: 'yes' });
    const runId = await startOn(shop, automationId, entityId);
    await letRun(shop);
    return { entityId, runId };
  }

  test('is put off, says so, and is done when there is room', async () => {
    const { entityId, runId } = await stuck();
    const nextAt = new Date(shop.clock.now().getTime() + 1_000).toISOString();
    expect(await readRun(shop, runId)).toMatchObject({
      status: 'IN_PROGRESS',
      actions: [{ status: 'PENDING', attempts: 1, error: { code: 'DATABASE_BUSY' }, nextAt }],
    });
    expect(await lastOf(shop, runId)).toMatchObject({ data: { actions: [{ attempts: 1, nextAt }] } });
    await shop.database.pool.query('alter table entity disable trigger refuse_full');
    await shop.database.pool.query(`update entity set attributes = '{}' where id = $1`, [entityId]);
    await shop.database.pool.query('alter table entity enable trigger refuse_full');
    expect(await letRun(shop)).toBe(0);
    shop.clock.advance(1_000);
    await letRun(shop, 1_000);
    expect(await readRun(shop, runId)).toMatchObject({
      status: 'SUCCESS',
      actions: [{ status: 'SUCCESS', attempts: 2, error: null, nextAt: null }],
    });
  });

  test('fails after eight times in a row, and is tried as often again when somebody retries it', async () => {
    const { runId } = await stuck();
    const pauses: number[] = [];
    const untilOver = async (): Promise<void> => {
      for (;;) {
        const { actions, status } = await readRun(shop, runId);
        if (status === 'FAILED') return;
        const pause = Date.parse(actions[0]?.nextAt ?? '') - shop.clock.now().getTime();
        pauses.push(pause / 1_000);
        shop.clock.advance(pause);
        await letRun(shop, pause);
      }
    };
    await untilOver();
    expect(pauses).toEqual([1, 5, 20, 60, 300, 1200, 3600]);
    expect(await readRun(shop, runId)).toMatchObject({
      error: { code: 'DATABASE_BUSY' },
      actions: [{ status: 'FAILED', attempts: 8 }],
    });
    valueOf(await retryRun(shop.caller, { runId, from: 'FAILED_ACTION' }));
    await letRun(shop);
    expect(await readRun(shop, runId)).toMatchObject({ status: 'IN_PROGRESS', actions: [{ attempts: 9 }] });
  });
});

test('an action does only what its class allows', () => {
  const wait = { type: 'WAIT', until: '2026-03-02T09:00:00.000Z' } as const;
  const deliver = {
    type: 'DELIVER',
    delivery: { kind: 'EMAIL', type: 'x', content: { to: [], cc: [], subject: '', text: '', html: null } },
  } as const;
  expect(allowedOutcome({ type: 'X', retry: 'WAITING' }, wait)).toBe(wait);
  expect(allowedOutcome({ type: 'X', retry: 'OUTSIDE' }, deliver)).toBe(deliver);
  expect(() => allowedOutcome({ type: 'X', retry: 'INSIDE' }, deliver)).toThrow('X is INSIDE');
  expect(() => allowedOutcome({ type: 'X', retry: 'OUTSIDE' }, wait)).toThrow('X is OUTSIDE');
});

test('data for an automation that takes none is refused as that', async () => {
  const automationId = await publishedAutomation(shop.caller);
  const entityId = await shop.entity();
  expect(await startRun(shop.caller, { automationId, entityId, data: { a: 1 } })).toMatchObject({
    problem: { code: 'INVALID_INPUT', issues: [{ path: 'data', code: 'NOT_ALLOWED' }] },
  });
});

test('a callback can be used for a time that is known from the beginning', async () => {
  const automationId = await publishedAutomation(shop.caller, {
    actions: [waiting('first', 1), waiting('second', 2)],
  });
  const runId = await startOn(shop, automationId, await shop.entity());
  await letRun(shop);
  const { rows } = await shop.database.pool.query<{ key: string; hours: number }>(
    `select action_key as key, extract(epoch from expires_at - $2::timestamptz)::int / 3600 as hours
     from callback where run_id = $1 order by action_key`,
    [runId, shop.clock.now().toISOString()],
  );
  expect(rows).toEqual([
    { key: 'first', hours: 1 },
    { key: 'second', hours: 7 * 24 + 3 },
  ]);
});

describe('what is told of a run that follows its task', () => {
  test('when it is cancelled is everything that changed', async () => {
    const executionId = await startTask(shop, [MAKE, waiting('call')]);
    await letRun(shop);
    const { id } = await runOfTask(shop, executionId);
    await shop.give(executionId, 'a', 'STOP_TASK');
    const now = shop.clock.now().toISOString();
    expect(await lastOf(shop, id)).toMatchObject({
      type: 'AUTOMATION_RUN_CANCELLED',
      changedFields: ['actions', 'finishedAt', 'status'],
      data: {
        status: 'CANCELLED',
        finishedAt: now,
        actions: [{ key: 'call', status: 'CANCELLED', nextAt: null, finishedAt: now }],
      },
    });
    expect(await readRun(shop, id)).toMatchObject({
      finishedAt: now,
      actions: [{ status: 'SUCCESS' }, { status: 'CANCELLED', finishedAt: now }],
    });
  });

  test('when it goes on is everything that changed', async () => {
    const executionId = await startTask(shop, [waiting('call', 1)]);
    await letRun(shop);
    shop.clock.advance(3_600_000);
    await letRun(shop, 3_600_000);
    const { id } = await runOfTask(shop, executionId);
    await shop.give(executionId, 'a', 'RETRY_TASK');
    expect(await lastOf(shop, id)).toMatchObject({
      type: 'AUTOMATION_RUN_RETRIED',
      changedFields: ['actions', 'error', 'finishedAt', 'retriedAt', 'status'],
      data: {
        ...{ status: 'IN_PROGRESS', error: null, finishedAt: null },
        retriedAt: shop.clock.now().toISOString(),
        actions: [{ key: 'call', status: 'PENDING', error: null, finishedAt: null }],
      },
    });
  });

  test('when somebody cancels it has the time at which each action was', async () => {
    const automationId = await publishedAutomation(shop.caller, { actions: [waiting('call')] });
    const runId = await startOn(shop, automationId, await shop.entity());
    await letRun(shop);
    valueOf(await cancelRun(shop.caller, { runId }));
    const finishedAt = shop.clock.now().toISOString();
    expect(await readRun(shop, runId)).toMatchObject({ actions: [{ status: 'CANCELLED', finishedAt }] });
  });
});
