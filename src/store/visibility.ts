/** Which executions somebody sees who does not see everything. */
import { statement, type Queryable } from './statement.ts';

/**
 * SQL condition on execution `e`: `$n` is null (sees everything) or holds the ids of users and teams of which one must be
 * assigned to one of its tasks.
 */
export function visibleThrough(parameter: string): string {
  return `(${parameter}::uuid[] is null or exists (
    select 1 from task vt join task_assignee va on va.organization_id = vt.organization_id and va.task_id = vt.id
    where vt.organization_id = e.organization_id and vt.execution_id = e.id
      and (va.user_id = any(${parameter}::uuid[]) or va.team_id = any(${parameter}::uuid[]))))`;
}

const visible = statement<{ id: string }>(
  'execution.visible',
  `select e.id from execution e where e.organization_id = $1 and e.id = any($2::uuid[]) and ${visibleThrough('$3')}`,
);

/** Those of the executions that can be seen through the scope (see `visibilityScope`). */
export async function visibleExecutions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<Set<string>> {
  const rows = await db.query(visible, [organizationId, ids, scope]);
  return new Set(rows.map((row) => row.id));
}

const visibleEntity = statement<{ id: string }>(
  'entity.visible',
  `select x.entity_id as id from execution_entity x
   join execution e on e.organization_id = x.organization_id and e.id = x.execution_id
   where x.organization_id = $1 and x.entity_id = any($2::uuid[]) and ${visibleThrough('$3')}
   group by x.entity_id`,
);

/** Those of the entities that have an execution which can be seen through the scope. */
export async function visibleEntities(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[],
): Promise<Set<string>> {
  const rows = await db.query(visibleEntity, [organizationId, ids, scope]);
  return new Set(rows.map((row) => row.id));
}
