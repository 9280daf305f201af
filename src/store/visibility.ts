/**
 * What somebody sees who does not see everything, as conditions for SQL. In all of them the parameter (`$n`) is null, which sees everything,
 * or holds the ids of users and teams: the scope.
 */

/** The rule from which all others follow: one of the execution's tasks is assigned to one of the scope. */
function hasTaskOf(scope: string, organizationId: string, executionId: string): string {
  return `exists (
    select 1 from task vt join task_assignee va on va.organization_id = vt.organization_id and va.task_id = vt.id
    where vt.organization_id = ${organizationId} and vt.execution_id = ${executionId}
      and (va.user_id = any(${scope}::uuid[]) or va.team_id = any(${scope}::uuid[])))`;
}

function hasExecutionOf(scope: string, organizationId: string, entityId: string): string {
  return `exists (
    select 1 from execution_entity vx where vx.organization_id = ${organizationId} and vx.entity_id = ${entityId}
      and ${hasTaskOf(scope, 'vx.organization_id', 'vx.execution_id')})`;
}

/** Whether the execution can be seen: by default `e`, else the one of these columns. */
export function visibleThrough(
  parameter: string,
  organizationId = 'e.organization_id',
  executionId = 'e.id',
): string {
  return `(${parameter}::uuid[] is null or ${hasTaskOf(parameter, organizationId, executionId)})`;
}

/** Whether the entity `n` can be seen: one of its executions can be. */
export function entityVisibleThrough(parameter: string): string {
  return `(${parameter}::uuid[] is null or ${hasExecutionOf(parameter, 'n.organization_id', 'n.id')})`;
}

/**
 * Whether the event `e` can be seen: its execution can be; or it is about an entity alone, which can be; or it happened to a task that was one
 * of the scope's before or after it (they are told even if it took away the last one by which they saw the execution), to one of the scope
 * itself, or to a team that one of it joined, left or is in; or it is a notification of one of the scope, or an absence that concerns one; or it is the end of an execution that one of the scope had a task of.
 */
export function eventVisibleThrough(parameter: string): string {
  return `(${parameter}::uuid[] is null
    or e.audience && ${parameter}::uuid[] and (e.subject_type in ('TASK', 'USER', 'TEAM', 'NOTIFICATION', 'ABSENCE') or e.type = 'EXECUTION_DELETED')
    or e.execution_id is not null and ${hasTaskOf(parameter, 'e.organization_id', 'e.execution_id')}
    or e.execution_id is null and exists (
      select 1 from unnest(e.entity_ids) as ve(id) where ${hasExecutionOf(parameter, 'e.organization_id', 've.id')}))`;
}

/** Whether the automation run `r` can be seen: its execution can be. */
export function runVisibleThrough(parameter: string): string {
  return `(${parameter}::uuid[] is null or ${hasTaskOf(parameter, 'r.organization_id', 'r.execution_id')})`;
}

/**
 * Whether what belongs to a task (by the column `task_id` of this alias), and holds what somebody filled in there, can be seen: the task itself is
 * assigned to one of the scope. That they see the execution is not enough.
 */
export function ownTaskThrough(parameter: string, alias: string): string {
  return `(${parameter}::uuid[] is null or exists (
    select 1 from task_assignee va where va.organization_id = ${alias}.organization_id and va.task_id = ${alias}.task_id
      and (va.user_id = any(${parameter}::uuid[]) or va.team_id = any(${parameter}::uuid[]))))`;
}
