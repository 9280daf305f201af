import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SCHEDULE, nextAttempt, verdictOf } from '../../src/outgoing/retry.ts';

const now = new Date('2026-03-05T12:00:00Z');
const day = 86_400;

/** In how many seconds; without jitter unless told. */
function secondsUntil(parts: Partial<Parameters<typeof nextAttempt>[0]>): number | null {
  const all = { round: 1, now, schedule: DEFAULT_SCHEDULE, retryAfter: null, random: () => 0.5, ...parts };
  const at = nextAttempt(all);
  return at && (at.getTime() - now.getTime()) / 1000;
}

test('the default schedule is the one that Standard Webhooks recommends', () => {
  const pauses = DEFAULT_SCHEDULE.map((_, index) => secondsUntil({ round: index + 1 }));
  const [minute, hour] = [60, 3600];
  expect(pauses).toEqual([
    5,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ]);
});

test('after the last pause of the schedule it is given up', () => {
  expect(secondsUntil({ round: DEFAULT_SCHEDULE.length + 1 })).toBeNull();
  expect(secondsUntil({ round: 1, schedule: [], retryAfter: '10' })).toBeNull();
});

describe('Retry-After', () => {
  test.each<[string, string, number]>([
    ['seconds', '3600', 3600],
    ['a date', 'Thu, 05 Mar 2026 12:20:00 GMT', 1200],
    ['spaces around it', ' 60 ', 60],
    ['less than the pause', '1', 5],
    ['nothing to wait for', '0', 5],
    ['a date in the past', 'Wed, 04 Mar 2026 12:20:00 GMT', 5],
    ['more than a day', '90000', day],
    ['more than can be counted', '9'.repeat(40), day],
    ['a date after a day', 'Mon, 09 Mar 2026 12:20:00 GMT', day],
    ['words', 'soon', 5],
    ['a negative number', '-60', 5],
    ['a fraction', '60.5', 5],
    ['a date of another kind', '2026-03-05T13:00:00Z', 5],
    ['a date that does not exist', 'Thu, 45 Foo 2026 12:20:00 GMT', 5],
    ['nothing', '', 5],
  ])('that is %s (%s)', (_, retryAfter, seconds) => {
    expect(secondsUntil({ retryAfter })).toBe(seconds);
  });

  test('never makes a pause of the schedule shorter', () => {
    expect(secondsUntil({ schedule: [7 * day], retryAfter: '90000' })).toBe(7 * day);
  });
});

test('a pause varies by up to a fifth, and is never shorter than the receiver asks for', () => {
  const schedule = fc.array(fc.integer({ min: 0, max: 604_800 }), { minLength: 1, maxLength: 20 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const asked = fc.nat({ max: 2 * day });
  fc.assert(
    fc.property(schedule, fc.nat(), random, asked, (pauses, pick, chance, seconds) => {
      const round = (pick % pauses.length) + 1;
      const pause = pauses[round - 1] ?? 0;
      const wanted = Math.min(seconds, day);
      const until = secondsUntil({
        round,
        schedule: pauses,
        random: () => chance,
        retryAfter: String(seconds),
      });
      expect(until).toBeGreaterThanOrEqual(Math.max(pause * 0.8, wanted) - 0.001);
      expect(until).toBeLessThanOrEqual(Math.max(pause * 1.2, wanted) + 0.001);
    }),
  );
});

test('a header of any kind leads to a time between the pause and a day', () => {
  fc.assert(
    fc.property(fc.string(), (retryAfter) => {
      const until = secondsUntil({ retryAfter });
      expect(until).toBeGreaterThanOrEqual(5);
      expect(until).toBeLessThanOrEqual(day);
    }),
  );
});

test.each<[number, ReturnType<typeof verdictOf>]>([
  [200, 'DELIVERED'],
  [204, 'DELIVERED'],
  [299, 'DELIVERED'],
  [304, 'WORTH_RETRYING'],
  [400, 'WORTH_RETRYING'],
  [404, 'WORTH_RETRYING'],
  [410, 'GONE'],
  [429, 'WORTH_RETRYING'],
  [503, 'WORTH_RETRYING'],
])('status %i means %s', (status, verdict) => {
  expect(verdictOf(status)).toBe(verdict);
});
