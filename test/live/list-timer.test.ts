import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemTimer } from '../../src/live/list/timer.ts';

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('goes off at its time, however far away, once', () => {
  const due = vi.fn();
  systemTimer(Date.now() + 40 * DAY_MS, due);
  vi.advanceTimersByTime(40 * DAY_MS - 1);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1 + DAY_MS);
  expect(due).toHaveBeenCalledOnce();
});

test('notices within a minute that the clock was set', () => {
  const due = vi.fn();
  systemTimer(Date.now() + DAY_MS, due);
  vi.setSystemTime(Date.now() + DAY_MS);
  vi.advanceTimersByTime(60_001);
  expect(due).toHaveBeenCalledOnce();
});

test('does not go off once it is given up', () => {
  const due = vi.fn();
  const giveUp = systemTimer(Date.now() + DAY_MS, due);
  vi.advanceTimersByTime(DAY_MS - 1);
  giveUp();
  vi.advanceTimersByTime(DAY_MS);
  expect(due).not.toHaveBeenCalled();
});
