import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { readEntityPage } from '../../src/store/entity-list.ts';
import { readInboxCounts, readInboxPage, type InboxFilter } from '../../src/store/inbox.ts';
import { expectSound } from '../support/log.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

const DAY = '2026-03-03T00:00:00.000Z';
const BOUNDS = { now: DAY, endOfToday: DAY, endOfWeek: DAY };

/** What is in the inbox of the viewer, on this entity. */
async function inbox(entityId: string) {
  const { organizationId, userId } = shop.viewer;
  const filter: InboxFilter = {
    assigneeIds: [userId],
    statuses: ['PENDING', 'FAILED', 'SCHEDULED', 'CONDITION_PENDING'],
    due: null,
    definitionIds: null,
    entityIds: [entityId],
    phaseKeys: null,
    search: null,
    isEnabled: null,
  };
  const page = { order: 'NAME', isDescending: false, after: null, limit: 10 } as const;
  const rows = await readInboxPage(shop.database, organizationId, null, filter, BOUNDS, page);
  const { total, blocked } = await readInboxCounts(shop.database, organizationId, null, filter, BOUNDS);
  return { tasks: rows.map((row) => `${row.task.name} ${row.task.status}`), total, blocked };
}

async function hasOpenExecution(entityId: string): Promise<boolean> {
  const filter = { schema: null, search: null, attributes: null, hasOpenExecution: true, scope: null };
  const order = { field: 'title', isDescending: false } as const;
  const found = await readEntityPage(shop.database, shop.viewer.organizationId, filter, order, null, 100);
  return found.some(({ id }) => id === entityId);
}

test('an execution with a failed task is open: its tasks stay in the inbox, and its entity has an open execution', async () => {
  const assignees: AssigneeRef[] = [{ type: 'USER', id: shop.viewer.userId }];
  const entityId = await shop.entity();
  const id = await shop.start({ tasks: [task('a', { assignees }), task('b', { assignees })] }, [entityId]);
  await shop.give(id, 'a', 'FAIL_TASK', { reason: 'The roof is too steep.' });
  expect((await shop.execution(id))?.execution.status).toBe('FAILED');
  expect(await inbox(entityId)).toEqual({ tasks: ['a FAILED', 'b PENDING'], total: 2, blocked: 1 });
  expect(await hasOpenExecution(entityId)).toBe(true);
});

test('an execution that is closed is not open, whatever became of its tasks', async () => {
  const assignees: AssigneeRef[] = [{ type: 'USER', id: shop.viewer.userId }];
  const entityId = await shop.entity();
  const id = await shop.start({ tasks: [task('a', { assignees }), task('b', { assignees })] }, [entityId]);
  await shop.give(id, 'a', 'FAIL_TASK', { reason: null });
  await shop.command(id, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
  expect(await inbox(entityId)).toEqual({ tasks: [], total: 0, blocked: 0 });
  expect(await hasOpenExecution(entityId)).toBe(false);
});
