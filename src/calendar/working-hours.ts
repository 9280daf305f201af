/** The hours in which an organization works, by day of the week, and counting in them. */
import type { Zone } from './zone.ts';

/** The days of the week, from Monday on. */
export const WEEKDAYS = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** "On `day`, from `from` until `to`", on the wall clock. A day may have several, which do not overlap. */
export interface WorkingHours {
  readonly day: Weekday;
  /** `HH:MM`, 00:00 to 23:59. */
  readonly from: string;
  /** `HH:MM`, later than `from`; 24:00 is the end of the day. */
  readonly to: string;
}

/** Of who has said nothing: Monday to Friday, 08:00 to 17:00. */
export const USUAL_HOURS: readonly WorkingHours[] = WEEKDAYS.slice(0, 5).map((day) => ({
  day,
  from: '08:00',
  to: '17:00',
}));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How far it is counted, in days: 55 years. What would be further ends there. */
const HORIZON = 20_000;

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/;

/** Minutes since midnight; null for what is no time such as `08:00` or `24:00`. */
export function minutesOf(time: string): number | null {
  if (!TIME.test(time)) return null;
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** When the wall clock shows that time or a later one first: where it leaves hours out, they end as soon as they would begin. */
function momentOf(zone: Zone, local: number): number {
  let time = zone.fromLocal(local);
  if (zone.toLocal(time) === local) return time;
  while (zone.toLocal(time - MINUTE) > local) time -= MINUTE;
  return time;
}

/** 0 is Monday. A day is a number: days since 1 January 1970, a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** From `start` on, until before `end`, in milliseconds since 1970. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Working time, in milliseconds since 1970. */
export interface WorkingTime {
  /** Whether there are hours on that day of the week, free days aside. */
  readonly isWorkday: (day: number) => boolean;
  /** The moment so much working time after `time`, before it if negative. */
  readonly add: (time: number, milliseconds: number) => number;
  /** `time` if it is working time, else the moment at which working time next begins. */
  readonly next: (time: number) => number;
  /** `time` if it is working time, else the last minute of working time before it. */
  readonly last: (time: number) => number;
}

/**
 * Working time by the hours of each day of the week that is not free. On the day on which the clocks change, the hours are those of the wall clock, and
 * what is counted is the time that really passes in them. Without any hours the usual ones hold.
 */
export function workingTime(
  hours: readonly WorkingHours[],
  zone: Zone,
  isFree: (day: number) => boolean,
): WorkingTime {
  const ofWeek = spansOfWeek(hours.length > 0 ? hours : USUAL_HOURS);
  const spansOf = (day: number): Span[] => {
    const parts = ofWeek[weekdayOf(day)] ?? [];
    if (parts.length === 0 || isFree(day)) return [];
    let after = -Infinity;
    return parts.map(({ start, end }) => {
      const from = Math.max(momentOf(zone, day * DAY + start), after);
      after = Math.max(momentOf(zone, day * DAY + end), from);
      return { start: from, end: after };
    });
  };

  /** The spans that end after `time`, the earliest first. */
  function* spansAfter(time: number): Generator<Span, undefined> {
    const first = Math.floor(zone.toLocal(time) / DAY) - 1;
    for (let day = first; day < first + HORIZON; day += 1)
      for (const span of spansOf(day)) if (span.end > time && span.end > span.start) yield span;
  }

  /** The spans that begin before `time`, the latest first. */
  function* spansBefore(time: number): Generator<Span, undefined> {
    const first = Math.floor(zone.toLocal(time) / DAY) + 1;
    for (let day = first; day > first - HORIZON; day -= 1)
      for (const span of spansOf(day).reverse()) if (span.start < time && span.end > span.start) yield span;
  }

  const forward = (time: number, milliseconds: number): number => {
    let left = milliseconds;
    let reached = time;
    for (const { start, end } of spansAfter(time)) {
      const from = Math.max(start, time);
      if (left <= end - from) return from + left;
      left -= end - from;
      reached = end;
    }
    return reached;
  };
  const back = (time: number, milliseconds: number): number => {
    let left = milliseconds;
    let reached = time;
    for (const { start, end } of spansBefore(time)) {
      const until = Math.min(end, time);
      if (left <= until - start) return until - left;
      left -= until - start;
      reached = start;
    }
    return reached;
  };

  return {
    isWorkday: (day) => (ofWeek[weekdayOf(day)] ?? []).length > 0,
    add: (time, milliseconds) => (milliseconds < 0 ? back(time, -milliseconds) : forward(time, milliseconds)),
    next(time) {
      const span = firstOf(spansAfter(time));
      return span ? Math.max(span.start, time) : time;
    },
    last(time) {
      const span = firstOf(spansBefore(time + 1));
      if (!span) return time;
      return span.end > time ? time : Math.max(span.start, span.end - MINUTE);
    },
  };
}

function firstOf(spans: Iterable<Span>): Span | null {
  const next = spans[Symbol.iterator]().next();
  return next.done ? null : next.value;
}

/** The spans of each day of the week, in milliseconds since midnight, the earliest first. What is no time is left out. */
function spansOfWeek(hours: readonly WorkingHours[]): readonly (readonly Span[])[] {
  return WEEKDAYS.map((weekday) =>
    hours
      .filter(({ day }) => day === weekday)
      .map(({ from, to }) => ({ start: (minutesOf(from) ?? 0) * MINUTE, end: (minutesOf(to) ?? 0) * MINUTE }))
      .filter(({ start, end }) => start < end)
      .sort((a, b) => a.start - b.start),
  );
}
