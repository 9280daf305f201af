import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runAutomation } from '../../src/automation/run.ts';
import { startRun } from '../../src/commands/automation-runs.ts';
import { react, type Reaction } from '../../src/reactions/react.ts';
import { readRuns } from '../../src/store/automation-run-reads.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { moveReactionCursor } from '../../src/store/reaction-cursor.ts';
import {
  action,
  letRun,
  publishedAutomation,
  runningContext,
  setting,
  waiting,
} from '../support/automation-runs.ts';
import { expectSound } from '../support/log.ts';
import { runOfTask, startTask } from '../support/workshop-runs.ts';
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

async function eventsOf(subjectId: string): Promise<StoredEvent[]> {
  return (await shop.events()).filter((event) => event.subjectId === subjectId);
}

describe('a run', () => {
  test('that was held while it waited waits again once its task goes on', async () => {
    const executionId = await startTask(shop, [waiting('call')]);
    await letRun(shop);
    await shop.give(executionId, 'a', 'HOLD_TASK');
    await shop.give(executionId, 'a', 'RESUME_TASK');
    await letRun(shop);
    expect(await runOfTask(shop, executionId)).toMatchObject({
      status: 'PAUSED',
      actions: [{ status: 'PAUSED' }],
    });
  });

  test('that is resumed before it began is told to be what it is', async () => {
    const executionId = await startTask(shop, [setting('one', { done: 'one' })]);
    await shop.give(executionId, 'a', 'HOLD_TASK');
    await shop.give(executionId, 'a', 'RESUME_TASK');
    const { id, status } = await runOfTask(shop, executionId);
    expect((await eventsOf(id)).at(-1)).toMatchObject({ type: 'AUTOMATION_RUN_RESUMED', data: { status } });
  });

  test('that closes its own execution goes on with its other actions, and was never cancelled', async () => {
    const executionId = await startTask(shop, [
      action('close', 'CLOSE_EXECUTION', {}),
      setting('one', { done: 'one' }),
    ]);
    await letRun(shop);
    const { id, status } = await runOfTask(shop, executionId);
    expect(status).toBe('SUCCESS');
    expect((await eventsOf(id)).map(({ type }) => type)).not.toContain('AUTOMATION_RUN_CANCELLED');
  });

  test('that can’t even begin fails instead of being tried for ever', async () => {
    const automationId = await publishedAutomation(shop.caller);
    await shop.database.pool.query(
      `update automation_version set content = content - 'actions' where automation_id = $1`,
      [automationId],
    );
    const started = await startRun(shop.caller, { automationId, entityId: await shop.entity() });
    await letRun(shop);
    const id = started.ok ? started.value : '';
    const [run] = await readRuns(shop.database, shop.viewer.organizationId, [id], null);
    expect(run).toMatchObject({ status: 'FAILED', error: { code: 'UNEXPECTED' } });
  });

  test('that several servers work on at once does each action once', async () => {
    const append = (key: string) =>
      action(key, 'UPDATE_ENTITY', { attributes: [{ target: 'done', mode: 'APPEND', value: key }] });
    const keys = ['one', 'two', 'three', 'four'];
    const automationId = await publishedAutomation(shop.caller, { actions: keys.map(append) });
    const entityId = await shop.entity();
    const started = await startRun(shop.caller, { automationId, entityId });
    const payload = { organizationId: shop.viewer.organizationId, runId: started.ok ? started.value : '' };
    await Promise.all(keys.map(() => runAutomation(runningContext(shop), payload)));
    expect((await shop.readEntity(entityId)).attributes).toEqual({ done: keys });
  });
});

describe('reacting', () => {
  async function toEnd(): Promise<void> {
    const { organizationId } = shop.viewer;
    const position = (await shop.events()).at(-1)?.seq ?? 0;
    await moveReactionCursor(shop.database, organizationId, position);
  }

  test('leaves out one event that a reaction can’t cope with, and no other', async () => {
    await toEnd();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push(await shop.entity());
    const seen: Record<'failing' | 'other', string[]> = { failing: [], other: [] };
    const failing: Reaction = (_tx, events) => {
      if (events.some(({ subjectId }) => subjectId === ids[2])) throw new TypeError('not this one');
      seen.failing.push(...events.map(({ subjectId }) => subjectId));
      return Promise.resolve();
    };
    const reached: string[] = [];
    const other: Reaction = (_tx, events) => {
      reached.push(...events.map(({ subjectId }) => subjectId));
      return Promise.resolve();
    };
    const leftOut: unknown[] = [];
    const options = {
      reactions: [failing, other],
      batchSize: 4,
      onLeftOut: (_error: unknown, { reaction }: { readonly reaction: string }) => leftOut.push(reaction),
    };
    const context = { database: shop.database, clock: () => shop.clock.now() };
    while (await react(context, shop.viewer.organizationId, options));
    expect(reached).toEqual(ids);
    expect(seen.failing).toEqual(ids.filter((id) => id !== ids[2]));
    expect(leftOut).toEqual(['failing']);
  });
});
