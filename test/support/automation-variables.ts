/** Variables of a run that has little to tell. */
import { createVariables, type VariableRoot, type Variables } from '../../src/automation/variables.ts';
import type { Json } from '../../src/engine/definition.ts';

/** What is not given does not exist. */
export function variablesWith(values: Partial<Record<VariableRoot, Json>>): Variables {
  return createVariables({
    entity: null,
    entityId: null,
    entityTitle: null,
    entitySchema: null,
    execution: null,
    task: null,
    steps: {},
    callbacks: {},
    input: {},
    organization: { name: 'Lindental' },
    automation: null,
    run: null,
    ...values,
  });
}
