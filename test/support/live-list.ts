/** What a client does with a live list. */

/** One change of a message, as far as it is applied. */
export interface AppliedChange<Row> {
  readonly kind: string;
  readonly index: number;
  readonly previousIndex?: number | null;
  /** Null if it left. */
  readonly row: Row | null;
}

/** The rows after the changes; throws if one of them does not fit. */
export function applyChanges<Row>(
  before: readonly Row[],
  changes: readonly AppliedChange<Row>[],
): readonly Row[] {
  const rows = [...before];
  for (const { kind, index, previousIndex, row } of changes) {
    if (kind === 'LEFT' ? row !== null : row === null) throw new Error(`${kind} with ${JSON.stringify(row)}`);
    const taken = kind === 'MOVED' ? previousIndex : kind === 'ENTERED' ? null : index;
    if (typeof taken === 'number' && !(taken in rows)) throw new Error(`${kind} ${taken} of ${rows.length}`);
    if (typeof taken === 'number') rows.splice(taken, 1);
    if (index > rows.length) throw new Error(`${kind} to ${index} of ${rows.length}`);
    if (row !== null) rows.splice(index, 0, row);
  }
  return rows;
}
