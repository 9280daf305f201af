import { describe, expect, test } from 'vitest';
import {
  accepted,
  after,
  edge,
  enabledIds,
  LATER,
  refused,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const state = started({ tasks: [task('a'), task('b'), task('c')], edges: [edge('a > b')] });
const failed = after(state, { type: 'FAIL_TASK', taskId: 'a', reason: 'The portal was down.' });

describe('a failed task', () => {
  test('says who reported it, when and why', () => {
    expect(taskOf(failed, 'a')).toMatchObject({
      status: 'FAILED',
      statusAt: LATER.now,
      statusBy: LATER.actor,
      failure: { code: 'REPORTED', message: 'The portal was down.' },
      isEnabled: false,
    });
  });

  test('makes the execution FAILED, in which other work goes on', () => {
    expect(failed.execution.status).toBe('FAILED');
    expect(enabledIds(failed)).toEqual(['c']);
    expect(after(failed, { type: 'COMPLETE_TASK', taskId: 'c' }).execution.status).toBe('FAILED');
  });

  test('keeps what comes after it from being worked on', () => {
    expect(refused(failed, { type: 'COMPLETE_TASK', taskId: 'b' })).toMatchObject({
      code: 'TASK_BLOCKED',
      blockers: [{ type: 'PRECEDING_TASK', taskId: 'a' }],
    });
  });

  test.each([
    ['RETRY_TASK', 'PENDING', ['a', 'c']],
    ['COMPLETE_TASK', 'COMPLETED', ['b', 'c']],
    ['SKIP_TASK', 'SKIPPED', ['b', 'c']],
  ] as const)('is dealt with by %s, and the execution is STARTED again', (type, status, enabled) => {
    const result = accepted(failed, { type, taskId: 'a' });
    expect(taskOf(result.state, 'a')).toMatchObject({ status, failure: null });
    expect(result.state.execution.status).toBe('STARTED');
    expect(enabledIds(result.state)).toEqual(enabled);
    expect(told(result.events)).toContain('EXECUTION_RECOVERED');
  });

  test('is neither started, stopped, held nor reopened', () => {
    for (const command of [
      { type: 'START_TASK' },
      { type: 'STOP_TASK' },
      { type: 'HOLD_TASK' },
      { type: 'RESUME_TASK' },
      { type: 'REOPEN_TASK', revert: false },
    ] as const)
      expect(refused(failed, { ...command, taskId: 'a' })).toMatchObject({
        code: 'COMMAND_NOT_ALLOWED',
        allowedCommands: ['COMPLETE', 'SKIP', 'RETRY', 'ASSIGN', 'SET_DUE_DATE', 'UPDATE', 'ADD_NOTE'],
      });
  });

  test('is put back by a revert of what comes before it', () => {
    const later = after(
      state,
      { type: 'COMPLETE_TASK', taskId: 'a' },
      { type: 'FAIL_TASK', taskId: 'b', reason: null },
    );
    const reverted = after(later, { type: 'REOPEN_TASK', taskId: 'a', revert: true });
    expect(taskOf(reverted, 'b')).toMatchObject({ status: 'PENDING', failure: null });
    expect(reverted.execution.status).toBe('STARTED');
  });

  test('keeps a closed execution FAILED when that is reopened', () => {
    const closed = after(failed, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    const result = accepted(closed, { type: 'REOPEN_EXECUTION' });
    expect(result.state.execution.status).toBe('FAILED');
    expect(told(result.events)).toContain('EXECUTION_REOPENED');
  });
});

test('a reason that is too long is refused', () => {
  expect(refused(state, { type: 'FAIL_TASK', taskId: 'a', reason: 'x'.repeat(501) })).toMatchObject({
    code: 'INVALID_INPUT',
    issues: [{ path: 'reason', code: 'TOO_LONG' }],
  });
});
