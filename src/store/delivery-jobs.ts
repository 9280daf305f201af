/** The jobs that send messages. One that waits for its next attempt has one job; one that is over, or whose endpoint is disabled, has none. */
import { NEVER_GIVE_UP } from './job-attempts.ts';
import { statement, type Queryable } from './statement.ts';

/** Makes one attempt to deliver a message. */
export const DELIVER = 'deliver';

/** What the job `deliver` is told. */
export interface DeliverPayload {
  readonly organizationId: string;
  readonly deliveryId: string;
}

// All organizations share the workers that send. Who has more than ten, a hundred, a thousand messages waiting comes behind those who have fewer, so that nobody
// else waits for a flood, or for receivers that take long to answer. Lower numbers come first.
const PRIORITY = `(select least(length(count(*)::text) - 1, 3) from (
  select from delivery p where p.organization_id = $1 and p.status = 'PENDING' limit 1000) waiting)::int`;

/** The SQL expression that makes or moves the job of the organization `$1`'s message; `runAt` is by the database's clock. */
export function addDeliverJob(deliveryId: string, runAt = 'clock_timestamp()'): string {
  return `(graphile_worker.add_job('${DELIVER}', json_build_object('organizationId', $1::uuid, 'deliveryId', ${deliveryId}),
     run_at => ${runAt}, ${NEVER_GIVE_UP}, job_key => 'deliver:' || ${deliveryId}, priority => ${PRIORITY})).id`;
}

const postpone = statement<never>(
  'job.postponeDelivery',
  `select ${addDeliverJob('$2::uuid', "clock_timestamp() + $3 * interval '1 millisecond'")}`,
);

/** Has the next attempt made so many milliseconds from now on the database's clock, and not when it was planned before. */
export async function scheduleDelivery(
  db: Queryable,
  { organizationId, deliveryId }: DeliverPayload,
  milliseconds: number,
): Promise<void> {
  await db.query(postpone, [organizationId, deliveryId, milliseconds]);
}

const wakeParked = statement<never>(
  'job.deliverParked',
  `with woken as (
     update delivery d set next_attempt_at = $3, version = d.version + 1
     where d.organization_id = $1 and d.endpoint_id = $2 and d.status = 'PENDING' and d.next_attempt_at is null
     returning d.id
   )
   select ${addDeliverJob('w.id')} from woken w`,
);

/** Has the messages sent that waited for their endpoint to be enabled. The others have their jobs. */
export async function deliverParked(
  tx: Queryable & { readonly organizationId: string; readonly now: string },
  endpointId: string,
): Promise<void> {
  await tx.query(wakeParked, [tx.organizationId, endpointId, tx.now]);
}

const wakeAll = statement<never>(
  'job.deliverPending',
  `select ${addDeliverJob('d.id')} from delivery d
   where d.organization_id = $1 and d.endpoint_id = $2 and d.status = 'PENDING'`,
);

/** Has all messages looked at that wait to be sent to the endpoint: for one that was deleted. */
export async function lookAtPending(
  tx: Queryable & { readonly organizationId: string },
  endpointId: string,
): Promise<void> {
  await tx.query(wakeAll, [tx.organizationId, endpointId]);
}
