/** Instants as text. */
import type { Instant } from './definition.ts';

const FORMAT = /^(?!0000)\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether the text is an instant in the one form that is used everywhere, `2026-11-23T08:30:00.000Z`, on a day that
 * exists. */
export function isInstant(text: string): boolean {
  if (!FORMAT.test(text)) return false;
  // `Date` rolls 30 February over to March, so a day that does not exist comes back as another text.
  const date = new Date(text);
  return !Number.isNaN(date.getTime()) && date.toISOString() === text;
}

/** So many seconds later, whatever any clock on a wall shows. */
export function secondsAfter(now: Instant, seconds: number): Instant {
  return new Date(Date.parse(now) + seconds * 1_000).toISOString();
}

/** The same with hours. */
export function hoursAfter(now: Instant, hours: number): Instant {
  return secondsAfter(now, hours * 3_600);
}
