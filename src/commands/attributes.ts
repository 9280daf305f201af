/** What an entity's attributes may be. */
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { refuseInput } from './problem.ts';

/** Largest attributes, in bytes of their JSON text. */
const MAX_ATTRIBUTES_BYTES = 256 * 1024;
/** How many objects and arrays may be inside each other, the attributes themselves included. */
const MAX_ATTRIBUTES_DEPTH = 20;

/** No deeper than the limit: walked by hand, one level at a time, so that no depth of input can exhaust the stack. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter((part) => typeof part === 'object' && part !== null);
    if (containers.length > 0 && depth === MAX_ATTRIBUTES_DEPTH) return true;
    level = containers.flatMap((part) => Object.values(part) as unknown[]);
  }
  return false;
}

/**
 * Whether PostgreSQL's jsonb can hold a JSON text made by JSON.stringify: no NUL, no half of a surrogate pair. Both are escaped there; an
 * even number of backslashes before the escape makes it plain text.
 */
export function isStorable(text: string): boolean {
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(text);
}

/** Refuses what is no object, too large or too deep, or has text that PostgreSQL can't hold. */
export function checkAttributes(value: unknown): JsonObject {
  if (!isJsonObject(value)) {
    return refuseInput('attributes', 'FORMAT', 'attributes is a JSON object: { "city": "Lindental" }.');
  }
  if (isTooDeep(value)) {
    refuseInput('attributes', 'TOO_DEEP', `attributes are at most ${MAX_ATTRIBUTES_DEPTH} levels deep.`);
  }
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > MAX_ATTRIBUTES_BYTES) {
    refuseInput(
      'attributes',
      'TOO_LONG',
      `attributes have ${Buffer.byteLength(text)} bytes as JSON; at most ${MAX_ATTRIBUTES_BYTES} are allowed.`,
    );
  }
  if (!isStorable(text)) {
    refuseInput('attributes', 'FORMAT', 'attributes have text with NUL or half of a surrogate pair.');
  }
  return value;
}
