import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { edge, phased, ref, task } from '../support/workflow.ts';
import { command, done, readTask, start } from '../support/workflows.ts';

const TREE = graphql(`
  query TaskBlockersTree($id: ID!) {
    task(id: $id) {
      blockers {
        message
        ... on TaskBlocker {
          reason
          task {
            name
            blockers {
              ... on TaskBlocker {
                task {
                  name
                  blockers {
                    ... on OnHoldBlocker {
                      since
                      by {
                        ... on User {
                          name
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`);

const REQUIREMENTS = graphql(`
  query TaskBlockersRequirements($id: ID!, $permit: ID!) {
    task(id: $id) {
      requirements {
        isFinished
        task {
          name
        }
        phase {
          name
        }
      }
    }
    permit: task(id: $permit) {
      blocks {
        name
      }
    }
  }
`);

const EXECUTION_BLOCKER = graphql(`
  query TaskBlockersExecution($id: ID!) {
    task(id: $id) {
      blockers {
        message
        ... on ExecutionBlocker {
          status
        }
      }
    }
  }
`);

const ENABLED = graphql(`
  query TaskBlockersEnabled($id: ID!) {
    task(id: $id) {
      isEnabled
      blockers {
        message
      }
    }
  }
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a blocked task', () => {
  const BLOCKERS = '... on TaskBlockedProblem { task { name } blockers { __typename message } }';

  it.each(['startTask', 'completeTask', 'skipTask'])(
    'refuses %s with the names of what blocks it',
    async (mutation) => {
      const run = await start(api, {
        ...phased('survey: visit', 'build: mount'),
        edges: [edge('#survey > mount')],
      });
      const answer = await command(api, api.member, mutation, { taskId: run.task('mount') }, BLOCKERS);
      expect(answer).toMatchObject({
        code: 'TASK_BLOCKED',
        message: '“mount” is blocked. The phase before it, “survey”, is not finished.',
        task: { name: 'mount' },
        blockers: [{ __typename: 'PhaseBlocker' }],
      });
    },
  );

  it('names required tasks, required phases and tasks before it', async () => {
    const run = await start(api, {
      ...phased('survey: visit', 'build: order mount'),
      tasks: [
        task('visit', { phaseKey: 'survey' }),
        task('permit'),
        task('order', { phaseKey: 'build' }),
        task('mount', { phaseKey: 'build', requirements: [ref('permit'), ref('#survey')] }),
      ],
      edges: [edge('order > mount')],
    });
    const answer = await command(api, api.member, 'startTask', { taskId: run.task('mount') }, BLOCKERS);
    expect(answer.message).toBe(
      '“mount” is blocked. The required task “permit” is not finished. ' +
        'The required phase “survey” is not finished. The task before it, “order”, is not finished.',
    );
  });

  it('tells beforehand why it waits, as a tree by nested selection', async () => {
    const run = await start(api, {
      tasks: [task('visit'), task('order'), task('mount')],
      isSequential: true,
    });
    await done(api, api.admin, 'holdTask', { taskId: run.task('visit') });
    const read = await api.data(api.member, TREE, { id: run.task('mount') });
    expect(read).toEqual({
      task: {
        blockers: [
          {
            message: 'The task before it, “order”, is not finished.',
            reason: 'PRECEDING',
            task: {
              name: 'order',
              blockers: [
                {
                  task: {
                    name: 'visit',
                    blockers: [{ since: api.clock.now().toISOString(), by: { name: 'admin' } }],
                  },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('lists its requirements and the tasks that wait for it', async () => {
    const run = await start(api, {
      ...phased('survey: visit', 'build: mount'),
      tasks: [
        task('visit', { phaseKey: 'survey' }),
        task('permit'),
        task('mount', { phaseKey: 'build', requirements: [ref('permit'), ref('#survey')] }),
      ],
    });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const read = await api.data(api.member, REQUIREMENTS, {
      id: run.task('mount'),
      permit: run.task('permit'),
    });
    expect(read).toEqual({
      task: {
        requirements: [
          { isFinished: false, task: { name: 'permit' }, phase: null },
          { isFinished: true, task: null, phase: { name: 'survey' } },
        ],
      },
      permit: { blocks: [{ name: 'mount' }] },
    });
  });

  it('waits for its execution when that is closed', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    const read = await api.data(api.member, EXECUTION_BLOCKER, { id: run.task('visit') });
    expect(read).toEqual({
      task: { blockers: [{ message: 'The execution is CLOSED.', status: 'CLOSED' }] },
    });
  });

  it('has no blockers once it is enabled', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], isSequential: true });
    const id = run.task('mount');
    expect(await readTask(api, api.member, id)).toMatchObject({ isEnabled: false });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const read = await api.data(api.member, ENABLED, { id });
    expect(read).toEqual({ task: { isEnabled: true, blockers: [] } });
  });
});
