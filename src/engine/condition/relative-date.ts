/** Dates that are counted from the day of the comparison: `today`, `today+30d`, `now-3h`. */
import type { Calendar } from '../calendar.ts';
import type { DateOffset, Instant, TimeUnit } from '../definition.ts';
import { momentAt, shift, type Moment } from './moment.ts';

export interface RelativeDate {
  /** NOW is the moment, the others are days as a whole. */
  readonly base: 'TODAY' | 'YESTERDAY' | 'TOMORROW' | 'NOW';
  readonly offset: DateOffset | null;
}

const UNITS: Readonly<Record<string, TimeUnit>> = {
  min: 'MINUTES',
  h: 'HOURS',
  wh: 'WORKING_HOURS',
  d: 'DAYS',
  wd: 'WORKING_DAYS',
  w: 'WEEKS',
  m: 'MONTHS',
  y: 'YEARS',
};
const BASES: Readonly<Record<string, RelativeDate['base']>> = {
  today: 'TODAY',
  yesterday: 'YESTERDAY',
  tomorrow: 'TOMORROW',
  now: 'NOW',
};
const FORMAT = /^(today|yesterday|tomorrow|now)(?: ?([+-]) ?(\d{1,4}) ?(min|h|wh|d|wd|w|m|y))?$/;

/**
 * `today`, `yesterday`, `tomorrow` or `now`, and after it `+` or `-`, a number up to 9999 and a unit (`min` minutes, `h` hours,
 * `wh` working hours, `d` days, `wd` working days, `w` weeks, `m` months, `y` years), in any case; null for any other text.
 */
export function parseRelativeDate(text: string): RelativeDate | null {
  const [, word = '', sign, digits, letters = ''] = FORMAT.exec(text.trim().toLowerCase()) ?? [];
  const base = BASES[word];
  if (!base) return null;
  const unit = UNITS[letters];
  const amount = sign === '-' ? -Number(digits) : Number(digits);
  return { base, offset: unit ? { amount, unit } : null };
}

/** What it stands for at `now`; null if that is outside the years 1 to 9999. */
export function resolveRelativeDate(date: RelativeDate, now: Instant, calendar: Calendar): Moment | null {
  const base = baseMoment(date.base, now, calendar);
  return base && date.offset ? shift(base, date.offset, calendar) : base;
}

function baseMoment(base: RelativeDate['base'], now: Instant, calendar: Calendar): Moment | null {
  const moment = momentAt(now, base !== 'NOW', calendar);
  switch (base) {
    case 'TODAY':
    case 'NOW':
      return moment;
    case 'YESTERDAY':
      return moment && shift(moment, { amount: -1, unit: 'DAYS' }, calendar);
    case 'TOMORROW':
      return moment && shift(moment, { amount: 1, unit: 'DAYS' }, calendar);
  }
}
