import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedPaths, mergePatch, patchBetween, type JsonObject } from '../../src/commands/merge-patch.ts';

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const { object } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer()),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
}));

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A, whose patch is an object.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j and %j is %j', (target, patch, merged) => {
    expect(mergePatch(target, patch)).toEqual(merged);
  });

  test('undoes no difference: the patch between two objects makes the second of the first', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        // Not toEqual, which takes a member named `constructor` for the class.
        expect(isDeepStrictEqual(mergePatch(before, patchBetween(before, after)), after)).toBe(true);
      }),
    );
  });

  test('by the empty patch changes nothing', () => {
    fc.assert(
      fc.property(object, (target) => {
        expect(patchBetween(target, mergePatch(target, {}))).toEqual({});
      }),
    );
  });
});

describe('changedPaths', () => {
  test('name the innermost members that were changed, added and removed', () => {
    const before = { city: 'A', customer: { name: 'N', phone: '1' }, old: { x: 1, y: { z: 2 } } };
    const after = { city: 'A', customer: { name: 'M', phone: '1' }, list: [1], empty: {} };
    expect(changedPaths('attributes', before, after)).toEqual([
      'attributes.customer.name',
      'attributes.empty',
      'attributes.list',
      'attributes.old.x',
      'attributes.old.y.z',
    ]);
  });

  test('are none exactly when the patch between is empty', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const isUnchanged = Object.keys(patchBetween(before, after)).length === 0;
        expect(changedPaths('attributes', before, after).length === 0).toBe(isUnchanged);
      }),
    );
  });
});
