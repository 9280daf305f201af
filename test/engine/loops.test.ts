import { describe, expect, test } from 'vitest';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  edge,
  enabledIds,
  equals,
  factsOf,
  LATER,
  phase,
  refused,
  START,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const AGAIN_OR_ON = [branch('again'), branch('on')];
const loop = (maxIterations = 2) => ({ branchKey: 'again', exitBranchKey: 'on', maxIterations });
const decide = (taskId: string, branchKey: string) =>
  ({ type: 'DECIDE_TASK', taskId, branchKeys: [branchKey] }) as const;

/** `before`, then a and b again and again, then `end`. */
function looping(maxIterations = 2): ExecutionState {
  return started({
    tasks: [
      task('before'),
      task('a'),
      task('b'),
      decision('d', AGAIN_OR_ON, { loop: loop(maxIterations) }),
      task('end'),
    ],
    edges: ['before > a', 'a > b', 'b > d', 'd =again> a', 'd =on> end'].map(edge),
  });
}

describe('a loop', () => {
  test('does not keep its first task from being reached', () => {
    expect(enabledIds(completed(looping(), 'before'))).toEqual(['a']);
  });

  test('puts the tasks from its target to the decision back, and nothing else', () => {
    const round = completed(looping(), 'before', 'a', 'b');
    const result = accepted(round, decide('d', 'again'));
    expect(result.state.tasks.map(({ status }) => status)).toEqual([
      'COMPLETED',
      'PENDING',
      'PENDING',
      'PENDING',
      'PENDING',
    ]);
    expect(enabledIds(result.state)).toEqual(['a']);
    expect(told(result.events).slice(0, 3)).toEqual(['TASK_LOOPED d', 'TASK_REOPENED a', 'TASK_REOPENED b']);
  });

  test('counts how often it went back, and tells what was decided last', () => {
    const state = after(completed(looping(), 'before', 'a', 'b'), decide('d', 'again'));
    expect(taskOf(state, 'd')).toMatchObject({ iterations: 1, decided: { takenBranchKeys: ['again'] } });
  });

  test('is left by its other branch', () => {
    const round = completed(looping(), 'before', 'a', 'b');
    expect(enabledIds(after(round, decide('d', 'on')))).toEqual(['end']);
  });

  test('goes on along the exit branch when it has gone back as often as it may', () => {
    const once = after(completed(looping(1), 'before', 'a', 'b'), decide('d', 'again'));
    const twice = after(completed(once, 'a', 'b'), decide('d', 'again'));
    expect(enabledIds(twice)).toEqual(['end']);
    expect(taskOf(twice, 'd')).toMatchObject({
      status: 'COMPLETED',
      iterations: 1,
      decided: { takenBranchKeys: ['on'], isMaximumReached: true },
    });
  });

  test('wins over other branches that are chosen with it', () => {
    const state = started({
      tasks: [task('a'), decision('d', AGAIN_OR_ON, { takes: 'EVERY_MET', loop: loop(1) }), task('end')],
      edges: ['a > d', 'd =again> a', 'd =on> end'].map(edge),
    });
    const both = { type: 'DECIDE_TASK', taskId: 'd', branchKeys: ['again', 'on'] } as const;
    const round = after(completed(state, 'a'), both);
    expect(taskOf(round, 'd').decided?.takenBranchKeys).toEqual(['again']);
    expect(enabledIds(round)).toEqual(['a']);
    expect(taskOf(after(completed(round, 'a'), both), 'd').decided?.takenBranchKeys).toEqual(['on']);
  });

  test('counts anew after what comes before it was reverted', () => {
    const once = after(completed(looping(), 'before', 'a', 'b'), decide('d', 'again'));
    const reverted = after(once, { type: 'REOPEN_TASK', taskId: 'before', revert: true });
    expect(taskOf(reverted, 'd')).toMatchObject({ iterations: 0, decided: null });
  });

  test('inside a loop counts anew in each round of the outer one', () => {
    const state = started({
      tasks: [
        task('a'),
        decision('inner', AGAIN_OR_ON, { loop: loop() }),
        decision('outer', AGAIN_OR_ON, { loop: loop() }),
      ],
      edges: ['a > inner', 'inner =again> a', 'inner =on> outer', 'outer =again> a'].map(edge),
    });
    const inside = after(completed(state, 'a'), decide('inner', 'again'));
    expect(taskOf(inside, 'inner').iterations).toBe(1);
    const outside = after(completed(inside, 'a'), decide('inner', 'on'), decide('outer', 'again'));
    expect(taskOf(outside, 'inner').iterations).toBe(0);
    expect(taskOf(outside, 'outer').iterations).toBe(1);
    expect(enabledIds(outside)).toEqual(['a']);
  });

  test('opens the ways again that its last round left out', () => {
    const state = started({
      tasks: [
        decision('way', [branch('left'), branch('right')]),
        task('l'),
        task('r'),
        decision('d', AGAIN_OR_ON, { loop: loop() }),
      ],
      edges: ['way =left> l', 'way =right> r', 'l > d', 'r > d', 'd =again> way'].map(edge),
    });
    const round = after(completed(after(state, decide('way', 'left')), 'l'), decide('d', 'again'));
    expect(taskOf(round, 'r')).toMatchObject({ status: 'PENDING', skipReason: null });
    expect(enabledIds(after(round, decide('way', 'right')))).toEqual(['r']);
  });

  test('repeats work beside it only if that leads to its decision', () => {
    const state = started({
      tasks: [task('a'), task('beside'), decision('d', AGAIN_OR_ON, { loop: loop() })],
      edges: ['a > beside', 'a > d', 'd =again> a'].map(edge),
    });
    const round = after(completed(state, 'a', 'beside'), decide('d', 'again'));
    expect(taskOf(round, 'beside').status).toBe('COMPLETED');
    expect(taskOf(round, 'a').status).toBe('PENDING');
  });

  test('may lead back to a phase, which begins with its start tasks', () => {
    const state = started({
      phases: [phase('p')],
      tasks: [
        task('a', { phaseKey: 'p' }),
        task('b', { phaseKey: 'p' }),
        decision('d', AGAIN_OR_ON, { loop: loop() }),
      ],
      edges: ['#p > d', 'd =again> #p'].map(edge),
    });
    const round = after(completed(state, 'a', 'b'), decide('d', 'again'));
    expect(enabledIds(round)).toEqual(['a', 'b']);
  });
});

describe('a task that is added by hand', () => {
  const between = (afterTaskId: string, beforeTaskId: string) =>
    ({
      type: 'ADD_TASK',
      id: 'new',
      name: 'new',
      description: null,
      assignees: [],
      dueAt: null,
      place: { afterTaskId, beforeTaskId },
    }) as const;

  test('between two tasks of a loop is repeated with them', () => {
    const state = after(completed(looping(), 'before'), between('a', 'b'));
    const round = after(completed(state, 'a', 'new', 'b'), decide('d', 'again'));
    expect(taskOf(round, 'new').status).toBe('PENDING');
    expect(enabledIds(completed(round, 'a'))).toEqual(['new']);
  });

  test('after a decision is on the branch that it was put on', () => {
    const state = after(looping(), between('d', 'end'));
    expect(enabledIds(after(completed(state, 'before', 'a', 'b'), decide('d', 'on')))).toEqual(['new']);
  });

  test('does not fit on the way back', () => {
    expect(refused(looping(), between('d', 'a'))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'place', code: 'NO_SUCH_EDGE', message: expect.stringContaining('loop') as unknown }],
    });
  });
});

describe('an automatic loop', () => {
  const conditions = [
    branch('again', { statements: [equals('isDone', 'no')] }),
    branch('on', { isDefault: true }),
  ];
  const automatic = (maxIterations: number) =>
    started(
      {
        tasks: [decision('d', conditions, { mode: 'AUTOMATIC', loop: loop(maxIterations) }), task('end')],
        edges: ['d =again> d', 'd =on> end'].map(edge),
      },
      { ...START, facts: factsOf({ isDone: 'no' }) },
    );

  test('without work in it goes round until its maximum within one command', () => {
    const state = automatic(5);
    expect(taskOf(state, 'd')).toMatchObject({ status: 'COMPLETED', iterations: 5 });
    expect(enabledIds(state)).toEqual(['end']);
  });

  test('that would go on for ever together with others fails, and says so', () => {
    const nested = started(
      {
        tasks: [
          decision('d', conditions, { mode: 'AUTOMATIC', loop: loop(100) }),
          decision('e', conditions, { mode: 'AUTOMATIC', loop: loop(100) }),
        ],
        edges: ['d =again> d', 'd =on> e', 'e =again> d'].map(edge),
      },
      { ...START, facts: factsOf({ isDone: 'no' }) },
    );
    expect(nested.execution.status).toBe('FAILED');
    expect(nested.tasks.map(({ failure }) => failure?.code)).toContain('TOO_MANY_STEPS');
  });

  test('sees what the round has changed', () => {
    const state = started({
      tasks: [task('a'), decision('d', conditions, { mode: 'AUTOMATIC', loop: loop(5) }), task('end')],
      edges: ['a > d', 'd =again> a', 'd =on> end'].map(edge),
    });
    const not = { ...LATER, facts: factsOf({ isDone: 'no' }) };
    const again = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' }, not).state;
    expect(enabledIds(again)).toEqual(['a']);
    const done = { ...LATER, facts: factsOf({ isDone: 'yes' }) };
    expect(enabledIds(accepted(again, { type: 'COMPLETE_TASK', taskId: 'a' }, done).state)).toEqual(['end']);
  });
});
