import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atExpiry } from '../../src/http/expiry.ts';

// In a file of their own: a server of the same process would go on polling by the clock that is moved by weeks.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a token that never expires is never called expired', async () => {
  const expire = vi.fn();
  atExpiry(null, () => new Date(), expire);
  await vi.advanceTimersByTimeAsync(2 ** 31);
  expect(expire).not.toHaveBeenCalled();
});

test('a token that lasts longer than a timer can wait expires in time', async () => {
  const expire = vi.fn();
  const days = 24 * 60 * 60 * 1_000;
  atExpiry((Date.now() + 60 * days) / 1_000, () => new Date(), expire);
  await vi.advanceTimersByTimeAsync(59 * days);
  expect(expire).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1 * days);
  expect(expire).toHaveBeenCalledTimes(1);
});
