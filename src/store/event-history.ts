/** The log backwards: what happened to one object, newest first. */
import { EVENT_COLUMNS, type StoredEvent } from './event-log.ts';
import { statement, type Statement, type Queryable } from './statement.ts';
import { visibleThrough } from './visibility.ts';

/** Whose history. A task's holds its notes; an execution's its phases and tasks; an entity's all its executions. */
export type HistoryOf = 'EXECUTION' | 'ENTITY' | 'TASK';

const CONDITIONS: Readonly<Record<HistoryOf, string>> = {
  EXECUTION: 'e.execution_id = $2::uuid',
  ENTITY: 'e.entity_ids @> array[$2::uuid]',
  TASK: 'e.task_id = $2::uuid',
};

// The log is `e` in its column list, so the execution that must be visible is looked up in a subquery of its own.
function historyStatement(of: HistoryOf): Statement<StoredEvent> {
  return statement(
    `event.history.${of}`,
    `select ${EVENT_COLUMNS} from event e
     where e.organization_id = $1 and ${CONDITIONS[of]} and ($3::bigint is null or e.seq < $3::bigint)
       and ($4::uuid[] is null or e.execution_id in (select v.id from (
         select e.id from execution e where e.organization_id = $1 and ${visibleThrough('$4')}) v))
     order by e.seq desc limit $5`,
  );
}

const histories = {
  EXECUTION: historyStatement('EXECUTION'),
  ENTITY: historyStatement('ENTITY'),
  TASK: historyStatement('TASK'),
};

/** The events of the object before the given number, newest first; through a scope only those of visible executions. */
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

const bySeqs = statement<StoredEvent>(
  'event.bySeqs',
  `select ${EVENT_COLUMNS} from event e where e.organization_id = $1 and e.seq = any($2::bigint[])`,
);

/** The events with these numbers, in no order. */
export async function readEventsBySeq(
  db: Queryable,
  organizationId: string,
  seqs: readonly number[],
): Promise<StoredEvent[]> {
  return db.query(bySeqs, [organizationId, seqs]);
}
