/**
 * Taking old events out of the log that is replayed, into the archive that only histories read.
 *
 * Always the lowest numbers of an organization, so that `event` holds exactly those after `event_counter.archived_seq`: whoever
 * reads on from a place before that can be told so, instead of getting less. (Partitions by time would be dropped faster, but they have no such
 * border: the times of an organization's events need not be in the order of their numbers.)
 */
import { statement, type Queryable } from './statement.ts';

const due = statement<{ organizationId: string }>(
  'eventArchive.due',
  `select c.organization_id as "organizationId" from event_counter c cross join lateral (
     select e.at from event e
     where e.organization_id = c.organization_id and e.seq > c.archived_seq order by e.seq limit 1) oldest
   where c.archived_seq < c.last_seq and oldest.at < $1 order by oldest.at limit $2`,
);

/** Organizations whose log begins with an event from before `horizon` (RFC 3339), those with the oldest first, at most `limit`. */
export async function readDueForArchiving(db: Queryable, horizon: string, limit: number): Promise<string[]> {
  const rows = await db.query(due, [horizon, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

const COLUMNS = `organization_id, seq, type, at, actor_id, subject_type, subject_id, version, execution_id, task_id,
  entity_ids, audience, changed_fields, data, run_id, chain_depth, on_behalf_of_id`;

// One statement, so it happens whole or not at all. Two at once wait for each other at the first row; the second one goes on where the first one
// ended. The counter comes last: whoever appends to the log waits for it only while it is written, not while the rows are.
const archive = statement<{ moved: number }>(
  'eventArchive.move',
  `with archived_before as (
     select archived_seq as seq from event_counter where organization_id = $1
   ), candidate as (
     select e.seq, e.at from event e
     where e.organization_id = $1 and e.seq > (select seq from archived_before) order by e.seq limit $3
   ), moved as (
     delete from event e
     where e.organization_id = $1 and e.seq > (select seq from archived_before)
       and e.seq <= (select coalesce(min(seq) filter (where at >= $2) - 1, max(seq)) from candidate)
     returning ${COLUMNS}
   ), archived as (
     insert into event_archive (${COLUMNS}) select ${COLUMNS} from moved returning seq
   ), linked as (
     insert into event_archive_entity (organization_id, entity_id, seq)
     select distinct organization_id, entity_id, seq from moved, unnest(entity_ids) as entity_id returning seq
   ), written as materialized (
     select max(seq) as seq, count(*)::int as moved, (select count(*) from linked) as links from archived
   )
   update event_counter c set archived_seq = written.seq from written
   where c.organization_id = $1 and written.moved > 0
   returning written.moved`,
);

/**
 * Moves the organization's first events, at most `limit`, up to the first one that is not from before `horizon` (RFC 3339); answers how many.
 * Safe to be done by several at once.
 */
export async function archiveEvents(
  db: Queryable,
  organizationId: string,
  horizon: string,
  limit: number,
): Promise<number> {
  const [row] = await db.query(archive, [organizationId, horizon, limit]);
  return row?.moved ?? 0;
}
