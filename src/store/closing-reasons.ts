/** The writes of one closing reason. */
import { statement, type Queryable } from './statement.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: string };

export type ClosingReasonStatus = 'ACTIVE' | 'INACTIVE';

export interface ClosingReasonRecord {
  readonly id: string;
  readonly title: string;
  readonly status: ClosingReasonStatus;
  readonly version: number;
}

const lock = statement<ClosingReasonRecord>(
  'closingReason.lock',
  `select r.id, r.title, r.status, r.version from closing_reason r
   where r.organization_id = $1 and r.id = $2 for no key update`,
);

/** The closing reason, locked until the transaction ends; null if there is none. */
export async function lockClosingReason(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<ClosingReasonRecord | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ?? null;
}

const insert = statement<never>(
  'closingReason.insert',
  `insert into closing_reason (organization_id, id, title, created_at) values ($1, $2, $3, $4)`,
);

/** Adds an active closing reason with version 1. */
export async function insertClosingReason(tx: Writer, id: string, title: string): Promise<void> {
  await tx.query(insert, [tx.organizationId, id, title, tx.now]);
}

const update = statement<{ version: number }>(
  'closingReason.update',
  `update closing_reason set title = $3, status = $4, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked closing reason; answers the new version. */
export async function updateClosingReason(
  tx: Writer,
  { id, title, status }: Omit<ClosingReasonRecord, 'version'>,
): Promise<number> {
  const [row] = await tx.query(update, [tx.organizationId, id, title, status]);
  if (!row) throw new Error(`closing reason ${id} vanished while it was locked`);
  return row.version;
}
