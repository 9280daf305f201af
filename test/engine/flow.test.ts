/** What is reached when, and what comes after what. */
import { describe, expect, test } from 'vitest';
import { followers } from '../../src/engine/flow.ts';
import { completed, edge, edgesOf, enabledIds, phased, started, task } from '../support/workflow.ts';

test('without edges every task is reached at the start', () => {
  expect(enabledIds(started(phased('first: a', 'second: b c')))).toEqual(['a', 'b', 'c']);
});

test('a sequential definition becomes one chain in phase and position order', () => {
  const { phases, tasks } = phased('first: a b', 'second: c');
  const state = started({ isSequential: true, phases, tasks: [task('last'), ...tasks.toReversed()] });
  expect(edgesOf(state)).toEqual(['b > a', 'a > c', 'c > last']);
  expect(enabledIds(state)).toEqual(['b']);
});

test('a sequential definition with edges keeps to its edges', () => {
  const state = started({ isSequential: true, ...phased('only: a b'), edges: [edge('b > a')] });
  expect(edgesOf(state)).toEqual(['b > a']);
});

describe('a fork that is joined again', () => {
  const state = started({
    tasks: ['a', 'b', 'c', 'd'].map((key) => task(key)),
    edges: ['a > b', 'a > c', 'b > d', 'c > d'].map(edge),
  });

  test('opens both ways', () => {
    expect(enabledIds(completed(state, 'a'))).toEqual(['b', 'c']);
  });

  test('waits for both ways', () => {
    expect(enabledIds(completed(state, 'a', 'b'))).toEqual(['c']);
    expect(enabledIds(completed(state, 'a', 'c', 'b'))).toEqual(['d']);
  });
});

describe('an edge between phases', () => {
  const state = started({
    ...phased('first: a b', 'second: c d e'),
    edges: ['#first > #second', 'c > d'].map(edge),
  });

  test('fires when all tasks of the phase are finished', () => {
    expect(enabledIds(completed(state, 'a'))).toEqual(['b']);
  });

  test('leads to the start tasks of the next phase', () => {
    expect(enabledIds(completed(state, 'a', 'b'))).toEqual(['c', 'e']);
  });
});

test('an edge from a phase can lead to a task, and one from a task to a phase', () => {
  const state = started({
    ...phased('first: a b', 'second: c', 'third: d'),
    edges: ['#first > c', 'c > #third'].map(edge),
  });
  expect(enabledIds(completed(state, 'a', 'b'))).toEqual(['c']);
  expect(enabledIds(completed(state, 'a', 'b', 'c'))).toEqual(['d']);
});

test('a requirement holds up a task that is reached', () => {
  const { phases, tasks } = phased('first: a b');
  const state = started({
    phases,
    tasks: [...tasks, task('c', { requirements: [{ phaseKey: 'first' }] })],
  });
  expect(enabledIds(state)).toEqual(['a', 'b']);
  expect(state.tasks[2]).toMatchObject({ isReached: true, hasOpenRequirements: true, isEnabled: false });
  expect(enabledIds(completed(state, 'a', 'b'))).toEqual(['c']);
});

describe('the followers of a task', () => {
  test('are all that come after it by edges, at any distance', () => {
    const state = started({ isSequential: true, ...phased('first: a b', 'second: c d') });
    expect([...followers(state, 'b')].sort()).toEqual(['c', 'd']);
  });

  test('are those that come after its phase', () => {
    const state = started({
      ...phased('first: a b', 'second: c', 'third: d'),
      edges: ['#first > #second', 'c > d'].map(edge),
    });
    expect([...followers(state, 'a')].sort()).toEqual(['c', 'd']);
  });

  test('are those that require it, or its phase', () => {
    const { phases, tasks } = phased('first: a');
    const state = started({
      phases,
      tasks: [
        ...tasks,
        task('b', { requirements: [{ taskKey: 'a' }] }),
        task('c', { requirements: [{ phaseKey: 'first' }] }),
        task('d', { requirements: [{ taskKey: 'c' }] }),
        task('e'),
      ],
    });
    expect([...followers(state, 'a')].sort()).toEqual(['b', 'c', 'd']);
  });
});
