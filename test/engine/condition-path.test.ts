/** Paths into attributes: what they lead to, and what writing to them changes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MAX_PATH_LENGTH,
  parsePath,
  parsePlainPath,
  readPath,
  writePath,
} from '../../src/engine/condition/path.ts';
import type { Json } from '../../src/engine/definition.ts';
import { anyAttribute, anyAttributes, anyText } from '../support/any-json.ts';

const ATTRIBUTES = {
  title: 'Roof',
  address: { city: 'Köln', geo: null },
  contacts: [
    { email: 'a@example.com', phones: ['1', '2'] },
    { name: 'Bea' },
    { email: 'c@example.com', phones: ['3'] },
  ],
  tags: ['solar', 'roof'],
  matrix: [[{ x: 1 }], [{ x: 2 }, { x: 3 }]],
  'delivery.date': { 'to "be"': '2026-05-31' },
  $relation: [{ entity_id: '17' }],
  length: 4,
};

function anyPath(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    'a',
    'city',
    '.',
    '..',
    '[0]',
    '[*]',
    '[',
    ']',
    '["',
    '"]',
    '\\',
    '__proto__',
  );
  return fc.oneof(
    anyText(),
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
  );
}

describe('a path leads to', () => {
  const found: readonly (readonly [string, readonly Json[]])[] = [
    ['title', ['Roof']],
    ['address.city', ['Köln']],
    ['address.geo', [null]],
    ['address', [{ city: 'Köln', geo: null }]],
    ['contacts[0].email', ['a@example.com']],
    ['contacts[2].phones[0]', ['3']],
    ['contacts[*].email', ['a@example.com', 'c@example.com']],
    ['contacts.email', ['a@example.com', 'c@example.com']],
    ['contacts.phones', [['1', '2'], ['3']]],
    ['contacts.phones[0]', ['1', '3']],
    ['contacts.phones[*]', ['1', '2', '3']],
    ['tags', [['solar', 'roof']]],
    ['tags[1]', ['roof']],
    ['matrix.x', [1, 2, 3]],
    ['["delivery.date"]["to \\"be\\""]', ['2026-05-31']],
    ['$relation.entity_id', ['17']],
    ['length', [4]],
  ];
  test.each(found)('%s: %j', (path, values) => {
    expect(readPath(ATTRIBUTES, path)).toEqual(values);
  });
});

describe('a path leads nowhere', () => {
  test.each([
    'missing',
    'address.street',
    'address.geo.lat',
    'address[0]',
    'address[*]',
    'title.length',
    'title[0]',
    'tags.length',
    'contacts[3].email',
    'contacts.constructor',
    'toString',
    'constructor.name',
    'hasOwnProperty',
  ])('%s', (path) => {
    expect(readPath(ATTRIBUTES, path)).toEqual([]);
  });
});

describe('no path is', () => {
  test.each([
    '',
    ' ',
    '.',
    'a.',
    '.a',
    'a..b',
    'a b',
    ' a',
    '[0]',
    '[*].a',
    'a[-1]',
    'a[1.5]',
    'a[]',
    'a[x]',
    'a[0',
    'a]',
    'a.[0]',
    'a[0]b',
    'a[""]',
    'a["b]',
    'a["b\\n"]',
    'a["b"c"]',
    '__proto__',
    'a.__proto__.b',
    'a["__proto__"]',
    'a'.repeat(MAX_PATH_LENGTH + 1),
  ])('%s', (path) => {
    expect(parsePath(path)).toBeNull();
    expect(readPath(ATTRIBUTES, path)).toEqual([]);
  });
});

test('a path is told as its parts', () => {
  expect(parsePath('a["b.c"][12][*].d-e')).toEqual([
    { type: 'NAME', name: 'a' },
    { type: 'NAME', name: 'b.c' },
    { type: 'INDEX', index: 12 },
    { type: 'EACH' },
    { type: 'NAME', name: 'd-e' },
  ]);
});

test('a plain path has names only', () => {
  expect(parsePlainPath('a.b["c d"]')).toEqual(['a', 'b', 'c d']);
  expect(parsePlainPath('a[0].b')).toBeNull();
  expect(parsePlainPath('a[*]')).toBeNull();
  expect(parsePlainPath('a..b')).toBeNull();
});

test('reading yields at most a thousand values', () => {
  const items = Array.from({ length: 1_500 }, (_, price) => ({ price }));
  expect(readPath({ items }, 'items.price')).toHaveLength(1_000);
  expect(readPath({ items }, 'items[*]')).toHaveLength(1_000);
  expect(readPath({ items }, 'items[1499].price')).toEqual([1_499]);
});

test('any text is read as a path or refused, whatever the attributes are', () => {
  fc.assert(
    fc.property(anyAttributes(), anyPath(), (attributes, path) => {
      const values = readPath(attributes, path);
      if (parsePath(path) === null) expect(values).toEqual([]);
      expect(values).not.toContain(Object.prototype);
    }),
  );
});

test('a text made to be slow to parse is refused', () => {
  for (const text of [
    '["' + '\\"'.repeat(240),
    'a' + '[0]'.repeat(160) + '!.',
    '.'.repeat(500),
    '["a"]'.repeat(99) + '["',
  ])
    for (let times = 0; times < 100; times += 1) expect(parsePath(text)).toBeNull();
});

describe('writing', () => {
  test('sets a field and leaves the rest', () => {
    expect(writePath(ATTRIBUTES, 'address.city', 'Bonn')).toEqual({
      ...ATTRIBUTES,
      address: { city: 'Bonn', geo: null },
    });
  });

  test('does not touch what it was given', () => {
    const attributes = { address: { city: 'Köln' } };
    writePath(attributes, 'address.city', 'Bonn');
    expect(attributes).toEqual({ address: { city: 'Köln' } });
  });

  test('makes the objects on the way', () => {
    expect(writePath({}, 'a.b["c.d"]', 1)).toEqual({ a: { b: { 'c.d': 1 } } });
  });

  test.each<[Json]>([['text'], [7], [false], [null]])('puts an object in place of %j on the way', (value) => {
    expect(writePath({ a: value }, 'a.b', 1)).toEqual({ a: { b: 1 } });
  });

  test('replaces a list at the end of the path', () => {
    expect(writePath({ a: [1, 2] }, 'a', 'x')).toEqual({ a: 'x' });
  });

  test.each([
    ['the value stands there', { a: { b: ['x'] } }, 'a.b', ['x']],
    ['a list is on the way', { a: [{ b: 1 }] }, 'a.b', 2],
    ['the path has an index', { a: [1] }, 'a[0]', 2],
    ['the path is none', {}, 'a..b', 2],
    ['the path leads to what objects inherit', {}, '__proto__.polluted', true],
  ] as const)('changes nothing when %s', (_why, attributes, path, value) => {
    expect(writePath(attributes, path, value)).toBe(attributes);
  });

  test('does not mistake what objects inherit for a field', () => {
    const written = writePath({}, 'constructor.prototype.polluted', true);
    expect(written).toEqual({ constructor: { prototype: { polluted: true } } });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('puts the value where reading finds it, and the second time changes nothing', () => {
    fc.assert(
      fc.property(anyAttributes(), anyPath(), anyAttribute(), (attributes, path, value) => {
        const written = writePath(attributes, path, value);
        if (written !== attributes) expect(readPath(written, path)).toEqual([value]);
        expect(writePath(written, path, value)).toBe(written);
      }),
    );
  });
});
