/** Working time, against what Node's own wall clock shows, quarter of an hour by quarter of an hour. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';
import { WEEKDAYS, type WorkingHours } from '../../src/calendar/working-hours.ts';
import type { Calendar } from '../../src/engine/calendar.ts';

const QUARTER = 15 * 60_000;
const OWN = ['2026-03-30', '2026-04-06', '2026-10-26', '2026-11-02'];

interface Case {
  readonly timeZone: string;
  readonly workingHours: readonly WorkingHours[];
}

/** Clocks change at night, so that the hours of a night have to be right where they do; no span begins or ends in the hours that are left out or repeated. */
const workplace: fc.Arbitrary<Case> = fc.record({
  timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana'),
  workingHours: fc
    .uniqueArray(
      fc.record({
        day: fc.constantFrom(...WEEKDAYS),
        span: fc.constantFrom(
          ['00:00', '24:00'],
          ['00:00', '06:00'],
          ['08:00', '12:00'],
          ['13:00', '17:00'],
          ['22:00', '24:00'],
        ),
      }),
      { minLength: 1, maxLength: 8, selector: ({ day }) => day },
    )
    .map((spans) => spans.map(({ day, span: [from = '', to = ''] }) => ({ day, from, to }))),
});

/** Around the days on which the clocks change, on a quarter of an hour. */
const moment = fc
  .oneof(
    fc.integer({ min: Date.parse('2026-03-01'), max: Date.parse('2026-04-15') }),
    fc.integer({ min: Date.parse('2026-09-25'), max: Date.parse('2026-11-15') }),
  )
  .map((time) => Math.floor(time / QUARTER) * QUARTER);
const amount = fc.integer({ min: 1, max: 30 });

function calendarOf({ timeZone, workingHours }: Case): Calendar {
  return createCalendar({ timeZone, region: null, ownHolidays: OWN, workingHours });
}

/** Whether the wall clock shows a time in the hours, by what Node knows and not by the calendar. */
function clockOf({ timeZone, workingHours }: Case): (time: number) => boolean {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (time) => {
    const [date = '', shown = ''] = format.format(time).split(' ');
    const day = WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7];
    return (
      !OWN.includes(date) &&
      workingHours.some((span) => span.day === day && span.from <= shown && shown < span.to)
    );
  };
}

function add(calendar: Calendar, time: number, hours: number): number {
  return Date.parse(calendar.add(new Date(time).toISOString(), hours, 'WORKING_HOURS'));
}

/** How many quarters of an hour of working time there are between two moments. */
function workedBetween(place: Case, from: number, to: number): number {
  const isWorking = clockOf(place);
  let quarters = 0;
  for (let time = from; time < to; time += QUARTER) if (isWorking(time)) quarters += 1;
  return quarters;
}

test('so many hours of working time pass as were added, in either direction, and the last of them is working time', () => {
  fc.assert(
    fc.property(workplace, moment, amount, (place, time, hours) => {
      const calendar = calendarOf(place);
      const isWorking = clockOf(place);
      const later = add(calendar, time, hours);
      expect(workedBetween(place, time, later)).toBe(hours * 4);
      expect(isWorking(later - QUARTER)).toBe(true);
      const earlier = add(calendar, time, -hours);
      expect(workedBetween(place, earlier, time)).toBe(hours * 4);
      expect(isWorking(earlier)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('so many hours on and back again are nothing, from working time on', () => {
  fc.assert(
    fc.property(workplace, moment, amount, (place, time, hours) => {
      const calendar = calendarOf(place);
      const isWorking = clockOf(place);
      if (isWorking(time)) expect(add(calendar, add(calendar, time, hours), -hours)).toBe(time);
      if (isWorking(time - QUARTER)) expect(add(calendar, add(calendar, time, -hours), hours)).toBe(time);
    }),
  );
});

test('as many hours one after the other as at once', () => {
  fc.assert(
    fc.property(workplace, moment, amount, amount, (place, time, one, other) => {
      const calendar = calendarOf(place);
      expect(add(calendar, add(calendar, time, one), other)).toBe(add(calendar, time, one + other));
      expect(add(calendar, add(calendar, time, -one), -other)).toBe(add(calendar, time, -one - other));
    }),
  );
});

test('what is added to a later moment never comes earlier', () => {
  const signed = fc.integer({ min: -30, max: 30 });
  fc.assert(
    fc.property(workplace, moment, moment, signed, (place, one, other, hours) => {
      const calendar = calendarOf(place);
      const [before, after] = one < other ? [one, other] : [other, one];
      expect(add(calendar, before, hours)).toBeLessThanOrEqual(add(calendar, after, hours));
    }),
  );
});

test('the next working time is the first that is, and the last one is a minute of the last that was', () => {
  fc.assert(
    fc.property(workplace, moment, (place, time) => {
      const calendar = calendarOf(place);
      const isWorking = clockOf(place);
      const at = new Date(time).toISOString();
      const next = Date.parse(calendar.nextWorkingTime(at));
      const last = Date.parse(calendar.lastWorkingTime(at));
      expect([isWorking(next), isWorking(last)]).toEqual([true, true]);
      expect(workedBetween(place, time, next)).toBe(0);
      if (isWorking(time)) expect([next, last]).toEqual([time, time]);
      else expect(workedBetween(place, last + 60_000, time)).toBe(0);
    }),
    { numRuns: 60 },
  );
});
