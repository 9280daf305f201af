/** Definitions by id, for the commands that change or start them. (Lists: definitions-list.ts; writes: definitions-writes.ts.) */
import type { DefinitionContent } from '../engine/definition.ts';
import type { ClosingReasonSnapshot } from '../engine/state.ts';
import { factsFromRow, factsTables, type FactsRow, type KnownFacts } from './execution-facts.ts';
import { statement, type Queryable } from './statement.ts';

/** A definition without its draft: what lists and commands look at first. */
export interface DefinitionRecord {
  readonly id: string;
  /** The draft's. */
  readonly name: string;
  /** The draft's. */
  readonly labels: readonly string[];
  /** Whether executions may be started. */
  readonly isEnabled: boolean;
  readonly isArchived: boolean;
  /** Number of the newest published version; null before the first. */
  readonly publishedNumber: number | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A definition that can be edited. */
export interface EditableDefinition extends DefinitionRecord {
  readonly draft: DefinitionContent;
}

/** A published definition; never changes. */
export interface VersionRecord {
  readonly id: string;
  readonly definitionId: string;
  /** 1, 2, 3… */
  readonly number: number;
  readonly content: DefinitionContent;
  readonly publishedAt: string;
  /** Null: the system. */
  readonly publishedById: string | null;
}

export const DEFINITION_COLUMNS = `d.id, d.name, d.labels, d.is_enabled as "isEnabled", d.is_archived as "isArchived",
  d.published_number as "publishedNumber", d.version, d.created_at as "createdAt", d.updated_at as "updatedAt"`;

const VERSION_COLUMNS = `v.id, v.definition_id as "definitionId", v.number, v.content, v.published_at as "publishedAt",
  v.published_by_id as "publishedById"`;

const locked = statement<EditableDefinition>(
  'definition.lock',
  `select ${DEFINITION_COLUMNS}, d.draft from definition d where d.organization_id = $1 and d.id = $2 for no key update`,
);

/** The definition, locked until the transaction ends; null if there is none. */
export async function lockDefinition(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<EditableDefinition | null> {
  const [row] = await tx.query(locked, [organizationId, id]);
  return row ?? null;
}

const byIds = statement<DefinitionRecord>(
  'definition.byIds',
  `select ${DEFINITION_COLUMNS} from definition d where d.organization_id = $1 and d.id = any($2::uuid[])`,
);

/** The definitions with these ids, in no order. */
export async function readDefinitions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<DefinitionRecord[]> {
  return db.query(byIds, [organizationId, ids]);
}

const drafts = statement<{ id: string; draft: DefinitionContent }>(
  'definition.drafts',
  `select d.id, d.draft from definition d where d.organization_id = $1 and d.id = any($2::uuid[])`,
);

/** The drafts of these definitions, by id. */
export async function readDrafts(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, DefinitionContent>> {
  const rows = await db.query(drafts, [organizationId, ids]);
  return new Map(rows.map(({ id, draft }) => [id, draft]));
}

const versions = statement<VersionRecord>(
  'definition.versions',
  `select ${VERSION_COLUMNS} from definition_version v where v.organization_id = $1 and v.id = any($2::uuid[])`,
);

/** The published versions with these ids, in no order. */
export async function readVersions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<VersionRecord[]> {
  return db.query(versions, [organizationId, ids]);
}

const newest = statement<VersionRecord>(
  'definition.newestVersions',
  `select ${VERSION_COLUMNS} from definition d
   join definition_version v
     on v.organization_id = d.organization_id and v.definition_id = d.id and v.number = d.published_number
   where d.organization_id = $1 and d.id = any($2::uuid[])`,
);

/** The newest published version of each of these definitions, by the definition's id. */
export async function readNewestVersions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, VersionRecord>> {
  const rows = await db.query(newest, [organizationId, ids]);
  return new Map(rows.map((row) => [row.definitionId, row]));
}

/** What starting an execution has to know beforehand. Of the entities those that exist. */
export interface Startable extends KnownFacts {
  readonly definition: Pick<DefinitionRecord, 'isEnabled' | 'isArchived' | 'publishedNumber'>;
  /** The newest published one; null before the first. */
  readonly version: Pick<VersionRecord, 'id' | 'number' | 'content'> | null;
  /** Those that the version names and that exist, active or not, in its order. */
  readonly closingReasons: readonly ClosingReasonSnapshot[];
}

interface StartableRow extends FactsRow {
  isEnabled: boolean;
  isArchived: boolean;
  publishedNumber: number | null;
  version: Startable['version'];
  closingReasons: ClosingReasonSnapshot[];
}

const published = (condition: string): string => `exists (
  select from definition d join definition_version v
    on v.organization_id = d.organization_id and v.definition_id = d.id and v.number = d.published_number
  where d.organization_id = $1 and d.id = $2 and ${condition})`;

// The ids of closing reasons are compared as text: an imported definition may name a reason that is no id.
const startable = statement<StartableRow>(
  'definition.startable',
  `with ${factsTables({
    entities: 'n.id = any($3::uuid[])',
    isLocked: published(`jsonb_array_length(v.content->'entitySync') > 0`),
    arePeopleNeeded: published(`v.content @? '$.**.assignees[*].type ? (@ == "VARIABLE")'`),
  })}
   select d.is_enabled as "isEnabled", d.is_archived as "isArchived", d.published_number as "publishedNumber",
     case when v.id is not null then json_build_object('id', v.id, 'number', v.number, 'content', v.content) end as version,
     coalesce((select json_agg(json_build_object('id', c.id, 'title', c.title) order by w.place)
       from jsonb_array_elements_text(v.content->'closingReasonIds') with ordinality as w(id, place)
       join closing_reason c on c.organization_id = d.organization_id and c.id::text = w.id), '[]') as "closingReasons",
     facts.entities, facts.people
   from definition d cross join facts left join definition_version v
     on v.organization_id = d.organization_id and v.definition_id = d.id and v.number = d.published_number
   where d.organization_id = $1 and d.id = $2 for share of d`,
);

/**
 * Everything that starting an execution needs, in one statement; null if there is no such definition. The definition is locked until the
 * transaction ends, as by any number of other starts: nobody disables, archives or publishes it meanwhile, so in the log no start comes after that.
 * If it writes into its entities, these are locked as well.
 */
export async function readStartable(
  tx: Queryable,
  organizationId: string,
  definitionId: string,
  entityIds: readonly string[],
): Promise<Startable | null> {
  const read = () => tx.query(startable, [organizationId, definitionId, entityIds]);
  let [row] = await read();
  // While it waited for the lock, another version was published. It sees the definition's new number, but not yet the version.
  if (row?.publishedNumber != null && row.version === null) [row] = await read();
  if (!row) return null;
  const { version, entities, people, closingReasons, ...definition } = row;
  return { definition, version, closingReasons, ...factsFromRow({ entities, people }) };
}
