import { describe, expect, test } from 'vitest';
import type { DueRule } from '../../src/engine/definition.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  edge,
  LATER,
  phase,
  phased,
  phaseOf,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

function rule(parts: Partial<DueRule> = {}): DueRule {
  return { amount: 2, unit: 'DAYS', anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null, ...parts };
}
const at = (now: string) => ({ ...LATER, now });

describe('a due date by a rule', () => {
  test('after the start is there from the start on', () => {
    const state = started({
      tasks: [task('a', { dueRule: rule() })],
      phases: [phase('p', { dueRule: rule({ amount: 3 }) })],
      dueRule: rule({ amount: 4 }),
    });
    expect(taskOf(state, 'a').dueAt).toBe('2026-03-04T08:00:00.000Z');
    expect(phaseOf(state, 'p').dueAt).toBe('2026-03-05T08:00:00.000Z');
    expect(state.execution.dueAt).toBe('2026-03-06T08:00:00.000Z');
  });

  test('after a task is there when that is finished, and gone when it is reopened', () => {
    const state = started({
      tasks: [task('a'), task('b', { dueRule: rule({ anchor: 'TASK_FINISHED', taskKey: 'a' }) })],
    });
    expect(taskOf(state, 'b').dueAt).toBeNull();
    const result = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(taskOf(result.state, 'b')).toMatchObject({
      dueAt: '2026-03-05T09:30:00.000Z',
      dueAnchorAt: LATER.now,
    });
    expect(told(result.events)).toContain('TASK_DUE_DATE_CHANGED b');
    const reopened = after(result.state, { type: 'REOPEN_TASK', taskId: 'a', revert: false });
    expect(taskOf(reopened, 'b')).toMatchObject({ dueAt: null, dueRule: { anchor: 'TASK_FINISHED' } });
  });

  test('after a phase counts from its last task', () => {
    const { phases, tasks } = phased('first: a b', 'second: c');
    const dueRule = rule({ anchor: 'PHASE_FINISHED', phaseKey: 'first' });
    const state = started({
      phases,
      tasks: tasks.map((item) => (item.key === 'c' ? { ...item, dueRule } : item)),
      dueRule,
    });
    const half = completed(state, 'a');
    expect(half.execution.dueAt).toBeNull();
    const done = accepted(half, { type: 'COMPLETE_TASK', taskId: 'b' }, at('2026-03-09T10:00:00.000Z')).state;
    expect(done.execution.dueAt).toBe('2026-03-11T10:00:00.000Z');
    expect(taskOf(done, 'c').dueAt).toBe('2026-03-11T10:00:00.000Z');
  });

  test('after a preceding task counts from the first, after all of them from the last', () => {
    const state = started({
      tasks: [
        task('a'),
        task('b'),
        task('one', { dueRule: rule({ anchor: 'A_PRECEDING_TASK_FINISHED' }) }),
        task('all', { dueRule: rule({ anchor: 'ALL_PRECEDING_TASKS_FINISHED' }) }),
      ],
      edges: ['a > one', 'b > one', 'a > all', 'b > all'].map(edge),
    });
    const first = completed(state, 'b');
    expect(taskOf(first, 'one').dueAt).toBe('2026-03-05T09:30:00.000Z');
    expect(taskOf(first, 'all').dueAt).toBeNull();
    const both = accepted(
      first,
      { type: 'COMPLETE_TASK', taskId: 'a' },
      at('2026-03-09T00:00:00.000Z'),
    ).state;
    expect(taskOf(both, 'one').dueAt).toBe('2026-03-05T09:30:00.000Z');
    expect(taskOf(both, 'all').dueAt).toBe('2026-03-11T00:00:00.000Z');
  });

  test('does not wait for a way that is dead', () => {
    const state = started({
      tasks: [
        decision('d', [branch('yes'), branch('no')]),
        task('n'),
        task('z', { dueRule: rule({ anchor: 'ALL_PRECEDING_TASKS_FINISHED' }) }),
      ],
      edges: ['d =yes> z', 'd =no> n', 'n > z'].map(edge),
    });
    const taken = after(state, { type: 'DECIDE_TASK', taskId: 'd', branchKeys: ['yes'] });
    expect(taskOf(taken, 'z').dueAt).toBe('2026-03-05T09:30:00.000Z');
  });

  test('is replaced by a date that is set by hand, also by none', () => {
    const state = started({
      tasks: [task('a'), task('b', { dueRule: rule({ anchor: 'TASK_FINISHED', taskKey: 'a' }) })],
    });
    const byHand = after(state, {
      type: 'SET_TASK_DUE_DATE',
      taskId: 'b',
      dueAt: '2026-04-01T00:00:00.000Z',
    });
    expect(taskOf(completed(byHand, 'a'), 'b')).toMatchObject({
      dueAt: '2026-04-01T00:00:00.000Z',
      dueRule: null,
      dueAnchorAt: null,
    });
    const cleared = after(state, { type: 'SET_TASK_DUE_DATE', taskId: 'b', dueAt: null });
    expect(taskOf(completed(cleared, 'a'), 'b').dueAt).toBeNull();
  });

  test('that is there is not moved by a calendar that changes later', () => {
    const state = started({ tasks: [task('a', { dueRule: rule() }), task('b')] });
    const calendar = { ...LATER.calendar, add: () => '2030-01-01T00:00:00.000Z' };
    const later = accepted(state, { type: 'COMPLETE_TASK', taskId: 'b' }, { ...LATER, calendar }).state;
    expect(taskOf(later, 'a').dueAt).toBe('2026-03-04T08:00:00.000Z');
  });
});
