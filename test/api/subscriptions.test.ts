import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { readPosition } from '../../src/store/event-log.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { readLog } from '../support/log.ts';
import { ENTITY_EVENTS, EXECUTION_EVENTS, position, refusal, typesOf, watch } from '../support/watch.ts';
import { phased } from '../support/workflow.ts';
import { done, entity, keyOf, start, unknownId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const EVENTS_WITH_OBJECTS = graphql(`
  subscription SubscriptionsExecution($id: ID!) {
    event: executionEvents(executionId: $id) {
      ...EventView
      task {
        name
        version
        noteCount
      }
      execution {
        version
      }
    }
  }
`);

const EVENTS_WITH_ENTITY = graphql(`
  subscription SubscriptionsEntity($id: ID!) {
    event: entityEvents(entityId: $id) {
      ...EventView
      entity {
        title
      }
    }
  }
`);

const CONTENT = phased('first: a b', 'second: c');

/** The cursors of the execution's events after a place in the log, read without any of the live layer. */
async function logged(executionId: string, after: string): Promise<string[]> {
  const log = await readLog(api.database, api.admin.organizationId);
  const from = log.findIndex(({ seq }) => encodePosition(seq) === after) + 1;
  return log
    .slice(from)
    .flatMap((event) => (event.executionId === keyOf(executionId) ? [encodePosition(event.seq)] : []));
}

describe('executionEvents', () => {
  test('tells everything that a command did, in the order of the log', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.admin, EXECUTION_EVENTS, { id: running.id });
    const taskId = running.task('a');
    api.clock.advance(60_000);
    const completed = await done(api, api.designer, 'completeTask', { taskId });
    const received = await events.upTo(completed.position);
    expect(typesOf(received)).toEqual(['TASK_COMPLETED', 'PHASE_PROGRESSED', 'EXECUTION_PROGRESSED']);
    expect(received[0]).toEqual({
      cursor: expect.any(String) as string,
      type: 'TASK_COMPLETED',
      version: 2,
      changedFields: ['finishedAt', 'finishedBy', 'isEnabled', 'status', 'statusAt', 'statusBy'],
      subjectId: taskId,
      executionId: running.id,
      taskId,
      entityIds: [running.entityId],
      actor: { name: 'designer' },
    });
  });

  test('tells nothing of other executions, also on the same entity', async () => {
    const running = await start(api, CONTENT);
    const other = await start(api, CONTENT, { entityId: running.entityId });
    await using events = await watch(api, api.admin, EXECUTION_EVENTS, { id: running.id });
    await done(api, api.member, 'completeTask', { taskId: other.task('a') });
    await done(api, api.member, 'startTask', { taskId: running.task('a') });
    expect(await events.next()).toMatchObject({ type: 'TASK_STARTED', taskId: running.task('a') });
  });

  test('tells of notes', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.admin, EVENTS_WITH_OBJECTS, { id: running.id });
    const taskId = running.task('a');
    const { note } = await done(api, api.member, 'addNote', { taskId, body: 'Who?' });
    expect(await events.next()).toMatchObject({
      type: 'NOTE_ADDED',
      subjectId: note?.id,
      taskId,
      task: { noteCount: 1 },
    });
    await done(api, api.member, 'updateNote', { noteId: note?.id, body: 'Whom?' });
    expect(await events.next()).toMatchObject({ type: 'NOTE_UPDATED', version: 2, changedFields: ['body'] });
    await done(api, api.member, 'deleteNote', { noteId: note?.id });
    expect(await events.next()).toMatchObject({ type: 'NOTE_DELETED', task: { noteCount: 0 } });
  });

  test('shows two clients on one task each other’s clicks', async () => {
    const running = await start(api, CONTENT);
    await using mine = await watch(api, api.member, EXECUTION_EVENTS, { id: running.id });
    await using yours = await watch(api, api.designer, EXECUTION_EVENTS, { id: running.id });
    const taskId = running.task('a');
    await done(api, api.member, 'startTask', { taskId });
    for (const events of [mine, yours])
      expect((await events.take(1))[0]).toMatchObject({ type: 'TASK_STARTED', actor: { name: 'member' } });
    await done(api, api.designer, 'stopTask', { taskId });
    for (const events of [mine, yours])
      expect((await events.take(1))[0]).toMatchObject({ type: 'TASK_STOPPED', actor: { name: 'designer' } });
  });

  test('shows the objects as they are when the event is delivered', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.admin, EVENTS_WITH_OBJECTS, { id: running.id });
    const taskId = running.task('a');
    await done(api, api.member, 'updateTask', { taskId, name: 'Call' });
    await done(api, api.member, 'updateTask', { taskId, name: 'Write' });
    const [first, second] = await events.take(2);
    expect(first).toMatchObject({ version: 2, task: { name: 'Write', version: 3 } });
    expect(second).toMatchObject({ version: 3, task: { name: 'Write', version: 3 } });
    await done(api, api.member, 'updateTask', { taskId, name: 'Visit' });
    expect(await events.next()).toMatchObject({ version: 4, task: { name: 'Visit', version: 4 } });
  });

  test('shows no task where it was removed', async () => {
    const running = await start(api, CONTENT);
    const { task: added } = await done(api, api.member, 'addTask', {
      executionId: running.id,
      name: 'Ask',
      place: { inPhase: {} },
    });
    await using events = await watch(api, api.admin, EVENTS_WITH_OBJECTS, { id: running.id });
    await done(api, api.member, 'removeTask', { taskId: added?.id });
    expect(await events.next()).toMatchObject({ type: 'TASK_REMOVED', subjectId: added?.id, task: null });
  });

  test('is refused for an execution that does not exist, of another organization, and for another object', async () => {
    const running = await start(api, CONTENT);
    expect(await refusal(api, api.admin, EXECUTION_EVENTS, { id: unknownId('WorkflowExecution') })).toEqual([
      'NOT_FOUND',
    ]);
    expect(await refusal(api, api.otherAdmin, EXECUTION_EVENTS, { id: running.id })).toEqual(['NOT_FOUND']);
    expect(await refusal(api, api.admin, EXECUTION_EVENTS, { id: running.entityId })).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await refusal(api, api.admin, EXECUTION_EVENTS, { id: 'x' })).toEqual(['BAD_USER_INPUT']);
  });
});

describe('after a cursor', () => {
  test('what was missed comes first, then what happens, each event once', async () => {
    const running = await start(api, CONTENT);
    const after = await position(api);
    for (const key of ['a', 'b']) await done(api, api.member, 'startTask', { taskId: running.task(key) });
    await using events = await watch(api, api.admin, EXECUTION_EVENTS, { id: running.id, after });
    await events.take(1);
    await done(api, api.member, 'completeTask', { taskId: running.task('a') });
    const rest = await logged(running.id, after);
    const received = await events.take(rest.length - 1);
    expect(received.map(({ cursor }) => cursor)).toEqual(rest.slice(1));
    await done(api, api.member, 'startTask', { taskId: running.task('c') });
    expect(await events.next()).toMatchObject({ type: 'TASK_STARTED', taskId: running.task('c') });
  });

  test('of each event in turn, the same events follow', async () => {
    const running = await start(api, CONTENT);
    for (const key of ['a', 'b', 'c'])
      await done(api, api.member, 'completeTask', { taskId: running.task(key) });
    const cursors = await logged(running.id, encodePosition(0));
    for (const [index, after] of cursors.slice(0, -1).entries()) {
      await using events = await watch(api, api.admin, EXECUTION_EVENTS, { id: running.id, after });
      const following = await events.take(cursors.length - 1 - index);
      expect(following.map(({ cursor }) => cursor)).toEqual(cursors.slice(index + 1));
    }
  });

  test('that is the position of a mutation, what that mutation did is not told', async () => {
    const running = await start(api, CONTENT);
    const { position: after = '' } = await done(api, api.member, 'startTask', { taskId: running.task('a') });
    await using events = await watch(api, api.admin, EXECUTION_EVENTS, { id: running.id, after });
    await done(api, api.member, 'startTask', { taskId: running.task('b') });
    expect(await events.next()).toMatchObject({ taskId: running.task('b') });
  });

  test('at the very beginning, the whole history comes', async () => {
    const running = await start(api, CONTENT);
    await using events = await watch(api, api.admin, EXECUTION_EVENTS, {
      id: running.id,
      after: encodePosition(0),
    });
    expect(typesOf(await events.take(6))).toEqual([
      'EXECUTION_STARTED',
      'PHASE_ADDED',
      'PHASE_ADDED',
      'TASK_ADDED',
      'TASK_ADDED',
      'TASK_ADDED',
    ]);
  });

  test('that is none, or that the log has not reached, it is refused', async () => {
    const running = await start(api, CONTENT);
    const end = await readPosition(api.database, api.admin.organizationId);
    for (const after of ['', 'x', 'c2VxOi0x', running.id, encodePosition(end + 1), encodePosition(2 ** 40)])
      expect(await refusal(api, api.admin, EXECUTION_EVENTS, { id: running.id, after })).toEqual([
        'BAD_USER_INPUT',
      ]);
  });
});

describe('entityEvents', () => {
  test('tells of the entity and of every execution that is about it, new ones included', async () => {
    const entityId = await entity(api);
    const main = await start(api, CONTENT, { entityId });
    const other = await start(api, CONTENT);
    const related = await start(api, CONTENT, { contextEntityIds: [entityId] });
    const after = await position(api);
    await using events = await watch(api, api.admin, ENTITY_EVENTS, { id: entityId, after });
    await done(api, api.member, 'updateEntity', { entityId, title: 'Roof 2' });
    await done(api, api.member, 'startTask', { taskId: main.task('a') });
    await done(api, api.member, 'startTask', { taskId: other.task('a') });
    await done(api, api.member, 'startTask', { taskId: related.task('a') });
    const later = await start(api, CONTENT, { entityId });
    const received = await events.take(4);
    expect(typesOf(received)).toEqual([
      'ENTITY_UPDATED',
      'TASK_STARTED',
      'TASK_STARTED',
      'EXECUTION_STARTED',
    ]);
    expect(received.map(({ executionId }) => executionId)).toEqual([null, main.id, related.id, later.id]);
    expect(received[2]?.entityIds).toEqual([related.entityId, entityId]);
  });

  test('shows the entity as it is now', async () => {
    const entityId = await entity(api);
    await using events = await watch(api, api.admin, EVENTS_WITH_ENTITY, { id: entityId });
    await done(api, api.member, 'updateEntity', { entityId, title: 'Roof 3' });
    expect(await events.next()).toMatchObject({ changedFields: ['title'], entity: { title: 'Roof 3' } });
  });

  test('is refused for an entity that does not exist or belongs to another organization', async () => {
    expect(await refusal(api, api.admin, ENTITY_EVENTS, { id: unknownId('Entity') })).toEqual(['NOT_FOUND']);
    expect(await refusal(api, api.otherAdmin, ENTITY_EVENTS, { id: await entity(api) })).toEqual([
      'NOT_FOUND',
    ]);
  });
});
