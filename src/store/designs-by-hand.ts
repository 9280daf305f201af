/** What can be set off by hand on an entity: definitions that can be started, automations that can be run. */
import type { DesignTable } from './design-list.ts';
import { statement, type Queryable } from './statement.ts';

/** Reads, for entities of each of these schemas, what can be set off on them by hand, by name: what is enabled and published with a fitting trigger. */
export type ByHandReader<Row> = (
  db: Queryable,
  organizationId: string,
  schemas: readonly string[],
) => Promise<Map<string, Row[]>>;

/** The reader of what is kept in this table, whose columns make a `Row`. */
export function byHandReader<Row>({ name, alias: d, columns }: DesignTable): ByHandReader<Row> {
  const byHand = statement<Row & { readonly schema: string }>(
    `${name}.byHand`,
    `select s.schema, ${columns}
     from ${name} ${d}
     join ${name}_version v
       on v.organization_id = ${d}.organization_id and v.${name}_id = ${d}.id and v.number = ${d}.published_number
     join unnest($2::text[]) as s(schema) on exists (
       select 1 from jsonb_array_elements(v.content->'triggers') as t(trigger)
       where t.trigger->>'type' = 'MANUAL' and coalesce(t.trigger->>'entitySchema', s.schema) = s.schema)
     where ${d}.organization_id = $1 and ${d}.is_enabled and not ${d}.is_archived
     order by lower(${d}.name), ${d}.id`,
  );
  return async (db, organizationId, schemas) => {
    const rows = await db.query(byHand, [organizationId, schemas]);
    const bySchema = new Map<string, Row[]>(schemas.map((schema) => [schema, []]));
    for (const row of rows) bySchema.get(row.schema)?.push(row);
    return bySchema;
  };
}
