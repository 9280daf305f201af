/** Single tasks, as lists and subscriptions need them (whole executions: execution-snapshots.ts). */
import type { ExecutionStatus } from '../engine/state.ts';
import { TASK_COLUMNS, taskFromRow, type TaskRecord, type TaskRow } from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

const byIds = statement<TaskRow & { executionStatus: ExecutionStatus }>(
  'task.byIds',
  `select ${TASK_COLUMNS}, e.status as "executionStatus"
   from task t join execution e on e.organization_id = t.organization_id and e.id = t.execution_id
   where t.organization_id = $1 and t.id = any($2::uuid[]) and ${visibleThrough('$3')}`,
);

/** The tasks with these ids that can be seen through the scope, in no order. */
export async function readTasks(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<TaskRecord[]> {
  const rows = await db.query(byIds, [organizationId, ids, scope]);
  return rows.map(({ executionStatus, ...task }) => taskFromRow(task, executionStatus));
}
