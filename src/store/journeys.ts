/** Journeys: forms that people fill in. (Their sessions: journey-sessions.ts; what was submitted: journey-submissions.ts.) */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';
import type { EndpointSecret } from './webhook-endpoints.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

/** What can be seen of a journey. */
export interface JourneyRecord {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly content: unknown;
  /** What the permanent public link is known by; null if there is none. */
  readonly publicKey: string | null;
  /** Until when the secret before the newest is good, or was; null if there is none. */
  readonly previousSecretExpiresAt: Instant | null;
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** The journey with what only those may know who check what comes back. */
export interface FullJourney extends JourneyRecord {
  /** Of a LINK, the newest first. */
  readonly secrets: readonly EndpointSecret[];
}

const COLUMNS = `j.id, j.name, j.content, j.public_key as "publicKey", j.secrets->1->>'expiresAt' as "previousSecretExpiresAt",
  j.is_enabled as "isEnabled", j.is_archived as "isArchived", j.version, j.created_at as "createdAt", j.updated_at as "updatedAt"`;
const ALL_COLUMNS = `${COLUMNS}, j.secrets`;

const byIds = statement<JourneyRecord>(
  'journey.byIds',
  `select ${COLUMNS} from journey j where j.organization_id = $1 and j.id = any($2::uuid[])`,
);

/** The journeys with these ids, archived ones included, in no order. */
export async function readJourneys(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<JourneyRecord[]> {
  return db.query(byIds, [organizationId, ids]);
}

/** What a list is limited to; null: no limit. */
export interface JourneyFilter {
  /** A part of the name, in any case. */
  readonly search: string | null;
  readonly isEnabled: boolean | null;
  readonly isArchived: boolean;
}

/** The place of a journey in the list: its name in lower case and its id. */
export interface JourneyKey {
  readonly name: string;
  readonly id: string;
}

const MATCHES = `j.organization_id = $1 and ($2::text is null or strpos(lower(j.name), lower($2)) > 0)
  and ($3::boolean is null or j.is_enabled = $3) and j.is_archived = $4`;

function filterValues(organizationId: string, { search, isEnabled, isArchived }: JourneyFilter): unknown[] {
  return [organizationId, search, isEnabled, isArchived];
}

const list = statement<JourneyRecord & { sortValue: string }>(
  'journey.list',
  `select ${COLUMNS}, lower(j.name) as "sortValue" from journey j
   where ${MATCHES} and ($5::text is null or (lower(j.name), j.id) > ($5, $6::uuid))
   order by lower(j.name), j.id limit $7`,
);

/** At most `limit` that match, by name, those after `after`. */
export async function listJourneys(
  db: Queryable,
  organizationId: string,
  filter: JourneyFilter,
  after: JourneyKey | null,
  limit: number,
): Promise<(JourneyRecord & { readonly sortValue: string })[]> {
  return db.query(list, [
    ...filterValues(organizationId, filter),
    after?.name ?? null,
    after?.id ?? null,
    limit,
  ]);
}

const count = statement<{ count: number }>(
  'journey.count',
  `select count(*) as count from journey j where ${MATCHES}`,
);

/** How many match. */
export async function countJourneys(
  db: Queryable,
  organizationId: string,
  filter: JourneyFilter,
): Promise<number> {
  const [row] = await db.query(count, filterValues(organizationId, filter));
  return row?.count ?? 0;
}

const full = statement<FullJourney>(
  'journey.full',
  `select ${ALL_COLUMNS} from journey j where j.organization_id = $1 and j.id = $2`,
);

/** The journey with its secrets; null if there is none. */
export async function readFullJourney(
  db: Queryable,
  organizationId: string,
  id: string,
): Promise<FullJourney | null> {
  const [row] = await db.query(full, [organizationId, id]);
  return row ?? null;
}

const lock = statement<FullJourney>('journey.lock', `${full.text} for no key update`);

/** The journey, locked until the transaction ends; null if there is none. */
export async function lockJourney(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<FullJourney | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ?? null;
}

const byPublicKey = statement<JourneyRecord & { organizationId: string }>(
  'journey.byPublicKey',
  `select ${COLUMNS}, j.organization_id as "organizationId" from journey j
   where j.public_key = $1 and j.is_enabled and not j.is_archived`,
);

/** The journey of whichever organization that has this public key and can be opened; null if there is none. */
export async function findPublicJourney(
  db: Queryable,
  publicKey: string,
): Promise<(JourneyRecord & { readonly organizationId: string }) | null> {
  const [row] = await db.query(byPublicKey, [publicKey]);
  return row ?? null;
}

const insert = statement<never>(
  'journey.insert',
  `insert into journey (organization_id, id, name, content, secrets, public_key, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)`,
);

/** Adds an enabled journey with version 1. */
export async function insertJourney(
  tx: Writer,
  {
    id,
    name,
    content,
    secrets,
    publicKey,
  }: Pick<FullJourney, 'id' | 'name' | 'content' | 'secrets' | 'publicKey'>,
): Promise<void> {
  await tx.query(insert, [
    tx.organizationId,
    id,
    name,
    JSON.stringify(content),
    JSON.stringify(secrets),
    publicKey,
    tx.now,
  ]);
}

const update = statement<{ version: number }>(
  'journey.update',
  `update journey set name = $3, content = $4, secrets = $5, public_key = $6, is_enabled = $7, is_archived = $8, updated_at = $9,
     version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked journey; answers the new version. */
export async function updateJourney(tx: Writer, journey: FullJourney): Promise<number> {
  const [row] = await tx.query(update, [
    tx.organizationId,
    journey.id,
    journey.name,
    JSON.stringify(journey.content),
    JSON.stringify(journey.secrets),
    journey.publicKey,
    journey.isEnabled,
    journey.isArchived,
    tx.now,
  ]);
  if (!row) throw new Error(`journey ${journey.id} vanished while it was locked`);
  return row.version;
}
