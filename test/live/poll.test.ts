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
  const stop = startPoll({
    database: logsAtSeven(asked),
    log: silentLog,
    pollMs: 500,
    watched,
    onPosition: vi.fn(),
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
  stop();
});

test('one statement asks for all organizations', async () => {
  const asked: unknown[] = [];
  const watched = () => ['acme', 'other'];
  const onPosition = vi.fn();
  const stop = startPoll({ database: logsAtSeven(asked), log: silentLog, pollMs: 500, watched, onPosition });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([['acme', 'other']]);
  expect(onPosition.mock.calls).toEqual([
    ['acme', 7],
    ['other', 7],
  ]);
  stop();
});

test('an outage is logged once, and looking goes on', async () => {
  let isDown = true;
  const asked: unknown[] = [];
  const answers = logsAtSeven(asked);
  const database: Queryable = {
    query: (...args) => (isDown ? Promise.reject(new Error('down')) : answers.query(...args)),
  };
  const log = Object.assign(Object.create(silentLog) as typeof silentLog, { warn: vi.fn() });
  const stop = startPoll({ database, log, pollMs: 500, watched: () => ['acme'], onPosition: vi.fn() });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(log.warn).toHaveBeenCalledTimes(1);
  isDown = false;
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([['acme']]);
  stop();
});

test('after it was stopped it does not look', async () => {
  const asked: unknown[] = [];
  const watched = () => ['acme'];
  const stop = startPoll({
    database: logsAtSeven(asked),
    log: silentLog,
    pollMs: 500,
    watched,
    onPosition: vi.fn(),
  });
  stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toEqual([]);
});
