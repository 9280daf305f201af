import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { BulkCommandInput, BulkTasksMutation } from '../support/generated/graphql.ts';
import { ofType } from '../support/typed.ts';
import { phased, task } from '../support/workflow.ts';
import {
  done,
  entity,
  eventCount,
  publish,
  readTask,
  start,
  unknownId,
  userId,
} from '../support/workflows.ts';

const BULK = graphql(`
  mutation BulkTasks($input: BulkUpdateTasksInput!) {
    bulkUpdateTasks(input: $input) {
      __typename
      ... on Problem {
        code
        message
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on BulkUpdateTasksPayload {
        doneCount
        results {
          taskId
          isDone
          task {
            status
            dueAt
            assignees {
              ... on User {
                name
              }
            }
          }
          problem {
            ... on Problem {
              code
              message
            }
            ... on CommandNotAllowedProblem {
              allowedCommands
            }
          }
        }
      }
    }
  }
`);

let api: TestApi;
let definitionId: string;
beforeAll(async () => {
  api = await createTestApi();
  definitionId = await publish(api, {
    ...phased('survey: visit', 'build: order mount'),
    isSequential: false,
  });
});
afterAll(() => api[Symbol.asyncDispose]());

type Answer = NonNullable<BulkTasksMutation['bulkUpdateTasks']>;

async function ask(taskIds: string[], given: BulkCommandInput): Promise<Answer> {
  const { bulkUpdateTasks } = await api.data(api.member, BULK, { input: { taskIds, command: given } });
  if (!bulkUpdateTasks) throw new Error('no answer');
  return bulkUpdateTasks;
}

async function bulk(taskIds: string[], given: BulkCommandInput) {
  return ofType(await ask(taskIds, given), 'BulkUpdateTasksPayload');
}

async function otherOrganization(): Promise<{ readonly definitionId: string; readonly entityId: string }> {
  return {
    definitionId: await publish(api, { tasks: [task('visit')] }, api.otherAdmin),
    entityId: await entity(api, { viewer: api.otherAdmin }),
  };
}

describe('one command for many tasks', () => {
  it.each([
    [{ start: true }, [], { status: 'IN_PROGRESS' }],
    [{ complete: true }, [], { status: 'COMPLETED' }],
    [{ skip: true }, [], { status: 'SKIPPED' }],
    [{ hold: true }, [], { status: 'ON_HOLD' }],
    [{ resume: true }, [{ hold: true }], { status: 'PENDING' }],
    [{ reopen: {} }, [{ skip: true }], { status: 'PENDING' }],
    [{ setDueDate: { dueAt: '2026-07-01T00:00:00Z' } }, [], { dueAt: '2026-07-01T00:00:00.000Z' }],
    [{ setDueDate: {} }, [{ setDueDate: { dueAt: '2026-07-01T00:00:00Z' } }], { dueAt: null }],
  ] as const)('can be %j', async (given, before, expected) => {
    const run = await start(api, {}, { definitionId });
    const taskIds = ['mount', 'visit'].map((name) => run.task(name));
    for (const earlier of before) await bulk(taskIds, earlier);
    expect(await bulk(taskIds, given)).toMatchObject({
      doneCount: 2,
      results: taskIds.map((taskId) => ({ taskId, isDone: true, task: expected, problem: null })),
    });
  });

  it('can assign and unassign', async () => {
    const run = await start(api, {}, { definitionId });
    const taskIds = ['mount', 'visit'].map((name) => run.task(name));
    const assigned = await bulk(taskIds, { assign: { add: [userId(api.admin)] } });
    expect(assigned.results.map(({ task: changed }) => changed)).toMatchObject([
      { assignees: [{ name: 'admin' }] },
      { assignees: [{ name: 'admin' }] },
    ]);
    const unassigned = await bulk(taskIds, { assign: { remove: [userId(api.admin)] } });
    expect(unassigned.results.map(({ task: changed }) => changed)).toMatchObject([
      { assignees: [] },
      { assignees: [] },
    ]);
  });

  it('answers in the order of the input, over several executions', async () => {
    const [first, second] = [await start(api, {}, { definitionId }), await start(api, {}, { definitionId })];
    const taskIds = [second.task('visit'), first.task('mount'), second.task('order'), first.task('visit')];
    const answer = await bulk(taskIds, { start: true });
    expect(answer.results.map(({ taskId }) => taskId)).toEqual(taskIds);
    expect(answer.doneCount).toBe(4);
  });

  it('does the others when one is refused', async () => {
    const run = await start(api, {}, { definitionId });
    await done(api, api.member, 'holdTask', { taskId: run.task('order') });
    const taskIds = ['visit', 'order', 'mount'].map((name) => run.task(name));
    const answer = await bulk(taskIds, { complete: true });
    expect(answer.results).toMatchObject([
      { isDone: true, task: { status: 'COMPLETED' }, problem: null },
      { isDone: false, task: { status: 'ON_HOLD' }, problem: { code: 'COMMAND_NOT_ALLOWED' } },
      { isDone: true, task: { status: 'COMPLETED' }, problem: null },
    ]);
    expect(answer.results[1]?.problem?.message).toContain('“order” is ON_HOLD');
    expect((await readTask(api, api.member, run.task('mount')))?.status).toBe('COMPLETED');
  });

  it('goes from task to task, so that one unblocks the next', async () => {
    const run = await start(api, {
      tasks: [task('visit'), task('order'), task('mount')],
      isSequential: true,
    });
    const [visit, order, mount] = ['visit', 'order', 'mount'].map((name) => run.task(name));
    const answer = await bulk([visit, mount, order].map(String), { complete: true });
    expect(answer.results.map(({ problem }) => problem)).toMatchObject([
      null,
      { code: 'TASK_BLOCKED', message: '“mount” is blocked. The task before it, “order”, is not finished.' },
      null,
    ]);
  });

  it('puts back everything after each task with `revert`', async () => {
    const run = await start(api, {
      tasks: [task('visit'), task('order'), task('mount')],
      isSequential: true,
    });
    for (const name of ['visit', 'order'])
      await done(api, api.member, 'completeTask', { taskId: run.task(name) });
    await bulk([run.task('visit')], { reopen: { revert: true } });
    expect((await readTask(api, api.member, run.task('order')))?.status).toBe('PENDING');
  });

  it('answers NOT_FOUND for tasks that do not exist, here or at all', async () => {
    const [here, there] = [
      await start(api, {}, { definitionId }),
      await start(api, {}, { viewer: api.otherAdmin, ...(await otherOrganization()) }),
    ];
    const foreign = there.task('visit');
    const before = await eventCount(api, api.otherAdmin);
    const answer = await bulk([unknownId('Task'), foreign, here.task('visit')], { start: true });
    expect(answer.results).toMatchObject([
      { isDone: false, task: null, problem: { code: 'NOT_FOUND' } },
      { isDone: false, task: null, problem: { code: 'NOT_FOUND' } },
      { isDone: true },
    ]);
    expect(await eventCount(api, api.otherAdmin)).toBe(before);
  });

  it('tells each task of a closed execution', async () => {
    const run = await start(api, {}, { definitionId });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    const answer = await bulk([run.task('visit'), run.task('mount')], { start: true });
    expect(answer).toMatchObject({
      doneCount: 0,
      results: [{ problem: { code: 'EXECUTION_NOT_OPEN' } }, { problem: { code: 'EXECUTION_NOT_OPEN' } }],
    });
  });

  it('changes nothing when all are refused', async () => {
    const run = await start(api, {}, { definitionId });
    const before = await eventCount(api, api.member);
    await bulk([run.task('visit')], { resume: true });
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it('refuses a second command for the same task as it would alone', async () => {
    const run = await start(api, {}, { definitionId });
    const answer = await bulk([run.task('visit'), run.task('visit')], { start: true });
    expect(answer.results).toMatchObject([
      { isDone: true },
      { isDone: false, problem: { code: 'COMMAND_NOT_ALLOWED' } },
    ]);
  });

  it('writes the events of all in one go', async () => {
    const run = await start(api, {}, { definitionId });
    const before = await eventCount(api, api.member);
    await bulk([run.task('visit'), run.task('order')], { start: true });
    const { rows } = await api.database.pool.query<{ type: string }>(
      `select type from event where organization_id = $1 and seq > $2 and type = 'TASK_STARTED' order by seq`,
      [api.member.organizationId, before],
    );
    expect(rows).toHaveLength(2);
  });
});

test('an id of something else is refused at its place and does not keep the others', async () => {
  const running = await start(api, {}, { definitionId });
  const visit = running.task('visit');
  const answer = await ask([running.id, visit, 'x'], { start: true });
  expect(answer).toMatchObject({
    doneCount: 1,
    results: [
      { taskId: running.id, isDone: false, problem: { code: 'INVALID_INPUT' } },
      { taskId: visit, isDone: true, task: { status: 'IN_PROGRESS' } },
      { taskId: 'x', isDone: false, problem: { code: 'INVALID_INPUT' } },
    ],
  });
});

describe('a bulk command as a whole', () => {
  it.each<[string, string[], BulkCommandInput, object]>([
    ['without tasks', [], { start: true }, { path: 'taskIds', code: 'EMPTY' }],
    [
      'with 101 tasks',
      Array.from({ length: 101 }, () => unknownId('Task')),
      { start: true },
      { path: 'taskIds', code: 'TOO_MANY' },
    ],
    [
      'with no id of a task at all',
      [unknownId('Phase')],
      { start: true },
      { path: 'taskIds[0]', code: 'INVALID_ID' },
    ],
    ['with nothing to do', [unknownId('Task')], { start: false }, { path: 'command', code: 'EMPTY' }],
    ['with nobody to assign', [unknownId('Task')], { assign: {} }, { code: 'EMPTY' }],
  ])('is refused %s', async (_what, taskIds, given, issue) => {
    expect(await ask(taskIds, given)).toMatchObject({ code: 'INVALID_INPUT', issues: [issue] });
  });

  it('is refused with an unknown assignee', async () => {
    const running = await start(api, {}, { definitionId });
    const answer = await ask([running.task('visit')], { assign: { set: [unknownId('User')] } });
    expect(answer).toMatchObject({ code: 'INVALID_INPUT', issues: [{ code: 'UNKNOWN_ASSIGNEE' }] });
  });

  it('is refused with two commands at once', async () => {
    const input = { taskIds: [unknownId('Task')], command: { start: true, skip: true } };
    expect(await api.errorCodes(api.member, BULK, { input })).toEqual(['BAD_USER_INPUT']);
  });

  it('takes 100 tasks', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `t${index}`);
    const run = await start(api, { tasks: keys.map((key) => task(key)) });
    expect(
      (
        await bulk(
          keys.map((key) => run.task(key)),
          { complete: true },
        )
      ).doneCount,
    ).toBe(100);
  });
});
