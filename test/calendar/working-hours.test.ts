import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';
import type { WorkingHours } from '../../src/calendar/working-hours.ts';
import type { Calendar } from '../../src/engine/calendar.ts';

const BERLIN = { timeZone: 'Europe/Berlin', region: 'DE', ownHolidays: ['2026-12-24'] };
const berlin = createCalendar(BERLIN);

/** `'SUNDAY 00:00-24:00'` */
function hours(...spans: readonly string[]): WorkingHours[] {
  return spans.map((span) => {
    const [, day = '', from = '', to = ''] = /(\w+) (\S+)-(\S+)/.exec(span) ?? [];
    return { day: day as WorkingHours['day'], from, to };
  });
}

/** By the wall clock of Berlin. */
function local(text: string): string {
  return berlin.parse(text) ?? '';
}

function worked(from: string, amount: number, calendar: Calendar = berlin): string {
  return calendar.add(local(from), amount, 'WORKING_HOURS');
}

describe('working hours', () => {
  test.each([
    ['within a day', '2026-11-23T09:15', 3, '2026-11-23T12:15'],
    ['to the end of the day', '2026-11-23T08:00', 9, '2026-11-23T17:00'],
    ['into the next day', '2026-11-23T16:00', 2, '2026-11-24T09:00'],
    ['from the evening', '2026-11-23T20:00', 1, '2026-11-24T09:00'],
    ['from the early morning', '2026-11-23T05:00', 1, '2026-11-23T09:00'],
    ['over the weekend', '2026-11-20T16:30', 1, '2026-11-23T08:30'],
    ['from a Saturday', '2026-11-21T12:00', 10, '2026-11-24T09:00'],
    ['over Christmas, and a day of its own', '2026-12-23T16:00', 2, '2026-12-28T09:00'],
    ['back within a day', '2026-11-23T12:15', -3, '2026-11-23T09:15'],
    ['back to the day before', '2026-11-24T09:00', -2, '2026-11-23T16:00'],
    ['back over the weekend', '2026-11-23T08:30', -1, '2026-11-20T16:30'],
    ['back from the night', '2026-11-24T03:00', -1, '2026-11-23T16:00'],
    ['none, from the night', '2026-11-24T03:00', 0, '2026-11-24T03:00'],
    ['over the change to summer time', '2026-03-27T16:00', 2, '2026-03-30T09:00'],
    ['over the change to winter time', '2026-10-23T16:00', 2, '2026-10-26T09:00'],
  ])('are counted %s', (_what, from, amount, then) => {
    expect(worked(from, amount)).toBe(local(then));
  });

  test('leave out a break between two spans of one day', () => {
    const workingHours = hours('MONDAY 13:00-17:00', 'MONDAY 08:00-12:00');
    const calendar = createCalendar({ ...BERLIN, workingHours });
    expect(worked('2026-11-23T11:00', 2, calendar)).toBe(local('2026-11-23T14:00'));
    expect(worked('2026-11-23T14:00', -2, calendar)).toBe(local('2026-11-23T11:00'));
    expect(worked('2026-11-23T16:00', 2, calendar)).toBe(local('2026-11-30T09:00'));
  });

  // Sunday, 29 March 2026, 02:00 → 03:00; 25 October 2026, 03:00 → 02:00.
  test('are those that really pass on the night on which the clocks change', () => {
    const calendar = createCalendar({ ...BERLIN, workingHours: hours('SUNDAY 00:00-24:00') });
    expect(worked('2026-03-29T00:00', 23, calendar)).toBe(local('2026-03-30T00:00'));
    expect(worked('2026-10-25T00:00', 25, calendar)).toBe(local('2026-10-26T00:00'));
    expect(worked('2026-10-26T00:00', -25, calendar)).toBe(local('2026-10-25T00:00'));
  });

  test('begin when the clock goes on if it leaves out the time at which they would', () => {
    const calendar = createCalendar({ ...BERLIN, workingHours: hours('SUNDAY 02:30-05:00') });
    expect(calendar.nextWorkingTime(local('2026-03-29T01:00'))).toBe(local('2026-03-29T03:00'));
    expect(worked('2026-03-29T01:00', 2, calendar)).toBe(local('2026-03-29T05:00'));
  });

  test('that the clock leaves out altogether are none', () => {
    const calendar = createCalendar({ ...BERLIN, workingHours: hours('SUNDAY 02:00-03:00') });
    expect(worked('2026-03-28T12:00', 1, calendar)).toBe(local('2026-04-05T03:00'));
  });

  test('are those of Monday to Friday from 08:00 to 17:00 if there are none', () => {
    const calendar = createCalendar({ ...BERLIN, workingHours: [] });
    expect(worked('2026-11-20T16:30', 1, calendar)).toBe(local('2026-11-23T08:30'));
  });

  test('make the days on which there are any the working days', () => {
    const workingHours = hours('SATURDAY 10:00-14:00', 'TUESDAY 10:00-14:00');
    const calendar = createCalendar({ ...BERLIN, workingHours });
    expect(calendar.add(local('2026-11-23T09:00'), 2, 'WORKING_DAYS')).toBe(local('2026-11-28T09:00'));
  });

  test('are refused when there are too many to count', () => {
    expect(() => worked('2026-01-01T08:00', 10_001)).toThrow(RangeError);
  });

  test('end after 55 years where there is hardly any working time', () => {
    const calendar = createCalendar({ ...BERLIN, workingHours: hours('MONDAY 08:00-08:01') });
    expect(worked('2026-01-01T08:00', 10_000, calendar).slice(0, 4)).toBe('2080');
    expect(worked('2026-01-01T08:00', -10_000, calendar).slice(0, 4)).toBe('1971');
  });
});

describe('working time', () => {
  test.each([
    ['is now when it is', '2026-11-23T08:00', '2026-11-23T08:00'],
    ['ends at the minute at which it ends', '2026-11-23T17:00', '2026-11-24T08:00'],
    ['begins in the morning', '2026-11-23T07:59', '2026-11-23T08:00'],
    ['begins after the weekend', '2026-11-20T17:00', '2026-11-23T08:00'],
    ['begins after holidays', '2026-12-23T18:00', '2026-12-28T08:00'],
  ])('next %s', (_what, at, then) => {
    expect(berlin.nextWorkingTime(local(at))).toBe(local(then));
  });

  test.each([
    ['is now when it is', '2026-11-23T08:00', '2026-11-23T08:00'],
    ['was its last minute', '2026-11-23T17:00', '2026-11-23T16:59'],
    ['was the evening before', '2026-11-24T07:59', '2026-11-23T16:59'],
    ['was before the weekend', '2026-11-23T00:00', '2026-11-20T16:59'],
    ['was before holidays', '2026-12-27T10:00', '2026-12-23T16:59'],
  ])('last %s', (_what, at, then) => {
    expect(berlin.lastWorkingTime(local(at))).toBe(local(then));
  });
});
