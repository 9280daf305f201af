/** What the actions of one run can name. */
import { entityVariables } from '../commands/entity-variables.ts';
import { isObject, type JsonObject } from '../engine/condition/shape.ts';
import type { Json } from '../engine/definition.ts';
import type { RunRecord } from '../store/automation-runs.ts';
import { globalId } from '../store/global-id.ts';
import type { RunFacts } from '../store/run-facts.ts';
import { createVariables, type VariableRoot, type Variables } from './variables.ts';

type EntityRoot = 'entity' | 'entityId' | 'entityTitle' | 'entitySchema';

function named(type: string, id: string | null, name: string | null): Json {
  return id === null ? null : { id: globalId(type, id), name };
}

/** What a run that an event set off was told of it; nothing of others, whatever they were handed. */
function eventOf({ trigger, input }: RunRecord): JsonObject {
  const event = trigger.eventSeq === null ? null : (input['event'] ?? null);
  return event !== null && isObject(event) ? event : {};
}

/** The entity of the run; one whose deletion set it off as it was. */
function entityOf(run: RunRecord, { entity }: RunFacts): Pick<Record<VariableRoot, Json>, EntityRoot> {
  if (entity) return entityVariables(entity);
  const deleted = eventOf(run)['entity'] ?? null;
  const { attributes = null, id = null, title = null, schema = null } = isObject(deleted) ? deleted : {};
  return { entity: attributes, entityId: id, entityTitle: title, entitySchema: schema };
}

/** The task of the run; of one that an event set off, the task that this is about. */
function taskOf(run: RunRecord, { taskName }: RunFacts): Json {
  if (run.taskId !== null) return named('Task', run.taskId, taskName);
  const task = eventOf(run)['task'] ?? null;
  return isObject(task) ? { id: task['id'] ?? null, name: task['name'] ?? null } : null;
}

/** @param publicUrl - the address of this server for the outside, without a slash at its end. */
export function variablesOf(run: RunRecord, facts: RunFacts, publicUrl: string): Variables {
  const done = run.actions.filter(({ output }) => output !== null);
  return createVariables({
    ...entityOf(run, facts),
    execution: named('WorkflowExecution', run.executionId, facts.executionName),
    task: taskOf(run, facts),
    steps: Object.fromEntries(done.map(({ key, output }) => [key, output])),
    callbacks: Object.fromEntries(
      Object.entries(facts.callbackTokens).map(([key, token]) => [
        key,
        { url: `${publicUrl}/callbacks/${token}` },
      ]),
    ),
    input: run.input,
    organization: { name: facts.organizationName },
    automation: named('Automation', run.automationId, facts.automationName),
    run: { id: globalId('AutomationRun', run.id) },
  });
}
