/** What notices have in common, in words. */
import type { TaskPlace } from '../store/notification-facts.ts';

/** Where a task is: `(Solar roof, order 4711)`. */
export function placeOf({ executionName, entityTitle }: TaskPlace): string {
  return `(${executionName}, ${entityTitle})`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long' });

/** A day, `2026-12-31`, in words: `31 December 2026`. */
export function dayText(day: string): string {
  return DAY.format(new Date(day));
}
