import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateEntity } from '../../src/commands/entities.ts';
import { addNote } from '../../src/commands/notes.ts';
import { commandTasks } from '../../src/commands/tasks.ts';
import type { EntitySyncRule } from '../../src/engine/definition.ts';
import { readVisibleEvents } from '../../src/store/event-history.ts';
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

function rule(parts: Partial<EntitySyncRule>): EntitySyncRule {
  return {
    event: 'TASK_COMPLETED',
    taskKey: null,
    phaseKey: null,
    entitySchema: 'order',
    path: 'workflow.last',
    source: 'TASK_NAME',
    customValue: null,
    ...parts,
  };
}

const TASKS = [task('a'), task('b'), task('c')];
const LAST_TASK = { tasks: TASKS, entitySync: [rule({})] };

async function updatesOf(entityId: string) {
  const events = await shop.events();
  return events.filter(({ type, subjectId }) => type === 'ENTITY_UPDATED' && subjectId === entityId);
}

describe('a sync rule', () => {
  test('changes the entity with the command, and the log tells it', async () => {
    const entityId = await shop.entity({ city: 'Lindental' });
    const id = await shop.start(LAST_TASK, [entityId]);
    expect(await updatesOf(entityId)).toEqual([]);
    await shop.give(id, 'b', 'COMPLETE_TASK');
    expect(await shop.readEntity(entityId)).toMatchObject({
      attributes: { city: 'Lindental', workflow: { last: 'b' } },
      version: 2,
    });
    const [update, ...more] = await updatesOf(entityId);
    expect(more).toEqual([]);
    expect(update).toMatchObject({
      version: 2,
      actorId: shop.viewer.userId,
      changedFields: ['attributes.workflow.last'],
      data: { attributes: { workflow: { last: 'b' } } },
      entityIds: [entityId],
    });
  });

  test('changes the entity with the start', async () => {
    const entityId = await shop.entity();
    const entitySync = [rule({ event: 'EXECUTION_STARTED', path: 'state', source: 'EXECUTION_STATUS' })];
    await shop.start({ tasks: TASKS, entitySync }, [entityId]);
    expect((await shop.readEntity(entityId)).attributes).toEqual({ state: 'STARTED' });
  });

  test('reaches the entities of the context, by their schema', async () => {
    const [order, contract] = [await shop.entity(), await shop.entity({}, 'contract')];
    const entitySync = [rule({ entitySchema: 'contract' })];
    const id = await shop.start({ tasks: TASKS, entitySync }, [order, contract]);
    await shop.give(id, 'a', 'COMPLETE_TASK');
    expect((await shop.readEntity(order)).version).toBe(1);
    expect((await shop.readEntity(contract)).attributes).toEqual({ workflow: { last: 'a' } });
  });

  test('writes nothing if nothing changes', async () => {
    const entityId = await shop.entity();
    const entitySync = [rule({ source: 'CUSTOM_VALUE', customValue: 'busy' })];
    const id = await shop.start({ tasks: TASKS, entitySync }, [entityId]);
    await shop.give(id, 'a', 'COMPLETE_TASK');
    await shop.give(id, 'b', 'COMPLETE_TASK');
    expect((await shop.readEntity(entityId)).version).toBe(2);
    expect(await updatesOf(entityId)).toHaveLength(1);
  });

  test('writes an entity once, however many commands of a bulk change it', async () => {
    const entityId = await shop.entity();
    const ids = [await shop.start(LAST_TASK, [entityId]), await shop.start(LAST_TASK, [entityId])];
    const tasks = await Promise.all(ids.flatMap((id) => ['a', 'b'].map((key) => shop.task(id, key))));
    shop.resetStatements();
    await commandTasks(
      shop.caller,
      tasks.map(({ id }) => id),
      (taskId) => ({ type: 'COMPLETE_TASK', taskId }),
    );
    expect(shop.statements()).toHaveLength(6);
    expect(await shop.readEntity(entityId)).toMatchObject({
      attributes: { workflow: { last: 'b' } },
      version: 2,
    });
    expect(await updatesOf(entityId)).toHaveLength(1);
  });

  test('loses nothing that somebody else writes at the same time', async () => {
    const entityId = await shop.entity({ count: 0 });
    const id = await shop.start(LAST_TASK, [entityId]);
    await Promise.all([
      shop.give(id, 'a', 'COMPLETE_TASK'),
      updateEntity(shop.caller, { id: entityId, attributes: { count: 1 } }),
      updateEntity(shop.caller, { id: entityId, attributes: { city: 'Nordhafen' } }),
    ]);
    expect(await shop.readEntity(entityId)).toMatchObject({
      attributes: { count: 1, city: 'Nordhafen', workflow: { last: 'a' } },
      version: 4,
    });
  });

  test('hears that the execution was deleted', async () => {
    const entityId = await shop.entity();
    const entitySync = [
      rule({ event: 'EXECUTION_DELETED', path: 'state', source: 'CUSTOM_VALUE', customValue: 'gone' }),
    ];
    const id = await shop.start({ tasks: TASKS, entitySync }, [entityId]);
    await shop.command(id, { type: 'DELETE_EXECUTION' });
    expect((await shop.readEntity(entityId)).attributes).toEqual({ state: 'gone' });
  });
});

describe('deleting an execution', () => {
  test('deletes everything that belongs to it, and its events stay', async () => {
    const id = await shop.start({ tasks: TASKS, phases: [] });
    const other = await shop.start({ tasks: TASKS });
    const { id: taskId } = await shop.task(id, 'a');
    await addNote(shop.caller, { taskId, body: 'Who?', mentionIds: [] });
    await shop.command(id, { type: 'DELETE_EXECUTION' });
    expect(await shop.execution(id)).toBeNull();
    for (const table of ['task', 'phase', 'execution_entity']) {
      const { rows } = await shop.database.pool.query(`select 1 from ${table} where execution_id = $1`, [id]);
      expect(rows, table).toEqual([]);
    }
    const { rows } = await shop.database.pool.query('select 1 from note');
    expect(rows).toEqual([]);
    const types = (await shop.events())
      .filter(({ executionId }) => executionId === id)
      .map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['EXECUTION_STARTED', 'EXECUTION_DELETED']);
    expect((await shop.execution(other))?.tasks).toHaveLength(3);
  });

  test('is told to those who had a task of it', async () => {
    const { organizationId, userId } = shop.viewer;
    const id = await shop.start({ tasks: [task('a', { assignees: [{ type: 'USER', id: userId }] })] });
    await shop.command(id, { type: 'DELETE_EXECUTION' });
    const { seq = 0 } = (await shop.events()).at(-1) ?? {};
    const visible = (scope: string) => readVisibleEvents(shop.database, organizationId, [seq], [scope]);
    expect(await visible(userId)).toHaveLength(1);
    expect(await visible(id)).toEqual([]);
  });
});

describe('the entities of an execution', () => {
  test('are those that were set last, in that order', async () => {
    const [first, second, third] = [await shop.entity(), await shop.entity(), await shop.entity()];
    const id = await shop.start({ tasks: TASKS }, [first, second]);
    await shop.command(id, { type: 'SET_CONTEXT_ENTITIES', contextEntityIds: [third, second] });
    expect((await shop.execution(id))?.execution.entityIds).toEqual([first, third, second]);
    await shop.command(id, { type: 'SET_CONTEXT_ENTITIES', contextEntityIds: [third] });
    expect((await shop.execution(id))?.execution.entityIds).toEqual([first, third]);
  });

  test('hear of the change that takes them away', async () => {
    const [first, second] = [await shop.entity(), await shop.entity()];
    const id = await shop.start({ tasks: TASKS }, [first, second]);
    await shop.command(id, { type: 'SET_CONTEXT_ENTITIES', contextEntityIds: [] });
    const last = (await shop.events()).at(-1);
    expect(last).toMatchObject({ executionId: id, entityIds: [first, second] });
  });

  test('must be there', async () => {
    const first = await shop.entity();
    const id = await shop.start({ tasks: TASKS }, [first]);
    const nowhere = '00000000-0000-7000-8000-000000000000';
    await expect(
      shop.command(id, { type: 'SET_CONTEXT_ENTITIES', contextEntityIds: [nowhere] }),
    ).rejects.toThrow('NOT_FOUND');
  });
});
