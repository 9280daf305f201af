/** Phase status, progress, current task and phase. */
import { describe, expect, test } from 'vitest';
import { after, completed, edge, phased, phaseOf, started } from '../support/workflow.ts';

const unordered = started(phased('first: a b', 'second: c d', 'empty:'));
const sequential = started({ isSequential: true, ...phased('first: a b', 'second: c d', 'third: e') });

function statuses(state: typeof unordered): string[] {
  return state.phases.map(({ status }) => status);
}

describe('a phase', () => {
  test('is in progress from the start if it is the first, and open otherwise', () => {
    expect(statuses(unordered)).toEqual(['IN_PROGRESS', 'OPEN', 'OPEN']);
  });

  test('is in progress from the start if only phases without tasks come before it', () => {
    expect(statuses(started(phased('empty:', 'first: a', 'second: b')))).toEqual([
      'OPEN',
      'IN_PROGRESS',
      'OPEN',
    ]);
  });

  test('is in progress when one of its tasks is', () => {
    expect(statuses(after(unordered, { type: 'START_TASK', taskId: 'c' }))[1]).toBe('IN_PROGRESS');
  });

  test('is open again when that task is stopped', () => {
    const state = after(unordered, { type: 'START_TASK', taskId: 'c' }, { type: 'STOP_TASK', taskId: 'c' });
    expect(statuses(state)[1]).toBe('OPEN');
  });

  test('stays in progress when a task that was begun is put on hold', () => {
    const state = after(unordered, { type: 'START_TASK', taskId: 'c' }, { type: 'HOLD_TASK', taskId: 'c' });
    expect(statuses(state)[1]).toBe('IN_PROGRESS');
  });

  test('is in progress when some but not all of its tasks are finished', () => {
    expect(statuses(after(unordered, { type: 'SKIP_TASK', taskId: 'd' }))[1]).toBe('IN_PROGRESS');
  });

  test('is completed when all of its tasks are finished, skipped ones too', () => {
    const state = after(completed(unordered, 'a'), { type: 'SKIP_TASK', taskId: 'b' });
    expect(phaseOf(state, 'first')).toMatchObject({
      status: 'COMPLETED',
      progress: { total: 2, completed: 1, skipped: 1 },
    });
  });

  test('stays open in an unordered flow although the one before it is completed', () => {
    expect(statuses(completed(unordered, 'a', 'b'))).toEqual(['COMPLETED', 'OPEN', 'OPEN']);
  });

  test('is in progress in a linear flow when it follows a completed one and holds the next open task', () => {
    expect(statuses(completed(sequential, 'a', 'b'))).toEqual(['COMPLETED', 'IN_PROGRESS', 'OPEN']);
  });

  test('counts a flow of phases with one task each as linear', () => {
    const state = started({ ...phased('first: a', 'second: b'), edges: [edge('#first > #second')] });
    expect(statuses(completed(state, 'a'))).toEqual(['COMPLETED', 'IN_PROGRESS']);
  });

  test('does not go back when the execution is closed', () => {
    const state = completed(sequential, 'a', 'b');
    const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(closed.phases).toEqual(state.phases);
  });

  test('is in progress again when a task of it is reopened', () => {
    const state = after(completed(sequential, 'a', 'b'), { type: 'REOPEN_TASK', taskId: 'b', revert: false });
    expect(statuses(state)).toEqual(['IN_PROGRESS', 'OPEN', 'OPEN']);
  });
});

describe('an execution', () => {
  test('is at the first open task from top to bottom among those reached', () => {
    expect(sequential.execution).toMatchObject({ currentTaskId: 'a', currentPhaseId: 'first' });
    expect(completed(sequential, 'a', 'b').execution).toMatchObject({
      currentTaskId: 'c',
      currentPhaseId: 'second',
    });
    expect(completed(unordered, 'a', 'c').execution.currentTaskId).toBe('b');
  });

  test('counts what is done', () => {
    expect(completed(sequential, 'a', 'b').execution.progress).toEqual({
      total: 5,
      completed: 2,
      skipped: 0,
    });
  });

  test('is done when nothing is open, and at nothing then', () => {
    expect(completed(sequential, 'a', 'b', 'c', 'd', 'e').execution).toMatchObject({
      status: 'DONE',
      currentTaskId: null,
      currentPhaseId: null,
    });
  });

  test('without any task is done at once', () => {
    expect(started({}).execution.status).toBe('DONE');
  });
});
