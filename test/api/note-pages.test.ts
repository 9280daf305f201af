/** Notes read as lists inside of lists. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { task } from '../support/workflow.ts';
import { command, start } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const NotesOfTasks = graphql(`
  query NotesOfTasks($id: ID!, $first: Int) {
    workflowExecution(id: $id) {
      tasks {
        name
        notes(first: $first) {
          totalCount
          nodes {
            body
            viewerCanEdit
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    }
  }
`);

test('each task of an execution has its own page of notes, and all pages are one statement', async () => {
  const running = await start(api, { tasks: [task('Visit'), task('Offer'), task('Sign')] });
  for (const body of ['first', 'second', 'third']) {
    await command(api, api.member, 'addNote', { taskId: running.task('Visit'), body });
  }
  await command(api, api.admin, 'addNote', { taskId: running.task('Sign'), body: 'on paper' });
  api.resetStatements();
  const { workflowExecution } = await api.data(api.member, NotesOfTasks, { id: running.id, first: 2 });
  expect(api.statements().filter((text) => text.includes('from note n\n'))).toHaveLength(1);
  expect(
    workflowExecution?.tasks.map(({ notes }) => [notes.totalCount, notes.nodes.map(({ body }) => body)]),
  ).toEqual([
    [3, ['first', 'second']],
    [0, []],
    [1, ['on paper']],
  ]);
});

test('a note can be edited by its author as long as the execution is open', async () => {
  const running = await start(api, { tasks: [task('Visit')] });
  await command(api, api.member, 'addNote', { taskId: running.task('Visit'), body: 'mine' });
  const canEdit = async (viewer = api.member) => {
    const { workflowExecution } = await api.data(viewer, NotesOfTasks, { id: running.id });
    return workflowExecution?.tasks[0]?.notes.nodes[0]?.viewerCanEdit;
  };
  expect(await canEdit()).toBe(true);
  expect(await canEdit(api.admin)).toBe(false);
  await command(api, api.member, 'closeExecution', { executionId: running.id });
  expect(await canEdit()).toBe(false);
});
