import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/engine/command.ts';
import type { EntitySyncRule, SyncEvent, SyncSource } from '../../src/engine/definition.ts';
import type { Facts } from '../../src/engine/facts.ts';
import {
  accepted,
  branch,
  decision,
  definition,
  edge,
  enabledIds,
  equals,
  factsOf,
  LATER,
  phase,
  START,
  started,
  startOf,
  task,
} from '../support/workflow.ts';

function rule(event: SyncEvent, source: SyncSource, parts: Partial<EntitySyncRule> = {}): EntitySyncRule {
  return {
    event,
    taskKey: null,
    phaseKey: null,
    entitySchema: 'order',
    path: 'told',
    source,
    customValue: null,
    ...parts,
  };
}

/** Two phases of one task each, in a line. */
function flow(...entitySync: readonly EntitySyncRule[]) {
  return {
    name: 'Solar installation',
    assignees: [{ type: 'USER', id: 'user-anna' } as const],
    phases: [phase('first', { name: 'First' }), phase('second', { name: 'Second' })],
    tasks: [
      task('a', { name: 'Call', phaseKey: 'first', assignees: [{ type: 'TEAM', id: 'team-field' }] }),
      task('b', { name: 'Build', phaseKey: 'second' }),
    ],
    edges: [edge('a > b')],
    entitySync,
  };
}

/** What the attribute `told` is after the commands; undefined if it was never written. */
function told(entitySync: EntitySyncRule, ...commands: readonly Command[]): unknown {
  let { state, facts } = startOf(definition(flow(entitySync)));
  for (const command of commands) ({ state, facts } = accepted(state, command, { ...LATER, facts }));
  return facts.entities[0]?.attributes['told'];
}

const complete = (taskId: string): Command => ({ type: 'COMPLETE_TASK', taskId });
const skip = (taskId: string): Command => ({ type: 'SKIP_TASK', taskId });
const CLOSE: Command = { type: 'CLOSE_EXECUTION', reasonIds: [], description: null };

describe('an event writes', () => {
  test.each<[SyncEvent, SyncSource, unknown, Command[]]>([
    ['EXECUTION_STARTED', 'EXECUTION_STATUS', 'STARTED', []],
    ['EXECUTION_DONE', 'EXECUTION_STATUS', 'DONE', [complete('a'), complete('b')]],
    ['EXECUTION_CLOSED', 'EXECUTION_STATUS', 'CLOSED', [CLOSE]],
    ['EXECUTION_REOPENED', 'EXECUTION_STATUS', 'STARTED', [CLOSE, { type: 'REOPEN_EXECUTION' }]],
    ['EXECUTION_DELETED', 'EXECUTION_NAME', 'Solar installation', [{ type: 'DELETE_EXECUTION' }]],
    ['EXECUTION_ASSIGNED', 'EXECUTION_ASSIGNEES', [], [{ type: 'ASSIGN_EXECUTION', set: [] }]],
    [
      'EXECUTION_DUE_DATE_CHANGED',
      'EXECUTION_NAME',
      'Solar installation',
      [{ type: 'SET_EXECUTION_DUE_DATE', dueAt: '2026-04-01T00:00:00.000Z' }],
    ],
    [
      'EXECUTION_CONTEXTS_CHANGED',
      'EXECUTION_NAME',
      'Solar installation',
      [{ type: 'SET_CONTEXT_ENTITIES', contextEntityIds: ['other'] }],
    ],
    ['TASK_UPDATED', 'TASK_NAME', 'Ring', [{ type: 'UPDATE_TASK', taskId: 'a', name: 'Ring' }]],
    ['TASK_COMPLETED', 'TASK_NAME', 'Call', [complete('a')]],
    ['TASK_SKIPPED', 'TASK_STATUS', 'SKIPPED', [skip('a')]],
    ['TASK_STARTED', 'TASK_ASSIGNEES', ['team-field'], [{ type: 'START_TASK', taskId: 'a' }]],
    ['TASK_HELD', 'PHASE_NAME', 'First', [{ type: 'HOLD_TASK', taskId: 'a' }]],
    ['CURRENT_TASK_CHANGED', 'TASK_NAME', 'Call', []],
    ['CURRENT_TASK_CHANGED', 'TASK_NAME', 'Build', [complete('a')]],
    ['CURRENT_TASK_CHANGED', 'PHASE_NAME', 'Second', [complete('a')]],
    ['CURRENT_TASK_CHANGED', 'TASK_NAME', null, [complete('a'), complete('b')]],
    ['PHASE_UPDATED', 'PHASE_STATUS', 'COMPLETED', [complete('a'), complete('b')]],
    ['PHASE_COMPLETED', 'PHASE_NAME', 'First', [complete('a')]],
    ['PHASE_SKIPPED', 'PHASE_NAME', 'First', [skip('a')]],
    ['PHASE_STARTED', 'PHASE_NAME', 'First', []],
    ['PHASE_STARTED', 'PHASE_ASSIGNEES', [], [complete('a')]],
  ])('%s: %s is %j', (event, source, expected, commands) => {
    expect(told(rule(event, source), ...commands)).toEqual(expected);
  });

  test.each<[SyncEvent, Command[]]>([
    ['EXECUTION_DONE', [complete('a')]],
    ['EXECUTION_REOPENED', [complete('a')]],
    ['TASK_COMPLETED', [skip('a')]],
    ['TASK_SKIPPED', [complete('a')]],
    ['PHASE_COMPLETED', [skip('a')]],
    ['PHASE_SKIPPED', [complete('a')]],
    ['EXECUTION_ASSIGNED', [{ type: 'ASSIGN_TASK', taskId: 'a', set: [] }]],
  ])('nothing when it did not happen: %s', (event, commands) => {
    expect(told(rule(event, 'EXECUTION_NAME'), ...commands)).toBeUndefined();
  });
});

describe('a rule', () => {
  test('for one task or one phase is silent about the others', () => {
    expect(told(rule('TASK_COMPLETED', 'TASK_NAME', { taskKey: 'b' }), complete('a'))).toBeUndefined();
    expect(told(rule('TASK_COMPLETED', 'TASK_NAME', { taskKey: 'a' }), complete('a'), complete('b'))).toBe(
      'Call',
    );
    expect(told(rule('PHASE_STARTED', 'PHASE_NAME', { phaseKey: 'second' }))).toBeUndefined();
    expect(
      told(rule('TASK_COMPLETED', 'TASK_NAME', { phaseKey: 'first' }), complete('a'), complete('b')),
    ).toBe('Call');
  });

  test('writes its own value, also below a path', () => {
    const { facts, entityUpdates } = startOf(
      definition(
        flow(rule('EXECUTION_STARTED', 'CUSTOM_VALUE', { path: 'state.name', customValue: 'running' })),
      ),
      { ...START, facts: factsOf({ state: { since: 1 }, other: true }) },
    );
    expect(facts.entities[0]?.attributes).toEqual({ state: { since: 1, name: 'running' }, other: true });
    expect(entityUpdates).toEqual([
      {
        entityId: 'entity',
        attributes: { state: { since: 1, name: 'running' }, other: true },
        changedAttributes: ['state'],
      },
    ]);
  });

  test('writes into every entity of its schema, and into no other', () => {
    const [entity] = factsOf({}).entities;
    const entities = ['order', 'contract', 'order'].flatMap((schema, index) =>
      entity ? [{ ...entity, id: `e${index}`, schema }] : [],
    );
    const facts: Facts = { ...START.facts, entities };
    const { entityUpdates } = startOf(definition(flow(rule('EXECUTION_STARTED', 'EXECUTION_NAME'))), {
      ...START,
      facts,
    });
    expect(entityUpdates.map(({ entityId }) => entityId)).toEqual(['e0', 'e2']);
  });

  test('that writes what is there already writes nothing', () => {
    const facts = factsOf({ told: 'Solar installation' });
    const started = startOf(definition(flow(rule('EXECUTION_STARTED', 'EXECUTION_NAME'))), {
      ...START,
      facts,
    });
    expect(started.entityUpdates).toEqual([]);
    expect(started.facts).toBe(facts);
  });

  test('that stands later wins over one for the same attribute', () => {
    const { facts } = startOf(
      definition(
        flow(
          rule('EXECUTION_STARTED', 'EXECUTION_NAME'),
          rule('EXECUTION_STARTED', 'CUSTOM_VALUE', { customValue: 'mine' }),
        ),
      ),
    );
    expect(facts.entities[0]?.attributes).toEqual({ told: 'mine' });
  });

  test('has written before the next automatic decision is taken', () => {
    const state = started({
      tasks: [
        task('a'),
        decision(
          'd',
          [branch('yes', { statements: [equals('told', 'won')] }), branch('no', { isDefault: true })],
          {
            mode: 'AUTOMATIC',
          },
        ),
        task('y'),
        task('n'),
      ],
      edges: ['a > d', 'd =yes> y', 'd =no> n'].map(edge),
      entitySync: [rule('TASK_COMPLETED', 'CUSTOM_VALUE', { taskKey: 'a', customValue: 'won' })],
    });
    expect(enabledIds(accepted(state, complete('a')).state)).toEqual(['y']);
  });
});

test('Whatever the rules, what they write once more changes nothing', () => {
  const events = fc.constantFrom<SyncEvent>(
    'EXECUTION_STARTED',
    'CURRENT_TASK_CHANGED',
    'TASK_UPDATED',
    'PHASE_STARTED',
  );
  const sources = fc.constantFrom<SyncSource>('EXECUTION_NAME', 'TASK_NAME', 'TASK_STATUS', 'PHASE_STATUS');
  const rules = fc.array(fc.tuple(events, sources, fc.constantFrom('x', 'y.z', 'y')), { maxLength: 6 });
  fc.assert(
    fc.property(rules, (given) => {
      const content = definition(
        flow(...given.map(([event, source, path]) => rule(event, source, { path }))),
      );
      const once = startOf(content);
      const twice = startOf(content, { ...START, facts: once.facts });
      expect(twice.facts.entities).toEqual(once.facts.entities);
      for (const { attributes, changedAttributes } of once.entityUpdates)
        expect(Object.keys(attributes)).toEqual(expect.arrayContaining([...changedAttributes]));
    }),
  );
});
