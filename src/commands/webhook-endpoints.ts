/** Webhook endpoints: where messages are sent, what they are told of, and the secrets that they know them by. */
import { hoursAfter } from '../engine/instant.ts';
import type { Targets } from '../outgoing/target.ts';
import { insertDeliveries } from '../store/deliveries.ts';
import { deliverParked, lookAtPending } from '../store/delivery-jobs.ts';
import { globalId } from '../store/global-id.ts';
import { lockOrganization } from '../store/organizations.ts';
import type { Transaction } from '../store/transaction.ts';
import {
  countEndpoints,
  insertEndpoint,
  lockEndpoint,
  readFullEndpoint,
  updateEndpoint as writeEndpoint,
  type EndpointHeader,
  type FullEndpoint,
} from '../store/webhook-endpoints.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { refuseInput } from './problem.ts';
import { recordObject } from './record.ts';
import { firstSecrets, rotated, stillFirst } from './secrets.ts';
import {
  checkEventTypes,
  checkHeaders,
  checkHours,
  checkUrl,
  MAX_NAME_LENGTH,
} from './webhook-endpoint-input.ts';

/** How many endpoints an organization may have. */
const MAX_ENDPOINTS = 50;
/** The type of the message that `sendTest` sends. */
export const TEST_TYPE = 'webhook.test';

export interface CreateEndpointInput {
  readonly name: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly headers: readonly EndpointHeader[];
  readonly idempotencyKey?: string | undefined;
}

/** An endpoint's id, and the secret that it has got by this command: null if it has another one by now. */
export interface EndpointWithSecret {
  readonly id: string;
  readonly secret: string | null;
}

/**
 * Makes an enabled endpoint with a new secret. Repeated with its idempotency key, it answers that secret as long as it is the endpoint's. `targets`: where the
 * server may send to.
 */
export async function createEndpoint(
  caller: Caller,
  targets: Targets,
  input: CreateEndpointInput,
): Promise<CommandResult<EndpointWithSecret>> {
  requirePermission(caller.viewer, 'design');
  const made = await createOnce(caller, 'createWebhookEndpoint', input, async (tx, id) => {
    const name = checkName('name', input.name, MAX_NAME_LENGTH);
    const url = checkUrl('url', input.url, targets);
    const eventTypes = checkEventTypes('eventTypes', input.eventTypes);
    const headers = checkHeaders('headers', input.headers);
    // So that two can't both be the last one.
    await lockOrganization(tx, tx.organizationId);
    if ((await countEndpoints(tx, tx.organizationId)) >= MAX_ENDPOINTS)
      refuseInput(
        'name',
        'TOO_MANY',
        `There are ${MAX_ENDPOINTS} webhook endpoints already; delete one first.`,
      );
    const secrets = firstSecrets();
    await insertEndpoint(tx, { id, name, url, eventTypes, headers, secrets });
    recordObject(
      tx,
      'WEBHOOK_ENDPOINT_CREATED',
      'WEBHOOK_ENDPOINT',
      { id, version: 1 },
      { name, eventTypes, isEnabled: true },
    );
  });
  if (!made.ok) return made;
  const endpoint = await readFullEndpoint(caller.database, caller.viewer.organizationId, made.value);
  return { ...made, value: { id: made.value, secret: stillFirst(endpoint?.secrets ?? []) } };
}

/** What a command on an endpoint says of it. */
export interface EndpointInput {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
}

/** Writes an endpoint and its event. The event only says that the URL or the headers changed: there may be secrets in them. */
async function saveEndpoint(
  tx: Transaction,
  type: `WEBHOOK_ENDPOINT_${string}`,
  endpoint: FullEndpoint,
  data: Readonly<Record<string, unknown>>,
  changedFields = Object.keys(data),
): Promise<void> {
  const version = await writeEndpoint(tx, endpoint);
  const { id } = endpoint;
  recordObject(tx, type, 'WEBHOOK_ENDPOINT', { id, version }, data, changedFields);
}

/** Runs `change` on the locked endpoint; answers its id. One that was deleted is not found. */
async function changeEndpoint(
  caller: Caller,
  { id, expectedVersion }: EndpointInput,
  change: (tx: Transaction, endpoint: FullEndpoint) => Promise<void>,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return execute(caller, async (tx) => {
    const found = await lockEndpoint(tx, tx.organizationId, id);
    const endpoint = expectObject(found?.isDeleted ? null : found, 'WebhookEndpoint', id, expectedVersion);
    await change(tx, endpoint);
    return id;
  });
}

export interface UpdateEndpointInput extends EndpointInput {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  /** All headers from now on. */
  readonly headers?: readonly EndpointHeader[] | undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Changes an endpoint; answers its id. Messages that wait to be sent again go to the new URL. */
export async function updateEndpoint(
  caller: Caller,
  targets: Targets,
  input: UpdateEndpointInput,
): Promise<CommandResult<string>> {
  return changeEndpoint(caller, input, async (tx, endpoint) => {
    const { name, url, eventTypes, headers } = input;
    const next: FullEndpoint = {
      ...endpoint,
      ...(name === undefined ? {} : { name: checkName('name', name, MAX_NAME_LENGTH) }),
      ...(url === undefined ? {} : { url: checkUrl('url', url, targets) }),
      ...(eventTypes === undefined ? {} : { eventTypes: checkEventTypes('eventTypes', eventTypes) }),
      ...(headers === undefined ? {} : { headers: checkHeaders('headers', headers) }),
    };
    const told = {
      ...(next.name === endpoint.name ? {} : { name: next.name }),
      ...(isSame(next.eventTypes, endpoint.eventTypes) ? {} : { eventTypes: next.eventTypes }),
    };
    const changedFields = [
      ...Object.keys(told),
      ...(next.url === endpoint.url ? [] : ['url']),
      ...(isSame(next.headers, endpoint.headers) ? [] : ['headerNames']),
    ];
    if (changedFields.length > 0)
      await saveEndpoint(tx, 'WEBHOOK_ENDPOINT_UPDATED', next, told, changedFields);
  });
}

/** Lets messages be sent to it again, those that waited included; answers its id. */
export async function enableEndpoint(caller: Caller, input: EndpointInput): Promise<CommandResult<string>> {
  return changeEndpoint(caller, input, async (tx, endpoint) => {
    if (endpoint.isEnabled) return;
    const next = { ...endpoint, isEnabled: true, disabledReason: null, disabledAt: null };
    await saveEndpoint(tx, 'WEBHOOK_ENDPOINT_ENABLED', next, { isEnabled: true, disabledReason: null });
    await deliverParked(tx, endpoint.id);
  });
}

/** Keeps messages from being sent: those on their way wait until it is enabled, and events make no new ones. Answers its id. */
export async function disableEndpoint(caller: Caller, input: EndpointInput): Promise<CommandResult<string>> {
  return changeEndpoint(caller, input, async (tx, endpoint) => {
    if (!endpoint.isEnabled) return;
    const next = { ...endpoint, isEnabled: false, disabledReason: null, disabledAt: tx.now };
    await saveEndpoint(tx, 'WEBHOOK_ENDPOINT_DISABLED', next, { isEnabled: false, disabledReason: null });
  });
}

/** Disables an endpoint whose receiver wants no more messages (410). It is locked. */
export async function disableGoneEndpoint(tx: Transaction, endpoint: FullEndpoint): Promise<void> {
  if (!endpoint.isEnabled || endpoint.isDeleted) return;
  const next: FullEndpoint = { ...endpoint, isEnabled: false, disabledReason: 'GONE', disabledAt: tx.now };
  await saveEndpoint(tx, 'WEBHOOK_ENDPOINT_DISABLED', next, { isEnabled: false, disabledReason: 'GONE' });
}

/**
 * Gives it a new secret. Messages are signed with the old one too for `expiresInHours` more, a day unless told, so that receivers have
 * the time to learn the new one.
 */
export async function rotateSecret(
  caller: Caller,
  input: EndpointInput & { readonly expiresInHours?: number | undefined },
): Promise<CommandResult<EndpointWithSecret>> {
  let secret: string | null = null;
  const done = await changeEndpoint(caller, input, async (tx, endpoint) => {
    const hours = checkHours('expiresInHours', input.expiresInHours ?? 24);
    const until = hoursAfter(tx.now, hours);
    const secrets = rotated(endpoint.secrets, tx.now, until);
    const previousSecretExpiresAt = secrets[1]?.expiresAt ?? null;
    await saveEndpoint(tx, 'WEBHOOK_ENDPOINT_ROTATED', { ...endpoint, secrets }, { previousSecretExpiresAt });
    secret = secrets[0].secret;
  });
  return done.ok ? { ...done, value: { id: done.value, secret } } : done;
}

/** Deletes it, its headers and secrets; answers its id. What was sent to it stays in the log, what waits to be sent is cancelled by the worker. */
export async function deleteEndpoint(caller: Caller, input: EndpointInput): Promise<CommandResult<string>> {
  return changeEndpoint(caller, input, async (tx, endpoint) => {
    await saveEndpoint(
      tx,
      'WEBHOOK_ENDPOINT_DELETED',
      { ...endpoint, isDeleted: true, headers: [], secrets: [] },
      {},
      [],
    );
    await lookAtPending(tx, endpoint.id);
  });
}

/** Sends a message that tells of nothing to an enabled endpoint; answers the id of the delivery. */
export async function sendTest(
  caller: Caller,
  input: { readonly id: string; readonly idempotencyKey?: string | undefined },
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'design');
  return createOnce(caller, 'sendTestWebhook', input, async (tx, deliveryId) => {
    const found = await lockEndpoint(tx, tx.organizationId, input.id);
    const endpoint = expectObject(found?.isDeleted ? null : found, 'WebhookEndpoint', input.id);
    if (!endpoint.isEnabled)
      refuseInput('webhookEndpointId', 'NOT_ALLOWED', 'The endpoint is disabled; enable it first.');
    const data = { webhookEndpointId: globalId('WebhookEndpoint', endpoint.id) };
    await insertDeliveries(tx, [
      { id: deliveryId, kind: 'WEBHOOK', endpointId: endpoint.id, type: TEST_TYPE, data },
    ]);
  });
}
