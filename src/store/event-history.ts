/** The log backwards: what happened to one object, newest first. */
import { EVENT_COLUMNS, type StoredEvent } from './event-log.ts';
import { statement, type Statement, type Queryable } from './statement.ts';
import { eventVisibleThrough } from './visibility.ts';

/** Whose history. A task's holds its notes; an execution's its phases and tasks; an entity's all its executions. */
export type HistoryOf = 'EXECUTION' | 'ENTITY' | 'TASK';

const CONDITIONS: Readonly<Record<HistoryOf, string>> = {
  EXECUTION: 'e.execution_id = $2::uuid',
  ENTITY: 'e.entity_ids @> array[$2::uuid]',
  TASK: 'e.task_id = $2::uuid',
};

function historyStatement(of: HistoryOf): Statement<StoredEvent> {
  return statement(
    `event.history.${of}`,
    `select ${EVENT_COLUMNS} from event e
     where e.organization_id = $1 and ${CONDITIONS[of]} and ($3::bigint is null or e.seq < $3::bigint)
       and ${eventVisibleThrough('$4')}
     order by e.seq desc limit $5`,
  );
}

const histories = {
  EXECUTION: historyStatement('EXECUTION'),
  ENTITY: historyStatement('ENTITY'),
  TASK: historyStatement('TASK'),
};

/** The events of the object before the given number, newest first; those that can be seen through the scope. */
export async function readHistory(
  db: Queryable,
  organizationId: string,
  of: HistoryOf,
  id: string,
  scope: readonly string[] | null,
  page: { readonly before: number | null; readonly limit: number },
): Promise<StoredEvent[]> {
  return db.query(histories[of], [organizationId, id, page.before, scope, page.limit]);
}

const visibleBySeqs = statement<StoredEvent>(
  'event.visibleBySeqs',
  `select ${EVENT_COLUMNS} from event e
   where e.organization_id = $1 and e.seq = any($2::bigint[]) and ${eventVisibleThrough('$3')}`,
);

/** Those of the events with these numbers that can be seen through the scope, in no order. What can be seen is asked now. */
export async function readVisibleEvents(
  db: Queryable,
  organizationId: string,
  seqs: readonly number[],
  scope: readonly string[] | null,
): Promise<StoredEvent[]> {
  return db.query(visibleBySeqs, [organizationId, seqs, scope]);
}
