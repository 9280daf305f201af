/** What a change of an entity comes down to, for the log. */
import type { EntityRecord } from '../store/entities.ts';
import type { Transaction } from '../store/transaction.ts';
import { changedPaths, patchBetween, type JsonObject } from './merge-patch.ts';
import { recordObject } from './record.ts';

/** More changed paths than this are told as the attributes' own members only. */
const MAX_CHANGED_PATHS = 200;

type Content = Pick<EntityRecord, 'title' | 'attributes'>;
type Before = Content & Pick<EntityRecord, 'schema'>;

export interface EntityChange {
  /** Of the attributes the smallest patch that does the same. */
  readonly data: { readonly title?: string; readonly attributes?: JsonObject };
  readonly changedFields: readonly string[];
  readonly before: Before;
}

/** `attributes.customer.city` for each innermost member that changed; `attributes.customer` if there are too many to list. */
function changedAttributes(before: JsonObject, after: JsonObject): string[] {
  const paths = changedPaths('attributes', before, after);
  if (paths.length <= MAX_CHANGED_PATHS) return paths;
  const members = Object.keys(patchBetween(before, after)).sort();
  return members.length <= MAX_CHANGED_PATHS ? members.map((key) => `attributes.${key}`) : ['attributes'];
}

/** How the two differ; null if they don't. */
export function entityChange(before: Before, after: Content): EntityChange | null {
  const patch = patchBetween(before.attributes, after.attributes);
  const data = {
    ...(after.title === before.title ? {} : { title: after.title }),
    ...(Object.keys(patch).length === 0 ? {} : { attributes: patch }),
  };
  if (Object.keys(data).length === 0) return null;
  const changedFields = [
    ...(data.title === undefined ? [] : ['title']),
    ...changedAttributes(before.attributes, after.attributes),
  ];
  const { schema, title, attributes } = before;
  return { data, changedFields, before: { schema, title, attributes } };
}

/** Records the change of an entity; `version` is the one after it. */
export function recordEntityUpdate(
  tx: Transaction,
  id: string,
  version: number,
  { data, changedFields, before }: EntityChange,
): void {
  const subject = { id, version, entityIds: [id], entityBefore: before };
  recordObject(tx, 'ENTITY_UPDATED', 'ENTITY', subject, data, changedFields);
}
