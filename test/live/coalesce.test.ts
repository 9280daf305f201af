import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coalesce } from '../../src/live/coalesce.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a thousand requests at once are two runs: the first at once, the last after the pause', async () => {
  const action = vi.fn(() => Promise.resolve());
  await using runs = coalesce(action, 20);
  for (let n = 0; n < 1_000; n += 1) runs.request();
  expect(action).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(19);
  expect(action).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(action).toHaveBeenCalledTimes(2);
});

test('whenever requests come and however long runs take, one begins after each request, and never two at once or within the pause', async () => {
  const gaps = fc.array(fc.record({ gapMs: fc.nat(50), runMs: fc.nat(50) }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(gaps, async (steps) => {
      const starts: number[] = [];
      let now = 0;
      let isRunning = false;
      await using runs = coalesce(async () => {
        expect(isRunning).toBe(false);
        isRunning = true;
        starts.push(now);
        const runMs = steps[starts.length % steps.length]?.runMs ?? 0;
        await new Promise((resolve) => setTimeout(resolve, runMs));
        isRunning = false;
      }, 20);
      const pass = async (ms: number): Promise<void> => {
        for (const end = now + ms; now < end;) {
          now += 1;
          await vi.advanceTimersByTimeAsync(1);
        }
      };
      for (const { gapMs } of steps) {
        await pass(gapMs);
        runs.request();
      }
      const lastRequest = now;
      await pass(120);
      expect(starts.at(-1)).toBeGreaterThanOrEqual(lastRequest);
      const pauses = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
      expect(Math.min(20, ...pauses)).toBe(20);
    }),
    { numRuns: 30 },
  );
});

test('what was requested before the end is done, without a pause; later requests are ignored', async () => {
  const action = vi.fn(() => Promise.resolve());
  const runs = coalesce(action, 20);
  runs.request();
  runs.request();
  await runs[Symbol.asyncDispose]();
  expect(action).toHaveBeenCalledTimes(2);
  runs.request();
  expect(action).toHaveBeenCalledTimes(2);
});
