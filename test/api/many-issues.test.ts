/** Inputs with more mistakes than anybody reads. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDefinition, importDefinition } from '../../src/commands/definitions.ts';
import { commandExecution } from '../../src/commands/executions.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { definition, task } from '../support/workflow.ts';
import { keyOf, start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function issuesOf(result: CommandResult<unknown>) {
  if (result.ok || result.problem.code !== 'INVALID_INPUT') throw new Error(JSON.stringify(result));
  return result.problem.issues;
}

const LAST = { path: '', code: 'MORE_ISSUES', message: 'There are 99901 more issues.' };
const BAD = 100_000;

it('a draft is told the first ninety-nine, and how many more there are', async () => {
  const labels = Array.from({ length: BAD }, () => '\0');
  const content = definition({ tasks: [task('a', { labels })] });
  const issues = issuesOf(await createDefinition(api.context(api.designer), { content }));
  expect(issues).toHaveLength(100);
  expect(issues[0]).toMatchObject({ path: 'content.tasks[0].labels[0]', code: 'INVALID_CHARACTER' });
  expect(issues[99]).toEqual(LAST);
});

it('a document is told the same', async () => {
  const tasks = [{ key: 'a', name: 'a', labels: Array.from({ length: BAD }, () => 1) }];
  const document = JSON.stringify({ format: 'handrail/definition', formatVersion: 1, name: 'Many', tasks });
  const issues = issuesOf(await importDefinition(api.context(api.designer), { document }));
  expect(issues).toHaveLength(100);
  expect(issues[0]).toMatchObject({ path: 'document.tasks[0].labels[0]', code: 'INVALID_TYPE' });
  expect(issues[99]).toEqual(LAST);
});

it('a close with many unknown reasons is told the same', async () => {
  const { id } = await start(api, { tasks: [task('a')] });
  const result = await commandExecution(api.context(api.member), keyOf(id), {
    type: 'CLOSE_EXECUTION',
    reasonIds: Array.from({ length: BAD }, (_, index) => `reason ${index}`),
    description: null,
  });
  expect(issuesOf(result)).toHaveLength(100);
  expect(issuesOf(result)[99]).toEqual(LAST);
});
