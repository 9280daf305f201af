/** The writes of one entity. */
import { ENTITY_COLUMNS, type EntityRecord } from './entities.ts';
import { statement, type Queryable } from './statement.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: string };

const lock = statement<EntityRecord>(
  'entity.lock',
  `select ${ENTITY_COLUMNS} from entity n where n.organization_id = $1 and n.id = $2 for no key update`,
);

/** The entity, locked until the transaction ends; null if there is none. */
export async function lockEntity(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<EntityRecord | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ?? null;
}

const insert = statement<never>(
  'entity.insert',
  `insert into entity (organization_id, id, schema, title, attributes, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)`,
);

/** Adds an entity with version 1. */
export async function insertEntity(
  tx: Writer,
  entity: Pick<EntityRecord, 'id' | 'schema' | 'title' | 'attributes'>,
): Promise<void> {
  const { id, schema, title, attributes } = entity;
  await tx.query(insert, [tx.organizationId, id, schema, title, JSON.stringify(attributes), tx.now]);
}

const update = statement<{ version: number }>(
  'entity.update',
  `update entity set title = $3, attributes = $4, updated_at = $5, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked entity; answers the new version. */
export async function updateEntity(
  tx: Writer,
  { id, title, attributes }: Pick<EntityRecord, 'id' | 'title' | 'attributes'>,
): Promise<number> {
  const [row] = await tx.query(update, [tx.organizationId, id, title, JSON.stringify(attributes), tx.now]);
  if (!row) throw new Error(`entity ${id} vanished while it was locked`);
  return row.version;
}

const lockForDeletion = statement<EntityRecord>(
  'entity.lockForDeletion',
  `select ${ENTITY_COLUMNS} from entity n where n.organization_id = $1 and n.id = $2 for update`,
);

/**
 * The entity, locked until the transaction ends also against executions that would come to be about it: they wait, and don't find it
 * then. Null if there is none.
 */
export async function lockEntityForDeletion(tx: Writer, id: string): Promise<EntityRecord | null> {
  const [row] = await tx.query(lockForDeletion, [tx.organizationId, id]);
  return row ?? null;
}

// A statement of its own, after the lock: one that waited for it would not see the executions that it waited for.
const remove = statement<{ count: number }>(
  'entity.delete',
  `with used as (
     select count(*)::int as count from execution_entity x where x.organization_id = $1 and x.entity_id = $2
   ), removed as (
     delete from entity n using used where n.organization_id = $1 and n.id = $2 and used.count = 0
   )
   select count from used`,
);

/** Deletes an entity that is locked for it, unless executions are about it; answers how many are. */
export async function deleteEntity(tx: Writer, id: string): Promise<number> {
  const [row] = await tx.query(remove, [tx.organizationId, id]);
  return row?.count ?? 0;
}
