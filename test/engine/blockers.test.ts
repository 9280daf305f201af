/** Why a task waits. */
import { expect, test } from 'vitest';
import { blockersOf, blocks } from '../../src/engine/blockers.ts';
import { after, completed, edge, LATER, phased, started, task } from '../support/workflow.ts';

const { phases, tasks } = phased('first: a b');
const state = started({
  phases,
  tasks: [...tasks, task('c', { requirements: [{ taskKey: 'a' }, { phaseKey: 'first' }] }), task('d')],
  edges: ['c > d', '#first > d'].map(edge),
});

test('an enabled task has no blockers', () => {
  expect(blockersOf(state, 'a')).toEqual([]);
});

test('required tasks and phases block', () => {
  expect(blockersOf(state, 'c')).toEqual([
    { type: 'REQUIRED_TASK', taskId: 'a' },
    { type: 'REQUIRED_PHASE', phaseId: 'first' },
  ]);
});

test('tasks and phases before it block', () => {
  expect(blockersOf(state, 'd')).toEqual([
    { type: 'PRECEDING_TASK', taskId: 'c' },
    { type: 'PRECEDING_PHASE', phaseId: 'first' },
  ]);
});

test('what is finished blocks no more', () => {
  expect(blockersOf(completed(state, 'a'), 'c')).toEqual([{ type: 'REQUIRED_PHASE', phaseId: 'first' }]);
});

test('a hold blocks, and tells since when and by whom', () => {
  const held = after(state, { type: 'HOLD_TASK', taskId: 'a' });
  expect(blockersOf(held, 'a')).toEqual([
    { type: 'ON_HOLD', taskId: 'a', since: LATER.now, by: LATER.actor },
  ]);
});

test('a closed execution blocks its open tasks', () => {
  const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
  expect(blockersOf(closed, 'a')).toEqual([{ type: 'EXECUTION_NOT_OPEN', status: 'CLOSED' }]);
});

test('a finished task has no blockers', () => {
  const closed = after(completed(state, 'a'), {
    type: 'CLOSE_EXECUTION',
    reasonIds: [],
    description: null,
  });
  expect(blockersOf(closed, 'a')).toEqual([]);
});

test('a task that is not there has no blockers', () => {
  expect(blockersOf(state, 'nowhere')).toEqual([]);
});

test('an open task tells who waits for it', () => {
  expect(blocks(state, 'a')).toEqual(['c', 'd']);
  expect(blocks(completed(state, 'a'), 'a')).toEqual([]);
});
