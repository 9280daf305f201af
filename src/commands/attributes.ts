/** What an entity's attributes, and other JSON from outside, may be. */
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { refuseInput } from './problem.ts';

/** Largest attributes, in bytes of their JSON text. */
const MAX_ATTRIBUTES_BYTES = 256 * 1024;
/** How many objects and arrays may be inside each other, the attributes themselves included. */
const MAX_ATTRIBUTES_DEPTH = 20;

/** What is inside the value, level by level: walked by hand, so that no depth of input can exhaust the stack. */
function* levelsOf(value: unknown): Generator<readonly unknown[]> {
  for (let level = [value]; level.length > 0;) {
    yield level;
    level = level.flatMap((part) =>
      typeof part === 'object' && part !== null ? (Object.values(part) as unknown[]) : [],
    );
  }
}

function checkDepthAndNumbers(path: string, value: unknown): void {
  let depth = 0;
  for (const level of levelsOf(value)) {
    if (depth === MAX_ATTRIBUTES_DEPTH && level.some((part) => typeof part === 'object' && part !== null))
      refuseInput(path, 'TOO_DEEP', `${path} can be at most ${MAX_ATTRIBUTES_DEPTH} levels deep.`);
    if (level.some((part) => typeof part === 'number' && !Number.isFinite(part)))
      refuseInput(
        path,
        'INVALID_NUMBER',
        `${path} has a number beyond ±${Number.MAX_VALUE}; write it as text.`,
      );
    depth += 1;
  }
}

/**
 * Whether PostgreSQL's jsonb can hold a JSON text made by JSON.stringify: no NUL, no half of a surrogate pair. Both are escaped there; an
 * even number of backslashes before the escape makes it plain text.
 */
export function isStorable(text: string): boolean {
  return !/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(text);
}

/**
 * Refuses what is no object, larger than so many bytes of JSON, too deep, or has numbers or text that can't be kept. `path` names it. Numbers are what
 * JSON.parse makes of them, 64-bit floating point: an integer beyond ±9,007,199,254,740,991 (`Number.MAX_SAFE_INTEGER`) may have been rounded
 * before it comes here, which can't be told any more. Such numbers belong into text.
 */
export function checkJsonObject(path: string, value: unknown, maxBytes: number): JsonObject {
  if (!isJsonObject(value)) {
    return refuseInput(path, 'INVALID_TYPE', `${path} is a JSON object: { "city": "Lindental" }.`);
  }
  checkDepthAndNumbers(path, value);
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > maxBytes) {
    const bytes = Buffer.byteLength(text);
    refuseInput(path, 'TOO_LONG', `${path} has ${bytes} bytes as JSON; at most ${maxBytes} are allowed.`);
  }
  if (!isStorable(text)) {
    refuseInput(path, 'INVALID_CHARACTER', `${path} has text with NUL or half of a surrogate pair.`);
  }
  return value;
}

/** Refuses what can't be an entity's attributes: see {@link checkJsonObject}. */
export function checkAttributes(value: unknown): JsonObject {
  return checkJsonObject('attributes', value, MAX_ATTRIBUTES_BYTES);
}
