/** Saving automations and freezing their versions. The caller holds the automation's lock (see `lockAutomation`). */
import { versionWriter } from './design-versions.ts';
import { statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** The draft's name stands beside it, for lists. */
interface Draft {
  readonly name: string;
}

const insert = statement<never>(
  'automation.insert',
  `insert into automation (organization_id, id, name, draft, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)`,
);

/** Adds an enabled automation, version 1, that has not been published. */
export async function insertAutomation(tx: Transaction, id: string, draft: Draft): Promise<void> {
  await tx.query(insert, [tx.organizationId, id, draft.name, JSON.stringify(draft), tx.now]);
}

const saveDraft = statement<never>(
  'automation.saveDraft',
  `update automation set name = $3, draft = $4, updated_at = $5, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Replaces the draft. */
export async function updateAutomationDraft(tx: Transaction, id: string, draft: Draft): Promise<void> {
  await tx.query(saveDraft, [tx.organizationId, id, draft.name, JSON.stringify(draft), tx.now]);
}

const switchOn = statement<never>(
  'automation.enable',
  `update automation set is_enabled = true, enabled_at = $3, disabled_at = null, disabled_by_id = null, disabled_reason = null,
     updated_at = $3, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Lets it run. */
export async function updateToEnabled(tx: Transaction, id: string): Promise<void> {
  await tx.query(switchOn, [tx.organizationId, id, tx.now]);
}

const switchOff = statement<never>(
  'automation.disable',
  `update automation set is_enabled = false, disabled_at = $3, disabled_by_id = $4, updated_at = $3, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Keeps it from running, by whom the transaction acts for. (Of runaways: `disableRunaway`.) */
export async function updateToDisabled(tx: Transaction, id: string): Promise<void> {
  await tx.query(switchOff, [tx.organizationId, id, tx.now, tx.actorId]);
}

const archive = statement<never>(
  'automation.archive',
  `update automation set is_archived = $3, updated_at = $4, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Sets whether it is hidden. */
export async function updateArchived(tx: Transaction, id: string, isArchived: boolean): Promise<void> {
  await tx.query(archive, [tx.organizationId, id, isArchived, tx.now]);
}

/** Freezes the draft as the version `number`, by whom the transaction acts for. */
export const insertAutomationVersion = versionWriter('automation');
