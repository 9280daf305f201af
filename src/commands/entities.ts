/** Entities: the business objects that work is about. */
import type { EntityRecord } from '../store/entities.ts';
import { insertEntity, lockEntity, updateEntity as writeEntity } from '../store/entity-writes.ts';
import { checkAttributes } from './attributes.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { createOnce } from './idempotency.ts';
import { checkName } from './input.ts';
import { changedPaths, mergePatch, patchBetween, type JsonObject } from './merge-patch.ts';
import { refuseInput } from './problem.ts';
import { recordObject } from './record.ts';

/** More changed paths than this are told as the attributes' own members only. */
const MAX_CHANGED_PATHS = 200;

const MAX_SCHEMA_LENGTH = 63;

function checkSchema(value: string): string {
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

/** `attributes.customer.city` for each innermost member that changed; `attributes.customer` if there are too many to list. */
function changedAttributes(before: EntityRecord, after: JsonObject): string[] {
  const paths = changedPaths('attributes', before.attributes, after);
  if (paths.length <= MAX_CHANGED_PATHS) return paths;
  const members = Object.keys(patchBetween(before.attributes, after)).sort();
  return members.length <= MAX_CHANGED_PATHS ? members.map((key) => `attributes.${key}`) : ['attributes'];
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
    const patch = patchBetween(entity.attributes, attributes);
    const changed = {
      ...(title === entity.title ? {} : { title }),
      ...(Object.keys(patch).length === 0 ? {} : { attributes: patch }),
    };
    if (Object.keys(changed).length > 0) {
      const version = await writeEntity(tx, { id: entity.id, title, attributes });
      const fields = [
        ...(changed.title === undefined ? [] : ['title']),
        ...changedAttributes(entity, attributes),
      ];
      const subject = { id: entity.id, version, entityIds: [entity.id] };
      recordObject(tx, 'ENTITY_UPDATED', 'ENTITY', subject, changed, fields);
    }
    return entity.id;
  });
}
