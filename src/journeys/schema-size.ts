/** How much work a schema makes: the number of schemas that it comes down to when each reference is replaced by what it refers to. */
import type { JsonObject } from '../commands/merge-patch.ts';
import { allParts, localPointer, partOf, type SchemaPart } from './schema-parts.ts';

/** The pointer of a schema that refers to itself, directly or through others; or how many schemas there are. */
export type SchemaSize = { readonly cycleAt: string } | { readonly count: number };

/** Of references that lead nowhere nothing is counted. */
export function sizeOf(schema: JsonObject): SchemaSize {
  const root = partOf(schema);
  const byPointer = new Map(allParts(root).map((part) => [part.pointer, part]));
  const counts = new Map<SchemaPart, number>();
  const open = new Set<SchemaPart>();
  const cycles: string[] = [];

  const count = (part: SchemaPart): number => {
    const known = counts.get(part);
    if (known !== undefined || cycles.length > 0) return known ?? 0;
    if (open.has(part)) {
      cycles.push(part.pointer);
      return 0;
    }
    open.add(part);
    const target = byPointer.get(localPointer(part.schema['$ref']) ?? '(none)');
    const used = part.children.filter(({ isShelved }) => !isShelved);
    const total = [...used, ...(target ? [target] : [])].reduce((sum, inner) => sum + count(inner), 1);
    open.delete(part);
    counts.set(part, total);
    return total;
  };

  const total = count(root);
  // What nothing refers to is compiled all the same.
  for (const part of byPointer.values()) count(part);
  const [cycleAt] = cycles;
  return cycleAt === undefined ? { count: total } : { cycleAt };
}
