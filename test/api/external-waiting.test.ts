/** Workers that wait: long polls, and being told that there is something. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createContext, type Context } from '../../src/graphql/context.ts';
import { fetchWhenThere } from '../../src/graphql/external-fetch.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { lockReadyTasks } from '../../src/store/external-tasks.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { externalTask, workerOf } from '../support/external-tasks.ts';
import { silentLog } from '../support/live-fixture.ts';
import { done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;
let robot: Viewer;
beforeAll(async () => {
  api = await createTestApi();
  robot = await api.viewer('robot', { roles: ['worker'] });
});
afterAll(() => api[Symbol.asyncDispose]());

let topic = '';
let topics = 0;
beforeEach(() => {
  topics += 1;
  topic = `topic-${topics}`;
});

function startOne(parts: object = {}): Promise<Running> {
  return start(api, { tasks: [externalTask('check', { topic, ...parts })] });
}

/** Another server on the same database, with a single connection for statements. */
async function anotherServer(): Promise<{
  database: Database;
  live: Live;
  context: (signal?: AbortSignal) => Context;
}> {
  const database = openDatabase({ connectionString: api.connectionString, poolSize: 1, log: silentLog });
  const live = createLive({ database, log: silentLog, pollMs: 10, timer: api.clock.timer });
  await Promise.resolve();
  return {
    database,
    live,
    context: (signal) =>
      createContext({ database, live, log: silentLog, clock: () => api.clock.now(), signal }, robot),
  };
}

function wait(context: Context, waitSeconds = 30) {
  return fetchWhenThere(context, { workerName: 'robot', topics: [topic], maxTasks: 1 }, waitSeconds);
}

describe('A fetch that waits', () => {
  test('is answered when another server commits a task, holds no connection meanwhile, and each task goes to one', async () => {
    const { database, live, context } = await anotherServer();
    await using _database = database;
    await using _live = live;
    const waiting = [wait(context()), wait(context()), wait(context())];
    await eventually(() => {
      expect(live.organizationCount).toBe(1);
    });
    // The only connection is free: nobody keeps it while they wait.
    await database.pool.query('select 1');
    for (let count = 0; count < 3; count += 1) await startOne();
    const results = await Promise.all(waiting);
    const ids = results.flatMap((result) => (result.ok ? result.value.map(({ task }) => task.id) : []));
    expect(new Set(ids).size).toBe(3);
    expect(live.organizationCount).toBe(0);
  });

  test('is answered when the pause after a failure is over', async () => {
    await startOne({ retryAfterSeconds: [30] });
    const worker = workerOf(api, robot);
    await worker.fail(await worker.one({ topics: [topic] }));
    const waiting = wait(api.context(robot));
    await eventually(() => {
      expect(api.live.organizationCount).toBe(1);
    });
    // Until it has looked, the timer is not set.
    await eventually(async () => {
      api.clock.advance(30_000);
      const result = await Promise.race([waiting, Promise.resolve(null)]);
      expect(result?.ok && result.value).toHaveLength(1);
    });
  });

  test('is answered when whoever works on the execution lets go of it', async () => {
    const running = await startOne();
    const holder = await api.database.pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from execution where id = $1 for update', [keyOf(running.id)]);
      expect(await workerOf(api, robot).fetch({ topics: [topic] })).toEqual([]);
      const waiting = wait(api.context(robot));
      await eventually(() => {
        expect(api.live.organizationCount).toBe(1);
      });
      await holder.query('rollback');
      expect(await waiting).toMatchObject({
        ok: true,
        value: [{ task: { id: keyOf(running.task('check')) } }],
      });
    } finally {
      holder.release();
    }
  });

  test('ends with nothing when its time is over, its client has gone, or the server stops', async () => {
    expect(await wait(api.context(robot), 1)).toMatchObject({ ok: true, value: [] });
    const { database, live, context } = await anotherServer();
    await using _database = database;
    const gone = new AbortController();
    const left = wait(context(gone.signal));
    const stopped = wait(context());
    await eventually(() => {
      expect(live.organizationCount).toBe(1);
    });
    gone.abort();
    expect(await left).toMatchObject({ ok: true, value: [] });
    await live[Symbol.asyncDispose]();
    expect(await stopped).toMatchObject({ ok: true, value: [] });
    await eventually(() => {
      expect(live.organizationCount).toBe(0);
    });
    // Whoever has gone takes nothing with them.
    await startOne();
    expect(await workerOf(api, robot).fetch({ topics: [topic] })).toHaveLength(1);
  });

  test('ends when the worker is deactivated', async () => {
    const leaving = await api.viewer('leaving robot', { roles: ['worker'] });
    const waiting = wait(api.context(leaving));
    await eventually(() => {
      expect(api.live.organizationCount).toBe(1);
    });
    const DEACTIVATE =
      'mutation ($id: ID!) { updateUser(input: { userId: $id, isActive: false }) { __typename } }';

    await api.data(api.admin, DEACTIVATE, { id: encodeId('User', leaving.userId) });
    expect(await waiting).toMatchObject({ ok: true, value: [] });
  });
});

describe('The subscription of availability', () => {
  const WATCH =
    'subscription ($topics: [String!]!) { externalTaskAvailability(topics: $topics) { topics { topic } } }';

  test('tells at once what is there, and again whenever that changes', async () => {
    const told = await api.subscribe(robot, WATCH, { topics: [topic, 'other'] });
    const next = async (): Promise<unknown> => (await told.next()).value;
    const availability = (...names: readonly string[]) => ({
      data: { externalTaskAvailability: { topics: names.map((name) => ({ topic: name })) } },
    });
    expect(await next()).toEqual(availability());
    await startOne();
    expect(await next()).toEqual(availability(topic));
    await workerOf(api, robot).fetch({ topics: [topic] });
    expect(await next()).toEqual(availability());
    const running = await startOne();
    expect(await next()).toEqual(availability(topic));
    await done(api, api.member, 'startTask', { taskId: running.task('check') });
    expect(await next()).toEqual(availability());
    await told.return(undefined);
    expect(api.live.organizationCount).toBe(0);
  });

  test('misses nothing that is taken while it looks', async () => {
    const open = openDatabase({ connectionString: api.connectionString, poolSize: 4, log: silentLog });
    await using database = open;
    const looked: (() => void)[] = [];
    let isHeld = false;
    const slow: Database = {
      ...database,
      async query(statement, values) {
        const rows = await database.query(statement, values);
        if (isHeld && statement.name === 'external.earliest')
          await new Promise<void>((resolve) => looked.push(resolve));
        return rows;
      },
    };
    await using live = createLive({ database: slow, log: silentLog, pollMs: 10, timer: api.clock.timer });
    const { organizationId } = robot;
    const seen: (readonly string[])[] = [];
    using _place = live.watchWork({
      organizationId,
      topics: [topic],
      clock: () => api.clock.now(),
      onLook: (ready) => seen.push([...ready.keys()]),
      onEnd: () => undefined,
    });
    await eventually(() => {
      expect(seen.at(-1)).toEqual([]);
    });
    isHeld = true;
    const running = await startOne();
    await eventually(() => {
      expect(looked).toHaveLength(1);
    });
    await done(api, api.member, 'startTask', { taskId: running.task('check') });
    await eventually(() => {
      expect(live.tick(organizationId).events.map(({ type }) => type)).toContain('TASK_STARTED');
    });
    isHeld = false;
    looked[0]?.();
    await eventually(() => {
      expect(seen.slice(-2)).toEqual([[topic], []]);
    });
  });

  test('refuses none', async () => {
    await expect(api.subscribe(robot, WATCH, { topics: [] })).rejects.toThrow('topics is empty');
  });
});

test('among 30,000 tasks, workers look at the few that they take, by the index', async () => {
  const running = await startOne();
  const key = keyOf(running.task('check'));
  const { rows: columns } = await api.database.pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_name = 'task' and table_schema = 'public'
     and column_name not in ('id', 'external_ready_at') order by ordinal_position`,
  );
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  await api.database.pool.query(
    `insert into task (id, external_ready_at, ${names})
     select gen_random_uuid(), t.external_ready_at + n * interval '1 ms', ${names}
     from task t, generate_series(1, 30000) n where t.id = $1`,
    [key],
  );
  await api.database.pool.query('analyze task');
  api.clock.advance(200_000);
  api.resetStatements();
  const { organizationId, userId: actorId } = robot;
  const now = api.clock.now().toISOString();
  const { value } = await api.database.transaction({ organizationId, actorId, now }, (tx) =>
    lockReadyTasks(tx, [topic], 2),
  );
  expect(value[0]?.taskId).toBe(key);
  const claim = api.statements().find((text) => text.includes('skip locked')) ?? '';
  const { rows } = await api.database.pool.query(`explain (analyze, format json) ${claim}`, [
    organizationId,
    [topic],
    now,
    10,
  ]);
  const plan = JSON.stringify(rows);
  expect(plan).toContain('"Index Name":"task_external_ready"');
  const scanned = [...plan.matchAll(/"Alias":"t"[^{}]*?"Actual Rows":([\d.]+)/g)].map(([, count]) =>
    Number(count),
  );
  expect(scanned).toEqual([10]);
});
