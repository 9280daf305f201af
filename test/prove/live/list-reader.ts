/** A live list as its client has it. */
import { isDeepStrictEqual } from 'node:util';
import { decodePosition } from '../../../src/store/event-cursor.ts';
import { applyUpdate, type ListChange } from '../../clients/live-list.ts';
import { mentionedIds } from './mentioned-ids.ts';
import type { ListQuestion } from './questions.ts';
import type { Reader } from './subscriber.ts';

interface Row {
  readonly id: string;
}

/** The whole list with everything that is told beside it. */
export interface ListState {
  readonly rows: readonly Row[];
  readonly totalCount: number;
  readonly hasMore: boolean;
  readonly counts?: unknown;
  readonly entity?: unknown;
}

interface Update extends Omit<ListState, 'rows'> {
  readonly position: string;
  readonly isReset: boolean;
  readonly changes: readonly (ListChange<Row> & { readonly rowId: string })[];
}

export interface ListReader extends Reader {
  readonly question: ListQuestion;
  /** Null before the first message. */
  readonly state: ListState | null;
  readonly updates: number;
  readonly resets: number;
  readonly mentioned: ReadonlySet<string>;
}

/** What the query answers, in the form of the live list. */
export function freshState(data: unknown): ListState {
  interface Page {
    readonly edges: readonly { readonly node: Row }[];
    readonly counts?: unknown;
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean };
  }
  const { inbox, entity } = data as {
    readonly inbox?: Page;
    readonly entity?: ({ readonly executions: Page } & Readonly<Record<string, unknown>>) | null;
  };
  const { executions = null, ...fields } = entity ?? {};
  const page = inbox ?? executions;
  return {
    rows: page?.edges.map(({ node }) => node) ?? [],
    totalCount: page?.totalCount ?? 0,
    hasMore: page?.pageInfo.hasNextPage ?? false,
    ...(page?.counts === undefined ? {} : { counts: page.counts }),
    ...(Object.keys(fields).length === 0 ? {} : { entity: fields }),
  };
}

/** The order of the fields does not count: an answer over HTTP may have another one. */
function firstUnlike(mine: object, fresh: object): string | null {
  const [have, want] = [
    new Map<string, unknown>(Object.entries(mine)),
    new Map<string, unknown>(Object.entries(fresh)),
  ];
  for (const name of new Set([...have.keys(), ...want.keys()])) {
    if (isDeepStrictEqual(have.get(name), want.get(name))) continue;
    return `${name} ${JSON.stringify(have.get(name))} instead of ${JSON.stringify(want.get(name))}`;
  }
  return null;
}

/** The first difference of the client's list from the fresh one, in words; null if they are equal. */
export function difference(mine: ListState | null, fresh: ListState): string | null {
  if (!mine) return 'nothing has arrived';
  const ids = ({ rows }: ListState): string => rows.map(({ id }) => id).join();
  if (ids(mine) !== ids(fresh)) return `has the rows ${ids(mine)} instead of ${ids(fresh)}`;
  for (const [index, row] of mine.rows.entries()) {
    const unlike = firstUnlike(row, fresh.rows[index] ?? {});
    if (unlike !== null) return `has at ${index} ${unlike}`;
  }
  const { rows: _mine, ...beside } = mine;
  const { rows: _fresh, ...expected } = fresh;
  const unlike = firstUnlike(beside, expected);
  return unlike && `has ${unlike}`;
}

/** Whether the changes fit the list to which they are applied. */
function misfit(rows: readonly Row[], { isReset, changes }: Update): string | null {
  let list: readonly Row[] = isReset ? [] : rows;
  for (const change of changes) {
    const { kind, index, previousIndex, rowId, row } = change;
    const at = kind === 'MOVED' ? (previousIndex ?? -1) : index;
    if (kind === 'ENTERED' ? index > list.length : list[at]?.id !== rowId)
      return `${kind} of ${rowId} at ${at} does not fit ${list.map(({ id }) => id).join()}`;
    if ((kind === 'LEFT') !== (row === null)) return `${kind} of ${rowId} has the row ${JSON.stringify(row)}`;
    list = applyUpdate(list, { isReset: false, changes: [change] });
    if (new Set(list.map(({ id }) => id)).size < list.length) return `${kind} of ${rowId} doubles it`;
  }
  return null;
}

export function createListReader(question: ListQuestion): ListReader {
  let state: ListState | null = null;
  let position = 0;
  let isFirst = true;
  const mentioned = new Set<string>();
  const count = { updates: 0, resets: 0 };

  function take(list: Update): string | null {
    const { position: place, isReset, changes, ...beside } = list;
    count.updates += 1;
    if (isReset) count.resets += 1;
    if (isFirst && !isReset) return 'the first message was no reset';
    const fault = misfit(state?.rows ?? [], list);
    state = { rows: applyUpdate(state?.rows ?? [], { isReset, changes }), ...beside };
    const seq = decodePosition(place);
    if (seq === null || (!isFirst && seq < position))
      return `position ${seq ?? place} came after ${position}`;
    position = seq;
    isFirst = false;
    return fault;
  }

  return {
    question,
    mentioned,
    get state() {
      return state;
    },
    get updates() {
      return count.updates;
    },
    get resets() {
      return count.resets;
    },
    begin() {
      isFirst = true;
      return question.variables;
    },
    take(data) {
      const { list } = data as { readonly list: Update | null };
      if (!list) return `an answer without a list: ${JSON.stringify(data)}`;
      for (const key of mentionedIds(list)) mentioned.add(key);
      return take(list);
    },
  };
}
