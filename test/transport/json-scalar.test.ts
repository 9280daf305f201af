import { GraphQLScalarType, parseValue } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const scalar = schema.getType('JSON');
if (!(scalar instanceof GraphQLScalarType)) throw new Error('there is no scalar JSON');

const asVariable = (text: string): unknown => scalar.parseValue(JSON.parse(text));
const asLiteral = (text: string): unknown => scalar.parseLiteral(parseValue(text));

function codeOf(parse: () => unknown): unknown {
  try {
    parse();
    return null;
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code;
  }
}

function nested(levels: number, inner = '1'): string {
  return '['.repeat(levels) + inner + ']'.repeat(levels);
}

const WAYS = [
  ['a variable', asVariable],
  ['a literal', asLiteral],
] as const;

test.each(WAYS)('ordinary JSON is taken as %s', (_way, parse) => {
  expect(parse('[1, -2.5, "a", true, null, []]')).toEqual([1, -2.5, 'a', true, null, []]);
});

test.each(WAYS)('50 levels are taken as %s, not 51', (_way, parse) => {
  expect(codeOf(() => parse(nested(50)))).toBeNull();
  expect(codeOf(() => parse(nested(51)))).toBe('BAD_USER_INPUT');
  expect(codeOf(() => parse(nested(51, '')))).toBe('BAD_USER_INPUT');
});

test('levels of objects count as well', () => {
  const text = '{"a":'.repeat(51) + '1' + '}'.repeat(51);
  expect(codeOf(() => asVariable(text))).toBe('BAD_USER_INPUT');
});

test('a hundred thousand levels are refused like 51', () => {
  expect(codeOf(() => asVariable(nested(100_000)))).toBe('BAD_USER_INPUT');
});

test('a hundred thousand values next to each other are taken', () => {
  expect(codeOf(() => asVariable(JSON.stringify(Array(100_000).fill({ a: 1 }))))).toBeNull();
});

test.each(WAYS)('a number too large to be kept is refused as %s', (_way, parse) => {
  expect(codeOf(() => parse('1e400'))).toBe('BAD_USER_INPUT');
  expect(codeOf(() => parse('[[-1e400]]'))).toBe('BAD_USER_INPUT');
  expect(codeOf(() => parse('1e300'))).toBeNull();
});
