/** Who is told that a user or team does not exist: only who may assign. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { task } from '../support/workflow.ts';
import { command, mutationText, start, unknownId, userId, type Running } from '../support/workflows.ts';

let api: TestApi;
let hidden: Running;
let shared: Running;
beforeAll(async () => {
  api = await createTestApi();
  hidden = await start(api, { tasks: [task('visit')] });
  const assignees = [{ type: 'USER', id: api.partner.userId } as const];
  shared = await start(api, { tasks: [task('visit', { assignees })] });
});
afterAll(() => api[Symbol.asyncDispose]());

/** A user who is there, one who is not, and a team that is not. */
const people = (): string[] => [userId(api.admin), unknownId('User'), unknownId('Team')];

describe('a partner can not find out who exists', () => {
  it('by assigning a task that they do not see', async () => {
    for (const id of people()) {
      const input = { taskId: hidden.task('visit'), add: [id] };
      expect(await command(api, api.partner, 'assignTask', input)).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('by assigning a task of their own', async () => {
    for (const id of people()) {
      const input = { taskId: shared.task('visit'), set: [id] };
      expect(await api.errorCodes(api.partner, mutationText('assignTask'), { input })).toEqual(['FORBIDDEN']);
    }
  });

  it('by assigning many tasks', async () => {
    const results = '... on BulkUpdateTasksPayload { results { problem { ... on Problem { code } } } }';
    const taskIds = [hidden.task('visit'), shared.task('visit')];
    for (const id of people()) {
      const input = { taskIds, command: { assign: { add: [id] } } };
      expect(await command(api, api.partner, 'bulkUpdateTasks', input, results)).toMatchObject({
        results: [{ problem: { code: 'NOT_FOUND' } }, { problem: { code: 'FORBIDDEN' } }],
      });
    }
  });
});

describe('who may assign is told which assignee is unknown', () => {
  const unknown = (path: string) => ({ issues: [{ path, code: 'UNKNOWN_ASSIGNEE' }] });

  it.each<[string, (of: Running, ids: string[]) => object, string]>([
    ['assignTask', (of, add) => ({ taskId: of.task('visit'), add }), 'add[1]'],
    [
      'bulkUpdateTasks',
      (of, set) => ({ taskIds: [unknownId('Task'), of.task('visit')], command: { assign: { set } } }),
      'set[1]',
    ],
    ['assignExecution', (of, set) => ({ executionId: of.id, set }), 'set[1]'],
    [
      'addTask',
      (of, assigneeIds) => ({ executionId: of.id, name: 'new', place: { inPhase: {} }, assigneeIds }),
      'assigneeIds[1]',
    ],
  ])('by %s', async (mutation, inputOf, path) => {
    const input = { ...inputOf(shared, people().slice(0, 2)) };
    expect(await command(api, api.member, mutation, input)).toMatchObject(unknown(path));
  });
});

describe('an execution or task that is not there is told before its assignees', () => {
  it.each<[string, object]>([
    ['assignTask', { taskId: unknownId('Task') }],
    ['assignExecution', { executionId: unknownId('WorkflowExecution') }],
  ])('by %s', async (mutation, on) => {
    const input = { ...on, add: [unknownId('User')] };
    expect(await command(api, api.member, mutation, input)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
