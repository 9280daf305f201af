/** Validating what was filled in. */
import { createHash } from 'node:crypto';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { checkJsonObject } from '../commands/attributes.ts';
import { isJsonObject, type JsonObject } from '../commands/merge-patch.ts';
import { refuseInput, type JourneyDataError } from '../commands/problem.ts';
import { keepable } from '../outgoing/text.ts';
import { ajvOf, dialectOf } from './ajv.ts';
import { pointerStep } from './schema-parts.ts';
import { sizeOf } from './schema-size.ts';

/** In bytes of its JSON text. */
export const MAX_DATA_BYTES = 256 * 1024;
/** `uniqueItems` compares each entry with each other one. */
const MAX_ENTRIES = 2_000;
/** More errors than these help nobody, and would make an answer of any length. */
const MAX_ERRORS = 100;
/** In UTF-16 units, of an error's path and of its message: both repeat what the schema, or whoever filled in, says at any length. */
const MAX_ERROR_TEXT = 500;
/** Schemas times values beyond which only the first error is looked for: each of them could be an error of its own, all in memory at once. */
const MAX_LOOKS = 500_000;
/** Compiled schemas that are kept, those not used for longest left out first. */
const MAX_COMPILED = 200;

function* valuesIn(value: unknown): Generator {
  yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value) as unknown[]) yield* valuesIn(inner);
}

/** Refuses (INVALID_INPUT) what is no JSON object, of more than 256 KiB, too deep, with text that can't be kept, or with a list of more than 2,000 entries. */
export function checkData(path: string, data: unknown): JsonObject {
  const checked = checkJsonObject(path, data, MAX_DATA_BYTES);
  for (const value of valuesIn(checked))
    if (Array.isArray(value) && value.length > MAX_ENTRIES)
      refuseInput(path, 'TOO_MANY', `${path} has a list of ${value.length} entries; at most ${MAX_ENTRIES}.`);
  return checked;
}

interface Compiled {
  readonly schemas: number;
  readonly validate: ValidateFunction;
}

const compiled = new Map<string, Compiled>();

/** Compiling takes some milliseconds, so that it is done once for each schema and way of looking. */
function compile({ $id: _id, ...schema }: JsonObject, isThorough: boolean): Compiled {
  const key = `${isThorough} ${createHash('sha256').update(JSON.stringify(schema)).digest('base64')}`;
  const known = compiled.get(key);
  compiled.delete(key);
  const entry = known ?? make(schema, isThorough);
  compiled.set(key, entry);
  const [oldest] = compiled.keys();
  if (compiled.size > MAX_COMPILED && oldest !== undefined) compiled.delete(oldest);
  return entry;
}

function make(schema: JsonObject, isThorough: boolean): Compiled {
  const ajv = ajvOf(dialectOf(schema) ?? '2020-12', isThorough);
  const size = sizeOf(schema);
  try {
    return { schemas: 'count' in size ? size.count : Infinity, validate: ajv.compile(schema) };
  } finally {
    ajv.removeSchema(schema);
  }
}

/** The member that is missing or too much, for errors that JSON Schema reports of the object around it. */
const ABOUT_MEMBER: Readonly<Record<string, { readonly param: string; readonly message: string }>> = {
  required: { param: 'missingProperty', message: 'is required' },
  dependentRequired: { param: 'missingProperty', message: 'is required' },
  dependencies: { param: 'missingProperty', message: 'is required' },
  additionalProperties: { param: 'additionalProperty', message: 'is not asked for' },
  unevaluatedProperties: { param: 'unevaluatedProperty', message: 'is not asked for' },
};

function shortened(text: string): string {
  return text.length > MAX_ERROR_TEXT ? `${keepable(text, MAX_ERROR_TEXT - 1)}…` : text;
}

function toDataError({
  instancePath,
  keyword,
  params,
  message = 'is not valid',
}: ErrorObject): JourneyDataError {
  const about = ABOUT_MEMBER[keyword];
  const member = about ? (params as Readonly<Record<string, unknown>>)[about.param] : undefined;
  if (about && typeof member === 'string')
    return { path: shortened(`${instancePath}${pointerStep(member)}`), keyword, message: about.message };
  const values = (params as { readonly allowedValues?: readonly unknown[] }).allowedValues;
  return {
    path: shortened(instancePath),
    keyword,
    message: shortened(values ? `must be one of ${JSON.stringify(values)}` : message),
  };
}

/**
 * Everything that is wrong with the data: a hundred errors at most, of which the last says how many are left out, each with a path and a message of 500 characters at
 * most. Empty if nothing is.
 */
export function dataErrors(schema: JsonObject, data: JsonObject): readonly JourneyDataError[] {
  const thorough = compile(schema, true);
  const looks = thorough.schemas * [...valuesIn(data)].length;
  const { validate } = looks > MAX_LOOKS ? compile(schema, false) : thorough;
  if (validate(data)) return [];
  const errors = validate.errors ?? [];
  if (errors.length <= MAX_ERRORS) return errors.map(toDataError);
  const told = errors.slice(0, MAX_ERRORS - 1);
  const message = `There are ${errors.length - told.length} more errors.`;
  return [...told.map(toDataError), { path: '', keyword: 'more', message }];
}

/** Whether a stored value can be the data of a form. */
export function asData(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
