/** What a config consists of, as its schema says: for the API's input types, and for the ids in it. */
import { z } from 'zod';
import { CONFIG_NODES, meaningsOf, nodesOf, type ConfigNode, type TypedReference } from './config-fields.ts';

export type ConfigShape =
  | { readonly kind: 'TEXT' | 'WHOLE_NUMBER' | 'NUMBER' | 'TRUTH_VALUE' | 'JSON' }
  /** The values and what they mean. */
  | { readonly kind: 'CHOICE'; readonly id: string | null; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'NODE'; readonly nodes: readonly ConfigNode[] }
  | { readonly kind: 'LIST'; readonly item: ConfigShape }
  | ObjectShape;

export interface ObjectShape {
  readonly kind: 'OBJECT';
  /** The name under which several configs share it; null if it belongs to one. */
  readonly id: string | null;
  readonly description: string;
  readonly fields: readonly ConfigField[];
}

export interface ConfigField {
  readonly name: string;
  readonly description: string;
  /** Whether it must be given. */
  readonly isRequired: boolean;
  /** Whether leaving it out means null. Otherwise what is left out is not there. */
  readonly isNull: boolean;
  readonly shape: ConfigShape;
}

interface Bare {
  readonly schema: z.core.$ZodType;
  readonly description: string;
  readonly isOptional: boolean;
  readonly isNullable: boolean;
}

/** The schema without what says that it may be missing. */
function bare(wrapped: z.core.$ZodType): Bare {
  let schema = wrapped;
  let description = '';
  let isOptional = false;
  let isNullable = false;
  for (;;) {
    description ||= z.globalRegistry.get(schema)?.description ?? '';
    if (
      schema instanceof z.ZodOptional ||
      schema instanceof z.ZodDefault ||
      schema instanceof z.ZodPrefault
    ) {
      isOptional = true;
      schema = schema.unwrap();
    } else if (schema instanceof z.ZodNullable) {
      isNullable = true;
      schema = schema.unwrap();
    } else if (schema instanceof z.ZodReadonly) schema = schema.unwrap();
    else if (schema instanceof z.ZodPipe) schema = schema.in;
    else return { schema, description, isOptional, isNullable };
  }
}

function idOf(schema: z.core.$ZodType): string | null {
  return z.globalRegistry.get(schema)?.id ?? null;
}

function shapeOf(wrapped: z.core.$ZodType): ConfigShape {
  const { schema, description } = bare(wrapped);
  const nodes = nodesOf(schema);
  if (nodes) return { kind: 'NODE', nodes };
  if (schema instanceof z.ZodObject) return objectShape(schema, description);
  if (schema instanceof z.ZodArray) return { kind: 'LIST', item: shapeOf(schema.element) };
  if (schema instanceof z.ZodEnum) {
    const meanings = meaningsOf(schema);
    const values = new Map(schema.options.map((value) => [String(value), meanings[value] ?? `${value}.`]));
    return { kind: 'CHOICE', id: idOf(schema), values };
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) return { kind: 'TEXT' };
  if (schema instanceof z.ZodNumber)
    return { kind: schema.format?.includes('int') ? 'WHOLE_NUMBER' : 'NUMBER' };
  if (schema instanceof z.ZodBoolean) return { kind: 'TRUTH_VALUE' };
  return { kind: 'JSON' };
}

function objectShape(schema: z.ZodObject<z.core.$ZodShape>, description: string): ObjectShape {
  const fields = Object.entries(schema.shape).map(([name, field]): ConfigField => {
    const { description: told, isOptional, isNullable } = bare(field);
    return {
      name,
      description: told,
      isRequired: !isOptional && !isNullable,
      isNull: isNullable && !isOptional,
      shape: shapeOf(field),
    };
  });
  return { kind: 'OBJECT', id: idOf(schema), description, fields };
}

const known = new WeakMap<z.core.$ZodType, ObjectShape>();

/** The shape of a config. Throws if the schema is not one of an object, which is a mistake in the program. */
export function configShape(config: z.core.$ZodType): ObjectShape {
  const shape = known.get(config) ?? shapeOf(config);
  if (shape.kind !== 'OBJECT') throw new Error('the schema of a config is one of an object');
  known.set(config, shape);
  return shape;
}

/** What becomes of each id on the way in or out; `path` is where it is: `config.assignees[1]`. */
export interface IdChange {
  (nodes: readonly ConfigNode[], value: unknown, path: string): unknown;
}

/** The value with its ids changed. Fields that the shape does not know stay as they are. */
export function changeIds(shape: ConfigShape, value: unknown, path: string, change: IdChange): unknown {
  if (value === null || value === undefined) return value;
  if (shape.kind === 'NODE') return change(shape.nodes, value, path);
  if (shape.kind === 'LIST' && Array.isArray(value))
    return value.map((item, index) => changeIds(shape.item, item, `${path}[${index}]`, change));
  if (shape.kind !== 'OBJECT' || typeof value !== 'object') return value;
  const fields = new Map(shape.fields.map((field) => [field.name, field.shape]));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const field = fields.get(name);
      return [name, field ? changeIds(field, inner, `${path}.${name}`, change) : inner];
    }),
  );
}

/** The same with what was left out, or given as null, as configs have it: null where that is the only way to say so, or not there. */
export function withoutGaps(shape: ConfigShape, value: unknown): unknown {
  if (shape.kind === 'LIST' && Array.isArray(value))
    return value.map((item) => withoutGaps(shape.item, item));
  if (shape.kind !== 'OBJECT' || typeof value !== 'object' || value === null) return value;
  const given = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(
    shape.fields.flatMap((field): [string, unknown][] => {
      const inner = given.get(field.name);
      // Null is a JSON value like any other.
      const isGiven = inner !== undefined && (inner !== null || field.shape.kind === 'JSON');
      if (isGiven) return [[field.name, withoutGaps(field.shape, inner)]];
      return field.isNull ? [[field.name, null]] : [];
    }),
  );
}

/** The type and key of what a stored field of `nodeId` names. */
export function storedReference(
  nodes: readonly ConfigNode[],
  value: unknown,
): { readonly node: ConfigNode; readonly key: string } | null {
  const [node] = nodes;
  if (typeof value === 'string' && node !== undefined && nodes.length === 1) return { node, key: value };
  const typed = value as Partial<TypedReference> | null;
  const found = nodes.find((candidate) => CONFIG_NODES[candidate] === typed?.type);
  return found !== undefined && typeof typed?.id === 'string' ? { node: found, key: typed.id } : null;
}

type JsonSchema = Readonly<Record<string, unknown>>;

const jsonSchemas = new WeakMap<z.core.$ZodType, JsonSchema>();

/** As the API takes it, for builders: ids are texts there. */
export function configJsonSchema(config: z.core.$ZodType): JsonSchema {
  const schema = jsonSchemas.get(config) ?? makeJsonSchema(config);
  jsonSchemas.set(config, schema);
  return schema;
}

function makeJsonSchema(config: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(config, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const nodes = nodesOf(zodSchema);
      if (!nodes) return;
      const { description } = jsonSchema;
      for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
      Object.assign(jsonSchema, { type: 'string', nodes, ...(description ? { description } : {}) });
    },
  });
}
