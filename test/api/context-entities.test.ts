import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { eventsDuring } from '../support/told.ts';
import { present } from '../support/typed.ts';
import { task } from '../support/workflow.ts';
import {
  command,
  done,
  entity,
  mutationText,
  readExecution,
  readTask,
  start,
  unknownId,
  userId,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const CONTEXT = graphql(`
  query ContextEntitiesExecution($id: ID!) {
    workflowExecution(id: $id) {
      entity {
        id
      }
      contextEntities {
        id
      }
    }
  }
`);

const ENTITY = graphql(`
  query ContextEntitiesEntity($id: ID!) {
    entity(id: $id) {
      executions {
        nodes {
          id
        }
      }
      history(first: 5) {
        nodes {
          type
        }
      }
    }
  }
`);

const NODE = graphql(`
  query ContextEntitiesNode($id: ID!) {
    node(id: $id) {
      id
    }
  }
`);

const ONE = { tasks: [task('visit')] };

async function contextOf(id: string) {
  return present((await api.data(api.member, CONTEXT, { id })).workflowExecution);
}

async function readEntity(id: string) {
  return present((await api.data(api.member, ENTITY, { id })).entity);
}

describe('The context of an execution', () => {
  test('is what was set last, beside the entity that it was started on', async () => {
    const [order, first, second] = [await entity(api), await entity(api), await entity(api)];
    const run = await start(api, ONE, { entityId: order, contextEntityIds: [first] });
    await done(api, api.member, 'setContextEntities', {
      executionId: run.id,
      contextEntityIds: [second, order],
    });
    expect(await contextOf(run.id)).toEqual({ entity: { id: order }, contextEntities: [{ id: second }] });
  });

  test('decides on which entities the execution is', async () => {
    const [gone, come] = [await entity(api), await entity(api)];
    const run = await start(api, ONE, { contextEntityIds: [gone] });
    await done(api, api.member, 'setContextEntities', { executionId: run.id, contextEntityIds: [come] });
    expect((await readEntity(gone)).executions.nodes).toEqual([]);
    expect((await readEntity(come)).executions.nodes).toEqual([{ id: run.id }]);
  });

  test('tells of its change in the history of who leaves it', async () => {
    const gone = await entity(api);
    const run = await start(api, ONE, { contextEntityIds: [gone] });
    await done(api, api.member, 'setContextEntities', { executionId: run.id, contextEntityIds: [] });
    expect((await readEntity(gone)).history.nodes[0]?.type).toBe('EXECUTION_CONTEXTS_CHANGED');
  });

  test('changes nothing when it stays as it is', async () => {
    const first = await entity(api);
    const run = await start(api, ONE, { contextEntityIds: [first] });
    const input = { executionId: run.id, contextEntityIds: [first] };
    expect(await eventsDuring(api, () => done(api, api.member, 'setContextEntities', input))).toEqual([]);
  });

  test.each([
    ['does not exist', () => Promise.resolve(unknownId('Entity'))],
    ['belongs to another organization', () => entity(api, { viewer: api.otherAdmin })],
  ])('can’t have an entity that %s', async (_what, other) => {
    const run = await start(api, ONE);
    const input = { executionId: run.id, contextEntityIds: [await other()] };
    expect(await command(api, api.member, 'setContextEntities', input)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await contextOf(run.id)).contextEntities).toEqual([]);
  });

  test('has at most 19 entities', async () => {
    const run = await start(api, ONE);
    const contextEntityIds = await Promise.all(Array.from({ length: 20 }, () => entity(api)));
    const input = { executionId: run.id, contextEntityIds };
    expect(await command(api, api.member, 'setContextEntities', input)).toMatchObject({
      issues: [{ path: 'contextEntityIds', code: 'TOO_MANY' }],
    });
  });

  test('can’t be changed by a partner', async () => {
    const run = await start(api, ONE);
    await done(api, api.member, 'assignTask', { taskId: run.task('visit'), set: [userId(api.partner)] });
    const input = { executionId: run.id, contextEntityIds: [] };
    expect(await api.errorCodes(api.partner, mutationText('setContextEntities'), { input })).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('Deleting an execution', () => {
  test('makes it vanish with its tasks and notes', async () => {
    const run = await start(api, ONE);
    const { note } = await done(api, api.member, 'addNote', { taskId: run.task('visit'), body: 'Later.' });
    await done(api, api.admin, 'deleteExecution', { executionId: run.id });
    expect(await readExecution(api, api.admin, run.id)).toBeNull();
    expect(await readTask(api, api.admin, run.task('visit'))).toBeNull();
    expect((await api.data(api.admin, NODE, { id: present(note).id })).node).toBeNull();
  });

  test('leaves its events in the history of its entity', async () => {
    const run = await start(api, ONE);
    await done(api, api.admin, 'deleteExecution', { executionId: run.id });
    const { executions, history } = await readEntity(run.entityId);
    expect(executions.nodes).toEqual([]);
    const types = history.nodes.map(({ type }) => type);
    expect(types[0]).toBe('EXECUTION_DELETED');
    expect(types).toContain('EXECUTION_STARTED');
  });

  test('is possible when it is finished', async () => {
    const run = await start(api, ONE);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await done(api, api.admin, 'deleteExecution', { executionId: run.id });
    expect(await readExecution(api, api.admin, run.id)).toBeNull();
  });

  test.each(['member', 'designer', 'partner'] as const)('is not for the role %s', async (role) => {
    const run = await start(api, ONE);
    const input = { executionId: run.id };
    expect(await api.errorCodes(api[role], mutationText('deleteExecution'), { input })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await readExecution(api, api.admin, run.id)).not.toBeNull();
  });

  test('is not possible from another organization', async () => {
    const run = await start(api, ONE);
    const answer = await command(api, api.otherAdmin, 'deleteExecution', { executionId: run.id });
    expect(answer.code).toBe('NOT_FOUND');
    expect(await readExecution(api, api.admin, run.id)).not.toBeNull();
  });

  test('is possible once', async () => {
    const run = await start(api, ONE);
    await done(api, api.admin, 'deleteExecution', { executionId: run.id });
    const answer = await command(api, api.admin, 'deleteExecution', { executionId: run.id });
    expect(answer.code).toBe('NOT_FOUND');
  });

  test('leaves nothing to work on', async () => {
    const run = await start(api, ONE);
    await done(api, api.admin, 'deleteExecution', { executionId: run.id });
    const answer = await command(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(answer.code).toBe('NOT_FOUND');
  });
});
