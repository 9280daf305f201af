import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { position, refusal } from '../support/watch.ts';
import { LIVE_SIDEBAR, watchList } from '../support/watch-list.ts';
import { task } from '../support/workflow.ts';
import { command, done, entity, start, team, unknownId, userId } from '../support/workflows.ts';

const CONTENT = { name: 'Solar', tasks: [task('a'), task('b')] };

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

describe('a live sidebar', () => {
  test('begins with the entity and its executions, newest first, and tells of new ones', async () => {
    const { entityId } = await start(api, CONTENT);
    await using list = await watchList(api, api.member, LIVE_SIDEBAR, { entityId, first: 1 });
    expect(await list.next()).toMatchObject({
      isReset: true,
      position: await position(api),
      entity: { title: 'Roof 1' },
      changes: [{ kind: 'ENTERED', index: 0, execution: { name: 'Solar' } }],
      totalCount: 1,
      hasMore: false,
    });
    await start(api, { ...CONTENT, name: 'Heat pump' }, { entityId });
    const { changes, totalCount, hasMore } = await list.next();
    expect(changes.map(({ kind, execution }) => [kind, execution?.name])).toEqual([
      ['LEFT', undefined],
      ['ENTERED', 'Heat pump'],
    ]);
    expect({ totalCount, hasMore }).toEqual({ totalCount: 2, hasMore: true });
  });

  test('tells of executions to which the entity becomes related, and that this ends', async () => {
    const entityId = await entity(api);
    const { id: executionId } = await start(api, CONTENT);
    await using list = await watchList(api, api.member, LIVE_SIDEBAR, { entityId });
    await list.next();
    await done(api, api.member, 'setContextEntities', { executionId, contextEntityIds: [entityId] });
    expect(await list.changes()).toEqual(['ENTERED Solar 0']);
    await done(api, api.member, 'setContextEntities', { executionId, contextEntityIds: [] });
    expect(await list.changes()).toEqual(['LEFT Solar 0']);
  });

  test('keeps to the statuses that are asked for', async () => {
    const { entityId, id: executionId } = await start(api, CONTENT);
    await using list = await watchList(api, api.member, LIVE_SIDEBAR, { entityId, statuses: ['STARTED'] });
    await list.next();
    await done(api, api.member, 'closeExecution', { executionId });
    expect(await list.changes()).toEqual(['LEFT Solar 0']);
    await done(api, api.member, 'reopenExecution', { executionId });
    expect(await list.changes()).toEqual(['ENTERED Solar 0']);
    await command(api, api.admin, 'deleteExecution', { executionId });
    expect(await list.changes()).toEqual(['LEFT Solar 0']);
  });

  test('tells of every change in its executions, and of the entity itself', async () => {
    const { entityId, ...running } = await start(api, CONTENT);
    await using list = await watchList(api, api.member, LIVE_SIDEBAR, { entityId });
    await list.next();
    await done(api, api.member, 'addNote', { taskId: running.task('a'), body: 'Look' });
    expect(await list.changes()).toEqual(['UPDATED Solar 0']);
    await done(api, api.member, 'updateEntity', { entityId, title: 'Roof 2' });
    expect(await list.next()).toMatchObject({ entity: { title: 'Roof 2' } });
  });

  test('tells what the time alone changes', async () => {
    const { entityId } = await start(api, { ...CONTENT, dueAt: '2026-03-02T10:00:00.000Z' });
    const document = `subscription ($entityId: ID!) { liveSidebar(entityId: $entityId) { changes { execution { isOverdue } } } }`;
    const answers = await api.subscribe(api.member, document, { entityId });
    await answers.next();
    api.clock.set('2026-03-02T10:00:00.001Z');
    expect((await answers.next()).value).toEqual({
      data: { liveSidebar: { changes: [{ execution: { isOverdue: true } }] } },
    });
    await answers.return(undefined);
  });

  test('tells of what the entity leads to if that is selected', async () => {
    const { entityId, ...running } = await start(api, CONTENT);
    const document = `subscription ($entityId: ID!) { liveSidebar(entityId: $entityId, statuses: [CLOSED]) {
      entity { workflowState { currentTasks { name } } } } }`;
    const answers = await api.subscribe(api.member, document, { entityId });
    await answers.next();
    await done(api, api.member, 'completeTask', { taskId: running.task('a') });
    const workflowState = { currentTasks: [{ name: 'b' }] };
    expect((await answers.next()).value).toEqual({ data: { liveSidebar: { entity: { workflowState } } } });
    await answers.return(undefined);
  });
});

describe('a partner’s live sidebar', () => {
  test('is empty and without its entity once they see none of its executions', async () => {
    const { entityId, ...running } = await start(api, CONTENT);
    await start(api, CONTENT, { entityId });
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.partner)] });
    await using list = await watchList(api, api.partner, LIVE_SIDEBAR, { entityId });
    expect(await list.next()).toMatchObject({ totalCount: 1, entity: { title: 'Roof 1' } });
    await done(api, api.admin, 'assignTask', { taskId, set: [] });
    expect(await list.next()).toMatchObject({
      changes: [{ kind: 'LEFT', index: 0, execution: null }],
      totalCount: 0,
      entity: null,
    });
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.partner)] });
    expect(await list.changes()).toEqual(['ENTERED Solar 0']);
  });

  test('follows their teams', async () => {
    const fitters = await team(api, []);
    const ofTeam = task('a', { assignees: [{ type: 'TEAM', id: fitters.key }] });
    const { entityId, ...running } = await start(api, { ...CONTENT, tasks: [ofTeam, task('b')] });
    await done(api, api.admin, 'assignTask', { taskId: running.task('b'), set: [userId(api.partner)] });
    const other = await start(api, { name: 'Other', tasks: [ofTeam] }, { entityId });
    await using list = await watchList(api, api.partner, LIVE_SIDEBAR, { entityId });
    expect(await list.changes()).toEqual(['ENTERED Solar 0']);
    await done(api, api.admin, 'updateTeam', { teamId: fitters.id, addMemberIds: [userId(api.partner)] });
    expect((await list.changes())[0]).toBe('ENTERED Other 0');
    await done(api, api.admin, 'updateTeam', { teamId: fitters.id, removeMemberIds: [userId(api.partner)] });
    const { changes } = await list.next();
    expect(changes[0]).toMatchObject({ kind: 'LEFT', executionId: other.id, execution: null });
  });

  test('is refused for an entity that they don’t see', async () => {
    const entityId = await entity(api);
    expect(await refusal(api, api.partner, LIVE_SIDEBAR as never, { entityId })).toEqual(['NOT_FOUND']);
    const unknown = { entityId: unknownId('Entity') };
    expect(await refusal(api, api.member, LIVE_SIDEBAR, unknown)).toEqual(['NOT_FOUND']);
  });
});
