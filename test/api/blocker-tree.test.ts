/** The tree of a task's blockers and its roots, with the fields of each kind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssigneeRef, TaskDefinition } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { branch, decision, edge, phased, task } from '../support/workflow.ts';
import { command, done, start, type Running } from '../support/workflows.ts';

const ROOTS = graphql(`
  query BlockerTreeRoots($id: ID!) {
    task(id: $id) {
      blockers {
        __typename
        ...BlockerDetails
        blockers {
          __typename
          ...BlockerDetails
          blockers {
            __typename
          }
        }
      }
      rootBlockers {
        message
        clearedBy
        clearers {
          ... on User {
            name
          }
        }
      }
    }
  }
  fragment BlockerDetails on Blocker {
    ... on TaskBlocker {
      reason
      task {
        name
      }
    }
    ... on PhaseBlocker {
      reason
      phase {
        name
      }
    }
    ... on DecisionBlocker {
      task {
        name
      }
      branches {
        key
      }
    }
    ... on OnHoldBlocker {
      task {
        name
      }
      since
      by {
        ... on User {
          name
        }
      }
    }
    ... on ScheduleBlocker {
      task {
        name
      }
      until
      anchorTask {
        name
      }
    }
    ... on FailureBlocker {
      task {
        name
      }
      failure {
        code
        message
      }
    }
    ... on AssigneeBlocker {
      task {
        name
      }
    }
  }
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the tree of a task’s blockers', () => {
  /** What a schedule of two hours counts from. */
  const inTwoHours = (taskKey: string | null) =>
    ({
      anchor: taskKey === null ? 'REACHED' : 'TASK_FINISHED',
      taskKey,
      path: null,
      entitySchema: null,
      amount: 2,
      unit: 'HOURS',
      direction: 'AFTER',
    }) as const;

  /** The blockers and the roots of `mount`, which comes after the tasks by edges. */
  async function waiting(
    tasks: readonly TaskDefinition[],
    edges: readonly string[],
    prepare?: (run: Running) => Promise<unknown>,
  ) {
    const run = await start(api, {
      tasks: [...tasks, task('mount')],
      edges: edges.map(edge),
    });
    await prepare?.(run);
    const { task: read } = await api.data(api.member, ROOTS, { id: run.task('mount') });
    return read;
  }

  const before = { __typename: 'TaskBlocker', reason: 'PRECEDING', task: { name: 'visit' } } as const;
  const member = (): AssigneeRef => ({ type: 'USER', id: api.member.userId });

  it('ends at the task that somebody can finish, with who and how', async () => {
    const assignees = [member()];
    const read = await waiting(
      [task('order', { assignees }), task('visit', { assignees })],
      ['order > visit', 'visit > mount'],
    );
    expect(read).toEqual({
      blockers: [
        {
          ...before,
          blockers: [{ ...before, task: { name: 'order' }, blockers: [] }],
        },
      ],
      rootBlockers: [
        {
          message: 'The task before it, “order”, is not finished.',
          clearedBy: ['COMPLETE', 'SKIP'],
          clearers: [{ name: 'member' }],
        },
      ],
    });
  });

  it('ends at a task for which nobody is responsible', async () => {
    expect(await waiting([task('visit')], ['visit > mount'])).toEqual({
      blockers: [
        { ...before, blockers: [{ __typename: 'AssigneeBlocker', task: { name: 'visit' }, blockers: [] }] },
      ],
      rootBlockers: [{ message: 'Nobody is responsible for “visit”.', clearedBy: ['ASSIGN'], clearers: [] }],
    });
  });

  it('ends at a hold, with since when and by whom', async () => {
    const read = await waiting([task('visit')], ['visit > mount'], (run) =>
      done(api, api.admin, 'holdTask', { taskId: run.task('visit') }),
    );
    expect(read).toEqual({
      blockers: [
        {
          ...before,
          blockers: [
            {
              __typename: 'OnHoldBlocker',
              task: { name: 'visit' },
              since: api.clock.now().toISOString(),
              by: { name: 'admin' },
              blockers: [],
            },
          ],
        },
      ],
      rootBlockers: [{ message: '“visit” is on hold.', clearedBy: ['RESUME', 'SKIP'], clearers: [] }],
    });
  });

  it('ends at a failure, with what went wrong', async () => {
    const read = await waiting([task('visit')], ['visit > mount'], (run) =>
      done(api, api.member, 'failTask', { taskId: run.task('visit'), reason: 'No ladder' }),
    );
    expect(read).toEqual({
      blockers: [
        {
          ...before,
          blockers: [
            {
              __typename: 'FailureBlocker',
              task: { name: 'visit' },
              failure: { code: 'REPORTED', message: 'No ladder' },
              blockers: [],
            },
          ],
        },
      ],
      rootBlockers: [
        { message: '“visit” failed: No ladder', clearedBy: ['RETRY', 'COMPLETE', 'SKIP'], clearers: [] },
      ],
    });
  });

  it('ends at a time', async () => {
    const read = await waiting([task('visit', { schedule: inTwoHours(null) })], ['visit > mount']);
    const until = new Date(api.clock.now().getTime() + 7_200_000).toISOString();
    expect(read).toEqual({
      blockers: [
        {
          ...before,
          blockers: [
            {
              __typename: 'ScheduleBlocker',
              task: { name: 'visit' },
              until,
              anchorTask: null,
              blockers: [],
            },
          ],
        },
      ],
      rootBlockers: [
        { message: `“visit” is scheduled for ${until}.`, clearedBy: ['START', 'SKIP'], clearers: [] },
      ],
    });
  });

  it('goes on from a schedule to the task that it is counted from', async () => {
    const read = await waiting(
      [task('order'), task('visit', { schedule: inTwoHours('order') })],
      ['visit > mount'],
    );
    expect(read).toEqual({
      blockers: [
        {
          ...before,
          blockers: [
            {
              __typename: 'ScheduleBlocker',
              task: { name: 'visit' },
              until: null,
              anchorTask: { name: 'order' },
              blockers: [{ __typename: 'TaskBlocker' }],
            },
          ],
        },
      ],
      rootBlockers: [{ message: 'Nobody is responsible for “order”.', clearedBy: ['ASSIGN'], clearers: [] }],
    });
  });

  it('ends at a decision, with the branches that lead on', async () => {
    const read = await waiting(
      [decision('visit', [branch('yes'), branch('no')], {}, { assignees: [member()] })],
      ['visit =yes> mount'],
    );
    expect(read).toEqual({
      blockers: [
        {
          __typename: 'DecisionBlocker',
          task: { name: 'visit' },
          branches: [{ key: 'yes' }],
          blockers: [],
        },
      ],
      rootBlockers: [
        {
          message: 'The decision “visit”, which comes before it, is not taken.',
          clearedBy: ['DECIDE'],
          clearers: [{ name: 'member' }],
        },
      ],
    });
  });

  it('goes on from a phase to its open tasks', async () => {
    const run = await start(api, {
      ...phased('survey: visit', 'build: mount'),
      edges: [edge('#survey > #build')],
    });
    const { task: read } = await api.data(api.member, ROOTS, { id: run.task('mount') });
    expect(read?.blockers).toEqual([
      {
        __typename: 'PhaseBlocker',
        reason: 'PRECEDING',
        phase: { name: 'survey' },
        blockers: [{ ...before, blockers: [{ __typename: 'AssigneeBlocker' }] }],
      },
    ]);
  });

  it('names the decision that left out a task which somebody reopens', async () => {
    const run = await start(api, {
      tasks: [decision('ask', [branch('yes'), branch('no')]), task('mount'), task('refuse')],
      edges: ['ask =yes> mount', 'ask =no> refuse'].map(edge),
    });
    await done(api, api.member, 'decideTask', { taskId: run.task('ask'), branchKeys: ['no'] });
    const answer = await command(
      api,
      api.member,
      'reopenTask',
      { taskId: run.task('mount') },
      '... on TaskBlockedProblem { blockers { clearedBy ... on BranchBlocker { task { name } branches { key } } } }',
    );
    expect(answer).toMatchObject({
      code: 'TASK_BLOCKED',
      blockers: [{ clearedBy: ['REOPEN'], task: { name: 'ask' }, branches: [{ key: 'yes' }] }],
    });
  });

  it('has one root in a closed execution: to open it again', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], isSequential: true });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    const { task: read } = await api.data(api.member, ROOTS, { id: run.task('mount') });
    expect(read?.rootBlockers).toEqual([
      { message: 'The execution is CLOSED.', clearedBy: ['REOPEN_EXECUTION'], clearers: [] },
    ]);
  });
});
