/** Freezing drafts as versions, of definitions and of automations. */
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** Freezes the draft as the version `number`, by whom the transaction acts for. The caller holds the lock of what it is the draft of. */
export type VersionWriter = (
  tx: Transaction,
  id: string,
  version: { readonly id: string; readonly number: number },
) => Promise<void>;

/** What freezes the drafts in this table. */
export function versionWriter(table: 'definition' | 'automation'): VersionWriter {
  const freeze = statement<never>(
    `${table}.publish`,
    `with published as (
       update ${table} set published_number = $4, updated_at = $6, version = version + 1
       where organization_id = $1 and id = $2
       returning organization_id, id, published_number, draft
     )
     insert into ${table}_version (organization_id, id, ${table}_id, number, content, published_at, published_by_id)
     select organization_id, $3, id, published_number, draft, $6, $5 from published`,
  );
  return async (tx, id, version) => {
    await tx.query(freeze, [tx.organizationId, id, version.id, version.number, tx.actorId, tx.now]);
  };
}
