import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { EntityTablePageQuery, EntityTablePageQueryVariables } from '../support/generated/graphql.ts';
import { phased } from '../support/workflow.ts';
import { done, entity, publish, start } from '../support/workflows.ts';

const TABLE = graphql(`
  query EntityTable {
    entities(filter: { search: "table" }, orderBy: TITLE_ASC) {
      nodes {
        title
        executions {
          nodes {
            name
            status
            currentTask {
              name
            }
            currentPhase {
              name
            }
            phasesInProgress {
              name
            }
            currentTasks {
              name
            }
            progress {
              total
              completed
            }
          }
        }
      }
    }
  }
`);

const CURRENT = graphql(`
  query EntityTableCurrent($id: ID!) {
    workflowExecution(id: $id) {
      currentTasks {
        name
      }
      currentTask {
        name
      }
      phasesInProgress {
        name
      }
    }
  }
`);

const CURRENT_ONE = graphql(`
  query EntityTableCurrentOne($id: ID!) {
    workflowExecution(id: $id) {
      currentTask {
        name
      }
      currentPhase {
        name
      }
      currentTasks {
        name
      }
    }
  }
`);

const PAGE = graphql(`
  query EntityTablePage($id: ID!, $after: String, $statuses: [ExecutionStatus!]) {
    entity(id: $id) {
      executions(first: 2, after: $after, statuses: $statuses) {
        nodes {
          id
        }
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

type Executions = NonNullable<NonNullable<EntityTablePageQuery['entity']>['executions']>;

let api: TestApi;
let definitionId: string;
beforeAll(async () => {
  api = await createTestApi();
  definitionId = await publish(api, {
    name: 'Solar',
    ...phased('survey: visit report', 'build: mount'),
    isSequential: true,
  });
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a table of entities', () => {
  it('shows what each execution is at', async () => {
    const entityIds = [
      await entity(api, { title: 'Table A' }),
      await entity(api, { title: 'Table B' }),
      await entity(api, { title: 'Table C' }),
    ];
    const [first, second] = [
      await start(api, {}, { definitionId, entityId: String(entityIds[0]) }),
      await start(api, {}, { definitionId, entityId: String(entityIds[1]) }),
    ];
    for (const name of ['visit', 'report']) {
      await done(api, api.member, 'completeTask', { taskId: first.task(name) });
    }
    await done(api, api.member, 'completeTask', { taskId: second.task('visit') });
    const read = await api.data(api.member, TABLE);
    const row = { name: 'Solar', status: 'STARTED' };
    expect(read).toEqual({
      entities: {
        nodes: [
          {
            title: 'Table A',
            executions: {
              nodes: [
                {
                  ...row,
                  currentTask: { name: 'mount' },
                  currentPhase: { name: 'build' },
                  phasesInProgress: [{ name: 'build' }],
                  currentTasks: [{ name: 'mount' }],
                  progress: { total: 3, completed: 2 },
                },
              ],
            },
          },
          {
            title: 'Table B',
            executions: {
              nodes: [
                {
                  ...row,
                  currentTask: { name: 'report' },
                  currentPhase: { name: 'survey' },
                  phasesInProgress: [{ name: 'survey' }],
                  currentTasks: [{ name: 'report' }],
                  progress: { total: 3, completed: 1 },
                },
              ],
            },
          },
          { title: 'Table C', executions: { nodes: [] } },
        ],
      },
    });
  });

  it('shows several current tasks and phases where the flow branches', async () => {
    const run = await start(api, phased('survey: visit', 'build: order mount'));
    await done(api, api.member, 'startTask', { taskId: run.task('mount') });
    const read = await api.data(api.member, CURRENT, { id: run.id });
    expect(read).toEqual({
      workflowExecution: {
        currentTasks: [{ name: 'visit' }, { name: 'order' }, { name: 'mount' }],
        currentTask: { name: 'visit' },
        phasesInProgress: [{ name: 'survey' }, { name: 'build' }],
      },
    });
  });

  it('has no current task once an execution is over', async () => {
    const run = await start(api, phased('survey: visit'));
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const read = await api.data(api.member, CURRENT_ONE, { id: run.id });
    expect(read).toEqual({ workflowExecution: { currentTask: null, currentPhase: null, currentTasks: [] } });
  });
});

describe('the executions of an entity', () => {
  async function readPage(variables: EntityTablePageQueryVariables): Promise<Executions> {
    const { entity: found } = await api.data(api.member, PAGE, variables);
    if (!found?.executions) throw new Error('no executions');
    return found.executions;
  }

  it('come newest first, in pages, and are counted', async () => {
    const entityId = await entity(api);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      ids.unshift((await start(api, {}, { definitionId, entityId })).id);
    }
    const first = await readPage({ id: entityId });
    const second = await readPage({ id: entityId, after: first.pageInfo.endCursor ?? '' });
    expect([first, second].map((page) => page.nodes.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2),
    ]);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('can be filtered by status', async () => {
    const entityId = await entity(api);
    const [open, closed] = [
      await start(api, {}, { definitionId, entityId }),
      await start(api, {}, { definitionId, entityId }),
    ];
    await done(api, api.member, 'closeExecution', { executionId: closed.id });
    expect(await readPage({ id: entityId, statuses: ['STARTED'] })).toMatchObject({
      nodes: [{ id: open.id }],
      totalCount: 1,
    });
  });
});
