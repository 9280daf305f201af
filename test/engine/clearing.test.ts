/** Who could end what blocks a task, and by which commands. */
import { expect, test } from 'vitest';
import { blockersOf } from '../../src/engine/blockers.ts';
import { clearingCommands } from '../../src/engine/clearing.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { after, completed, edge, phased, started, task } from '../support/workflow.ts';

const anna: AssigneeRef = { type: 'USER', id: 'anna' };
const field: AssigneeRef = { type: 'TEAM', id: 'field' };

const { phases, tasks } = phased('first: a b');
const state = started({
  phases,
  tasks: [
    ...tasks.map((item) => ({ ...item, assignees: item.key === 'a' ? [anna] : [field, anna] })),
    task('c', { requirements: [{ taskKey: 'a' }, { phaseKey: 'first' }], assignees: [field] }),
    task('d'),
  ],
  edges: ['c > d', 'a > b', '#first > d'].map(edge),
});

/** For each blocker of the task what clears it. */
function clearing(given: ExecutionState, taskId: string) {
  return blockersOf(given, taskId).map((blocker) => ({
    blocker: blocker.type,
    ...clearingCommands(given, blocker),
  }));
}

test('a task that can be worked on is completed or skipped by those who are responsible for it', () => {
  expect(clearing(state, 'c')[0]).toEqual({
    blocker: 'REQUIRED_TASK',
    commands: ['COMPLETE', 'SKIP'],
    assignees: [anna],
  });
});

test('a task that is blocked itself has no command that clears it: its own blockers tell', () => {
  expect(clearing(state, 'd')[0]).toEqual({ blocker: 'PRECEDING_TASK', commands: [], assignees: [field] });
});

test('a phase is cleared by working its open tasks', () => {
  expect(clearing(state, 'c')[1]).toEqual({
    blocker: 'REQUIRED_PHASE',
    commands: ['COMPLETE', 'SKIP'],
    assignees: [anna, field],
  });
  expect(clearing(completed(state, 'a'), 'd')[1]).toEqual({
    blocker: 'PRECEDING_PHASE',
    commands: ['COMPLETE', 'SKIP'],
    assignees: [field, anna],
  });
});

test('a task on hold is resumed or skipped', () => {
  const held = after(state, { type: 'HOLD_TASK', taskId: 'a' });
  const expected = { commands: ['RESUME', 'SKIP'], assignees: [anna] };
  expect(clearing(held, 'a')).toEqual([{ blocker: 'ON_HOLD', ...expected }]);
  expect(clearing(held, 'c')[0]).toEqual({ blocker: 'REQUIRED_TASK', ...expected });
});

test('a task on hold that is blocked, too, is only resumed', () => {
  const held = after(state, { type: 'HOLD_TASK', taskId: 'b' });
  expect(clearing(held, 'b')[0]).toEqual({
    blocker: 'ON_HOLD',
    commands: ['RESUME'],
    assignees: [field, anna],
  });
});

test('of a phase with a task on hold and one that is enabled, all of that', () => {
  const free = started(phased('first: a b', 'second: c'));
  const held = after(free, { type: 'HOLD_TASK', taskId: 'a' });
  expect(clearingCommands(held, { type: 'REQUIRED_PHASE', phaseId: 'first' })).toEqual({
    commands: ['COMPLETE', 'RESUME', 'SKIP'],
    assignees: [],
  });
});

test('an execution that is over is opened again before anything is done with its tasks', () => {
  const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
  expect(clearing(closed, 'c')).toEqual([
    { blocker: 'EXECUTION_NOT_OPEN', commands: ['REOPEN_EXECUTION'], assignees: [] },
    { blocker: 'REQUIRED_TASK', commands: [], assignees: [anna] },
    { blocker: 'REQUIRED_PHASE', commands: [], assignees: [anna, field] },
  ]);
});

test('whoever may work on a task that nobody is responsible for can clear it', () => {
  const free = started({ tasks: [task('a'), task('b', { requirements: [{ taskKey: 'a' }] })] });
  expect(clearing(free, 'b')).toEqual([
    { blocker: 'REQUIRED_TASK', commands: ['COMPLETE', 'SKIP'], assignees: [] },
  ]);
});
