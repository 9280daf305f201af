/** What a worker is handed, and where its result goes. */
import { parsePath, readPath, writePath } from './condition/path.ts';
import { isList } from './condition/shape.ts';
import type { ExternalInput, ExternalOutput, Json } from './definition.ts';
import { entityOf, type Attributes, type EntityFacts, type Facts } from './facts.ts';
import type { InputIssue } from './result.ts';

/** What paths of inputs begin with. `entity` are the attributes of the entity that the execution was started on. */
export const INPUT_ROOTS = [
  'entity',
  'entityId',
  'entityTitle',
  'entitySchema',
  'execution',
  'task',
] as const;

export type InputValues = Readonly<Record<(typeof INPUT_ROOTS)[number], Json>>;

/** Whether a path is one that can be handed to a worker. */
export function isInputPath(path: string): boolean {
  const [root] = parsePath(path) ?? [];
  return root?.type === 'NAME' && INPUT_ROOTS.some((name) => name === root.name);
}

/** What stands at a path: null for nothing, a list if it crosses one. */
function valueAt(values: Attributes, path: string): Json {
  const found = readPath(values, path);
  const isThroughList = parsePath(path)?.some(({ type }) => type === 'EACH') ?? false;
  return found.length > 1 || (isThroughList && found.length > 0) ? found : (found[0] ?? null);
}

/** By their names. What is not there is null. */
export function readInput(inputs: readonly ExternalInput[], values: InputValues): Attributes {
  return Object.fromEntries(inputs.map(({ name, path }) => [name, valueAt(values, path)]));
}

function appended(current: readonly Json[], value: Json): Json {
  const [there = null] = current;
  const list = isList(there) ? there : there === null ? [] : [there];
  return [...list, ...(isList(value) ? value : [value])];
}

function written(entity: EntityFacts, { target, mode }: ExternalOutput, value: Json): EntityFacts {
  const next = mode === 'SET' ? value : appended(readPath(entity.attributes, target), value);
  const attributes = writePath(entity.attributes, target, next);
  return attributes === entity.attributes ? entity : { ...entity, attributes };
}

/**
 * The facts with the result written into the entities, in the order of the mapping; what the result lacks, null included, is left out. Otherwise every
 * required value that it lacks. An entity that the execution does not have is not written to.
 */
export function writeResult(
  facts: Facts,
  outputs: readonly ExternalOutput[],
  result: Attributes,
): { readonly facts: Facts } | { readonly issues: readonly InputIssue[] } {
  const missing = outputs.filter(({ source, isRequired }) => isRequired && valueAt(result, source) === null);
  if (missing.length > 0)
    return {
      issues: missing.map(({ source }) => ({
        path: `output.${source}`,
        code: 'EMPTY',
        message: `output.${source} is missing; the task needs it.`,
      })),
    };
  let { entities } = facts;
  for (const output of outputs) {
    const value = valueAt(result, output.source);
    const target = entityOf({ ...facts, entities }, output.entitySchema);
    if (value === null || !target) continue;
    const next = written(target, output, value);
    if (next !== target) entities = entities.map((entity) => (entity === target ? next : entity));
  }
  return { facts: entities === facts.entities ? facts : { ...facts, entities } };
}
