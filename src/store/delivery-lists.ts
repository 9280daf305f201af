/** The log of messages: by id, as a list, and what was tried. */
import type { DeliveryAttempt, DeliveryRecord, DeliveryStatus, DeliverySummary } from './deliveries.ts';
import { statement, type Queryable } from './statement.ts';

/** The columns of `DeliverySummary`, of `delivery d`. */
export const DELIVERY_COLUMNS = `d.id, d.kind, d.status, d.endpoint_id as "endpointId", d.run_id as "runId", d.action_key as "actionKey",
  d.type, d.event_seq as "eventSeq", d.attempts, d.round, d.next_attempt_at as "nextAttemptAt", d.error,
  d.created_at as "createdAt", d.finished_at as "finishedAt", d.version`;

const byIds = statement<DeliverySummary>(
  'delivery.byIds',
  `select ${DELIVERY_COLUMNS} from delivery d where d.organization_id = $1 and d.id = any($2::uuid[])`,
);

/** The messages with these ids, in no order. */
export async function readDeliveries(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<DeliverySummary[]> {
  return db.query(byIds, [organizationId, ids]);
}

const contents = statement<Pick<DeliveryRecord, 'id' | 'content'>>(
  'delivery.contents',
  `select d.id, d.content from delivery d where d.organization_id = $1 and d.id = any($2::uuid[])`,
);

/** What is sent with these messages. */
export async function readContents(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Pick<DeliveryRecord, 'id' | 'content'>[]> {
  return db.query(contents, [organizationId, ids]);
}

/** What a list is limited to; null: no limit. */
export interface DeliveryFilter {
  readonly statuses: readonly DeliveryStatus[] | null;
  readonly kind: DeliveryRecord['kind'] | null;
  readonly endpointId: string | null;
  readonly runId: string | null;
}

const MATCHES = `d.organization_id = $1 and ($2::text[] is null or d.status = any($2)) and ($3::text is null or d.kind = $3)
  and ($4::uuid is null or d.endpoint_id = $4) and ($5::uuid is null or d.run_id = $5)`;

function filterValues(organizationId: string, filter: DeliveryFilter): unknown[] {
  return [organizationId, filter.statuses, filter.kind, filter.endpointId, filter.runId];
}

// Ids are UUIDv7, so their order is that of the making.
const list = statement<DeliverySummary>(
  'delivery.list',
  `select ${DELIVERY_COLUMNS} from delivery d where ${MATCHES} and ($6::uuid is null or d.id < $6) order by d.id desc limit $7`,
);

/** At most `limit` messages that match, newest first, those after `after`. */
export async function listDeliveries(
  db: Queryable,
  organizationId: string,
  filter: DeliveryFilter,
  after: string | null,
  limit: number,
): Promise<DeliverySummary[]> {
  return db.query(list, [...filterValues(organizationId, filter), after, limit]);
}

const count = statement<{ count: number }>(
  'delivery.count',
  `select count(*) as count from delivery d where ${MATCHES}`,
);

/** How many messages match. */
export async function countDeliveries(
  db: Queryable,
  organizationId: string,
  filter: DeliveryFilter,
): Promise<number> {
  const [row] = await db.query(count, filterValues(organizationId, filter));
  return row?.count ?? 0;
}

/** How many attempts of one message are read: the schedule has ten, so these are those of the last ten times that it was sent anew. */
const MAX_ATTEMPTS = 100;

const attempts = statement<DeliveryAttempt & { deliveryId: string }>(
  'delivery.attempts',
  `select newest.* from unnest($2::uuid[]) as wanted(id)
   cross join lateral (
     select a.delivery_id as "deliveryId", a.number, a.at, a.duration_ms as "durationMs", a.status_code as "statusCode", a.response, a.error
     from delivery_attempt a where a.organization_id = $1 and a.delivery_id = wanted.id order by a.number desc limit ${MAX_ATTEMPTS}) newest
   order by newest.number`,
);

/** The last 100 attempts of each of these messages, in their order. */
export async function readAttempts(
  db: Queryable,
  organizationId: string,
  deliveryIds: readonly string[],
): Promise<Map<string, DeliveryAttempt[]>> {
  const rows = await db.query(attempts, [organizationId, deliveryIds]);
  const byDelivery = new Map<string, DeliveryAttempt[]>(deliveryIds.map((id) => [id, []]));
  for (const { deliveryId, ...attempt } of rows) byDelivery.get(deliveryId)?.push(attempt);
  return byDelivery;
}
