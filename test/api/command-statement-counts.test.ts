/** How many statements PostgreSQL gets for what people do most, whatever the size. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { BulkCommandInput } from '../support/generated/graphql.ts';
import { prepareCounting, type Counting } from '../support/statements.ts';
import { done, entity, start, unknownId, userId } from '../support/workflows.ts';

const BULK = graphql(`
  mutation StatementCountsBulk($input: BulkUpdateTasksInput!) {
    bulkUpdateTasks(input: $input) {
      ... on Problem {
        code
        message
      }
      ... on BulkUpdateTasksPayload {
        position
        doneCount
        results {
          isDone
          taskId
          problem {
            ... on Problem {
              message
            }
          }
          task {
            id
            status
            isEnabled
            assignees {
              ...CountedPeople
            }
            phase {
              name
            }
            execution {
              status
            }
          }
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

const PERSON = '... on User { id name kind } ... on Team { id name }';
const TASK = `id name status version isEnabled dueAt viewerCommands statusBy { ... on User { name } }
  claimedBy { name } phase { id name status } assignees { ${PERSON} } blockers { message }`;
const EXECUTION = `id status version progress { total completed skipped } currentTask { id name } startedBy { ... on User { name } }
  phases { id status } assignees { ${PERSON} } tasks { id status isEnabled }`;

/** The mutation with the task and its whole execution in the answer. */
function changing(mutation: string): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const task = /Execution/.test(mutation) ? '' : `task { ${TASK} }`;
  return `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
    ... on Problem { code message } ... on ${type}Payload { position ${task} execution { ${EXECUTION} } } } }`;
}

describe('a command on one task', () => {
  let definitionId: string;
  beforeAll(async () => {
    definitionId = await counting.definitionOf(40);
  });

  it.each([
    ['startTask', {}, []],
    ['stopTask', {}, ['startTask']],
    ['completeTask', {}, []],
    ['skipTask', {}, []],
    ['holdTask', {}, []],
    ['resumeTask', {}, ['holdTask']],
    ['reopenTask', { revert: true }, ['completeTask']],
    ['claimTask', {}, []],
    ['releaseTask', {}, ['claimTask']],
    ['setTaskDueDate', { dueAt: '2026-07-01T00:00:00Z' }, []],
    ['updateTask', { name: 'look' }, []],
  ])('takes 9 statements with the whole execution in the answer: %s', async (mutation, more, before) => {
    const run = await start(api, {}, { definitionId });
    const taskId = run.task('t0');
    for (const earlier of before) await done(api, counting.member, earlier, { taskId });
    expect(await counting.count(changing(mutation), { input: { taskId, ...more } })).toBe(9);
  });

  it('takes one more to look up whom it is assigned to', async () => {
    const run = await start(api, {}, { definitionId });
    const input = { taskId: run.task('t0'), add: [userId(api.admin), userId(api.designer)] };
    expect(await counting.count(changing('assignTask'), { input })).toBe(10);
  });

  it('takes 10 statements to add one with an idempotency key', async () => {
    const run = await start(api, {}, { definitionId });
    const place = { inPhase: { phaseId: run.phase('phase 1'), index: 0 } };
    const input = { executionId: run.id, name: 'new', place, idempotencyKey: 'count' };
    expect(await counting.count(changing('addTask'), { input })).toBe(10);
  });
});

describe('a start', () => {
  it.each([1, 40, 200])(
    'of %i tasks takes 8 statements with the whole execution in the answer',
    async (size) => {
      const input = { definitionId: await counting.definitionOf(size), entityId: await entity(api) };
      expect(await counting.count(changing('startExecution'), { input })).toBe(8);
    },
  );

  it('takes 10 with an idempotency key, context entities and assignees', async () => {
    const input = {
      definitionId: await counting.definitionOf(40),
      entityId: await entity(api),
      contextEntityIds: [await entity(api), await entity(api)],
      assigneeIds: [userId(api.admin), userId(api.designer)],
      idempotencyKey: 'count a start',
    };
    expect(await counting.count(changing('startExecution'), { input })).toBe(10);
  });
});

describe('a command on an execution', () => {
  it.each([
    ['closeExecution', {}],
    ['setExecutionDueDate', { dueAt: '2026-07-01T00:00:00Z' }],
  ])('takes 9 statements with the whole execution in the answer: %s', async (mutation, more) => {
    const run = await start(api, {}, { definitionId: await counting.definitionOf(40) });
    expect(await counting.count(changing(mutation), { input: { executionId: run.id, ...more } })).toBe(9);
  });
});

describe('a bulk command', () => {
  it.each<[string, () => BulkCommandInput, number]>([
    ['complete', () => ({ complete: true }), 11],
    ['hold', () => ({ hold: true }), 11],
    ['setDueDate', () => ({ setDueDate: { dueAt: '2026-07-01T00:00:00Z' } }), 11],
    ['assign', () => ({ assign: { add: [userId(api.admin)] } }), 12],
  ])(
    'takes as many statements for 40 tasks of one execution as for one: %s',
    async (_name, given, expected) => {
      const definitionId = await counting.definitionOf(40);
      for (const size of [1, 40]) {
        const run = await start(api, {}, { definitionId });
        const taskIds = Array.from({ length: size }, (_, index) => run.task(`t${index}`));
        expect(await counting.count(BULK, { input: { taskIds, command: given() } }), `${size} tasks`).toBe(
          expected,
        );
      }
    },
  );

  it('takes one more to name what blocks those that are refused', async () => {
    const run = await start(api, {}, { definitionId: await counting.definitionOf(40) });
    const taskIds = ['t39', 't0', 't20', 't1'].map((name) => run.task(name));
    taskIds.push(unknownId('Task'));
    expect(await counting.count(BULK, { input: { taskIds, command: { start: true } } })).toBe(12);
  });

  it('takes as many over several executions as in one', async () => {
    const definitionId = await counting.definitionOf(5);
    const runs = [
      await start(api, {}, { definitionId }),
      await start(api, {}, { definitionId }),
      await start(api, {}, { definitionId }),
    ];
    const taskIds = runs.flatMap((run) => [run.task('t0'), run.task('t1')]);
    expect(await counting.count(BULK, { input: { taskIds, command: { start: true } } })).toBe(11);
  });
});
