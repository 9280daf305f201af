/** Whom a step of escalation concerns, as it is now. */
import type { AssigneeRef, Instant } from '../engine/definition.ts';
import { OWN_AND_TEAMS } from './notification-facts.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

/** Why somebody is told: the task was handed to them, they are a lead, or it is theirs anyway. */
export type Reason = 'HANDED' | 'LEAD' | 'RESPONSIBLE';

/** An event in which rules of escalation did something, to a task, to a phase, or (both null) to the execution. */
export interface Escalation {
  readonly seq: number;
  readonly executionId: string;
  readonly taskId: string | null;
  readonly phaseId: string | null;
  /** Whether those who are responsible are reminded. */
  readonly isReminder: boolean;
  /** Who is named besides, and why. */
  readonly named: readonly (AssigneeRef & { readonly reason: Reason })[];
}

/** Somebody who is told, and what of. */
export interface EscalatedRow {
  readonly seq: number;
  readonly userId: string;
  readonly reason: Reason;
  readonly executionId: string;
  readonly executionName: string;
  readonly entityId: string;
  readonly entityTitle: string;
  /** Null if it is about a phase or the execution. */
  readonly taskName: string | null;
  /** Null if it is about a task or the execution. */
  readonly phaseName: string | null;
  /** Of the task, the phase or the execution. */
  readonly dueAt: Instant | null;
  /** The organization's. */
  readonly timeZone: string;
}

/** Those who are responsible for the task can work on it, or have to deal with its failure. */
const WAITS_FOR_THEM = `(t.is_enabled or t.status = 'FAILED')`;

// Members of a team are told like those who are named, unless somebody has claimed the task. A partner is told only of what they see.
const escalated = statement<EscalatedRow>(
  'notification.escalated',
  `select c.seq, u.id as "userId", r.reason, e.id as "executionId", e.name as "executionName", x.id as "entityId",
     x.title as "entityTitle", t.name as "taskName", p.name as "phaseName", o.time_zone as "timeZone",
     case when c."taskId" is not null then t.due_at when c."phaseId" is not null then p.due_at else e.due_at end as "dueAt"
   from jsonb_to_recordset($2::jsonb) as c(
     seq bigint, "executionId" uuid, "taskId" uuid, "phaseId" uuid, "isReminder" boolean, named jsonb)
   join organization o on o.id = $1
   join execution e on e.organization_id = $1 and e.id = c."executionId" and e.status in ('STARTED', 'FAILED')
   join entity x on x.organization_id = $1 and x.id = e.entity_id
   left join task t on t.organization_id = $1 and t.id = c."taskId" and t.status not in ('COMPLETED', 'SKIPPED')
   left join phase p on p.organization_id = $1 and p.id = c."phaseId" and p.status <> 'COMPLETED'
   cross join lateral (
     select n.type, n.id, n.reason from jsonb_to_recordset(c.named) as n(type text, id uuid, reason text)
     where n.reason <> 'HANDED' or exists (
       select 1 from task_assignee a where a.organization_id = $1 and a.task_id = t.id and n.id in (a.user_id, a.team_id))
     union all
     select case when a.user_id is not null then 'USER' else 'TEAM' end, coalesce(a.user_id, a.team_id), 'RESPONSIBLE'
     from task_assignee a
     where c."isReminder" and ${WAITS_FOR_THEM} and a.organization_id = $1 and a.task_id = t.id and a.variable is null
     union all
     select 'USER', t.claimed_by_id, 'RESPONSIBLE' where c."isReminder" and ${WAITS_FOR_THEM} and t.claimed_by_id is not null
     union all
     select n.type, n.id::uuid, 'RESPONSIBLE'
     from jsonb_to_recordset(case when c."phaseId" is null then e.assignees else p.assignees end) as n(type text, id text)
     where c."isReminder" and c."taskId" is null and n.type <> 'VARIABLE') r
   cross join lateral (
     select r.id as user_id where r.type = 'USER'
     union select m.user_id from team_member m
     where r.type = 'TEAM' and m.organization_id = $1 and m.team_id = r.id
       and (r.reason = 'LEAD' or t.claimed_by_id is null or t.claimed_by_id = m.user_id)) w
   join app_user u on u.organization_id = $1 and u.id = w.user_id and u.is_active
   where (c."taskId" is null or t.id is not null) and (c."phaseId" is null or p.id is not null)
     and ${visibleThrough(OWN_AND_TEAMS)}
   order by c.seq, u.id`,
);

/** Who is told of these now: of what is still open, and still theirs; active users only. One statement, however many there are. */
export async function readEscalated(
  db: Queryable & { readonly organizationId: string },
  escalations: readonly Escalation[],
): Promise<EscalatedRow[]> {
  const rows = escalations.map(({ seq, executionId, taskId, phaseId, isReminder, named }) => {
    return { seq, executionId, taskId, phaseId, isReminder, named };
  });
  return db.query(escalated, [db.organizationId, JSON.stringify(rows)]);
}
