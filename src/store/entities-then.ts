/** What entities were like at a place of the log. */
import type { EntityContent } from './event-log.ts';
import { statement, type Queryable } from './statement.ts';

/** An entity as the event left it. */
export interface EntityThen extends EntityContent {
  readonly id: string;
}

// What the next change found is what the event left; if nothing has changed since, it is what is there. Each state is sent once, however many events left it.
const then = statement<EntityThen & { readonly seqs: readonly number[] }>(
  'entity.then',
  `with places as (
     select v.seq, v."entityId" as id,
       (select min(b.seq) from entity_before b where b.organization_id = $1 and b.entity_id = v."entityId" and b.seq > v.seq) as next
     from jsonb_to_recordset($2::jsonb) as v(seq int8, "entityId" uuid)
   ), states as (
     select id, next, json_agg(seq) as seqs from places group by id, next
   )
   select s.seqs, s.id, coalesce(b.schema, n.schema) as schema, coalesce(b.title, n.title) as title,
     coalesce(b.attributes, n.attributes) as attributes
   from states s
   left join entity_before b on b.organization_id = $1 and b.seq = s.next
   left join entity n on n.organization_id = $1 and n.id = s.id and s.next is null
   where b.seq is not null or n.id is not null`,
);

/**
 * What entities were like right after the events in these places, each by its place: also if they were changed or deleted since. Only of events that have not
 * been reacted to. An entity that was not there then is left out.
 */
export async function readEntitiesThen(
  db: Queryable,
  organizationId: string,
  places: readonly { readonly seq: number; readonly entityId: string }[],
): Promise<Map<number, EntityThen>> {
  if (places.length === 0) return new Map();
  const rows = await db.query(then, [organizationId, JSON.stringify(places)]);
  return new Map(
    rows.flatMap(({ seqs, id, schema, title, attributes }) =>
      seqs.map((seq) => [seq, { id, schema, title, attributes }] as const),
    ),
  );
}
