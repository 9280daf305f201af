/** Entities: the business objects that work is about. */
import type { EntityRecord } from '../store/entities.ts';
import {
  deleteEntity as removeEntity,
  insertEntity,
  lockEntity,
  lockEntityForDeletion,
  updateEntity as writeEntity,
} from '../store/entity-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import { checkAttributes } from './attributes.ts';
import { entityChange, recordEntityUpdate } from './entity-event.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { mergePatch } from './merge-patch.ts';
import { refuse, refuseInput } from './problem.ts';
import { recordObject } from './record.ts';

const MAX_SCHEMA_LENGTH = 63;
/** What schemas are called, besides being no longer than 63 characters. */
export const SCHEMA_NAME = /^[a-z][a-z0-9_-]*$/;

/** Refuses what is no name of a schema. */
export function checkSchema(value: string): string {
  const schema = checkName('schema', value, MAX_SCHEMA_LENGTH);
  if (schema !== value || !SCHEMA_NAME.test(schema)) {
    refuseInput(
      'schema',
      'INVALID_CHARACTER',
      'schema is lower-case letters, digits, - and _, a letter first: opportunity, service_order.',
    );
  }
  return schema;
}

/** An entity that has yet to be made. */
export interface NewEntity {
  readonly schema: string;
  readonly title: string;
  /** A JSON object. */
  readonly attributes: unknown;
}

export interface CreateEntityInput extends NewEntity {
  readonly idempotencyKey?: string | undefined;
}

/** Makes an entity with this id, as whoever the transaction is of; answers what it is. */
export async function createEntityIn(
  tx: Transaction,
  id: string,
  input: NewEntity,
): Promise<Pick<EntityRecord, 'id' | 'schema' | 'title' | 'attributes'>> {
  const data = {
    schema: checkSchema(input.schema),
    title: checkName('title', input.title),
    attributes: checkAttributes(input.attributes),
  };
  await insertEntity(tx, { id, ...data });
  recordObject(tx, 'ENTITY_CREATED', 'ENTITY', { id, version: 1, entityIds: [id] }, data);
  return { id, ...data };
}

/** Makes an entity; answers the id. */
export async function createEntity(caller: Caller, input: CreateEntityInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return createOnce(caller, 'createEntity', input, async (tx, id) => {
    await createEntityIn(tx, id, input);
  });
}

/** What becomes of an entity; what is left out stays. */
export interface EntityContent {
  readonly title?: string | undefined;
  /** All of them. */
  readonly attributes?: unknown;
}

/**
 * Changes an entity to what `change` makes of it while it is locked, as whoever the transaction is of; answers it as it is then. The event carries the
 * smallest patch that does the same.
 */
export async function updateEntityIn(
  tx: Transaction,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
  change: (entity: EntityRecord) => EntityContent,
): Promise<EntityRecord> {
  const entity = expectObject(await lockEntity(tx, tx.organizationId, id), 'Entity', id, expectedVersion);
  const next = change(entity);
  const title = next.title === undefined ? entity.title : checkName('title', next.title);
  const attributes = next.attributes === undefined ? entity.attributes : checkAttributes(next.attributes);
  const difference = entityChange(entity, { title, attributes });
  if (!difference) return entity;
  const version = await writeEntity(tx, { id, title, attributes });
  recordEntityUpdate(tx, id, version, difference);
  return { ...entity, title, attributes, version, updatedAt: tx.now };
}

export interface UpdateEntityInput {
  readonly id: string;
  readonly title?: string | undefined;
  /** A JSON merge patch of the attributes. */
  readonly attributes?: unknown;
  readonly expectedVersion?: number | undefined;
}

/** Changes the title and merges into the attributes; answers the id. */
export async function updateEntity(caller: Caller, input: UpdateEntityInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return execute(caller, async (tx) => {
    const { title, attributes } = input;
    await updateEntityIn(tx, input, (entity) => ({
      title,
      ...(attributes === undefined
        ? {}
        : { attributes: mergePatch(entity.attributes, checkAttributes(attributes)) }),
    }));
    return input.id;
  });
}

/** Deletes an entity that no execution is about; answers the id. Its events stay, the last one tells what it was. */
export async function deleteEntity(
  caller: Caller,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return execute(caller, async (tx) => {
    const found = await lockEntityForDeletion(tx, id);
    const { schema, title, attributes, version } = expectObject(found, 'Entity', id, expectedVersion);
    const executionCount = await removeEntity(tx, id);
    if (executionCount > 0) refuse({ code: 'ENTITY_IN_USE', entityId: id, executionCount });
    const entityBefore = { schema, title, attributes };
    const subject = { id, version: version + 1, entityIds: [id], entityBefore };
    recordObject(tx, 'ENTITY_DELETED', 'ENTITY', subject, entityBefore, []);
    return id;
  });
}
