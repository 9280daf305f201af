import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { expectSound } from '../support/log.ts';
import { edge, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop();
});
beforeEach(() => {
  shop.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

const IN_TWO_HOURS: ScheduleRule = {
  anchor: 'REACHED',
  direction: 'AFTER',
  amount: 2,
  unit: 'HOURS',
  taskKey: null,
  path: null,
  entitySchema: null,
};
const SCHEDULED = { tasks: [task('wait', { schedule: IN_TWO_HOURS })] };
const TWO_HOURS_LATER = '2026-03-02T11:00:00.000Z';

async function jobOf(executionId: string) {
  return (await shop.jobs()).find(({ key }) => key === `wake:${executionId}`);
}

function wake(executionId: string): Promise<void> {
  return wakeExecution(shop.caller, { organizationId: shop.viewer.organizationId, executionId });
}

describe('the timer of an execution', () => {
  test('is made with its start', async () => {
    const id = await shop.start(SCHEDULED);
    expect(await shop.task(id, 'wait')).toMatchObject({ status: 'SCHEDULED', scheduledFor: TWO_HOURS_LATER });
    expect(await jobOf(id)).toMatchObject({ runAt: TWO_HOURS_LATER });
  });

  test('is made when its scheduled task is reached', async () => {
    const id = await shop.start({
      tasks: [task('first'), ...SCHEDULED.tasks],
      edges: [edge('first > wait')],
    });
    expect(await jobOf(id)).toBeUndefined();
    await shop.give(id, 'first', 'COMPLETE_TASK');
    expect(await jobOf(id)).toMatchObject({ runAt: TWO_HOURS_LATER });
  });

  test('goes when somebody runs the task at once', async () => {
    const id = await shop.start(SCHEDULED);
    await shop.give(id, 'wait', 'START_TASK');
    expect(await jobOf(id)).toBeUndefined();
  });

  test('goes when the execution is closed, and comes back with it', async () => {
    const id = await shop.start(SCHEDULED);
    await shop.command(id, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(await jobOf(id)).toBeUndefined();
    await shop.command(id, { type: 'REOPEN_EXECUTION' });
    expect(await jobOf(id)).toMatchObject({ runAt: TWO_HOURS_LATER });
  });

  test('goes with the execution when that is deleted', async () => {
    const id = await shop.start(SCHEDULED);
    await shop.command(id, { type: 'DELETE_EXECUTION' });
    expect(await jobOf(id)).toBeUndefined();
  });

  test('costs a command no statement as long as it stays', async () => {
    const id = await shop.start({ tasks: [task('other'), ...SCHEDULED.tasks] });
    shop.resetStatements();
    await shop.give(id, 'other', 'START_TASK');
    expect(shop.statements().filter((text) => text.includes('graphile_worker'))).toEqual([]);
  });

  test('waits for the next of several tasks', async () => {
    const later = task('later', { schedule: { ...IN_TWO_HOURS, amount: 5 } });
    const id = await shop.start({ tasks: [later, ...SCHEDULED.tasks] });
    expect(await jobOf(id)).toMatchObject({ runAt: TWO_HOURS_LATER });
    shop.clock.set(TWO_HOURS_LATER);
    await wake(id);
    expect(await jobOf(id)).toMatchObject({ runAt: '2026-03-02T14:00:00.000Z' });
  });
});

describe('waking an execution', () => {
  test('lets the task go on whose time has come, as the system', async () => {
    const id = await shop.start(SCHEDULED);
    shop.clock.set(TWO_HOURS_LATER);
    await wake(id);
    expect(await shop.task(id, 'wait')).toMatchObject({
      status: 'PENDING',
      statusBy: { type: 'SYSTEM' },
      scheduleRanAt: TWO_HOURS_LATER,
      isLate: false,
      isEnabled: true,
    });
    const ran = (await shop.events()).filter(
      ({ executionId, type }) => executionId === id && type === 'TASK_SCHEDULE_RAN',
    );
    expect(ran.map(({ actorId, at }) => [actorId, at])).toEqual([[null, TWO_HOURS_LATER]]);
  });

  test('marks what goes on long after its time', async () => {
    const id = await shop.start(SCHEDULED);
    shop.clock.set('2026-03-04T06:00:00.000Z');
    await wake(id);
    expect(await shop.task(id, 'wait')).toMatchObject({ status: 'PENDING', isLate: true });
  });

  test('twice lets it go on once', async () => {
    const id = await shop.start(SCHEDULED);
    shop.clock.set(TWO_HOURS_LATER);
    await Promise.all([wake(id), wake(id), wake(id)]);
    const ran = (await shop.events()).filter(
      ({ executionId, type }) => executionId === id && type === 'TASK_SCHEDULE_RAN',
    );
    expect(ran).toHaveLength(1);
  });

  test('too early changes nothing, and it is woken again', async () => {
    const id = await shop.start(SCHEDULED);
    const before = (await shop.events()).length;
    await shop.database.pool.query('delete from graphile_worker._private_jobs');
    shop.clock.set('2026-03-02T10:59:59.000Z');
    await wake(id);
    expect(await shop.task(id, 'wait')).toMatchObject({ status: 'SCHEDULED' });
    expect((await shop.events()).length).toBe(before);
    const { rows } = await shop.database.pool.query<{ isSoon: boolean }>(
      `select run_at between now() and now() + interval '2 seconds' as "isSoon" from graphile_worker.jobs`,
    );
    expect(rows).toEqual([{ isSoon: true }]);
  });

  test('does nothing to one that waits for nothing, and to one that is gone', async () => {
    const id = await shop.start({ tasks: [task('a')] });
    const gone = await shop.start(SCHEDULED);
    await shop.command(gone, { type: 'DELETE_EXECUTION' });
    const before = (await shop.events()).length;
    await wake(id);
    await wake(gone);
    expect((await shop.events()).length).toBe(before);
  });
});
