/** The public holidays of a region. */
import type Holidays from 'date-holidays';
import { holidayPackage } from './holiday-package.ts';
import { isRegion } from './regions.ts';

const DAY = 86_400_000;

/** The years whose holidays are known; the library's moon calendars do not reach beyond them. */
export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2100;

/** A day is a number: days since 1 January 1970. */
export function dayOf(date: string): number {
  return Math.floor(Date.parse(date) / DAY);
}

export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function yearOf(day: number): number {
  return new Date(day * DAY).getUTCFullYear();
}

interface Span {
  readonly name: string;
  /** One day, or several of a long holiday. */
  readonly days: readonly number[];
}

interface RegionHolidays {
  readonly library: Holidays;
  /** The days of the holidays that begin in a year. */
  readonly days: Map<number, ReadonlySet<number>>;
}

const regions = new Map<string, RegionHolidays | null>();

/** Null for a region that is not known (any more): it has no holidays. */
function holidaysOf(region: string): RegionHolidays | null {
  const known = regions.get(region);
  if (known !== undefined) return known;
  const Library = holidayPackage();
  const [country = '', state = '', part = ''] = region.split('-');
  // In UTC the library's moments are the local dates.
  const made = isRegion(region)
    ? {
        library: new Library(country, state, part, { timezone: 'UTC' }),
        days: new Map<number, Set<number>>(),
      }
    : null;
  regions.set(region, made);
  return made;
}

/**
 * The public holidays that begin in the year. They free the days whose morning and noon are theirs: one that begins at noon leaves a day to work,
 * one from evening to evening frees the second day.
 */
function spansBeginningIn(library: Holidays, year: number): Span[] {
  if (year < FIRST_YEAR || year > LAST_YEAR) return [];
  const holidays = library.getHolidays(year).filter(({ type }) => type === 'public');
  return holidays.map(({ name, start, end }) => {
    const first = Math.ceil(start.getTime() / DAY);
    const after = Math.ceil(end.getTime() / DAY - 1 / 2);
    return { name, days: Array.from({ length: Math.max(after - first, 0) }, (_, index) => first + index) };
  });
}

function daysBeginningIn({ library, days }: RegionHolidays, year: number): ReadonlySet<number> {
  const known = days.get(year);
  if (known) return known;
  const made = new Set(spansBeginningIn(library, year).flatMap((span) => span.days));
  days.set(year, made);
  return made;
}

/**
 * Whether the day is a public holiday in the region. Takes some 10 ms for the first day of a year, and is remembered. Always false outside of the
 * years 1970 to 2100.
 */
export function isPublicHoliday(region: string, day: number): boolean {
  const year = yearOf(day);
  if (year < FIRST_YEAR || year > LAST_YEAR) return false;
  const holidays = holidaysOf(region);
  if (holidays === null) return false;
  // A long holiday can have begun before New Year.
  return daysBeginningIn(holidays, year).has(day) || daysBeginningIn(holidays, year - 1).has(day);
}

/** A holiday on one day, `YYYY-MM-DD`. */
export interface PublicHoliday {
  readonly date: string;
  readonly name: string;
}

/**
 * The region's public holidays in the year by date, each day of a long one on its own. Named in the language of the locale if the
 * library can, or else in one that is spoken there.
 */
export function publicHolidays(region: string, year: number, locale: string): PublicHoliday[] {
  const holidays = holidaysOf(region);
  if (holidays === null) return [];
  const { library } = holidays;
  library.setLanguages(new Intl.Locale(locale).language);
  const isOverNewYear = [...daysBeginningIn(holidays, year - 1)].some((day) => yearOf(day) === year);
  return [...(isOverNewYear ? spansBeginningIn(library, year - 1) : []), ...spansBeginningIn(library, year)]
    .flatMap(({ name, days }) => days.map((day) => ({ name, day })))
    .filter(({ day }) => yearOf(day) === year)
    .sort((a, b) => a.day - b.day)
    .map(({ name, day }) => ({ date: dateOf(day), name }));
}
