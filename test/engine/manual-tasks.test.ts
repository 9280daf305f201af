/** Tasks that are added to a running execution. */
import { describe, expect, test } from 'vitest';
import type { AddTaskCommand, TaskPlace } from '../../src/engine/command.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  accepted,
  after,
  completed,
  edge,
  edgesOf,
  enabledIds,
  phased,
  refused,
  started,
  taskOf,
  told,
} from '../support/workflow.ts';

const sequential = started({ isSequential: true, ...phased('first: a b', 'empty:', 'second: c') });
const unordered = started(phased('first: a b', 'second: c'));

function add(place: TaskPlace, id = 'new', parts: Partial<AddTaskCommand> = {}): AddTaskCommand {
  return {
    type: 'ADD_TASK',
    id,
    name: 'Ask the customer',
    description: null,
    assignees: [],
    dueAt: null,
    place,
    ...parts,
  };
}

function order(state: ExecutionState): string {
  return state.tasks.map(({ id }) => id).join(' ');
}

function issues(problem: ReturnType<typeof refused>): string[] {
  return problem.code === 'INVALID_INPUT' ? problem.issues.map(({ path, code }) => `${path} ${code}`) : [];
}

describe('into a phase', () => {
  test.each([
    [0, 'new a b c'],
    [1, 'a new b c'],
    [2, 'a b new c'],
    [null, 'a b new c'],
  ])('at index %s', (index, expected) => {
    expect(order(after(unordered, add({ phaseId: 'first', index })))).toBe(expected);
  });

  test('or without a phase, below all phases', () => {
    expect(order(after(unordered, add({ phaseId: null, index: 0 })))).toBe('a b c new');
  });

  test('it is marked as created by hand, and can be worked on', () => {
    const { state, events } = accepted(unordered, add({ phaseId: 'second', index: 0 }));
    expect(taskOf(state, 'new')).toMatchObject({
      key: null,
      phaseId: 'second',
      isManuallyCreated: true,
      isEnabled: true,
      version: 1,
    });
    expect(told(events)).toEqual(['TASK_ADDED new', 'PHASE_PROGRESSED #second', 'EXECUTION_PROGRESSED']);
  });

  test('without end at one spot, the phase is numbered anew when there is no room left', () => {
    let state = unordered;
    for (let index = 0; index < 80; index++)
      state = after(state, add({ phaseId: 'first', index: 1 }, `new-${String(index).padStart(2, '0')}`));
    const added = state.tasks.filter(({ isManuallyCreated }) => isManuallyCreated).map(({ id }) => id);
    expect(added).toEqual([...added].sort().reverse());
    expect(order(state)).toMatch(/^a new-79 .* new-00 b c$/);
  });

  test.each([
    ['a negative index', { phaseId: 'first', index: -1 }, 'place.index OUT_OF_RANGE'],
    ['an index beyond the end', { phaseId: 'first', index: 3 }, 'place.index OUT_OF_RANGE'],
    ['half an index', { phaseId: 'first', index: 0.5 }, 'place.index OUT_OF_RANGE'],
    ['an unknown phase', { phaseId: 'nowhere', index: null }, 'place.phaseId UNKNOWN_PHASE'],
  ])('%s is refused', (_, place, issue) => {
    expect(issues(refused(unordered, add(place)))).toEqual([issue]);
  });
});

describe('into a sequential execution', () => {
  test.each([
    ['at the beginning', { phaseId: 'first', index: 0 }, ['new > a', 'a > b', 'b > c']],
    ['in the middle', { phaseId: 'first', index: 1 }, ['a > new', 'new > b', 'b > c']],
    ['at the end of a phase', { phaseId: 'first', index: null }, ['a > b', 'b > new', 'new > c']],
    ['into an empty phase', { phaseId: 'empty', index: 0 }, ['a > b', 'b > new', 'new > c']],
    ['at the end', { phaseId: null, index: 0 }, ['a > b', 'b > c', 'c > new']],
  ])('%s the chain stays one chain', (_, place, edges) => {
    expect(edgesOf(after(sequential, add(place)))).toEqual(edges);
  });

  test('it waits for its turn', () => {
    const state = after(sequential, add({ phaseId: 'first', index: 1 }));
    expect(enabledIds(state)).toEqual(['a']);
    expect(enabledIds(completed(state, 'a'))).toEqual(['new']);
  });

  test('a task after it that was enabled is blocked', () => {
    const { state, events } = accepted(
      completed(sequential, 'a'),
      add({ afterTaskId: 'a', beforeTaskId: 'b' }),
    );
    expect(enabledIds(state)).toEqual(['new']);
    expect(told(events)).toContain('TASK_BLOCKED b');
  });

  test('a flow that was drawn by hand is left as it is', () => {
    const drawn = started({
      isSequential: true,
      ...phased('only: a b c'),
      edges: ['a > b', 'a > c'].map(edge),
    });
    expect(edgesOf(after(drawn, add({ phaseId: 'only', index: 1 })))).toEqual(['a > b', 'a > c']);
  });
});

describe('between two tasks', () => {
  test('the edge is split, and the new task stands below the one it follows', () => {
    const state = after(sequential, add({ afterTaskId: 'b', beforeTaskId: 'c' }));
    expect(edgesOf(state)).toEqual(['a > b', 'b > new', 'new > c']);
    expect(order(state)).toBe('a b new c');
    expect(taskOf(state, 'new').phaseId).toBe('first');
  });

  test('that no edge joins it is refused', () => {
    expect(issues(refused(sequential, add({ afterTaskId: 'a', beforeTaskId: 'c' })))).toEqual([
      'place NO_SUCH_EDGE',
    ]);
  });
});

test('everything that is wrong with a new task is told at once', () => {
  const bad = add({ phaseId: 'nowhere', index: null }, 'a', {
    name: ' ',
    description: 'x'.repeat(20_001),
    dueAt: 'never',
  });
  expect(issues(refused(unordered, bad))).toEqual([
    'name EMPTY',
    'description TOO_LONG',
    'dueAt INVALID_DATE',
    'id DUPLICATE_ID',
    'place.phaseId UNKNOWN_PHASE',
  ]);
});

test('nothing is added to an execution that has changed since the caller saw it', () => {
  const command = add({ phaseId: null, index: null }, 'new', { expectedVersion: 1 });
  expect(accepted(unordered, command).ok).toBe(true);
  expect(refused(completed(unordered, 'a'), command)).toEqual({
    code: 'VERSION_CONFLICT',
    subject: 'EXECUTION',
    id: 'execution',
    currentVersion: 2,
  });
});

test('nothing is added to an execution that is done', () => {
  expect(refused(completed(unordered, 'a', 'b', 'c'), add({ phaseId: null, index: null }))).toEqual({
    code: 'EXECUTION_NOT_OPEN',
    status: 'DONE',
  });
});

describe('removing', () => {
  const remove = { type: 'REMOVE_TASK', taskId: 'new' } as const;

  test('heals the flow', () => {
    const state = after(sequential, add({ phaseId: 'first', index: 1 }), remove);
    expect(edgesOf(state)).toEqual(['a > b', 'b > c']);
    expect(enabledIds(completed(state, 'a'))).toEqual(['b']);
  });

  test('joins everything before it with everything after it', () => {
    const joined = started({
      ...phased('only: a b c d'),
      edges: ['a > c', 'b > c', 'c > d'].map(edge),
    });
    const state = after(joined, add({ afterTaskId: 'a', beforeTaskId: 'c' }), remove);
    expect(edgesOf(state).sort()).toEqual(['a > c', 'b > c', 'c > d']);
  });

  test('tells it, and lets go on what waited for it', () => {
    const state = completed(after(sequential, add({ phaseId: 'first', index: 1 })), 'a');
    const { events, changes } = accepted(state, remove);
    expect(told(events).slice(0, 2)).toEqual(['TASK_REMOVED new', 'TASK_ENABLED b']);
    expect(changes.removedTaskIds).toEqual(['new']);
  });

  test('the last open task ends the execution', () => {
    const state = completed(after(unordered, add({ phaseId: null, index: null })), 'a', 'b', 'c');
    expect(state.execution.status).toBe('STARTED');
    expect(after(state, remove).execution.status).toBe('DONE');
  });

  test('is refused for a task of the definition', () => {
    expect(refused(unordered, { type: 'REMOVE_TASK', taskId: 'a' })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  test('is refused for a finished task', () => {
    const state = completed(after(unordered, add({ phaseId: null, index: null })), 'new');
    expect(refused(state, remove)).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
  });
});
