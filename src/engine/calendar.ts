/** Counting time as an organization does; given to the engine, which knows neither time zones nor holidays. */
import type { Instant, TimeUnit } from './definition.ts';

/** The calendar of one organization. Deterministic: the same questions get the same answers. */
export interface Calendar {
  /**
   * The moment `amount` units after `at`, or before it if negative. Minutes and hours are exact; days, weeks, months and years keep the
   * time on the wall clock, months and years end with the month's last day; working days leave out the days on which the organization does not work,
   * and holidays; working hours are the time that passes in its working hours on working days.
   */
  readonly add: (at: Instant, amount: number, unit: TimeUnit) => Instant;
  /** `at` if the organization works then, else the moment at which it next begins to. */
  readonly nextWorkingTime: (at: Instant) => Instant;
  /** `at` if the organization works then, else the last minute before in which it did. */
  readonly lastWorkingTime: (at: Instant) => Instant;
  /** When the day of `at` began. */
  readonly startOfDay: (at: Instant) => Instant;
  /** The moment that an ISO 8601 date or date-time means (a date: when that day begins, no offset: local time); null if it is neither. */
  readonly parse: (text: string) => Instant | null;
}
