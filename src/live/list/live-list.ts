/** A list that knows when it has to be read anew, and tells how it has changed since the last time. */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { readPosition, type StoredEvent, type SubjectType } from '../../store/event-log.ts';
import type { Queryable } from '../../store/statement.ts';
import { LiveStoppedError, NotAllowedError } from '../errors.ts';
import type { Hub } from '../hubs.ts';
import { untilRead } from '../retry.ts';
import { ALL, indexRows, type ListRow, type RowIndex, type Touched } from './concern.ts';
import { difference, type ListChange } from './difference.ts';
import type { ListQuery, ListReading, ListUpdate, LiveList } from './list.ts';
import type { Timer } from './timer.ts';

/** What the lists of one server have in common. */
export interface ListScope {
  readonly database: Queryable;
  readonly log: Logger;
  readonly timer: Timer;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

/** So many events may come while the list is read; beyond them it is taken that they touched everything. */
const MOST_MEANWHILE = 1_000;

function union(one: Touched, other: Touched): Touched {
  if (one === ALL || other === ALL) return ALL;
  return other.size === 0 ? one : new Set([...one, ...other]);
}

function idsOf(rows: readonly ListRow[]): string[] {
  return rows.map(({ id }) => id);
}

function headerOf({ header }: { readonly header: ListRow | null }): readonly ListRow[] {
  return header ? [header] : [];
}

/** The rows that events or the time have touched. */
function touchedRows(before: readonly ListRow[], now: readonly ListRow[], by: Touched): ReadonlySet<string> {
  const timedBefore = new Map(before.map(({ id, timed }) => [id, timed]));
  const rows = now.filter(({ id, timed }) => by === ALL || by.has(id) || timedBefore.get(id) !== timed);
  return new Set(rows.map(({ id }) => id));
}

/** Opens a list, which holds its hub until it is disposed or has ended with an error. Nothing is read before the first refresh. */
export function openLiveList<Row extends ListRow, State>(
  { database, log, timer, stopping }: ListScope,
  hub: Hub,
  query: ListQuery<Row, State>,
): LiveList<ListUpdate<Row, State>> {
  const ended = new AbortController();
  const waiting = new Set<() => void>();
  let isStale = true;
  let touched: Touched = new Set();
  let seen = new Set<SubjectType>();
  let last: (ListReading<Row, State> & { readonly position: number; readonly index: RowIndex }) | null = null;
  /** What comes while the list is read: it can be judged only by what is then read. Null at other times. */
  let meanwhile: StoredEvent[] | null = null;
  let cancelTimer = (): void => undefined;

  function wake(): void {
    isStale = true;
    for (const resolve of waiting) resolve();
  }

  function judge(event: StoredEvent, index: RowIndex): void {
    const rows = index.touchedBy(event);
    const isConcerned = rows === ALL || rows.size > 0 || query.mayChange(event);
    if (!isConcerned) return;
    touched = union(touched, rows);
    seen.add(event.subjectType);
    wake();
  }

  /** What may have passed unseen may have been about anything. */
  function lose(): void {
    for (const subjectType of ['USER', 'TEAM', 'ORGANIZATION', 'ABSENCE'] as const) seen.add(subjectType);
    touched = ALL;
    wake();
  }

  const leave = hub.bus.joinAll({
    lose,
    offer(event) {
      if (meanwhile) meanwhile.push(event);
      else if (last) judge(event, last.index);
      if (meanwhile && meanwhile.length > MOST_MEANWHILE) {
        for (const { subjectType } of meanwhile) seen.add(subjectType);
        meanwhile = [];
        touched = ALL;
        wake();
      }
    },
  });
  const stop = (): void => {
    end(stopping.reason);
  };
  stopping.addEventListener('abort', stop);
  // Whoever refreshes is told; there may be nobody.
  hub.feed.ready.catch(() => undefined);
  if (stopping.aborted) stop();

  function end(reason: unknown): void {
    if (ended.signal.aborted) return;
    ended.abort(reason);
    stopping.removeEventListener('abort', stop);
    leave();
    cancelTimer();
    hub.release();
    wake();
  }

  /** Where the log ends before the first reading, which contains everything. */
  async function endOfLog(): Promise<number> {
    await hub.feed.ready;
    return untilRead(() => readPosition(database, query.organizationId), { log, signal: ended.signal });
  }

  function updateOf(changes: readonly ListChange[], isReset: boolean): ListUpdate<Row, State> {
    if (!last) throw new Error('a list was asked for before its first refresh');
    const { rows, state, position } = last;
    const byId = new Map(rows.map((row) => [row.id, row]));
    return {
      position,
      isReset,
      changes: changes.map((change) => ({ ...change, row: byId.get(change.id) ?? null })),
      state,
    };
  }

  function whole(): ListUpdate<Row, State> {
    return updateOf(difference([], idsOf(last?.rows ?? []), new Set()), true);
  }

  async function step(): Promise<ListUpdate<Row, State> | null> {
    ended.signal.throwIfAborted();
    const before = last;
    const by = touched;
    const about = before && seen;
    // Whatever the log has up to there has been judged by now: the step contains it.
    const known = before && Math.max(before.position, hub.feed.position);
    isStale = false;
    touched = new Set();
    seen = new Set();
    meanwhile = [];
    cancelTimer();
    const position = known ?? (await endOfLog());
    const now = await untilRead(() => query.read(about), { log, signal: ended.signal });
    ended.signal.throwIfAborted();
    if (now === null) throw new NotAllowedError();
    const index = indexRows([...now.rows, ...headerOf(now)], query.reach);
    last = { ...now, position, index };
    const unjudged = meanwhile;
    meanwhile = null;
    for (const event of unjudged) judge(event, index);
    if (now.nextAt !== null) cancelTimer = timer(now.nextAt, wake);

    if (!before) return whole();
    const changes = difference(idsOf(before.rows), idsOf(now.rows), touchedRows(before.rows, now.rows, by));
    const isHeaderTouched = touchedRows(headerOf(before), headerOf(now), by).size > 0;
    const isOther = isHeaderTouched || !isDeepStrictEqual(before.state, now.state);
    return changes.length > 0 || isOther ? updateOf(changes, false) : null;
  }

  return {
    changed(signal) {
      if (isStale || signal.aborted || ended.signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        waiting.add(done);
        signal.addEventListener('abort', done);
      });
    },
    async refresh() {
      try {
        return await step();
      } catch (error) {
        end(error);
        throw stopping.aborted ? new LiveStoppedError() : error;
      }
    },
    whole,
    [Symbol.asyncDispose]() {
      end('the reader has left');
      return Promise.resolve();
    },
  };
}
