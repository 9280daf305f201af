/** Entities: the business objects that work is about. */
import { insertEntity, lockEntity, updateEntity as writeEntity } from '../store/entity-writes.ts';
import { checkAttributes } from './attributes.ts';
import { entityChange, recordEntityUpdate } from './entity-event.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { mergePatch } from './merge-patch.ts';
import { refuseInput } from './problem.ts';
import { recordObject } from './record.ts';

const MAX_SCHEMA_LENGTH = 63;

/** Refuses what is no name of a schema. */
export function checkSchema(value: string): string {
  const schema = checkName('schema', value, MAX_SCHEMA_LENGTH);
  if (schema !== value || !/^[a-z][a-z0-9_-]*$/.test(schema)) {
    refuseInput(
      'schema',
      'INVALID_CHARACTER',
      'schema is lower-case letters, digits, - and _, a letter first: opportunity, service_order.',
    );
  }
  return schema;
}

export interface CreateEntityInput {
  readonly schema: string;
  readonly title: string;
  /** A JSON object. */
  readonly attributes: unknown;
  readonly idempotencyKey?: string | undefined;
}

/** Makes an entity; answers the id. */
export async function createEntity(caller: Caller, input: CreateEntityInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return createOnce(caller, 'createEntity', input, async (tx, id) => {
    const data = {
      schema: checkSchema(input.schema),
      title: checkName('title', input.title),
      attributes: checkAttributes(input.attributes),
    };
    await insertEntity(tx, { id, ...data });
    recordObject(tx, 'ENTITY_CREATED', 'ENTITY', { id, version: 1, entityIds: [id] }, data);
  });
}

export interface UpdateEntityInput {
  readonly id: string;
  readonly title?: string | undefined;
  /** A JSON merge patch of the attributes. */
  readonly attributes?: unknown;
  readonly expectedVersion?: number | undefined;
}

/** Changes the title and merges into the attributes; answers the id. The event carries the smallest patch that does the same. */
export async function updateEntity(caller: Caller, input: UpdateEntityInput): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'work');
  return execute(caller, async (tx) => {
    const found = await lockEntity(tx, tx.organizationId, input.id);
    const entity = expectObject(found, 'Entity', input.id, input.expectedVersion);
    const title = input.title === undefined ? entity.title : checkName('title', input.title);
    const attributes =
      input.attributes === undefined
        ? entity.attributes
        : checkAttributes(mergePatch(entity.attributes, checkAttributes(input.attributes)));
    const change = entityChange(entity, { title, attributes });
    if (change) {
      const version = await writeEntity(tx, { id: entity.id, title, attributes });
      recordEntityUpdate(tx, entity.id, version, change);
    }
    return entity.id;
  });
}
