/** Reading from the log what one subscriber has missed. */
import { EVENT_COLUMNS, type StoredEvent } from './event-log.ts';
import { statement, type Queryable, type Statement } from './statement.ts';

/** What can be watched: executions, entities (with all their executions), or the inboxes of users and teams. */
export type WatchedKind = 'EXECUTION' | 'ENTITY' | 'ASSIGNEE';

/** The things of one kind that a subscriber watches; an event that concerns several of them reaches it once. */
export interface Watched {
  readonly kind: WatchedKind;
  readonly ids: readonly string[];
}

function replay(name: string, condition: string): Statement<StoredEvent> {
  return statement(
    name,
    `select ${EVENT_COLUMNS} from event e
     where e.organization_id = $1 and e.seq > $2 and e.seq <= $3 and ${condition} order by e.seq limit $5`,
  );
}

// One statement for each kind: each condition has an index of its own, which an "or" of all three would not use.
const REPLAYS: Readonly<Record<WatchedKind, Statement<StoredEvent>>> = {
  EXECUTION: replay('event.replayExecution', 'e.execution_id = any($4::uuid[])'),
  ENTITY: replay('event.replayEntity', 'e.entity_ids && $4::uuid[]'),
  ASSIGNEE: replay('event.replayAssignee', 'e.audience && $4::uuid[]'),
};

/** The organization's events that concern what is watched, with `from < seq ≤ to`, in order, at most `limit`. */
export async function replayEvents(
  db: Queryable,
  organizationId: string,
  watched: Watched,
  range: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<StoredEvent[]> {
  return db.query(REPLAYS[watched.kind], [organizationId, range.from, range.to, watched.ids, range.limit]);
}
