/** How a list became another one, as few changes as possible, to be applied one after the other. */

/** One change; the indexes are those at its turn. */
export type ListChange =
  | { readonly kind: 'LEFT' | 'ENTERED' | 'UPDATED'; readonly id: string; readonly index: number }
  | {
      readonly kind: 'MOVED';
      readonly id: string;
      /** Where it is taken out. */
      readonly previousIndex: number;
      /** Where it is put in, in the list without it. */
      readonly index: number;
    };

/** The places of a longest increasing subsequence. */
function longestIncrease(values: readonly number[]): number[] {
  // For each length: where the subsequence of that length with the smallest end ends.
  const ends: number[] = [];
  const previous: number[] = [];
  for (const [place, value] of values.entries()) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[ends[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[place] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = place;
  }
  const places: number[] = [];
  for (let place = ends.at(-1) ?? -1; place >= 0; place = previous[place] ?? -1) places.push(place);
  return places.reverse();
}

/** The ids that keep their places among each other, as many as possible; all others of both lists move. */
function stayingIds(before: readonly string[], after: readonly string[]): Set<string> {
  const places = new Map(before.map((id, place) => [id, place]));
  const common = after.filter((id) => places.has(id));
  const stays = longestIncrease(common.map((id) => places.get(id) ?? 0));
  return new Set(stays.map((place) => common[place] ?? ''));
}

/**
 * The changes that make `before` to `after`, both without repetitions: first what left, from the end; then what entered or moved, from the
 * beginning; then, of the rows that stayed, those that are `touched`. (A row that enters or moves comes with its content anyway.)
 */
export function difference(
  before: readonly string[],
  after: readonly string[],
  touched: ReadonlySet<string>,
): ListChange[] {
  const stays = stayingIds(before, after);
  const kept = new Set(after);
  const present = [...before];
  const changes: ListChange[] = [];

  for (let index = before.length - 1; index >= 0; index -= 1) {
    const id = before[index] ?? '';
    if (kept.has(id)) continue;
    present.splice(index, 1);
    changes.push({ kind: 'LEFT', id, index });
  }
  const wasThere = new Set(present);
  for (const [place, id] of after.entries()) {
    if (stays.has(id)) continue;
    const previousIndex = wasThere.has(id) ? present.indexOf(id) : null;
    if (previousIndex !== null) present.splice(previousIndex, 1);
    // Right behind the row that comes before it, which is in its place already.
    const index = place === 0 ? 0 : present.indexOf(after[place - 1] ?? '') + 1;
    present.splice(index, 0, id);
    changes.push(
      previousIndex === null ? { kind: 'ENTERED', id, index } : { kind: 'MOVED', id, previousIndex, index },
    );
  }
  for (const [index, id] of after.entries()) {
    if (stays.has(id) && touched.has(id)) changes.push({ kind: 'UPDATED', id, index });
  }
  return changes;
}
