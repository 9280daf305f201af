/** Writing what was submitted into an entity. */
import { v7 as uuidv7 } from 'uuid';
import { applyMapping, type AttributeMapping } from '../automation/mapping.ts';
import { render } from '../automation/template.ts';
import type { Variables } from '../automation/variables.ts';
import { checkAttributes } from '../commands/attributes.ts';
import { createEntityIn } from '../commands/entities.ts';
import type { Attributes } from '../engine/facts.ts';
import { LIMITS } from '../engine/limits.ts';
import { keepable } from '../outgoing/text.ts';
import type { Transaction } from '../store/transaction.ts';
import type { SessionContent } from './content.ts';
import { orNotMappable } from './not-mappable.ts';

/** The attributes with everything written into them. Refuses what can't be written, or kept. */
export function mapped(
  attributes: Attributes,
  mappings: readonly AttributeMapping[],
  variables: Variables,
): Attributes {
  // What came as JSON is JSON.
  return orNotMappable(() => checkAttributes(applyMapping(attributes, mappings, variables)) as Attributes);
}

/** Makes the entity that a submission makes if it belongs to none; answers its id, null if the journey makes none. */
export async function createMapped(
  tx: Transaction,
  { creates, mapping }: Pick<SessionContent, 'creates' | 'mapping'>,
  variables: Variables,
): Promise<string | null> {
  if (!creates) return null;
  const title = keepable(
    orNotMappable(() => render(creates.title, variables, 'line')),
    LIMITS.nameLength.hard,
  );
  const attributes = mapped({}, [...creates.attributes, ...mapping], variables);
  const id = uuidv7();
  // A form that leaves open what the title is made of is no mistake of whoever fills it in.
  await createEntityIn(tx, id, {
    schema: creates.entitySchema,
    title: title || creates.entitySchema,
    attributes,
  });
  return id;
}
