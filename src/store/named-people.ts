/** Whom texts name, as the variables among assignees have it. */
import type { AssigneeRef, Json } from '../engine/definition.ts';
import { factsFromRow, factsTables, type FactsRow } from './execution-facts.ts';
import { statement, type Queryable } from './statement.ts';

const named = statement<FactsRow>(
  'people.named',
  `with ${factsTables({ entities: 'false', isLocked: 'false', arePeopleNeeded: 'true', furtherTexts: '$2::jsonb' })}
   select facts.entities, facts.people from facts`,
);

/** The active users and teams whom any text in a JSON value names, by the text in lower case. */
export async function readNamedPeople(
  db: Queryable,
  organizationId: string,
  value: Json,
): Promise<ReadonlyMap<string, AssigneeRef>> {
  const [row = { entities: [], people: [] }] = await db.query(named, [organizationId, JSON.stringify(value)]);
  return factsFromRow(row).people;
}
