/** On whose behalf executions are changed, and what that implies for the engine. */
import type { Calendar } from '../engine/calendar.ts';
import type { Actor } from '../engine/state.ts';
import { SYSTEM } from '../engine/system.ts';
import { readCalendar } from '../store/organizations.ts';
import type { Transaction } from '../store/transaction.ts';
import { calendarOf } from './calendar.ts';
import { visibilityScope, type Viewer } from './viewer.ts';

export interface Acting {
  readonly actor: Actor;
  /** What can be seen: see `visibilityScope`. */
  readonly scope: readonly string[] | null;
  /** The organization's. */
  readonly calendar: Calendar;
}

/** Somebody who asks for something. */
export function asViewer(viewer: Viewer): Acting {
  return {
    actor: { type: 'USER', id: viewer.userId },
    scope: visibilityScope(viewer),
    calendar: calendarOf(viewer),
  };
}

/** The program itself, within one organization. */
export async function asSystem(tx: Transaction): Promise<Acting> {
  return { actor: SYSTEM, scope: null, calendar: calendarOf(await readCalendar(tx, tx.organizationId)) };
}
