/** Statements about dates: relative ones, and sources with an offset. */
import { describe, expect, test } from 'vitest';
import type { Calendar } from '../../src/engine/calendar.ts';
import type { Json, Operator, Statement } from '../../src/engine/definition.ts';
import { branchResult, on, result, statement, verdict, worldOf } from '../support/conditions.ts';
import { UTC_CALENDAR } from '../support/utc-calendar.ts';

describe('relative dates', () => {
  test.each([
    ['2026-03-02', 'EQUALS', ['today'], true],
    ['2026-03-02T23:59:00Z', 'EQUALS', ['today'], true],
    ['2026-03-03', 'EQUALS', ['yesterday', 'tomorrow'], true],
    ['2026-03-01', 'NONE_OF', ['today', 'yesterday'], false],
    ['2026-03-02T07:59:59Z', 'LESS_THAN', ['now'], true],
    ['2026-03-02T08:00:01Z', 'LESS_THAN', ['now'], false],
    ['2026-03-02', 'LESS_THAN', ['now'], false],
    ['2026-04-02', 'GREATER_THAN', ['today+1m'], false],
    ['2026-04-03', 'GREATER_THAN', ['today+1m'], true],
    ['2026-03-02', 'CONTAINS', ['today'], true],
    ['2026-03-02', 'STARTS_WITH', ['today'], false],
    ['today', 'EQUALS', ['today'], false],
    [20_260_302, 'EQUALS', ['today'], false],
    [null, 'EQUALS', ['today'], false],
    [null, 'NOT_EQUALS', ['today'], true],
    ['2026-03-02', 'EQUALS', ['next week'], false],
    ['2026-03-02', 'NOT_EQUALS', ['next week'], true],
    [null, 'EQUALS', [''], false],
  ] as const)('%j %s %j: %j', (value, operator, values, expected) => {
    expect(verdict(statement(on('a'), operator, values, 'RELATIVE_DATE'), worldOf({ a: value }))).toBe(
      expected,
    );
  });

  test('are kept as the instants that they stood for', () => {
    const only = statement(on('a'), 'ANY_OF', ['today', 'now-1h', 'next week'], 'RELATIVE_DATE');
    expect(result(only, worldOf({ a: 1 })).values).toEqual([
      '2026-03-02T00:00:00.000Z',
      '2026-03-02T07:00:00.000Z',
      'next week',
    ]);
  });
});

describe('an offset', () => {
  const ofAge = (operator: Operator, values: readonly string[]): Statement =>
    statement(on('born', { offset: { amount: 18, unit: 'YEARS' } }), operator, values, 'RELATIVE_DATE');

  test.each<[Json, boolean]>([
    ['2008-03-02', true],
    ['2008-03-03', false],
    ['2008-02-29', true],
    ['1980-01-01T12:00:00Z', true],
    ['long ago', false],
    [1980, false],
    [null, false],
    [['2020-01-01', '2001-01-01'], true],
  ])('tells whether somebody who is born %j is of age: %j', (born, expected) => {
    expect(verdict(ofAge('LESS_THAN_OR_EQUALS', ['today']), worldOf({ born }))).toBe(expected);
  });

  test('leaves what is no date equal to nothing, but there', () => {
    const world = worldOf({ born: 'long ago' });
    const source = on('born', { offset: { amount: 1, unit: 'DAYS' } });
    expect(verdict(statement(source, 'EQUALS', ['long ago']), world)).toBe(false);
    expect(verdict(statement(source, 'NOT_EQUALS', ['long ago']), world)).toBe(true);
    expect(verdict(statement(source, 'IS_NOT_EMPTY', []), world)).toBe(true);
  });

  test('is not added to what is kept', () => {
    expect(result(ofAge('EQUALS', ['today']), worldOf({ born: '2008-03-02' }))).toEqual({
      isMet: true,
      inputs: [{ name: 'born', value: '2008-03-02' }],
      values: ['2026-03-02T00:00:00.000Z'],
    });
  });
});

test('each date is read from the calendar once, however many statements look at it', () => {
  let asked = 0;
  const calendar: Calendar = {
    ...UTC_CALENDAR,
    parse(text) {
      asked += 1;
      return UTC_CALENDAR.parse(text);
    },
  };
  const world = worldOf({ dates: ['2026-01-01', '2026-01-02', 'never', '2026-01-01'] }, { calendar });
  const statements = Array.from({ length: 20 }, () => statement(on('dates'), 'LESS_THAN', ['2020-01-01']));
  expect(branchResult({ connective: 'OR', statements }, world).isMet).toBe(false);
  expect(asked).toBe(3);
});
