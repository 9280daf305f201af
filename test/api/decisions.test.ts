import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BranchDefinition } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { statusesOf } from '../support/told.ts';
import { present } from '../support/typed.ts';
import { branch, decision, edge, equals, task } from '../support/workflow.ts';
import { command, done, entity, readExecution, readTask, start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const READ = graphql(`
  query DecisionsTask($id: ID!) {
    task(id: $id) {
      status
      skipReason
      iterations
      failure {
        code
        message
      }
      decided {
        at
        by {
          __typename
          ... on User {
            name
          }
        }
        takenBranchKeys
        isDefaultTaken
        isMaximumReached
        results {
          branchKey
          isMet
          statements {
            isMet
            inputs {
              name
              value
            }
            values
          }
        }
      }
    }
  }
`);

async function read(id: string) {
  return present((await api.data(api.member, READ, { id })).task);
}

const BY_HAND = {
  tasks: [decision('large', [branch('yes'), branch('no')]), task('crane'), task('ladder')],
  edges: [edge('large =yes> crane'), edge('large =no> ladder')],
};

const IS_LARGE = branch('yes', { statements: [equals('size', 'large')] });

/** Started on an entity with these attributes. */
async function startAutomatic(attributes: object, otherwise: Partial<BranchDefinition> = {}) {
  const entityId = await entity(api, { attributes });
  const branches = [IS_LARGE, branch('no', otherwise)];
  const tasks = [decision('large', branches, { mode: 'AUTOMATIC' }), task('crane'), task('ladder')];
  return start(api, { ...BY_HAND, tasks }, { entityId });
}

describe('A decision by hand', () => {
  test('waits for a person', async () => {
    const run = await start(api, BY_HAND);
    expect(await readTask(api, api.member, run.task('large'))).toMatchObject({
      status: 'CONDITION_PENDING',
      isEnabled: true,
      viewerCommands: expect.arrayContaining(['DECIDE']) as string[],
    });
  });

  test('opens the branch that is chosen, and leaves out the other', async () => {
    const run = await start(api, BY_HAND);
    await done(api, api.member, 'decideTask', { taskId: run.task('large'), branchKeys: ['yes'] });
    expect(await statusesOf(api, run)).toEqual({ large: 'COMPLETED', crane: 'PENDING', ladder: 'SKIPPED' });
    expect((await read(run.task('ladder'))).skipReason).toBe('BRANCH_NOT_TAKEN');
  });

  test('tells who chose what', async () => {
    const run = await start(api, BY_HAND);
    await done(api, api.member, 'decideTask', { taskId: run.task('large'), branchKeys: ['no'] });
    expect((await read(run.task('large'))).decided).toEqual({
      at: api.clock.now().toISOString(),
      by: { __typename: 'User', name: 'member' },
      takenBranchKeys: ['no'],
      isDefaultTaken: false,
      isMaximumReached: false,
      results: [],
    });
  });

  test.each([
    ['none', [], 'branchKeys'],
    ['two where one is taken', ['yes', 'no'], 'branchKeys'],
    ['one that it does not have', ['perhaps'], 'branchKeys[0]'],
  ])('refuses a choice of %s, naming the field', async (_what, branchKeys, path) => {
    const run = await start(api, BY_HAND);
    const answer = await command(api, api.member, 'decideTask', { taskId: run.task('large'), branchKeys });
    expect(answer.issues?.map((issue) => issue.path)).toContain(path);
    expect((await read(run.task('large'))).status).toBe('CONDITION_PENDING');
  });

  test('is taken by nothing but a choice', async () => {
    const run = await start(api, BY_HAND);
    const answer = await command(api, api.member, 'completeTask', { taskId: run.task('large') });
    expect(answer.code).toBe('COMMAND_NOT_ALLOWED');
  });
});

test('Deciding is refused for a task that is no decision', async () => {
  const run = await start(api, { tasks: [task('visit')] });
  const input = { taskId: run.task('visit'), branchKeys: ['yes'] };
  expect(await command(api, api.member, 'decideTask', input)).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
});

test('What a decision left out can’t be reopened; the refusal names the decision and the branch', async () => {
  const run = await start(api, BY_HAND);
  await done(api, api.member, 'decideTask', { taskId: run.task('large'), branchKeys: ['yes'] });
  const answer = await command(
    api,
    api.member,
    'reopenTask',
    { taskId: run.task('ladder') },
    '... on TaskBlockedProblem { blockers { ... on BranchBlocker { task { name } branches { key } } } }',
  );
  expect(answer).toMatchObject({
    code: 'TASK_BLOCKED',
    blockers: [{ task: { name: 'large' }, branches: [{ key: 'no' }] }],
  });
});

test('Reopening a decision brings back what it left out', async () => {
  const run = await start(api, BY_HAND);
  await done(api, api.member, 'decideTask', { taskId: run.task('large'), branchKeys: ['yes'] });
  await done(api, api.member, 'reopenTask', { taskId: run.task('large') });
  expect(await statusesOf(api, run)).toEqual({
    large: 'CONDITION_PENDING',
    crane: 'PENDING',
    ladder: 'PENDING',
  });
});

describe('An automatic decision', () => {
  test('looks at the attributes of the entity', async () => {
    const run = await startAutomatic({ size: 'large' });
    expect(await statusesOf(api, run)).toEqual({ large: 'COMPLETED', crane: 'PENDING', ladder: 'SKIPPED' });
  });

  test('tells what it looked at and what that was compared with', async () => {
    const run = await startAutomatic({ size: 'large' });
    expect((await read(run.task('large'))).decided).toMatchObject({
      by: { __typename: 'System' },
      takenBranchKeys: ['yes'],
      isDefaultTaken: false,
      results: [
        {
          branchKey: 'yes',
          isMet: true,
          statements: [
            {
              isMet: true,
              inputs: [{ name: expect.stringContaining('size') as string, value: 'large' }],
              values: ['large'],
            },
          ],
        },
        { branchKey: 'no', isMet: false },
      ],
    });
  });

  test('takes the default branch when no other is met', async () => {
    const run = await startAutomatic({ size: 'small' }, { isDefault: true });
    expect(await statusesOf(api, run)).toEqual({ large: 'COMPLETED', crane: 'SKIPPED', ladder: 'PENDING' });
    expect((await read(run.task('large'))).decided).toMatchObject({
      takenBranchKeys: ['no'],
      isDefaultTaken: true,
    });
  });

  test('fails when no branch is met and none is the default, and its execution with it', async () => {
    const run = await startAutomatic({ size: 'small' });
    expect(await read(run.task('large'))).toMatchObject({
      status: 'FAILED',
      failure: { code: 'NO_BRANCH_MET' },
      decided: { takenBranchKeys: [], results: [{ isMet: false }, { isMet: false }] },
    });
    expect((await readExecution(api, api.member, run.id))?.status).toBe('FAILED');
  });

  test('looks again when it is retried', async () => {
    const run = await startAutomatic({ size: 'small' });
    await done(api, api.member, 'updateEntity', { entityId: run.entityId, attributes: { size: 'large' } });
    await done(api, api.member, 'retryTask', { taskId: run.task('large') });
    expect(await statusesOf(api, run)).toEqual({ large: 'COMPLETED', crane: 'PENDING', ladder: 'SKIPPED' });
  });

  test('that failed can be taken by a person', async () => {
    const run = await startAutomatic({ size: 'small' });
    const input = { taskId: run.task('large'), branchKeys: ['no'] };
    expect((await done(api, api.member, 'decideTask', input)).execution?.status).toBe('STARTED');
  });
});

describe('A loop', () => {
  const LOOP = {
    tasks: [
      task('mount'),
      decision(
        'faulty',
        [branch('again', { statements: [equals('state', 'faulty')] }), branch('on', { isDefault: true })],
        { mode: 'AUTOMATIC', loop: { branchKey: 'again', exitBranchKey: 'on', maxIterations: 2 } },
      ),
      task('hand over'),
    ],
    edges: [edge('mount > faulty'), edge('faulty =again> mount'), edge('faulty =on> hand over')],
  };

  async function startLoop() {
    const entityId = await entity(api, { attributes: { state: 'faulty' } });
    return start(api, LOOP, { entityId });
  }

  test('puts its tasks back to pending, and counts that', async () => {
    const run = await startLoop();
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(await statusesOf(api, run)).toEqual({
      mount: 'PENDING',
      faulty: 'PENDING',
      'hand over': 'PENDING',
    });
    expect(await read(run.task('faulty'))).toMatchObject({
      iterations: 1,
      decided: { takenBranchKeys: ['again'] },
    });
  });

  test('goes on by itself when the entity says so', async () => {
    const run = await startLoop();
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    await done(api, api.member, 'updateEntity', { entityId: run.entityId, attributes: { state: 'fine' } });
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(await read(run.task('faulty'))).toMatchObject({
      status: 'COMPLETED',
      iterations: 1,
      decided: { takenBranchKeys: ['on'], isMaximumReached: false },
    });
  });

  test('leads out when it was gone through as often as it may', async () => {
    const run = await startLoop();
    for (const _round of [1, 2, 3])
      await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(await read(run.task('faulty'))).toMatchObject({
      status: 'COMPLETED',
      iterations: 2,
      decided: { takenBranchKeys: ['on'], isMaximumReached: true },
    });
    expect((await readTask(api, api.member, run.task('hand over')))?.isEnabled).toBe(true);
  });
});
