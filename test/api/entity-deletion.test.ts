import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { phased } from '../support/workflow.ts';
import { command, entity, keyOf, publish, start, unknownId, type Answered } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

function remove(entityId: string, more: object = {}, viewer = api.member) {
  const selection = '... on EntityInUseProblem { executionCount }';
  return command(api, viewer, 'deleteEntity', { entityId, ...more }, selection);
}

async function isThere(id: string): Promise<boolean> {
  const document = 'query ($id: ID!) { entity(id: $id) { id } }';
  return (await api.data<{ entity: unknown }>(api.member, document, { id })).entity !== null;
}

describe('deleteEntity', () => {
  test('deletes the entity; the log keeps what it was', async () => {
    const attributes = { city: 'Ulm' };
    const id = await entity(api, { title: 'Roof', schema: 'order', attributes });
    expect((await remove(id)).__typename).toBe('DeleteEntityPayload');
    expect(await isThere(id)).toBe(false);
    expect((await api.events(api.member)).at(-1)).toMatchObject({
      type: 'ENTITY_DELETED',
      subjectId: keyOf(id),
      entityIds: [keyOf(id)],
      version: 2,
      changedFields: [],
      data: { schema: 'order', title: 'Roof', attributes },
    });
    expect((await remove(id)).code).toBe('NOT_FOUND');
  });

  test('is refused while executions are about it, also as their context only', async () => {
    const [context, own] = [await entity(api), await entity(api)];
    await start(api, phased('first: a'), { entityId: own, contextEntityIds: [context] });
    expect(await remove(own)).toMatchObject({ code: 'ENTITY_IN_USE', executionCount: 1 });
    expect(await remove(context)).toMatchObject({ code: 'ENTITY_IN_USE', executionCount: 1 });
  });

  test('is refused for another version, and for what is not there', async () => {
    const id = await entity(api);
    expect((await remove(id, { expectedVersion: 2 })).code).toBe('VERSION_CONFLICT');
    expect((await remove(id, {}, api.otherAdmin)).code).toBe('NOT_FOUND');
    expect((await remove(unknownId('Entity'))).code).toBe('NOT_FOUND');
    expect(await isThere(id)).toBe(true);
  });
});

/** Gives the commands one after the other, each once the one before it has done everything but write to the log. */
async function meeting(commands: readonly (() => Promise<Answered>)[]): Promise<Answered[]> {
  const { pool } = api.database;
  const holder = await pool.connect();
  await holder.query('begin; lock table event_counter in exclusive mode');
  const answers: Promise<Answered>[] = [];
  for (const give of commands) {
    answers.push(give());
    await eventually(async () => {
      const { rows } = await pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows).toHaveLength(answers.length);
    });
  }
  await holder.query('commit');
  holder.release();
  return Promise.all(answers);
}

test('of a deletion and a start that meet, the first wins', async () => {
  const definitionId = await publish(api, phased('first: a'));
  const [gone, kept] = [await entity(api), await entity(api)];
  const startOn = (entityId: string) => () =>
    command(api, api.member, 'startExecution', { definitionId, entityId });
  expect(await meeting([() => remove(gone), startOn(gone)])).toMatchObject([
    { __typename: 'DeleteEntityPayload' },
    { code: 'NOT_FOUND' },
  ]);
  expect(await meeting([startOn(kept), () => remove(kept)])).toMatchObject([
    { __typename: 'StartExecutionPayload' },
    { code: 'ENTITY_IN_USE' },
  ]);
});
