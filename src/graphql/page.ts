/** Keyset pages: a cursor is the sort values of its row, so it stays good when rows come, change and go. */
import { badCursor, badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './page-size.ts';

/** How many rows are asked for; ends the field with BAD_USER_INPUT outside 1 to 100. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw badInput(
      `first is ${size}; a page has 1 to ${MAX_PAGE_SIZE} rows. Use the cursor in pageInfo.endCursor for more.`,
    );
  }
  return size;
}

/** One of the values by which a list is sorted. */
export type CursorValue = string | number | boolean | null;

/** A cursor for these sort values (the last one makes them unique). */
export function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The sort values of a cursor, or null for none; ends the field with BAD_USER_INPUT if they aren't `count` scalars. */
export function decodeCursor(
  cursor: string | null | undefined,
  count: number,
): readonly CursorValue[] | null {
  if (cursor === null || cursor === undefined) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(values) &&
      values.length === count &&
      values.every((value): value is CursorValue => value === null || typeof value !== 'object')
    ) {
      return values;
    }
  } catch {
    // Not JSON: the same complaint as for other JSON.
  }
  throw badCursor();
}

export interface Page<Row> {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A page of `size` rows from a read of `size + 1`, the last of which only tells that there is more. */
export function toPage<Row>(
  rows: readonly Row[],
  size: number,
  after: string | null | undefined,
  sortValues: (row: Row) => readonly unknown[],
): Page<Row> {
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodeCursor(sortValues(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after !== null && after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The `first` and `after` arguments of every list. */
export function pageArguments() {
  return builder.args((t) => ({
    first: t.int({ description: `How many rows, 1 to ${MAX_PAGE_SIZE}; ${DEFAULT_PAGE_SIZE} if left out.` }),
    after: t.string({
      description: 'The cursor after which to go on: `pageInfo.endCursor` of the page before.',
    }),
  }));
}
