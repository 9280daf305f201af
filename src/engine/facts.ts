/** What the engine is told about the world outside the execution. */
import type { AssigneeRef, Json } from './definition.ts';

export type Attributes = { readonly [name: string]: Json };

/** An entity as a condition or a variable sees it. */
export interface EntityFacts {
  readonly id: string;
  readonly schema: string;
  readonly title: string;
  readonly attributes: Attributes;
}

export interface Facts {
  /** The entities of the execution: the one that it was started on first. */
  readonly entities: readonly EntityFacts[];
  /** Whom the texts in the entities' attributes name, by the text in lower case (id, external id or e-mail address of a user, id or name of a team). */
  readonly people: ReadonlyMap<string, AssigneeRef>;
  /** Users who are deactivated, of those to whom rules of escalation may hand tasks over. */
  readonly inactiveIds: ReadonlySet<string>;
  /** How an assignee is written into an attribute; `people` knows it again. */
  readonly writeAssignee: (assignee: AssigneeRef) => string;
}

/** The entity of a schema (null: the one that the execution was started on); null if there is none. */
export function entityOf(facts: Facts, schema: string | null): EntityFacts | null {
  if (schema === null) return facts.entities[0] ?? null;
  return facts.entities.find((entity) => entity.schema === schema) ?? null;
}
