/** Attributes and values as they may come, with a leaning to those that conditions treat in a special way. */
import fc from 'fast-check';
import type { Json } from '../../src/engine/definition.ts';

const NAMES = ['a', 'b', 'city', '__proto__', 'constructor', 'length', 'a.b', ''];
const TEXTS = [
  '',
  ' ',
  'true',
  'Berlin',
  'berlin ',
  '0',
  '12.50',
  '-1',
  '2026-05-31',
  '2026-05-31T12:00:00Z',
  '2026-02-30',
  '0000-01-01',
  '9999-12-31T23:59:59Z',
  '\0',
  '\ud83c',
];

export function anyText(): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme' }));
}

/** Any JSON at all, also with fields that are called like what objects inherit. */
export function anyAttribute(): fc.Arbitrary<Json> {
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      anyText(),
      fc.constantFrom<Json>(null, true, false, 0, 12.5, -1),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('value'), { maxLength: 4 }),
      anyObject(tie('value')),
    ),
  }));
  return value;
}

export function anyAttributes(): fc.Arbitrary<{ readonly [name: string]: Json }> {
  return anyObject(anyAttribute());
}

export function anyValues(): fc.Arbitrary<string[]> {
  return fc.array(anyText(), { maxLength: 3 });
}

/** Made as `JSON.parse` does it: `__proto__` is a field like any other. */
function anyObject(value: fc.Arbitrary<Json>): fc.Arbitrary<{ readonly [name: string]: Json }> {
  return fc
    .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 })
    .map((fields) => Object.fromEntries(fields));
}
