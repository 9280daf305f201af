/** Messages that were given up, and sending again what is over. */
import { readRuns } from '../store/automation-run-reads.ts';
import type { RunError } from '../store/automation-runs.ts';
import type { DeliveryRecord } from '../store/deliveries.ts';
import { lockDelivery, readDelivery, resendDelivery, resendFailed } from '../store/delivery-writes.ts';
import { readTasks } from '../store/tasks.ts';
import type { Transaction } from '../store/transaction.ts';
import { readEndpoints } from '../store/webhook-endpoints.ts';
import { retryRunOfDelivery } from './automation-runs.ts';
import { CONFIRMATION } from './confirmation-mail.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { refuse, refuseInput, type NotSendableReason } from './problem.ts';
import { recordObject } from './record.ts';
import { canRetryRun } from './run-commands.ts';

/** How many dead letters one command sends again. */
const MAX_REDELIVERIES = 1_000;

/** What says whether a message can be sent again. */
type Sendable = Pick<DeliveryRecord, 'id' | 'status' | 'endpointId' | 'type' | 'secret'>;

async function whyNotSendable(tx: Transaction, delivery: Sendable): Promise<NotSendableReason | null> {
  const { status, endpointId, type, secret } = delivery;
  if (status === 'PENDING' || status === 'CANCELLED') return status;
  if (endpointId === null) return type === CONFIRMATION && secret === null ? 'CONFIRMATION_OVER' : null;
  const [endpoint] = await readEndpoints(tx, tx.organizationId, [endpointId]);
  if (endpoint?.isDeleted) return 'ENDPOINT_DELETED';
  return endpoint?.isEnabled ? null : 'ENDPOINT_DISABLED';
}

async function requireSendable(tx: Transaction, delivery: Sendable): Promise<void> {
  const reason = await whyNotSendable(tx, delivery);
  if (reason !== null) refuse({ code: 'DELIVERY_NOT_SENDABLE', deliveryId: delivery.id, reason });
}

/**
 * Records what has become of a message, so far as the log tells: that it was given up; of mails that ask for a confirmation also that they have
 * arrived or can't be sent, since people look at the task and wait. `version`: its own since.
 */
export function recordSettledDelivery(
  tx: Transaction,
  { id, type, version }: Pick<DeliveryRecord, 'id' | 'type' | 'version'>,
  status: DeliveryRecord['status'],
  error: RunError | null,
): void {
  if (status === 'FAILED')
    recordObject(tx, 'DELIVERY_FAILED', 'DELIVERY', { id, version }, { status, error });
  else if (type === CONFIRMATION && (status === 'DELIVERED' || status === 'NOT_SENT'))
    recordObject(tx, 'DELIVERY_SETTLED', 'DELIVERY', { id, version }, { status });
}

function recordRedelivery(
  tx: Transaction,
  { id, version }: { readonly id: string; readonly version: number },
): void {
  recordObject(tx, 'DELIVERY_REDELIVERED', 'DELIVERY', { id, version }, { status: 'PENDING' });
}

/** Whether the run could go on: that of a task can't once the task has gone on without it, or its execution is closed. */
async function canGoOn(tx: Transaction, runId: string): Promise<boolean> {
  const [run] = await readRuns(tx, tx.organizationId, [runId], null);
  if (!run) return false;
  const [task = null] = run.taskId === null ? [] : await readTasks(tx, tx.organizationId, [run.taskId], null);
  return canRetryRun(run, 'FAILED_ACTION', task);
}

/**
 * Sends a message again that was given up, not sent or has arrived, with its own id and the same content; answers that id. A run that failed because of it
 * goes on with it from there, if it still can.
 */
export async function redeliver(
  caller: Caller,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<CommandResult<string>> {
  const { viewer } = caller;
  requirePermission(viewer, 'design');
  return execute(caller, async (tx) => {
    const found = await readDelivery(tx, tx.organizationId, id);
    const { runId, actionKey, ...seen } = expectObject(found, 'Delivery', id, expectedVersion);
    const hasFailed = runId !== null && actionKey !== null && seen.status === 'FAILED';
    if (hasFailed && (await canGoOn(tx, runId))) {
      // It locks the run, which comes before its messages.
      await requireSendable(tx, seen);
      if (await retryRunOfDelivery(tx, viewer, { runId, actionKey, deliveryId: id })) return id;
    }
    const locked = await lockDelivery(tx, tx.organizationId, id);
    await requireSendable(tx, expectObject(locked, 'Delivery', id, expectedVersion));
    recordRedelivery(tx, { id, version: await resendDelivery(tx, id) });
    return id;
  });
}

/**
 * Sends the endpoint's dead letters again that no run waits for, the oldest 1,000 at most; answers how many. `since`: only those made then or later.
 */
export async function redeliverFailed(
  caller: Caller,
  { endpointId, since }: { readonly endpointId: string; readonly since?: string | undefined },
): Promise<CommandResult<number>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const [found] = await readEndpoints(tx, tx.organizationId, [endpointId]);
    const endpoint = expectObject(found?.isDeleted ? null : found, 'WebhookEndpoint', endpointId);
    if (!endpoint.isEnabled)
      refuseInput('webhookEndpointId', 'NOT_ALLOWED', 'The endpoint is disabled; enable it first.');
    const sent = await resendFailed(tx, endpoint.id, since ?? null, MAX_REDELIVERIES);
    for (const delivery of sent) recordRedelivery(tx, delivery);
    return sent.length;
  });
}
