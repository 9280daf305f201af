import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ActionDefinition, AutomationContent } from '../../src/automation/content.ts';
import { commandTasks } from '../../src/commands/tasks.ts';
import { deliverySettled } from '../../src/automation/delivery-settled.ts';
import { MAX_CHAIN_DEPTH } from '../../src/commands/chain-depth.ts';
import { cancelRun, retryRun, startRun } from '../../src/commands/automation-runs.ts';
import { redeliver } from '../../src/commands/deliveries.ts';
import { react } from '../../src/reactions/react.ts';
import { lockDelivery, updateDelivery } from '../../src/store/delivery-writes.ts';
import {
  action,
  letRun,
  publishedAutomation,
  setting,
  unlessBlocked,
  valueOf,
  waiting,
} from '../support/automation-runs.ts';
import { expectSound } from '../support/log.ts';
import { branch, decision, edge, equals, task } from '../support/workflow.ts';
import { readRun, runOfTask, startOn } from '../support/workshop-runs.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

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

async function attributes(entityId: string): Promise<unknown> {
  return (await shop.readEntity(entityId)).attributes;
}

/** Publishes and runs it on an entity with these attributes. */
async function ran(actions: readonly ActionDefinition[], of: Readonly<Record<string, unknown>> = {}) {
  const automationId = await publishedAutomation(shop.caller, { actions });
  const entityId = await shop.entity(of);
  const id = await startOn(shop, automationId, entityId);
  await letRun(shop);
  return { automationId, entityId, id, run: await readRun(shop, id) };
}

/** An execution whose task `a` runs these actions, the task `b` after it. */
async function withTask(
  actions: readonly ActionDefinition[],
  mode: 'AUTOMATIC' | 'MANUAL' = 'AUTOMATIC',
  of: Readonly<Record<string, unknown>> = {},
) {
  const automationId = await publishedAutomation(shop.caller, { actions });
  const entityId = await shop.entity(of);
  const executionId = await shop.start(
    {
      isSequential: true,
      tasks: [
        task('a', { type: 'AUTOMATION', automation: { automationId, mode, inputTaskKey: null } }),
        task('b'),
      ],
    },
    [entityId],
  );
  return { automationId, entityId, executionId };
}

/** Everything that follows from what happened, and from that, until nothing is left. */
async function settle(): Promise<void> {
  const { organizationId } = shop.viewer;
  const context = { database: shop.database, clock: () => shop.clock.now() };
  for (let jobs = 1; jobs > 0;) {
    while (await react(context, organizationId, { batchSize: 50 }));
    jobs = await letRun(shop);
  }
}

describe('a run', () => {
  test('does its actions in their order, and later ones see what earlier ones put out', async () => {
    const { entityId, run } = await ran(
      [
        setting('first', { 'log.one': 'started {{entity.name}}' }),
        action('second', 'CREATE_ENTITY', { schema: 'note', title: 'About {{entityTitle}}', attributes: [] }),
        setting(
          'third',
          { 'log.two': '{{steps.second.title}}' },
          {
            config: {
              onEntityOf: 'first',
              attributes: [{ target: 'log.two', mode: 'SET', value: '{{steps.second.title}}' }],
            },
          },
        ),
      ],
      { name: 'Ann' },
    );
    expect(run.status).toBe('SUCCESS');
    expect(run.actions.map(({ key, status, attempts }) => [key, status, attempts])).toEqual([
      ['first', 'SUCCESS', 1],
      ['second', 'SUCCESS', 1],
      ['third', 'SUCCESS', 1],
    ]);
    expect(await attributes(entityId)).toMatchObject({ log: { one: 'started Ann', two: 'About Order 1' } });
  });

  test('fails with its action, keeps what was done before, and leaves the rest undone', async () => {
    const { entityId, run } = await ran(
      [setting('one', { done: 'one' }), unlessBlocked('two'), setting('three', { done: 'three' })],
      { blocked: [] },
    );
    expect(run).toMatchObject({ status: 'FAILED', error: { code: expect.any(String) as string } });
    expect(run.actions.map(({ status }) => status)).toEqual(['SUCCESS', 'FAILED', 'PENDING']);
    expect(await attributes(entityId)).toMatchObject({ done: 'one' });
  });

  test('goes on after an action that may fail', async () => {
    const { entityId, run } = await ran(
      [unlessBlocked('two', { allowsFailure: true }), setting('three', { done: 'three' })],
      { blocked: [] },
    );
    expect(run.status).toBe('SUCCESS');
    expect(run.actions.map(({ status }) => status)).toEqual(['FAILED', 'SUCCESS']);
    expect(await attributes(entityId)).toMatchObject({ done: 'three' });
  });

  test('is retried from the action that failed, and does nothing twice', async () => {
    const count = action('count', 'UPDATE_ENTITY', {
      attributes: [{ target: 'tries', mode: 'APPEND', value: 'x' }],
    });
    const { entityId, id } = await ran([count, unlessBlocked('two')], { blocked: [] });
    await shop.database.pool.query(`update entity set attributes = attributes - 'blocked' where id = $1`, [
      entityId,
    ]);
    expect(await retryRun(shop.caller, { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      ok: true,
      value: id,
    });
    await letRun(shop);
    expect(await readRun(shop, id)).toMatchObject({ status: 'SUCCESS', error: null });
    expect(await attributes(entityId)).toMatchObject({ tries: ['x'], blocked: { by: 'two' } });
  });

  test('is started anew with all its actions as another run', async () => {
    const { id } = await ran([unlessBlocked('two')], { blocked: [] });
    const again = valueOf(await retryRun(shop.caller, { runId: id, from: 'START' }));
    expect(again).not.toBe(id);
    await letRun(shop);
    expect((await readRun(shop, again)).status).toBe('FAILED');
  });

  test('that is over can’t be cancelled', async () => {
    const { id } = await ran([setting('one', { done: 'one' })]);
    expect(await cancelRun(shop.caller, { runId: id })).toMatchObject({
      ok: false,
      problem: { code: 'RUN_COMMAND_NOT_ALLOWED', status: 'SUCCESS' },
    });
  });

  test('that waits is cancelled, and does nothing more', async () => {
    const { id, entityId } = await ran([waiting('call'), setting('one', { done: 'one' })]);
    expect((await readRun(shop, id)).status).toBe('PAUSED');
    valueOf(await cancelRun(shop.caller, { runId: id }));
    await letRun(shop, 7_200_000);
    expect(await readRun(shop, id)).toMatchObject({ status: 'CANCELLED' });
    expect(await attributes(entityId)).toEqual({});
  });

  test('fails when nobody calls back in time', async () => {
    const { id } = await ran([waiting('call', 1)]);
    shop.clock.advance(3_600_000);
    await letRun(shop, 3_600_000);
    expect(await readRun(shop, id)).toMatchObject({ status: 'FAILED', error: { code: 'CALLBACK_EXPIRED' } });
  });

  test('writes each action’s changes together with that it is done, and as its own doing', async () => {
    const { id } = await ran([setting('one', { done: 'one' })]);
    const events = (await shop.events()).filter(({ runId }) => runId === id);
    expect(events.map(({ type, chainDepth }) => [type, chainDepth])).toEqual([
      ['AUTOMATION_RUN_PROGRESSED', 1],
      ['ENTITY_UPDATED', 1],
      ['AUTOMATION_RUN_SUCCEEDED', 1],
    ]);
  });
});

describe('a run whose message was given up', () => {
  async function givenUp(parts: Partial<ActionDefinition> = {}) {
    const mail = { to: ['ann@example.com'], subject: 'Hello', text: 'Hello' };
    const { id, entityId } = await ran([
      action('mail', 'SEND_EMAIL', mail, parts),
      setting('one', { done: 'one' }),
    ]);
    const deliveryId = (await readRun(shop, id)).actions[0]?.deliveryId ?? '';
    const { organizationId } = shop.viewer;
    const scope = { organizationId, actorId: null, now: shop.clock.now().toISOString() };
    await shop.database.transaction(scope, async (tx) => {
      const error = { code: 'SMTP_550', message: 'No.' };
      const delivery = await lockDelivery(tx, organizationId, deliveryId);
      if (delivery) await updateDelivery(tx, { ...delivery, status: 'FAILED', nextAttemptAt: null, error });
      await deliverySettled(
        tx,
        { runId: id, actionKey: 'mail', deliveryId },
        { status: 'FAILED', error, attempts: 1 },
      );
    });
    await letRun(shop);
    return { id, entityId, deliveryId };
  }

  test('fails, and waits for the same message when that is sent again', async () => {
    const { id, deliveryId } = await givenUp();
    expect(await readRun(shop, id)).toMatchObject({ status: 'FAILED', error: { code: 'SMTP_550' } });
    expect(await redeliver(shop.caller, { id: deliveryId })).toMatchObject({ ok: true });
    await letRun(shop);
    expect(await readRun(shop, id)).toMatchObject({
      status: 'IN_PROGRESS',
      actions: [{ status: 'IN_PROGRESS', deliveryId }, { status: 'PENDING' }],
    });
  });

  test('goes on without it if the action may fail, and stays as it is when that is sent again', async () => {
    const { id, entityId, deliveryId } = await givenUp({ allowsFailure: true });
    expect(await attributes(entityId)).toEqual({ done: 'one' });
    expect(await redeliver(shop.caller, { id: deliveryId })).toMatchObject({ ok: true });
    expect(await readRun(shop, id)).toMatchObject({
      status: 'SUCCESS',
      actions: [{ status: 'FAILED' }, { status: 'SUCCESS' }],
    });
  });
});

describe('an automation task', () => {
  test('runs when it is reached, and is completed with its run', async () => {
    const { executionId, entityId } = await withTask([setting('one', { done: 'one' })]);
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'IN_PROGRESS', runState: 'RUNNING' });
    await letRun(shop);
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'COMPLETED', runState: 'ENDED' });
    expect(await shop.task(executionId, 'b')).toMatchObject({ isEnabled: true });
    expect(await attributes(entityId)).toEqual({ done: 'one' });
  });

  test('fails with its run, and goes on from the failed action when it is retried', async () => {
    const { executionId, entityId } = await withTask([unlessBlocked('two')], 'AUTOMATIC', { blocked: [] });
    await letRun(shop);
    expect(await shop.task(executionId, 'a')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'AUTOMATION_FAILED' },
    });
    await shop.database.pool.query(`update entity set attributes = '{}' where id = $1`, [entityId]);
    await shop.give(executionId, 'a', 'RETRY_TASK');
    await letRun(shop);
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'COMPLETED', runCount: 1 });
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'SUCCESS', taskRun: 1 });
  });

  test('by a button runs when somebody presses it', async () => {
    const { executionId } = await withTask([setting('one', { done: 'one' })], 'MANUAL');
    expect(await letRun(shop)).toBe(0);
    await shop.give(executionId, 'a', 'RUN_AUTOMATION');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({
      status: 'SUCCESS',
      startedById: shop.viewer.userId,
    });
  });

  test('that is held holds its run, which goes on with it', async () => {
    const { executionId, entityId } = await withTask([setting('one', { done: 'one' })]);
    await shop.give(executionId, 'a', 'HOLD_TASK');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'PAUSED' });
    expect(await attributes(entityId)).toEqual({});
    await shop.give(executionId, 'a', 'RESUME_TASK');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'SUCCESS' });
  });

  test('that somebody skips cancels its run', async () => {
    const { executionId, entityId } = await withTask([setting('one', { done: 'one' })]);
    await shop.give(executionId, 'a', 'SKIP_TASK');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'CANCELLED' });
    expect(await attributes(entityId)).toEqual({});
  });

  test('is skipped when its run is cancelled', async () => {
    const { executionId } = await withTask([waiting('call')]);
    await letRun(shop);
    valueOf(await cancelRun(shop.caller, { runId: (await runOfTask(shop, executionId)).id }));
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'SKIPPED' });
  });

  test('runs no more once its execution is closed', async () => {
    const { executionId } = await withTask([waiting('call')]);
    await letRun(shop);
    await shop.command(executionId, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'CANCELLED' });
  });

  test('works on the entity that an earlier one made', async () => {
    const make = await publishedAutomation(shop.caller, {
      actions: [action('make', 'CREATE_ENTITY', { schema: 'note', title: 'Note', attributes: [] })],
    });
    const mark = await publishedAutomation(shop.caller, { actions: [setting('mark', { marked: 'yes' })] });
    const automation = (automationId: string, inputTaskKey: string | null) =>
      ({ automationId, mode: 'AUTOMATIC', inputTaskKey }) as const;
    const executionId = await shop.start({
      isSequential: true,
      tasks: [
        task('a', { type: 'AUTOMATION', automation: automation(make, null) }),
        task('b', { type: 'AUTOMATION', automation: automation(mark, 'a') }),
      ],
    });
    await letRun(shop);
    const { outputEntityId } = await runOfTask(shop, executionId);
    expect(await attributes(outputEntityId ?? '')).toEqual({ marked: 'yes' });
  });

  test('that is begun and finished by one bulk command leaves no run behind', async () => {
    const automationId = await publishedAutomation(shop.caller);
    const automation = { automationId, mode: 'AUTOMATIC', inputTaskKey: null } as const;
    const executionId = await shop.start({
      isSequential: true,
      tasks: [task('before'), task('a', { type: 'AUTOMATION', automation }), task('after')],
    });
    const [before, a] = [await shop.task(executionId, 'before'), await shop.task(executionId, 'a')];
    const complete = (taskId: string) => ({ type: 'COMPLETE_TASK', taskId }) as const;
    expect(await commandTasks(shop.caller, [before.id, a.id], complete)).toMatchObject({
      value: [{ problem: null }, { problem: null }],
    });
    expect(await letRun(shop)).toBe(0);
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'COMPLETED', runState: 'ENDED' });
  });

  test('that a loop leads back to while it runs runs anew, and its old run is cancelled', async () => {
    const automationId = await publishedAutomation(shop.caller, { actions: [waiting('call')] });
    const automation = { automationId, mode: 'AUTOMATIC', inputTaskKey: null } as const;
    const again = branch('again', { statements: [equals('open', 'yes')] });
    const executionId = await shop.start(
      {
        tasks: [
          task('a', { type: 'AUTOMATION', automation }),
          decision('d', [again, branch('on', { isDefault: true })], {
            mode: 'AUTOMATIC',
            loop: { branchKey: 'again', exitBranchKey: 'on', maxIterations: 3 },
          }),
          task('end'),
        ],
        edges: ['a > d', 'd =again> a', 'd =on> end'].map(edge),
      },
      [await shop.entity({ open: 'yes' })],
    );
    await letRun(shop);
    const first = (await runOfTask(shop, executionId)).id;
    await shop.give(executionId, 'a', 'COMPLETE_TASK');
    expect(await readRun(shop, first)).toMatchObject({ status: 'CANCELLED' });
    expect(await runOfTask(shop, executionId)).toMatchObject({ status: 'PENDING', taskRun: 2 });
  });

  test('that names no automation fails and says so', async () => {
    const automation = { automationId: 'gone', mode: 'AUTOMATIC', inputTaskKey: null } as const;
    const executionId = await shop.start({ tasks: [task('a', { type: 'AUTOMATION', automation })] });
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({ error: { code: 'AUTOMATION_NOT_FOUND' } });
    expect(await shop.task(executionId, 'a')).toMatchObject({ status: 'FAILED' });
  });
});

describe('the guard against runaways', () => {
  const onEveryChange: AutomationContent['triggers'] = [
    {
      type: 'ENTITY_UPDATED',
      entitySchema: 'loop',
      paths: [],
      filter: { connective: 'AND', statements: [] },
    },
  ];
  const changeAgain = action('again', 'UPDATE_ENTITY', {
    attributes: [{ target: 'times', mode: 'APPEND', value: 'x' }],
  });

  async function runsOf(automationId: string): Promise<Record<string, number>> {
    const { rows } = await shop.database.pool.query<{ status: string; count: number }>(
      `select status, count(*)::int from automation_run where automation_id = $1 group by status`,
      [automationId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  test('lets an automation that sets itself off lead no deeper than ten', async () => {
    const automationId = await publishedAutomation(shop.caller, {
      triggers: onEveryChange,
      actions: [changeAgain],
    });
    const entityId = await shop.entity({}, 'loop');
    await settle();
    await shop.database.pool.query('delete from graphile_worker._private_jobs');
    valueOf(
      await startRun(shop.caller, {
        automationId: await publishedAutomation(shop.caller, { actions: [changeAgain] }),
        entityId,
      }),
    );
    await settle();
    expect(await runsOf(automationId)).toEqual({ SUCCESS: MAX_CHAIN_DEPTH - 1, FAILED: 1 });
    expect(((await attributes(entityId)) as { times: unknown[] }).times).toHaveLength(MAX_CHAIN_DEPTH);
  });

  test('records the fifty-first run on one entity within a minute as HOT, and disables the automation', async () => {
    const automationId = await publishedAutomation(shop.caller);
    const entityId = await shop.entity();
    for (let runs = 0; runs < 51; runs += 1) await startOn(shop, automationId, entityId);
    await letRun(shop);
    expect(await runsOf(automationId)).toEqual({ SUCCESS: 50, HOT: 1 });
    const last = (await shop.events()).filter(({ subjectId }) => subjectId === automationId).at(-1);
    expect(last).toMatchObject({
      type: 'AUTOMATION_DISABLED',
      actorId: null,
      data: { disabledReason: 'RUNAWAY' },
    });
    expect(await startRun(shop.caller, { automationId, entityId })).toMatchObject({
      problem: { code: 'AUTOMATION_NOT_RUNNABLE', reason: 'DISABLED' },
    });
  });

  test('records the run beyond an automation’s own limit as HOT', async () => {
    const automationId = await publishedAutomation(shop.caller, { limit: { runs: 2, seconds: 60 } });
    for (let runs = 0; runs < 3; runs += 1) await startOn(shop, automationId, await shop.entity());
    await letRun(shop);
    expect(await runsOf(automationId)).toEqual({ SUCCESS: 2, HOT: 1 });
  });
});
