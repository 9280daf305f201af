/** What a JSON Schema consists of: the schemas in it, and where they are. */
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';

/** Keywords whose value is a schema, or a list of them. */
const SCHEMAS = new Set([
  'additionalItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'oneOf',
  'prefixItems',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Keywords whose value is an object of schemas. */
const NAMED_SCHEMAS = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** Those of them that do nothing until something refers to what is in them. */
const SHELVES = new Set(['$defs', 'definitions']);

/** A schema within another one. */
export interface SchemaPart {
  /** JSON pointer from the root: `/properties/zip`; empty for the root. */
  readonly pointer: string;
  readonly schema: JsonObject;
  /** The schemas directly in it. */
  readonly children: readonly SchemaPart[];
  /** Whether it only lies there to be referred to. */
  readonly isShelved: boolean;
}

/** One step of a JSON pointer. */
export function pointerStep(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function childrenOf(pointer: string, schema: JsonObject): SchemaPart[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const at = `${pointer}${pointerStep(keyword)}`;
    if (SCHEMAS.has(keyword))
      return Array.isArray(value)
        ? value.flatMap((item: unknown, index) => partsAt(`${at}/${index}`, item))
        : partsAt(at, value);
    if (!NAMED_SCHEMAS.has(keyword) || !isJsonObject(value)) return [];
    return Object.entries(value).flatMap(([name, inner]) =>
      partsAt(`${at}${pointerStep(name)}`, inner, SHELVES.has(keyword)),
    );
  });
}

function partsAt(pointer: string, schema: unknown, isShelved = false): SchemaPart[] {
  // True and false are schemas, too, with nothing in them.
  if (!isJsonObject(schema)) return [];
  return [{ pointer, schema, children: childrenOf(pointer, schema), isShelved }];
}

/** The schema with all that are in it; it has to be no deeper than JSON from outside may be. */
export function partOf(schema: JsonObject): SchemaPart {
  return { pointer: '', schema, children: childrenOf('', schema), isShelved: false };
}

/** The part itself and all below it. */
export function allParts(part: SchemaPart): SchemaPart[] {
  return [part, ...part.children.flatMap(allParts)];
}

/** The pointer of a reference within the same document; null for any other. */
export function localPointer(ref: unknown): string | null {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) return null;
  try {
    return decodeURIComponent(ref.slice(1));
  } catch {
    return null;
  }
}
