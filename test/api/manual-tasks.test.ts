import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { edge, phased, task } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  readExecution,
  readTask,
  start,
  unknownId,
  userId,
  type Running,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function names({ id }: Running): Promise<string[] | undefined> {
  return (await readExecution(api, api.member, id))?.tasks.map(({ name }) => name);
}

/** Puts a task called `new` into the execution. */
async function add(run: Running, place: object, more: object = {}) {
  return done(api, api.member, 'addTask', { executionId: run.id, name: 'new', place, ...more });
}

describe('adding a task to a phase', () => {
  it.each([
    [0, ['new', 'visit', 'report', 'mount']],
    [1, ['visit', 'new', 'report', 'mount']],
    [2, ['visit', 'report', 'new', 'mount']],
    [null, ['visit', 'report', 'new', 'mount']],
  ])('puts it at the index %j', async (index, expected) => {
    const run = await start(api, phased('survey: visit report', 'build: mount'));
    await add(run, { inPhase: { phaseId: run.phase('survey'), index } });
    expect(await names(run)).toEqual(expected);
  });

  it('marks it as added by hand, with what was said of it', async () => {
    const run = await start(api, phased('survey: visit'));
    const { task: added, execution } = await add(
      run,
      { inPhase: { phaseId: run.phase('survey') } },
      {
        description: 'Measure again.',
        assigneeIds: [userId(api.admin)],
        dueAt: '2026-07-01T00:00:00Z',
      },
    );
    expect(added).toMatchObject({
      name: 'new',
      description: 'Measure again.',
      status: 'PENDING',
      isManuallyCreated: true,
      isEnabled: true,
      phase: { name: 'survey' },
      assignees: [{ name: 'admin' }],
      dueAt: '2026-07-01T00:00:00.000Z',
    });
    expect(added?.viewerCommands).toContain('REMOVE');
    expect(execution?.progress.total).toBe(2);
  });

  it('goes outside all phases when no phase is given', async () => {
    const run = await start(api, phased('survey: visit'));
    expect((await add(run, { inPhase: {} })).task?.phase).toBeNull();
    expect(await names(run)).toEqual(['visit', 'new']);
  });

  it('leads the chain of a sequential execution through it', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], isSequential: true });
    await add(run, { inPhase: { index: 1 } });
    expect((await readTask(api, api.member, run.task('mount')))?.isEnabled).toBe(false);
    const answer = await command(
      api,
      api.member,
      'startTask',
      { taskId: run.task('mount') },
      '... on TaskBlockedProblem { blockers { message } }',
    );
    expect(answer.message).toContain('“new”');
  });

  it.each([-1, 3])('is refused at the index %i, naming the field', async (index) => {
    const run = await start(api, phased('survey: visit report'));
    const input = {
      executionId: run.id,
      name: 'new',
      place: { inPhase: { phaseId: run.phase('survey'), index } },
    };
    expect(await command(api, api.member, 'addTask', input)).toMatchObject({
      issues: [{ path: 'place.inPhase.index', code: 'OUT_OF_RANGE' }],
    });
  });

  it('is refused for a phase of another execution, naming the field', async () => {
    const [run, other] = [await start(api, phased('survey: visit')), await start(api, phased('other: x'))];
    const input = { executionId: run.id, name: 'new', place: { inPhase: { phaseId: other.phase('other') } } };
    expect(await command(api, api.member, 'addTask', input)).toMatchObject({
      issues: [{ path: 'place.inPhase.phaseId', code: 'UNKNOWN_PHASE' }],
    });
  });

  it('names the assignee that does not exist', async () => {
    const run = await start(api, phased('survey: visit'));
    const input = {
      executionId: run.id,
      name: 'new',
      place: { inPhase: {} },
      assigneeIds: [unknownId('User')],
    };
    expect(await command(api, api.member, 'addTask', input)).toMatchObject({
      issues: [{ path: 'assigneeIds[0]', code: 'UNKNOWN_ASSIGNEE' }],
    });
  });

  it('happens once for each idempotency key', async () => {
    const run = await start(api, phased('survey: visit'));
    const once = { idempotencyKey: 'add once' };
    const [first, second] = [await add(run, { inPhase: {} }, once), await add(run, { inPhase: {} }, once)];
    expect(second.task?.id).toBe(first.task?.id);
    expect(await names(run)).toEqual(['visit', 'new']);
  });

  it('is refused once the execution is over', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const input = { executionId: run.id, name: 'new', place: { inPhase: {} } };
    expect(await command(api, api.member, 'addTask', input)).toMatchObject({ code: 'EXECUTION_NOT_OPEN' });
  });
});

describe('adding a task between two others', () => {
  it('splits the edge between them', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], edges: [edge('visit > mount')] });
    const between = { afterTaskId: run.task('visit'), beforeTaskId: run.task('mount') };
    const added = await add(run, { between });
    expect(await names(run)).toEqual(['visit', 'new', 'mount']);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect((await readTask(api, api.member, run.task('mount')))?.isEnabled).toBe(false);
    await done(api, api.member, 'completeTask', { taskId: added.task?.id });
    expect((await readTask(api, api.member, run.task('mount')))?.isEnabled).toBe(true);
  });

  it('is refused where no edge leads from the one to the other', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], edges: [edge('visit > mount')] });
    const between = { afterTaskId: run.task('mount'), beforeTaskId: run.task('visit') };
    const input = { executionId: run.id, name: 'new', place: { between } };
    expect(await command(api, api.member, 'addTask', input)).toMatchObject({
      issues: [{ path: 'place.between', code: 'NO_SUCH_EDGE' }],
    });
  });
});

describe('removing a task', () => {
  it('joins what came before it with what came after', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')], isSequential: true });
    const { task: added } = await add(run, { inPhase: { index: 1 } });
    const answer = await done(api, api.member, 'removeTask', { taskId: added?.id });
    expect(answer).toMatchObject({ taskId: added?.id, execution: { progress: { total: 2 } } });
    expect(await names(run)).toEqual(['visit', 'mount']);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect((await readTask(api, api.member, run.task('mount')))?.isEnabled).toBe(true);
  });

  it('makes the task and its notes vanish', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const { task: added } = await add(run, { inPhase: {} });
    const { note } = await done(api, api.member, 'addNote', { taskId: added?.id, body: 'Not needed.' });
    await done(api, api.member, 'removeTask', { taskId: added?.id });
    const read = await api.data(
      api.member,
      'query ($task: ID!, $note: ID!) { task(id: $task) { id } node(id: $note) { id } }',
      { task: added?.id, note: note?.id },
    );
    expect(read).toEqual({ task: null, node: null });
  });

  it('is refused for a task of the definition', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const before = await eventCount(api, api.member);
    expect(await command(api, api.member, 'removeTask', { taskId: run.task('visit') })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it('is refused for a finished task', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const { task: added } = await add(run, { inPhase: {} });
    await done(api, api.member, 'completeTask', { taskId: added?.id });
    expect(await command(api, api.member, 'removeTask', { taskId: added?.id })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  it('of the last open task ends the execution', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const { task: added } = await add(run, { inPhase: {} });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    const { execution } = await done(api, api.member, 'removeTask', { taskId: added?.id });
    expect(execution?.status).toBe('DONE');
  });
});
