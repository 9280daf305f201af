/** Due dates that come near, and who has yet to be reminded of them. */
import type { Instant } from '../engine/definition.ts';
import { AROUND, IS_OPEN, PLACE, RESPONSIBLE, type TaskPlace } from './notification-facts.ts';
import { statement, type Queryable } from './statement.ts';

/** From how long before its due date on a task is one to be reminded of. */
const REMINDED = `t.due_at <= $1::timestamptz + interval '24 hours'`;

// A date that is moved is another date, to be reminded of again.
const REMINDER_KEY = `t.id || ':' || to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ':'
  || case when t.due_at <= $1::timestamptz then 'OVER' else 'SOON' end`;

/** What the definition says of the due date of the task takes the place of the usual reminders. */
const HAS_NO_RULES = `not jsonb_path_exists(t.escalations, '$[*].on ? (@ != "UNCLAIMED")')`;

/** What nobody has been reminded of yet: enabled tasks with a due date, and those who are responsible for them. */
const TO_REMIND = `from task t ${AROUND} ${RESPONSIBLE}
  where ${REMINDED} and t.is_enabled and ${IS_OPEN} and ${HAS_NO_RULES} and not exists (
    select 1 from notification n where n.organization_id = t.organization_id and n.user_id = u.id and n.kind = 'REMINDER'
      and n.dedupe_key = ${REMINDER_KEY})`;

const organizationsToRemind = statement<{ organizationId: string }>(
  'notification.organizationsToRemind',
  `select distinct t.organization_id as "organizationId" ${TO_REMIND} limit $2`,
);

/** Organizations with somebody to be reminded of a due date, at most `limit`. */
export async function readOrganizationsToRemind(
  db: Queryable,
  now: Instant,
  limit: number,
): Promise<string[]> {
  const rows = await db.query(organizationsToRemind, [now, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

export interface ReminderRow extends TaskPlace {
  readonly userId: string;
  readonly dueAt: Instant;
  readonly isOver: boolean;
  /** The same as long as the date and its being over are. */
  readonly dedupeKey: string;
  /** The organization's. */
  readonly timeZone: string;
}

const toRemind = statement<ReminderRow>(
  'notification.toRemind',
  `select ${PLACE}, u.id as "userId", t.due_at as "dueAt", t.due_at <= $1::timestamptz as "isOver", ${REMINDER_KEY} as "dedupeKey",
     (select o.time_zone from organization o where o.id = t.organization_id) as "timeZone"
   ${TO_REMIND} and t.organization_id = $2
   order by t.due_at, t.id, u.id limit $3`,
);

/** Who is to be reminded of what in the organization: those whose date is first, at most `limit`. */
export async function readToRemind(
  db: Queryable & { readonly organizationId: string },
  now: Instant,
  limit: number,
): Promise<ReminderRow[]> {
  return db.query(toRemind, [now, db.organizationId, limit]);
}
