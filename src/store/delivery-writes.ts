/** What becomes of a message, as rows. Whoever locks one has locked first what it belongs to: execution, run, endpoint, delivery. */
import type { Instant } from '../engine/definition.ts';
import type { RunError } from './automation-runs.ts';
import type { DeliveryAttempt, DeliveryRecord, DeliveryStatus } from './deliveries.ts';
import { addDeliverJob } from './delivery-jobs.ts';
import { DELIVERY_COLUMNS } from './delivery-lists.ts';
import { statement, type Queryable } from './statement.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

const byId = statement<DeliveryRecord>(
  'delivery.byId',
  `select ${DELIVERY_COLUMNS}, d.content, d.secret from delivery d where d.organization_id = $1 and d.id = $2`,
);

/** The message with what is sent; null if there is none. */
export async function readDelivery(
  db: Queryable,
  organizationId: string,
  id: string,
): Promise<DeliveryRecord | null> {
  const [row] = await db.query(byId, [organizationId, id]);
  return row ?? null;
}

const lock = statement<DeliveryRecord>('delivery.lock', `${byId.text} for no key update`);

/** The message, locked until the transaction ends; null if there is none. */
export async function lockDelivery(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<DeliveryRecord | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ?? null;
}

/** What changes of a message. */
export interface DeliveryChange {
  readonly id: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly round: number;
  readonly nextAttemptAt: Instant | null;
  readonly error: RunError | null;
}

const update = statement<{ version: number }>(
  'delivery.update',
  `update delivery set status = $3, attempts = $4, round = $5, next_attempt_at = $6, error = $7::jsonb,
     finished_at = case when $3 = 'PENDING' then null else coalesce(finished_at, $8::timestamptz) end, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked message; answers the new version. */
export async function updateDelivery(tx: Writer, delivery: DeliveryChange): Promise<number> {
  const { id, status, attempts, round, nextAttemptAt, error } = delivery;
  const [row] = await tx.query(update, [
    tx.organizationId,
    id,
    status,
    attempts,
    round,
    nextAttemptAt,
    error === null ? null : JSON.stringify(error),
    tx.now,
  ]);
  if (!row) throw new Error(`delivery ${id} vanished while it was locked`);
  return row.version;
}

const remaining = statement<never>(
  'delivery.remaining',
  `update delivery set content = case when $3::jsonb is null then content - 'remaining'
     else jsonb_set(content, '{remaining}', $3::jsonb) end
   where organization_id = $1 and id = $2`,
);

/** Writes down which addresses of a locked mail have yet to get it; null: all, if it is sent again. */
export async function writeRemaining(
  tx: Writer,
  deliveryId: string,
  addresses: readonly string[] | null,
): Promise<void> {
  await tx.query(remaining, [
    tx.organizationId,
    deliveryId,
    addresses === null ? null : JSON.stringify(addresses),
  ]);
}

const addAttempt = statement<never>(
  'delivery.addAttempt',
  `insert into delivery_attempt (organization_id, delivery_id, number, at, duration_ms, status_code, response, error)
   values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
);

/** Adds an attempt to the log of a locked message. */
export async function insertAttempt(tx: Writer, deliveryId: string, attempt: DeliveryAttempt): Promise<void> {
  const { number, at, durationMs, statusCode, response, error } = attempt;
  await tx.query(addAttempt, [
    tx.organizationId,
    deliveryId,
    number,
    at,
    durationMs,
    statusCode,
    response,
    error === null ? null : JSON.stringify(error),
  ]);
}

const resend = `status = 'PENDING', round = 0, next_attempt_at = $3, finished_at = null, error = null, version = d.version + 1`;

const sendAgain = statement<{ id: string; version: number }>(
  'delivery.sendAgain',
  `with resent as (
     update delivery d set ${resend} where d.organization_id = $1 and d.id = $2 returning d.id, d.version
   )
   select r.id, r.version, ${addDeliverJob('r.id')} as job from resent r`,
);

/** Has a locked message that is over sent again, with its own id, by the whole schedule; answers the new version. */
export async function resendDelivery(tx: Writer, id: string): Promise<number> {
  const [row] = await tx.query(sendAgain, [tx.organizationId, id, tx.now]);
  if (!row) throw new Error(`delivery ${id} vanished while it was locked`);
  return row.version;
}

const sendFailedAgain = statement<{ id: string; version: number }>(
  'delivery.sendFailedAgain',
  `with failed as (
     select d.id from delivery d
     where d.organization_id = $1 and d.endpoint_id = $2 and d.status = 'FAILED' and d.run_id is null
       and ($4::timestamptz is null or d.created_at >= $4)
     order by d.id limit $5 for no key update
   ), resent as (
     update delivery d set ${resend} from failed f where d.organization_id = $1 and d.id = f.id returning d.id, d.version
   )
   select r.id, r.version, ${addDeliverJob('r.id')} as job from resent r order by r.id`,
);

/**
 * Has the endpoint's dead letters sent again that no run waits for, the oldest first, at most `limit`. `since`: those made then or later; null for all.
 * Answers what is sent, with the new versions.
 */
export async function resendFailed(
  tx: Writer,
  endpointId: string,
  since: Instant | null,
  limit: number,
): Promise<{ readonly id: string; readonly version: number }[]> {
  return tx.query(sendFailedAgain, [tx.organizationId, endpointId, tx.now, since, limit]);
}
