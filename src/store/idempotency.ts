/** The keys under which clients made something, so that a repeated request does not make it twice. */
import { statement, type Queryable } from './statement.ts';

// A second request with the key waits here until the first one's transaction ends.
const claim = statement<{ resultId: string }>(
  'idempotency.claim',
  `insert into idempotency_key (organization_id, key, fingerprint, result_id) values ($1, $2, $3, $4)
   on conflict (organization_id, key) do nothing returning result_id as "resultId"`,
);

const read = statement<{ fingerprint: string; resultId: string }>(
  'idempotency.read',
  `select fingerprint, result_id as "resultId" from idempotency_key where organization_id = $1 and key = $2`,
);

/** What a key stands for: newly ours, or what an earlier request with it made. */
export type IdempotencyClaim =
  | { readonly isNew: true }
  | { readonly isNew: false; readonly fingerprint: string; readonly resultId: string };

/** Takes the key for `resultId`, or tells who has it. */
export async function claimIdempotencyKey(
  tx: Queryable,
  organizationId: string,
  key: string,
  fingerprint: string,
  resultId: string,
): Promise<IdempotencyClaim> {
  const claimed = await tx.query(claim, [organizationId, key, fingerprint, resultId]);
  if (claimed.length > 0) return { isNew: true };
  const [earlier] = await tx.query(read, [organizationId, key]);
  if (!earlier) throw new Error('an idempotency key vanished while it was read');
  return { isNew: false, ...earlier };
}
