import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import { schema } from '../../src/graphql/schema.ts';
import { costOf } from '../../src/http/cost.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { assignedTo, readInbox } from '../support/inbox.ts';
import { refusal } from '../support/watch.ts';
import { LIVE_INBOX, watchList } from '../support/watch-list.ts';
import { task } from '../support/workflow.ts';
import { command, done, entity, start, team, unknownId, userId } from '../support/workflows.ts';

const AS_PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterEach(() => {
  expect(api.live.organizationCount, 'every test ends its subscriptions').toBe(0);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

let viewers = 0;

/** Somebody with an empty inbox. */
function somebody(options = {}): Promise<Viewer> {
  return api.viewer(`somebody-${(viewers += 1)}`, options);
}

function tasksOf(viewer: Viewer, ...names: readonly string[]): { readonly tasks: TaskDefinition[] } {
  return { tasks: names.map((name) => task(name, assignedTo(viewer))) };
}

describe('a live inbox', () => {
  test('begins with the whole list, its counts and its position', async () => {
    const viewer = await somebody();
    await start(api, tasksOf(viewer, 'a', 'b', 'c'));
    await using list = await watchList(api, viewer, LIVE_INBOX, { orderBy: { field: 'NAME' }, first: 2 });
    const { position, counts, totalCount } = await readInbox(api, viewer);
    expect(await list.next()).toMatchObject({
      isReset: true,
      position,
      counts,
      totalCount,
      hasMore: true,
      changes: [
        { kind: 'ENTERED', index: 0, previousIndex: null, task: { name: 'a' } },
        { kind: 'ENTERED', index: 1, previousIndex: null, task: { name: 'b' } },
      ],
    });
  });

  test('tells of a task that comes, changes, jumps and leaves by one change each', async () => {
    const viewer = await somebody();
    const running = await start(api, { tasks: [task('x'), ...tasksOf(viewer, 'a', 'b', 'c').tasks] });
    await using list = await watchList(api, viewer, LIVE_INBOX, { orderBy: { field: 'NAME' } });
    expect(await list.changes()).toEqual(['ENTERED a 0', 'ENTERED b 1', 'ENTERED c 2']);
    await done(api, api.admin, 'updateTask', { taskId: running.task('c'), name: 'A' });
    expect((await list.changes())[0]).toMatch(/MOVED A 2>[01]/);
    const taskId = running.task('x');
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(viewer)] });
    expect((await list.changes())[0]).toBe('ENTERED x 3');
    await done(api, api.admin, 'startTask', { taskId });
    expect(await list.changes()).toContain('UPDATED x 3');
    const { position } = await done(api, api.admin, 'completeTask', { taskId });
    const { changes, ...rest } = await list.next();
    expect(changes[0]).toMatchObject({ kind: 'LEFT', index: 3, taskId, task: null });
    expect(rest).toMatchObject({ isReset: false, position, totalCount: 3, hasMore: false });
  });

  test('makes one step of what happens between two looks', async () => {
    const viewer = await somebody();
    await using list = await watchList(api, viewer, LIVE_INBOX, {});
    await list.next();
    const running = await start(api, tasksOf(viewer, 'a', 'b'));
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    await done(api, api.admin, 'completeTask', { taskId: running.task('a') });
    expect(await list.changes()).toEqual(['ENTERED b 0']);
  });

  test('tells of what lies beyond its rows by the counts', async () => {
    const viewer = await somebody();
    const running = await start(api, tasksOf(viewer, 'a', 'b', 'c'));
    await using list = await watchList(api, viewer, LIVE_INBOX, { orderBy: { field: 'NAME' }, first: 1 });
    await list.next();
    await start(api, tasksOf(viewer, 'd'));
    expect(await list.next()).toMatchObject({ changes: [], totalCount: 4 });
    await done(api, api.admin, 'completeTask', { taskId: running.task('a') });
    expect(await list.changes()).toEqual(['LEFT a 0', 'ENTERED b 0']);
  });

  test('follows the context of executions if it is filtered by entities', async () => {
    const viewer = await somebody();
    const running = await start(api, tasksOf(viewer, 'a'));
    const other = await entity(api);
    await using list = await watchList(api, viewer, LIVE_INBOX, { filter: { entityIds: [other] } });
    await list.next();
    const input = { executionId: running.id, contextEntityIds: [other] };
    await done(api, api.member, 'setContextEntities', input);
    expect(await list.changes()).toEqual(['ENTERED a 0']);
    await done(api, api.member, 'setContextEntities', { ...input, contextEntityIds: [] });
    expect(await list.changes()).toEqual(['LEFT a 0']);
  });

  test('follows the titles of entities if it is searched', async () => {
    const viewer = await somebody();
    const { entityId } = await start(api, tasksOf(viewer, 'a'));
    await using list = await watchList(api, viewer, LIVE_INBOX, { filter: { search: 'lighthouse' } });
    await list.next();
    await done(api, api.member, 'updateEntity', { entityId, title: 'The lighthouse' });
    expect(await list.changes()).toEqual(['ENTERED a 0']);
    await done(api, api.member, 'updateEntity', { entityId, title: 'The mill' });
    expect(await list.changes()).toEqual(['LEFT a 0']);
  });

  test('loses the tasks of an execution that is closed and has them back when it is reopened', async () => {
    const viewer = await somebody();
    const { id: executionId } = await start(api, tasksOf(viewer, 'a'));
    await using list = await watchList(api, viewer, LIVE_INBOX, {});
    await list.next();
    await done(api, api.admin, 'closeExecution', { executionId });
    expect(await list.changes()).toEqual(['LEFT a 0']);
    await done(api, api.admin, 'reopenExecution', { executionId });
    expect(await list.changes()).toEqual(['ENTERED a 0']);
  });

  test('sends three statements for a step, whatever it tells of the tasks and what they are part of', async () => {
    const viewer = await somebody();
    const running = await start(api, tasksOf(viewer, 'a', 'b'));
    const document = `subscription { liveInbox { counts { today } changes { task { name execution { name } phase { name } entity { title } } } } }`;
    const answers = await api.subscribe(viewer, document);
    await answers.next();
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    await expect.poll(() => api.statements().some((text) => text.includes('from event e'))).toBe(true);
    api.resetStatements();
    await answers.next();
    const own = api
      .statements()
      .filter((text) => !text.includes('event_counter') && !text.includes('from event e'));
    expect(own).toHaveLength(3);
    await answers.return(undefined);
  });
});

test('a live list costs as often as rows are asked for', () => {
  const cost = (first: string) => {
    const text = `subscription { liveInbox${first} { changes { task { id name } } } }`;
    return costOf({ schema, document: parse(text) });
  };
  expect(cost('(first: 100)')).toMatchObject({ cost: 1 + 100 * 4 });
  expect(cost('')).toMatchObject({ cost: 1 + 50 * 4 });
});

describe('by the time alone', () => {
  test('a task becomes overdue, and one that is due later comes into today', async () => {
    api.clock.set('2026-03-02T09:00:00.000Z');
    const viewer = await somebody();
    const at = (day: string) => ({ ...assignedTo(viewer), dueAt: `2026-03-${day}:00:00.000Z` });
    await start(api, { tasks: [task('first', at('02T12')), task('second', at('03T12'))] });
    await using list = await watchList(api, viewer, LIVE_INBOX, {});
    expect((await list.next()).counts).toMatchObject({ today: 1, thisWeek: 1 });
    api.clock.set('2026-03-02T12:00:00.001Z');
    const update = await list.next();
    expect(update.counts).toMatchObject({ overdue: 1, today: 0 });
    expect(update.changes).toMatchObject([{ kind: 'UPDATED', index: 0, task: { isOverdue: true } }]);
    // Midnight in Berlin.
    api.clock.set('2026-03-02T23:00:00.000Z');
    expect((await list.next()).counts).toMatchObject({ overdue: 1, today: 1, thisWeek: 0 });
  });

  test('a task enters and leaves a list of what is due', async () => {
    api.clock.set('2026-03-02T09:00:00.000Z');
    const viewer = await somebody();
    await start(api, { tasks: [task('a', { ...assignedTo(viewer), dueAt: '2026-03-04T10:00:00.000Z' })] });
    await using today = await watchList(api, viewer, LIVE_INBOX, { filter: { due: ['TODAY'] } });
    expect(await today.changes()).toEqual([]);
    api.clock.set('2026-03-03T23:00:00.000Z');
    expect(await today.changes()).toEqual(['ENTERED a 0']);
    api.clock.set('2026-03-04T11:00:00.000Z');
    expect(await today.changes()).toEqual(['LEFT a 0']);
  });

  test('what an execution leads to becomes overdue', async () => {
    api.clock.set('2026-03-02T09:00:00.000Z');
    const viewer = await somebody();
    const other = task('other', { dueAt: '2026-03-02T10:00:00.000Z' });
    await start(api, { tasks: [...tasksOf(viewer, 'a').tasks, other] });
    const document = `subscription { liveInbox { changes { task { execution { tasks { isOverdue } } } } } }`;
    const answers = await api.subscribe(viewer, document);
    await answers.next();
    api.clock.set('2026-03-02T10:00:00.001Z');
    const { value: answer } = (await answers.next()) as { readonly value: unknown };
    const tasks = [{ isOverdue: false }, { isOverdue: true }];
    expect(answer).toEqual({ data: { liveInbox: { changes: [{ task: { execution: { tasks } } }] } } });
    await answers.return(undefined);
  });

  test('the days are those of the organization, also when it moves to another time zone', async () => {
    api.clock.set('2026-03-02T09:00:00.000Z');
    const viewer = await somebody();
    await start(api, { tasks: [task('a', { ...assignedTo(viewer), dueAt: '2026-03-02T16:00:00.000Z' })] });
    await using list = await watchList(api, viewer, LIVE_INBOX, {});
    expect((await list.next()).counts).toMatchObject({ today: 1 });
    await done(api, api.admin, 'updateOrganization', { timeZone: 'Asia/Tokyo' });
    expect((await list.next()).counts).toMatchObject({ today: 0, thisWeek: 1 });
    await done(api, api.admin, 'updateOrganization', { timeZone: 'Europe/Berlin' });
    expect((await list.next()).counts).toMatchObject({ today: 1 });
  });
});

describe('rights', () => {
  test('an inbox follows its user into and out of teams, also for a colleague', async () => {
    const viewer = await somebody();
    const fitters = await team(api, []);
    await start(api, { tasks: [task('a', { assignees: [{ type: 'TEAM', id: fitters.key }] })] });
    await using own = await watchList(api, viewer, LIVE_INBOX, {});
    await using colleagues = await watchList(api, api.admin, LIVE_INBOX, { assignee: userId(viewer) });
    await Promise.all([own.next(), colleagues.next()]);
    await done(api, api.admin, 'updateTeam', { teamId: fitters.id, addMemberIds: [userId(viewer)] });
    for (const list of [own, colleagues]) expect(await list.changes()).toEqual(['ENTERED a 0']);
    await done(api, api.admin, 'updateTeam', { teamId: fitters.id, removeMemberIds: [userId(viewer)] });
    for (const list of [own, colleagues]) expect(await list.changes()).toEqual(['LEFT a 0']);
  });

  test('a task that is taken from a partner leaves with its id and nothing more, then nothing comes', async () => {
    const viewer = await somebody(AS_PARTNER);
    const running = await start(api, tasksOf(viewer, 'a'));
    const next = await start(api, { tasks: [task('b')] });
    await using list = await watchList(api, viewer, LIVE_INBOX, {});
    await list.next();
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [] });
    expect((await list.next()).changes).toEqual([
      { kind: 'LEFT', index: 0, previousIndex: null, taskId, task: null },
    ]);
    await done(api, api.admin, 'startTask', { taskId });
    await done(api, api.admin, 'assignTask', { taskId: next.task('b'), set: [userId(viewer)] });
    expect(await list.changes()).toEqual(['ENTERED b 0']);
  });

  test('a partner who leaves a team has nothing more of its inbox', async () => {
    const partner = await somebody(AS_PARTNER);
    const fitters = await team(api, [partner]);
    const viewer = { ...partner, teamIds: [fitters.key] };
    const content = {
      tasks: [task('a', { assignees: [{ type: 'TEAM', id: fitters.key }] }), ...tasksOf(viewer, 'b').tasks],
    };
    await start(api, content);
    await using list = await watchList(api, viewer, LIVE_INBOX, { assignee: fitters.id });
    expect(await list.changes()).toEqual(['ENTERED a 0']);
    await done(api, api.admin, 'updateTeam', { teamId: fitters.id, setMemberIds: [] });
    expect(await list.changes()).toEqual(['LEFT a 0']);
  });

  test('ends for a user who is deactivated', async () => {
    const viewer = await somebody();
    const answers = await api.subscribe(viewer, LIVE_INBOX, {});
    await answers.next();
    const ended = expect(answers.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    await command(api, api.admin, 'updateUser', { userId: userId(viewer), isActive: false });
    await ended;
  });

  test('inboxes and lengths that nobody may ask for are refused', async () => {
    const asked = { assignee: userId(api.member) };
    expect(await refusal(api, api.partner, LIVE_INBOX, asked)).toEqual(['FORBIDDEN']);
    expect(await refusal(api, api.member, LIVE_INBOX, { first: 101 })).toEqual(['BAD_USER_INPUT']);
    expect(await refusal(api, api.member, LIVE_INBOX, { first: 0 })).toEqual(['BAD_USER_INPUT']);
    expect(await refusal(api, api.member, LIVE_INBOX, { assignee: unknownId('Task') })).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});
