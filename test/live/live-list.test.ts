import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LiveStoppedError, NotAllowedError } from '../../src/live/errors.ts';
import type { ListRow } from '../../src/live/list/concern.ts';
import type { LiveList, ListQuery, ListUpdate } from '../../src/live/list/list.ts';
import { updatesOf } from '../../src/live/list/updates.ts';
import { createLive, type Live } from '../../src/live/live.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { openLiveFixture, silentLog, taskEvent, type LiveFixture } from '../support/live-fixture.ts';

let fixture: LiveFixture;
let live: Live;
let clock: TestClock;

beforeAll(async () => {
  fixture = await openLiveFixture();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});
beforeEach(() => {
  clock = createTestClock();
  live = createLive({ database: fixture.database, log: silentLog, timer: clock.timer });
});
afterEach(async () => {
  const left = live.organizationCount;
  await live[Symbol.asyncDispose]();
  expect(left, 'every test ends its lists').toBe(0);
});

type List = LiveList<ListUpdate<ListRow, null>>;

/** A list of rows in memory. */
interface Shelf {
  rows: ListRow[];
  nextAt: number | null;
  isAllowed: boolean;
  /** What the next readings wait for, after they have taken the rows. */
  reading: Promise<void>;
  readings: number;
}

function shelf(...rows: ListRow[]): Shelf {
  return { rows, nextAt: null, isAllowed: true, reading: Promise.resolve(), readings: 0 };
}

function row(): ListRow {
  return { id: randomUUID(), executionId: randomUUID(), entityIds: [randomUUID()], timed: '' };
}

/** `watched`: whose events may change which rows there are. */
function open(of: Shelf, watched: string): List {
  const query: ListQuery<ListRow, null> = {
    organizationId: fixture.organizationId,
    reach: { through: 'ROWS', subjects: new Set() },
    async read() {
      const { rows, nextAt, isAllowed } = of;
      of.readings += 1;
      await of.reading;
      return isAllowed ? { rows: [...rows], state: null, header: null, nextAt } : null;
    },
    mayChange: ({ audience }) => audience.includes(watched),
  };
  return live.list(query);
}

const NEVER = new AbortController().signal;

/** `['ENTERED 0']` */
function told(update: ListUpdate<ListRow, null> | null): string[] | null {
  return update && update.changes.map(({ kind, index }) => `${kind} ${index}`);
}

describe('a list', () => {
  test('is read when it may have changed, once for all that happened in between, and not for anything else', async () => {
    const [of, watched] = [shelf(row()), randomUUID()];
    await using list = open(of, watched);
    await list.changed(NEVER);
    expect(await list.refresh()).toMatchObject({ isReset: true, changes: [{ kind: 'ENTERED' }] });
    await fixture.commit(taskEvent({ executionId: randomUUID() }));
    of.rows.unshift(row());
    await fixture.commit(taskEvent({ audience: [watched] }));
    const position = await fixture.commit(taskEvent({ audience: [watched] }));
    await expect.poll(() => isChanged(list)).toBe(true);
    await expect.poll(async () => (await list.refresh(), list.whole().position)).toBe(position);
    expect(await isChanged(list)).toBe(false);
    await fixture.commit(taskEvent({ executionId: randomUUID() }));
    expect(await isChanged(list)).toBe(false);
  });

  test('judges what happens while it is read by what it then has', async () => {
    const [of, watched] = [shelf(), randomUUID()];
    await using list = open(of, watched);
    await list.refresh();
    const entering = row();
    of.rows = [entering];
    await fixture.commit(taskEvent({ audience: [watched] }));
    await list.changed(NEVER);
    let goOn = (): void => undefined;
    of.reading = new Promise((resolve) => {
      goOn = resolve;
    });
    const refreshing = list.refresh();
    await fixture.commit(taskEvent({ executionId: entering.executionId }));
    await reached();
    goOn();
    expect(told(await refreshing)).toEqual(['ENTERED 0']);
    await list.changed(NEVER);
    expect(told(await list.refresh())).toEqual(['UPDATED 0']);
  });

  test('answers nothing if nothing of it has changed', async () => {
    const [of, watched] = [shelf(row()), randomUUID()];
    await using list = open(of, watched);
    await list.refresh();
    await fixture.commit(taskEvent({ audience: [watched] }));
    await list.changed(NEVER);
    expect(await list.refresh()).toBeNull();
  });

  test('is whole for somebody who comes later', async () => {
    const of = shelf(row(), row());
    await using list = open(of, randomUUID());
    await list.refresh();
    expect(list.whole()).toMatchObject({
      isReset: true,
      changes: [{ row: of.rows[0] }, { row: of.rows[1] }],
    });
  });

  test('is read again when its time has come', async () => {
    const of = shelf(row());
    of.nextAt = clock.now().getTime() + 1_000;
    await using list = open(of, randomUUID());
    await list.refresh();
    clock.advance(999);
    expect(await isChanged(list)).toBe(false);
    clock.advance(1);
    expect(await isChanged(list)).toBe(true);
  });

  /** Whether it says so within one turn of the loop. */
  function isChanged(list: List): Promise<boolean> {
    const turn = new Promise<boolean>((resolve) => {
      setImmediate(() => {
        resolve(false);
      });
    });
    return Promise.race([list.changed(NEVER).then(() => true), turn]);
  }

  /** Waits until everything that is committed has been offered to whoever watches. */
  async function reached(): Promise<void> {
    const [of, watched] = [shelf(), randomUUID()];
    await using list = open(of, watched);
    await list.refresh();
    await fixture.commit(taskEvent({ audience: [watched] }));
    await list.changed(NEVER);
  }
});

describe('the end of a list', () => {
  test('is an error when the server stops, also while it is waited for', async () => {
    const updates = updatesOf(open(shelf(), randomUUID()));
    await updates.next();
    const waiting = updates.next();
    await live[Symbol.asyncDispose]();
    await expect(waiting).rejects.toThrow(LiveStoppedError);
  });

  test('is an error when its reader may have nothing any more', async () => {
    const [of, watched] = [shelf(row()), randomUUID()];
    const updates = updatesOf(open(of, watched));
    await updates.next();
    of.isAllowed = false;
    await fixture.commit(taskEvent({ audience: [watched] }));
    await expect(updates.next()).rejects.toThrow(NotAllowedError);
    expect(live.organizationCount).toBe(0);
  });

  test('comes at once when the reader leaves, also while it waits', async () => {
    const updates = updatesOf(open(shelf(), randomUUID()));
    await updates.next();
    const waiting = updates.next();
    await updates.return(undefined);
    expect(await waiting).toMatchObject({ done: true });
  });

  test('comes before anything is read for a reader who leaves at once', async () => {
    const of = shelf();
    const updates = updatesOf(open(of, randomUUID()));
    await updates.return(undefined);
    expect(of.readings).toBe(0);
  });
});
