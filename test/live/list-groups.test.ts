import { beforeEach, expect, test, vi } from 'vitest';
import { createListGroups, type ListGroups, type ListTopic } from '../../src/live/list-groups.ts';
import type { LiveList } from '../../src/live/list/list.ts';
import type { Reader } from '../../src/live/reader.ts';
import { eventually } from '../support/eventually.ts';

/** A list whose content is a number; an update says how it came about. */
interface FakeList extends LiveList<string> {
  /** Changes the content. */
  change(): void;
  /** From now on a refresh waits for `go`. */
  hold(): void;
  go(): void;
  fail(error: unknown): void;
  readonly isDisposed: boolean;
}

function fakeList(): FakeList {
  let content = 0;
  let read = -1;
  let wake = (): void => undefined;
  let gate = Promise.resolve();
  let failure: { readonly error: unknown } | null = null;
  const list = {
    isDisposed: false,
    change() {
      content += 1;
      wake();
    },
    hold() {
      gate = new Promise((resolve) => {
        list.go = resolve;
      });
    },
    go: (): void => undefined,
    fail(error: unknown) {
      failure = { error };
      wake();
    },
    changed(signal: AbortSignal) {
      if (read !== content || failure || signal.aborted) return Promise.resolve();
      return new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    },
    async refresh() {
      const now = content;
      await gate;
      if (failure) throw failure.error;
      const before = read;
      read = now;
      return before === now ? null : before === -1 ? `all ${now}` : `${before} to ${now}`;
    },
    whole: () => `all ${read}`,
    [Symbol.asyncDispose]() {
      list.isDisposed = true;
      return Promise.resolve();
    },
  };
  return list;
}

interface FakeReader extends Reader<string> {
  isFull: boolean;
  readonly got: string[];
  drain(): void;
}

function fakeReader(isFull = false): FakeReader {
  let drain = (): void => undefined;
  const reader: FakeReader = {
    isFull,
    got: [],
    send(message) {
      reader.got.push(message);
    },
    drained: () =>
      reader.isFull
        ? new Promise((resolve) => {
            drain = resolve;
          })
        : Promise.resolve(),
    drain() {
      reader.isFull = false;
      drain();
    },
  };
  return reader;
}

let groups: ListGroups<string>;
let lists: FakeList[];
let topic: ListTopic<string, string>;

beforeEach(() => {
  groups = createListGroups();
  lists = [];
  topic = {
    key: 'list',
    open() {
      const list = fakeList();
      lists.push(list);
      return list;
    },
    render: (update) => Promise.resolve(update),
  };
});

function join(reader: FakeReader): { readonly left: Promise<void>; readonly leave: () => void } {
  const leaving = new AbortController();
  const left = groups.join(topic, reader, leaving.signal);
  left.catch(() => undefined);
  return {
    left,
    leave: () => {
      leaving.abort();
    },
  };
}

async function expectGot(reader: FakeReader, ...messages: readonly string[]): Promise<void> {
  await eventually(
    () => {
      expect(reader.got).toEqual(messages);
    },
    { interval: 1 },
  );
}

/** A reader that has the list. */
async function joined(): Promise<{
  readonly reader: FakeReader;
  readonly list: FakeList;
  readonly leave: () => void;
}> {
  const reader = fakeReader();
  const { leave } = join(reader);
  await expectGot(reader, 'all 0');
  const [list] = lists.slice(-1);
  if (!list) throw new Error('no list was opened');
  return { reader, list, leave };
}

test('who comes first opens the list, and who comes later gets all of it, then each change', async () => {
  const { reader, list } = await joined();
  list.change();
  await expectGot(reader, 'all 0', '0 to 1');
  const later = fakeReader();
  join(later);
  await expectGot(later, 'all 1');
  list.change();
  await expectGot(reader, 'all 0', '0 to 1', '1 to 2');
  await expectGot(later, 'all 1', '1 to 2');
  expect(lists).toHaveLength(1);
});

test('who comes while the list is read gets one that is not older than their coming', async () => {
  const { reader, list } = await joined();
  list.hold();
  list.change();
  const refresh = vi.spyOn(list, 'refresh');
  await eventually(() => {
    expect(refresh).toHaveBeenCalled();
  });
  list.change();
  const later = fakeReader();
  join(later);
  list.go();
  await expectGot(later, 'all 2');
  await expectGot(reader, 'all 0', '0 to 1', '1 to 2');
});

test('a reader that is full skips changes, then gets the whole list; the others get each change', async () => {
  const { reader, list } = await joined();
  const slow = fakeReader();
  join(slow);
  await expectGot(slow, 'all 0');
  slow.isFull = true;
  list.change();
  await expectGot(reader, 'all 0', '0 to 1');
  list.change();
  await expectGot(reader, 'all 0', '0 to 1', '1 to 2');
  expect(slow.got).toEqual(['all 0']);
  slow.drain();
  await expectGot(slow, 'all 0', 'all 2');
  list.change();
  await expectGot(slow, 'all 0', 'all 2', '2 to 3');
});

test('a reader that is full when it comes gets the list as soon as there is room', async () => {
  const { reader } = await joined();
  const slow = fakeReader(true);
  join(slow);
  const other = fakeReader();
  join(other);
  await expectGot(other, 'all 0');
  expect(slow.got).toEqual([]);
  slow.drain();
  await expectGot(slow, 'all 0');
  expect(reader.got).toEqual(['all 0']);
});

test('who has left gets nothing of what was on its way', async () => {
  const { reader, list } = await joined();
  const gone = fakeReader();
  list.hold();
  const { leave, left } = join(gone);
  leave();
  await left;
  list.go();
  list.change();
  await expectGot(reader, 'all 0', '0 to 1');
  expect(gone.got).toEqual([]);
});

test('who has left before coming opens nothing', async () => {
  await groups.join(topic, fakeReader(), AbortSignal.abort());
  expect(groups.size).toBe(0);
  expect(lists).toEqual([]);
});

test('the last to leave closes the list, and the next opens another', async () => {
  const { list, leave } = await joined();
  const other = join(fakeReader());
  leave();
  expect(groups.size).toBe(1);
  other.leave();
  expect(groups.size).toBe(0);
  await eventually(() => {
    expect(list.isDisposed).toBe(true);
  });
  await joined();
  expect(lists).toHaveLength(2);
});

test.each([new Error('gone'), 'gone'])('what ends the list ends all its readers: %s', async (error) => {
  const { list } = await joined();
  const others = [join(fakeReader()), join(fakeReader())];
  list.fail(error);
  for (const { left } of others) await expect(left).rejects.toThrow('gone');
  expect(groups.size).toBe(0);
  expect(list.isDisposed).toBe(true);
});

test('a message that can not be made ends all readers', async () => {
  topic = { ...topic, render: () => Promise.reject(new Error('broken')) };
  await expect(join(fakeReader()).left).rejects.toThrow('broken');
  expect(groups.size).toBe(0);
});
