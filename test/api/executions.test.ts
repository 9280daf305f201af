import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phase, task } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  nameOf,
  readExecution,
  start,
  team,
  type Running,
  userId,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('an execution as a whole', () => {
  let run: Running;
  beforeAll(async () => {
    run = await start(api, { tasks: [task('visit')], phases: [phase('unused')] });
  });

  it('gets the assignees that are set, added and removed', async () => {
    const { id } = await team(api, [], 'Planners');
    const people = [userId(api.admin), userId(api.designer)];
    const set = await done(api, api.member, 'assignExecution', { executionId: run.id, set: people });
    expect(set.execution?.assignees.map(nameOf)).toEqual(['admin', 'designer']);
    const change = { executionId: run.id, add: [id], remove: [people[0]] };
    const changed = await done(api, api.member, 'assignExecution', change);
    expect(changed.execution?.assignees.map(nameOf)).toEqual(['designer', 'Planners']);
  });

  it('is overdue once its due date has passed, until it is cleared', async () => {
    const executionId = run.id;
    const dueAt = new Date(api.clock.now().getTime() + 1_000).toISOString();
    const set = await done(api, api.member, 'setExecutionDueDate', { executionId, dueAt });
    expect(set.execution).toMatchObject({ dueAt, isOverdue: false });
    api.clock.advance(2_000);
    expect(await readExecution(api, api.member, run.id)).toMatchObject({ isOverdue: true });
    const cleared = await done(api, api.member, 'setExecutionDueDate', { executionId });
    expect(cleared.execution).toMatchObject({ dueAt: null, isOverdue: false });
  });

  it.each(['closeExecution', 'reopenExecution', 'assignExecution', 'setExecutionDueDate'])(
    'refuses %s when it has another version than expected, and shows what it is now',
    async (mutation) => {
      const input = {
        executionId: run.id,
        expectedVersion: 999,
        ...(mutation === 'assignExecution' ? { set: [] } : {}),
      };
      const now = await readExecution(api, api.member, run.id);
      const answer = await command(
        api,
        api.member,
        mutation,
        input,
        '... on VersionConflictProblem { currentVersion current { ... on WorkflowExecution { id version } } }',
      );
      expect(answer).toMatchObject({
        code: 'VERSION_CONFLICT',
        currentVersion: now?.version,
        current: { id: run.id, version: now?.version },
      });
    },
  );

  it('does nothing when asked for what already is', async () => {
    const quiet = await start(api, { tasks: [task('visit')] });
    const before = await eventCount(api, api.member);
    const answer = await done(api, api.member, 'setExecutionDueDate', { executionId: quiet.id });
    expect(answer.execution?.version).toBe(1);
    expect(await eventCount(api, api.member)).toBe(before);
  });
});
