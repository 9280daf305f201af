/** A calendar without time zone and holidays: days are days of UTC, Saturday and Sunday are free. */
import type { Calendar } from '../../src/engine/calendar.ts';
import type { TimeUnit } from '../../src/engine/definition.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const FIXED: Partial<Record<TimeUnit, number>> = {
  MINUTES: MINUTE,
  HOURS: 60 * MINUTE,
  DAYS: DAY,
  WEEKS: 7 * DAY,
};

export const UTC_CALENDAR: Calendar = {
  add(at, amount, unit) {
    const fixed = FIXED[unit];
    if (fixed !== undefined) return new Date(Date.parse(at) + amount * fixed).toISOString();
    if (unit === 'WORKING_DAYS') return addWorkingDays(at, amount);
    return addMonths(at, unit === 'YEARS' ? amount * 12 : amount);
  },
  startOfDay: (at) => `${at.slice(0, 10)}T00:00:00.000Z`,
  parse(text) {
    if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
    const isZoned = /Z$|[+-]\d{2}:\d{2}$/.test(text);
    const time = Date.parse(text.length > 10 && !isZoned ? `${text}Z` : text);
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  },
};

function addWorkingDays(at: string, amount: number): string {
  let time = Date.parse(at);
  for (let left = Math.abs(amount); left > 0;) {
    time += Math.sign(amount) * DAY;
    const weekday = new Date(time).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return new Date(time).toISOString();
}

function addMonths(at: string, amount: number): string {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + amount);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.toISOString();
}
