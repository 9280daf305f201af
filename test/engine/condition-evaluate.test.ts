/** Branches and their statements, over entities and the execution itself. */
import { describe, expect, test } from 'vitest';
import { evaluateBranches } from '../../src/engine/condition/evaluate.ts';
import { branchResult, fact, on, result, statement, verdict, worldOf } from '../support/conditions.ts';
import { branch, equals, factsOf, taskOf } from '../support/workflow.ts';

describe('a branch', () => {
  const world = worldOf({ city: 'Köln' });
  const met = equals('city', 'Köln');
  const unmet = equals('city', 'Bonn');

  test.each([
    ['AND', 'met', true],
    ['AND', 'met met', true],
    ['AND', 'met unmet', false],
    ['AND', 'unmet met', false],
    ['AND', 'unmet unmet', false],
    ['AND', '', false],
    ['OR', 'met met', true],
    ['OR', 'unmet met', true],
    ['OR', 'met unmet', true],
    ['OR', 'unmet unmet', false],
    ['OR', '', false],
  ] as const)('with %s over "%s": %j', (connective, words, expected) => {
    const statements = words
      .split(' ')
      .flatMap((word) => (word === '' ? [] : [word === 'met' ? met : unmet]));
    expect(branchResult({ connective, statements }, world).isMet).toBe(expected);
  });

  test('is not met for being the default', () => {
    expect(branchResult({ isDefault: true }, world)).toEqual({
      branchKey: 'yes',
      isMet: false,
      statements: [],
    });
  });

  test('that is settled by its first statement has the results of all', () => {
    const { statements } = branchResult({ connective: 'OR', statements: [met, unmet, met] }, world);
    expect(statements.map(({ isMet }) => isMet)).toEqual([true, false, true]);
  });

  test('has its result at its place', () => {
    const results = evaluateBranches([branch('a'), branch('b', { statements: [met] }), branch('c')], world);
    expect(results.map(({ branchKey, isMet }) => [branchKey, isMet])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ]);
  });
});

describe('a statement over several paths', () => {
  const world = worldOf({ a: 'x', b: 'y' });

  test.each([
    ['ANY', 'EQUALS', ['a', 'b'], true],
    ['ALL', 'EQUALS', ['a', 'b'], false],
    ['ALL', 'EQUALS', ['a', 'a'], true],
    ['ANY', 'EQUALS', ['b', 'missing'], false],
    ['ANY', 'NOT_EQUALS', ['a', 'b'], true],
    ['ALL', 'NOT_EQUALS', ['a', 'b'], false],
    ['ALL', 'NOT_EQUALS', ['b', 'missing'], true],
    ['ANY', 'NOT_EQUALS', [], false],
    ['ALL', 'NOT_EQUALS', [], false],
  ] as const)('is met if %s %s: %j is %j', (match, operator, paths, expected) => {
    expect(verdict(statement(on(paths, { match }), operator, ['x']), world)).toBe(expected);
  });

  test('has an input for each of them', () => {
    expect(result(statement(on(['a', 'missing', 'b']), 'EQUALS', ['x']), world).inputs).toEqual([
      { name: 'a', value: 'x' },
      { name: 'missing', value: null },
      { name: 'b', value: 'y' },
    ]);
  });
});

describe('the entity of a statement', () => {
  const order = { id: 'o', schema: 'order', title: 'Order', attributes: { city: 'Köln' } };
  const contact = { id: 'c', schema: 'contact', title: 'Bea', attributes: { city: 'Bonn' } };
  const world = worldOf({}, { facts: { ...factsOf({}), entities: [order, contact] } });

  test('is the one that the execution was started on', () => {
    expect(verdict(equals('city', 'Köln'), world)).toBe(true);
  });

  test('is another one by its schema', () => {
    const source = on('city', { entitySchema: 'contact' });
    expect(verdict(statement(source, 'EQUALS', ['Bonn']), world)).toBe(true);
  });

  test('has nothing but missing values if the execution has none of this schema', () => {
    const source = on('city', { entitySchema: 'contract' });
    expect(verdict(statement(source, 'IS_EMPTY', []), world)).toBe(true);
    expect(result(statement(source, 'NOT_EQUALS', ['Bonn']), world)).toEqual({
      isMet: true,
      inputs: [{ name: 'city', value: null }],
      values: ['Bonn'],
    });
  });

  test('is none if the execution has none', () => {
    const alone = worldOf({}, { facts: { ...factsOf({}), entities: [] } });
    expect(verdict(statement(on('a'), 'IS_EMPTY', []), alone)).toBe(true);
  });
});

describe('a fact of the execution', () => {
  const assignees = [
    { type: 'USER', id: 'anna' },
    { type: 'TEAM', id: 'field' },
    { type: 'VARIABLE', id: '{{entity.owner}}' },
  ] as const;
  const base = worldOf({});
  const state = {
    ...base.state,
    execution: { ...base.state.execution, assignees, dueAt: '2026-03-31T10:00:00.000Z' },
    phases: base.state.phases.map((phase) => ({ ...phase, status: 'IN_PROGRESS' as const })),
    tasks: base.state.tasks.map((item) =>
      item.key === 'visit'
        ? { ...item, status: 'COMPLETED' as const, finishedAt: '2026-03-01T10:00:00.000Z' }
        : item,
    ),
  };
  const world = { ...base, state, task: { ...base.task, iterations: 2 } };

  test.each([
    ['NAME', null, 'Solar installation'],
    ['STATUS', null, 'STARTED'],
    ['STARTED_AT', null, '2026-03-02T08:00:00.000Z'],
    ['DUE_AT', null, '2026-03-31T10:00:00.000Z'],
    ['ASSIGNEES', null, ['anna', 'field']],
    ['TASK_STATUS', 'visit', 'COMPLETED'],
    ['TASK_FINISHED_AT', 'visit', '2026-03-01T10:00:00.000Z'],
    ['PHASE_STATUS', 'survey', 'IN_PROGRESS'],
    ['ITERATIONS', null, 2],
    ['TASK_STATUS', 'gone', null],
    ['TASK_STATUS', null, null],
    ['TASK_FINISHED_AT', 'choice', null],
    ['PHASE_STATUS', 'gone', null],
  ] as const)('%s of %s is %j', (name, key, value) => {
    expect(result(statement(fact(name, key), 'IS_EMPTY', []), world)).toEqual({
      isMet: value === null,
      inputs: [{ name, value }],
      values: [],
    });
  });

  test.each([
    ['TASK_STATUS', 'ANY_OF', ['COMPLETED', 'SKIPPED'], true],
    ['ITERATIONS', 'GREATER_THAN_OR_EQUALS', ['2'], true],
    ['ITERATIONS', 'GREATER_THAN', ['2'], false],
    ['ASSIGNEES', 'EQUALS', ['field'], true],
    ['ASSIGNEES', 'EQUALS', ['{{entity.owner}}'], false],
    ['STARTED_AT', 'EQUALS', ['2026-03-02'], true],
    ['DUE_AT', 'LESS_THAN', ['2026-03-02'], false],
  ] as const)('is compared like an attribute: %s %s %j: %j', (name, operator, values, expected) => {
    expect(verdict(statement(fact(name, 'visit'), operator, values), world)).toBe(expected);
  });

  test('may have an offset', () => {
    const due = fact('DUE_AT', null, { amount: -30, unit: 'DAYS' });
    expect(verdict(statement(due, 'LESS_THAN', ['today'], 'RELATIVE_DATE'), world)).toBe(true);
    expect(verdict(statement(due, 'EQUALS', ['yesterday'], 'RELATIVE_DATE'), world)).toBe(true);
  });

  test('is not that of a task that was added by hand', () => {
    const byHand = { ...base.state, tasks: [{ ...taskOf(base.state, 'visit'), key: null }] };
    expect(verdict(statement(fact('TASK_STATUS', null), 'IS_EMPTY', []), { ...base, state: byHand })).toBe(
      true,
    );
  });
});

test('what was looked at is kept as a list where a path leads to several values', () => {
  const world = worldOf({ items: [{ price: 5 }, { price: 20 }] });
  const only = statement(on('items.price'), 'GREATER_THAN', ['10']);
  expect(result(only, world)).toEqual({
    isMet: true,
    inputs: [{ name: 'items.price', value: [5, 20] }],
    values: ['10'],
  });
});

test('long values are kept in part', () => {
  const world = worldOf({ text: 'x'.repeat(9_000), list: Array.from({ length: 50 }, () => 1) });
  const { inputs } = result(statement(on(['text', 'list']), 'IS_EMPTY', []), world);
  expect(inputs[0]?.value).toHaveLength(500);
  expect(inputs[1]?.value).toHaveLength(21);
});
