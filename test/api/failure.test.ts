import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { eventsDuring, statusesOf } from '../support/told.ts';
import { edge, task } from '../support/workflow.ts';
import {
  command,
  done,
  mutationText,
  readExecution,
  readTask,
  start,
  userId,
  type Running,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const READ = graphql(`
  query FailureTask($id: ID!) {
    task(id: $id) {
      failure {
        code
        message
      }
    }
  }
`);

const TWO = { tasks: [task('mount'), task('hand over')], edges: [edge('mount > hand over')] };

async function failed(reason?: string): Promise<Running> {
  const run = await start(api, TWO);
  await done(api, api.member, 'failTask', { taskId: run.task('mount'), reason });
  return run;
}

describe('A task that fails', () => {
  test('tells why', async () => {
    const run = await failed('The roof leaks.');
    const read = await api.data(api.member, READ, { id: run.task('mount') });
    expect(read.task?.failure).toEqual({ code: 'REPORTED', message: 'The roof leaks.' });
  });

  test('makes its execution FAILED, and holds up what comes after it', async () => {
    const run = await failed();
    expect(await statusesOf(api, run)).toEqual({ mount: 'FAILED', 'hand over': 'PENDING' });
    expect((await readExecution(api, api.member, run.id))?.status).toBe('FAILED');
    expect((await readTask(api, api.member, run.task('hand over')))?.isEnabled).toBe(false);
  });

  test('is told with its execution', async () => {
    const run = await start(api, TWO);
    const events = await eventsDuring(api, () =>
      done(api, api.member, 'failTask', { taskId: run.task('mount') }),
    );
    expect(events.map(({ type }) => type)).toEqual(['TASK_FAILED', 'EXECUTION_FAILED']);
  });

  test('can be retried, completed or skipped', async () => {
    const run = await failed();
    const { viewerCommands = [] } = (await readTask(api, api.member, run.task('mount'))) ?? {};
    expect(viewerCommands).toEqual(expect.arrayContaining(['COMPLETE', 'SKIP', 'RETRY']));
    expect(viewerCommands).not.toContain('FAIL');
  });

  test('is refused when its reason is too long, naming the field', async () => {
    const run = await start(api, TWO);
    const input = { taskId: run.task('mount'), reason: 'x'.repeat(501) };
    expect(await command(api, api.member, 'failTask', input)).toMatchObject({
      issues: [{ path: 'reason', code: 'TOO_LONG' }],
    });
  });

  test('is refused when it is finished', async () => {
    const run = await start(api, TWO);
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(await command(api, api.member, 'failTask', { taskId: run.task('mount') })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });
});

describe('A failed task', () => {
  test('is pending again when it is retried, and its execution goes on', async () => {
    const run = await failed();
    const { task: mount, execution } = await done(api, api.member, 'retryTask', {
      taskId: run.task('mount'),
    });
    expect(mount).toMatchObject({ status: 'PENDING', isEnabled: true });
    expect(execution?.status).toBe('STARTED');
  });

  test('tells of the retry, and that the execution recovered', async () => {
    const run = await failed();
    const events = await eventsDuring(api, () =>
      done(api, api.member, 'retryTask', { taskId: run.task('mount') }),
    );
    expect(events.map(({ type }) => type)).toEqual(['TASK_RETRIED', 'EXECUTION_RECOVERED']);
  });

  test.each(['completeTask', 'skipTask'])('lets its execution go on by %s, too', async (mutation) => {
    const run = await failed();
    const { execution } = await done(api, api.member, mutation, { taskId: run.task('mount') });
    expect(execution?.status).toBe('STARTED');
    expect((await readTask(api, api.member, run.task('hand over')))?.isEnabled).toBe(true);
  });

  test('keeps its execution FAILED as long as another one failed', async () => {
    const run = await start(api, { tasks: [task('a'), task('b')] });
    for (const name of ['a', 'b']) await done(api, api.member, 'failTask', { taskId: run.task(name) });
    const { execution } = await done(api, api.member, 'retryTask', { taskId: run.task('a') });
    expect(execution?.status).toBe('FAILED');
  });

  test('does not keep others from being worked on', async () => {
    const run = await start(api, { tasks: [task('a'), task('b')] });
    await done(api, api.member, 'failTask', { taskId: run.task('a') });
    expect((await done(api, api.member, 'completeTask', { taskId: run.task('b') })).task?.status).toBe(
      'COMPLETED',
    );
  });
});

test('Retrying is refused for a task that did not fail', async () => {
  const run = await start(api, TWO);
  expect(await command(api, api.member, 'retryTask', { taskId: run.task('mount') })).toMatchObject({
    code: 'COMMAND_NOT_ALLOWED',
  });
});

describe('A partner', () => {
  async function shared(): Promise<Running> {
    const run = await start(api, { tasks: [task('theirs'), task('other')] });
    await done(api, api.member, 'assignTask', { taskId: run.task('theirs'), set: [userId(api.partner)] });
    return run;
  }

  test('may say that their task failed, and retry it', async () => {
    const taskId = (await shared()).task('theirs');
    expect((await done(api, api.partner, 'failTask', { taskId })).task?.status).toBe('FAILED');
    expect((await done(api, api.partner, 'retryTask', { taskId })).task?.status).toBe('PENDING');
  });

  test('may not say so of a task of somebody else', async () => {
    const input = { taskId: (await shared()).task('other') };
    expect(await api.errorCodes(api.partner, mutationText('failTask'), { input })).toEqual(['FORBIDDEN']);
  });
});
