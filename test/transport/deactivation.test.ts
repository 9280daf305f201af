import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createLive } from '../../src/live/live.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { silentLog } from '../support/live-fixture.ts';
import { serve, type ServedApi } from '../support/served-api.ts';
import { connectSocket } from '../support/socket-client.ts';
import { done, userId } from '../support/workflows.ts';
import { eventually } from '../support/eventually.ts';

let api: TestApi;
let served: ServedApi;

beforeAll(async () => {
  api = await createTestApi();
  served = await serve(api);
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

async function change(viewer: Viewer, input: Readonly<Record<string, unknown>>): Promise<void> {
  await done(api, api.admin, 'updateUser', { userId: userId(viewer), ...input });
}

async function deactivate(viewer: Viewer): Promise<void> {
  await change(viewer, { isActive: false });
}

async function connect(externalId: string) {
  const socket = connectSocket(served.wsUrl, { token: await served.token(externalId) });
  await socket.ask({ query: '{ viewer { name } }' });
  return socket;
}

describe('a socket without any subscription', () => {
  test('is closed with 4403 when its user is deactivated', async () => {
    const viewer = await api.viewer('idle');
    const { closed } = await connect('idle');
    await deactivate(viewer);
    expect(await closed).toEqual({ code: 4403, reason: 'The token’s user is deactivated.' });
  });

  test('stays open when something else happens to its user', async () => {
    const viewer = await api.viewer('renamed');
    const { ask, client } = await connect('renamed');
    await change(viewer, { name: 'Somebody else' });
    const other = await api.viewer('other');
    const { closed } = await connect('other');
    await deactivate(other);
    await closed;
    expect(await ask({ query: '{ viewer { name } }' })).toEqual({
      data: { viewer: { name: 'Somebody else' } },
    });
    await client.dispose();
  });

  test('is closed when the deactivation came while it was let in', async () => {
    const viewer = await api.viewer('racing');
    const socket = connectSocket(served.wsUrl, { token: await served.token('racing') });
    await deactivate(viewer);
    expect((await socket.closed).code).toBe(4403);
  });

  test('leaves no watch behind', async () => {
    await eventually(() => {
      expect(api.live.organizationCount).toBe(0);
    });
  });
});

test('an event stream ends with the reason when its user is deactivated', async () => {
  const viewer = await api.viewer('streaming');
  const client = createClient({
    url: served.url,
    headers: { authorization: `Bearer ${await served.token('streaming')}` },
    retryAttempts: 0,
  });
  const last = client.iterate({ query: 'subscription { inboxEvents { cursor } }' }).next();
  await eventually(() => {
    expect(api.live.organizationCount).toBe(1);
  });
  await deactivate(viewer);
  expect((await last).value).toEqual({
    errors: [{ message: 'The token’s user is deactivated.', extensions: { code: 'UNAUTHENTICATED' } }],
  });
  client.dispose();
});

describe('the watch', () => {
  test('notices what another server does', async () => {
    const viewer = await api.viewer('elsewhere');
    await using database = openDatabase({
      connectionString: api.connectionString,
      poolSize: 2,
      log: silentLog,
    });
    await using live = createLive({ database, log: silentLog, pollMs: 10 });
    const noticed = new Promise<void>((resolve) => {
      live.watchActivity({ ...viewer, onDeactivated: resolve });
    });
    await eventually(() => {
      expect(live.organizationCount).toBe(1);
    });
    await deactivate(viewer);
    await noticed;
  });

  test('notices what was done before it began, also when the user was known as active', async () => {
    const viewer = await api.viewer('former');
    const onDeactivated = vi.fn();
    const stop = api.live.watchActivity({ ...viewer, onDeactivated: () => undefined });
    await deactivate(viewer);
    api.live.watchActivity({ ...viewer, onDeactivated });
    await eventually(() => {
      expect(onDeactivated).toHaveBeenCalledTimes(1);
    });
    stop();
  });

  test('costs two statements, however many sockets of an organization begin at once', async () => {
    const statements: string[] = [];
    await using database = openDatabase({
      connectionString: api.connectionString,
      poolSize: 2,
      log: silentLog,
      onStatement: (text) => statements.push(text),
    });
    await using live = createLive({ database, log: silentLog, pollMs: 60_000 });
    const gone = await api.viewer('gone');
    await deactivate(gone);
    const viewers = await Promise.all(Array.from({ length: 10 }, (_, index) => api.viewer(`many-${index}`)));
    const stops = [...viewers, ...viewers, ...viewers].map((viewer) =>
      live.watchActivity({ ...viewer, onDeactivated: () => undefined }),
    );
    await new Promise<void>((resolve) => live.watchActivity({ ...gone, onDeactivated: resolve }));
    expect(statements).toHaveLength(2);
    for (const stop of stops) stop();
    await eventually(() => {
      expect(live.organizationCount).toBe(0);
    });
  });
});
