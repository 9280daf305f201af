/** What a form is opened with. */
import { renderJson } from '../automation/template.ts';
import type { Variables } from '../automation/variables.ts';
import { checkJsonObject } from '../commands/attributes.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { writePath } from '../engine/condition/path.ts';
import type { JourneyParameter } from '../engine/definition.ts';
import type { Attributes } from '../engine/facts.ts';
import type { JourneyKind } from './content.ts';
import { orNotMappable } from './not-mappable.ts';
import { checkData } from './validator.ts';

/** In bytes of its JSON text: an outside form is told it in its address, which browsers and servers take up to some thousand characters. */
const MAX_LINK_BYTES = 2_000;

function handedOver(parameters: readonly JourneyParameter[], variables: Variables): JsonObject {
  return parameters.reduce<Attributes>((data, { name, value }) => {
    const given = renderJson(value, variables);
    return given === null || given === '' ? data : writePath(data, name, given);
  }, {});
}

/**
 * The data of a form that nobody has filled in yet. What a variable does not find is left open. Refuses (JOURNEY_NOT_MAPPABLE) what no draft could be, and more than an outside
 * form can be told.
 */
export function prefilled(
  kind: JourneyKind,
  parameters: readonly JourneyParameter[],
  variables: Variables,
): JsonObject {
  const path = 'What the task hands over';
  return orNotMappable(() => {
    const data = handedOver(parameters, variables);
    return kind === 'FORM' ? checkData(path, data) : checkJsonObject(path, data, MAX_LINK_BYTES);
  });
}
