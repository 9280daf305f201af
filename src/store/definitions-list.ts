/** Lists of definitions, in keyset pages; and which of them can be started. None reads a draft, which may be large. */
import { DEFINITION_COLUMNS, type DefinitionRecord } from './definitions.ts';
import { statement, type Statement, type Queryable } from './statement.ts';

/** What a list is limited to; null or left out: no limit. */
export interface DefinitionFilter {
  /** A part of the name, in any case. */
  readonly search?: string | null | undefined;
  readonly label?: string | null | undefined;
  readonly isEnabled?: boolean | null | undefined;
  readonly isArchived?: boolean | null | undefined;
  readonly isPublished?: boolean | null | undefined;
}

/** NAME: from A to Z, whatever the case. UPDATED_AT: last changed first. */
export type DefinitionOrder = 'NAME' | 'UPDATED_AT';

/** The place of a row in its list: its sort value and its id. */
export interface DefinitionKey {
  readonly value: string;
  readonly id: string;
}

/** A definition, and the text that its list is sorted by. */
export interface ListedDefinition extends DefinitionRecord {
  readonly sortValue: string;
}

const MATCHES = `d.organization_id = $1
  and ($2::text is null or strpos(lower(d.name), lower($2)) > 0)
  and ($3::text is null or $3 = any(d.labels))
  and ($4::boolean is null or d.is_enabled = $4)
  and ($5::boolean is null or d.is_archived = $5)
  and ($6::boolean is null or (d.published_number is not null) = $6)`;

function filterValues(organizationId: string, filter: DefinitionFilter): unknown[] {
  return [
    organizationId,
    filter.search ?? null,
    filter.label ?? null,
    filter.isEnabled ?? null,
    filter.isArchived ?? null,
    filter.isPublished ?? null,
  ];
}

const lists: Readonly<Record<DefinitionOrder, Statement<ListedDefinition>>> = {
  NAME: statement(
    'definition.listByName',
    `select ${DEFINITION_COLUMNS}, lower(d.name) as "sortValue" from definition d
     where ${MATCHES} and ($7::text is null or (lower(d.name), d.id) > ($7, $8::uuid))
     order by lower(d.name), d.id limit $9`,
  ),
  UPDATED_AT: statement(
    'definition.listByUpdatedAt',
    `select ${DEFINITION_COLUMNS}, d.updated_at as "sortValue" from definition d
     where ${MATCHES} and ($7::timestamptz is null or (d.updated_at, d.id) < ($7, $8::uuid))
     order by d.updated_at desc, d.id desc limit $9`,
  ),
};

/** At most `limit` definitions that match, those after `after`. */
export async function listDefinitions(
  db: Queryable,
  organizationId: string,
  filter: DefinitionFilter,
  orderBy: DefinitionOrder,
  after: DefinitionKey | null,
  limit: number,
): Promise<ListedDefinition[]> {
  const values = [...filterValues(organizationId, filter), after?.value ?? null, after?.id ?? null, limit];
  return db.query(lists[orderBy], values);
}

const count = statement<{ count: number }>(
  'definition.count',
  `select count(*) as count from definition d where ${MATCHES}`,
);

/** How many definitions match. */
export async function countDefinitions(
  db: Queryable,
  organizationId: string,
  filter: DefinitionFilter,
): Promise<number> {
  const [row] = await db.query(count, filterValues(organizationId, filter));
  return row?.count ?? 0;
}

const startable = statement<DefinitionRecord & { schema: string }>(
  'definition.startableBySchema',
  `select s.schema, ${DEFINITION_COLUMNS}
   from definition d
   join definition_version v
     on v.organization_id = d.organization_id and v.definition_id = d.id and v.number = d.published_number
   join unnest($2::text[]) as s(schema) on exists (
     select 1 from jsonb_array_elements(v.content->'triggers') as t(trigger)
     where t.trigger->>'type' = 'MANUAL' and coalesce(t.trigger->>'entitySchema', s.schema) = s.schema)
   where d.organization_id = $1 and d.is_enabled and not d.is_archived
   order by lower(d.name), d.id`,
);

/** The definitions that can be started by hand on entities of each of these schemas, by name. */
export async function readStartableBySchema(
  db: Queryable,
  organizationId: string,
  schemas: readonly string[],
): Promise<Map<string, DefinitionRecord[]>> {
  const rows = await db.query(startable, [organizationId, schemas]);
  const bySchema = new Map<string, DefinitionRecord[]>(schemas.map((schema) => [schema, []]));
  for (const { schema, ...definition } of rows) bySchema.get(schema)?.push(definition);
  return bySchema;
}
