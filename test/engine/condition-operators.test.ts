/** What each operator means for each kind of value: the table of docs/conditions.md, cell by cell. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentReader } from '../../src/engine/condition/moment.ts';
import { attributeOperands, textOperand } from '../../src/engine/condition/operand.ts';
import { isMet } from '../../src/engine/condition/operators.ts';
import type { Json, Operator } from '../../src/engine/definition.ts';
import { anyAttribute, anyValues } from '../support/any-json.ts';
import { isOperator, KINDS, OPERATORS, TABLE } from '../support/condition-table.ts';
import { UTC_CALENDAR } from '../support/utc-calendar.ts';

const moments = momentReader(UTC_CALENDAR);

function meets(attribute: Json, operator: Operator, values: readonly string[]): boolean {
  return isMet(
    operator,
    attributeOperands([attribute], null, moments),
    values.map((value) => textOperand(value, moments)),
  );
}

describe.each(OPERATORS)('%s', (operator) => {
  describe.each(KINDS)('on %s', (kind) => {
    test.each(TABLE[operator][kind])('%j with %j: %j', (attribute, values, expected) => {
      expect(meets(attribute, operator, values)).toBe(expected);
    });
  });
});

describe('the page on conditions', () => {
  test('has a row for each operator and a column for each kind of value', () => {
    const [head = [], ...rows] = tableOfPage('The table');
    expect(head.slice(1).map((kind) => kind.split(' ')[0])).toEqual([...KINDS]);
    expect(rows.map(([operator]) => operator)).toEqual(OPERATORS);
    expect(rows.flat().filter((cell) => cell === '')).toEqual([]);
  });

  test.each(tableOfPage('Examples').slice(1))('shows %s %s %s as it is: %s', (...cells) => {
    const [attribute = '', operator = '', values = '', expected] = cells;
    if (!isOperator(operator)) throw new Error(`no operator ${operator}`);
    const isMetNow = meets(JSON.parse(attribute) as Json, operator, JSON.parse(values) as string[]);
    expect(isMetNow ? 'yes' : 'no').toBe(expected);
  });
});

describe('for any attribute and any values', () => {
  test.each([
    ['NOT_EQUALS', 'EQUALS'],
    ['NONE_OF', 'ANY_OF'],
    ['NOT_CONTAINS', 'CONTAINS'],
    ['IS_NOT_EMPTY', 'IS_EMPTY'],
  ] as const)('%s is met exactly when %s is not', (negation, operator) => {
    fc.assert(
      fc.property(anyAttribute(), anyValues(), (attribute, values) => {
        expect(meets(attribute, negation, values)).toBe(!meets(attribute, operator, values));
      }),
    );
  });

  test('ANY_OF with one value is EQUALS', () => {
    fc.assert(
      fc.property(anyAttribute(), anyValues(), (attribute, [value = '']) => {
        expect(meets(attribute, 'ANY_OF', [value])).toBe(meets(attribute, 'EQUALS', [value]));
      }),
    );
  });

  test('what equals a value contains it, unless there is nothing', () => {
    fc.assert(
      fc.property(anyAttribute(), anyValues(), (attribute, values) => {
        const isEqual = meets(attribute, 'EQUALS', values) && meets(attribute, 'IS_NOT_EMPTY', []);
        if (isEqual) expect(meets(attribute, 'CONTAINS', values)).toBe(true);
      }),
    );
  });

  test('OR_EQUALS is met wherever the strict comparison is', () => {
    fc.assert(
      fc.property(anyAttribute(), anyValues(), (attribute, values) => {
        if (meets(attribute, 'GREATER_THAN', values))
          expect(meets(attribute, 'GREATER_THAN_OR_EQUALS', values)).toBe(true);
        if (meets(attribute, 'LESS_THAN', values))
          expect(meets(attribute, 'LESS_THAN_OR_EQUALS', values)).toBe(true);
      }),
    );
  });

  test('a list of one element is that element', () => {
    fc.assert(
      fc.property(
        anyAttribute(),
        anyValues(),
        fc.constantFrom(...OPERATORS),
        (attribute, values, operator) => {
          expect(meets([attribute], operator, values)).toBe(meets(attribute, operator, values));
        },
      ),
    );
  });
});

test('lists nested deeper than calls can be are looked at all the same', () => {
  let deep: Json = 'found';
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
  expect(meets(deep, 'EQUALS', ['found'])).toBe(true);
});

test('of an attribute the first thousand values are looked at', () => {
  const values = Array.from({ length: 1_001 }, (_, index) => index + 1);
  expect(meets(values, 'EQUALS', ['1000'])).toBe(true);
  expect(meets(values, 'EQUALS', ['1001'])).toBe(false);
});

/** The rows of the table below a heading, the first one too, without the marks of code. */
function tableOfPage(heading: string): string[][] {
  const page = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8');
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| -'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  );
}
