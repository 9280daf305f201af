import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';
import type { Calendar } from '../../src/engine/calendar.ts';

function calendarIn(timeZone: string): Calendar {
  return createCalendar({ timeZone, region: null, ownHolidays: [] });
}

describe('startOfDay', () => {
  test.each([
    ['is midnight of the place', 'Europe/Berlin', '2026-07-01T21:59:59.999Z', '2026-06-30T22:00:00.000Z'],
    [
      'begins the next day at midnight itself',
      'Europe/Berlin',
      '2026-07-01T22:00:00.000Z',
      '2026-07-01T22:00:00.000Z',
    ],
    [
      'is under the old offset on the day of a change',
      'Europe/Berlin',
      '2026-03-29T20:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
    ],
    [
      'is the first moment of a day that has no midnight',
      'Africa/Cairo',
      '2026-04-24T10:00:00.000Z',
      '2026-04-23T22:00:00.000Z',
    ],
    [
      'is the first of two midnights',
      'America/Havana',
      '2026-11-01T17:00:00.000Z',
      '2026-11-01T04:00:00.000Z',
    ],
    [
      'is far from UTC on the other side of the date line',
      'Pacific/Kiritimati',
      '2026-07-01T09:00:00.000Z',
      '2026-06-30T10:00:00.000Z',
    ],
  ])('%s (%s)', (_what, zone, at, start) => {
    expect(calendarIn(zone).startOfDay(at)).toBe(start);
  });
});

describe('parse', () => {
  test.each([
    ['a date, when the day begins', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['a local time', '2026-07-01T08:30', '2026-07-01T06:30:00.000Z'],
    ['a local time with seconds', '2026-01-01T08:30:15', '2026-01-01T07:30:15.000Z'],
    ['a local time with a fraction', '2026-01-01T08:30:15.1239', '2026-01-01T07:30:15.123Z'],
    ['a time in UTC', '2026-07-01T08:30:00Z', '2026-07-01T08:30:00.000Z'],
    ['a time with an offset', '2026-07-01T08:30:00+05:30', '2026-07-01T03:00:00.000Z'],
    ['a time with a short offset', '2026-07-01T08:30-04', '2026-07-01T12:30:00.000Z'],
    ['a time that is left out, moved forward', '2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
    ['a time that comes twice, the first', '2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
    ['a leap day', '2028-02-29', '2028-02-28T23:00:00.000Z'],
    ['a moment in its own form', '2026-11-23T08:30:00.000Z', '2026-11-23T08:30:00.000Z'],
  ])('understands %s: %s', (_what, text, moment) => {
    expect(calendarIn('Europe/Berlin').parse(text)).toBe(moment);
  });

  test.each([
    '',
    'today',
    '2026',
    '2026-07',
    '2026-W27-3',
    '2026-182',
    '20260701',
    '01.07.2026',
    '2026-02-29',
    '2026-13-01',
    '2026-07-01T25:00',
    '2026-07-01T08:61',
    '2026-07-01 08:30',
    '2026-07-01T',
    '2026-07-01Z',
    '2026-07-01T08:30:00[Europe/Berlin]',
    ' 2026-07-01',
    '0000-01-01',
    '9999-12-31T23:00:00-12:00',
    '+12026-07-01',
  ])('answers null for %j', (text) => {
    expect(calendarIn('Europe/Berlin').parse(text)).toBeNull();
  });
});
