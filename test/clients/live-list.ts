/** A live list on the client: `liveInbox` and `liveSidebar` say how it changes, and nothing else is ever asked. */

/** The row is `null` where it was removed. In the subscription: `row: task { … }`, or `row: execution { … }`. */
export interface ListChange<Row> {
  readonly kind: 'ENTERED' | 'UPDATED' | 'MOVED' | 'LEFT';
  readonly index: number;
  readonly previousIndex: number | null;
  readonly row: Row | null;
}

/** What one message says of the rows. */
export interface ListUpdate<Row> {
  readonly isReset: boolean;
  readonly changes: readonly ListChange<Row>[];
}

/** The rows after the update: a new list, so that views see the difference. */
export function applyUpdate<Row>(
  list: readonly Row[],
  { isReset, changes }: ListUpdate<Row>,
): readonly Row[] {
  const rows = isReset ? [] : [...list];
  for (const { kind, index, previousIndex, row } of changes) {
    // UPDATED and MOVED: out, and in again.
    if (kind !== 'ENTERED')
      rows.splice(kind === 'MOVED' && previousIndex !== null ? previousIndex : index, 1);
    if (kind !== 'LEFT' && row) rows.splice(index, 0, row);
  }
  return rows;
}
