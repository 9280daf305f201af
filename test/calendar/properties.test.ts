import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';
import type { Calendar } from '../../src/engine/calendar.ts';
import type { TimeUnit } from '../../src/engine/definition.ts';

const OWN = ['2026-12-24', '2026-12-31', '2027-05-07'];
const UNITS: readonly TimeUnit[] = [
  'MINUTES',
  'HOURS',
  'WORKING_HOURS',
  'DAYS',
  'WORKING_DAYS',
  'WEEKS',
  'MONTHS',
  'YEARS',
];
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kolkata',
  'America/Havana',
];

const moment = fc
  .date({ min: new Date('2010-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const zone = fc.constantFrom(...ZONES);
const amount = fc.integer({ min: -200, max: 200 });

function calendarIn(timeZone: string, region: string | null = null): Calendar {
  return createCalendar({ timeZone, region, ownHolidays: OWN });
}

/** Date and time of day on the place's wall clock, by what Node knows and not by the calendar. */
function wallClock(at: string, timeZone: string): { readonly date: string; readonly time: string } {
  const [date = '', time = ''] = new Date(at).toLocaleString('sv-SE', { timeZone }).split(' ');
  return { date, time };
}

test.each(['MINUTES', 'HOURS', 'DAYS', 'WEEKS'] as const)(
  'so many %s on and back again are nothing where the clocks never change',
  (unit) => {
    const calendar = calendarIn('Asia/Kolkata');
    fc.assert(
      fc.property(moment, amount, (at, count) => {
        expect(calendar.add(calendar.add(at, count, unit), -count, unit)).toBe(at);
      }),
    );
  },
);

test('working days never end on a free day', () => {
  const calendar = calendarIn('Europe/Berlin', 'DE-BY');
  fc.assert(
    fc.property(moment, amount, (at, count) => {
      fc.pre(count !== 0);
      const { date } = wallClock(calendar.add(at, count, 'WORKING_DAYS'), 'Europe/Berlin');
      expect([0, 6]).not.toContain(new Date(date).getUTCDay());
      expect(OWN).not.toContain(date);
      expect(date).not.toMatch(/-(01-01|01-06|05-01|10-03|11-01|12-25|12-26)$/);
    }),
  );
});

test('as many working days one by one as at once', () => {
  const calendar = calendarIn('Asia/Kolkata', 'DE');
  fc.assert(
    fc.property(moment, fc.integer({ min: 1, max: 30 }), fc.constantFrom(1, -1), (at, count, direction) => {
      let stepped = at;
      for (let step = 0; step < count; step += 1) stepped = calendar.add(stepped, direction, 'WORKING_DAYS');
      expect(stepped).toBe(calendar.add(at, direction * count, 'WORKING_DAYS'));
    }),
  );
});

test('more of a unit never comes earlier', () => {
  fc.assert(
    fc.property(moment, zone, fc.constantFrom(...UNITS), amount, amount, (at, timeZone, unit, one, other) => {
      const calendar = calendarIn(timeZone, 'DE');
      const [less, more] = one < other ? [one, other] : [other, one];
      expect(calendar.add(at, less, unit) <= calendar.add(at, more, unit)).toBe(true);
    }),
  );
});

test('what is added to a later moment by the wall clock never comes earlier', () => {
  fc.assert(
    fc.property(
      moment,
      moment,
      zone,
      fc.constantFrom(...UNITS),
      amount,
      (one, other, timeZone, unit, count) => {
        const calendar = calendarIn(timeZone);
        const [before, after] = one < other ? [one, other] : [other, one];
        // A time that the clock shows twice is taken as the first.
        fc.pre(Date.parse(after) - Date.parse(before) > 2 * 60 * 60 * 1000);
        expect(calendar.add(before, count, unit) <= calendar.add(after, count, unit)).toBe(true);
      },
    ),
  );
});

test('the wall clock shows the same time after days, weeks, months and years, unless it leaves it out', () => {
  const units = ['DAYS', 'WEEKS', 'MONTHS', 'YEARS', 'WORKING_DAYS'] as const;
  fc.assert(
    fc.property(moment, zone, fc.constantFrom(...units), amount, (at, timeZone, unit, count) => {
      const calendar = calendarIn(timeZone);
      const then = wallClock(calendar.add(at, count, unit), timeZone);
      const { time } = wallClock(at, timeZone);
      const asked = calendar.parse(`${then.date}T${time}`) ?? '';
      expect(then.time).toBe(wallClock(asked, timeZone).time);
    }),
  );
});

test('a day begins when the wall clock shows its date first', () => {
  fc.assert(
    fc.property(moment, zone, (at, timeZone) => {
      const calendar = calendarIn(timeZone);
      const start = calendar.startOfDay(at);
      const justBefore = new Date(Date.parse(start) - 1).toISOString();
      expect(start <= at).toBe(true);
      expect(wallClock(start, timeZone).date).toBe(wallClock(at, timeZone).date);
      expect(wallClock(justBefore, timeZone).date < wallClock(at, timeZone).date).toBe(true);
    }),
  );
});

test('parse understands what a moment is called anywhere', () => {
  fc.assert(
    fc.property(moment, zone, (at, timeZone) => {
      expect(calendarIn(timeZone).parse(at)).toBe(at);
    }),
  );
});
