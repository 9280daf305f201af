/** What the engine is told about the world outside of executions, kept up to date while commands change it. */
import type { AssigneeRef } from '../engine/definition.ts';
import type { Attributes, EntityFacts, Facts } from '../engine/facts.ts';
import type { EntityUpdate } from '../engine/result.ts';
import type { ChangedEntity } from '../store/execution-writes.ts';
import type { KnownFacts } from '../store/execution-facts.ts';
import { globalId } from '../store/global-id.ts';
import type { Transaction } from '../store/transaction.ts';
import { entityChange, recordEntityUpdate, type EntityChange } from './entity-event.ts';

/** An entity that differs from what was read. */
export interface SyncedEntity extends ChangedEntity {
  /** After the change. */
  readonly version: number;
  readonly change: EntityChange;
}

export interface SessionFacts {
  /** For a command on an execution with these entities. `assignees` are those whom it may write into an attribute and read from there again. */
  about(entityIds: readonly string[], assignees: Iterable<AssigneeRef>): Facts;
  /** Takes over what a command wrote. */
  update(updates: readonly Pick<EntityUpdate, 'entityId' | 'attributes'>[]): void;
  /** The entities that are no longer as they were read. */
  changed(): SyncedEntity[];
}

/** How an assignee is written into an attribute: by the global id, which says whether it is a user or a team. */
export function writeAssignee({ type, id }: AssigneeRef): string {
  if (type === 'VARIABLE') return id;
  return globalId(type === 'USER' ? 'User' : 'Team', id);
}

/**
 * @param known - the entities and people of all executions that take part.
 * @param inactiveIds - who is deactivated of those to whom the executions' rules may hand tasks over; a start hands nothing over.
 */
export function createSessionFacts(
  { entities, people }: KnownFacts,
  inactiveIds: ReadonlySet<string> = new Set(),
): SessionFacts {
  const present = new Map<string, EntityFacts>();
  for (const { id, schema, title, attributes } of entities.values())
    // What came out of a JSON column is JSON.
    present.set(id, { id, schema, title, attributes: attributes as Attributes });
  return {
    about(entityIds, assignees) {
      const known = new Map(people);
      for (const assignee of assignees)
        if (assignee.type !== 'VARIABLE') known.set(writeAssignee(assignee).toLowerCase(), assignee);
      return {
        entities: entityIds.flatMap((id) => present.get(id) ?? []),
        people: known,
        inactiveIds,
        writeAssignee,
      };
    },
    update(updates) {
      for (const { entityId, attributes } of updates) {
        const entity = present.get(entityId);
        if (entity) present.set(entityId, { ...entity, attributes });
      }
    },
    changed() {
      return [...entities.values()].flatMap((before) => {
        const attributes = present.get(before.id)?.attributes ?? before.attributes;
        const change = entityChange(before, { title: before.title, attributes });
        return change ? [{ id: before.id, attributes, version: before.version + 1, change }] : [];
      });
    },
  };
}

/** Records what happened to the entities. */
export function recordSynced(tx: Transaction, entities: readonly SyncedEntity[]): void {
  for (const { id, version, change } of entities) recordEntityUpdate(tx, id, version, change);
}
