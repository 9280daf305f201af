/** Loaders of single things, for readers with a permission. */
import DataLoader from 'dataloader';

/** Makes a loader that answers what `read` finds, as `shape` makes it, and null for the rest. */
type MakeLoader = <Found, Shape>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
  shape: (found: Found) => Shape,
) => DataLoader<string, Shape | null>;

/** For those who may read. For others nothing is read, and there is nothing. */
export function foundLoaders(mayRead: boolean): MakeLoader {
  return (read, shape) =>
    new DataLoader(async (ids) => {
      const found = mayRead ? await read(ids) : null;
      return ids.map((id) => {
        const value = found?.get(id);
        return value === undefined ? null : shape(value);
      });
    });
}

/** The rows by their id. */
export function byId<Row extends { readonly id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
