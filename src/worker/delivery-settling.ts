/** What becomes of a message, written down in one transaction with what follows from it: the next attempt, its run, its endpoint, what it tells of, its event. */
import { recordSettledDelivery } from '../commands/deliveries.ts';
import { settleNotifications } from '../commands/mailed-notifications.ts';
import { disableGoneEndpoint } from '../commands/webhook-endpoints.ts';
import { nextAttempt } from '../outgoing/retry.ts';
import type { RunError } from '../store/automation-runs.ts';
import type { DeliveryOutcome, DeliveryOwner, DeliveryRecord } from '../store/deliveries.ts';
import { globalId } from '../store/global-id.ts';
import { scheduleDelivery, type DeliverPayload } from '../store/delivery-jobs.ts';
import {
  insertAttempt,
  lockDelivery,
  readDelivery,
  updateDelivery,
  writeRemaining,
} from '../store/delivery-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import { lockEndpoint, type FullEndpoint } from '../store/webhook-endpoints.ts';
import { readableResponse, type AttemptResult, type AttemptVerdict } from './delivery-attempt.ts';
import type { DeliverContext } from './delivery-context.ts';

/** A message that is locked. */
interface Locked<Before> {
  readonly delivery: DeliveryRecord;
  /** What was locked between its run and itself. */
  readonly before: Before;
  /** Tells its run, which was locked first, what became of it. */
  readonly tell: (outcome: DeliveryOutcome) => Promise<void>;
}

/** Runs `work` in one transaction, as the system, on the locked message. */
async function withDelivery<Before>(
  { database, clock, owners }: DeliverContext,
  { organizationId, deliveryId }: DeliverPayload,
  lockBefore: (tx: Transaction) => Promise<Before>,
  work: (tx: Transaction, locked: Locked<Before>) => Promise<void>,
): Promise<void> {
  const seen = await readDelivery(database, organizationId, deliveryId);
  const owner = seen && ownerOf(seen);
  const cause = owner ? await owners.cause(database, organizationId, owner.runId) : undefined;
  const scope = { organizationId, actorId: null, now: clock().toISOString(), cause };
  await database.transaction(scope, async (tx) => {
    if (owner) await owners.lock(tx, owner);
    const before = await lockBefore(tx);
    const delivery = await lockDelivery(tx, organizationId, deliveryId);
    if (delivery === null) return;
    await work(tx, {
      delivery,
      before,
      async tell(outcome) {
        if (owner) await owners.settled(tx, { ...owner, deliveryId }, outcome);
      },
    });
  });
}

function ownerOf({ runId, actionKey }: DeliveryRecord): DeliveryOwner | null {
  return runId === null || actionKey === null ? null : { runId, actionKey };
}

const nothing = (): Promise<null> => Promise.resolve(null);

/** Ends a message whose endpoint was deleted. */
export async function cancelDelivery(context: DeliverContext, payload: DeliverPayload): Promise<void> {
  await withDelivery(context, payload, nothing, async (tx, { delivery, tell }) => {
    if (delivery.status !== 'PENDING') return;
    await updateDelivery(tx, { ...delivery, status: 'CANCELLED', nextAttemptAt: null });
    await tell({ status: 'CANCELLED' });
  });
}

/** Lets a message wait until its endpoint is enabled. */
export async function parkDelivery(
  context: DeliverContext,
  payload: DeliverPayload,
  endpointId: string,
): Promise<void> {
  // Whoever enables the endpoint makes jobs for the messages that have no time, so that must not happen in between.
  const lock = (tx: Transaction) => lockEndpoint(tx, tx.organizationId, endpointId);
  await withDelivery(context, payload, lock, async (tx, { delivery, before: endpoint, tell }) => {
    if (delivery.status !== 'PENDING') return;
    if (endpoint?.isEnabled === false && !endpoint.isDeleted) {
      await updateDelivery(tx, { ...delivery, nextAttemptAt: null });
      const message = `The webhook endpoint "${endpoint.name}" is disabled; the message waits until it is enabled.`;
      await tell({ status: 'PARKED', error: { code: 'ENDPOINT_DISABLED', message } });
    } else await scheduleDelivery(tx, payload, 0);
  });
}

/** An attempt that was made. */
export interface Attempted {
  readonly startedAt: Date;
  /** Of a webhook: where it was sent. */
  readonly endpoint: Pick<FullEndpoint, 'id' | 'url'> | null;
  readonly result: AttemptResult;
}

/** What is to become of the message, by what its endpoint has come to be while it was sent. */
function verdictNow(
  { verdict }: AttemptResult,
  tried: Attempted['endpoint'],
  now: FullEndpoint | null,
): AttemptVerdict | 'CANCELLED' {
  if (now === null || verdict === 'DELIVERED') return verdict;
  if (now.isDeleted) return 'CANCELLED';
  // What the old address says of itself does not hold for the new one.
  return now.url === tried?.url ? verdict : 'RETRY';
}

/** Writes down what came of an attempt, and plans the next one if there is to be one. */
export async function settleDelivery(
  context: DeliverContext,
  payload: DeliverPayload,
  { startedAt, endpoint: tried, result }: Attempted,
): Promise<void> {
  const lock = (tx: Transaction) =>
    tried === null || result.verdict === 'DELIVERED'
      ? nothing()
      : lockEndpoint(tx, tx.organizationId, tried.id);
  await withDelivery(context, payload, lock, async (tx, { delivery, before: endpoint, tell }) => {
    const verdict = verdictNow(result, tried, endpoint);
    const wasTried = result.verdict !== 'NOT_SENT';
    const attempts = delivery.attempts + (wasTried ? 1 : 0);
    if (wasTried) {
      const { durationMs, statusCode, response, error } = result;
      const at = startedAt.toISOString();
      await insertAttempt(tx, delivery.id, { number: attempts, at, durationMs, statusCode, response, error });
    }
    if (endpoint && verdict === 'GONE') await disableGoneEndpoint(tx, endpoint);
    if (delivery.status !== 'PENDING') {
      // It was ended meanwhile, or another server was faster.
      await updateDelivery(tx, { ...delivery, attempts });
      return;
    }
    await saveRemaining(tx, delivery, result);
    const round = delivery.round + 1;
    const outcome = outcomeOf({ ...delivery, attempts, round }, { ...result, verdict }, context, tx.now);
    await save(tx, { ...delivery, attempts, round }, outcome, result.error);
    if (outcome.status === 'RETRYING')
      await scheduleDelivery(tx, payload, Date.parse(outcome.nextAt) - Date.parse(tx.now));
    await settleNotifications(tx, delivery, outcome);
    await tell(outcome);
  });
}

/** Who has yet to get a mail; once it has arrived, sending it again is for all of its recipients. */
async function saveRemaining(
  tx: Transaction,
  { id, content }: DeliveryRecord,
  { verdict, remaining }: AttemptResult,
): Promise<void> {
  if (remaining) await writeRemaining(tx, id, remaining);
  else if (verdict === 'DELIVERED' && 'remaining' in content) await writeRemaining(tx, id, null);
}

/** What can come of an attempt. */
type AttemptOutcome = Exclude<DeliveryOutcome, { readonly status: 'PARKED' }>;

/** `delivery`: with this attempt counted. */
function outcomeOf(
  { id, attempts, round }: DeliveryRecord,
  {
    verdict,
    statusCode,
    response,
    error,
    retryAfter,
  }: Omit<AttemptResult, 'verdict'> & {
    readonly verdict: AttemptVerdict | 'CANCELLED';
  },
  { schedule, random }: DeliverContext,
  now: string,
): AttemptOutcome {
  if (verdict === 'NOT_SENT' || verdict === 'CANCELLED') return { status: verdict };
  if (error === null) {
    const output = { deliveryId: globalId('Delivery', id), statusCode, response: readableResponse(response) };
    return { status: 'DELIVERED', output, attempts };
  }
  if (verdict !== 'RETRY') return { status: 'FAILED', error, attempts };
  const next = nextAttempt({ round, now: new Date(now), schedule, retryAfter, random });
  if (next === null) return { status: 'FAILED', error, attempts };
  return { status: 'RETRYING', error, attempts, nextAt: next.toISOString() };
}

async function save(
  tx: Transaction,
  delivery: DeliveryRecord,
  outcome: AttemptOutcome,
  error: RunError | null,
): Promise<void> {
  const status = outcome.status === 'RETRYING' ? 'PENDING' : outcome.status;
  const nextAttemptAt = outcome.status === 'RETRYING' ? outcome.nextAt : null;
  const version = await updateDelivery(tx, { ...delivery, status, nextAttemptAt, error });
  recordSettledDelivery(tx, { ...delivery, version }, status, error);
}
