/** Amounts of time. */
import type { TimeUnit } from '../../engine/definition.ts';
import type { Part } from './part.ts';
import type { ForeignTimeUnit } from './shared-shapes.ts';

export const TIME_UNITS = {
  minutes: 'MINUTES',
  hours: 'HOURS',
  days: 'DAYS',
  weeks: 'WEEKS',
  months: 'MONTHS',
  years: 'YEARS',
} as const satisfies Readonly<Record<ForeignTimeUnit, TimeUnit>>;

/** The largest number that the API can answer. */
const MAX_AMOUNT = 2 ** 31 - 1;

/** A whole number of units, 0 or more; null if it is not, or larger than any amount here. */
export function readAmount(
  amount: Part<number>,
  unit: Part<ForeignTimeUnit>,
): { readonly amount: number; readonly unit: TimeUnit } | null {
  const count = amount.take();
  const span = { amount: count, unit: TIME_UNITS[unit.take()] };
  return Number.isInteger(count) && count >= 0 && count <= MAX_AMOUNT ? span : null;
}
