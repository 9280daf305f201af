/** Whom the texts in the entities of a dry run name, as a real run finds them before each command. */
import type { AssigneeRef, DefinitionContent, Json } from '../engine/definition.ts';
import type { EntityFacts, Facts } from '../engine/facts.ts';
import { partsOf } from '../engine/validation/subjects.ts';
import { writeAssignee } from './session-facts.ts';

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value.trim().toLowerCase();
  else if (typeof value === 'object' && value !== null)
    for (const part of Object.values<Json>(value)) yield* textsIn(part);
}

/**
 * The facts about the entities as they are now: of `people` those whom a text there names, and everybody whom the definition makes responsible,
 * since a sync rule may write them into an attribute.
 *
 * @param people - by text in lower case: everybody who could be named in the course of the run.
 */
export function peopleFor(
  content: DefinitionContent,
  people: ReadonlyMap<string, AssigneeRef>,
): (facts: Pick<Facts, 'entities'>) => Facts {
  const responsible = partsOf(content)
    .flatMap((part) => part.content.assignees)
    .filter(({ type }) => type !== 'VARIABLE')
    .map((assignee) => [writeAssignee(assignee).toLowerCase(), assignee] as const);
  const known = new Map<readonly EntityFacts[], ReadonlyMap<string, AssigneeRef>>();
  return ({ entities }) => {
    let found = known.get(entities);
    if (!found) {
      const named = new Map<string, AssigneeRef>();
      for (const { attributes } of entities)
        for (const text of textsIn(attributes)) {
          const person = people.get(text);
          if (person) named.set(text, person);
        }
      found = new Map([...named, ...responsible]);
      known.clear();
      known.set(entities, found);
    }
    // A dry run hands nothing over.
    return { entities, people: found, inactiveIds: new Set(), writeAssignee };
  };
}
