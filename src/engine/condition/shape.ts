/** The shapes of plain data, and a walk through them that deep nesting can't bring down. */
import type { Json } from '../definition.ts';

export type JsonObject = { readonly [name: string]: Json };

/** How many values of one attribute are looked at; further ones count as not there. */
export const MAX_VALUES = 1_000;

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/**
 * The values one by one, in their order; instead of a value for which `open` answers its parts come the parts, and so on
 * downwards.
 */
export function* unfold(
  values: readonly Json[],
  open: (value: Json) => readonly Json[] | null,
): Generator<Json, void> {
  // A stack of its own: the data may be nested deeper than calls can be.
  const levels = [values.values()];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const next = level.next();
    if (next.done) {
      levels.pop();
      continue;
    }
    const parts = open(next.value);
    if (parts) levels.push(parts.values());
    else yield next.value;
  }
}
