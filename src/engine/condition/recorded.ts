/** What a decision keeps of the values that it saw: enough to understand it, however much there was. */
import type { Json } from '../definition.ts';
import { isObject } from './shape.ts';

/** Of one text, in UTF-16 code units and with the ellipsis. */
const MAX_TEXT = 500;
/** Of one list or object. */
const MAX_ITEMS = 20;
/** Lists and objects within each other. */
const MAX_DEPTH = 3;
/** Of all texts, names and numbers of one value together. */
const MAX_TOTAL = 4_000;
const CUT = '…';

/**
 * The value, or as much of it as is kept: texts of up to 500 characters, lists and objects with up to 20 items and three levels deep, and
 * some 4,000 characters altogether. An ellipsis stands for what was left out.
 */
export function recorded(value: Json): Json {
  return record(value, 1, { left: MAX_TOTAL });
}

function record(value: Json, depth: number, budget: { left: number }): Json {
  if (typeof value === 'string') return recordText(value, budget);
  if (typeof value !== 'object' || value === null) {
    budget.left -= 10;
    return value;
  }
  if (depth > MAX_DEPTH) return CUT;
  if (isObject(value)) {
    const fields = firstOf(
      Object.entries(value),
      ([name, item]): readonly [string, Json] => [recordText(name, budget), record(item, depth + 1, budget)],
      budget,
    );
    return Object.fromEntries(fields.isWhole ? fields.kept : [...fields.kept, [CUT, CUT]]);
  }
  const items = firstOf(value, (item) => record(item, depth + 1, budget), budget);
  return items.isWhole ? items.kept : [...items.kept, CUT];
}

function firstOf<T, R>(
  parts: readonly T[],
  keep: (part: T) => R,
  budget: { readonly left: number },
): { readonly kept: readonly R[]; readonly isWhole: boolean } {
  const kept: R[] = [];
  for (const part of parts) {
    if (kept.length === MAX_ITEMS || budget.left <= 0) return { kept, isWhole: false };
    kept.push(keep(part));
  }
  return { kept, isWhole: true };
}

function recordText(text: string, budget: { left: number }): string {
  const kept = text.length > MAX_TEXT ? cut(text) : text;
  budget.left -= kept.length;
  return kept;
}

/** Never in the middle of a character: a database can't store half of a surrogate pair. */
function cut(text: string): string {
  const kept = text.slice(0, MAX_TEXT - CUT.length);
  return (/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept) + CUT;
}
