/** A calendar without time zone and holidays: days are days of UTC, Saturday and Sunday are free, work is from 08:00 to 17:00. */
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
    if (unit === 'WORKING_HOURS') return addWorkingMinutes(at, amount * 60);
    if (unit === 'WORKING_DAYS') return addWorkingDays(at, amount);
    return addMonths(at, unit === 'YEARS' ? amount * 12 : amount);
  },
  nextWorkingTime(at) {
    if (isWorking(Date.parse(at))) return at;
    let time = Math.floor(Date.parse(at) / MINUTE) * MINUTE;
    while (!isWorking(time)) time += MINUTE;
    return new Date(time).toISOString();
  },
  lastWorkingTime(at) {
    if (isWorking(Date.parse(at))) return at;
    let time = Math.floor(Date.parse(at) / MINUTE) * MINUTE;
    while (!isWorking(time)) time -= MINUTE;
    return new Date(time).toISOString();
  },
  startOfDay: (at) => `${at.slice(0, 10)}T00:00:00.000Z`,
  parse(text) {
    if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
    const isZoned = /Z$|[+-]\d{2}:\d{2}$/.test(text);
    const time = Date.parse(text.length > 10 && !isZoned ? `${text}Z` : text);
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  },
};

function isWorking(time: number): boolean {
  const date = new Date(time);
  const [weekday, hour] = [date.getUTCDay(), date.getUTCHours()];
  return weekday !== 0 && weekday !== 6 && hour >= 8 && hour < 17;
}

/** Minute by minute: each counts that begins in working time. */
function addWorkingMinutes(at: string, amount: number): string {
  let time = Date.parse(at);
  for (let left = Math.abs(amount); left > 0;) {
    if (amount < 0) time -= MINUTE;
    if (isWorking(time)) left -= 1;
    if (amount > 0) time += MINUTE;
  }
  return new Date(time).toISOString();
}

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
