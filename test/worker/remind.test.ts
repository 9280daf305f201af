/** People are reminded of due dates, each time once. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEntity } from '../../src/commands/entities.ts';
import { startExecution } from '../../src/commands/executions.ts';
import type { Database } from '../../src/store/database.ts';
import { insertDefinition, insertVersion } from '../../src/store/definitions-writes.ts';
import { REMIND } from '../../src/store/notification-jobs.ts';
import { remind } from '../../src/worker/remind.ts';
import { silentLog, someViewer } from '../support/live-fixture.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { definition, edge, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const HOUR_MS = 3_600_000;

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
beforeEach(async () => {
  shop.clock.set('2026-03-02T09:00:00.000Z');
  // Of what earlier tests have left.
  await reminders();
});
afterAll(() => shop[Symbol.asyncDispose]());

async function reminders(limits = {}): Promise<string[]> {
  const { database, clock } = shop;
  await remind({ database, clock: () => clock.now(), log: silentLog }, limits);
  return inShort(await notifying.told());
}

test('who is responsible is reminded when a day is left and when it is over, and anew of a date that was moved', async () => {
  const bert = await notifying.user('bert');
  const run = await shop.start({ tasks: [task('visit', { assignees: [bert.ref] })] });
  await shop.give(run, 'visit', 'SET_TASK_DUE_DATE', { dueAt: '2026-03-04T08:00:00.000Z' });
  expect(await reminders()).toEqual([]);
  shop.clock.advance(24 * HOUR_MS);
  const place = '(Solar installation, Order 1)';
  expect(await reminders()).toEqual([`bert REMINDER: “visit” is due on 4 March 2026 at 09:00 ${place}.`]);
  expect(await reminders()).toEqual([]);
  shop.clock.advance(24 * HOUR_MS);
  expect(await reminders()).toEqual([`bert REMINDER: “visit” was due on 4 March 2026 at 09:00 ${place}.`]);
  await shop.give(run, 'visit', 'SET_TASK_DUE_DATE', { dueAt: '2026-03-04T20:00:00.000Z' });
  expect(await reminders()).toEqual([`bert REMINDER: “visit” is due on 4 March 2026 at 21:00 ${place}.`]);
});

test('who gets to work only long after the date, or when nobody reminded for days, hears that it was due, once', async () => {
  const bert = await notifying.user('bert');
  const late = task('late', { dueAt: '2026-01-05T08:00:00.000Z', assignees: [bert.ref] });
  const run = await shop.start({ tasks: [task('first'), late], edges: [edge('first > late')] });
  expect(await reminders()).toEqual([]);
  await shop.give(run, 'first', 'COMPLETE_TASK');
  expect(await reminders()).toEqual([expect.stringContaining('“late” was due on 5 January 2026')]);
  shop.clock.advance(72 * HOUR_MS);
  expect((await reminders()).filter((one) => one.includes('late'))).toEqual([]);
});

/** A task of somebody in another organization that is due soon. */
async function dueElsewhere(dueAt: string): Promise<string> {
  const { database, clock } = shop;
  const { isActive: _, ...row } = await someViewer(database, 'nordhafen', 'nora');
  const caller = {
    database,
    clock: () => clock.now(),
    viewer: { ...row, roles: ['admin'], expiresAt: null },
  } as const;
  const { organizationId, userId } = row;
  const definitionId = uuidv7();
  await database.transaction(
    { organizationId, actorId: userId, now: clock.now().toISOString() },
    async (tx) => {
      const tasks = [task('there', { dueAt, assignees: [{ type: 'USER', id: userId }] })];
      await insertDefinition(tx, definitionId, definition({ tasks }));
      await insertVersion(tx, definitionId, { id: uuidv7(), number: 1 });
    },
  );
  const entity = await createEntity(caller, { schema: 'order', title: 'Order 1', attributes: {} });
  const entityId = entity.ok ? entity.value : '';
  const started = await startExecution(caller, { definitionId, entityId, contextEntityIds: [] });
  expect(started.ok).toBe(true);
  return organizationId;
}

test('an organization in which nobody can be reminded holds up no other', async () => {
  const bert = await notifying.user('bert');
  // Whichever of the two is looked at first.
  for (const isHere of [true, false]) {
    const dueAt = shop.clock.now().toISOString();
    const there = await dueElsewhere(dueAt);
    await shop.start({ tasks: [task('here', { dueAt, assignees: [bert.ref] })] });
    const here = shop.viewer.organizationId;
    const [broken, working] = isHere ? [here, there] : [there, here];
    const database: Database = {
      ...shop.database,
      transaction: (scope, work) =>
        scope.organizationId === broken
          ? Promise.reject(new Error('this organization is broken'))
          : shop.database.transaction(scope, work),
    };
    await remind({ database, clock: () => shop.clock.now(), log: silentLog });
    const reminded = async (organizationId: string): Promise<number> => {
      const { rows } = await shop.database.pool.query(
        `select from notification n join task t on t.id = n.task_id
         where n.organization_id = $1 and n.kind = 'REMINDER' and t.due_at = $2`,
        [organizationId, dueAt],
      );
      return rows.length;
    };
    expect([await reminded(broken), await reminded(working)]).toEqual([0, 1]);
    shop.clock.advance(HOUR_MS);
  }
});

test('nobody is reminded of what can’t be worked on or is finished', async () => {
  const bert = await notifying.user('bert');
  const dueAt = '2026-03-02T12:00:00.000Z';
  const parts = { dueAt, assignees: [bert.ref] };
  const tasks = [task('a', parts), task('b', parts)];
  const run = await shop.start({ tasks, edges: [edge('a > b')] });
  const closed = await shop.start({ tasks: [task('a', parts)] });
  await shop.command(closed, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
  expect(await reminders()).toEqual([expect.stringContaining('“a” is due')]);
  await shop.give(run, 'a', 'COMPLETE_TASK');
  expect(await reminders()).toEqual([expect.stringContaining('“b” is due')]);
});

test('a job that leaves some makes the next one for at once, otherwise for in a minute', async () => {
  const bert = await notifying.user('bert');
  const parts = { dueAt: '2026-03-02T12:00:00.000Z', assignees: [bert.ref] };
  await shop.start({ tasks: [task('a', parts), task('b', parts), task('c', parts)] });
  const waits = async (): Promise<number> => {
    const job = (await shop.jobs()).find(({ key }) => key === REMIND);
    return Date.parse(job?.runAt ?? '') - Date.now();
  };
  expect(await reminders({ batches: 2, batchSize: 1 })).toHaveLength(2);
  expect(await waits()).toBeLessThan(30_000);
  expect(await reminders({ batches: 5, batchSize: 1 })).toHaveLength(1);
  expect(await waits()).toBeGreaterThan(30_000);
});
