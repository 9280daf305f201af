/** The table of docs/conditions.md as cases: for each operator and each kind of attribute what is met and what is not. */
import type { Json, Operator } from '../../src/engine/definition.ts';

export const KINDS = ['text', 'number', 'boolean', 'date', 'list', 'missing'] as const;
export type Kind = (typeof KINDS)[number];

/** An attribute, the values that it is compared with, and whether the statement is met. */
export type Case = readonly [attribute: Json, values: readonly string[], isMet: boolean];

type Column<T> = Readonly<Record<Kind, readonly T[]>>;

const NOON = '2026-05-31T12:00:00Z';

const EQUAL: Column<Case> = {
  text: [
    ['Berlin', ['Berlin'], true],
    ['Berlin', ['berlin '], true],
    [' BERLIN', ['Berlin'], true],
    ['Zu\u0308rich', ['Z\u00fcrich'], true],
    ['Berlin', ['Berl'], false],
    ['Berlin', [''], false],
    ['12.5', ['12.50'], false],
    ['01', ['1'], false],
    ['Berlin', ['Bonn', 'Berlin'], true],
    ['Berlin', ['Bonn', ''], false],
    ['Berlin', [], false],
  ],
  number: [
    [12.5, ['12.50'], true],
    [12.5, [' +12.5 '], true],
    [-3, ['-3'], true],
    [12.5, ['12'], false],
    [12.5, ['twelve'], false],
    [0, [''], false],
    [0, ['0'], true],
    [7, ['5', '6', '7'], true],
    [7, [], false],
  ],
  boolean: [
    [true, ['true'], true],
    [true, ['TRUE'], true],
    [false, ['false'], true],
    [false, ['true'], false],
    [false, [''], false],
    [true, ['1'], false],
    [true, ['yes'], false],
    [true, ['false', 'true'], true],
  ],
  date: [
    ['2026-05-31', ['2026-05-31'], true],
    ['2026-05-31', ['2026-06-01'], false],
    [NOON, ['2026-05-31'], true],
    ['2026-05-31', [NOON], true],
    [NOON, ['2026-05-31T14:00:00+02:00'], true],
    [NOON, ['2026-05-31T12:00'], true],
    [NOON, ['2026-05-31T12:00:01Z'], false],
    [NOON, ['2026'], false],
    ['2026-02-30', ['2026-02-30'], true],
    ['2026-02-30', ['2026-03-02'], false],
    [NOON, ['2026-05-30', '2026-05-31'], true],
  ],
  list: [
    [['solar', 'roof'], ['ROOF'], true],
    [['solar', 'roof'], ['sol'], false],
    [['solar', 'roof'], ['wind', 'roof'], true],
    [[1, 2], ['2.0'], true],
    [[['deep']], ['deep'], true],
    [[null, 'x'], [''], false],
    [{ id: '17', label: 'Berlin' }, ['berlin'], true],
    [{ id: '17', label: 'Berlin' }, ['label'], false],
    [{ $relation: [{ id: '17' }] }, ['17'], true],
  ],
  missing: [
    [null, ['Berlin'], false],
    [null, ['null'], false],
    [null, [''], true],
    ['', [' '], true],
    ['  ', ['x', ''], true],
    [[], [''], true],
    [{}, [''], true],
    [[], ['[]'], false],
    [null, [], false],
  ],
};

const CONTAINED: Column<Case> = {
  text: [
    ['Berlin', ['ERL'], true],
    ['Berlin', ['Berlin'], true],
    ['Berlin', ['bonn'], false],
    ['Berlin', ['bonn', 'lin'], true],
    ['Berlin', [''], false],
    ['12.50', ['2.5'], true],
    ['erl', ['Berlin'], false],
  ],
  number: [
    [15, ['15'], true],
    [15, ['5'], false],
    [15, [''], false],
  ],
  boolean: [
    [true, ['true'], true],
    [true, ['tr'], false],
  ],
  date: [
    [NOON, ['2026-05'], true],
    [NOON, ['2026-05-31'], true],
    [NOON, ['2026-05-31T14:00:00+02:00'], true],
    [NOON, ['2027'], false],
  ],
  list: [
    [['solar', 'roof'], ['roo'], true],
    [['solar', 'roof'], ['wind'], false],
    [[15, 20], ['5'], false],
    [[15, 20], ['20'], true],
    [{ street: 'Am Rain 3', city: 'Köln' }, ['rain'], true],
  ],
  missing: [
    [null, ['x'], false],
    [null, [''], false],
    [' ', [' '], false],
  ],
};

const STARTS: Column<Case> = {
  text: [
    ['Berlin', ['ber'], true],
    [' Berlin', ['Ber'], true],
    ['Berlin', ['lin'], false],
    ['Berlin', ['bonn', 'b'], true],
    ['Berlin', [''], false],
  ],
  number: [
    [30115, ['30'], true],
    [30115, ['15'], false],
  ],
  boolean: [
    [true, ['t'], false],
    [true, ['true'], false],
  ],
  date: [
    [NOON, ['2026-05-31'], true],
    [NOON, ['2026-06'], false],
    ['2026-05-31', [NOON], false],
  ],
  list: [
    [['solar', 'roof'], ['ro'], true],
    [['solar', 'roof'], ['oof'], false],
  ],
  missing: [
    [null, ['n'], false],
    ['', [''], false],
  ],
};

const ENDS: Column<Case> = {
  text: [
    ['Berlin', ['LIN'], true],
    ['Berlin ', ['lin'], true],
    ['Berlin', ['ber'], false],
    ['Berlin', ['bonn', 'n'], true],
    ['Berlin', [''], false],
  ],
  number: [
    [30115, ['15'], true],
    [30115, ['30'], false],
  ],
  boolean: [
    [true, ['e'], false],
    [true, ['true'], false],
  ],
  date: [
    ['2026-05-31', ['31'], true],
    ['2026-05-31', ['30'], false],
  ],
  list: [
    [['solar', 'roof'], ['lar'], true],
    [['solar', 'roof'], ['sol'], false],
  ],
  missing: [
    [null, ['l'], false],
    ['', [''], false],
  ],
};

/** How the attribute's elements stand to the value: `'<>'` is a list with smaller and greater ones, `''` can't be told. */
type OrderCase = readonly [
  attribute: Json,
  values: readonly string[],
  signs: '' | '<' | '=' | '>' | '<>' | '<=',
];

const ORDER: Column<OrderCase> = {
  text: [
    ['12.50', ['9'], '>'],
    ['9', ['12.50'], '<'],
    ['12.50', ['12.5'], '='],
    ['b', ['A'], '>'],
    ['A', ['b'], '<'],
    ['a ', ['A'], '='],
    ['n/a', ['100'], ''],
    ['100', ['abc'], ''],
    ['abc', ['2026-05-31'], ''],
    ['b', [''], ''],
    ['b', [], ''],
    ['b', ['c', 'a'], '<'],
    ['b', ['', 'a'], ''],
  ],
  number: [
    [500, ['499.99'], '>'],
    [500, [' 500.00 '], '='],
    [500, ['501'], '<'],
    [-1, ['-2'], '>'],
    [500, ['many'], ''],
    [500, [''], ''],
    [500, ['900', '1'], '<'],
    [500, ['2026-05-31'], ''],
  ],
  boolean: [
    [true, ['false'], ''],
    [true, ['true'], ''],
    [false, ['a'], ''],
    [true, ['0'], ''],
  ],
  date: [
    ['2026-06-01', ['2026-05-31'], '>'],
    ['2026-05-31', ['2026-05-31'], '='],
    ['2026-05-31', ['2026-06-01'], '<'],
    [NOON, ['2026-05-31'], '='],
    [NOON, ['2026-05-30'], '>'],
    ['2026-05-31', [NOON], '='],
    [NOON, ['2026-05-31T11:59:59.999Z'], '>'],
    [NOON, ['2026-05-31T12:00:00.001Z'], '<'],
    [NOON, ['2026-05-31T14:00:00+02:00'], '='],
    [NOON, ['2026-05-31T13:30:00+02:00'], '>'],
    [NOON, ['abc'], ''],
    [NOON, ['5'], ''],
    ['2026-06-31', ['2026-05-31'], ''],
  ],
  list: [
    [[1, 20], ['10'], '<>'],
    [[1, 2], ['10'], '<'],
    [[1, 10], ['10'], '<='],
    [['n/a', 20], ['10'], '>'],
    [['2026-01-01', '2027-01-01'], ['2026-05-31'], '<>'],
    [{ net: 91, gross: 95 }, ['90'], '>'],
  ],
  missing: [
    [null, ['0'], ''],
    [null, ['z'], ''],
    ['', ['-1'], ''],
    [[], ['-1'], ''],
    [null, [''], ''],
  ],
};

const EMPTY: Column<Case> = {
  text: [
    ['x', [], false],
    [' x ', [], false],
    ['\u00a0\n', [], true],
  ],
  number: [
    [0, [], false],
    [7, [], false],
  ],
  boolean: [
    [false, [], false],
    [true, [], false],
  ],
  date: [[NOON, [], false]],
  list: [
    [['x'], [], false],
    [[''], [], true],
    [[null, [' ', {}]], [], true],
    [[[], 0], [], false],
    [{ city: '' }, [], true],
    [{ city: 'Köln' }, [], false],
  ],
  missing: [
    [null, [], true],
    ['', [], true],
    ['  ', [], true],
    [[], [], true],
    [{}, [], true],
  ],
};

/** What is met and what is not, operator by operator. */
export const TABLE: Readonly<Record<Operator, Column<Case>>> = {
  EQUALS: EQUAL,
  NOT_EQUALS: negated(EQUAL),
  ANY_OF: EQUAL,
  NONE_OF: negated(EQUAL),
  CONTAINS: CONTAINED,
  NOT_CONTAINS: negated(CONTAINED),
  STARTS_WITH: STARTS,
  ENDS_WITH: ENDS,
  GREATER_THAN: ordered('>'),
  LESS_THAN: ordered('<'),
  GREATER_THAN_OR_EQUALS: ordered('>', '='),
  LESS_THAN_OR_EQUALS: ordered('<', '='),
  IS_EMPTY: EMPTY,
  IS_NOT_EMPTY: negated(EMPTY),
};

export const OPERATORS = Object.keys(TABLE).filter(isOperator);

export function isOperator(name: string): name is Operator {
  return Object.hasOwn(TABLE, name);
}

function negated(column: Column<Case>): Column<Case> {
  return mapped(column, ([attribute, values, isMet]) => [attribute, values, !isMet]);
}

function ordered(...signs: readonly string[]): Column<Case> {
  return mapped(ORDER, ([attribute, values, found]) => [
    attribute,
    values,
    signs.some((sign) => found.includes(sign)),
  ]);
}

function mapped<T>(column: Column<T>, map: (item: T) => Case): Column<Case> {
  return {
    text: column.text.map(map),
    number: column.number.map(map),
    boolean: column.boolean.map(map),
    date: column.date.map(map),
    list: column.list.map(map),
    missing: column.missing.map(map),
  };
}
