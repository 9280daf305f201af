/** Dates counted from the day of the comparison, and offsets over the ends of months and leap days. */
import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../src/engine/calendar.ts';
import { compareMoments, momentReader, shift, type Moment } from '../../src/engine/condition/moment.ts';
import { parseRelativeDate, resolveRelativeDate } from '../../src/engine/condition/relative-date.ts';
import type { Instant, TimeUnit } from '../../src/engine/definition.ts';
import { UTC_CALENDAR } from '../support/utc-calendar.ts';

const FRIDAY = '2026-01-30T15:20:30.400Z';

/** Two hours ahead of UTC, all year round. */
const EASTERN: Calendar = {
  add: (at, amount, unit) => hours(UTC_CALENDAR.add(hours(at, 2), amount, unit), -2),
  nextWorkingTime: (at) => hours(UTC_CALENDAR.nextWorkingTime(hours(at, 2)), -2),
  lastWorkingTime: (at) => hours(UTC_CALENDAR.lastWorkingTime(hours(at, 2)), -2),
  startOfDay: (at) => hours(UTC_CALENDAR.startOfDay(hours(at, 2)), -2),
  parse(text) {
    const at = UTC_CALENDAR.parse(text);
    return at === null || /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? at : hours(at, -2);
  },
};

function hours(at: Instant, amount: number): Instant {
  return UTC_CALENDAR.add(at, amount, 'HOURS');
}

function resolved(text: string, now = FRIDAY, calendar = UTC_CALENDAR): Moment {
  const date = parseRelativeDate(text);
  const moment = date && resolveRelativeDate(date, now, calendar);
  if (!moment) throw new Error(`${text} is no date`);
  return moment;
}

function read(text: string, calendar = UTC_CALENDAR): Moment {
  const moment = momentReader(calendar)(text, null);
  if (!moment) throw new Error(`${text} is no date`);
  return moment;
}

describe('a relative date stands for', () => {
  test.each([
    ['today', '2026-01-30T00:00:00.000Z', true],
    ['yesterday', '2026-01-29T00:00:00.000Z', true],
    ['tomorrow', '2026-01-31T00:00:00.000Z', true],
    ['now', FRIDAY, false],
    [' TODAY ', '2026-01-30T00:00:00.000Z', true],
    ['today+30d', '2026-03-01T00:00:00.000Z', true],
    ['today - 2 w', '2026-01-16T00:00:00.000Z', true],
    ['today+1wd', '2026-02-02T00:00:00.000Z', true],
    ['today+1m', '2026-02-28T00:00:00.000Z', true],
    ['tomorrow+1m', '2026-02-28T00:00:00.000Z', true],
    ['tomorrow-2m', '2025-11-30T00:00:00.000Z', true],
    ['today+1y', '2027-01-30T00:00:00.000Z', true],
    ['today+9h', '2026-01-30T09:00:00.000Z', false],
    ['now-3h', '2026-01-30T12:20:30.400Z', false],
    ['now+90min', '2026-01-30T16:50:30.400Z', false],
    ['now+1d', '2026-01-31T15:20:30.400Z', false],
    ['today+0d', '2026-01-30T00:00:00.000Z', true],
    ['today-0030d', '2025-12-31T00:00:00.000Z', true],
  ])('%s: %s', (text, at, isDay) => {
    expect(resolved(text)).toMatchObject({ at, isDay });
  });

  test('a month after the last of January of a leap year', () => {
    expect(resolved('today+1m', '2028-01-31T10:00:00.000Z').at).toBe('2028-02-29T00:00:00.000Z');
  });

  test('a year after a leap day', () => {
    expect(resolved('today+1y', '2028-02-29T10:00:00.000Z').at).toBe('2029-02-28T00:00:00.000Z');
    expect(resolved('today+4y', '2028-02-29T10:00:00.000Z').at).toBe('2032-02-29T00:00:00.000Z');
  });

  test('the day of the organization, not that of UTC', () => {
    const lateEvening = '2026-01-30T22:30:00.000Z';
    expect(resolved('today', lateEvening, EASTERN).at).toBe('2026-01-30T22:00:00.000Z');
    expect(resolved('yesterday', lateEvening, EASTERN).at).toBe('2026-01-29T22:00:00.000Z');
  });

  test('nothing beyond the years that dates have', () => {
    const date = parseRelativeDate('today+9999y');
    expect(date && resolveRelativeDate(date, FRIDAY, UTC_CALENDAR)).toBeNull();
  });
});

describe('no relative date is', () => {
  test.each([
    '',
    'today+',
    'today+d',
    'today+30',
    'today30d',
    'today+1.5d',
    'today+30 days',
    'today+10000d',
    'today+1q',
    'today+1d+1d',
    'todayy',
    'next week',
    '2026-01-30',
    'constructor',
    '__proto__',
  ])('%j', (text) => {
    expect(parseRelativeDate(text)).toBeNull();
  });
});

describe('a date is', () => {
  test.each([
    ['2026-05-31', '2026-05-31T00:00:00.000Z', true],
    [' 2028-02-29 ', '2028-02-29T00:00:00.000Z', true],
    ['2026-05-31T09:30', '2026-05-31T09:30:00.000Z', false],
    ['2026-05-31T09:30:15', '2026-05-31T09:30:15.000Z', false],
    ['2026-05-31T09:30:15.123456Z', '2026-05-31T09:30:15.123Z', false],
    ['2026-05-31T00:30:00+02:00', '2026-05-30T22:30:00.000Z', false],
  ])('%j', (text, at, isDay) => {
    expect(read(text)).toMatchObject({ at, isDay });
  });

  test.each([
    '2026',
    '2026-05',
    '2026-5-1',
    '2026-13-01',
    '2026-02-30',
    '2027-02-29',
    '0000-01-01',
    '2026-05-31T',
    '2026-05-31T25:00',
    '2026-05-31 09:30',
    '31.05.2026',
    '20260531',
    '2026-05-31x',
    'x2026-05-31',
  ])('not %j', (text) => {
    expect(momentReader(UTC_CALENDAR)(text, null)).toBeNull();
  });
});

describe('compared', () => {
  test('a moment is on a day, in the zone of the organization', () => {
    expect(compareMoments(read('2026-05-30T22:30:00Z'), read('2026-05-31'))).toBeLessThan(0);
    expect(compareMoments(read('2026-05-30T22:30:00Z', EASTERN), read('2026-05-31', EASTERN))).toBe(0);
  });

  test('two moments are before and after each other within a day', () => {
    expect(compareMoments(read('2026-05-31T08:00Z'), read('2026-05-31T09:00+02:00'))).toBeGreaterThan(0);
  });
});

describe('an offset', () => {
  const YEARS: TimeUnit = 'YEARS';

  test.each([
    ['2026-01-31', 1, 'MONTHS', '2026-02-28T00:00:00.000Z'],
    ['2028-01-31', 1, 'MONTHS', '2028-02-29T00:00:00.000Z'],
    ['2026-03-31', -1, 'MONTHS', '2026-02-28T00:00:00.000Z'],
    ['2008-02-29', 18, YEARS, '2026-02-28T00:00:00.000Z'],
    ['2008-02-29', 20, YEARS, '2028-02-29T00:00:00.000Z'],
    ['2026-12-31', 1, 'DAYS', '2027-01-01T00:00:00.000Z'],
    ['2026-01-30', 1, 'WORKING_DAYS', '2026-02-02T00:00:00.000Z'],
  ] as const)('moves %s by %i %s to %s, a day again', (text, amount, unit, at) => {
    expect(momentReader(UTC_CALENDAR)(text, { amount, unit })).toMatchObject({ at, isDay: true });
  });

  test('of hours makes a moment of a day', () => {
    expect(shift(read('2026-05-31'), { amount: 36, unit: 'HOURS' }, UTC_CALENDAR)).toEqual({
      at: '2026-06-01T12:00:00.000Z',
      dayAt: '2026-06-01T00:00:00.000Z',
      isDay: false,
    });
  });

  test.each([0.5, 10_000, -10_000, NaN, Infinity])('of %d units leads to no date', (amount) => {
    expect(shift(read('2026-05-31'), { amount, unit: 'DAYS' }, UTC_CALENDAR)).toBeNull();
  });

  test('does not change how the same text is read without it', () => {
    const moments = momentReader(UTC_CALENDAR);
    expect(moments('2026-05-31', { amount: 1, unit: 'DAYS' })?.at).toBe('2026-06-01T00:00:00.000Z');
    expect(moments('2026-05-31', null)?.at).toBe('2026-05-31T00:00:00.000Z');
    expect(moments('2026-05-31', { amount: 1, unit: 'DAYS' })?.at).toBe('2026-06-01T00:00:00.000Z');
  });
});
