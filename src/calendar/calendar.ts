/** Counting time in a time zone, with the days on which an organization does not work. */
import { DateTime } from 'luxon';
import type { Calendar } from '../engine/calendar.ts';
import type { TimeUnit } from '../engine/definition.ts';
import { MAX_AMOUNT } from '../engine/limits.ts';
import { dayOf, isPublicHoliday } from './holidays.ts';
import { workingTime, USUAL_HOURS, type WorkingHours } from './working-hours.ts';
import { zoneOf } from './zone.ts';

/** What makes an organization's calendar. */
export interface CalendarSettings {
  /** IANA name, for example Europe/Berlin. */
  readonly timeZone: string;
  /** Whose public holidays are free, for example DE or DE-BY; null: nobody's. */
  readonly region: string | null;
  /** Further free days, `YYYY-MM-DD`. */
  readonly ownHolidays: readonly string[];
  /** When it works; Monday to Friday from 08:00 to 17:00 if nothing is said. */
  readonly workingHours?: readonly WorkingHours[];
}

/** The units that are counted on the wall clock. */
type LocalUnit = Exclude<TimeUnit, 'MINUTES' | 'HOURS' | 'WORKING_HOURS'>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Instants have four digits for the year. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

function toInstant(time: number): string {
  return new Date(Math.min(Math.max(time, EARLIEST), LATEST)).toISOString();
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

function addMonths(local: number, months: number): number {
  return DateTime.fromMillis(local, { zone: 'utc' }).plus({ months }).toMillis();
}

/**
 * The calendar of an organization with these settings. Cheap to make; what is costly is shared. Moments that would be before the year 1 or after
 * 9999 are the first or last of those.
 *
 * @throws Error if there is no such time zone. A region that is not known has no holidays. `add` throws RangeError for an amount that is not whole,
 * or of more than 10,000 working days or hours.
 */
export function createCalendar(settings: CalendarSettings): Calendar {
  const { timeZone, region, ownHolidays, workingHours = USUAL_HOURS } = settings;
  const zone = zoneOf(timeZone);
  const own = new Set(ownHolidays.map(dayOf));
  const isHoliday = (day: number): boolean =>
    own.has(day) || (region !== null && isPublicHoliday(region, day));
  const working = workingTime(workingHours, zone, isHoliday);
  const isFree = (day: number): boolean => !working.isWorkday(day) || isHoliday(day);

  const addWorkingDays = (local: number, amount: number): number => {
    if (Math.abs(amount) > MAX_AMOUNT) throw new RangeError(`${amount} working days are too many to count`);
    const from = Math.floor(local / DAY);
    let day = from;
    for (let left = Math.abs(amount); left > 0;) {
      day += Math.sign(amount);
      if (!isFree(day)) left -= 1;
    }
    return local + (day - from) * DAY;
  };

  const addLocal = (local: number, amount: number, unit: LocalUnit): number => {
    switch (unit) {
      case 'DAYS':
        return local + amount * DAY;
      case 'WEEKS':
        return local + amount * 7 * DAY;
      case 'MONTHS':
        return addMonths(local, amount);
      case 'YEARS':
        return addMonths(local, amount * 12);
      case 'WORKING_DAYS':
        return addWorkingDays(local, amount);
    }
  };

  return {
    add(at, amount, unit) {
      if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is no whole number of ${unit}`);
      // Not by the wall clock, which can show the same time twice.
      if (amount === 0) return at;
      const time = Date.parse(at);
      if (unit === 'MINUTES') return toInstant(time + amount * MINUTE);
      if (unit === 'HOURS') return toInstant(time + amount * HOUR);
      if (unit === 'WORKING_HOURS') {
        if (Math.abs(amount) > MAX_AMOUNT)
          throw new RangeError(`${amount} working hours are too many to count`);
        return toInstant(working.add(time, amount * HOUR));
      }
      return toInstant(zone.fromLocal(addLocal(zone.toLocal(time), amount, unit)));
    },
    nextWorkingTime: (at) => toInstant(working.next(Date.parse(at))),
    lastWorkingTime: (at) => toInstant(working.last(Date.parse(at))),
    startOfDay(at) {
      const local = zone.toLocal(Date.parse(at));
      return toInstant(zone.fromLocal(Math.floor(local / DAY) * DAY));
    },
    parse(text) {
      const match = DATE.exec(text) ?? DATE_TIME.exec(text);
      if (!match) return null;
      const parsed = DateTime.fromISO(text, { zone: 'utc' });
      if (!parsed.isValid) return null;
      const hasOffset = match[1] !== undefined;
      const time = hasOffset ? parsed.toMillis() : zone.fromLocal(parsed.toMillis());
      return time < EARLIEST || time > LATEST ? null : toInstant(time);
    },
  };
}
