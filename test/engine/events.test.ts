/** What a command tells the world, and what several of them come to. */
import { describe, expect, test } from 'vitest';
import { mergeChanges } from '../../src/engine/batch.ts';
import { replay } from '../../src/engine/replay.ts';
import {
  accepted,
  after,
  completed,
  definition,
  LATER,
  phased,
  START,
  started,
  startOf,
  task,
  told,
} from '../support/workflow.ts';

const chain = started({ isSequential: true, ...phased('first: a b', 'second: c') });

test('the start tells of the execution, its phases and its tasks, whole', () => {
  const { events, state } = startOf(definition(phased('first: a')));
  expect(told(events)).toEqual(['EXECUTION_STARTED', 'PHASE_ADDED #first', 'TASK_ADDED a']);
  for (const [index, object] of [state.execution, ...state.phases, ...state.tasks].entries()) {
    const { version, wakeAt: _, ...data } = { wakeAt: null, ...object };
    expect(events[index]).toMatchObject({ version, data, changedFields: [] });
  }
});

test('completing a task tells of it, then of the tasks, the phases and the execution that it moved', () => {
  const { events } = accepted(completed(chain, 'a'), { type: 'COMPLETE_TASK', taskId: 'b' });
  expect(told(events)).toEqual([
    'TASK_COMPLETED b',
    'TASK_ENABLED c',
    'PHASE_COMPLETED #first',
    'PHASE_STARTED #second',
    'EXECUTION_PROGRESSED',
  ]);
});

test('an event holds all fields that changed, and no others', () => {
  const { events } = accepted(chain, { type: 'START_TASK', taskId: 'a' });
  expect(events).toEqual([
    {
      type: 'TASK_STARTED',
      taskId: 'a',
      phaseId: null,
      version: 2,
      changedFields: ['startedAt', 'startedBy', 'status', 'statusAt', 'statusBy'],
      data: {
        startedAt: LATER.now,
        startedBy: LATER.actor,
        status: 'IN_PROGRESS',
        statusAt: LATER.now,
        statusBy: LATER.actor,
      },
      audience: [],
    },
  ]);
});

test('the last task ends the execution', () => {
  const { events } = accepted(completed(chain, 'a', 'b'), { type: 'SKIP_TASK', taskId: 'c' });
  expect(told(events)).toEqual(['TASK_SKIPPED c', 'PHASE_COMPLETED #second', 'EXECUTION_DONE']);
});

test('a revert tells of the reopened task first, then from top to bottom', () => {
  const { events } = accepted(completed(chain, 'a', 'b'), { type: 'REOPEN_TASK', taskId: 'b', revert: true });
  expect(told(events)).toEqual([
    'TASK_REOPENED b',
    'TASK_BLOCKED c',
    'PHASE_REOPENED #first',
    'PHASE_REOPENED #second',
    'EXECUTION_PROGRESSED',
  ]);
});

test('what did not change stays the same object', () => {
  const { state } = accepted(chain, { type: 'START_TASK', taskId: 'a' });
  expect(state.tasks[1]).toBe(chain.tasks[1]);
  expect(state.execution).toBe(chain.execution);
});

describe('starting', () => {
  const content = definition({
    ...phased('first: a'),
    assignees: [{ type: 'USER', id: 'anna' }],
    dueAt: '2026-05-01T00:00:00.000Z',
  });

  test('takes name, assignees and due date from the definition', () => {
    expect(startOf(content).state.execution).toMatchObject({
      name: 'Solar installation',
      assignees: [{ type: 'USER', id: 'anna' }],
      dueAt: '2026-05-01T00:00:00.000Z',
      startedAt: START.now,
      startedBy: START.actor,
    });
  });

  test('drops repeated assignees and requirements', () => {
    const anna = { type: 'USER', id: 'anna' } as const;
    const state = started({
      tasks: [
        task('a'),
        task('b', { assignees: [anna, anna], requirements: [{ taskKey: 'a' }, { taskKey: 'a' }] }),
      ],
    });
    expect(state.tasks[1]).toMatchObject({ assignees: [anna], requirements: [{ taskId: 'a' }] });
  });
});

describe('replaying', () => {
  test('goes on from a state', () => {
    const { state, events } = accepted(chain, { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(replay(events, chain)).toEqual(state);
  });

  test('notices that the start is missing', () => {
    const { events } = accepted(chain, { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(() => replay(events)).toThrow('TASK_COMPLETED is about an object that was not there');
    expect(() => replay([])).toThrow('no execution was started');
  });
});

describe('the changes of several commands', () => {
  test('hold each object as it was left', () => {
    const first = accepted(chain, { type: 'START_TASK', taskId: 'a' });
    const second = accepted(first.state, { type: 'COMPLETE_TASK', taskId: 'a' });
    const merged = mergeChanges([first.changes, second.changes]);
    expect(merged.tasks.filter(({ id }) => id === 'a')).toMatchObject([{ status: 'COMPLETED', version: 3 }]);
    expect(merged.execution).toEqual(second.state.execution);
  });

  test('do not mention what was added and removed again', () => {
    const added = accepted(chain, {
      type: 'ADD_TASK',
      id: 'new',
      name: 'Ask',
      description: null,
      assignees: [],
      dueAt: null,
      place: { phaseId: null, index: null },
    });
    const removed = accepted(added.state, { type: 'REMOVE_TASK', taskId: 'new' });
    const merged = mergeChanges([added.changes, removed.changes]);
    expect(merged.removedTaskIds).toEqual([]);
    expect(merged.tasks.map(({ id }) => id)).not.toContain('new');
  });

  test('name what was there before and is removed', () => {
    const state = after(chain, {
      type: 'ADD_TASK',
      id: 'new',
      name: 'Ask',
      description: null,
      assignees: [],
      dueAt: null,
      place: { phaseId: null, index: null },
    });
    const renamed = accepted(state, { type: 'UPDATE_TASK', taskId: 'new', name: 'Call' });
    const removed = accepted(renamed.state, { type: 'REMOVE_TASK', taskId: 'new' });
    const merged = mergeChanges([renamed.changes, removed.changes]);
    expect(merged.removedTaskIds).toEqual(['new']);
    expect(merged.tasks.map(({ id }) => id)).not.toContain('new');
  });
});
