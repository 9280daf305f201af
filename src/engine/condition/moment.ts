/** Dates as conditions compare them: moments, and days as a whole. */
import type { Calendar } from '../calendar.ts';
import type { DateOffset, Instant, TimeUnit } from '../definition.ts';
import { isInstant } from '../instant.ts';

export interface Moment {
  /** Of a day: when it begins. */
  readonly at: Instant;
  /** When the day begins that it belongs to. */
  readonly dayAt: Instant;
  /** It was written without a time of day, and means the day as a whole. */
  readonly isDay: boolean;
}

/** The most units that an offset may have, forwards or backwards. */
export const MAX_OFFSET = 9_999;

const DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Negative, 0 or positive. If one of the two is a day as a whole, their days are compared. */
export function compareMoments(a: Moment, b: Moment): number {
  const [left, right] = a.isDay || b.isDay ? [a.dayAt, b.dayAt] : [a.at, b.at];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Null outside the years 1 to 9999, in which instants are. */
export function momentAt(at: Instant, isDay: boolean, calendar: Calendar): Moment | null {
  if (!isInstant(at)) return null;
  const dayAt = calendar.startOfDay(at);
  return isInstant(dayAt) ? { at: isDay ? dayAt : at, dayAt, isDay } : null;
}

const PARTS_OF_DAYS: ReadonlySet<TimeUnit> = new Set<TimeUnit>(['MINUTES', 'HOURS', 'WORKING_HOURS']);

/** The moment later by the offset (earlier if negative). A day stays a day, unless minutes or hours are added. */
export function shift(moment: Moment, { amount, unit }: DateOffset, calendar: Calendar): Moment | null {
  if (!Number.isInteger(amount) || Math.abs(amount) > MAX_OFFSET) return null;
  const isDay = moment.isDay && !PARTS_OF_DAYS.has(unit);
  return momentAt(calendar.add(moment.at, amount, unit), isDay, calendar);
}

/** The moment that a text means, later by the offset if there is one; null if it is no date. */
export type MomentReader = (text: string, offset: DateOffset | null) => Moment | null;

/**
 * Reads ISO 8601 dates and date-times. It remembers what it has read, because a list of dates may be asked for by many statements
 * and calendars take their time.
 */
export function momentReader(calendar: Calendar): MomentReader {
  const known = new Map<string, Moment | null>();
  return (text, offset) => {
    const parts = DATE.exec(text.trim());
    if (!parts) return null;
    const key = `${parts[0]} ${offset ? `${offset.amount} ${offset.unit}` : ''}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const moment = read(parts, calendar);
    const result = moment && offset ? shift(moment, offset, calendar) : moment;
    known.set(key, result);
    return result;
  };
}

function read([text, day, time]: RegExpExecArray, calendar: Calendar): Moment | null {
  // The thirtieth of February is no date, whatever a calendar makes of it.
  if (!isInstant(`${day ?? ''}T00:00:00.000Z`)) return null;
  const at = calendar.parse(text);
  return at === null ? null : momentAt(at, time === undefined, calendar);
}
