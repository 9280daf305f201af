import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyMapping, attributeMapping, type AttributeMapping } from '../../src/automation/mapping.ts';
import { mergePatch, patchBetween } from '../../src/commands/merge-patch.ts';
import type { Attributes } from '../../src/engine/facts.ts';
import { anyAttribute, anyAttributes } from '../support/any-json.ts';
import { variablesWith } from '../support/automation-variables.ts';

const variables = variablesWith({
  entity: { name: 'Anna', tags: ['a', 'b'], items: [{ sku: 'A' }], customer: { city: 'Ulm', phone: null } },
  input: { price: 12.5 },
});

function mapping(given: object): AttributeMapping {
  return attributeMapping.parse(given);
}

function mapped(attributes: Attributes, ...given: readonly object[]): Attributes {
  return applyMapping(attributes, given.map(mapping), variables);
}

describe('SET', () => {
  test('writes JSON with variables, and makes the objects on the way', () => {
    const value = { price: '{{input.price}}', note: 'for {{entity.name}}', gone: null };
    expect(mapped({ order: 'old' }, { target: 'order.offer', mode: 'SET', value })).toEqual({
      order: { offer: { price: 12.5, note: 'for Anna' } },
    });
  });

  test('removes the attribute if there is no value', () => {
    const before = { order: { offer: 1, other: 2 } };
    expect(mapped(before, { target: 'order.offer', mode: 'SET' })).toEqual({ order: { other: 2 } });
  });
});

describe('COPY', () => {
  test('takes values as they are, and a list through [*]', () => {
    expect(
      mapped(
        {},
        { target: 'price', mode: 'COPY', source: 'input.price' },
        { target: 'skus', mode: 'COPY', source: 'entity.items[*].sku' },
        { target: 'customer', mode: 'COPY', source: 'entity.customer' },
      ),
    ).toEqual({ price: 12.5, skus: ['A'], customer: { city: 'Ulm' } });
  });

  test('of nothing leaves the attribute, or removes it if told so', () => {
    const line = { target: 'a', mode: 'COPY', source: 'entity.customer.phone' };
    expect(mapped({ a: 1 }, line)).toEqual({ a: 1 });
    expect(mapped({ a: 1 }, { ...line, clearsIfEmpty: true })).toEqual({});
  });
});

describe('APPEND', () => {
  test('adds to the list, entry by entry, not twice if told so', () => {
    const line = { target: 'tags', mode: 'APPEND', source: 'entity.tags' };
    expect(mapped({ tags: ['b'] }, line)).toEqual({ tags: ['b', 'a', 'b'] });
    expect(mapped({ tags: ['b'] }, { ...line, isUnique: true })).toEqual({ tags: ['b', 'a'] });
  });

  test('makes a list of nothing and of what is none', () => {
    const line = { target: 'tags', mode: 'APPEND', value: '{{entity.name}}' };
    expect(mapped({}, line)).toEqual({ tags: ['Anna'] });
    expect(mapped({ tags: 'x' }, line)).toEqual({ tags: ['x', 'Anna'] });
  });
});

test('a target that leads through a list is an error', () => {
  expect(() => mapped({ items: [{}] }, { target: 'items.sku', mode: 'SET', value: 1 })).toThrow(
    'items.sku leads through a list',
  );
});

test.each<[what: string, given: object]>([
  ['a target that is no plain path', { target: 'items[0].sku', mode: 'SET', value: 1 }],
  ['COPY without a source', { target: 'a', mode: 'COPY' }],
  ['APPEND of nothing', { target: 'a', mode: 'APPEND' }],
  ['APPEND of two things', { target: 'a', mode: 'APPEND', value: 1, source: 'entity.a' }],
  ['an unknown field', { target: 'a', mode: 'SET', value: 1, script: 'x' }],
])('%s is no mapping', (_what, given) => {
  expect(attributeMapping.safeParse(given).success).toBe(false);
});

test('what was written can be told by a merge patch: the log and the entity agree', () => {
  const lines = fc.record({
    target: fc.constantFrom('a', 'b', 'a.b', 'city', 'a.city.b'),
    mode: fc.constantFrom('SET', 'COPY', 'APPEND'),
    isUnique: fc.boolean(),
    clearsIfEmpty: fc.boolean(),
  });
  fc.assert(
    fc.property(anyAttributes(), anyAttribute(), fc.array(lines, { maxLength: 4 }), (raw, value, all) => {
      const before = mergePatch({}, raw) as Attributes;
      const named = variablesWith({ input: { value } });
      const mappings = all.map((line) =>
        mapping({
          ...line,
          ...(line.mode === 'SET' ? { value: '{{input.value}}' } : { source: 'input.value' }),
        }),
      );
      let after: Attributes;
      try {
        after = applyMapping(before, mappings, named);
      } catch (error) {
        expect(error).toMatchObject({ code: 'LIST_ON_THE_WAY' });
        return;
      }
      expect(mergePatch(before, patchBetween(before, after))).toEqual(after);
    }),
  );
});
