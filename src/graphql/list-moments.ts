/** When a list changes by the time alone. */
import type { Database } from '../store/database.ts';
import { readNextDue } from '../store/next-due.ts';
import type { SelectionReach } from './reach.ts';

/** From when on something that is due then is overdue, in milliseconds since 1970; Infinity without a date. */
export function overdueFrom(dueAt: string | null): number {
  return dueAt === null ? Infinity : Date.parse(dueAt) + 1;
}

/** The first of the moments; null if there is none. */
export function firstMoment(moments: readonly number[]): number | null {
  const first = Math.min(...moments);
  return Number.isFinite(first) ? first : null;
}

/**
 * The first date, at `now` or later, at which something is due that is not a row but what rows on these entities lead to; null if nothing is, or if it is
 * not asked whether it is overdue. As long as it is the same date, the time has changed nothing of it.
 */
export async function nextDueBeyond(
  { overdue, through }: SelectionReach,
  database: Database,
  organizationId: string,
  now: string,
  entityIds: readonly string[],
): Promise<string | null> {
  if (overdue !== 'BEYOND' || entityIds.length === 0) return null;
  return readNextDue(database, organizationId, now, through === 'ANYTHING' ? null : [...new Set(entityIds)]);
}
