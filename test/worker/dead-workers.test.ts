import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { unlockDeadWorkers, watchForDeadWorkers } from '../../src/worker/dead-workers.ts';
import { startRunner, type RunningWorkers } from '../../src/worker/runner.ts';
import { openLiveFixture, silentLog, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
beforeEach(async () => {
  await fixture.database.pool.query('delete from graphile_worker._private_jobs');
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

const SECONDS = { timeout: 15_000 };

async function addJob(): Promise<void> {
  await fixture.database.pool.query(`select graphile_worker.add_job('count')`);
}

/** Who has the job. */
async function lockedBy(): Promise<string | null> {
  const { rows } = await fixture.database.pool.query<{ lockedBy: string | null }>(
    `select locked_by as "lockedBy" from graphile_worker.jobs`,
  );
  return rows[0]?.lockedBy ?? null;
}

function start(count: () => Promise<void>): Promise<RunningWorkers> {
  return startRunner({
    connectionString: fixture.connectionString,
    log: silentLog,
    concurrency: 4,
    connections: 4,
    tasks: { count },
  });
}

describe('the job of a server that was killed', () => {
  test('is done by another one within seconds, once', async () => {
    await addJob();
    const script = join(import.meta.dirname, '../support/hanging-worker.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, fixture.connectionString], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    let count = 0;
    await using _workers = await start(() => {
      count += 1;
      return Promise.resolve();
    });
    const stopping = new AbortController();
    const watching = watchForDeadWorkers(fixture.database, silentLog, stopping.signal);
    child.kill('SIGKILL');
    await vi.waitFor(() => {
      expect(count).toBe(1);
    }, SECONDS);
    await vi.waitFor(async () => {
      const { rows } = await fixture.database.pool.query('select 1 from graphile_worker.jobs');
      expect(rows).toEqual([]);
    }, SECONDS);
    stopping.abort();
    await watching;
    expect(count).toBe(1);
  });
});

describe('a worker that lives', () => {
  test('keeps its job, however long that takes', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await using _workers = await start(() => finished);
    await addJob();
    await vi.waitFor(async () => {
      expect(await lockedBy()).not.toBeNull();
    }, SECONDS);
    await fixture.database.pool.query(
      `update graphile_worker._private_jobs set locked_at = now() - interval '1 hour'`,
    );
    expect(await unlockDeadWorkers(fixture.database)).toEqual([]);
    finish();
  });

  test('is told apart from one that nobody knows', async () => {
    await addJob();
    await fixture.database.pool.query(
      `update graphile_worker._private_jobs set locked_at = now() - interval '5 seconds', locked_by = 'worker-gone'`,
    );
    expect(await unlockDeadWorkers(fixture.database)).toEqual(['worker-gone']);
    expect(await lockedBy()).toBeNull();
  });
});

test('workers that can no longer show that they live end', async () => {
  await using workers = await start(() => Promise.resolve());
  await fixture.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'handrail worker presence'`,
  );
  await expect(workers.ended).resolves.toBeUndefined();
});

test('stopping waits for the jobs that run', async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let isDone = false;
  const workers = await start(async () => {
    await finished;
    isDone = true;
  });
  await addJob();
  await vi.waitFor(async () => {
    expect(await lockedBy()).not.toBeNull();
  }, SECONDS);
  const stopped = workers[Symbol.asyncDispose]();
  finish();
  await stopped;
  expect(isDone).toBe(true);
  const { rows } = await fixture.database.pool.query('select 1 from graphile_worker.jobs');
  expect(rows).toEqual([]);
});
