import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { updateEntity } from '../../src/commands/entities.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { applyChanges, type AppliedChange } from '../support/live-list.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { serve, type ServedApi } from '../support/served-api.ts';
import { entity, keyOf, start, type Running } from '../support/workflows.ts';
import { phased } from '../support/workflow.ts';

const MIB = 1024 * 1024;
const PATIENCE = { timeout: 15_000, interval: 10 };
/** So many after those that the operating system keeps for a peer that does not read. */
const MORE_CHANGES = 5;
/** The operating system keeps this much at most, at 1.6 MB each: 32 MiB and 4 MiB where Linux may use most. */
const MOST_KEPT = 40;
/** Of an entity with attributes of 200 KB. */
const LARGE = Array.from({ length: 8 }, (_, index) => `copy${index}: entity { attributes }`).join(' ');

let api: TestApi;
let served: ServedApi;
let running: Running;
let opened: RawSocket[] = [];

beforeAll(async () => {
  api = await createTestApi();
  served = await serve(api);
});
afterEach(() => {
  for (const { socket } of opened) socket.terminate();
  opened = [];
  vi.restoreAllMocks();
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

/** An execution on a large entity. */
async function startLarge(): Promise<void> {
  const attributes = { text: 'x'.repeat(200 * 1024) };
  running = await start(api, phased('first: a b'), { entityId: await entity(api, { attributes }) });
}

/** Changes the entity; `count` is what its title says then. */
async function change(count: number): Promise<void> {
  const result = await updateEntity(api.context(api.admin), {
    id: keyOf(running.entityId),
    title: `Roof ${count}`,
  });
  expect(result.ok).toBe(true);
}

async function connect(query: string): Promise<RawSocket> {
  const raw = await openRawSocket(served.wsUrl, { token: await served.token('member') }, [
    { query, variables: { id: running.entityId } },
  ]);
  opened.push(raw);
  return raw;
}

/** Bytes that wait in a socket of this process: in the one where most wait now, and the most that ever waited in one after a message. */
interface Waiting {
  readonly now: number;
  readonly most: number;
}

function watchWaiting(): Waiting {
  const sockets = new Set<WebSocket>();
  const watched = {
    most: 0,
    get now() {
      return Math.max(0, ...[...sockets].map(({ bufferedAmount }) => bufferedAmount));
    },
  };
  const { prototype } = WebSocket as unknown as {
    readonly prototype: { readonly send: (...args: unknown[]) => void };
  };
  const { send } = prototype;
  vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, ...args: unknown[]) {
    send.apply(this, args);
    sockets.add(this);
    watched.most = Math.max(watched.most, this.bufferedAmount);
  });
  return watched;
}

/** Changes the entity until frames wait in this process, as the operating system keeps no more, and then a few times; answers how often. */
async function changeUntilFull(
  waiting: Waiting,
  afterwards: (count: number) => Promise<void>,
): Promise<number> {
  let [count, full] = [0, Infinity];
  while (count < full + MORE_CHANGES) {
    count += 1;
    await change(count);
    await afterwards(count);
    if (waiting.now > MIB) full = Math.min(full, count);
    else expect(count).toBeLessThan(MOST_KEPT);
  }
  return count;
}

interface Told {
  readonly cursor: string | undefined;
  readonly title: string | undefined;
}

/** What is said before the large part of each frame. */
function told({ frames: [frames = []] }: RawSocket): Told[] {
  return frames.map((frame) => {
    const [, cursor, title] = /"cursor":"(.*?)","entity":\{"title":"(.*?)"/.exec(frame.slice(0, 500)) ?? [];
    return { cursor, title };
  });
}

/** Until the peers have been told of the change, and of all before it. */
async function haveBeenTold(readers: readonly RawSocket[], count: number): Promise<void> {
  await vi.waitFor(() => {
    for (const reader of readers) expect(told(reader).at(-1)?.title).toBe(`Roof ${count}`);
  }, PATIENCE);
}

describe('a peer that does not read', () => {
  test('gets every event in order and once when it reads again; nobody waits for it, and little waits in memory', async () => {
    await startLarge();
    const query = `subscription ($id: ID!) { event: entityEvents(entityId: $id) { cursor entity { title } ${LARGE} } }`;
    const [slow, quick, other] = await Promise.all([connect(query), connect(query), connect(query)]);
    let changes = 0;
    await vi.waitFor(async () => {
      await change((changes -= 1));
      for (const { frames } of opened) expect(frames[0]?.length).toBeGreaterThan(0);
    });
    await change(0);
    await haveBeenTold(opened, 0);
    const waiting = watchWaiting();
    const before = told(slow).length;
    slow.socket.pause();
    const count = await changeUntilFull(waiting, (latest) => haveBeenTold([quick, other], latest));
    expect(told(slow)).toHaveLength(before);
    expect(waiting.most).toBeLessThan(4 * MIB);
    slow.socket.resume();
    const last = told(quick).at(-1);
    await vi.waitFor(() => {
      expect(told(slow).at(-1)).toEqual(last);
    }, PATIENCE);
    const cursors = told(slow).map(({ cursor }) => cursor);
    expect(cursors.slice(before)).toEqual(
      told(quick)
        .slice(-count)
        .map(({ cursor }) => cursor),
    );
    await change(100);
    await haveBeenTold([slow, quick], 100);
    expect(waiting.most).toBeLessThan(4 * MIB);
  });

  test('has the present list after it reads again, without each step on the way', async () => {
    await startLarge();
    const rows = 'id name status entity { title }';
    const slow =
      await connect(`subscription ($id: ID!) { list: liveSidebar(entityId: $id) { isReset totalCount
      changes { kind index previousIndex execution { ${rows} } } entity { title } ${LARGE} } }`);
    await vi.waitFor(() => {
      expect(slow.frames[0]).toHaveLength(1);
    });
    const quick = await connect(
      'subscription ($id: ID!) { list: liveSidebar(entityId: $id) { entity { title } } }',
    );
    const waiting = watchWaiting();
    slow.socket.pause();
    const quickIsTold = (count: number): Promise<void> =>
      vi.waitFor(() => {
        expect(quick.frames[0]?.at(-1)).toContain(`"Roof ${count}"`);
      }, PATIENCE);
    const last = 1 + (await changeUntilFull(waiting, quickIsTold));
    await start(api, phased('first: c'), { entityId: running.entityId });
    await change(last);
    await quickIsTold(last);
    expect(waiting.most).toBeLessThan(4 * MIB);
    slow.socket.resume();
    await vi.waitFor(() => {
      expect(slow.frames[0]?.at(-1)).toContain(`"Roof ${last}"`);
    }, PATIENCE);
    expect(slow.frames[0]?.length).toBeLessThan(last);
    let list: readonly object[] = [];
    for (const frame of slow.frames[0] ?? []) {
      const { payload } = JSON.parse(frame) as { payload: { data: { list: Update } } };
      const { isReset } = payload.data.list;
      const changes = payload.data.list.changes.map(({ execution, ...where }) => ({
        ...where,
        row: execution,
      }));
      list = applyChanges(isReset ? [] : list, changes);
    }
    const fresh = await api.data<{ entity: { executions: { nodes: object[] } } }>(
      api.member,
      `query ($id: ID!) { entity(id: $id) { executions { nodes { ${rows} } } } }`,
      { id: running.entityId },
    );
    expect(list).toEqual(fresh.entity.executions.nodes);
    expect(list).toHaveLength(2);
  });
});

interface Update {
  readonly isReset: boolean;
  readonly changes: readonly (Omit<AppliedChange<object>, 'row'> & { readonly execution: object | null })[];
}
