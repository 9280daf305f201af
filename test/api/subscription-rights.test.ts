import type { ResultOf } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { serve } from '../support/served-api.ts';
import { connectSocket } from '../support/socket-client.ts';
import { EXECUTION_EVENTS, INBOX_EVENTS, readWatch, typesOf, watch } from '../support/watch.ts';
import { phased, task } from '../support/workflow.ts';
import { command, done, start, team, userId, type Running } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const INBOX_WITH_TASK = graphql(`
  subscription RightsInbox {
    event: inboxEvents {
      ...EventView
      task {
        name
        viewerCommands
      }
    }
  }
`);

const AS_PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;

interface Team {
  readonly id: string;
  readonly key: string;
}

/** An execution whose task `a` is the team's. */
function startFor({ key }: Team): Promise<Running> {
  return start(api, { tasks: [task('a', { assignees: [{ type: 'TEAM', id: key }] }), task('b')] });
}

async function join({ id }: Team, viewer: Viewer): Promise<void> {
  await done(api, api.admin, 'updateTeam', { teamId: id, addMemberIds: [userId(viewer)] });
}

async function leave({ id }: Team, viewer: Viewer): Promise<void> {
  await done(api, api.admin, 'updateTeam', { teamId: id, removeMemberIds: [userId(viewer)] });
}

async function deactivate(viewer: Viewer): Promise<void> {
  await command(api, api.admin, 'updateUser', { userId: userId(viewer), isActive: false });
}

describe('the inbox of somebody who joins a team', () => {
  test('holds the tasks of that team from then on', async () => {
    const viewer = await api.viewer('joiner');
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    const waiting = events.next();
    await join(fitters, viewer);
    expect(await waiting).toMatchObject({ type: 'TEAM_UPDATED', subjectId: fitters.id });
    await done(api, api.admin, 'completeTask', { taskId: running.task('a') });
    expect(await events.next()).toMatchObject({ type: 'TASK_COMPLETED', taskId: running.task('a') });
  });

  test('has no gap when everything happened before it was looked at', async () => {
    const viewer = await api.viewer('late-reader');
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await join(fitters, viewer);
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    await done(api, api.admin, 'stopTask', { taskId: running.task('a') });
    await leave(fitters, viewer);
    await join(fitters, viewer);
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect(typesOf(await events.take(6))).toEqual([
      'TEAM_UPDATED',
      'TASK_STARTED',
      'TASK_STOPPED',
      'TEAM_UPDATED',
      'TEAM_UPDATED',
      'TASK_STARTED',
    ]);
  });

  test('holds the tasks of a new team, too', async () => {
    const viewer = await api.viewer('founder');
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await startFor(await team(api, [viewer]));
    expect(typesOf(await events.take(2))).toEqual(['TEAM_CREATED', 'TASK_ADDED']);
  });

  test('is the same for a colleague who watches it', async () => {
    const viewer = await api.viewer('watched');
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    await using events = await watch(api, api.admin, INBOX_EVENTS, { id: userId(viewer) });
    await join(fitters, viewer);
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect(typesOf(await events.take(2))).toEqual(['TEAM_UPDATED', 'TASK_STARTED']);
  });

  test('holds them also if the token was read before', async () => {
    const viewer = await api.viewer('early');
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    await join(fitters, viewer);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect((await events.next()).type).toBe('TASK_STARTED');
  });
});

describe('the inbox of somebody who leaves a team', () => {
  test('holds its tasks no longer', async () => {
    const leaver = await api.viewer('leaver');
    const fitters = await team(api, [leaver]);
    const viewer = await api.viewer('leaver');
    const running = await startFor(fitters);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await leave(fitters, viewer);
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    await done(api, api.admin, 'assignTask', { taskId: running.task('b'), set: [userId(viewer)] });
    expect(typesOf(await events.take(2))).toEqual(['TEAM_UPDATED', 'TASK_ASSIGNED']);
  });
});

describe('a partner', () => {
  test('is told of their memberships, and sees and may do what goes with them', async () => {
    const viewer = await api.viewer('paula', AS_PARTNER);
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    const taskId = running.task('a');
    await using events = await watch(api, viewer, INBOX_WITH_TASK, {});
    await join(fitters, viewer);
    expect(await events.next()).toMatchObject({ type: 'TEAM_UPDATED', subjectId: fitters.id });
    await done(api, api.admin, 'startTask', { taskId });
    const started = await events.next();
    expect(started).toMatchObject({ type: 'TASK_STARTED', task: { name: 'a' } });
    expect(started.task?.viewerCommands).toContain('COMPLETE');
    await leave(fitters, viewer);
    await done(api, api.admin, 'stopTask', { taskId });
    expect(await events.next()).toMatchObject({ type: 'TEAM_UPDATED', changedFields: ['members'] });
    await done(api, api.admin, 'assignTask', { taskId: running.task('b'), set: [userId(viewer)] });
    expect(await events.next()).toMatchObject({ type: 'TASK_ASSIGNED', task: { name: 'b' } });
  });

  test('is not told of the memberships of others', async () => {
    const viewer = await api.viewer('paul', AS_PARTNER);
    const fitters = await team(api, []);
    const running = await startFor(fitters);
    await using events = await watch(api, viewer, INBOX_EVENTS, {});
    await join(fitters, api.member);
    await done(api, api.admin, 'assignTask', { taskId: running.task('b'), set: [userId(viewer)] });
    expect((await events.next()).type).toBe('TASK_ASSIGNED');
  });
});

describe('somebody who is deactivated', () => {
  const CONTENT = phased('first: a b');

  test('is told at once, and gets no event more', async () => {
    const viewer = await api.viewer('dora');
    const running = await start(api, CONTENT);
    const answers = await api.subscribe(viewer, EXECUTION_EVENTS, { id: running.id });
    const ended = expect(answers.next()).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    await deactivate(viewer);
    await ended;
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect((await answers.next()).done).toBe(true);
  });

  test('gets nothing of what waits for them', async () => {
    const viewer = await api.viewer('dirk');
    const running = await start(api, CONTENT);
    const answers = await api.subscribe(viewer, EXECUTION_EVENTS, { id: running.id });
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    await deactivate(viewer);
    await expect(answers.next()).rejects.toThrow('deactivated');
  });

  test('loses the socket, and hears why', async () => {
    await using served = await serve(api);
    const viewer = await api.viewer('dina');
    const running = await start(api, CONTENT);
    const socket = connectSocket(served.wsUrl, { token: await served.token('dina') });
    const answers = socket.watch(EXECUTION_EVENTS, { id: running.id });
    const first = readWatch(answers).next();
    // The subscription has been accepted when its next neighbour on the socket is answered.
    await socket.ask({ query: '{ viewer { name } }' });
    await done(api, api.admin, 'startTask', { taskId: running.task('a') });
    expect((await first).type).toBe('TASK_STARTED');
    await deactivate(viewer);
    await expect(answers.next()).rejects.toMatchObject({ code: 4403 });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'The token’s user is deactivated.' });
  });

  test('is told so over server-sent events', async () => {
    await using served = await serve(api);
    const viewer = await api.viewer('dean');
    const running = await start(api, CONTENT);
    const client = createClient({
      url: served.url,
      headers: { authorization: `Bearer ${await served.token('dean')}` },
      retryAttempts: 0,
    });
    const answers = client.iterate<ResultOf<typeof EXECUTION_EVENTS>>({
      query: print(EXECUTION_EVENTS),
      variables: { id: running.id },
    });
    const last = answers.next();
    await subscribed();
    await deactivate(viewer);
    expect((await last).value).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect((await answers.next()).done).toBe(true);
    client.dispose();
  });

  /** Waits until the organization has a subscriber again: all earlier ones have ended. */
  async function subscribed(): Promise<void> {
    await expect.poll(() => api.live.organizationCount).toBe(1);
  }
});
