/** What a dry run has to know of the world. Nothing is locked: nothing will be written. */
import { factsFromRow, factsTables, type FactsRow, type KnownFacts } from './execution-facts.ts';
import { statement, type Queryable } from './statement.ts';

const facts = statement<FactsRow>(
  'simulation.facts',
  `with ${factsTables({
    entities: 'n.id = any($2::uuid[])',
    isLocked: 'false',
    arePeopleNeeded: 'true',
    furtherTexts: '$3::jsonb',
  })}
   select facts.entities, facts.people from facts`,
);

/**
 * The entities with these ids that exist, and everybody whom a text in their attributes or in `further` names, in one statement.
 *
 * @param further - any JSON value.
 */
export async function readSimulationFacts(
  db: Queryable,
  organizationId: string,
  entityIds: readonly string[],
  further: unknown,
): Promise<KnownFacts> {
  const [row = { entities: [], people: [] }] = await db.query(facts, [
    organizationId,
    entityIds,
    JSON.stringify(further),
  ]);
  return factsFromRow(row);
}
