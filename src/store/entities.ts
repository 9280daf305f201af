/** Entities by id and by execution. (Their list is in entity-list.ts, their changes in entity-writes.ts.) */
import { statement, type Queryable } from './statement.ts';
import { entityVisibleThrough } from './visibility.ts';

export interface EntityRecord {
  readonly id: string;
  readonly schema: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const ENTITY_COLUMNS = `n.id, n.schema, n.title, n.attributes, n.version, n.created_at as "createdAt", n.updated_at as "updatedAt"`;

/** The entity as PostgreSQL puts it into JSON, where instants have another form. */
export function entityFromJson(row: EntityRecord): EntityRecord {
  return {
    ...row,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

const byIds = statement<EntityRecord>(
  'entity.byIds',
  `select ${ENTITY_COLUMNS} from entity n
   where n.organization_id = $1 and n.id = any($2::uuid[]) and ${entityVisibleThrough('$3')}`,
);

/** The entities with these ids that can be seen through the scope (an execution on them is; null: all), in no order. */
export async function readEntities(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<EntityRecord[]> {
  return db.query(byIds, [organizationId, ids, scope]);
}
