/** What a live list is made of and what it tells. */
import type { StoredEvent, SubjectType } from '../../store/event-log.ts';
import type { ListRow, Reach } from './concern.ts';
import type { ListChange } from './difference.ts';

/** One reading of a list. */
export interface ListReading<Row extends ListRow, State> {
  readonly rows: readonly Row[];
  /** What is told beside the rows: counts, and the like. Told again when it is another value. */
  readonly state: State;
  /** What of `state` is watched as a row is; null: it follows from what is read. */
  readonly header: ListRow | null;
  /** When the list changes by the time alone, in milliseconds since 1970; null: never. */
  readonly nextAt: number | null;
}

/** Where a list comes from. */
export interface ListQuery<Row extends ListRow, State> {
  readonly organizationId: string;
  readonly reach: Reach;
  /**
   * Reads the list as it is; null: its reader may have nothing any more. `seen`: what the events since the last reading were about; null for the
   * first.
   */
  read(seen: ReadonlySet<SubjectType> | null): Promise<ListReading<Row, State> | null>;
  /** Whether the event may change which rows there are, their order, or the state. Called for every event of the organization, so cheap. */
  mayChange(event: StoredEvent): boolean;
}

/** A change, with the row unless it left. */
export type RowChange<Row> = ListChange & { readonly row: Row | null };

/** What brings a reader's list up to date. */
export interface ListUpdate<Row, State> {
  /** Everything up to this number of the log is contained. */
  readonly position: number;
  /** The reader's list is to be emptied first. */
  readonly isReset: boolean;
  /** To be applied one after the other. */
  readonly changes: readonly RowChange<Row>[];
  readonly state: State;
}

export interface LiveList<Update> extends AsyncDisposable {
  /** Resolves when something may have changed since the last refresh (before the first: at once), when the list has ended, or when `signal` is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
  /**
   * Reads anew and answers the difference to the last refresh, the first time everything; null if there is none. However much happened in
   * between is one step. Not to be called again before it has settled.
   *
   * @throws LiveStoppedError when the server stops.
   * @throws NotAllowedError when the reader may have nothing any more.
   * @throws the reason when the list has been disposed.
   */
  refresh(): Promise<Update | null>;
  /** Everything as of the last refresh, for somebody who has nothing yet. */
  whole(): Update;
}
