import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSharedReads } from '../../src/graphql/shared-reads.ts';
import type { Database } from '../../src/store/database.ts';
import { readEvents, type NewEvent } from '../../src/store/event-log.ts';
import { openLiveFixture, someViewer, taskEvent, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;
let partnerId: string;
const entityIds = { seen: randomUUID(), hidden: randomUUID() };
const executionIds = { seen: randomUUID(), hidden: randomUUID() };

beforeAll(async () => {
  fixture = await openLiveFixture();
  const { pool } = fixture.database;
  const organizationId = fixture.organizationId;
  const { rows } = await pool.query<{ id: string }>('select id from app_user where organization_id = $1', [
    organizationId,
  ]);
  partnerId = rows[0]?.id ?? '';
  const [definitionId, versionId, taskId] = [randomUUID(), randomUUID(), randomUUID()];
  await pool.query(
    `insert into definition (organization_id, id, name, draft) values ($1, $2, 'Wallbox', '{}')`,
    [organizationId, definitionId],
  );
  await pool.query(
    `insert into definition_version (organization_id, id, definition_id, number, content, published_at)
     values ($1, $2, $3, 1, '{}', now())`,
    [organizationId, versionId, definitionId],
  );
  for (const key of ['seen', 'hidden'] as const) {
    await pool.query(
      `insert into entity (organization_id, id, schema, title) values ($1, $2, 'customer', 'Customer')`,
      [organizationId, entityIds[key]],
    );
    await pool.query(
      `insert into execution (organization_id, id, definition_id, definition_version_id, entity_id, name, status, is_sequential,
         assignees, edges, configured_closing_reasons, has_single_closing_reason, started_at, total_count, completed_count, skipped_count)
       values ($1, $2, $3, $4, $5, 'Wallbox', 'STARTED', true, '[]', '[]', '[]', false, now(), 1, 0, 0)`,
      [organizationId, executionIds[key], definitionId, versionId, entityIds[key]],
    );
    await pool.query(
      `insert into execution_entity (organization_id, execution_id, entity_id, position) values ($1, $2, $3, 0)`,
      [organizationId, executionIds[key], entityIds[key]],
    );
  }
  await pool.query(
    `insert into task (organization_id, id, execution_id, position, name, type, status, status_at, requirements, audience_texts,
       is_manually_created, is_reached, has_open_requirements, is_enabled)
     values ($1, $2, $3, 1, 'Install', 'MANUAL', 'PENDING', now(), '[]', '[]', false, true, false, true)`,
    [organizationId, taskId, executionIds.seen],
  );
  await pool.query(
    `insert into task_assignee (organization_id, task_id, position, user_id) values ($1, $2, 0, $3)`,
    [organizationId, taskId, partnerId],
  );
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

/** Writes the events; answers those of them that the partner sees, by their places. */
async function seenOf(
  events: readonly Partial<NewEvent>[],
  database: Database = fixture.database,
): Promise<number[]> {
  const { organizationId } = fixture;
  const { isActive: _, ...partner } = await someViewer(fixture.database, 'acme', 'ann');
  const end = await fixture.commit(...events.map(taskEvent));
  const from = end - events.length;
  const written = await readEvents(fixture.database, organizationId, from, end, events.length);
  const viewer = { ...partner, roles: ['partner' as const], expiresAt: null };
  const reads = createSharedReads(database, viewer, { events: written });
  const visible = await reads.visible([partnerId], written);
  return visible.map(({ seq }) => seq - from - 1);
}

test('events of an execution with an own task are seen, in order', async () => {
  const { seen, hidden } = executionIds;
  const events = [hidden, seen, hidden, seen].map((executionId) => ({ executionId }));
  expect(await seenOf(events)).toEqual([1, 3]);
});

test('events of an entity alone are seen if one of its executions is', async () => {
  expect(await seenOf([{ entityIds: [entityIds.hidden] }, { entityIds: [entityIds.seen] }])).toEqual([1]);
});

test('a hidden execution stays hidden on an entity that is seen', async () => {
  expect(await seenOf([{ executionId: executionIds.hidden, entityIds: [entityIds.seen] }])).toEqual([]);
});

test('what happened to an own task is seen, also when its execution no longer is', async () => {
  const about = { executionId: executionIds.hidden, audience: [partnerId] };
  expect(await seenOf([about, { ...about, subjectType: 'NOTE' }, { ...about, audience: [] }])).toEqual([0]);
});

test('what happened to themselves and their memberships is seen', async () => {
  const audience = [partnerId];
  expect(
    await seenOf([
      { subjectType: 'TEAM', audience },
      { subjectType: 'TEAM', audience: [randomUUID()] },
      { subjectType: 'USER', audience },
      { subjectType: 'USER', audience: [randomUUID()] },
    ]),
  ).toEqual([0, 2]);
});

test('an event about none of these is not seen', async () => {
  expect(await seenOf([{}])).toEqual([]);
});

test('a batch costs one statement', async () => {
  const names: string[] = [];
  const counting: Database = {
    ...fixture.database,
    query: (prepared, values) => {
      names.push(prepared.name);
      return fixture.database.query(prepared, values);
    },
  };
  const batch = Array.from({ length: 100 }, (_, index) =>
    index % 2 === 0 ? { executionId: executionIds.seen } : { entityIds: [entityIds.seen] },
  );
  expect(await seenOf(batch, counting)).toHaveLength(100);
  expect(names).toHaveLength(1);
});
