import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference, type ListChange } from '../../src/live/list/difference.ts';
import { applyChanges } from '../support/live-list.ts';

const IDS = Array.from('abcdefghij');
const OTHERS = Array.from('klm');
const NOTHING: ReadonlySet<string> = new Set();

/** What a client makes of the list by applying the changes. */
function applied(before: readonly string[], changes: readonly ListChange[]): readonly string[] {
  return applyChanges(
    before,
    changes.map((change) => ({ ...change, row: change.kind === 'LEFT' ? null : change.id })),
  );
}

/** `'MOVED b 1>0'`, `'LEFT a 0'`. */
function short(changes: readonly ListChange[]): string[] {
  return changes.map((change) => {
    const from = change.kind === 'MOVED' ? `${change.previousIndex}>` : '';
    return `${change.kind} ${change.id} ${from}${change.index}`;
  });
}

/** Of lists whose ids are written one after the other. */
function between(before: string, after: string, touched = ''): string[] {
  return short(difference(Array.from(before), Array.from(after), new Set(touched)));
}

/** The length of a longest common subsequence of two orders of the same ids: by trying all, so for few ids. */
function mostThatCanStay(before: readonly string[], after: readonly string[]): number {
  const [first, ...rest] = before;
  if (first === undefined) return 0;
  const without = mostThatCanStay(rest, after);
  const place = after.indexOf(first);
  return place < 0 ? without : Math.max(without, 1 + mostThatCanStay(rest, after.slice(place + 1)));
}

describe('the difference of two lists', () => {
  test('is nothing if they are the same', () => {
    expect(between('abc', 'abc')).toEqual([]);
  });

  test('is one change for one row that comes, goes, jumps or is touched', () => {
    expect(between('abc', 'abxc')).toEqual(['ENTERED x 2']);
    expect(between('abc', 'ac')).toEqual(['LEFT b 1']);
    expect(between('abcde', 'eabcd')).toEqual(['MOVED e 4>0']);
    expect(between('abcde', 'bcdea')).toEqual(['MOVED a 0>4']);
    expect(between('abc', 'abc', 'b')).toEqual(['UPDATED b 1']);
  });

  test('is everything as entered for a reader who has nothing', () => {
    expect(between('', 'ab')).toEqual(['ENTERED a 0', 'ENTERED b 1']);
  });

  test('tells of a touched row once: a row that enters or moves comes with its content', () => {
    expect(between('abcd', 'xdabc', 'xda')).toEqual(['ENTERED x 0', 'MOVED d 4>1', 'UPDATED a 2']);
  });
});

describe('for any two lists', () => {
  const lists = fc
    .uniqueArray(fc.constantFrom(...IDS), { maxLength: 8 })
    .chain((before) =>
      fc.tuple(
        fc.constant(before),
        fc.uniqueArray(fc.constantFrom(...before, ...OTHERS), { maxLength: 8 }),
        fc.subarray([...IDS, ...OTHERS]),
      ),
    );

  test('applying the changes to the old one makes the new one', () => {
    fc.assert(
      fc.property(lists, ([before, after, touched]) => {
        expect(applied(before, difference(before, after, new Set(touched)))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test('as few rows move as possible, none that stays is told of, and nothing is told twice', () => {
    fc.assert(
      fc.property(lists, ([before, after]) => {
        const changes = difference(before, after, NOTHING);
        const moved = changes.filter(({ kind }) => kind === 'MOVED');
        const common = before.filter((id) => after.includes(id));
        expect(moved).toHaveLength(common.length - mostThatCanStay(before, after));
        expect(changes).toHaveLength(before.length + after.length - 2 * common.length + moved.length);
        expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
      }),
      { numRuns: 300 },
    );
  });

  test('every touched row of the new one is told of exactly once, and comes with its content', () => {
    fc.assert(
      fc.property(lists, ([before, after, touched]) => {
        const told = difference(before, after, new Set(touched)).filter(({ kind }) => kind !== 'LEFT');
        const ids = told.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of touched.filter((one) => after.includes(one))) expect(ids).toContain(id);
      }),
    );
  });
});
