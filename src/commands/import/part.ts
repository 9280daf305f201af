/**
 * Parts of a document of another system, which keep account of what became of them. Whoever reads a part says of each of its
 * fields whether it was taken over or why it was left out; what nobody said anything about is found at the end. So nothing can
 * get lost without a word.
 */
import type { Reason } from './reason.ts';
import type { Path } from './path.ts';

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;

/** One place in a document and what is there. */
export interface Part<out T> {
  /** Looking at it takes nothing over. */
  readonly value: T;
  /** Takes it over as a whole: a single value, or a list of such. */
  take(): T;
  /** Leaves it out with everything in it, whatever was taken over of that. Where nothing is, nothing is left out. */
  leave(code: Reason['code'], message: string): void;
  at<Field extends keyof T & string>(field: Field): Part<T[Field]>;
  /** The items of a list; none if it is not there. */
  items(): Part<ItemOf<T>>[];
  /** The part if it is there. */
  given(): Part<NonNullable<T>> | null;
  /** The part if its value is of a narrower type. */
  narrowed<Narrow extends T>(isOf: (value: T) => value is Narrow): Part<Narrow> | null;
}

/** What is known of one place. */
interface Mark {
  isTaken: boolean;
  reason: Reason | null;
  readonly inside: Map<string | number, Mark>;
}

function newMark(): Mark {
  return { isTaken: false, reason: null, inside: new Map() };
}

function markAt({ inside }: Mark, step: string | number): Mark {
  const known = inside.get(step) ?? newMark();
  inside.set(step, known);
  return known;
}

function partOf<T>(value: T, mark: Mark): Part<T> {
  const self: Part<T> = {
    value,
    take() {
      mark.isTaken = true;
      return value;
    },
    leave(code, message) {
      if (value === null || value === undefined) mark.isTaken = true;
      else mark.reason = { code, message };
    },
    at: (field) => partOf(value[field], markAt(mark, field)),
    items() {
      const items: readonly ItemOf<T>[] = Array.isArray(value) ? value : [];
      if (items.length === 0) mark.isTaken = true;
      return items.map((item, index) => partOf(item, markAt(mark, index)));
    },
    given() {
      if (value !== null && value !== undefined) return partOf(value, mark);
      mark.isTaken = true;
      return null;
    },
    narrowed: (isOf) => (isOf(value) ? partOf(value, mark) : null),
  };
  return self;
}

const UNKNOWN: Reason = {
  code: 'UNKNOWN_FIELD',
  message: 'This field is not known in this place of the format.',
};

/** A place with what became of it: null for one that was taken over. */
export interface ReadPlace {
  readonly path: Path;
  readonly reason: Reason | null;
}

/** The outermost places of which something is known as a whole. Goes no deeper than the document was read, whatever else is in it. */
function* placesIn(raw: unknown, mark: Mark | undefined, path: Path): Generator<ReadPlace> {
  if (mark?.reason) yield { path, reason: mark.reason };
  else if (mark && mark.inside.size > 0 && typeof raw === 'object' && raw !== null)
    for (const [name, value] of Object.entries(raw) as [string, unknown][]) {
      const step = Array.isArray(raw) ? Number(name) : name;
      yield* placesIn(value, mark.inside.get(step), [...path, step]);
    }
  else yield { path, reason: mark?.isTaken === true ? null : UNKNOWN };
}

/** A document that nobody has read yet. */
export interface OpenDocument<T> {
  readonly root: Part<T>;
  /** What became of everything in it up to now, in the order of the document. */
  readonly places: () => readonly ReadPlace[];
}

/** Opens a document to read: `raw` is what JSON.parse made of it, `value` the fields of it that are known. */
export function openDocument<T>(raw: unknown, value: T): OpenDocument<T> {
  const mark = newMark();
  return { root: partOf(value, mark), places: () => [...placesIn(raw, mark, [])] };
}
