/** How many statements PostgreSQL gets for what people do most, whatever the size. The rest of the speed follows from that. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phase, ref, task } from '../support/workflow.ts';
import { done, entity, publish, start, team, unknownId, userId, type Running } from '../support/workflows.ts';

/** Finding the viewer of the token, which tests in this process do without. */
const AUTHENTICATION = 1;

let api: TestApi;
let people: readonly AssigneeRef[];
/** As a member of the team. */
let member: Viewer;
beforeAll(async () => {
  api = await createTestApi();
  const { key } = await team(api, [api.member], 'Fitters');
  member = await api.viewer('member');
  const users = await Promise.all(['anna', 'bert', 'carl'].map((name) => api.viewer(name)));
  people = [{ type: 'TEAM', id: key }, ...users.map(({ userId: id }) => ({ type: 'USER', id }) as const)];
});
afterAll(() => api[Symbol.asyncDispose]());

/** What one operation of a member sends. */
async function count(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<number> {
  api.resetStatements();
  const data = await api.data<Readonly<Record<string, unknown>>>(member, document, variables);
  const sent = AUTHENTICATION + api.statements().length;
  for (const answer of Object.values(data)) {
    // A refusal would be cheap.
    expect(answer).not.toMatchObject({ code: expect.any(String) as string });
    expect(answer).not.toBeNull();
  }
  return sent;
}

/** A published definition with so many tasks in four phases, with assignees everywhere and requirements among the tasks. */
async function definitionOf(size: number): Promise<string> {
  return publish(api, {
    name: 'Solar',
    assignees: people.slice(1),
    phases: [0, 1, 2, 3].map((index) => phase(`phase ${index}`, { assignees: people.slice(0, 2) })),
    tasks: Array.from({ length: size }, (_, index) =>
      task(`t${index}`, {
        phaseKey: `phase ${index % 4}`,
        assignees: people.slice(index % 3),
        requirements: index > 3 ? [ref(`t${index - 4}`)] : [],
      }),
    ),
  });
}

const PERSON = '... on User { id name kind } ... on Team { id name }';
const SIDEBAR = `query ($id: ID!) { entity(id: $id) {
  id title schema attributes
  executions(first: 50) { pageInfo { hasNextPage endCursor } nodes {
    id name status version dueAt isOverdue startedAt startedBy { ... on User { name } } finishedAt
    assignees { ${PERSON} } progress { total completed skipped } currentTask { id } currentTasks { id }
    currentPhase { id } phasesInProgress { id } closing { reasons { title } }
    configuredClosingReasons { id title } viewerCanClose viewerCanReopen viewerCanAddTask
    phases { id name status dueAt progress { total completed skipped } assignees { ${PERSON} }
      tasks { id name status statusAt statusBy { ... on User { name } } isEnabled isOverdue dueAt noteCount
        claimedBy { name } assignees { ${PERSON} } startedBy { ... on User { name } }
        finishedBy { ... on User { name } } viewerCommands
        requirements { isFinished task { name } phase { name } } blocks { id }
        blockers { message ... on TaskBlocker { reason task { name blockers { message } } }
          ... on OnHoldBlocker { by { ... on User { name } } } } } } } } } }`;

describe('the whole sidebar', () => {
  it.each([
    [1, 5],
    [1, 40],
    [5, 40],
  ])('of %i executions with %i tasks each takes 6 statements', async (executions, size) => {
    const definitionId = await definitionOf(size);
    const entityId = await entity(api);
    for (let index = 0; index < executions; index += 1) {
      const run = await start(api, {}, { definitionId, entityId });
      await done(api, api.admin, 'completeTask', { taskId: run.task('t0') });
      await done(api, api.designer, 'holdTask', { taskId: run.task('t1') });
      await done(api, member, 'claimTask', { taskId: run.task('t3') });
      await done(api, api.member, 'addNote', { taskId: run.task('t2'), body: 'Here.' });
    }
    expect(await count(SIDEBAR, { id: entityId })).toBe(6);
  });
});

describe('a table of entities', () => {
  const TABLE = `query ($search: String) { entities(filter: { search: $search }, first: 100) { nodes { title executions {
    nodes { name status currentTask { name } currentPhase { name } phasesInProgress { name status } } } } } }`;

  it.each([1, 15])('with %i rows takes 4 statements', async (rows) => {
    const definitionId = await definitionOf(5);
    for (let row = 0; row < rows; row += 1) {
      const entityId = await entity(api, { title: `Row of ${rows}: ${row}` });
      await start(api, {}, { definitionId, entityId });
    }
    expect(await count(TABLE, { search: `row of ${rows}:` })).toBe(4);
  });
});

describe('an inbox page', () => {
  const INBOX = `query ($assignee: ID, $first: Int, $after: String) { inbox(assignee: $assignee, first: $first, after: $after) {
    totalCount counts { overdue today thisWeek later withoutDate blocked } position pageInfo { hasNextPage endCursor }
    nodes { id name status dueAt isOverdue isEnabled noteCount viewerCommands claimedBy { name }
      assignees { ${PERSON} } phase { id name status } entity { id title }
      execution { id name status progress { total completed } } } } }`;

  it.each([1, 100])('of %i tasks takes 5 statements with its counts', async (first) => {
    const definitionId = await definitionOf(40);
    for (let index = 0; index < 4; index += 1) await start(api, {}, { definitionId });
    expect(await count(INBOX, { first })).toBe(5);
  });
});

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
    definitionId = await definitionOf(40);
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
    for (const earlier of before) await done(api, member, earlier, { taskId });
    expect(await count(changing(mutation), { input: { taskId, ...more } })).toBe(9);
  });

  it('takes one more to look up whom it is assigned to', async () => {
    const run = await start(api, {}, { definitionId });
    const input = { taskId: run.task('t0'), add: [userId(api.admin), userId(api.designer)] };
    expect(await count(changing('assignTask'), { input })).toBe(10);
  });

  it('takes 10 statements to add one with an idempotency key', async () => {
    const run = await start(api, {}, { definitionId });
    const place = { inPhase: { phaseId: run.phase('phase 1'), index: 0 } };
    const input = { executionId: run.id, name: 'new', place, idempotencyKey: 'count' };
    expect(await count(changing('addTask'), { input })).toBe(10);
  });
});

describe('a start', () => {
  it.each([1, 40, 200])(
    'of %i tasks takes 8 statements with the whole execution in the answer',
    async (size) => {
      const input = { definitionId: await definitionOf(size), entityId: await entity(api) };
      expect(await count(changing('startExecution'), { input })).toBe(8);
    },
  );

  it('takes 10 with an idempotency key, context entities and assignees', async () => {
    const input = {
      definitionId: await definitionOf(40),
      entityId: await entity(api),
      contextEntityIds: [await entity(api), await entity(api)],
      assigneeIds: [userId(api.admin), userId(api.designer)],
      idempotencyKey: 'count a start',
    };
    expect(await count(changing('startExecution'), { input })).toBe(10);
  });
});

describe('a command on an execution', () => {
  it.each([
    ['closeExecution', {}],
    ['setExecutionDueDate', { dueAt: '2026-07-01T00:00:00Z' }],
  ])('takes 9 statements with the whole execution in the answer: %s', async (mutation, more) => {
    const run = await start(api, {}, { definitionId: await definitionOf(40) });
    expect(await count(changing(mutation), { input: { executionId: run.id, ...more } })).toBe(9);
  });
});

describe('a bulk command', () => {
  const BULK = `mutation ($input: BulkUpdateTasksInput!) { bulkUpdateTasks(input: $input) {
    ... on Problem { code message } ... on BulkUpdateTasksPayload { position doneCount results {
      isDone taskId problem { ... on Problem { message } }
      task { id status isEnabled assignees { ${PERSON} } phase { name } execution { status } } } } } }`;

  it.each([
    ['complete', () => ({ complete: true }), 11],
    ['hold', () => ({ hold: true }), 11],
    ['setDueDate', () => ({ setDueDate: { dueAt: '2026-07-01T00:00:00Z' } }), 11],
    ['assign', () => ({ assign: { add: [userId(api.admin)] } }), 12],
  ])(
    'takes as many statements for 40 tasks of one execution as for one: %s',
    async (_name, given, expected) => {
      const definitionId = await definitionOf(40);
      for (const size of [1, 40]) {
        const run = await start(api, {}, { definitionId });
        const taskIds = Array.from({ length: size }, (_, index) => run.task(`t${index}`));
        expect(await count(BULK, { input: { taskIds, command: given() } }), `${size} tasks`).toBe(expected);
      }
    },
  );

  it('takes one more to name what blocks those that are refused', async () => {
    const run: Running = await start(api, {}, { definitionId: await definitionOf(40) });
    const taskIds = ['t39', 't0', 't20', 't1'].map((name) => run.task(name));
    taskIds.push(unknownId('Task'));
    expect(await count(BULK, { input: { taskIds, command: { start: true } } })).toBe(12);
  });

  it('takes as many over several executions as in one', async () => {
    const definitionId = await definitionOf(5);
    const runs = [
      await start(api, {}, { definitionId }),
      await start(api, {}, { definitionId }),
      await start(api, {}, { definitionId }),
    ];
    const taskIds = runs.flatMap((run) => [run.task('t0'), run.task('t1')]);
    expect(await count(BULK, { input: { taskIds, command: { start: true } } })).toBe(11);
  });
});
