/** How actions write into the attributes of entities. */
import { z } from 'zod';
import { mergePatch } from '../commands/merge-patch.ts';
import { parsePath, parsePlainPath, writePath } from '../engine/condition/path.ts';
import { isList, isObject } from '../engine/condition/shape.ts';
import type { Json } from '../engine/definition.ts';
import type { Attributes } from '../engine/facts.ts';
import { sameJson } from '../engine/json.ts';
import { ActionError } from './action-type.ts';
import { choice } from './config-fields.ts';
import { renderJson, templatesIn, type Template } from './template.ts';
import type { Variables } from './variables.ts';

const mode = choice({
  SET: 'Writes `value`; without one the attribute is removed.',
  COPY: 'Writes what stands at `source`.',
  APPEND:
    'Adds `value`, or what stands at `source`, to the end of the list; of a list each entry. What is no list becomes one.',
});

/** One line of a mapping. */
export const attributeMapping = z
  .strictObject({
    target: z
      .string()
      .refine((path) => parsePlainPath(path) !== null, {
        error: 'This is no path of names: customer.address.city',
      })
      .describe('Where it is written: names joined by dots. Objects on the way are made.'),
    mode: mode.describe('How it is written.'),
    value: z
      .json()
      .optional()
      .describe(
        'Of SET and APPEND: any JSON, with variables in its texts. A text that is one variable and nothing else stands for the value itself.',
      ),
    source: z
      .string()
      .refine((path) => parsePath(path) !== null, {
        error: 'This is no path of a variable: entity.customer.email',
      })
      .nullable()
      .default(null)
      .describe('Of COPY and APPEND: the path of a variable, such as `entity.customer.email`.'),
    isUnique: z
      .boolean()
      .default(false)
      .describe('Of APPEND: leaves out what is in the list already. False if left out.'),
    clearsIfEmpty: z
      .boolean()
      .default(false)
      .describe('Of COPY: removes the attribute if nothing stands at `source`. It stays if left out.'),
  })
  .refine(({ mode: how, source }) => how !== 'COPY' || source !== null, {
    path: ['source'],
    error: 'COPY needs a source.',
  })
  .refine(({ mode: how, source }) => how !== 'SET' || source === null, {
    path: ['source'],
    error: 'SET takes a value and no source.',
  })
  .refine(({ mode: how, value }) => how !== 'COPY' || value === undefined, {
    path: ['value'],
    error: 'COPY takes a source and no value.',
  })
  .refine(({ mode: how, value, source }) => how !== 'APPEND' || (value === undefined) !== (source === null), {
    path: ['value'],
    error: 'APPEND needs either a value or a source.',
  })
  .meta({ id: 'AttributeMapping', description: 'What is written into one attribute of an entity.' });

export type AttributeMapping = z.infer<typeof attributeMapping>;

/** The mappings of an action, done in their order. */
export const attributeMappings = z
  .array(attributeMapping)
  .max(200)
  .default([])
  .describe('What is written into its attributes, in this order. At most 200.');

/** What the mappings name. `path` is where they are. */
export function mappingTemplates(path: string, mappings: readonly AttributeMapping[]): Template[] {
  return mappings.flatMap(({ value, source }, index) => [
    ...templatesIn(`${path}[${index}].value`, value),
    ...(source === null ? [] : [{ path: `${path}[${index}].source`, text: `{{${source}}}` }]),
  ]);
}

/** What stands at the path of a variable: null for nothing, a list if it leads through one. */
function readSource(path: string, variables: Variables): Json {
  const found = variables.read(path).filter((value) => value !== null);
  const isThroughList = parsePath(path)?.some(({ type }) => type === 'EACH') ?? false;
  if (found.length > 1 || (isThroughList && found.length > 0)) return found;
  return found[0] ?? null;
}

/** As attributes are written, where null means that nothing is there: members that are null are left out. */
function withoutNulls(value: Json): Json {
  // What a merge makes of JSON is JSON.
  return isObject(value) ? (mergePatch({}, value) as Json) : value;
}

function removeAt(object: Attributes, [name, ...rest]: readonly string[]): Attributes {
  if (name === undefined || !Object.hasOwn(object, name)) return object;
  const { [name]: current = null, ...others } = object;
  if (rest.length === 0) return others;
  return isObject(current) ? { ...object, [name]: removeAt(current, rest) } : object;
}

/** What stands at a path of plain names; null for nothing. */
function valueAt(attributes: Attributes, names: readonly string[]): Json {
  return names.reduce<Json>((value, name) => {
    if (isList(value)) throw new ActionError('LIST_ON_THE_WAY', listOnTheWay(names));
    return isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
  }, attributes);
}

function listOnTheWay(names: readonly string[]): string {
  return `${names.join('.')} leads through a list, so there is no one place to write to.`;
}

function appended(current: Json, added: Json, isUnique: boolean): Json {
  const list = isList(current) ? current : current === null ? [] : [current];
  const further = (isList(added) ? added : [added]).filter((item) => item !== null).map(withoutNulls);
  return further.reduce<readonly Json[]>(
    (all, item) => (isUnique && all.some((other) => sameJson(other, item)) ? all : [...all, item]),
    list,
  );
}

function apply(attributes: Attributes, mapping: AttributeMapping, variables: Variables): Attributes {
  const names = parsePlainPath(mapping.target) ?? [];
  const current = valueAt(attributes, names);
  const { source, value, isUnique, clearsIfEmpty } = mapping;
  const given = source === null ? renderJson(value ?? null, variables) : readSource(source, variables);
  const write = (next: Json): Attributes => writePath(attributes, mapping.target, next);
  switch (mapping.mode) {
    case 'SET':
      return given === null ? removeAt(attributes, names) : write(withoutNulls(given));
    case 'COPY':
      if (given !== null) return write(withoutNulls(given));
      return clearsIfEmpty ? removeAt(attributes, names) : attributes;
    case 'APPEND':
      return given === null ? attributes : write(appended(current, given, isUnique));
  }
}

/**
 * The attributes with everything written into them. Nothing (null) is never written: attributes are removed instead, or stay.
 *
 * @throws ActionError LIST_ON_THE_WAY if a target leads through a list; TEXT_TOO_LONG as rendering.
 */
export function applyMapping(
  attributes: Attributes,
  mappings: readonly AttributeMapping[],
  variables: Variables,
): Attributes {
  return mappings.reduce((all, mapping) => apply(all, mapping, variables), attributes);
}
