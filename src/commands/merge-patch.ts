/** JSON Merge Patch (RFC 7396), and what a change comes down to. */
import { sameJson } from '../engine/json.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The target with the patch applied: members are replaced or, by null, removed; objects are merged, arrays are replaced. */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, isJsonObject(value) ? mergePatch(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

function leaves(path: string, value: unknown): string[] {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(`${path}.${key}`, inner));
}

function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The paths of the innermost members that differ, `path.customer.city`, added and removed ones included, sorted. */
export function changedPaths(path: string, before: JsonObject, after: JsonObject): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const paths = [...keys].flatMap((key) => {
    const [old, next, at] = [member(before, key), member(after, key), `${path}.${key}`];
    if (sameJson(old, next)) return [];
    if (isJsonObject(old) && isJsonObject(next)) return changedPaths(at, old, next);
    return [old, next].flatMap((value) => (value === undefined ? [] : leaves(at, value)));
  });
  return [...new Set(paths)].sort();
}

/** The smallest merge patch that makes `after` of `before`. */
export function patchBetween(before: JsonObject, after: JsonObject): JsonObject {
  const patch = new Map<string, unknown>();
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch.set(key, null);
  for (const [key, next] of Object.entries(after)) {
    const old = member(before, key);
    if (sameJson(old, next)) continue;
    patch.set(key, isJsonObject(old) && isJsonObject(next) ? patchBetween(old, next) : next);
  }
  return Object.fromEntries(patch);
}
