/** Ending an execution early, and opening it again. */
import { describe, expect, test } from 'vitest';
import {
  accepted,
  after,
  completed,
  LATER,
  refused,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const tasks = [task('a'), task('b')];
const plain = started({ tasks });
const withReasons = started({ tasks, closingReasonIds: ['lost', 'moved'] });
const withOneReason = started({ tasks, closingReasonIds: ['lost', 'moved'], hasSingleClosingReason: true });

function close(...reasonIds: readonly string[]) {
  return { type: 'CLOSE_EXECUTION', reasonIds, description: 'The customer moved away' } as const;
}

function issueCodes(problem: ReturnType<typeof refused>): string[] {
  return problem.code === 'INVALID_INPUT' ? problem.issues.map(({ path, code }) => `${path} ${code}`) : [];
}

describe('closing', () => {
  test('keeps the reasons, the description, and who did it when', () => {
    expect(after(withReasons, close('moved', 'lost', 'moved')).execution).toMatchObject({
      status: 'CLOSED',
      closing: {
        reasons: [
          { id: 'moved', title: 'moved' },
          { id: 'lost', title: 'lost' },
        ],
        description: 'The customer moved away',
      },
      finishedAt: LATER.now,
      finishedBy: LATER.actor,
      currentTaskId: null,
    });
  });

  test('leaves open tasks their status but lets nobody work on them', () => {
    const { state, events } = accepted(after(plain, { type: 'START_TASK', taskId: 'a' }), close());
    expect(taskOf(state, 'a')).toMatchObject({ status: 'IN_PROGRESS', isEnabled: false });
    expect(told(events)).toEqual(['EXECUTION_CLOSED', 'TASK_BLOCKED a', 'TASK_BLOCKED b']);
    expect(refused(state, { type: 'COMPLETE_TASK', taskId: 'a' })).toEqual({
      code: 'EXECUTION_NOT_OPEN',
      status: 'CLOSED',
    });
  });

  test('needs a reason if any are configured', () => {
    expect(issueCodes(refused(withReasons, close()))).toEqual(['reasonIds REASON_REQUIRED']);
  });

  test('takes only configured reasons', () => {
    expect(issueCodes(refused(withReasons, close('lost', 'other')))).toEqual(['reasonIds[1] UNKNOWN_REASON']);
    expect(issueCodes(refused(plain, close('lost')))).toEqual(['reasonIds[0] UNKNOWN_REASON']);
  });

  test('takes exactly one reason if the definition says so', () => {
    expect(issueCodes(refused(withOneReason, close('lost', 'moved')))).toEqual(['reasonIds SINGLE_REASON']);
    expect(after(withOneReason, close('lost')).execution.status).toBe('CLOSED');
  });

  test('refuses a description beyond the limit', () => {
    const description = 'x'.repeat(20_001);
    expect(issueCodes(refused(plain, { type: 'CLOSE_EXECUTION', reasonIds: [], description }))).toEqual([
      'description TOO_LONG',
    ]);
  });

  test.each(['DONE', 'CLOSED'] as const)('is refused when the execution is %s', (status) => {
    const state = status === 'DONE' ? completed(plain, 'a', 'b') : after(plain, close());
    expect(refused(state, close())).toEqual({ code: 'EXECUTION_NOT_OPEN', status });
  });
});

describe('reopening the execution', () => {
  const reopen = { type: 'REOPEN_EXECUTION' } as const;

  test('is refused while it is started', () => {
    expect(refused(plain, reopen)).toEqual({ code: 'EXECUTION_NOT_FINISHED' });
  });

  test('makes a closed one workable again', () => {
    const { state, events } = accepted(after(withReasons, close('lost')), reopen);
    expect(state.execution).toMatchObject({
      status: 'STARTED',
      isKeptOpen: false,
      closing: null,
      finishedAt: null,
      finishedBy: null,
      currentTaskId: 'a',
    });
    expect(told(events)).toEqual(['EXECUTION_REOPENED', 'TASK_ENABLED a', 'TASK_ENABLED b']);
  });

  test('keeps a done one open with nothing to do', () => {
    const state = after(completed(plain, 'a', 'b'), reopen);
    expect(state.execution).toMatchObject({ status: 'STARTED', isKeptOpen: true });
  });

  test('lets it be done again once a task was open again and is finished', () => {
    const reopened = after(completed(plain, 'a', 'b'), reopen, {
      type: 'REOPEN_TASK',
      taskId: 'a',
      revert: false,
    });
    expect(reopened.execution).toMatchObject({ status: 'STARTED', isKeptOpen: false });
    expect(completed(reopened, 'a').execution.status).toBe('DONE');
  });

  test('lets it be closed with nothing to do', () => {
    const state = after(completed(plain, 'a', 'b'), reopen, close());
    expect(state.execution).toMatchObject({ status: 'CLOSED', isKeptOpen: false });
  });
});
