/**
 * The log backwards: what happened to one object, newest first. It reads the whole log, archived or not.
 *
 * A page reads hardly more rows than it shows (of 200,000 events with 80 % archived, for 51: at most 52 of `event` and 57 of the archive,
 * wherever the page begins), besides those that its reader must not see and, for an entity, its others in the replay window.
 */
import { EVENT_COLUMNS, type StoredEvent } from './event-log.ts';
import { statement, type Statement, type Queryable } from './statement.ts';
import { eventVisibleThrough } from './visibility.ts';

/** Whose history. A task's holds its notes; an execution's its phases and tasks; an entity's all its executions. */
export type HistoryOf = 'EXECUTION' | 'ENTITY' | 'TASK';

// Always a comparison, also for the first page: an "or" would not reach the index in a plan that is made for every page.
const BEFORE = 'e.seq < coalesce($3::bigint, 9223372036854775807)';

function newest(source: string, condition: string): string {
  return `select ${EVENT_COLUMNS} from ${source}
    where e.organization_id = $1 and ${condition} and ${BEFORE} and ${eventVisibleThrough('$4')}
    order by e.seq desc limit $5`;
}

function historyStatement(of: HistoryOf, text: string): Statement<StoredEvent> {
  return statement(`event.history.${of}`, text);
}

const ARCHIVED_OF_ENTITY =
  'event_archive_entity x join event_archive e on e.organization_id = x.organization_id and e.seq = x.seq';

const histories = {
  EXECUTION: historyStatement('EXECUTION', newest('event_history e', 'e.execution_id = $2::uuid')),
  ENTITY: historyStatement(
    'ENTITY',
    `(${newest('event e', 'e.entity_ids @> array[$2::uuid]')})
     union all (${newest(ARCHIVED_OF_ENTITY, 'x.entity_id = $2::uuid')})
     order by seq desc limit $5`,
  ),
  TASK: historyStatement('TASK', newest('event_history e', 'e.task_id = $2::uuid')),
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
  `select ${EVENT_COLUMNS} from event_history e
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
