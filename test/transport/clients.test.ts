/** The examples of `test/clients`, each against a served API, behind a network that breaks. */
import { assertInterfaceType, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { schema } from '../../src/graphql/schema.ts';
import { archiveEvents } from '../../src/store/event-archive.ts';
import { decodePosition, encodePosition } from '../../src/store/event-cursor.ts';
import { connectApollo } from '../clients/apollo.ts';
import { connectGraphqlWs } from '../clients/graphql-ws.ts';
import type { Handrail, HandrailOptions, Inbox } from '../clients/handrail.ts';
import { createLiveClient } from '../clients/live-client.ts';
import { ENTITY_EVENTS, type EntityEvent } from '../clients/operations.ts';
import { POSSIBLE_TYPES } from '../clients/possible-types.ts';
import { connectUrql } from '../clients/urql.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { openGateway, type Gateway } from '../support/gateway.ts';
import { assignedTo } from '../support/inbox.ts';
import { serve } from '../support/served-api.ts';
import { position } from '../support/watch.ts';
import { phased } from '../support/workflow.ts';
import { done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  // As in a browser.
  vi.stubGlobal('WebSocket', WebSocket);
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  vi.unstubAllGlobals();
});

const CONTENT = phased('first: a b', 'second: c');
const INBOX = phased('first: b d', 'second: a c');
const SOON = { interval: 5, timeout: 10_000 };

interface Scene extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly options: HandrailOptions;
  readonly handrail: Handrail;
  readonly running: Running;
  /** Where the log is when the scene begins. */
  readonly begin: string;
  /** The positions from which the client was told to read anew. */
  readonly readAnew: readonly string[];
  readonly failures: readonly unknown[];
  /** Watches the entity from the beginning on; answers the cursors, as they come. */
  watch(): readonly string[];
  /** Starts or stops the task `a`: one event each. */
  change(): Promise<void>;
  /** The cursors of all that has happened to the entity since the beginning. */
  expected(): Promise<string[]>;
  /** Another server takes over, and the one that was there stops. */
  moveServer(): Promise<void>;
}

interface SceneOptions {
  readonly viewer?: string;
  readonly content?: Partial<DefinitionContent>;
  /** What the app has for a token before it is asked for another one. */
  readonly firstToken?: string;
  readonly laterToken?: string;
}

async function openScene(
  connect: (options: HandrailOptions) => Handrail,
  { viewer = 'member', content = CONTENT, firstToken, laterToken }: SceneOptions = {},
): Promise<Scene> {
  let served = await serve(api);
  const gateway = await openGateway(served.url);
  const running = await start(api, content);
  const begin = await position(api);
  const readAnew: string[] = [];
  const failures: unknown[] = [];
  const options: HandrailOptions = {
    url: gateway.url,
    token: async (isRefused) => (isRefused ? laterToken : firstToken) ?? (await served.token(viewer)),
    readAnew(place) {
      readAnew.push(place);
      return Promise.resolve();
    },
    wait: () => 5,
  };
  const handrail = connect(options);
  let isStarted = false;
  return {
    gateway,
    options,
    handrail,
    running,
    begin,
    readAnew,
    failures,
    watch() {
      const cursors: string[] = [];
      handrail.watchEntity(running.entityId, begin, {
        next: ({ cursor }) => cursors.push(cursor),
        failed: (error) => failures.push(error),
      });
      return cursors;
    },
    async change() {
      isStarted = !isStarted;
      await done(api, api.designer, isStarted ? 'startTask' : 'stopTask', { taskId: running.task('a') });
    },
    async expected() {
      const { rows } = await api.database.pool.query<{ seq: string }>(
        'select seq from event_history where $1 = any(entity_ids) and seq > $2 order by seq',
        [keyOf(running.entityId), decodePosition(begin)],
      );
      return rows.map(({ seq }) => encodePosition(Number(seq)));
    },
    async moveServer() {
      const [before, after] = [served, await serve(api)];
      served = after;
      gateway.lead(after.url);
      await before[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      await handrail.close();
      await gateway[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
    },
  };
}

describe.each([
  ['graphql-ws', connectGraphqlWs],
  ['urql', connectUrql],
  ['Apollo Client', connectApollo],
])('%s', (name, connect) => {
  test('reads what it has just changed', async () => {
    await using scene = await openScene(connect);
    const { handrail, running } = scene;
    const id = running.task('a');
    expect(await handrail.readTask(id)).toMatchObject({ name: 'a', status: 'PENDING' });
    const changed = await handrail.completeTask(id);
    expect(await handrail.readTask(id, changed)).toMatchObject({ name: 'a', status: 'COMPLETED' });
    await expect(handrail.completeTask(id)).rejects.toThrow('is COMPLETED since');
  });

  test('has every event once and in order, though its connections are cut', async () => {
    await using scene = await openScene(connect);
    const cursors = scene.watch();
    for (const count of [1, 4, 7]) {
      await scene.change();
      await expect.poll(() => cursors.length, SOON).toBe(count);
      await scene.change();
      scene.gateway.shut();
      await scene.change();
      scene.gateway.open();
    }
    const expected = await scene.expected();
    expect(expected).toHaveLength(9);
    await expect.poll(() => cursors, SOON).toEqual(expected);
    expect(scene.gateway.count).toBeGreaterThan(3);
    expect(scene.failures).toEqual([]);
  });

  test('goes on at another server when its own stops', async () => {
    await using scene = await openScene(connect);
    const cursors = scene.watch();
    await scene.change();
    await expect.poll(() => cursors.length, SOON).toBe(1);
    await scene.moveServer();
    await scene.change();
    const expected = await scene.expected();
    await expect.poll(() => cursors, SOON).toEqual(expected);
    expect(scene.failures).toEqual([]);
  });

  test('reads anew what is too long ago to be sent, and goes on from there', async () => {
    await using scene = await openScene(connect);
    const cursors = scene.watch();
    await scene.change();
    await expect.poll(() => cursors.length, SOON).toBe(1);
    scene.gateway.shut();
    await scene.change();
    await archiveEvents(api.database, api.member.organizationId, '2100-01-01T00:00:00.000Z', 1_000);
    scene.gateway.open();
    await expect.poll(() => scene.readAnew.length, SOON).toBe(1);
    await scene.change();
    const [first, missed, last] = await scene.expected();
    await expect.poll(() => cursors, SOON).toEqual([first, last]);
    expect(scene.readAnew).toEqual([missed]);
    expect(scene.failures).toEqual([]);
  });

  test('asks for another token when its own is refused', async () => {
    await using scene = await openScene(connect, { firstToken: 'expired' });
    const cursors = scene.watch();
    await scene.change();
    await expect.poll(() => cursors.length, SOON).toBe(1);
    expect(await scene.handrail.readTask(scene.running.task('a'))).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('gives up when the other token is refused too', async () => {
    await using scene = await openScene(connect, { firstToken: 'expired', laterToken: 'forged' });
    scene.watch();
    await expect.poll(() => scene.failures.length, SOON).toBe(1);
    expect(scene.gateway.count).toBe(2);
    await expect(scene.handrail.readTask(scene.running.task('a'))).rejects.toThrow();
  });

  test('keeps an inbox that equals a fresh one, in every view that shows it', async () => {
    const viewer = await api.viewer(name);
    await using scene = await openScene(connect, {
      viewer: name,
      content: { ...INBOX, tasks: INBOX.tasks.map((task) => ({ ...task, ...assignedTo(viewer) })) },
    });
    const views: Inbox[] = [];
    function show(view: number): void {
      scene.handrail.watchInbox({
        next: (inbox) => (views[view] = inbox),
        failed: (error) => expect.unreachable(String(error)),
      });
    }
    function give(command: string, key: string, input: object = {}): Promise<unknown> {
      return done(api, api.designer, command, { taskId: scene.running.task(key), ...input });
    }
    async function shown(): Promise<string[]> {
      const fresh = await freshInbox(viewer);
      await expect.poll(() => views, SOON).toMatchObject(views.map(() => fresh));
      return fresh.rows.map((row) => row.name);
    }
    show(0);
    await expect.poll(() => views.length, SOON).toBe(1);
    expect(await shown()).toEqual(['a', 'b', 'c', 'd']);
    await give('startTask', 'b');
    await give('updateTask', 'b', { name: 'z' });
    await give('completeTask', 'd');
    expect(await shown()).toEqual(['a', 'c', 'z']);
    show(1);
    await expect.poll(() => views.length, SOON).toBe(2);
    expect(await shown()).toEqual(['a', 'c', 'z']);
    scene.gateway.shut();
    await give('updateTask', 'c', { name: '0' });
    scene.gateway.open();
    await give('assignTask', 'a', { set: [] });
    expect(await shown()).toEqual(['0', 'z']);
  });
});

/** As somebody reads it who has not watched it. */
async function freshInbox(viewer: Viewer): Promise<Inbox> {
  const { inbox } = await api.data<{ inbox: Inbox }>(
    viewer,
    `{ inbox(orderBy: { field: NAME }, first: 50) {
         rows: nodes { id name status } totalCount counts { overdue withoutDate } } }`,
  );
  return inbox;
}

test('a live client is an iterable of events, too', async () => {
  await using scene = await openScene(connectGraphqlWs);
  const { options, running, begin: after } = scene;
  const live = createLiveClient({ ...options, url: options.url.replace('http', 'ws') });
  const seen: string[] = [];
  await scene.change();
  await scene.change();
  const payload = { query: print(ENTITY_EVENTS), variables: { entityId: running.entityId, after } };
  for await (const { data } of live.iterate<{ entityEvents: EntityEvent }>(payload)) {
    seen.push(data?.entityEvents.cursor ?? '');
    if (seen.length === 1) scene.gateway.shut();
    await scene.change();
    scene.gateway.open();
    if (seen.length === 4) break;
  }
  expect(seen).toEqual((await scene.expected()).slice(0, 4));
  await live.dispose();
});

test('Apollo’s cache knows all problems', () => {
  const problem = assertInterfaceType(schema.getType('Problem'));
  const names = schema.getPossibleTypes(problem).map((type) => type.name);
  expect(POSSIBLE_TYPES['Problem']).toEqual(names.sort());
});
