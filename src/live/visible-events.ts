/** Which events reach somebody who does not see every execution. */
import { readVisibleEvents } from '../store/event-history.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { Queryable } from '../store/statement.ts';

/** Those of the events that can be seen through the scope (see `eventVisibleThrough`), in the same order. One statement; what can be seen is asked now. */
export async function visibleEvents(
  database: Queryable,
  organizationId: string,
  scope: readonly string[],
  events: readonly StoredEvent[],
): Promise<StoredEvent[]> {
  const seqs = events.map(({ seq }) => seq);
  const visible = await readVisibleEvents(database, organizationId, seqs, scope);
  const seen = new Set(visible.map(({ seq }) => seq));
  return events.filter(({ seq }) => seen.has(seq));
}
