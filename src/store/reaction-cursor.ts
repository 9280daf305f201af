/** How far the logs have been reacted to. */
import { EVENT_COLUMNS, type StoredEvent } from './event-log.ts';
import { statement, type Queryable } from './statement.ts';

const behind = statement<{ organizationId: string }>(
  'reaction.behind',
  `select r.organization_id as "organizationId" from reaction_cursor r
   join event_counter c on c.organization_id = r.organization_id where c.last_seq > r.seq`,
);

/** The organizations with events that nothing has reacted to yet. */
export async function readBehind(db: Queryable): Promise<string[]> {
  const rows = await db.query(behind, []);
  return rows.map(({ organizationId }) => organizationId);
}

const take = statement<{ seq: number }>(
  'reaction.take',
  `select r.seq from reaction_cursor r where r.organization_id = $1 for no key update skip locked`,
);

/** The place up to which everything was reacted to, locked until the transaction ends; null if somebody else has it locked. */
export async function takeReactionCursor(tx: Queryable, organizationId: string): Promise<number | null> {
  const [row] = await tx.query(take, [organizationId]);
  return row?.seq ?? null;
}

// The whole log: if no server reacts for longer than the replay window, events are archived before anything has reacted to them.
const next = statement<StoredEvent>(
  'reaction.next',
  `select ${EVENT_COLUMNS} from event_history e where e.organization_id = $1 and e.seq > $2 order by e.seq limit $3`,
);

/** The first events after a place, at most `limit`. */
export async function readNextEvents(
  tx: Queryable,
  organizationId: string,
  seq: number,
  limit: number,
): Promise<StoredEvent[]> {
  return tx.query(next, [organizationId, seq, limit]);
}

const move = statement<never>(
  'reaction.move',
  `with judged as (delete from entity_before where organization_id = $1 and seq <= $2)
   update reaction_cursor set seq = $2 where organization_id = $1`,
);

/** Moves the locked place on. What entities were like before that is not needed any more. */
export async function moveReactionCursor(tx: Queryable, organizationId: string, seq: number): Promise<void> {
  await tx.query(move, [organizationId, seq]);
}
