import { expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';
import type { Calendar } from '../../src/engine/calendar.ts';
import type { TimeUnit } from '../../src/engine/definition.ts';

function calendarIn(timeZone: string): Calendar {
  return createCalendar({ timeZone, region: null, ownHolidays: [] });
}

type Case = readonly [what: string, zone: string, at: string, amount: number, unit: TimeUnit, then: string];

const CASES: readonly Case[] = [
  // Europe/Berlin: 29 March 2026, 02:00 → 03:00; 25 October 2026, 03:00 → 02:00.
  [
    'a day into summer time has 23 hours',
    'Europe/Berlin',
    '2026-03-28T09:00:00.000Z',
    1,
    'DAYS',
    '2026-03-29T08:00:00.000Z',
  ],
  [
    'a day into winter time has 25 hours',
    'Europe/Berlin',
    '2026-10-24T08:00:00.000Z',
    1,
    'DAYS',
    '2026-10-25T09:00:00.000Z',
  ],
  [
    'a day back out of summer time',
    'Europe/Berlin',
    '2026-03-29T08:00:00.000Z',
    -1,
    'DAYS',
    '2026-03-28T09:00:00.000Z',
  ],
  [
    'a week over the change',
    'Europe/Berlin',
    '2026-03-25T09:00:00.000Z',
    1,
    'WEEKS',
    '2026-04-01T08:00:00.000Z',
  ],
  [
    '24 hours are exact over the change',
    'Europe/Berlin',
    '2026-03-28T09:00:00.000Z',
    24,
    'HOURS',
    '2026-03-29T09:00:00.000Z',
  ],
  [
    '1440 minutes are exact over the change',
    'Europe/Berlin',
    '2026-10-24T08:00:00.000Z',
    1_440,
    'MINUTES',
    '2026-10-25T08:00:00.000Z',
  ],
  [
    'a time that is left out moves forward',
    'Europe/Berlin',
    '2026-03-28T01:30:00.000Z',
    1,
    'DAYS',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'a time that is left out moves forward from the other side, too',
    'Europe/Berlin',
    '2026-03-30T00:30:00.000Z',
    -1,
    'DAYS',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'of a time that comes twice, the first',
    'Europe/Berlin',
    '2026-10-24T00:30:00.000Z',
    1,
    'DAYS',
    '2026-10-25T00:30:00.000Z',
  ],
  [
    'of a time that comes twice, the first from the other side, too',
    'Europe/Berlin',
    '2026-10-26T01:30:00.000Z',
    -1,
    'DAYS',
    '2026-10-25T00:30:00.000Z',
  ],
  [
    'a working day over the change',
    'Europe/Berlin',
    '2026-03-27T09:00:00.000Z',
    1,
    'WORKING_DAYS',
    '2026-03-30T08:00:00.000Z',
  ],
  // America/New_York: 8 March 2026, 02:00 → 03:00; 1 November 2026, 02:00 → 01:00.
  [
    'a day into summer time west of UTC',
    'America/New_York',
    '2026-03-07T14:00:00.000Z',
    1,
    'DAYS',
    '2026-03-08T13:00:00.000Z',
  ],
  [
    'a left-out time west of UTC',
    'America/New_York',
    '2026-03-07T07:30:00.000Z',
    1,
    'DAYS',
    '2026-03-08T07:30:00.000Z',
  ],
  [
    'a time that comes twice west of UTC',
    'America/New_York',
    '2026-11-02T06:30:00.000Z',
    -1,
    'DAYS',
    '2026-11-01T05:30:00.000Z',
  ],
  // Australia/Lord_Howe moves by half an hour only: 5 April 2026, 02:00 → 01:30; 4 October 2026, 02:00 → 02:30.
  [
    'a change of half an hour',
    'Australia/Lord_Howe',
    '2026-10-02T22:00:00.000Z',
    1,
    'DAYS',
    '2026-10-03T21:30:00.000Z',
  ],
  [
    'a time that is left out of half an hour',
    'Australia/Lord_Howe',
    '2026-10-02T15:45:00.000Z',
    1,
    'DAYS',
    '2026-10-03T15:45:00.000Z',
  ],
  [
    'of half an hour that comes twice, the first',
    'Australia/Lord_Howe',
    '2026-04-05T15:15:00.000Z',
    -1,
    'DAYS',
    '2026-04-04T14:45:00.000Z',
  ],
  // Pacific/Apia crossed the date line: there was no 30 December 2011.
  [
    'a whole day that is left out',
    'Pacific/Apia',
    '2011-12-29T19:00:00.000Z',
    1,
    'DAYS',
    '2011-12-30T19:00:00.000Z',
  ],
  [
    'a day after the one that is left out',
    'Pacific/Apia',
    '2011-12-29T19:00:00.000Z',
    2,
    'DAYS',
    '2011-12-30T19:00:00.000Z',
  ],
  [
    'months end with their last day',
    'Europe/Berlin',
    '2026-01-31T08:00:00.000Z',
    1,
    'MONTHS',
    '2026-02-28T08:00:00.000Z',
  ],
  [
    'months end with the leap day',
    'Europe/Berlin',
    '2028-01-31T08:00:00.000Z',
    1,
    'MONTHS',
    '2028-02-29T08:00:00.000Z',
  ],
  [
    'months back end with the last day, too',
    'Europe/Berlin',
    '2026-03-31T07:00:00.000Z',
    -1,
    'MONTHS',
    '2026-02-28T08:00:00.000Z',
  ],
  [
    'several months are counted at once',
    'Europe/Berlin',
    '2026-01-31T08:00:00.000Z',
    2,
    'MONTHS',
    '2026-03-31T07:00:00.000Z',
  ],
  [
    'months keep the wall clock',
    'Europe/Berlin',
    '2026-02-15T08:00:00.000Z',
    3,
    'MONTHS',
    '2026-05-15T07:00:00.000Z',
  ],
  [
    'the day of a month is that of the place',
    'Pacific/Auckland',
    '2026-01-30T20:00:00.000Z',
    1,
    'MONTHS',
    '2026-02-27T20:00:00.000Z',
  ],
  [
    'a year from a leap day',
    'Europe/Berlin',
    '2028-02-29T08:00:00.000Z',
    1,
    'YEARS',
    '2029-02-28T08:00:00.000Z',
  ],
  [
    'four years from a leap day',
    'Europe/Berlin',
    '2028-02-29T08:00:00.000Z',
    4,
    'YEARS',
    '2032-02-29T08:00:00.000Z',
  ],
  [
    'eighteen years back',
    'Europe/Berlin',
    '2026-11-23T08:30:00.000Z',
    -18,
    'YEARS',
    '2008-11-23T08:30:00.000Z',
  ],
  [
    'nothing added to a time that comes twice',
    'Europe/Berlin',
    '2026-10-25T01:30:00.000Z',
    0,
    'DAYS',
    '2026-10-25T01:30:00.000Z',
  ],
  [
    'nothing after the year 9999',
    'UTC',
    '2026-01-01T00:00:00.000Z',
    9_000,
    'YEARS',
    '9999-12-31T23:59:59.999Z',
  ],
  [
    'nothing before the year 1',
    'UTC',
    '2026-01-01T00:00:00.000Z',
    -9_000,
    'YEARS',
    '0001-01-01T00:00:00.000Z',
  ],
];

test.each(CASES)('add: %s (%s, %s %i %s)', (_what, zone, at, amount, unit, then) => {
  expect(calendarIn(zone).add(at, amount, unit)).toBe(then);
});

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'add refuses %d, which is no whole number',
  (amount) => {
    expect(() => calendarIn('UTC').add('2026-01-01T00:00:00.000Z', amount, 'DAYS')).toThrow(RangeError);
  },
);

test('a calendar needs a time zone that exists', () => {
  expect(() => calendarIn('Mars/Olympus_Mons')).toThrow('Mars/Olympus_Mons');
});
