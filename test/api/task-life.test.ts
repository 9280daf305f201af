import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phased, task } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  readExecution,
  readTask,
  start,
  unknownId,
  type Running,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** The statuses of the tasks, top to bottom. */
async function statuses({ id }: Running): Promise<string[] | undefined> {
  return (await readExecution(api, api.member, id))?.tasks.map(({ status }) => status);
}

const NOT_ALLOWED = `... on CommandNotAllowedProblem {
  taskStatus since by { ... on User { name } } allowedCommands task { name } }`;

describe('the life of a task', () => {
  it.each([
    ['startTask', [], 'IN_PROGRESS'],
    ['stopTask', ['startTask'], 'PENDING'],
    ['completeTask', [], 'COMPLETED'],
    ['completeTask', ['startTask'], 'COMPLETED'],
    ['skipTask', [], 'SKIPPED'],
    ['skipTask', ['holdTask'], 'SKIPPED'],
    ['holdTask', ['startTask'], 'ON_HOLD'],
    ['resumeTask', ['holdTask'], 'PENDING'],
    ['resumeTask', ['startTask', 'holdTask'], 'IN_PROGRESS'],
    ['reopenTask', ['completeTask'], 'PENDING'],
    ['reopenTask', ['skipTask'], 'PENDING'],
  ])('goes by %s after %j to %s', async (mutation, before, status) => {
    const run = await start(api, { tasks: [task('visit'), task('other')] });
    const taskId = run.task('visit');
    for (const earlier of before) await done(api, api.member, earlier, { taskId });
    const answer = await done(api, api.member, mutation, { taskId });
    expect(answer.task?.status).toBe(status);
    expect(await readTask(api, api.member, taskId)).toEqual(answer.task);
  });

  it.each([
    ['startTask', ['startTask'], 'IN_PROGRESS'],
    ['stopTask', [], 'PENDING'],
    ['completeTask', ['holdTask'], 'ON_HOLD'],
    ['skipTask', ['skipTask'], 'SKIPPED'],
    ['holdTask', ['completeTask'], 'COMPLETED'],
    ['resumeTask', [], 'PENDING'],
    ['reopenTask', ['startTask'], 'IN_PROGRESS'],
  ])('refuses %s after %j', async (mutation, before, status) => {
    const run = await start(api, { tasks: [task('visit'), task('other')] });
    const taskId = run.task('visit');
    for (const earlier of before) await done(api, api.admin, earlier, { taskId });
    const position = await eventCount(api, api.member);
    const answer = await command(api, api.member, mutation, { taskId }, NOT_ALLOWED);
    expect(answer).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
      taskStatus: status,
      task: { name: 'visit' },
    });
    expect(answer.message).toContain('“visit”');
    expect(await eventCount(api, api.member)).toBe(position);
  });

  it('tells in a refusal who set the status, when, and what is possible instead', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const taskId = run.task('visit');
    await done(api, api.admin, 'holdTask', { taskId });
    const answer = await command(api, api.member, 'completeTask', { taskId }, NOT_ALLOWED);
    expect(answer).toMatchObject({
      taskStatus: 'ON_HOLD',
      since: api.clock.now().toISOString(),
      by: { name: 'admin' },
      allowedCommands: ['SKIP', 'RESUME', 'ASSIGN', 'SET_DUE_DATE', 'UPDATE', 'ADD_NOTE'],
    });
  });

  it('records who started and finished it and when', async () => {
    const run = await start(api, { tasks: [task('visit'), task('other')] });
    const id = run.task('visit');
    await done(api, api.admin, 'startTask', { taskId: id });
    await done(api, api.member, 'completeTask', { taskId: id });
    const now = api.clock.now().toISOString();
    const read = await api.data(
      api.member,
      `query ($id: ID!) { task(id: $id) {
         startedAt startedBy { ... on User { name } } finishedAt finishedBy { ... on User { name } }
         statusAt statusBy { ... on User { name } } } }`,
      { id },
    );
    expect(read).toEqual({
      task: {
        startedAt: now,
        startedBy: { name: 'admin' },
        finishedAt: now,
        finishedBy: { name: 'member' },
        statusAt: now,
        statusBy: { name: 'member' },
      },
    });
  });

  it('refuses every command once the execution is closed, with its status', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    const answers = await Promise.all(
      ['startTask', 'completeTask', 'skipTask', 'holdTask'].map((mutation) =>
        command(
          api,
          api.member,
          mutation,
          { taskId: run.task('visit') },
          '... on ExecutionNotOpenProblem { executionStatus }',
        ),
      ),
    );
    for (const answer of answers) {
      expect(answer).toMatchObject({ code: 'EXECUTION_NOT_OPEN', executionStatus: 'CLOSED' });
    }
  });

  it.each([
    'startTask',
    'stopTask',
    'completeTask',
    'skipTask',
    'holdTask',
    'resumeTask',
    'reopenTask',
    'claimTask',
    'releaseTask',
    'setTaskDueDate',
    'updateTask',
    'removeTask',
    'assignTask',
  ])('refuses %s when the task has another version than expected, and shows it', async (mutation) => {
    const run = await start(api, { tasks: [task('visit')] });
    const taskId = run.task('visit');
    await done(api, api.member, 'startTask', { taskId });
    const input = { taskId, expectedVersion: 1, ...(mutation === 'assignTask' ? { add: [] } : {}) };
    const answer = await command(
      api,
      api.member,
      mutation,
      input,
      '... on VersionConflictProblem { currentVersion current { ... on Task { name version status } } }',
    );
    expect(answer).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: 2,
      current: { name: 'visit', version: 2, status: 'IN_PROGRESS' },
    });
  });

  it('accepts a command with the version that the task has', async () => {
    const run = await start(api, { tasks: [task('visit'), task('other')] });
    const taskId = run.task('visit');
    await done(api, api.member, 'startTask', { taskId, expectedVersion: 1 });
    const answer = await done(api, api.member, 'completeTask', { taskId, expectedVersion: 2 });
    expect(answer.task).toMatchObject({ status: 'COMPLETED', version: 3 });
  });

  it('answers NOT_FOUND for a task that does not exist', async () => {
    const taskId = unknownId('Task');
    const answer = await command(
      api,
      api.member,
      'startTask',
      { taskId },
      '... on NotFoundProblem { type id }',
    );
    expect(answer).toMatchObject({ code: 'NOT_FOUND', type: 'Task', id: taskId });
  });

  it('moves the execution on: phases, current task and progress in the same answer', async () => {
    const run = await start(api, {
      ...phased('survey: visit', 'build: mount connect'),
      isSequential: true,
    });
    const { execution } = await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(execution).toMatchObject({
      status: 'STARTED',
      progress: { total: 3, completed: 1, skipped: 0 },
      currentTask: { name: 'mount' },
      phases: [{ status: 'COMPLETED' }, { status: 'IN_PROGRESS' }],
    });
  });

  it('ends the execution with its last task', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')] });
    await done(api, api.member, 'skipTask', { taskId: run.task('visit') });
    const { execution } = await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(execution).toMatchObject({ status: 'DONE', progress: { completed: 1, skipped: 1 } });
  });

  it('lets exactly one of two people complete it at the same time', async () => {
    const run = await start(api, { tasks: [task('visit'), task('other')] });
    const input = { taskId: run.task('visit') };
    const answers = await Promise.all([
      command(api, api.member, 'completeTask', input),
      command(api, api.admin, 'completeTask', input),
    ]);
    expect(answers.map(({ code }) => code ?? 'done').sort()).toEqual(['COMMAND_NOT_ALLOWED', 'done']);
  });

  it('loses none of fifty commands that come to one execution at the same time', async () => {
    const keys = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const run = await start(api, { tasks: keys.map((key) => task(key)) });
    const before = await eventCount(api, api.member);
    await Promise.all(keys.map((key) => done(api, api.member, 'startTask', { taskId: run.task(key) })));
    expect(new Set(await statuses(run))).toEqual(new Set(['IN_PROGRESS']));
    const log = await api.database.pool.query<{ seq: number }>(
      'select seq from event where organization_id = $1 and seq > $2 order by seq',
      [api.member.organizationId, before],
    );
    expect(log.rows.map(({ seq }) => seq)).toEqual(log.rows.map((_row, index) => before + 1 + index));
    expect(log.rows.length).toBeGreaterThanOrEqual(50);
  });

  it('settles a reopening against a completion of the same execution without a deadlock', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await Promise.all([
      done(api, api.member, 'reopenTask', { taskId: run.task('visit'), revert: true }),
      done(api, api.admin, 'completeTask', { taskId: run.task('mount') }),
    ]);
    expect(await readExecution(api, api.member, run.id)).toMatchObject({
      status: 'STARTED',
      currentTask: { name: 'visit' },
      tasks: [{ status: 'PENDING' }, { status: 'COMPLETED' }],
    });
  });
});

describe('reopening a task', () => {
  it('puts back only this task without `revert`', async () => {
    const run = await start(api, {
      tasks: [task('visit'), task('order'), task('mount'), task('bill')],
      isSequential: true,
    });
    for (const name of ['visit', 'order', 'mount']) {
      await done(api, api.member, 'completeTask', { taskId: run.task(name) });
    }
    await done(api, api.member, 'reopenTask', { taskId: run.task('visit') });
    expect(await statuses(run)).toEqual(['PENDING', 'COMPLETED', 'COMPLETED', 'PENDING']);
  });

  it('puts back everything that comes after it with `revert`', async () => {
    const run = await start(api, {
      tasks: [task('visit'), task('order'), task('mount'), task('bill')],
      isSequential: true,
    });
    for (const name of ['visit', 'order', 'mount']) {
      await done(api, api.member, 'completeTask', { taskId: run.task(name) });
    }
    await done(api, api.member, 'reopenTask', { taskId: run.task('order'), revert: true });
    expect(await statuses(run)).toEqual(['COMPLETED', 'PENDING', 'PENDING', 'PENDING']);
  });

  it('starts a DONE execution again', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const taskId = run.task('visit');
    const finished = await done(api, api.member, 'completeTask', { taskId });
    expect(finished).toMatchObject({ execution: { status: 'DONE' }, task: { viewerCommands: ['REOPEN'] } });
    const { execution } = await done(api, api.member, 'reopenTask', { taskId });
    expect(execution).toMatchObject({ status: 'STARTED', currentTask: { name: 'visit' } });
  });

  it('is refused in a CLOSED execution', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await done(api, api.member, 'closeExecution', { executionId: run.id });
    expect(await command(api, api.member, 'reopenTask', { taskId: run.task('visit') })).toMatchObject({
      code: 'EXECUTION_NOT_OPEN',
    });
  });
});
