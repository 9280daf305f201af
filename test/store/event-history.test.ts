import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSharedReads } from '../../src/graphql/shared-reads.ts';
import { readHistory, readVisibleEvents, type HistoryOf } from '../../src/store/event-history.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phased } from '../support/workflow.ts';
import { done, entity, keyOf, start, userId, type Running } from '../support/workflows.ts';

const PAGE = { before: null, limit: 1_000 };

let api: TestApi;
/** On one entity: one with a task of the partner's, one where it was taken from them, and one that was never theirs. */
let mine: Running;
let lost: Running;
let hidden: Running;
let unseenEntity: string;

beforeAll(async () => {
  api = await createTestApi();
  const content = phased('first: a b');
  mine = await start(api, content);
  const { definitionId, entityId } = mine;
  lost = await start(api, content, { definitionId, entityId });
  hidden = await start(api, content, { definitionId, entityId });
  const set = [userId(api.partner)];
  await done(api, api.admin, 'assignTask', { taskId: mine.task('a'), set });
  await done(api, api.admin, 'assignTask', { taskId: lost.task('a'), set });
  await done(api, api.admin, 'startTask', { taskId: lost.task('a') });
  await done(api, api.admin, 'assignTask', { taskId: lost.task('a'), set: [] });
  await done(api, api.admin, 'stopTask', { taskId: lost.task('a') });
  await done(api, api.admin, 'updateEntity', { entityId, title: 'Roof 2' });
  unseenEntity = await entity(api);
  await done(api, api.admin, 'updateEntity', { entityId: unseenEntity, title: 'Roof 3' });
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

function scope(): string[] {
  return [api.partner.userId];
}

async function historyTypes(of: HistoryOf, id: string): Promise<[string, string | null][]> {
  const { organizationId } = api.partner;
  const events = await readHistory(api.database, organizationId, of, keyOf(id), scope(), PAGE);
  return events.map(({ type, executionId }) => [type, executionId]);
}

test('a partner finds in an entity’s history what happened to it', async () => {
  const types = await historyTypes('ENTITY', mine.entityId);
  expect(types.filter(([, executionId]) => executionId === null)).toEqual([
    ['ENTITY_UPDATED', null],
    ['ENTITY_CREATED', null],
  ]);
});

test('a partner finds in an entity’s history of another execution only what happened to tasks while they were theirs', async () => {
  const types = await historyTypes('ENTITY', mine.entityId);
  expect(types.filter(([, id]) => id === keyOf(hidden.id))).toEqual([]);
  expect(types.flatMap(([type, id]) => (id === keyOf(lost.id) ? [type] : []))).toEqual([
    'TASK_ASSIGNED',
    'TASK_STARTED',
    'TASK_ASSIGNED',
  ]);
});

test('what a partner finds in the history, by number and in a subscription is the same', async () => {
  const { organizationId } = api.partner;
  const everything = await api.events(api.admin);
  const reads = createSharedReads(api.database, api.partner, { events: everything });
  const live = await reads.visible(scope(), everything);
  const seqs = everything.map(({ seq }) => seq);
  const byNumber = await readVisibleEvents(api.database, organizationId, seqs, scope());
  expect(new Set(byNumber.map(({ seq }) => seq))).toEqual(new Set(live.map(({ seq }) => seq)));
  for (const entityId of [mine.entityId, unseenEntity]) {
    const about = live.filter(({ entityIds }) => entityIds.includes(keyOf(entityId))).map(({ seq }) => seq);
    const history = await readHistory(api.database, organizationId, 'ENTITY', keyOf(entityId), scope(), PAGE);
    expect(history.map(({ seq }) => seq).reverse()).toEqual(about);
  }
  expect(await historyTypes('ENTITY', unseenEntity)).toEqual([]);
});

test('whoever sees everything finds everything', async () => {
  const { organizationId } = api.admin;
  const seqs = (await api.events(api.admin)).map(({ seq }) => seq);
  const found = await readVisibleEvents(api.database, organizationId, seqs, null);
  expect(found).toHaveLength(seqs.length);
});
