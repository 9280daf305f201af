/** Automations by id, for the commands that change them and for their runs. (Writes: automations-writes.ts.) */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';
import type { Transaction } from './transaction.ts';

/** An automation without its draft. */
export interface AutomationRecord {
  readonly id: string;
  /** The draft's. */
  readonly name: string;
  /** Whether it runs. */
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  /** Number of the newest published version; null before the first. */
  readonly publishedNumber: number | null;
  /** Null while it is enabled. */
  readonly disabledAt: string | null;
  /** Null: the system. */
  readonly disabledById: string | null;
  /** Why the system disabled it. */
  readonly disabledReason: 'RUNAWAY' | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One that can be edited. */
export interface EditableAutomation extends AutomationRecord {
  /** An `AutomationContent`. */
  readonly draft: unknown;
}

/** A published automation; never changes. */
export interface AutomationVersionRecord {
  readonly id: string;
  readonly automationId: string;
  /** 1, 2, 3… */
  readonly number: number;
  /** An `AutomationContent` without errors. */
  readonly content: unknown;
  readonly publishedAt: string;
  /** Null: the system. */
  readonly publishedById: string | null;
}

export const AUTOMATION_COLUMNS = `a.id, a.name, a.is_enabled as "isEnabled", a.is_archived as "isArchived",
  a.published_number as "publishedNumber", a.disabled_at as "disabledAt", a.disabled_by_id as "disabledById",
  a.disabled_reason as "disabledReason", a.version, a.created_at as "createdAt", a.updated_at as "updatedAt"`;

const VERSION_COLUMNS = `v.id, v.automation_id as "automationId", v.number, v.content, v.published_at as "publishedAt",
  v.published_by_id as "publishedById"`;

const NEWEST = `join automation_version v
  on v.organization_id = a.organization_id and v.automation_id = a.id and v.number = a.published_number`;

const locked = statement<EditableAutomation>(
  'automation.lock',
  `select ${AUTOMATION_COLUMNS}, a.draft from automation a where a.organization_id = $1 and a.id = $2 for no key update`,
);

/** The automation, locked until the transaction ends; null if there is none. */
export async function lockAutomation(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<EditableAutomation | null> {
  const [row] = await tx.query(locked, [organizationId, id]);
  return row ?? null;
}

const byIds = statement<AutomationRecord>(
  'automation.byIds',
  `select ${AUTOMATION_COLUMNS} from automation a where a.organization_id = $1 and a.id = any($2::uuid[])`,
);

/** The automations with these ids, in no order. */
export async function readAutomations(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<AutomationRecord[]> {
  return db.query(byIds, [organizationId, ids]);
}

const drafts = statement<{ id: string; draft: unknown }>(
  'automation.drafts',
  `select a.id, a.draft from automation a where a.organization_id = $1 and a.id = any($2::uuid[])`,
);

/** The drafts of these automations, by id. */
export async function readAutomationDrafts(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await db.query(drafts, [organizationId, ids]);
  return new Map(rows.map(({ id, draft }) => [id, draft]));
}

const versions = statement<AutomationVersionRecord>(
  'automation.versions',
  `select ${VERSION_COLUMNS} from automation_version v where v.organization_id = $1 and v.id = any($2::uuid[])`,
);

/** The published versions with these ids, in no order. */
export async function readAutomationVersions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<AutomationVersionRecord[]> {
  return db.query(versions, [organizationId, ids]);
}

const newest = statement<AutomationVersionRecord>(
  'automation.newestVersions',
  `select ${VERSION_COLUMNS} from automation a ${NEWEST} where a.organization_id = $1 and a.id = any($2::uuid[])`,
);

/** The newest published version of each of these automations, by the automation's id. */
export async function readNewestAutomationVersions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, AutomationVersionRecord>> {
  const rows = await db.query(newest, [organizationId, ids]);
  return new Map(rows.map((row) => [row.automationId, row]));
}

/** What running an automation has to know beforehand. */
export interface RunnableAutomation {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  readonly publishedNumber: number | null;
  /** When the guard against runaways disabled it; null if it did not, or somebody has enabled it since. */
  readonly ranAwayAt: Instant | null;
  /** The newest published version; null before the first. Its content is an `AutomationContent` without errors. */
  readonly newest: { readonly versionId: string; readonly number: number; readonly content: unknown } | null;
}

const runnable = statement<RunnableAutomation>(
  'automation.runnable',
  `select a.id, a.name, a.is_enabled as "isEnabled", a.is_archived as "isArchived", a.published_number as "publishedNumber",
     case when a.disabled_reason = 'RUNAWAY' then a.disabled_at end as "ranAwayAt",
     case when v.id is not null then json_build_object('versionId', v.id, 'number', v.number, 'content', v.content) end as newest
   from automation a left ${NEWEST}
   where a.organization_id = $1 and a.id = $2 for no key update of a`,
);

/**
 * Everything that running an automation needs; null if there is none. It is locked until the transaction ends: its runs are begun one after the
 * other, so that they can be counted, and nobody disables, archives or publishes it meanwhile.
 */
export async function readRunnable(
  tx: Queryable,
  organizationId: string,
  automationId: string,
): Promise<RunnableAutomation | null> {
  const read = () => tx.query(runnable, [organizationId, automationId]);
  let [row] = await read();
  // While it waited for the lock, another version was published. It sees the automation's new number, but not yet the version.
  if (row?.publishedNumber != null && row.newest === null) [row] = await read();
  return row ?? null;
}

const disable = statement<{ version: number }>(
  'automation.disableRunaway',
  `update automation set is_enabled = false, disabled_at = $3, disabled_reason = 'RUNAWAY', updated_at = $3, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Disables an enabled automation that runs too often; answers its new version. The caller holds its lock. */
export async function disableRunaway(tx: Transaction, automationId: string): Promise<number> {
  const [row] = await tx.query(disable, [tx.organizationId, automationId, tx.now]);
  if (!row) throw new Error(`there is no automation ${automationId}`);
  return row.version;
}

/** The newest version of an automation that events can set off. */
export interface TriggeredAutomation {
  readonly id: string;
  readonly versionId: string;
  /** An `AutomationContent` without errors. */
  readonly content: unknown;
}

const triggered = statement<TriggeredAutomation>(
  'automation.triggered',
  `select a.id, v.id as "versionId", v.content from automation a ${NEWEST}
   where a.organization_id = $1 and a.is_enabled and not a.is_archived
     and v.content @? '$.triggers[*].type ? (@ starts with "ENTITY_" || @ == "EXECUTION_EVENT" || @ == "JOURNEY_SUBMITTED")'
   order by a.id`,
);

/** The automations that are enabled, not archived, and have a trigger on events of entities, executions or journeys. */
export async function readTriggered(db: Queryable, organizationId: string): Promise<TriggeredAutomation[]> {
  return db.query(triggered, [organizationId]);
}
