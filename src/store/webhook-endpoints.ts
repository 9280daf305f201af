/** Webhook endpoints: where messages are sent. A deleted one stays, without its secrets, for the log of what was sent to it. */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

export interface EndpointHeader {
  readonly name: string;
  readonly value: string;
}

/** A key that messages are signed with. */
export interface EndpointSecret {
  /** `whsec_…` */
  readonly secret: string;
  /** Null for the newest one. */
  readonly expiresAt: Instant | null;
  /** 1 for the one that the endpoint was made with, and one more for each after it. */
  readonly number: number;
}

/** What can be seen of an endpoint. */
export interface EndpointRecord {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Names of types of webhooks, or of all types of a subject (`task.*`); none: only automations send to it. */
  readonly eventTypes: readonly string[];
  readonly headerNames: readonly string[];
  /** Until when the secret before the newest is good, or was; null if there is none. */
  readonly previousSecretExpiresAt: Instant | null;
  readonly isEnabled: boolean;
  /** Why the system disabled it; null if a person did. */
  readonly disabledReason: 'GONE' | null;
  readonly disabledAt: Instant | null;
  readonly isDeleted: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The endpoint with what only those may know who send to it. */
export interface FullEndpoint extends EndpointRecord {
  readonly headers: readonly EndpointHeader[];
  /** The newest first. */
  readonly secrets: readonly EndpointSecret[];
}

const COLUMNS = `p.id, p.name, p.url, p.event_types as "eventTypes",
  array(select h->>'name' from jsonb_array_elements(p.headers) h) as "headerNames",
  p.secrets->1->>'expiresAt' as "previousSecretExpiresAt", p.is_enabled as "isEnabled", p.disabled_reason as "disabledReason",
  p.disabled_at as "disabledAt", p.is_deleted as "isDeleted", p.version, p.created_at as "createdAt", p.updated_at as "updatedAt"`;
const ALL_COLUMNS = `${COLUMNS}, p.headers, p.secrets`;

const byIds = statement<EndpointRecord>(
  'webhookEndpoint.byIds',
  `select ${COLUMNS} from webhook_endpoint p where p.organization_id = $1 and p.id = any($2::uuid[])`,
);

/** The endpoints with these ids, deleted ones included, in no order. */
export async function readEndpoints(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<EndpointRecord[]> {
  return db.query(byIds, [organizationId, ids]);
}

/** The place of an endpoint in the list: its name in lower case and its id. */
export interface EndpointKey {
  readonly name: string;
  readonly id: string;
}

const list = statement<EndpointRecord & { sortValue: string }>(
  'webhookEndpoint.list',
  `select ${COLUMNS}, lower(p.name) as "sortValue" from webhook_endpoint p
   where p.organization_id = $1 and not p.is_deleted and ($2::text is null or (lower(p.name), p.id) > ($2, $3::uuid))
   order by lower(p.name), p.id limit $4`,
);

/** At most `limit` endpoints that are not deleted, by name, those after `after`. */
export async function listEndpoints(
  db: Queryable,
  organizationId: string,
  after: EndpointKey | null,
  limit: number,
): Promise<(EndpointRecord & { readonly sortValue: string })[]> {
  return db.query(list, [organizationId, after?.name ?? null, after?.id ?? null, limit]);
}

const count = statement<{ count: number }>(
  'webhookEndpoint.count',
  `select count(*) as count from webhook_endpoint p where p.organization_id = $1 and not p.is_deleted`,
);

/** How many endpoints are not deleted. */
export async function countEndpoints(db: Queryable, organizationId: string): Promise<number> {
  const [row] = await db.query(count, [organizationId]);
  return row?.count ?? 0;
}

const subscribed = statement<Pick<EndpointRecord, 'id' | 'eventTypes'>>(
  'webhookEndpoint.subscribed',
  `select p.id, p.event_types as "eventTypes" from webhook_endpoint p
   where p.organization_id = $1 and p.is_enabled and not p.is_deleted and p.event_types <> '{}'
   order by p.id`,
);

/** The enabled endpoints that subscribe to any type of event. */
export async function readSubscribedEndpoints(
  db: Queryable,
  organizationId: string,
): Promise<Pick<EndpointRecord, 'id' | 'eventTypes'>[]> {
  return db.query(subscribed, [organizationId]);
}

const full = statement<FullEndpoint>(
  'webhookEndpoint.full',
  `select ${ALL_COLUMNS} from webhook_endpoint p where p.organization_id = $1 and p.id = $2`,
);

/** The endpoint with its secrets; null if there is none. */
export async function readFullEndpoint(
  db: Queryable,
  organizationId: string,
  id: string,
): Promise<FullEndpoint | null> {
  const [row] = await db.query(full, [organizationId, id]);
  return row ?? null;
}

const lock = statement<FullEndpoint>('webhookEndpoint.lock', `${full.text} for no key update`);

/** The endpoint, locked until the transaction ends; null if there is none. */
export async function lockEndpoint(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<FullEndpoint | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ?? null;
}

const insert = statement<never>(
  'webhookEndpoint.insert',
  `insert into webhook_endpoint (organization_id, id, name, url, event_types, headers, secrets, created_at, updated_at)
   values ($1, $2, $3, $4, $5::text[], $6::jsonb, $7::jsonb, $8, $8)`,
);

/** Adds an enabled endpoint with version 1. */
export async function insertEndpoint(
  tx: Writer,
  endpoint: Pick<FullEndpoint, 'id' | 'name' | 'url' | 'eventTypes' | 'headers' | 'secrets'>,
): Promise<void> {
  const { id, name, url, eventTypes, headers, secrets } = endpoint;
  await tx.query(insert, [
    tx.organizationId,
    id,
    name,
    url,
    eventTypes,
    JSON.stringify(headers),
    JSON.stringify(secrets),
    tx.now,
  ]);
}

const update = statement<{ version: number }>(
  'webhookEndpoint.update',
  `update webhook_endpoint set name = $3, url = $4, event_types = $5::text[], headers = $6::jsonb, secrets = $7::jsonb, is_enabled = $8,
     disabled_reason = $9, disabled_at = $10, is_deleted = $11, updated_at = $12, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked endpoint; answers the new version. */
export async function updateEndpoint(tx: Writer, endpoint: FullEndpoint): Promise<number> {
  const [row] = await tx.query(update, [
    tx.organizationId,
    endpoint.id,
    endpoint.name,
    endpoint.url,
    endpoint.eventTypes,
    JSON.stringify(endpoint.headers),
    JSON.stringify(endpoint.secrets),
    endpoint.isEnabled,
    endpoint.disabledReason,
    endpoint.disabledAt,
    endpoint.isDeleted,
    tx.now,
  ]);
  if (!row) throw new Error(`webhook endpoint ${endpoint.id} vanished while it was locked`);
  return row.version;
}
