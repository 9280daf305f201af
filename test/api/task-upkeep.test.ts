import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { task } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  nameOf,
  readTask,
  start,
  team,
  type Answered,
  unknownId,
  userId,
} from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function namesOf({ task: changed }: Answered): unknown[] | undefined {
  return changed?.assignees.map(nameOf);
}

/** An execution with one task that is assigned to a team of the people; they are answered as they are with the team. */
async function teamTask(...names: readonly string[]) {
  const people = await Promise.all(names.map((name) => api.viewer(name)));
  const made = await team(api, people);
  const run = await start(api, {
    tasks: [task('visit', { assignees: [{ type: 'TEAM', id: made.key }] }), task('other')],
  });
  const members: Viewer[] = await Promise.all(names.map((name) => api.viewer(name)));
  return { taskId: run.task('visit'), executionId: run.id, teamId: made.id, members };
}

function first<T>([item]: readonly T[]): T {
  if (item === undefined) throw new Error('there is none');
  return item;
}

describe('assigning a task', () => {
  it('replaces everybody with `set`, in that order', async () => {
    const { id, name } = await team(api, []);
    const run = await start(api, {
      tasks: [task('visit', { assignees: [{ type: 'USER', id: api.admin.userId }] })],
    });
    const set = [id, userId(api.member), id];
    const answer = await done(api, api.member, 'assignTask', { taskId: run.task('visit'), set });
    expect(namesOf(answer)).toEqual([name, 'member']);
  });

  it('adds and removes, and leaves the others', async () => {
    const run = await start(api, {
      tasks: [
        task('visit', {
          assignees: [api.admin, api.member].map((viewer) => ({ type: 'USER', id: viewer.userId })),
        }),
      ],
    });
    const change = { add: [userId(api.designer)], remove: [userId(api.admin)] };
    const answer = await done(api, api.member, 'assignTask', { taskId: run.task('visit'), ...change });
    expect(namesOf(answer)).toEqual(['member', 'designer']);
  });

  it('is unassigned by an empty `set`', async () => {
    const run = await start(api, {
      tasks: [task('visit', { assignees: [{ type: 'USER', id: api.admin.userId }] })],
    });
    const answer = await done(api, api.member, 'assignTask', { taskId: run.task('visit'), set: [] });
    expect(namesOf(answer)).toEqual([]);
  });

  it('changes nothing when the assignees stay the same', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const before = await eventCount(api, api.member);
    const remove = [userId(api.admin)];
    const answer = await done(api, api.member, 'assignTask', { taskId: run.task('visit'), remove });
    expect(answer.task?.version).toBe(1);
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it.each([
    ['an unknown user', () => unknownId('User'), 'UNKNOWN_ASSIGNEE'],
    ['a user of another organization', () => userId(api.otherAdmin), 'UNKNOWN_ASSIGNEE'],
    ['an entity', () => unknownId('Entity'), 'INVALID_ID'],
  ])('is refused for %s, naming its place', async (_what, id, code) => {
    const run = await start(api, { tasks: [task('visit')] });
    const add = [userId(api.admin), id()];
    expect(await command(api, api.member, 'assignTask', { taskId: run.task('visit'), add })).toMatchObject({
      issues: [{ path: 'add[1]', code }],
    });
  });

  it('is refused for a user who is no longer active', async () => {
    const left = await api.viewer('left');
    await done(api, api.admin, 'updateUser', { userId: userId(left), isActive: false });
    const run = await start(api, { tasks: [task('visit')] });
    const input = { taskId: run.task('visit'), add: [userId(left)] };
    expect(await command(api, api.member, 'assignTask', input)).toMatchObject({
      issues: [{ path: 'add[0]', code: 'UNKNOWN_ASSIGNEE' }],
    });
  });

  it('can still take out somebody who is no longer active', async () => {
    const leaving = await api.viewer('leaving');
    const run = await start(api, {
      tasks: [task('visit', { assignees: [{ type: 'USER', id: leaving.userId }] })],
    });
    await done(api, api.admin, 'updateUser', { userId: userId(leaving), isActive: false });
    const remove = [userId(leaving)];
    const answer = await done(api, api.member, 'assignTask', { taskId: run.task('visit'), remove });
    expect(namesOf(answer)).toEqual([]);
  });
});

describe('claiming a task', () => {
  it('is for members of an assigned team', async () => {
    const { taskId, members } = await teamTask('anna');
    const anna = first(members);
    expect((await readTask(api, anna, taskId))?.viewerCommands).toContain('CLAIM');
    const answer = await done(api, anna, 'claimTask', { taskId });
    expect(answer.task).toMatchObject({ claimedBy: { name: 'anna' } });
    expect(answer.task?.viewerCommands).toContain('RELEASE');
  });

  it('tells the second claimer who has it', async () => {
    const { taskId, members } = await teamTask('anna', 'bert');
    const [anna, bert] = [first(members), first(members.slice(1))];
    await done(api, anna, 'claimTask', { taskId });
    const answer = await command(
      api,
      bert,
      'claimTask',
      { taskId },
      '... on AlreadyClaimedProblem { claimedBy { name } task { name } }',
    );
    expect(answer).toMatchObject({
      code: 'ALREADY_CLAIMED',
      message: '“visit” is already claimed by anna.',
      claimedBy: { name: 'anna' },
      task: { name: 'visit' },
    });
  });

  it('lets exactly one of two have it who claim at the same time', async () => {
    const { taskId, members } = await teamTask('carl', 'dora');
    const answers = await Promise.all(members.map((viewer) => command(api, viewer, 'claimTask', { taskId })));
    expect(answers.map(({ code }) => code ?? 'claimed').sort()).toEqual(['ALREADY_CLAIMED', 'claimed']);
  });

  it('is refused to those who are in no assigned team', async () => {
    const { taskId } = await teamTask('anna');
    const answer = await command(api, api.member, 'claimTask', { taskId });
    expect(answer).toMatchObject({ code: 'NOT_CLAIMABLE' });
    expect(answer.message).toContain('“visit”');
    expect((await readTask(api, api.member, taskId))?.viewerCommands).not.toContain('CLAIM');
  });

  it('changes nothing when it is one’s own already', async () => {
    const { taskId, members } = await teamTask('anna');
    await done(api, first(members), 'claimTask', { taskId });
    const before = await eventCount(api, api.member);
    expect((await done(api, first(members), 'claimTask', { taskId })).task?.version).toBe(2);
    expect(await eventCount(api, api.member)).toBe(before);
  });

  it('ends with `releaseTask`, after which another one may claim it', async () => {
    const { taskId, members } = await teamTask('anna', 'bert');
    await done(api, first(members), 'claimTask', { taskId });
    const released = await done(api, first(members), 'releaseTask', { taskId });
    expect(released.task?.claimedBy).toBeNull();
    const answer = await done(api, first(members.slice(1)), 'claimTask', { taskId });
    expect(answer.task?.claimedBy?.name).toBe('bert');
  });

  it('ends when the team is no longer responsible', async () => {
    const { taskId, teamId, members } = await teamTask('anna');
    await done(api, first(members), 'claimTask', { taskId });
    const answer = await done(api, api.member, 'assignTask', {
      taskId,
      remove: [teamId],
      add: [userId(api.admin)],
    });
    expect(answer.task?.claimedBy).toBeNull();
  });

  it('can’t be released when nobody has it', async () => {
    const { taskId } = await teamTask('anna');
    expect(await command(api, api.member, 'releaseTask', { taskId })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  it('is refused for a finished task', async () => {
    const { taskId, members } = await teamTask('anna');
    await done(api, api.member, 'completeTask', { taskId });
    expect(await command(api, first(members), 'claimTask', { taskId })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });
});

describe('a task’s due date', () => {
  it('is taken with any offset and given in UTC', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const dueAt = '2026-07-01T12:00:00+02:00';
    const answer = await done(api, api.member, 'setTaskDueDate', { taskId: run.task('visit'), dueAt });
    expect(answer.task?.dueAt).toBe('2026-07-01T10:00:00.000Z');
  });

  it.each([{ dueAt: null }, {}])('is cleared by %j', async (input) => {
    const run = await start(api, { tasks: [task('visit', { dueAt: '2026-07-01T10:00:00.000Z' })] });
    const answer = await done(api, api.member, 'setTaskDueDate', { taskId: run.task('visit'), ...input });
    expect(answer.task?.dueAt).toBeNull();
  });

  it('makes an open task overdue once it has passed, and a finished one never', async () => {
    const dueAt = new Date(api.clock.now().getTime() + 1_000).toISOString();
    const run = await start(api, { tasks: [task('visit', { dueAt }), task('mount', { dueAt }), task('x')] });
    await done(api, api.member, 'completeTask', { taskId: run.task('mount') });
    expect(await readTask(api, api.member, run.task('visit'))).toMatchObject({ isOverdue: false });
    api.clock.advance(1_001);
    expect(await readTask(api, api.member, run.task('visit'))).toMatchObject({ isOverdue: true });
    expect(await readTask(api, api.member, run.task('mount'))).toMatchObject({ isOverdue: false });
  });
});

describe('what a task says', () => {
  it('is changed in this execution only', async () => {
    const run = await start(api, { tasks: [task('visit')] });
    const other = await start(api, {}, { definitionId: run.definitionId });
    const answer = await done(api, api.member, 'updateTask', {
      taskId: run.task('visit'),
      name: '  Visit the roof ',
      description: 'Bring a **ladder**.',
    });
    expect(answer.task).toMatchObject({ name: 'Visit the roof', description: 'Bring a **ladder**.' });
    expect(await readTask(api, api.member, other.task('visit'))).toMatchObject({
      name: 'visit',
      description: null,
    });
  });

  it('keeps what is left out and clears a description that is null', async () => {
    const run = await start(api, { tasks: [task('visit', { description: 'Old.' })] });
    const taskId = run.task('visit');
    const renamed = await done(api, api.member, 'updateTask', { taskId, name: 'look' });
    expect(renamed.task).toMatchObject({ name: 'look', description: 'Old.' });
    const cleared = await done(api, api.member, 'updateTask', { taskId, description: null });
    expect(cleared.task).toMatchObject({ name: 'look', description: null });
  });

  it('may change after the task is finished, while the execution is open', async () => {
    const run = await start(api, { tasks: [task('visit'), task('mount')] });
    const taskId = run.task('visit');
    await done(api, api.member, 'completeTask', { taskId });
    expect((await done(api, api.member, 'updateTask', { taskId, name: 'visited' })).task?.name).toBe(
      'visited',
    );
  });

  it.each(['assignTask', 'setTaskDueDate', 'updateTask'])(
    'is refused by %s once the execution is over',
    async (mutation) => {
      const run = await start(api, { tasks: [task('visit')] });
      await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
      const input = { taskId: run.task('visit'), ...(mutation === 'assignTask' ? { set: [] } : {}) };
      expect(await command(api, api.member, mutation, input)).toMatchObject({ code: 'EXECUTION_NOT_OPEN' });
    },
  );
});
