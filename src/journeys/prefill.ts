/** What a form is opened with. */
import { ActionError } from '../automation/action-type.ts';
import { renderJson } from '../automation/template.ts';
import type { Variables } from '../automation/variables.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { refuse } from '../commands/problem.ts';
import { writePath } from '../engine/condition/path.ts';
import type { JourneyParameter } from '../engine/definition.ts';
import type { Attributes } from '../engine/facts.ts';

/** The data of a form that nobody has filled in yet. What a variable does not find is left open. Refuses what gets too long. */
export function prefilled(parameters: readonly JourneyParameter[], variables: Variables): JsonObject {
  try {
    return parameters.reduce<Attributes>((data, { name, value }) => {
      const given = renderJson(value, variables);
      return given === null || given === '' ? data : writePath(data, name, given);
    }, {});
  } catch (error) {
    if (error instanceof ActionError) return refuse({ code: 'JOURNEY_NOT_MAPPABLE', message: error.message });
    throw error;
  }
}
