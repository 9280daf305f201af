import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DueRule } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { present } from '../support/typed.ts';
import { phase, task } from '../support/workflow.ts';
import { done, start, type Running } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(() => {
  // A Friday.
  api.clock.set('2026-03-06T09:00:00.000Z');
});
afterAll(() => api[Symbol.asyncDispose]());

const READ = graphql(`
  query DueRulesExecution($id: ID!) {
    workflowExecution(id: $id) {
      dueAt
      dueRule {
        ...DueRuleView
      }
      phases {
        dueAt
        dueRule {
          ...DueRuleView
        }
      }
      tasks {
        name
        dueAt
        isOverdue
        dueRule {
          ...DueRuleView
        }
      }
    }
  }
`);

async function read({ id }: Running) {
  return present((await api.data(api.member, READ, { id })).workflowExecution);
}

async function readTask(run: Running, wanted: string) {
  return present((await read(run)).tasks.find(({ name }) => name === wanted));
}

function rule(parts: Partial<DueRule> = {}): DueRule {
  return {
    amount: 2,
    unit: 'WORKING_DAYS',
    anchor: 'EXECUTION_STARTED',
    taskKey: null,
    phaseKey: null,
    ...parts,
  };
}

const AFTER_VISIT = rule({ anchor: 'TASK_FINISHED', taskKey: 'visit', amount: 3, unit: 'HOURS' });
const OFFER = { tasks: [task('visit'), task('offer', { dueRule: AFTER_VISIT })] };
const TUESDAY = '2026-03-10T09:00:00.000Z';

describe('A due rule', () => {
  test('gives the dates of the execution, its phases and its tasks, and can be read with them', async () => {
    const dueRule = rule();
    const run = await start(api, {
      dueRule,
      phases: [phase('survey', { dueRule })],
      tasks: [task('visit', { phaseKey: 'survey', dueRule })],
    });
    const dated = { dueAt: TUESDAY, dueRule };
    expect(await read(run)).toMatchObject({ ...dated, phases: [dated], tasks: [dated] });
  });

  test('gives no date before its anchor has happened', async () => {
    const run = await start(api, OFFER);
    expect(await readTask(run, 'offer')).toMatchObject({ dueAt: null, dueRule: AFTER_VISIT });
  });

  test('gives a date with the command that lets its anchor happen', async () => {
    const run = await start(api, OFFER);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(await readTask(run, 'offer')).toMatchObject({ dueAt: '2026-03-06T12:00:00.000Z' });
  });

  test('takes the date back when its anchor is reopened', async () => {
    const run = await start(api, OFFER);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    await done(api, api.member, 'reopenTask', { taskId: run.task('visit') });
    expect((await readTask(run, 'offer')).dueAt).toBeNull();
  });

  test('makes a task overdue like any date', async () => {
    const run = await start(api, OFFER);
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    api.clock.set('2026-03-06T12:00:00.001Z');
    expect((await readTask(run, 'offer')).isOverdue).toBe(true);
  });
});

describe('A date that is set by hand', () => {
  const BY_HAND = '2026-06-01T00:00:00.000Z';

  test('replaces the rule of a task, whatever happens then', async () => {
    const run = await start(api, OFFER);
    await done(api, api.member, 'setTaskDueDate', { taskId: run.task('offer'), dueAt: BY_HAND });
    await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
    expect(await readTask(run, 'offer')).toMatchObject({ dueAt: BY_HAND, dueRule: null });
  });

  test('replaces the rule of an execution', async () => {
    const run = await start(api, { dueRule: rule(), tasks: [task('visit')] });
    await done(api, api.member, 'setExecutionDueDate', { executionId: run.id, dueAt: BY_HAND });
    expect(await read(run)).toMatchObject({ dueAt: BY_HAND, dueRule: null });
  });

  test('ends the rule also when it is none', async () => {
    const run = await start(api, { dueRule: rule(), tasks: [task('visit')] });
    await done(api, api.member, 'setExecutionDueDate', { executionId: run.id, dueAt: null });
    expect(await read(run)).toMatchObject({ dueAt: null, dueRule: null });
  });

  test('replaces the rule at the start', async () => {
    const { definitionId, entityId } = await start(api, { dueRule: rule(), tasks: [task('visit')] });
    const { execution } = await done(api, api.member, 'startExecution', {
      definitionId,
      entityId,
      dueAt: BY_HAND,
    });
    const { workflowExecution } = await api.data(api.member, READ, { id: present(execution).id });
    expect(workflowExecution).toMatchObject({ dueAt: BY_HAND, dueRule: null });
  });
});
