/** What a decision keeps of the values that it saw. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recorded } from '../../src/engine/condition/recorded.ts';
import type { Json } from '../../src/engine/definition.ts';
import { isUnstorable } from '../../src/engine/text.ts';
import { anyAttribute } from '../support/any-json.ts';

test.each<[Json]>([
  ['x'.repeat(500)],
  [12.5],
  [false],
  [null],
  [{ city: 'Köln', tags: ['a'] }],
  [Array.from({ length: 20 }, (_, index) => index)],
])('a small value is kept as it is', (value) => {
  expect(recorded(value)).toEqual(value);
});

test('a long text is cut to 500 characters, the last one an ellipsis', () => {
  expect(recorded('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
});

test('a text is not cut in the middle of a character', () => {
  expect(recorded('x'.repeat(498) + '🌞'.repeat(9))).toBe(`${'x'.repeat(498)}…`);
});

test('a long list ends with an ellipsis after 20 items', () => {
  const list = Array.from({ length: 30 }, (_, index) => index);
  expect(recorded(list)).toEqual([...list.slice(0, 20), '…']);
});

test('an object with many fields keeps 20 of them', () => {
  const object = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, index]));
  expect(Object.keys(recorded(object) as object)).toEqual([
    ...Array.from({ length: 20 }, (_, index) => `f${index}`),
    '…',
  ]);
});

test('the fourth level is left out', () => {
  expect(recorded([{ a: [{ b: 1 }, 'x'] }])).toEqual([{ a: ['…', 'x'] }]);
});

test('many long texts are left out together', () => {
  const texts = Array.from({ length: 20 }, () => 'x'.repeat(500));
  expect(recorded(texts)).toEqual([...texts.slice(0, 8), '…']);
});

test('a field with the name of what objects inherit stays a field', () => {
  const value = JSON.parse('{ "__proto__": { "a": 1 } }') as Json;
  expect(JSON.stringify(recorded(value))).toBe('{"__proto__":{"a":1}}');
});

test('any value is kept within bounds', () => {
  fc.assert(
    fc.property(fc.array(anyAttribute()), (values) => {
      expect(JSON.stringify(recorded(values)).length).toBeLessThan(60_000);
    }),
  );
});

test('any text that can be stored is kept as one that can', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 300, maxLength: 600 }), (text) => {
      const kept = recorded(text);
      expect(typeof kept === 'string' && !isUnstorable(kept)).toBe(true);
    }),
  );
});
