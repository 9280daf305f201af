/** EXTERNAL tasks: what workers do with them, and what people see and do meanwhile. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { ExternalReference } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { externalTask, workerOf } from '../support/external-tasks.ts';
import { edge, task } from '../support/workflow.ts';
import { command, done, entity, keyOf, start, team, type Running } from '../support/workflows.ts';

let api: TestApi;
let robot: Viewer;

// A database for each: workers get whatever waits.
beforeEach(async () => {
  await (api as TestApi | undefined)?.[Symbol.asyncDispose]();
  api = await createTestApi();
  robot = await api.viewer('robot', { roles: ['worker'] });
});
afterAll(() => api[Symbol.asyncDispose]());

/** `check`, for workers, then `after`. */
function startWith(parts: Partial<ExternalReference> = {}): Promise<Running> {
  return start(api, { tasks: [externalTask('check', parts), task('after')], edges: [edge('check > after')] });
}

const TASK = `query ($id: ID!) { task(id: $id) { status isEnabled startedAt failure { code message } viewerCommands
  entity { attributes }
  external { topic leaseCount retriesLeft availableAt isHandedBack lastFailure { message }
    handedBack { reason workerName } lease { workerName worker { name } expiresAt } } } }`;

interface Read {
  readonly status: string;
  readonly isEnabled: boolean;
  readonly viewerCommands: readonly string[];
  readonly entity: { readonly attributes: object };
  readonly external: { readonly lease: object | null } | null;
}

async function read(running: Running, name = 'check'): Promise<Read> {
  return (await api.data<{ task: Read }>(api.member, TASK, { id: running.task(name) })).task;
}

async function eventTypes(running: Running): Promise<string[]> {
  const all = await api.events(api.admin);
  const key = keyOf(running.task('check'));
  return all.filter(({ subjectId }) => subjectId === key).map(({ type }) => type);
}

describe('A worker', () => {
  test('fetches a task, completes it, and the flow goes on', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    const fetched = await worker.one();
    expect(fetched).toMatchObject({
      taskId: running.task('check'),
      leaseNumber: 1,
      topic: 'check',
      retriesLeft: 3,
    });
    expect(await read(running)).toMatchObject({
      status: 'IN_PROGRESS',
      external: {
        topic: 'check',
        leaseCount: 1,
        lease: { workerName: 'robot', worker: { name: 'robot' }, expiresAt: '2026-03-02T09:05:00.000Z' },
      },
    });
    expect(await worker.complete(fetched)).toMatchObject({
      workedTask: { status: 'COMPLETED', expiresAt: null },
    });
    expect(await read(running, 'after')).toMatchObject({ isEnabled: true, external: null });
    expect(await eventTypes(running)).toEqual(['TASK_ADDED', 'TASK_LEASED', 'TASK_COMPLETED']);
  });

  test('gets no task that another one has, that is blocked, or that is of another topic', async () => {
    await startWith();
    const worker = workerOf(api, robot);
    expect(await worker.fetch({ topics: ['other'] })).toEqual([]);
    expect(await worker.fetch()).toHaveLength(1);
    expect(await worker.fetch()).toEqual([]);
    await start(api, { tasks: [task('first'), externalTask('check')], edges: [edge('first > check')] });
    expect(await worker.fetch()).toEqual([]);
  });

  test('gets the task that has waited the longest first, of several topics, and as many as it wants', async () => {
    const running: Running[] = [];
    for (const topic of ['a', 'b', 'a']) {
      running.push(await startWith({ topic }));
      api.clock.advance(1_000);
    }
    const tasks = await workerOf(api, robot).fetch({ topics: ['b', 'a', 'b'], maxTasks: 2 });
    expect(tasks.map(({ taskId }) => taskId)).toEqual(running.slice(0, 2).map((one) => one.task('check')));
  });

  test('is handed what the definition names, and its result goes where the definition says', async () => {
    const attributes = {
      customer: { email: 'n@post.example' },
      items: [{ price: 1 }, { price: 2 }],
      hints: ['old'],
    };
    const entityId = await entity(api, { attributes });
    const running = await start(
      api,
      {
        tasks: [
          externalTask('check', {
            input: [
              { name: 'mail', path: 'entity.customer.email' },
              { name: 'prices', path: 'entity.items[*].price' },
              { name: 'title', path: 'entityTitle' },
              { name: 'task', path: 'task.key' },
              { name: 'gone', path: 'entity.nothing' },
            ],
            output: [
              {
                source: 'score.value',
                target: 'check.score',
                entitySchema: null,
                mode: 'SET',
                isRequired: true,
              },
              { source: 'hints', target: 'hints', entitySchema: null, mode: 'APPEND', isRequired: false },
            ],
          }),
        ],
      },
      { entityId },
    );
    const worker = workerOf(api, robot);
    const fetched = await worker.one();
    expect(fetched.input).toEqual({
      mail: 'n@post.example',
      prices: [1, 2],
      title: expect.any(String) as string,
      task: 'check',
      gone: null,
    });
    expect(await worker.complete(fetched, { hints: ['new'] })).toMatchObject({
      issues: [{ path: 'output.score.value', code: 'EMPTY' }],
    });
    await worker.complete(fetched, { score: { value: 7 }, hints: ['new'], more: true });
    expect((await read(running)).entity.attributes).toMatchObject({
      check: { score: 7 },
      hints: ['old', 'new'],
    });
    const events = (await api.events(api.admin)).slice(-3).map(({ type }) => type);
    expect(events.sort()).toEqual(['ENTITY_UPDATED', 'EXECUTION_DONE', 'TASK_COMPLETED']);
  });

  test('that says the same again gets the same answer, and nothing happens twice', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    const fetched = await worker.one();
    const first = await worker.complete(fetched);
    const count = (await api.events(api.admin)).length;
    expect(await worker.complete(fetched)).toEqual(first);
    expect(await api.events(api.admin)).toHaveLength(count);
    expect(await worker.fail(fetched)).toMatchObject({
      __typename: 'LeaseLostProblem',
      leaseLostReason: 'ENDED',
      taskStatus: 'COMPLETED',
    });
    expect(await read(running)).toMatchObject({ status: 'COMPLETED' });
  });

  test('keeps its task for longer by heartbeats, and a late one takes nothing away', async () => {
    await startWith();
    const worker = workerOf(api, robot);
    const fetched = await worker.one({ leaseSeconds: 60 });
    api.clock.advance(50_000);
    expect(await worker.extend(fetched, 60)).toMatchObject({
      workedTask: { expiresAt: '2026-03-02T09:01:50.000Z' },
    });
    expect(await worker.extend(fetched, 5)).toMatchObject({
      workedTask: { expiresAt: '2026-03-02T09:01:50.000Z' },
    });
    expect(await worker.extend(fetched, 4)).toMatchObject({
      issues: [{ path: 'leaseSeconds', code: 'OUT_OF_RANGE' }],
    });
    api.clock.advance(59_999);
    expect(await worker.complete(fetched)).toMatchObject({ workedTask: { status: 'COMPLETED' } });
  });

  test('that was not heard of in time has lost its task, whether or not another one has it', async () => {
    await startWith();
    const [slow, quick] = [workerOf(api, robot, 'slow'), workerOf(api, robot, 'quick')];
    const old = await slow.one({ leaseSeconds: 60 });
    api.clock.advance(60_000);
    expect(await slow.complete(old)).toMatchObject({ leaseLostReason: 'EXPIRED', taskStatus: 'IN_PROGRESS' });
    const next = await quick.one();
    expect(next.leaseNumber).toBe(2);
    for (const lost of [await slow.complete(old), await slow.extend(old, 60), await slow.handBack(old)])
      expect(lost).toMatchObject({ leaseLostReason: 'TAKEN_OVER', taskStatus: 'IN_PROGRESS' });
    expect(await quick.complete(next)).toMatchObject({ workedTask: { status: 'COMPLETED' } });
  });

  test('learns how it lost its task for the next twenty leases; then there is no such task for it, and no row is kept', async () => {
    const running = await startWith();
    const [slow, quick] = [workerOf(api, robot, 'slow'), workerOf(api, robot, 'quick')];
    const old = await slow.one({ leaseSeconds: 60 });
    const loseAgain = async (): Promise<void> => {
      api.clock.advance(60_000);
      await quick.one({ leaseSeconds: 60 });
    };
    for (let count = 1; count < 20; count += 1) await loseAgain();
    expect(await slow.complete(old)).toMatchObject({ leaseLostReason: 'TAKEN_OVER' });
    await loseAgain();
    expect(await slow.complete(old)).toMatchObject({ __typename: 'NotFoundProblem' });
    const { rows } = await api.database.pool.query('select number from task_lease order by number');
    expect(rows).toEqual(Array.from({ length: 20 }, (_, index) => ({ number: index + 2 })));
    expect(await read(running)).toMatchObject({ external: { leaseCount: 21 } });
  });

  test('that fails leaves the task to the next attempt, after a pause, until as many have failed as may', async () => {
    const running = await startWith({ retries: 3, retryAfterSeconds: [10, 60] });
    const worker = workerOf(api, robot);
    expect(await worker.fail(await worker.one())).toMatchObject({ workedTask: { status: 'PENDING' } });
    expect(await read(running)).toMatchObject({
      isEnabled: true,
      external: {
        retriesLeft: 2,
        availableAt: '2026-03-02T09:00:10.000Z',
        lastFailure: { message: 'The register does not answer.' },
      },
    });
    expect(await worker.fetch()).toEqual([]);
    api.clock.advance(10_000);
    await worker.fail(await worker.one());
    expect(await read(running)).toMatchObject({ external: { availableAt: '2026-03-02T09:01:10.000Z' } });
    api.clock.advance(60_000);
    expect(await worker.fail(await worker.one())).toMatchObject({ workedTask: { status: 'FAILED' } });
    expect(await read(running)).toMatchObject({
      failure: { code: 'EXTERNAL_FAILED', message: 'The register does not answer.' },
    });
    await done(api, api.member, 'retryTask', { taskId: running.task('check') });
    expect(await worker.one()).toMatchObject({ retriesLeft: 3, leaseNumber: 4 });
  });

  test('can say that trying again is of no use, or when it is', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    await worker.fail(await worker.one(), { retriesLeft: 5, retryAfterSeconds: 30 });
    expect(await read(running)).toMatchObject({
      external: { retriesLeft: 5, availableAt: '2026-03-02T09:00:30.000Z' },
    });
    api.clock.advance(30_000);
    const fetched = await worker.one();
    expect(await worker.fail(fetched, { retriesLeft: 101 })).toMatchObject({
      issues: [{ path: 'retriesLeft', code: 'OUT_OF_RANGE' }],
    });
    expect(await worker.fail(fetched, { retriesLeft: 0 })).toMatchObject({
      workedTask: { status: 'FAILED' },
    });
  });

  test('gives a task to people, who work it or give it back', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    expect(await worker.handBack(await worker.one())).toMatchObject({ workedTask: { status: 'PENDING' } });
    expect(await worker.fetch()).toEqual([]);
    expect(await read(running)).toMatchObject({
      isEnabled: true,
      viewerCommands: expect.arrayContaining(['START', 'COMPLETE', 'SKIP', 'RETRY']) as unknown,
      external: {
        isHandedBack: true,
        handedBack: { reason: 'A signature is missing.', workerName: 'robot' },
      },
    });
    await done(api, api.member, 'retryTask', { taskId: running.task('check') });
    await worker.handBack(await worker.one());
    await done(api, api.member, 'completeTask', { taskId: running.task('check') });
    expect(await read(running, 'after')).toMatchObject({ isEnabled: true });
  });
});

describe('A person', () => {
  test('who has claimed a task has it to themselves until they release it', async () => {
    const claimable = await team(api, [api.member]);
    const assignees = [{ type: 'TEAM' as const, id: claimable.key }];
    const running = await start(api, { tasks: [externalTask('check', {}, { assignees })] });
    const worker = workerOf(api, robot);
    const who = await api.viewer(api.member.name);
    await done(api, who, 'claimTask', { taskId: running.task('check') });
    expect(await worker.fetch()).toEqual([]);
    await done(api, who, 'releaseTask', { taskId: running.task('check') });
    expect(await worker.one()).toMatchObject({ leaseNumber: 1 });
  });

  test.each([
    ['startTask', 'IN_PROGRESS', 'TAKEN_OVER'],
    ['completeTask', 'COMPLETED', 'ENDED'],
    ['skipTask', 'SKIPPED', 'ENDED'],
    ['stopTask', 'PENDING', 'ENDED'],
    ['holdTask', 'ON_HOLD', 'ENDED'],
    ['failTask', 'FAILED', 'ENDED'],
  ])('takes a task from its worker by %s', async (name, status, reason) => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    const fetched = await worker.one();
    await done(api, api.member, name, { taskId: running.task('check') });
    expect(await read(running)).toMatchObject({ status, external: { lease: null } });
    expect(await worker.complete(fetched)).toMatchObject({ leaseLostReason: reason, taskStatus: status });
  });

  test('who puts a task aside leaves it to workers when the hold ends', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    await worker.one();
    await done(api, api.member, 'holdTask', { taskId: running.task('check') });
    expect(await worker.fetch()).toEqual([]);
    await done(api, api.member, 'resumeTask', { taskId: running.task('check') });
    expect(await worker.one()).toMatchObject({ leaseNumber: 2 });
  });

  test('who closes or reverts takes the task from its worker', async () => {
    const running = await startWith();
    const worker = workerOf(api, robot);
    const first = await worker.one();
    await done(api, api.member, 'closeExecution', { executionId: running.id });
    expect(await worker.complete(first)).toMatchObject({ leaseLostReason: 'ENDED', taskStatus: 'PENDING' });
    expect(await read(running)).toMatchObject({ status: 'PENDING', startedAt: null });
    await done(api, api.member, 'reopenExecution', { executionId: running.id });
    const second = await worker.one();
    await worker.complete(second);
    await done(api, api.member, 'reopenTask', { taskId: running.task('check'), revert: true });
    const third = await worker.one();
    expect(third.leaseNumber).toBe(3);
    expect(await worker.complete(second)).toMatchObject({ leaseLostReason: 'TAKEN_OVER' });
  });

  test('sees in the blockers of what waits for it whether a worker has the task or is waited for', async () => {
    const running = await startWith();
    const BLOCKERS = `query ($id: ID!) { task(id: $id) { blockers { blockers { __typename message clearedBy
      ... on WorkerBlocker { topic workerName availableAt } } } } }`;
    const under = async (): Promise<unknown> => {
      const { task: found } = await api.data<{ task: { blockers: { blockers: unknown[] }[] } }>(
        api.member,
        BLOCKERS,
        { id: running.task('after') },
      );
      return found.blockers[0]?.blockers[0];
    };
    expect(await under()).toMatchObject({
      __typename: 'WorkerBlocker',
      message: '“check” waits for a worker of the topic “check”.',
      clearedBy: ['START', 'COMPLETE', 'SKIP'],
      workerName: null,
    });
    await workerOf(api, robot).one();
    expect(await under()).toMatchObject({ topic: 'check', workerName: 'robot' });
    await done(api, api.member, 'startTask', { taskId: running.task('check') });
    expect(await under()).toMatchObject({ __typename: 'AssigneeBlocker' });
  });

  test('counts the tasks of each topic', async () => {
    const worker = workerOf(api, robot);
    for (let count = 0; count < 5; count += 1) await startWith({ retryAfterSeconds: [60] });
    const [a, b, c] = await worker.fetch({ maxTasks: 4 });
    if (a) await worker.fail(a);
    if (b) await worker.fail(b, { retriesLeft: 0 });
    if (c) await worker.handBack(c);
    const QUERY = '{ externalTopics { topic available resting leased failed handedBack } }';
    expect(await api.data(api.member, QUERY)).toEqual({
      externalTopics: [{ topic: 'check', available: 1, resting: 1, leased: 1, failed: 1, handedBack: 1 }],
    });
    expect(await api.data(api.otherAdmin, QUERY)).toEqual({ externalTopics: [] });
    expect(await api.errorCodes(api.partner, QUERY)).toEqual(['FORBIDDEN']);
  });
});

describe('The role worker', () => {
  test('can do nothing but work: every other root field is refused', async () => {
    const running = await startWith();
    expect(await api.errorCodes(robot, '{ viewer { name } }')).toEqual(['FORBIDDEN']);
    expect(await api.errorCodes(robot, TASK, { id: running.task('check') })).toEqual(['FORBIDDEN']);
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect(await api.errorCodes(robot, node, { id: running.task('check') })).toEqual(['FORBIDDEN']);
    const complete = 'mutation ($id: ID!) { completeTask(input: { taskId: $id }) { __typename } }';
    expect(await api.errorCodes(robot, complete, { id: running.task('check') })).toEqual(['FORBIDDEN']);
    const watch = 'subscription ($id: ID!) { executionEvents(executionId: $id) { cursor } }';
    await expect(api.subscribe(robot, watch, { id: running.id })).rejects.toThrow('is for people');
  });

  test('is needed to work as a program; admins have it as well', async () => {
    await startWith();
    const FETCH =
      'mutation { fetchExternalTasks(input: { workerName: "x", topics: ["check"] }) { __typename } }';
    for (const viewer of [api.member, api.designer, api.partner])
      expect(await api.errorCodes(viewer, FETCH)).toEqual(['FORBIDDEN']);
    expect(await workerOf(api, api.admin).fetch()).toHaveLength(1);
  });

  test('may be only for some topics', async () => {
    await startWith();
    const narrow = { ...robot, topics: ['other'] };
    const FETCH =
      'mutation { fetchExternalTasks(input: { workerName: "x", topics: ["check"] }) { __typename } }';
    expect(await api.errorCodes(narrow, FETCH)).toEqual(['FORBIDDEN']);
    const WATCH = 'subscription { externalTaskAvailability(topics: ["check"]) { topics { topic } } }';
    await expect(api.subscribe(narrow, WATCH)).rejects.toThrow('not for the topic');
    expect(await workerOf(api, narrow).fetch({ topics: ['other'] })).toEqual([]);
  });

  test('ends at its organization, and a token of a lease at the worker that got it', async () => {
    await startWith();
    const stranger = await api.viewer('robot', { organization: 'nordhafen', roles: ['worker'] });
    expect(await workerOf(api, stranger).fetch()).toEqual([]);
    const fetched = await workerOf(api, robot).one();
    const colleague = await api.viewer('other robot', { roles: ['worker'] });
    for (const viewer of [stranger, colleague])
      expect(await workerOf(api, viewer).complete(fetched)).toMatchObject({ __typename: 'NotFoundProblem' });
    const forged = { ...fetched, leaseToken: `1.${'A'.repeat(43)}` };
    for (const leaseToken of [forged.leaseToken, '', 'x', '2' + fetched.leaseToken.slice(1)])
      expect(await workerOf(api, robot).complete({ ...fetched, leaseToken })).toMatchObject({
        __typename: 'NotFoundProblem',
      });
    expect(await workerOf(api, robot).complete(fetched)).toMatchObject({
      workedTask: { status: 'COMPLETED' },
    });
  });

  test('finds no secret in the log or in the table of leases', async () => {
    await startWith();
    const { leaseToken } = await workerOf(api, robot).one();
    const secret = leaseToken.slice(leaseToken.indexOf('.') + 1);
    expect(JSON.stringify(await api.events(api.admin))).not.toContain(secret);
    const { rows } = await api.database.pool.query('select secret_hash from task_lease');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });
});

test.each([
  [{ topics: [] }, 'topics', 'EMPTY'],
  [{ topics: [' '] }, 'topics[0]', 'EMPTY'],
  [{ workerName: '' }, 'workerName', 'EMPTY'],
  [{ maxTasks: 0 }, 'maxTasks', 'OUT_OF_RANGE'],
  [{ maxTasks: 101 }, 'maxTasks', 'OUT_OF_RANGE'],
  [{ leaseSeconds: 4 }, 'leaseSeconds', 'OUT_OF_RANGE'],
  [{ leaseSeconds: 86_401 }, 'leaseSeconds', 'OUT_OF_RANGE'],
  [{ waitSeconds: 31 }, 'waitSeconds', 'OUT_OF_RANGE'],
])('fetching with %o is refused: %s is %s', async (input, path, code) => {
  expect(await workerOf(api, robot).answer(input)).toMatchObject({ issues: [{ path, code }] });
});

test('a task that nobody fetched is worked by people as any other', async () => {
  const running = await startWith();
  expect(await command(api, api.member, 'startTask', { taskId: running.task('check') })).toMatchObject({
    task: { status: 'IN_PROGRESS' },
  });
  expect(await workerOf(api, robot).fetch()).toEqual([]);
  await done(api, api.member, 'completeTask', { taskId: running.task('check') });
});
