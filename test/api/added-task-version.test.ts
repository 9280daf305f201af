/** Adding a task to an execution that the caller has seen in a certain version. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { task } from '../support/workflow.ts';
import { command, done, readExecution, start, type Running } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function add(run: Running, expectedVersion: number, idempotencyKey?: string) {
  const place = { inPhase: {} };
  const input = { executionId: run.id, name: 'new', place, expectedVersion, idempotencyKey };
  return command(api, api.member, 'addTask', input, '... on VersionConflictProblem { currentVersion }');
}

it('is done if it still has that version', async () => {
  const run = await start(api, { tasks: [task('visit')] });
  expect(await add(run, 1)).toMatchObject({ task: { name: 'new' } });
});

it('is refused with the version of now if it has another one', async () => {
  const run = await start(api, { tasks: [task('visit'), task('mount')] });
  await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
  expect(await add(run, 1)).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 2 });
  expect((await readExecution(api, api.member, run.id))?.tasks).toHaveLength(2);
});

it('is answered again to a repeated request, although it has changed the version', async () => {
  const run = await start(api, { tasks: [task('visit')] });
  const first = await add(run, 1, 'once');
  expect(first).toMatchObject({ task: { name: 'new' } });
  expect((await add(run, 1, 'once')).task?.id).toBe(first.task?.id);
});
