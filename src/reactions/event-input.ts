/** What the actions of a run are told of the event that set it off. */
import type { Json } from '../engine/definition.ts';
import { encodePosition } from '../store/event-cursor.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { globalId } from '../store/global-id.ts';
import type { EntityThen } from '../store/entities-then.ts';
import type { EventObject, EventSubject } from '../store/trigger-facts.ts';

/** `{{input.event.…}}`. Ids are those of the API, except inside of `changes`, which are the log's own. */
export interface EventInput {
  readonly type: string;
  readonly position: string;
  readonly at: string;
  readonly actorId: string | null;
  readonly changedFields: readonly string[];
  /** The changed fields' new values, of an entity's attributes as a merge patch; null of what came into being or is gone. */
  readonly changes: Json;
  /** The deleted entity as it was: `id`, `schema`, `title`, `attributes`. Null if none was deleted: the others are there. */
  readonly entity: Json;
  /** `id`, `key`, `name`; null if it is about none. */
  readonly task: Json;
  /** The phase that it is about, or in which the task is: `id`, `key`, `name`. */
  readonly phase: Json;
}

function told(type: string, object: EventObject | null | undefined): Json {
  return object ? { ...object, id: globalId(type, object.id) } : null;
}

/** @param entity - that it is about, as it left it. */
export function eventInput(
  event: StoredEvent,
  entity: EntityThen | null,
  subject: EventSubject | undefined,
): { readonly [name: string]: Json } {
  const isWhole = event.type === 'ENTITY_CREATED' || event.type === 'ENTITY_DELETED';
  // What came out of a JSON column is JSON.
  const jsonOf = (value: Readonly<Record<string, unknown>>): Json =>
    value as { readonly [name: string]: Json };
  const input: EventInput = {
    type: event.type,
    position: encodePosition(event.seq),
    at: event.at,
    actorId: event.actorId === null ? null : globalId('User', event.actorId),
    changedFields: event.changedFields,
    changes: isWhole ? null : jsonOf(event.data),
    entity:
      event.type === 'ENTITY_DELETED' && entity
        ? jsonOf({ ...entity, id: globalId('Entity', entity.id) })
        : null,
    task: told('Task', subject?.task),
    phase: told('Phase', subject?.phase),
  };
  return { event: { ...input } };
}
