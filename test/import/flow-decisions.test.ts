/** The ways through an imported flow template: decisions and edges. */
import { describe, expect, test } from 'vitest';
import type { BranchDefinition } from '../../src/engine/definition.ts';
import { flowTemplate, leftOut, readFixture, readValue, taskOf } from './documents.ts';

const read = readFixture('flow-template');
const { content } = read;

const task = (key: string) => taskOf(read, key);

function branch(taskKey: string, key: string): BranchDefinition {
  const found = task(taskKey).decision?.branches.find((candidate) => candidate.key === key);
  if (!found) throw new Error(`${taskKey} has no branch ${key}`);
  return found;
}

describe('Decisions', () => {
  test('have a branch for each condition, and one for "none met"', () => {
    expect(task('check').decision).toMatchObject({
      mode: 'AUTOMATIC',
      takes: 'FIRST_MET',
      branches: [
        { key: 'strong', name: 'Strong', isDefault: false, connective: 'AND' },
        { key: 'unclear', name: 'Unclear', isDefault: false, connective: 'OR' },
        { key: 'default', name: 'Otherwise', isDefault: true, statements: [] },
      ],
    });
  });

  test('take every met branch unless the template says otherwise', () => {
    expect(task('choose').decision?.takes).toBe('EVERY_MET');
  });

  test('keep their schedule and their loop, whose exit may be named by its edge', () => {
    expect(task('check').schedule).toMatchObject({ anchor: 'REACHED', amount: 2, unit: 'HOURS' });
    expect(task('check').decision?.loop).toEqual({
      branchKey: 'unclear',
      exitBranchKey: 'default',
      maxIterations: 2,
    });
  });

  test('compare attributes of entities and facts of the execution', () => {
    expect(branch('check', 'strong').statements).toEqual([
      {
        source: { type: 'ENTITY', entitySchema: 'order', paths: ['power_kw'], match: 'ANY', offset: null },
        operator: 'GREATER_THAN_OR_EQUALS',
        values: ['11'],
        valueType: 'STATIC',
      },
      {
        source: {
          type: 'ENTITY',
          entitySchema: 'contact',
          paths: ['first_name', 'last_name'],
          match: 'ALL',
          offset: null,
        },
        operator: 'IS_NOT_EMPTY',
        values: [],
        valueType: 'STATIC',
      },
      {
        source: {
          type: 'ENTITY',
          entitySchema: 'contact',
          paths: ['birth_date'],
          match: 'ANY',
          offset: { amount: 18, unit: 'YEARS' },
        },
        operator: 'LESS_THAN_OR_EQUALS',
        values: ['today'],
        valueType: 'RELATIVE_DATE',
      },
      {
        source: {
          type: 'ENTITY',
          entitySchema: 'contact',
          paths: ['emails[*].email'],
          match: 'ANY',
          offset: null,
        },
        operator: 'ENDS_WITH',
        values: ['@lindental.example'],
        valueType: 'STATIC',
      },
    ]);
    expect(branch('check', 'unclear').statements[0]?.source).toEqual({
      type: 'EXECUTION',
      fact: 'NAME',
      taskKey: null,
      phaseKey: null,
      offset: null,
    });
  });

  test('with a statement that can’t be asked here are left to a person', () => {
    expect(task('choose').decision?.mode).toBe('MANUAL');
    expect(task('choose').decision?.branches.map(({ statements }) => statements)).toEqual([[], [], []]);
    expect(leftOut(read).filter((entry) => entry.includes('tasks[3]'))).toEqual([
      'LEFT_TO_A_PERSON tasks[3].trigger_mode',
      'NOT_SUPPORTED tasks[3].conditions[0].statements[0]',
      'NOT_SUPPORTED tasks[3].conditions[1].statements[0]',
      'NOT_SUPPORTED tasks[3].conditions[1].statements[1]',
    ]);
  });
});

describe('Edges', () => {
  const decision = (conditions: readonly string[]): object => ({
    id: 'd',
    name: 'D',
    task_type: 'DECISION',
    trigger_mode: 'manual',
    conditions: conditions.map((id) => ({
      id,
      branch_name: id,
      logical_operator: 'AND',
      statements: [],
    })),
  });
  const readEdges = (conditions: readonly string[], edges: readonly object[]) => {
    const tasks = [decision(conditions), { id: 'a', name: 'A', task_type: 'MANUAL' }];
    return readValue(flowTemplate({ tasks, edges: edges.map((edge, id) => ({ id: `e${id}`, ...edge })) }));
  };

  test('lead from and to tasks and phases', () => {
    expect(content.edges).toEqual([
      { from: { taskKey: 'call' }, to: { taskKey: 'meter' }, branchKey: null },
      { from: { taskKey: 'meter' }, to: { taskKey: 'check' }, branchKey: null },
      { from: { taskKey: 'check' }, to: { phaseKey: 'build' }, branchKey: 'strong' },
      { from: { taskKey: 'check' }, to: { taskKey: 'call' }, branchKey: 'unclear' },
      { from: { taskKey: 'choose' }, to: { taskKey: 'order' }, branchKey: 'ours' },
      { from: { taskKey: 'choose' }, to: { taskKey: 'order' }, branchKey: 'partner' },
      { from: { taskKey: 'order' }, to: { taskKey: 'announce' }, branchKey: null },
      { from: { taskKey: 'order' }, to: { taskKey: 'tell' }, branchKey: null },
      { from: { taskKey: 'announce' }, to: { taskKey: 'mount' }, branchKey: null },
      { from: { taskKey: 'tell' }, to: { taskKey: 'mount' }, branchKey: null },
      { from: { phaseKey: 'build' }, to: { taskKey: 'settle' }, branchKey: null },
    ]);
  });

  test('for "none met" are those of a default branch whose key is not taken yet', () => {
    const { content } = readEdges(['default'], [{ from_id: 'd', to_id: 'a', none_met: true }]);
    expect(content.tasks[0]?.decision?.branches.map(({ key }) => key)).toEqual(['default', 'default-2']);
    expect(content.edges.map(({ branchKey }) => branchKey)).toEqual(['default-2']);
  });

  test('for a condition and for "none met" make its branch the default one', () => {
    const { content } = readEdges(['c'], [{ from_id: 'd', to_id: 'a', condition_id: 'c', none_met: true }]);
    expect(content.tasks[0]?.decision?.branches).toMatchObject([{ key: 'c', isDefault: true }]);
    expect(content.edges.map(({ branchKey }) => branchKey)).toEqual(['c']);
  });

  test('for two conditions and "none met" leave one default branch, which leads the same ways', () => {
    const { content } = readEdges(
      ['b', 'c'],
      ['b', 'c'].map((condition_id) => ({ from_id: 'd', to_id: 'a', condition_id, none_met: true })),
    );
    expect(content.tasks[0]?.decision?.branches.map(({ isDefault }) => isDefault)).toEqual([true, false]);
    expect(content.edges.map(({ branchKey }) => branchKey)).toEqual(['b', 'c']);
  });

  test('that lead nowhere are no edges, and their branch ends there', () => {
    const { content } = readEdges(
      ['c'],
      [
        { from_id: 'd', condition_id: 'c' },
        { from_id: 'a', to_id: '' },
      ],
    );
    expect(content.edges).toEqual([]);
  });

  test('without a condition are taken whichever branch is', () => {
    const { content } = readEdges(['c'], [{ from_id: 'd', to_id: 'a' }]);
    expect(content.edges.map(({ branchKey }) => branchKey)).toEqual([null]);
  });

  test('of what is no decision have no conditions', () => {
    const answer = readEdges(['c'], [{ from_id: 'a', to_id: 'd', condition_id: 'c', none_met: true }]);
    expect(answer.content.edges.map(({ branchKey }) => branchKey)).toEqual([null]);
    expect(leftOut(answer)).toEqual([
      'OTHER_SYSTEM edges[0].id',
      'NO_EFFECT edges[0].condition_id',
      'NO_EFFECT edges[0].none_met',
    ]);
  });
});
