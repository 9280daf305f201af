import type { Queryable } from '../../src/store/statement.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startPoll } from '../../src/live/poll.ts';
import { silentLog } from '../support/live-fixture.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Answers every look with position 7 for each organization; remembers whom it was asked for. */
function logsAtSeven(asked: unknown[]): Queryable {
  return {
    query: (_statement, values) => {
      asked.push(values[0]);
      const rows = (values[0] as string[]).map((organizationId) => ({ organizationId, seq: 7 }));
      return Promise.resolve(rows as never);
    },
  };
}

test('without subscribers the database is not asked', async () => {
  const asked: unknown[] = [];
  const watched = () => [];
  using _poll = startPoll({
    database: logsAtSeven(asked),
    log: silentLog,
    pollMs: 500,
    watched,
    onPosition: vi.fn(),
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});

test('one statement asks for all organizations', async () => {
  const asked: unknown[] = [];
  const watched = () => ['acme', 'other'];
  const onPosition = vi.fn();
  using _poll = startPoll({ database: logsAtSeven(asked), log: silentLog, pollMs: 500, watched, onPosition });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([['acme', 'other']]);
  expect(onPosition.mock.calls).toEqual([
    ['acme', 7],
    ['other', 7],
  ]);
});

test('an outage is logged once, and looking goes on', async () => {
  let isDown = true;
  const asked: unknown[] = [];
  const answers = logsAtSeven(asked);
  const database: Queryable = {
    query: (...args) => (isDown ? Promise.reject(new Error('down')) : answers.query(...args)),
  };
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, { warn: vi.fn() });
  using _poll = startPoll({ database, log, pollMs: 500, watched: () => ['acme'], onPosition: vi.fn() });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(log.warn).toHaveBeenCalledTimes(1);
  isDown = false;
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([['acme']]);
});

test('after it was stopped it does not look', async () => {
  const asked: unknown[] = [];
  const watched = () => ['acme'];
  const poll = startPoll({
    database: logsAtSeven(asked),
    log: silentLog,
    pollMs: 500,
    watched,
    onPosition: vi.fn(),
  });
  poll[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});

test('a signal makes it look at once, and the timer begins anew', async () => {
  const asked: unknown[] = [];
  const watched = () => ['acme'];
  using poll = startPoll({
    database: logsAtSeven(asked),
    log: silentLog,
    pollMs: 500,
    watched,
    onPosition: vi.fn(),
  });
  await vi.advanceTimersByTimeAsync(400);
  poll.lookNow();
  await vi.advanceTimersByTimeAsync(499);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
});

test('signals during a look cause one more after it, never two at once', async () => {
  let looking = 0;
  let most = 0;
  let looks = 0;
  const database: Queryable = {
    query: () => {
      looks += 1;
      looking += 1;
      most = Math.max(most, looking);
      return new Promise((resolve) => {
        setTimeout(() => {
          looking -= 1;
          resolve([]);
        }, 50);
      });
    },
  };
  const watched = () => ['acme'];
  using poll = startPoll({ database, log: silentLog, pollMs: 3_600_000, watched, onPosition: vi.fn() });
  poll.lookNow();
  await vi.advanceTimersByTimeAsync(20);
  poll.lookNow();
  poll.lookNow();
  await vi.advanceTimersByTimeAsync(500);
  expect({ looks, most }).toEqual({ looks: 2, most: 1 });
});
