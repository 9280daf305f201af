import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { ENTITY_EVENTS, EXECUTION_EVENTS, INBOX_EVENTS, refusal, typesOf, watch } from '../support/watch.ts';
import { phased, task } from '../support/workflow.ts';
import { command, done, start, team, userId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const INBOX_POSITION = graphql(`
  query InboxSubscriptionsPosition {
    inbox {
      position
    }
  }
`);

graphql(`
  fragment EventObjects on Event {
    task {
      name
    }
    execution {
      name
    }
    entity {
      title
    }
  }
`);

const INBOX_WITH_OBJECTS = graphql(`
  subscription InboxSubscriptionsInbox {
    event: inboxEvents {
      ...EventView
      ...EventObjects
    }
  }
`);

const EXECUTION_WITH_OBJECTS = graphql(`
  subscription InboxSubscriptionsExecution($id: ID!) {
    event: executionEvents(executionId: $id) {
      ...EventView
      ...EventObjects
    }
  }
`);

const CONTENT = phased('first: a b', 'second: c');

describe('inboxEvents', () => {
  test('tells that a task comes, what happens to it, and that it leaves', async () => {
    const running = await start(api, CONTENT);
    const taskId = running.task('a');
    await using events = await watch(api, api.member, INBOX_EVENTS, {});
    await done(api, api.admin, 'startTask', { taskId: running.task('b') });
    await done(api, api.admin, 'assignTask', { taskId, add: [userId(api.member)] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId });
    await done(api, api.admin, 'setTaskDueDate', { taskId, dueAt: '2026-05-01T10:00:00.000Z' });
    expect(await events.next()).toMatchObject({ type: 'TASK_DUE_DATE_CHANGED', taskId });
    await done(api, api.admin, 'assignTask', { taskId, set: [] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId });
    await done(api, api.admin, 'startTask', { taskId });
    await done(api, api.admin, 'assignTask', { taskId: running.task('c'), add: [userId(api.member)] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId: running.task('c') });
  });

  test('tells of the tasks of the viewer’s teams', async () => {
    const field = await team(api, [api.member]);
    const viewer = await api.viewer('member');
    const running = await start(api, { tasks: [task('a'), task('b')] });
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await using ofTeam = await watch(api, api.admin, INBOX_EVENTS, { id: field.id });
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [field.id] });
    await done(api, viewer, 'claimTask', { taskId });
    await done(api, api.admin, 'assignTask', { taskId, remove: [field.id] });
    for (const inbox of [events, ofTeam]) {
      const [came, claimed, left] = await inbox.take(3);
      expect(came).toMatchObject({ type: 'TASK_ASSIGNED', changedFields: ['assignees'] });
      expect(claimed?.type).toBe('TASK_CLAIMED');
      expect(left?.changedFields).toEqual(['assignees', 'claimedBy']);
    }
  });

  test('tells of an event once, however many ways it concerns the viewer', async () => {
    const both = await team(api, [api.designer]);
    const viewer = await api.viewer('designer', { roles: ['designer'] });
    const running = await start(api, CONTENT);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [both.id, userId(viewer)] });
    await done(api, api.admin, 'startTask', { taskId });
    expect(typesOf(await events.take(2))).toEqual(['TASK_ASSIGNED', 'TASK_STARTED']);
  });

  test('tells that an execution is closed and open again, which takes its tasks out and brings them back', async () => {
    const running = await start(api, CONTENT);
    await done(api, api.admin, 'assignTask', { taskId: running.task('c'), set: [userId(api.member)] });
    await using events = await watch(api, api.member, INBOX_EVENTS, {});
    const { position: closed } = await done(api, api.admin, 'closeExecution', { executionId: running.id });
    expect(typesOf(await events.upTo(closed))).toContain('EXECUTION_CLOSED');
    const { position: reopened } = await done(api, api.admin, 'reopenExecution', { executionId: running.id });
    expect(typesOf(await events.upTo(reopened))).toContain('EXECUTION_REOPENED');
  });

  test('tells of a task that becomes possible when another is done', async () => {
    const running = await start(api, { isSequential: true, ...CONTENT });
    const taskId = running.task('b');
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.member)] });
    await using events = await watch(api, api.member, INBOX_EVENTS, {});
    await done(api, api.admin, 'completeTask', { taskId: running.task('a') });
    expect(await events.next()).toMatchObject({ type: 'TASK_ENABLED', taskId });
  });

  test('tells of a note that mentions the viewer', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.member, INBOX_EVENTS, {});
    const input = { taskId: running.task('a'), body: 'Please look', mentionIds: [userId(api.member)] };
    const { note } = await done(api, api.admin, 'addNote', input);
    expect(await events.next()).toMatchObject({ type: 'NOTE_ADDED', subjectId: note?.id });
  });

  test('goes on from the position of the inbox that was read', async () => {
    const running = await start(api, CONTENT);
    const { inbox } = await api.data(api.member, INBOX_POSITION);
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.member)] });
    await using events = await watch(api, api.member, INBOX_EVENTS, { after: inbox?.position ?? '' });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId });
  });

  test('of a colleague is told to members, but not to partners', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.admin, INBOX_EVENTS, { id: userId(api.member) });
    await done(api, api.admin, 'assignTask', { taskId: running.task('a'), set: [userId(api.member)] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED' });
    expect(await refusal(api, api.partner, INBOX_EVENTS, { id: userId(api.member) })).toEqual(['FORBIDDEN']);
    const { id } = await team(api, [api.member]);
    expect(await refusal(api, api.partner, INBOX_EVENTS, { id })).toEqual(['FORBIDDEN']);
  });
});

describe('a partner', () => {
  test('cannot watch an execution or entity without a task of their own', async () => {
    const running = await start(api, CONTENT);
    expect(await refusal(api, api.partner, EXECUTION_EVENTS, { id: running.id })).toEqual(['NOT_FOUND']);
    expect(await refusal(api, api.partner, ENTITY_EVENTS, { id: running.entityId })).toEqual(['NOT_FOUND']);
  });

  test('sees on an entity only what happens in their executions', async () => {
    const mine = await start(api, CONTENT);
    const other = await start(api, CONTENT, { entityId: mine.entityId });
    await done(api, api.admin, 'assignTask', { taskId: mine.task('a'), set: [userId(api.partner)] });
    await using events = await watch(api, api.partner, ENTITY_EVENTS, { id: mine.entityId });
    await done(api, api.admin, 'startTask', { taskId: other.task('a') });
    await done(api, api.admin, 'startTask', { taskId: mine.task('b') });
    expect(await events.next()).toMatchObject({ executionId: mine.id, taskId: mine.task('b') });
  });

  test('is told that their last task was taken from them, and nothing after that', async () => {
    const running = await start(api, CONTENT);
    const next = await start(api, CONTENT, { entityId: running.entityId });
    const taskId = running.task('a');
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.partner)] });
    await using events = await watch(api, api.partner, INBOX_WITH_OBJECTS, {});
    await using ofExecution = await watch(api, api.partner, EXECUTION_WITH_OBJECTS, { id: running.id });
    await done(api, api.admin, 'assignTask', { taskId, set: [] });
    await done(api, api.admin, 'startTask', { taskId });
    const left = { type: 'TASK_ASSIGNED', taskId, task: null, execution: null, entity: null };
    expect(await events.next()).toMatchObject(left);
    expect(await ofExecution.next()).toMatchObject(left);
    await done(api, api.admin, 'assignTask', { taskId: next.task('a'), set: [userId(api.partner)] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId: next.task('a') });
    await done(api, api.admin, 'assignTask', { taskId, set: [userId(api.partner)] });
    expect(await ofExecution.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId, task: { name: 'a' } });
  });

  test('sees no more of a team’s tasks once they have left the team', async () => {
    const fitters = await team(api, [api.partner]);
    const viewer = await api.viewer('partner', { roles: ['partner'], kind: 'PARTNER' });
    const running = await start(api, {
      tasks: [task('a', { assignees: [{ type: 'TEAM', id: fitters.key }] })],
    });
    const own = await start(api, CONTENT);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect(await events.next()).toMatchObject({ type: 'TASK_STARTED' });
    await command(api, api.admin, 'updateTeam', { teamId: fitters.id, setMemberIds: [] });
    await done(api, api.admin, 'stopTask', { taskId: running.task('a') });
    await done(api, api.admin, 'assignTask', { taskId: own.task('a'), set: [userId(viewer)] });
    expect(await events.next()).toMatchObject({ type: 'TEAM_UPDATED', subjectId: fitters.id });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', taskId: own.task('a') });
  });
});
