/** Counting time as an organization does; given to the engine, which knows neither time zones nor holidays. */
import type { Instant, TimeUnit } from './definition.ts';

/** The calendar of one organization. Deterministic: the same questions get the same answers. */
export interface Calendar {
  /**
   * The moment `amount` units after `at`, or before it if negative. Minutes and hours are exact; days, weeks, months and years keep the
   * time on the wall clock, months and years end with the month's last day; working days leave out weekends and holidays.
   */
  readonly add: (at: Instant, amount: number, unit: TimeUnit) => Instant;
  /** When the day of `at` began. */
  readonly startOfDay: (at: Instant) => Instant;
  /** The moment that an ISO 8601 date or date-time means (a date: when that day begins, no offset: local time); null if it is neither. */
  readonly parse: (text: string) => Instant | null;
}
