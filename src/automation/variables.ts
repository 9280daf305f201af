/** What the texts and mappings of an automation can name. */
import { readPath } from '../engine/condition/path.ts';
import type { Json } from '../engine/definition.ts';

/**
 * The values that a run's actions see:
 * `entity.…` (attributes), `entityId`, `entityTitle`, `entitySchema`; `execution.id|name`, `task.id|name`; `steps.KEY.…` (what earlier actions put out);
 * `callbacks.KEY.url` (of actions that wait for a callback, usable before they are reached); `input.…` (what the run was handed: data of a call, `input.event`
 * that set it off); `organization.name`, `automation.name`, `run.id`. What does not exist in a run is null. Of a run that an event set off,
 * the task is the one that this is about, and a deleted entity is as it was.
 */
export interface Variables {
  /** The value of a path such as `entity.customer.email` or `steps.create.id`; several for `[*]`, none if there is nothing. */
  read(path: string): readonly Json[];
}

/** Names that variables begin with. */
export const VARIABLE_ROOTS = [
  'entity',
  'entityId',
  'entityTitle',
  'entitySchema',
  'execution',
  'task',
  'steps',
  'callbacks',
  'input',
  'organization',
  'automation',
  'run',
] as const;

export type VariableRoot = (typeof VARIABLE_ROOTS)[number];

export function createVariables(values: Readonly<Record<VariableRoot, Json>>): Variables {
  return { read: (path) => readPath(values, path) };
}
