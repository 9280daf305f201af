/** Tasks that somebody outside confirms: asking, the answer, and the end of the time. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import { blockersOf, blockersUnder } from '../../src/engine/blockers.ts';
import { clearingCommands } from '../../src/engine/clearing.ts';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { ConfirmationRule, TaskDefinition } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { SYSTEM } from '../../src/engine/system.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { automatic, BY_SYSTEM, CLOSE, give } from '../support/automations.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  edge,
  LATER,
  refused,
  START,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const RULE: ConfirmationRule = {
  mode: 'AUTOMATIC',
  to: '{{entity.email}}',
  subject: null,
  message: null,
  expiresAfter: { amount: 3, unit: 'DAYS' },
};
const ASK = { type: 'REQUEST_CONFIRMATION', taskId: 'a', expiresInHours: null } as const;
const WITHDRAW = { type: 'WITHDRAW_CONFIRMATION', taskId: 'a' } as const;

function asking(parts: Partial<TaskDefinition> = {}): TaskDefinition {
  return task('a', { confirmation: RULE, ...parts });
}

function answer(given: 'CONFIRMED' | 'DECLINED', number = 1, comment: string | null = null): Command {
  return { type: 'ANSWER_CONFIRMATION', taskId: 'a', number, answer: given, by: 'Clara', comment };
}

function at(now: string): CommandContext {
  return { ...BY_SYSTEM, now };
}

const waiting = started({ tasks: [asking(), task('b')], edges: [edge('a > b')] });

describe('A task asks somebody outside', () => {
  test('by itself from the start on, for as long as its rule says', () => {
    expect(taskOf(waiting, 'a')).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      statusBy: SYSTEM,
      isEnabled: false,
      confirmationCount: 1,
      confirmationRequest: {
        number: 1,
        at: START.now,
        by: SYSTEM,
        expiresAt: '2026-03-05T08:00:00.000Z',
        state: 'OPEN',
        answer: null,
      },
    });
    expect(waiting.execution.wakeAt).toBe('2026-03-05T08:00:00.000Z');
  });

  test('by itself when it is reached, and tells so', () => {
    const state = started({ tasks: [task('first'), asking()], edges: [edge('first > a')] });
    expect(taskOf(state, 'a')).toMatchObject({ status: 'PENDING', confirmationCount: 0 });
    const { state: next, events } = accepted(state, { type: 'COMPLETE_TASK', taskId: 'first' });
    expect(taskOf(next, 'a').status).toBe('WAITING_FOR_CONFIRMATION');
    expect(told(events)).toContain('TASK_AWAITS_CONFIRMATION a');
  });

  test('by hand, pending or in progress, whether or not a definition says so', () => {
    for (const parts of [{ confirmation: { ...RULE, mode: 'MANUAL' } as const }, { confirmation: null }]) {
      const state = started({ tasks: [asking(parts)] });
      expect(taskOf(state, 'a').status).toBe('PENDING');
      const { state: next, events } = accepted(state, ASK);
      expect(taskOf(next, 'a')).toMatchObject({ status: 'WAITING_FOR_CONFIRMATION', statusBy: LATER.actor });
      expect(told(events)[0]).toBe('TASK_AWAITS_CONFIRMATION a');
      expect(taskOf(after(state, give('START_TASK'), ASK), 'a').startedBy).toEqual(LATER.actor);
    }
  });

  test('for a week by hand if nobody says how long, or for so many hours', () => {
    const state = started({ tasks: [task('a')] });
    const expiry = (expiresInHours: number | null): string | undefined =>
      taskOf(accepted(state, { ...ASK, expiresInHours }, START).state, 'a').confirmationRequest?.expiresAt;
    expect(expiry(null)).toBe('2026-03-09T08:00:00.000Z');
    expect(expiry(2)).toBe('2026-03-02T10:00:00.000Z');
    for (const hours of [0, -1, 1.5, 8_761])
      expect(refused(state, { ...ASK, expiresInHours: hours })).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'expiresInHours', code: 'OUT_OF_RANGE' }],
      });
  });

  test('only if it is worked by people, and nothing blocks it', () => {
    const branches = [branch('yes', { isDefault: true })];
    for (const other of [automatic('a'), decision('a', branches)])
      expect(refused(started({ tasks: [other] }), ASK)).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
    const behind = started({ tasks: [task('first'), task('a')], edges: [edge('first > a')] });
    expect(refused(behind, ASK)).toMatchObject({ code: 'TASK_BLOCKED' });
  });
});

describe('While a task waits for a confirmation', () => {
  test.each<[command: Command, status: string | null]>([
    [give('START_TASK'), null],
    [give('STOP_TASK'), null],
    [{ type: 'COMPLETE_TASK', taskId: 'a' }, null],
    [{ type: 'SKIP_TASK', taskId: 'a' }, 'SKIPPED'],
    [give('HOLD_TASK'), null],
    [give('RESUME_TASK'), null],
    [{ type: 'REOPEN_TASK', taskId: 'a', revert: false }, null],
    [{ type: 'FAIL_TASK', taskId: 'a', reason: null }, 'FAILED'],
    [give('RETRY_TASK'), null],
    [ASK, null],
    [WITHDRAW, 'PENDING'],
  ])('%o leads to %s', (command, status) => {
    const result = advance(waiting, command, LATER);
    if (status === null)
      expect(result).toMatchObject({
        problem: { code: 'COMMAND_NOT_ALLOWED', status: 'WAITING_FOR_CONFIRMATION' },
      });
    else
      expect(taskOf(after(waiting, command), 'a')).toMatchObject({
        status,
        confirmationRequest: { state: 'WITHDRAWN', answer: null },
      });
  });

  test('skipping, failing and withdrawing are offered', () => {
    expect(allowedCommands(taskOf(waiting, 'a'), 'STARTED')).toEqual(
      expect.arrayContaining(['WITHDRAW_CONFIRMATION', 'SKIP', 'FAIL']),
    );
    expect(allowedCommands(taskOf(waiting, 'a'), 'STARTED')).not.toContain('COMPLETE');
  });

  test('what comes after it is told why, since when, and what would end it', () => {
    const blocker = {
      type: 'WAITING_FOR_CONFIRMATION',
      taskId: 'a',
      since: START.now,
      until: '2026-03-05T08:00:00.000Z',
    } as const;
    expect(blockersOf(waiting, 'a')).toEqual([blocker]);
    expect(blockersUnder(waiting, { type: 'PRECEDING_TASK', taskId: 'b' })).toEqual(blockersOf(waiting, 'b'));
    expect(blockersUnder(waiting, { type: 'PRECEDING_TASK', taskId: 'a' })).toEqual([blocker]);
    expect(clearingCommands(waiting, blocker).commands).toEqual(['WITHDRAW_CONFIRMATION', 'SKIP']);
  });
});

describe('The answer', () => {
  test('that it is confirmed completes the task, by the system, and says who it was', () => {
    const { state, events } = accepted(waiting, answer('CONFIRMED', 1, 'Gladly'), BY_SYSTEM);
    const given = { at: LATER.now, by: 'Clara', comment: 'Gladly' };
    expect(taskOf(state, 'a')).toMatchObject({
      status: 'COMPLETED',
      finishedBy: SYSTEM,
      confirmationRequest: { state: 'CONFIRMED', answer: given },
    });
    expect(told(events)[0]).toBe('TASK_CONFIRMED a');
    expect(events[0]?.data).toMatchObject({ confirmationRequest: { answer: given } });
    expect(taskOf(state, 'b').isEnabled).toBe(true);
    expect(state.execution.wakeAt).toBeNull();
  });

  test('that it is declined fails the task with the comment', () => {
    const { state, events } = accepted(waiting, answer('DECLINED', 1, 'Too early'), BY_SYSTEM);
    expect(taskOf(state, 'a')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'CONFIRMATION_DECLINED', message: 'Too early' },
      confirmationRequest: { state: 'DECLINED' },
    });
    expect(told(events)).toEqual(expect.arrayContaining(['TASK_FAILED a', 'EXECUTION_FAILED']));
  });

  function isUnheard(state: ExecutionState, command: Command, context = BY_SYSTEM): void {
    const result = accepted(state, command, context);
    expect(result.state).toBe(state);
    expect(result.events).toEqual([]);
  }

  test('changes nothing the second time, whichever it is', () => {
    const confirmed = accepted(waiting, answer('CONFIRMED'), BY_SYSTEM).state;
    isUnheard(confirmed, answer('DECLINED'));
    isUnheard(confirmed, answer('CONFIRMED'));
  });

  test('to an earlier request changes nothing', () => {
    const again = after(waiting, WITHDRAW, ASK);
    isUnheard(again, answer('CONFIRMED', 1));
    expect(taskOf(accepted(again, answer('CONFIRMED', 2), BY_SYSTEM).state, 'a').status).toBe('COMPLETED');
  });

  test('that comes too late changes nothing, also before the system has looked', () => {
    isUnheard(waiting, answer('CONFIRMED'), at('2026-03-05T08:00:00.000Z'));
    const inTime = accepted(waiting, answer('CONFIRMED'), at('2026-03-05T07:59:59.999Z'));
    expect(taskOf(inTime.state, 'a').status).toBe('COMPLETED');
  });

  test('counts for nothing while the execution is closed, and again when it is reopened', () => {
    const closed = after(waiting, CLOSE);
    expect(taskOf(closed, 'a').status).toBe('WAITING_FOR_CONFIRMATION');
    expect(closed.execution.wakeAt).toBeNull();
    isUnheard(closed, answer('CONFIRMED'));
    const reopened = after(closed, { type: 'REOPEN_EXECUTION' });
    expect(taskOf(accepted(reopened, answer('CONFIRMED'), BY_SYSTEM).state, 'a').status).toBe('COMPLETED');
  });

  test('still counts when something before it was opened again: whoever was asked is not left alone', () => {
    const state = completed(
      started({ tasks: [task('first'), asking()], edges: [edge('first > a')] }),
      'first',
    );
    const opened = after(state, { type: 'REOPEN_TASK', taskId: 'first', revert: false });
    expect(taskOf(opened, 'a')).toMatchObject({ status: 'WAITING_FOR_CONFIRMATION', isReached: false });
    expect(taskOf(accepted(opened, answer('CONFIRMED'), BY_SYSTEM).state, 'a').status).toBe('COMPLETED');
  });
});

describe('A request that nobody needs any more', () => {
  test('is forgotten when what comes before it is reverted, and made anew', () => {
    const state = completed(
      started({ tasks: [task('first'), asking()], edges: [edge('first > a')] }),
      'first',
    );
    const reverted = after(state, { type: 'REOPEN_TASK', taskId: 'first', revert: true });
    expect(taskOf(reverted, 'a')).toMatchObject({
      status: 'PENDING',
      confirmationCount: 1,
      confirmationRequest: null,
    });
    expect(taskOf(completed(reverted, 'first'), 'a')).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      confirmationRequest: { number: 2, state: 'OPEN' },
    });
  });

  test('is not made again by itself after somebody withdrew it, until the task is tried again', () => {
    const withdrawn = after(waiting, WITHDRAW);
    expect(told(accepted(waiting, WITHDRAW).events)[0]).toBe('TASK_CONFIRMATION_WITHDRAWN a');
    expect(taskOf(withdrawn, 'a')).toMatchObject({
      status: 'PENDING',
      isEnabled: true,
      confirmationCount: 1,
    });
    const failed = after(withdrawn, { type: 'FAIL_TASK', taskId: 'a', reason: null });
    expect(taskOf(after(failed, give('RETRY_TASK')), 'a')).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      confirmationCount: 2,
    });
  });
});

describe('When the time is over', () => {
  const over = accepted(waiting, { type: 'WAKE_EXECUTION' }, at('2026-03-05T08:00:00.000Z'));

  test('the task fails, so that nothing hangs', () => {
    expect(taskOf(over.state, 'a')).toMatchObject({
      status: 'FAILED',
      statusBy: SYSTEM,
      failure: { code: 'CONFIRMATION_EXPIRED' },
      confirmationRequest: { state: 'EXPIRED', answer: null },
    });
    expect(told(over.events)).toContain('TASK_FAILED a');
    expect(over.state.execution).toMatchObject({ status: 'FAILED', wakeAt: null });
  });

  test('but not before', () => {
    const early = accepted(waiting, { type: 'WAKE_EXECUTION' }, at('2026-03-05T07:59:59.999Z'));
    expect(early.events).toEqual([]);
  });

  test('trying again asks again, with a time of its own', () => {
    const again = accepted(over.state, give('RETRY_TASK'), at('2026-03-06T08:00:00.000Z')).state;
    expect(taskOf(again, 'a')).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      confirmationRequest: { number: 2, expiresAt: '2026-03-09T08:00:00.000Z' },
    });
  });
});
