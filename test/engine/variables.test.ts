import { describe, expect, test } from 'vitest';
import type { AssigneeRef } from '../../src/engine/definition.ts';
import {
  accepted,
  after,
  edge,
  factsOf,
  LATER,
  phase,
  phaseOf,
  START,
  started,
  task,
  taskOf,
} from '../support/workflow.ts';

const OWNER: AssigneeRef = { type: 'VARIABLE', id: '{{entity.owner}}' };
const ANNA: AssigneeRef = { type: 'USER', id: 'user-anna' };
const BERT: AssigneeRef = { type: 'USER', id: 'user-bert' };
const FIELD: AssigneeRef = { type: 'TEAM', id: 'team-field' };
const people = new Map([
  ['anna@example.org', ANNA],
  ['bert@example.org', BERT],
  ['field service', FIELD],
]);
const world = (owner: Parameters<typeof factsOf>[0][string]) => factsOf({ owner }, { people });

/** `a`, then `b`, which is the owner's. */
const flow = { tasks: [task('a'), task('b', { assignees: [OWNER] })], edges: [edge('a > b')] };

describe('an assignee variable', () => {
  test.each([
    ['a text, in whatever case', 'Anna@Example.org ', [ANNA]],
    ['a team', 'Field service', [FIELD]],
    ['a list', ['anna@example.org', 'bert@example.org'], [ANNA, BERT]],
    ['objects with an id', [{ id: 'bert@example.org', label: 'Bert' }], [BERT]],
    ['some who are known and some who are not', ['anna@example.org', 'nobody'], [ANNA]],
  ])('stands for whom the attribute names: %s', (_how, owner, expected) => {
    const state = started(flow, { ...START, facts: world(owner) });
    expect(taskOf(state, 'b').assignees).toEqual(expected);
  });

  test.each([[null], ['nobody'], [''], [3], [[]], [[['anna@example.org']]]])(
    'stays visible as long as the attribute names nobody: %j',
    (owner) => {
      const state = started(flow, { ...START, facts: world(owner) });
      expect(taskOf(state, 'b').assignees).toEqual([OWNER]);
    },
  );

  test('is resolved again when the task is reached', () => {
    const state = started(flow, { ...START, facts: world('anna@example.org') });
    const facts = world('bert@example.org');
    const { state: reached, events } = accepted(
      state,
      { type: 'COMPLETE_TASK', taskId: 'a' },
      { ...LATER, facts },
    );
    expect(taskOf(reached, 'b').assignees).toEqual([BERT]);
    expect(events.find(({ taskId }) => taskId === 'b')).toMatchObject({
      audience: ['user-anna', 'user-bert'],
    });
  });

  test('does not undo what somebody assigned by hand', () => {
    const state = started(flow, { ...START, facts: world('anna@example.org') });
    const byHand = after(state, { type: 'ASSIGN_TASK', taskId: 'b', set: [FIELD] });
    const facts = world('bert@example.org');
    const { state: reached } = accepted(byHand, { type: 'COMPLETE_TASK', taskId: 'a' }, { ...LATER, facts });
    expect(taskOf(reached, 'b')).toMatchObject({ assignees: [FIELD], assigneeRule: null });
  });

  test('of an execution is resolved at the start, of a phase again when it begins', () => {
    const state = started(
      {
        ...flow,
        phases: [phase('first'), phase('second', { assignees: [OWNER] })],
        tasks: [task('a', { phaseKey: 'first' }), task('b', { phaseKey: 'second' })],
        assignees: [OWNER],
      },
      { ...START, facts: world('anna@example.org') },
    );
    expect(state.execution.assignees).toEqual([ANNA]);
    const facts = world('bert@example.org');
    const { state: reached } = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' }, { ...LATER, facts });
    expect(phaseOf(reached, 'second').assignees).toEqual([BERT]);
  });

  test('that names nobody is no one to tell', () => {
    const { events } = accepted(started(flow), { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(events.find(({ taskId }) => taskId === 'b')?.audience).toEqual([]);
  });
});
