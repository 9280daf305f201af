/** Reminders and escalation in the queue: moved with the dates, and done once, whoever is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { updateUser } from '../../src/commands/users.ts';
import { WAKE_EXECUTION } from '../../src/store/job-queue.ts';
import { unlockDeadWorkers } from '../../src/worker/dead-workers.ts';
import { startRunner } from '../../src/worker/runner.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { escalation, handover } from '../support/escalations.ts';
import { silentLog } from '../support/live-fixture.ts';
import { expectSound } from '../support/log.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const SECONDS = { timeout: 15_000 };
const DUE = '2026-03-05T12:00:00.000Z';

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
beforeEach(async () => {
  await shop.database.pool.query('delete from graphile_worker._private_jobs');
  shop.clock.set('2026-03-02T08:00:00.000Z');
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

function wake(executionId: string): Promise<void> {
  return wakeExecution(shop.caller, { organizationId: shop.viewer.organizationId, executionId });
}

async function wakesAt(executionId: string): Promise<string | undefined> {
  return (await shop.jobs()).find(({ key }) => key === `wake:${executionId}`)?.runAt;
}

async function escalations(executionId: string): Promise<string[]> {
  const events = await shop.events();
  return events.flatMap((event) =>
    event.executionId === executionId && /_(REMINDED|ESCALATED)$/.test(event.type)
      ? [`${event.type} ${event.at}`]
      : [],
  );
}

test('the one job of the execution moves with the due date, and goes with it', async () => {
  const rule = escalation({ on: 'BEFORE_DUE', amount: 2, unit: 'WORKING_HOURS', respectsWorkingTime: true });
  const run = await shop.start({ tasks: [task('a', { dueAt: DUE, escalations: [rule] })] });
  expect(await wakesAt(run)).toBe('2026-03-05T10:00:00.000Z');
  // Monday, 09:00 in Berlin; it works from 08:00 on.
  await shop.give(run, 'a', 'SET_TASK_DUE_DATE', { dueAt: '2026-03-09T08:00:00.000Z' });
  expect(await wakesAt(run)).toBe('2026-03-06T15:00:00.000Z');
  await shop.give(run, 'a', 'SET_TASK_DUE_DATE', { dueAt: null });
  expect(await wakesAt(run)).toBeUndefined();
});

test('a command on a task with rules sends as many statements as on one without, while its time stays', async () => {
  const rules = [escalation({ on: 'UNCLAIMED', amount: 100 }), escalation()];
  const count = async (parts: object): Promise<number> => {
    const run = await shop.start({ tasks: [task('a', parts)] });
    shop.resetStatements();
    await shop.give(run, 'a', 'UPDATE_TASK', { name: 'Visit' });
    return shop.statements().length;
  };
  expect(await count({ dueAt: DUE, escalations: rules })).toBe(await count({ dueAt: DUE }));
});

test('woken several times at once, everything is done once', async () => {
  const run = await shop.start({ tasks: [task('a', { dueAt: DUE, escalations: [escalation()] })] });
  shop.clock.set(DUE);
  await Promise.all([wake(run), wake(run), wake(run)]);
  expect(await escalations(run)).toEqual([`TASK_REMINDED ${DUE}`]);
});

test('a server that stood still for days gives each of a list their time nevertheless', async () => {
  const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
  const handovers = [handover(bert.ref), handover(carl.ref)];
  const rule = escalation({ on: 'UNCLAIMED', amount: 4, action: 'REASSIGN', handovers });
  const run = await shop.start({ tasks: [task('a', { escalations: [rule] })] });
  shop.clock.set('2026-03-06T08:00:00.000Z');
  await wake(run);
  expect((await shop.task(run, 'a')).assignees).toEqual([bert.ref]);
  expect(await wakesAt(run)).toBe('2026-03-06T12:00:00.000Z');
});

test('nobody gets a task who was deactivated since the rule was written', async () => {
  const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
  const handovers = [handover(bert.ref), handover(carl.ref)];
  const rule = escalation({ on: 'UNCLAIMED', amount: 4, action: 'REASSIGN', handovers });
  const run = await shop.start({ tasks: [task('a', { escalations: [rule] })] });
  expect(await updateUser(shop.caller, { id: bert.id, isActive: false })).toMatchObject({ ok: true });
  shop.clock.set('2026-03-02T12:00:00.000Z');
  await wake(run);
  expect((await shop.task(run, 'a')).assignees).toEqual([carl.ref]);
  expect(await wakesAt(run)).toBeUndefined();
});

describe('a server that is killed', () => {
  test('while it wakes an execution leaves it to another one, which does it once', async () => {
    const bert = await notifying.user('bert');
    await notifying.react();
    await notifying.told();
    const rule = escalation({ action: 'NOTIFY_LEAD', leads: [bert.ref] });
    const run = await shop.start({ tasks: [task('a', { dueAt: DUE, escalations: [rule] })] });
    await shop.database.pool.query('update graphile_worker._private_jobs set run_at = now()');
    shop.clock.set(DUE);
    const script = join(import.meta.dirname, '../support/hanging-worker.ts');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', script, shop.connectionString, WAKE_EXECUTION],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    expect(await escalations(run)).toEqual([]);
    child.kill('SIGKILL');
    await exit;
    await vi.waitFor(async () => {
      expect(await unlockDeadWorkers(shop.database)).not.toEqual([]);
    }, SECONDS);
    await using _workers = await startRunner({
      connectionString: shop.connectionString,
      log: silentLog,
      concurrency: 1,
      connections: 2,
      tasks: {
        [WAKE_EXECUTION]: (payload) =>
          wakeExecution(shop.caller, payload as { organizationId: string; executionId: string }),
      },
    });
    await vi.waitFor(async () => {
      expect(await escalations(run)).toEqual([`TASK_ESCALATED ${DUE}`]);
    }, SECONDS);
    const events = await notifying.react();
    await notifying.reactTo(events);
    expect(inShort(await notifying.told())).toEqual([
      expect.stringContaining('bert ESCALATION: “a” was due'),
    ]);
    expect(await wakesAt(run)).toBeUndefined();
  });
});
