/** What has to be known of people and tasks to decide who is told what. Each is one statement, however much it is about. */
import type { AssigneeRef } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

type Scoped = Queryable & { readonly organizationId: string };

/** A task and what is around it, as its reader knows them. */
export interface TaskPlace {
  readonly taskId: string;
  readonly taskName: string;
  readonly executionId: string;
  readonly executionName: string;
  readonly entityId: string;
  readonly entityTitle: string;
}

/** The columns of `TaskPlace`. */
export const PLACE = `t.id as "taskId", t.name as "taskName", e.id as "executionId", e.name as "executionName", x.id as "entityId",
  x.title as "entityTitle"`;

/** What is around the task `t`: its execution `e` and its entity `x`. */
export const AROUND = `join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
  join entity x on x.organization_id = e.organization_id and x.id = e.entity_id`;

/** The task `t` of the execution `e` is open. */
export const IS_OPEN = `e.status in ('STARTED', 'FAILED') and t.status not in ('COMPLETED', 'SKIPPED')`;

/** The users `r` whom the task `t` is assigned to themselves, and who claimed it; not the members of teams. */
export const RESPONSIBLE = `cross join lateral (
  select a.user_id from task_assignee a
  where a.organization_id = t.organization_id and a.task_id = t.id and a.user_id is not null
  union select t.claimed_by_id where t.claimed_by_id is not null) r
  join app_user u on u.organization_id = t.organization_id and u.id = r.user_id and u.is_active`;

const assigneesBefore = statement<{ seq: number; assignees: readonly AssigneeRef[] | null }>(
  'notification.assigneesBefore',
  `select c.seq, before.assignees
   from jsonb_to_recordset($2::jsonb) as c("taskId" uuid, seq bigint)
   left join lateral (
     select e.data->'assignees' as assignees from event_history e
     where e.organization_id = $1 and e.task_id = c."taskId" and e.seq < c.seq and e.subject_type = 'TASK' and e.data ? 'assignees'
     order by e.seq desc limit 1) before on true`,
);

/** Who was responsible for tasks before these events of theirs, by the number of the event: the log knows. */
export async function readAssigneesBefore(
  db: Scoped,
  changes: readonly { readonly taskId: string; readonly seq: number }[],
): Promise<ReadonlyMap<number, readonly AssigneeRef[]>> {
  if (changes.length === 0) return new Map();
  const rows = await db.query(assigneesBefore, [db.organizationId, JSON.stringify(changes)]);
  return new Map(rows.map(({ seq, assignees }) => [seq, assignees ?? []]));
}

/** An open task and one of those who are responsible for it now. */
export interface ResponsibleRow extends TaskPlace {
  readonly userId: string;
  readonly isPartner: boolean;
  readonly isEnabled: boolean;
  /** The task's own. */
  readonly version: number;
  /** The version since which nothing that comes before the task holds it up; null if something does. Being on hold is no such thing. */
  readonly readyVersion: number | null;
  /** The version that the task had when the user was last told that it is theirs and can be worked on; null if never. */
  readonly toldVersion: number | null;
  /** Whether the user was invited to the execution, by whichever task. */
  readonly isInvited: boolean;
}

/** The event `c` of a task is that it was reached, that what it requires is finished, or that its time has come. */
const MAKES_READY = `(c.data->>'reachedAt' is not null or c.data->'hasOpenRequirements' = 'false' or c.data->>'scheduleRanAt' is not null)`;

const responsible = statement<ResponsibleRow>(
  'notification.responsible',
  `select ${PLACE}, u.id as "userId", u.kind = 'PARTNER' as "isPartner", t.is_enabled as "isEnabled", t.version,
     case when t.is_enabled then (
       select c.version from event_history c
       where c.organization_id = $1 and c.task_id = t.id and c.subject_type = 'TASK' and ${MAKES_READY}
       order by c.seq desc limit 1) end as "readyVersion",
     (select max(n.task_version) from notification n
      where n.organization_id = $1 and n.user_id = u.id and n.task_id = t.id) as "toldVersion",
     i.id is not null as "isInvited"
   from task t ${AROUND} ${RESPONSIBLE}
   left join notification i on i.organization_id = $1 and i.user_id = u.id and i.kind = 'INVITATION' and i.dedupe_key = e.id::text
   where t.organization_id = $1 and t.id = any($2::uuid[]) and ${IS_OPEN}
   order by e.id, t.position, t.id, u.id`,
);

/** Who is responsible now for those of the tasks that are open: by execution, from top to bottom; active users only. */
export async function readResponsible(db: Scoped, taskIds: readonly string[]): Promise<ResponsibleRow[]> {
  return db.query(responsible, [db.organizationId, taskIds]);
}

/** A task and somebody who is to be told of it. */
export interface OfTask {
  readonly taskId: string;
  readonly userId: string;
}

const throughTeams = statement<OfTask>(
  'notification.throughTeams',
  `select t.id as "taskId", c."userId"
   from jsonb_to_recordset($2::jsonb) as c("taskId" uuid, "userId" uuid)
   join task t on t.organization_id = $1 and t.id = c."taskId"
   where not exists (
       select from task_assignee a where a.organization_id = $1 and a.task_id = t.id and a.user_id = c."userId")
     and exists (
       select from task_assignee a
       join team_member m on m.organization_id = a.organization_id and m.team_id = a.team_id and m.user_id = c."userId"
       where a.organization_id = $1 and a.task_id = t.id)`,
);

/** Those of the tasks that are somebody's through a team only, claimed or not. */
export async function readThroughTeams(db: Scoped, tasks: readonly OfTask[]): Promise<OfTask[]> {
  if (tasks.length === 0) return [];
  return db.query(throughTeams, [db.organizationId, JSON.stringify(tasks)]);
}

/** How much somebody has to do. */
interface OpenWork {
  readonly userId: string;
  readonly name: string;
  /** Open tasks that are assigned to them themselves. */
  readonly taskCount: number;
}

const openWork = statement<OpenWork>(
  'notification.openWork',
  `select u.id as "userId", u.name, count(*)::int as "taskCount"
   from app_user u
   join task_assignee a on a.organization_id = u.organization_id and a.user_id = u.id
   join task t on t.organization_id = a.organization_id and t.id = a.task_id
   join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
   where u.organization_id = $1 and u.id = any($2::uuid[]) and ${IS_OPEN}
   group by u.id, u.name`,
);

/** Those of the users who have open tasks, and how many. */
export async function readOpenWork(db: Scoped, userIds: readonly string[]): Promise<OpenWork[]> {
  return db.query(openWork, [db.organizationId, userIds]);
}

/** A note and one of those whom it mentions. */
export interface MentionRow extends TaskPlace {
  readonly noteId: string;
  readonly userId: string;
  readonly authorId: string;
  readonly authorName: string;
}

/** What the user `u` sees: of a partner, the scope that `visibleThrough` takes; null for everybody else. */
export const OWN_AND_TEAMS = `(case when u.kind = 'PARTNER' then array(
  select u.id union all select m.team_id from team_member m where m.organization_id = u.organization_id and m.user_id = u.id) end)`;

const mentions = statement<MentionRow>(
  'notification.mentions',
  `select ${PLACE}, n.id as "noteId", u.id as "userId", n.author_id as "authorId", w.name as "authorName"
   from note n
   join app_user w on w.organization_id = n.organization_id and w.id = n.author_id
   join task t on t.organization_id = n.organization_id and t.id = n.task_id
   ${AROUND}
   cross join lateral unnest(n.mention_ids) as m(id)
   join app_user u on u.organization_id = n.organization_id and u.id = m.id and u.is_active and u.id <> n.author_id
   where n.organization_id = $1 and n.id = any($2::uuid[]) and ${visibleThrough(OWN_AND_TEAMS)}
   order by n.id, u.id`,
);

/** Whom the notes mention now, their authors aside; of partners, those who see the execution. Active users only. */
export async function readMentions(db: Scoped, noteIds: readonly string[]): Promise<MentionRow[]> {
  return db.query(mentions, [db.organizationId, noteIds]);
}

/** An automation and who published its newest version. */
export interface PublisherRow {
  readonly automationId: string;
  readonly name: string;
  readonly userId: string;
}

const publishers = statement<PublisherRow>(
  'notification.publishers',
  `select a.id as "automationId", a.name, u.id as "userId"
   from automation a
   join automation_version v on v.organization_id = a.organization_id and v.automation_id = a.id and v.number = a.published_number
   join app_user u on u.organization_id = v.organization_id and u.id = v.published_by_id and u.is_active
   where a.organization_id = $1 and a.id = any($2::uuid[]) order by a.id`,
);

/** Who published the newest versions of the automations; active users only. */
export async function readPublishers(db: Scoped, automationIds: readonly string[]): Promise<PublisherRow[]> {
  return db.query(publishers, [db.organizationId, automationIds]);
}
