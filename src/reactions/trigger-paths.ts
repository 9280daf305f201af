/** Whether a change of an entity touches the attributes that a trigger is for. */
import { parsePath } from '../engine/condition/path.ts';
import { isObject } from '../engine/condition/shape.ts';
import type { Json } from '../engine/definition.ts';

/** The names that a path begins with. What stands in a list has no place of its own in a change: lists are replaced as a whole. */
function leadingNames(path: string): string[] {
  const names: string[] = [];
  for (const part of parsePath(path) ?? []) {
    if (part.type !== 'NAME') break;
    names.push(part.name);
  }
  return names;
}

/**
 * Whether what changed lies at the path, in it or around it: in the list that it leads through, in the object that was removed or replaced with it.
 *
 * @param patch - the attributes' change, as a JSON merge patch.
 */
export function touches(patch: Json, path: string): boolean {
  let changed = patch;
  for (const name of leadingNames(path)) {
    if (!isObject(changed)) return true;
    if (!Object.hasOwn(changed, name)) return false;
    changed = changed[name] ?? null;
  }
  return true;
}
