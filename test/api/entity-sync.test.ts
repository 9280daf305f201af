import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntitySyncRule } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { eventsDuring, statusesOf } from '../support/told.ts';
import { present } from '../support/typed.ts';
import { branch, decision, edge, equals, task } from '../support/workflow.ts';
import { done, entity, keyOf, start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const READ = graphql(`
  query EntitySyncEntity($id: ID!) {
    entity(id: $id) {
      attributes
      version
      history(first: 3) {
        nodes {
          type
          changedFields
          actor {
            ... on User {
              name
            }
          }
        }
      }
    }
  }
`);

async function read(id: string) {
  return present((await api.data(api.member, READ, { id })).entity);
}

function rule(parts: Partial<EntitySyncRule> = {}): EntitySyncRule {
  return {
    event: 'TASK_COMPLETED',
    taskKey: null,
    phaseKey: null,
    entitySchema: 'opportunity',
    path: 'workflow.last',
    source: 'TASK_NAME',
    customValue: null,
    ...parts,
  };
}

const TASKS = [task('visit'), task('mount')];
const LAST_TASK = { tasks: TASKS, entitySync: [rule()] };

describe('A sync rule', () => {
  test('writes into the entity, and leaves the rest of it', async () => {
    const entityId = await entity(api, { attributes: { city: 'Lindental', workflow: { first: 'x' } } });
    const run = await start(api, LAST_TASK, { entityId });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect((await read(entityId)).attributes).toEqual({
      city: 'Lindental',
      workflow: { first: 'x', last: 'visit' },
    });
  });

  test('is told after the change that brought it about', async () => {
    const run = await start(api, LAST_TASK);
    const events = await eventsDuring(api, () =>
      done(api, api.member, 'completeTask', { taskId: run.task('visit') }),
    );
    const types = events.map(({ type }) => type);
    expect([types[0], types.at(-1)]).toEqual(['TASK_COMPLETED', 'ENTITY_UPDATED']);
    expect(types.filter((type) => type === 'ENTITY_UPDATED')).toHaveLength(1);
  });

  test('is written in the transaction of that change', async () => {
    const run = await start(api, LAST_TASK);
    const [first] = await eventsDuring(api, () =>
      done(api, api.member, 'completeTask', { taskId: run.task('visit') }),
    );
    const { rows } = await api.database.pool.query<{ of: string[] }>(
      `select array_agg(distinct source order by source) as of from (
         select 'event' as source, xmin::text as xid from event where organization_id = $1 and seq >= $2
         union all select 'entity', xmin::text from entity where id = $3
         union all select 'task', xmin::text from task where id = $4) written
       group by xid`,
      [api.member.organizationId, first?.seq, keyOf(run.entityId), keyOf(run.task('visit'))],
    );
    expect(rows).toEqual([{ of: ['entity', 'event', 'task'] }]);
  });

  test('shows in the entity’s history with what it wrote and who brought it about', async () => {
    const run = await start(api, LAST_TASK);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect((await read(run.entityId)).history.nodes[0]).toEqual({
      type: 'ENTITY_UPDATED',
      changedFields: ['attributes.workflow.last'],
      actor: { name: 'member' },
    });
  });

  test('writes nothing when nothing changes', async () => {
    const entitySync = [rule({ path: 'state', source: 'CUSTOM_VALUE', customValue: 'busy' })];
    const run = await start(api, { tasks: TASKS, entitySync });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const { version } = await read(run.entityId);
    const events = await eventsDuring(api, () =>
      done(api, api.member, 'completeTask', { taskId: run.task('mount') }),
    );
    expect(events.map(({ type }) => type)).not.toContain('ENTITY_UPDATED');
    expect((await read(run.entityId)).version).toBe(version);
  });

  test('is seen by the decision that comes after it', async () => {
    const run = await start(api, {
      tasks: [
        task('visit'),
        decision(
          'visited',
          [
            branch('yes', { statements: [equals('workflow.last', 'visit')] }),
            branch('no', { isDefault: true }),
          ],
          { mode: 'AUTOMATIC' },
        ),
        task('mount'),
        task('call'),
      ],
      edges: [edge('visit > visited'), edge('visited =yes> mount'), edge('visited =no> call')],
      entitySync: [rule({ taskKey: 'visit' })],
    });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(await statusesOf(api, run)).toMatchObject({ mount: 'PENDING', call: 'SKIPPED' });
  });
});
