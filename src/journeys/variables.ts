/** What the texts of journeys can name: when they are opened, and when they are submitted. */
import type { Variables } from '../automation/variables.ts';
import { entityVariables } from '../commands/entity-variables.ts';
import { parsePath, readPath } from '../engine/condition/path.ts';
import type { Json } from '../engine/definition.ts';
import type { EntityRecord } from '../store/entities.ts';
import { globalId } from '../store/global-id.ts';

/**
 * Names that variables of a mapping begin with: `data.…` (what was submitted), `entity.…` (its attributes before), `entityId`, `entityTitle`, `entitySchema`, `execution.id|name`,
 * `task.id|name`, `journey.id|name`, `submission.id|at`, `organization.name`.
 */
export const MAPPING_ROOTS = [
  'data',
  'entity',
  'entityId',
  'entityTitle',
  'entitySchema',
  'execution',
  'task',
  'journey',
  'submission',
  'organization',
] as const;

const ROOTS: ReadonlySet<string> = new Set(MAPPING_ROOTS);

/** Whether something can stand at this path. */
export function isVariable(path: string): boolean {
  const [root] = parsePath(path) ?? [];
  return root?.type === 'NAME' && ROOTS.has(root.name);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What there is to name. */
export interface Subjects {
  readonly entity: Pick<EntityRecord, 'id' | 'schema' | 'title' | 'attributes'> | null;
  readonly execution: Named | null;
  readonly task: Named | null;
  readonly organizationName: string;
}

function named(type: string, subject: Named | null): Json {
  return subject && { id: globalId(type, subject.id), name: subject.name };
}

/** Variables of what there is; `more` adds to them. */
export function variablesOf(
  { entity, execution, task, organizationName }: Subjects,
  more: Readonly<Record<string, Json>> = {},
): Variables {
  const values = {
    ...entityVariables(entity),
    execution: named('WorkflowExecution', execution),
    task: named('Task', task),
    organization: { name: organizationName },
    ...more,
  };
  return { read: (path) => readPath(values, path) };
}
