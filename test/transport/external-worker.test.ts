/** The example worker against a served API, behind a network that breaks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startExternalWorker, type ExternalWorkerOptions, type Job } from '../clients/external-worker.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { externalTask } from '../support/external-tasks.ts';
import { openGateway, type Gateway } from '../support/gateway.ts';
import { serve, type ServedApi } from '../support/served-api.ts';
import { done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;
let served: ServedApi;
let gateway: Gateway;
beforeAll(async () => {
  api = await createTestApi();
  served = await serve(api);
  gateway = await openGateway(served.url);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await served[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

function startWorker(
  topic: string,
  work: ExternalWorkerOptions['work'],
  more: Partial<ExternalWorkerOptions> = {},
) {
  return startExternalWorker({
    url: gateway.url,
    token: () => served.token('robot', ['worker']),
    workerName: 'robot',
    topics: [topic],
    work,
    backoffMs: [5, 10],
    ...more,
  });
}

const startOne = (topic: string): Promise<Running> =>
  start(api, { tasks: [externalTask('check', { topic })] });

async function statusOf(running: Running): Promise<string> {
  const QUERY = 'query ($id: ID!) { task(id: $id) { status } }';
  const { task } = await api.data<{ task: { status: string } }>(api.member, QUERY, {
    id: running.task('check'),
  });
  return task.status;
}

async function completions(running: Running): Promise<number> {
  const key = keyOf(running.task('check'));
  const events = await api.events(api.admin);
  return events.filter(({ type, taskId }) => type === 'TASK_COMPLETED' && taskId === key).length;
}

test('works whatever comes, each task once, however often its connections are cut', async () => {
  const jobs: Job[] = [];
  const worker = startWorker('cut', (job) => {
    jobs.push(job);
    gateway.shut();
    setImmediate(() => {
      gateway.open();
    });
    return Promise.resolve({ output: {} });
  });
  const all: Running[] = [];
  for (let count = 0; count < 8; count += 1) {
    const running = await startOne('cut');
    all.push(running);
    await eventually(async () => {
      // A lease whose answer was lost ends by its time.
      api.clock.advance(60_000);
      expect(await statusOf(running)).toBe('COMPLETED');
    });
  }
  await worker.stop();
  for (const running of all) expect(await completions(running)).toBe(1);
  expect(gateway.count).toBeGreaterThan(8);
});

test('fails by its errors, and hands back what it says that people have to do', async () => {
  const [bad, odd] = [await startOne('bad'), await startOne('odd')];
  const worker = startWorker(
    'bad',
    ({ topic }) => {
      if (topic === 'bad') throw new Error('No such meter.');
      return Promise.resolve({ handBack: 'A signature is missing.' });
    },
    { topics: ['bad', 'odd'] },
  );
  await eventually(async () => {
    expect(await statusOf(bad)).toBe('FAILED');
  });
  const QUERY = 'query ($id: ID!) { task(id: $id) { external { isHandedBack } } }';
  await eventually(async () => {
    expect(await api.data(api.member, QUERY, { id: odd.task('check') })).toEqual({
      task: { external: { isHandedBack: true } },
    });
  });
  await worker.stop();
});

test('keeps its lease alive, learns that it has lost it, and says nothing more about that task', async () => {
  const running = await startOne('long');
  let isLost = false;
  const worker = startWorker(
    'long',
    (_job, lost) =>
      new Promise((resolve) => {
        lost.addEventListener('abort', () => {
          isLost = true;
          resolve({ output: {} });
        });
      }),
    { leaseSeconds: 5 },
  );
  const key = keyOf(running.task('check'));
  const extensions = async (): Promise<number> =>
    (await api.events(api.admin)).filter(
      ({ type, taskId }) => type === 'TASK_LEASE_EXTENDED' && taskId === key,
    ).length;
  await eventually(async () => {
    expect(await statusOf(running)).toBe('IN_PROGRESS');
    // A heartbeat changes nothing as long as the clock stands still.
    api.clock.advance(1);
    expect(await extensions()).toBeGreaterThan(0);
  });
  await done(api, api.member, 'startTask', { taskId: running.task('check') });
  await eventually(() => {
    expect(isLost).toBe(true);
  });
  await worker.stop();
  expect(await statusOf(running)).toBe('IN_PROGRESS');
});

test('stops when what it has begun is done, and not before', async () => {
  const running = await startOne('last');
  let finish = (): void => undefined;
  let hasBegun = false;
  const worker = startWorker('last', async () => {
    hasBegun = true;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return { output: {} };
  });
  await eventually(() => {
    expect(hasBegun).toBe(true);
  });
  const stopped = worker.stop();
  const next = await startOne('last');
  finish();
  await stopped;
  expect(await statusOf(running)).toBe('COMPLETED');
  expect(await statusOf(next)).toBe('PENDING');
});
