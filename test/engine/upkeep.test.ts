/** Assignees, claims, due dates, names: possible while the execution is open. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/engine/command.ts';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import {
  accepted,
  LATER,
  after,
  completed,
  refused,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const user = (id: string): AssigneeRef => ({ type: 'USER', id });
const team = (id: string): AssigneeRef => ({ type: 'TEAM', id });
const DUE = '2026-04-01T12:00:00.000Z';

const state = started({
  tasks: [task('a', { assignees: [user('anna'), team('field')] }), task('b')],
  assignees: [user('anna')],
});
const claim = (userId: string, ...teamIds: readonly string[]): Command => ({
  type: 'CLAIM_TASK',
  taskId: 'a',
  userId,
  teamIds,
});
const claimed = after(state, claim('bert', 'field'));

describe('assigning', () => {
  test('adds at the end, without repeats', () => {
    const next = after(state, { type: 'ASSIGN_TASK', taskId: 'a', add: [user('anna'), user('bert')] });
    expect(taskOf(next, 'a').assignees).toEqual([user('anna'), team('field'), user('bert')]);
  });

  test('removes', () => {
    const next = after(state, { type: 'ASSIGN_TASK', taskId: 'a', remove: [user('anna'), user('nobody')] });
    expect(taskOf(next, 'a').assignees).toEqual([team('field')]);
  });

  test('sets the whole', () => {
    const next = after(state, { type: 'ASSIGN_TASK', taskId: 'a', set: [user('bert'), user('bert')] });
    expect(taskOf(next, 'a').assignees).toEqual([user('bert')]);
  });

  test('the same set changes nothing, whatever the order', () => {
    const set = [team('field'), user('anna')];
    expect(accepted(state, { type: 'ASSIGN_TASK', taskId: 'a', set })).toEqual({
      ok: true,
      state,
      changes: {
        execution: null,
        phases: [],
        tasks: [],
        removedTaskIds: [],
        isExecutionRemoved: false,
      },
      events: [],
      entityUpdates: [],
      facts: LATER.facts,
    });
  });

  test('concerns those who were and those who are responsible', () => {
    const { events } = accepted(state, { type: 'ASSIGN_TASK', taskId: 'a', set: [user('bert')] });
    expect(events).toMatchObject([{ type: 'TASK_ASSIGNED', audience: ['anna', 'bert', 'field'] }]);
  });

  test('is possible on a finished task', () => {
    const next = after(completed(state, 'a'), { type: 'ASSIGN_TASK', taskId: 'a', set: [] });
    expect(taskOf(next, 'a').assignees).toEqual([]);
  });

  test('more than a hundred is refused', () => {
    const set = Array.from({ length: 101 }, (_, index) => user(`user-${index}`));
    expect(refused(state, { type: 'ASSIGN_TASK', taskId: 'a', set })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'assignees', code: 'TOO_MANY' }],
    });
  });

  test('works on the execution too', () => {
    const { state: next, events } = accepted(state, { type: 'ASSIGN_EXECUTION', add: [team('office')] });
    expect(next.execution.assignees).toEqual([user('anna'), team('office')]);
    expect(told(events)).toEqual(['EXECUTION_ASSIGNED']);
  });
});

describe('claiming', () => {
  test('gives the task to a member of an assigned team', () => {
    const { state: next, events } = accepted(state, claim('bert', 'office', 'field'));
    expect(taskOf(next, 'a').claimedById).toBe('bert');
    expect(events).toMatchObject([{ type: 'TASK_CLAIMED', audience: ['anna', 'bert', 'field'] }]);
  });

  test('is refused to others', () => {
    expect(refused(state, claim('bert', 'office'))).toEqual({ code: 'NOT_CLAIMABLE', taskId: 'a' });
  });

  test('tells a second claimer who has it', () => {
    expect(refused(claimed, claim('cara', 'field'))).toEqual({
      code: 'ALREADY_CLAIMED',
      taskId: 'a',
      claimedById: 'bert',
    });
  });

  test('again by the same person changes nothing', () => {
    expect(accepted(claimed, claim('bert', 'field')).events).toEqual([]);
  });

  test('is offered only while a team is assigned and nobody has it', () => {
    expect(allowedCommands(taskOf(state, 'a'), 'STARTED')).toContain('CLAIM');
    expect(allowedCommands(taskOf(state, 'b'), 'STARTED')).not.toContain('CLAIM');
    expect(allowedCommands(taskOf(claimed, 'a'), 'STARTED')).not.toContain('CLAIM');
  });

  test('is refused for a finished task', () => {
    expect(refused(completed(state, 'a'), claim('bert', 'field'))).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  test('ends with a release', () => {
    const { state: next, events } = accepted(claimed, { type: 'RELEASE_TASK', taskId: 'a' });
    expect(taskOf(next, 'a').claimedById).toBeNull();
    expect(told(events)).toEqual(['TASK_RELEASED a']);
  });

  test('can only be released by whom it has been claimed', () => {
    expect(refused(state, { type: 'RELEASE_TASK', taskId: 'a' })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  test('ends when the team is taken off the task', () => {
    const next = after(claimed, { type: 'ASSIGN_TASK', taskId: 'a', remove: [team('field')] });
    expect(taskOf(next, 'a').claimedById).toBeNull();
  });

  test('that ends by assigning is told as the assignment that it was', () => {
    const { events } = accepted(claimed, { type: 'ASSIGN_TASK', taskId: 'a', remove: [team('field')] });
    expect(events).toMatchObject([
      {
        type: 'TASK_ASSIGNED',
        changedFields: ['assignees', 'claimedById'],
        audience: ['anna', 'bert', 'field'],
      },
    ]);
  });

  test('ends when another team takes over', () => {
    const next = after(claimed, { type: 'ASSIGN_TASK', taskId: 'a', set: [team('office')] });
    expect(taskOf(next, 'a').claimedById).toBeNull();
  });

  test('outlives other changes of the assignees', () => {
    const next = after(claimed, { type: 'ASSIGN_TASK', taskId: 'a', set: [team('field'), team('office')] });
    expect(taskOf(next, 'a').claimedById).toBe('bert');
  });

  test('outlives the team if the claimer is assigned in person', () => {
    const next = after(claimed, { type: 'ASSIGN_TASK', taskId: 'a', set: [user('bert')] });
    expect(taskOf(next, 'a').claimedById).toBe('bert');
  });
});

describe('a due date', () => {
  test('can be set and cleared', () => {
    const next = accepted(state, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: DUE });
    expect(taskOf(next.state, 'a').dueAt).toBe(DUE);
    expect(told(next.events)).toEqual(['TASK_DUE_DATE_CHANGED a']);
    const cleared = after(next.state, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: null });
    expect(taskOf(cleared, 'a').dueAt).toBeNull();
  });

  test('of the execution can be set', () => {
    const next = accepted(state, { type: 'SET_EXECUTION_DUE_DATE', dueAt: DUE });
    expect(next.state.execution.dueAt).toBe(DUE);
    expect(told(next.events)).toEqual(['EXECUTION_DUE_DATE_CHANGED']);
  });

  test('that is there already changes nothing', () => {
    const next = after(state, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: DUE });
    expect(accepted(next, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: DUE }).events).toEqual([]);
  });

  test.each(['2026-02-30T00:00:00.000Z', '2026-04-01', 'soon'])('can not be %s', (dueAt) => {
    expect(refused(state, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'dueAt', code: 'INVALID_DATE' }],
    });
  });
});

describe('name and description', () => {
  test('can be changed one without the other, spaces around the name left out', () => {
    const named = after(state, { type: 'UPDATE_TASK', taskId: 'a', name: '  Site visit ' });
    expect(taskOf(named, 'a')).toMatchObject({ name: 'Site visit', description: null });
    const described = after(named, { type: 'UPDATE_TASK', taskId: 'a', description: 'Bring a ladder' });
    expect(taskOf(described, 'a')).toMatchObject({ name: 'Site visit', description: 'Bring a ladder' });
  });

  test.each([
    ['an empty name', { name: ' ' }, 'name EMPTY'],
    ['a name beyond 500 characters', { name: 'x'.repeat(501) }, 'name TOO_LONG'],
    ['a name with a NUL character', { name: 'a\0b' }, 'name INVALID_CHARACTER'],
    ['a description beyond 20,000 characters', { description: 'x'.repeat(20_001) }, 'description TOO_LONG'],
    ['half a character', { description: '\ud83d' }, 'description INVALID_CHARACTER'],
  ])('%s is refused', (_, parts, issue) => {
    const problem = refused(state, { type: 'UPDATE_TASK', taskId: 'a', ...parts });
    expect(
      problem.code === 'INVALID_INPUT' && problem.issues.map(({ path, code }) => `${path} ${code}`),
    ).toEqual([issue]);
  });

  test('500 characters are a name', () => {
    const name = 'x'.repeat(500);
    expect(taskOf(after(state, { type: 'UPDATE_TASK', taskId: 'a', name }), 'a').name).toBe(name);
  });
});

test.each<Command>([
  { type: 'ASSIGN_TASK', taskId: 'a', set: [] },
  claim('bert', 'field'),
  { type: 'RELEASE_TASK', taskId: 'a' },
  { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: null },
  { type: 'UPDATE_TASK', taskId: 'a', name: 'Visit' },
  { type: 'REMOVE_TASK', taskId: 'a' },
  { type: 'ASSIGN_EXECUTION', set: [] },
  { type: 'SET_EXECUTION_DUE_DATE', dueAt: null },
])('$type needs an open execution', (command) => {
  const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
  expect(refused(closed, command)).toEqual({ code: 'EXECUTION_NOT_OPEN', status: 'CLOSED' });
});
