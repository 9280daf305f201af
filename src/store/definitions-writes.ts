/** Saving definitions and freezing their versions. The caller holds the definition's lock (see `lockDefinition`). */
import type { DefinitionContent } from '../engine/definition.ts';
import { versionWriter } from './design-versions.ts';
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

const insert = statement<never>(
  'definition.insert',
  `insert into definition (organization_id, id, name, labels, draft, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)`,
);

/** Adds an enabled definition, version 1, that has not been published. */
export async function insertDefinition(tx: Transaction, id: string, draft: DefinitionContent): Promise<void> {
  await tx.query(insert, [tx.organizationId, id, draft.name, draft.labels, JSON.stringify(draft), tx.now]);
}

const saveDraft = statement<never>(
  'definition.saveDraft',
  `update definition set name = $3, labels = $4, draft = $5, updated_at = $6, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Replaces the draft, and the name and labels that repeat it for lists. */
export async function updateDraft(tx: Transaction, id: string, draft: DefinitionContent): Promise<void> {
  await tx.query(saveDraft, [tx.organizationId, id, draft.name, draft.labels, JSON.stringify(draft), tx.now]);
}

const saveFlags = statement<never>(
  'definition.saveFlags',
  `update definition set is_enabled = $3, is_archived = $4, updated_at = $5, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Sets whether the definition can be started, and whether it is hidden. */
export async function updateFlags(
  tx: Transaction,
  id: string,
  flags: { readonly isEnabled: boolean; readonly isArchived: boolean },
): Promise<void> {
  await tx.query(saveFlags, [tx.organizationId, id, flags.isEnabled, flags.isArchived, tx.now]);
}

/** Freezes the draft as the version `number`, by whom the transaction acts for. */
export const insertVersion = versionWriter('definition');
