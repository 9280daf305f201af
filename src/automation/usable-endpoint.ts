/** Whether actions can send to a webhook endpoint. */
import type { Transaction } from '../store/transaction.ts';
import { readEndpoints } from '../store/webhook-endpoints.ts';
import { ActionError } from './action-type.ts';

/** @throws ActionError ENDPOINT_DELETED, ENDPOINT_DISABLED: messages to it would not be sent. */
export async function checkEndpoint(tx: Transaction, endpointId: string): Promise<void> {
  const [endpoint] = await readEndpoints(tx, tx.organizationId, [endpointId]);
  if (!endpoint || endpoint.isDeleted)
    throw new ActionError('ENDPOINT_DELETED', 'The webhook endpoint was deleted.');
  if (!endpoint.isEnabled)
    throw new ActionError(
      'ENDPOINT_DISABLED',
      `The webhook endpoint "${endpoint.name}" is disabled. Enable it and retry.`,
    );
}
