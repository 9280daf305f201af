/** Pages of the published versions of one definition or automation, newest first. */
import { badCursor } from './bad-input.ts';
import type { Connection } from './connection.ts';
import { decodeCursor, pageSize, toPage } from './page.ts';

/** How the versions are read; the same conditions hold for both. */
interface Versions<Row> {
  /** The first `take` by descending number, of all or of those below a number. */
  readonly read: (below: { readonly number?: { readonly lt: number } }, take: number) => Promise<Row[]>;
  readonly count: () => Promise<number>;
}

function numberBefore(after: string | null | undefined): number | null {
  const [number] = decodeCursor(after, 1) ?? [null];
  if (number === null) return null;
  if (typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
  throw badCursor();
}

/** The page that is asked for; ends the field with BAD_USER_INPUT for a cursor of another list. */
export async function versionPage<Row extends { readonly number: number }>(
  {
    first,
    after,
  }: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  { read, count }: Versions<Row>,
): Promise<Connection<Row>> {
  const size = pageSize(first);
  const before = numberBefore(after);
  const rows = await read(before === null ? {} : { number: { lt: before } }, size + 1);
  return { ...toPage(rows, size, after, ({ number }) => [number]), totalCount: count };
}
