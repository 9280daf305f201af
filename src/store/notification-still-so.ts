/** Whether what a notification tells is still so, and still for its user to know, as a condition for SQL. */
import { AROUND, IS_OPEN, OWN_AND_TEAMS, RESPONSIBLE } from './notification-facts.ts';
import { visibleThrough } from './visibility.ts';

// The same people as those who are told.
function isTheirs(people: string): string {
  return `exists (
    select 1 from task t ${AROUND} ${RESPONSIBLE}
    where t.organization_id = n.organization_id and t.id = n.task_id and u.id = any(${people}::uuid[]) and ${IS_OPEN})`;
}

/** The task was assigned to one of their teams, and nobody else has claimed it. */
function isOfTheirTeams(people: string): string {
  return `exists (
    select 1 from task t ${AROUND}
    join task_assignee a on a.organization_id = t.organization_id and a.task_id = t.id
    join team_member m on m.organization_id = a.organization_id and m.team_id = a.team_id and m.user_id = any(${people}::uuid[])
    where t.organization_id = n.organization_id and t.id = n.task_id and ${IS_OPEN} and t.claimed_by_id is null)`;
}

/** What it is about is open: the task, or without one the execution. */
const IS_ABOUT_OPEN = `exists (
  select 1 from execution e left join task t on t.organization_id = e.organization_id and t.id = n.task_id
  where e.organization_id = n.organization_id and e.id = n.execution_id and case
    when n.task_id is null then e.status in ('STARTED', 'FAILED') else t.id is not null and ${IS_OPEN} end)`;

/** What escalates is the task itself, which they got: a lead is told without. */
const IS_HANDOVER = `(n.kind = 'ESCALATION' and n.task_version is not null)`;

const IS_MENTIONED = `exists (
  select 1 from note m where m.organization_id = n.organization_id and m.id = n.note_id and n.user_id = any(m.mention_ids))`;

const IS_DISABLED = `exists (
  select 1 from automation a where a.organization_id = n.organization_id and a.id = n.automation_id and not a.is_enabled)`;

const IS_FAILED = `exists (
  select 1 from task t where t.organization_id = n.organization_id and t.id = n.task_id and t.status = 'FAILED')`;

function isSeen(people: string): string {
  return `exists (
    select 1 from execution e join app_user u on u.organization_id = e.organization_id and u.id = any(${people}::uuid[])
    where e.organization_id = n.organization_id and e.id = n.execution_id and ${visibleThrough(OWN_AND_TEAMS)})`;
}

/**
 * The notification `n` is unread, and so it is still: the task is open and theirs (on hold or not: that it goes on is not told again), what escalates or was filled in is open
 * and, if it was handed over to them, still theirs, what failed has not gone on,
 * the note is there and mentions them, the automation is disabled. Of an execution only who sees it is told anything. What is about nothing is always
 * so. `people`: the parameter with the ids of the user and of those for whom they stand in.
 */
export function isStillSo(people: string): string {
  return `(n.read_at is null and (n.execution_id is null or ${isSeen(people)}) and case
    when n.kind in ('ASSIGNMENT', 'INVITATION') then n.task_id is null or ${isTheirs(people)}
    when n.task_id is not null and (n.kind = 'REMINDER' or ${IS_HANDOVER}) then ${isTheirs(people)} or ${isOfTheirTeams(people)}
    when n.kind in ('REMINDER', 'ESCALATION', 'SUBMISSION') then n.execution_id is null or ${IS_ABOUT_OPEN}
    when n.kind = 'FAILURE' then n.task_id is null or ${IS_FAILED}
    when n.kind = 'MENTION' then n.note_id is null or ${IS_MENTIONED}
    when n.kind = 'AUTOMATION_DISABLED' then n.automation_id is null or ${IS_DISABLED}
    else true end)`;
}
