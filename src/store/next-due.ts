/** When something becomes overdue next. */
import { statement, type Queryable } from './statement.ts';

function nextDue(name: string, isAmong: (execution: string) => string) {
  return statement<{ nextDueAt: string | null }>(
    name,
    `select min(d.due_at) as "nextDueAt" from (
       select e.due_at from execution e
       where e.organization_id = $1 and e.due_at >= $2 and e.status in ('STARTED', 'FAILED') ${isAmong('e.id')}
       union all
       select t.due_at from task t
       where t.organization_id = $1 and t.due_at >= $2 and t.status not in ('COMPLETED', 'SKIPPED') ${isAmong('t.execution_id')}) d`,
  );
}

const ofEntities = nextDue(
  'due.nextOfEntities',
  (execution) => `and ${execution} in (select x.execution_id from execution_entity x
                       where x.organization_id = $1 and x.entity_id = any($3::uuid[]))`,
);
const ofAll = nextDue('due.nextOfAll', () => '');

/**
 * The first due date, at `now` or later, of the open executions on these entities and their open tasks; null if there is none. `entityIds` null: of
 * all executions of the organization, which are all read.
 */
export async function readNextDue(
  db: Queryable,
  organizationId: string,
  now: string,
  entityIds: readonly string[] | null,
): Promise<string | null> {
  const [row] = await (entityIds === null
    ? db.query(ofAll, [organizationId, now])
    : db.query(ofEntities, [organizationId, now, entityIds]));
  return row?.nextDueAt ?? null;
}
