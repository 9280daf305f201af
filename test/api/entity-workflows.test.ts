import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { prepareCounting, type Counting } from '../support/statements.ts';
import { present } from '../support/typed.ts';
import { edge, phase, task } from '../support/workflow.ts';
import { done, entity, publish, start, userId } from '../support/workflows.ts';

graphql(`
  fragment EntityWorkflowsState on EntityWorkflowState {
    openCount
    failedCount
    isComplete
    currentTasks {
      name
    }
    currentPhases {
      name
    }
    phasesInProgress {
      name
    }
    assignees {
      ... on User {
        name
      }
    }
    nextDueAt
  }
`);

const READ = graphql(`
  query EntityWorkflows($id: ID!) {
    entity(id: $id) {
      workflowState {
        ...EntityWorkflowsState
      }
    }
  }
`);

const TABLE = graphql(`
  query EntityWorkflowsTable($search: String) {
    entities(filter: { search: $search }, first: 100) {
      nodes {
        title
        workflowState {
          ...EntityWorkflowsState
        }
      }
    }
  }
`);

let api: TestApi;
let counting: Counting;
beforeAll(async () => {
  api = await createTestApi();
  counting = await prepareCounting(api);
});
afterAll(() => api[Symbol.asyncDispose]());

async function read(id: string, viewer = api.member) {
  return present((await api.data(viewer, READ, { id })).entity).workflowState;
}

const NOTHING = {
  openCount: 0,
  failedCount: 0,
  isComplete: true,
  currentTasks: [],
  currentPhases: [],
  phasesInProgress: [],
  assignees: [],
  nextDueAt: null,
};

const SOLAR = {
  phases: [phase('survey'), phase('build')],
  tasks: [
    task('visit', { phaseKey: 'survey' }),
    task('mount', { phaseKey: 'build' }),
    task('order', { phaseKey: 'build' }),
  ],
  edges: [edge('visit > mount')],
};

describe('The workflows of an entity', () => {
  it('are nothing without an open execution', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(await read(run.entityId)).toEqual(NOTHING);
  });

  it('tell its current tasks and phases', async () => {
    const run = await start(api, SOLAR);
    await done(api, api.member, 'startTask', { taskId: run.task('order') });
    expect(await read(run.entityId)).toMatchObject({
      openCount: 1,
      currentTasks: [{ name: 'visit' }, { name: 'order' }],
      currentPhases: [{ name: 'survey' }],
      phasesInProgress: [{ name: 'survey' }, { name: 'build' }],
    });
  });

  it('are those of all its executions, the newest first, also of those to which it is related', async () => {
    const entityId = await entity(api);
    await start(api, { tasks: [task('first')] }, { entityId });
    await start(api, { tasks: [task('second')] }, { contextEntityIds: [entityId] });
    const { openCount, currentTasks } = await read(entityId);
    expect(openCount).toBe(2);
    expect(currentTasks).toEqual([{ name: 'second' }, { name: 'first' }]);
  });

  it('count those that failed among the open ones', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'failTask', { taskId: run.task('visit') });
    expect(await read(run.entityId)).toMatchObject({ openCount: 1, failedCount: 1 });
  });

  it('tell who is responsible for a current task, each once', async () => {
    const [anna, bert] = [await api.viewer('anna'), await api.viewer('bert')];
    const run = await start(api, SOLAR);
    const assign = (name: string, ...people: readonly string[]) =>
      done(api, api.member, 'assignTask', { taskId: run.task(name), set: people });
    await assign('visit', userId(anna), userId(bert));
    await assign('order', userId(bert));
    await assign('mount', userId(api.admin));
    expect((await read(run.entityId)).assignees).toEqual([{ name: 'anna' }, { name: 'bert' }]);
  });

  it('tell the first date of what is on, not of what comes later', async () => {
    const run = await start(api, SOLAR);
    const setDate = (name: string, dueAt: string) =>
      done(api, api.member, 'setTaskDueDate', { taskId: run.task(name), dueAt });
    await setDate('mount', '2026-04-01T00:00:00.000Z');
    await setDate('order', '2026-05-01T00:00:00.000Z');
    const executionId = run.id;
    await done(api, api.member, 'setExecutionDueDate', { executionId, dueAt: '2026-06-01T00:00:00.000Z' });
    expect((await read(run.entityId)).nextDueAt).toBe('2026-05-01T00:00:00.000Z');
  });

  it('are for a partner those that they see', async () => {
    const theirs = await start(api, { tasks: [task('theirs')] });
    await done(api, api.member, 'assignTask', {
      taskId: theirs.task('theirs'),
      set: [userId(api.partner)],
    });
    await start(api, { tasks: [task('hidden')] }, { entityId: theirs.entityId });
    expect(await read(theirs.entityId, api.partner)).toMatchObject({
      openCount: 1,
      currentTasks: [{ name: 'theirs' }],
    });
  });

  it('are those of the newest 100 executions, and say so', async () => {
    const entityId = await entity(api);
    const definitionId = await publish(api, { tasks: [task('visit')] });
    for (let index = 0; index < 101; index += 1) await start(api, {}, { definitionId, entityId });
    expect(await read(entityId)).toMatchObject({ openCount: 100, isComplete: false });
  });
});

test.each([1, 15])('A table of %i entities with their workflows takes 5 statements', async (rows) => {
  const definitionId = await counting.definitionOf(5);
  for (let row = 0; row < rows; row += 1) {
    const entityId = await entity(api, { title: `Row of ${rows}: ${row}` });
    for (const _execution of [1, 2]) await start(api, {}, { definitionId, entityId });
  }
  expect(await counting.count(TABLE, { search: `row of ${rows}:` })).toBe(5);
});
