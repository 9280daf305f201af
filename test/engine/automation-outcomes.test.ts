/** Tasks that run automations: what ends their runs, what comes of that, and who waits for it. */
import { describe, expect, test } from 'vitest';
import { blockersOf, blockersUnder, rootBlockers } from '../../src/engine/blockers.ts';
import { clearingCommands } from '../../src/engine/clearing.ts';
import type { Command } from '../../src/engine/command.ts';
import { reportOf } from '../../src/engine/simulation-report.ts';
import { simulate } from '../../src/engine/simulate.ts';
import { SYSTEM } from '../../src/engine/system.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { automatic, BY_SYSTEM, byButton, CLOSE, ended, finish, give, run } from '../support/automations.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  definition,
  edge,
  LATER,
  refused,
  START,
  started,
  startInput,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const FAIL = { type: 'FAIL_TASK', taskId: 'a', reason: null } as const;

describe('the outcome of a run', () => {
  const running = started({ tasks: [automatic('a'), task('b')], edges: [edge('a > b')] });

  test.each([
    ['SUCCESS', 'COMPLETED', 'TASK_COMPLETED a', null],
    ['SKIPPED', 'SKIPPED', 'TASK_SKIPPED a', null],
    ['CANCELLED', 'SKIPPED', 'TASK_SKIPPED a', null],
    ['FAILED', 'FAILED', 'TASK_FAILED a', 'AUTOMATION_FAILED'],
    ['HOT', 'FAILED', 'TASK_FAILED a', 'AUTOMATION_HOT'],
  ] as const)('%s makes the task %s', (outcome, status, event, code) => {
    const { state, events } = accepted(running, finish('a', outcome), BY_SYSTEM);
    const found = taskOf(state, 'a');
    expect(found).toMatchObject({ status, statusBy: SYSTEM, runCount: 1, runState: 'ENDED' });
    expect(found.failure?.code ?? null).toBe(code);
    expect(told(events)[0]).toBe(event);
  });

  test('lets the flow go on', () => {
    expect(taskOf(ended(running, 'a', 'SUCCESS'), 'b').isEnabled).toBe(true);
  });

  test('makes the execution FAILED if the run failed', () => {
    expect(ended(running, 'a', 'FAILED').execution.status).toBe('FAILED');
  });

  test('tells why it failed, in the words that are given', () => {
    const command = { ...finish('a', 'FAILED'), message: 'The server did not answer.' } as Command;
    expect(taskOf(accepted(running, command, BY_SYSTEM).state, 'a').failure).toEqual({
      code: 'AUTOMATION_FAILED',
      message: 'The server did not answer.',
    });
  });

  test.each(['SUCCESS', 'FAILED', 'SKIPPED'] as const)('%s ends the hold of its task', (outcome) => {
    const held = after(running, give('HOLD_TASK'));
    expect(taskOf(ended(held, 'a', outcome), 'a')).toMatchObject({
      status: { SUCCESS: 'COMPLETED', FAILED: 'FAILED', SKIPPED: 'SKIPPED' }[outcome],
      statusBeforeHold: null,
      runState: 'ENDED',
    });
  });

  test('changes nothing if it is of an older run', () => {
    const again = after(ended(running, 'a', 'FAILED'), run('a'));
    expect(accepted(again, finish('a', 'SUCCESS', 1), BY_SYSTEM)).toMatchObject({ state: again, events: [] });
  });

  test('changes nothing if the run has ended', () => {
    const stopped = after(running, give('STOP_TASK'));
    expect(accepted(stopped, finish('a'), BY_SYSTEM)).toMatchObject({ state: stopped, events: [] });
  });

  test('counts also when the task is not reached any more', () => {
    const parts = { tasks: [task('first'), automatic('a')], edges: [edge('first > a')] };
    const reopened = after(completed(started(parts), 'first'), {
      type: 'REOPEN_TASK',
      taskId: 'first',
      revert: false,
    });
    expect(taskOf(reopened, 'a')).toMatchObject({ isReached: false, runState: 'RUNNING' });
    expect(taskOf(ended(reopened, 'a', 'SUCCESS'), 'a').status).toBe('COMPLETED');
  });
});

describe('a run that goes on', () => {
  const running = started({ tasks: [automatic('a'), task('b')] });

  test.each([
    ['completes', { type: 'COMPLETE_TASK', taskId: 'a' }, 'COMPLETED'],
    ['skips', { type: 'SKIP_TASK', taskId: 'a' }, 'SKIPPED'],
    ['stops', { type: 'STOP_TASK', taskId: 'a' }, 'PENDING'],
    ['fails', FAIL, 'FAILED'],
  ] as const)('ends when somebody %s its task', (_what, command, status) => {
    expect(taskOf(after(running, command), 'a')).toMatchObject({ status, runCount: 1, runState: 'ENDED' });
  });

  test('lasts through a hold', () => {
    const held = after(running, give('HOLD_TASK'));
    expect(taskOf(held, 'a')).toMatchObject({ status: 'ON_HOLD', runState: 'RUNNING' });
    expect(taskOf(after(held, give('RESUME_TASK')), 'a')).toMatchObject({
      status: 'IN_PROGRESS',
      runCount: 1,
      runState: 'RUNNING',
    });
  });

  test('ends when somebody skips its task on hold', () => {
    const skipped = after(running, give('HOLD_TASK'), { type: 'SKIP_TASK', taskId: 'a' });
    expect(taskOf(skipped, 'a')).toMatchObject({ status: 'SKIPPED', runState: 'ENDED' });
  });

  test('ends with the execution, whose tasks keep their status', () => {
    const closed = after(running, CLOSE);
    expect(taskOf(closed, 'a')).toMatchObject({ status: 'IN_PROGRESS', runState: 'ENDED' });
  });

  test('does not begin again by itself with an execution that is reopened', () => {
    const reopened = after(running, CLOSE, { type: 'REOPEN_EXECUTION' });
    expect(taskOf(reopened, 'a')).toMatchObject({ status: 'IN_PROGRESS', runCount: 1, runState: 'ENDED' });
    expect(allowedCommands(taskOf(reopened, 'a'), 'STARTED')).toContain('RUN_AUTOMATION');
  });

  test('is forgotten when what comes before its task is reverted', () => {
    const parts = { tasks: [task('first'), automatic('a')], edges: [edge('first > a')] };
    const reverted = after(completed(started(parts), 'first'), {
      type: 'REOPEN_TASK',
      taskId: 'first',
      revert: true,
    });
    expect(taskOf(reverted, 'a')).toMatchObject({ status: 'PENDING', runCount: 1, runState: null });
  });
});

describe('a task whose run failed', () => {
  const failed = ended(started({ tasks: [automatic('a')] }), 'a', 'FAILED');

  test.each(['FAILED', 'HOT'] as const)(
    'goes on with the same run when it is tried again (%s)',
    (outcome) => {
      const state = ended(started({ tasks: [automatic('a')] }), 'a', outcome);
      const { state: next, events } = accepted(state, give('RETRY_TASK'));
      expect(taskOf(next, 'a')).toMatchObject({
        status: 'IN_PROGRESS',
        statusBy: LATER.actor,
        failure: null,
        runCount: 1,
        runState: 'RUNNING',
      });
      expect(told(events)[0]).toBe('TASK_RETRIED a');
    },
  );

  test('can be completed by hand', () => {
    expect(taskOf(completed(failed, 'a'), 'a')).toMatchObject({ status: 'COMPLETED', failure: null });
  });

  test('is not tried again while something blocks it', () => {
    const parts = { tasks: [task('first'), automatic('a')], edges: [edge('first > a')] };
    const broken = ended(completed(started(parts), 'first'), 'a', 'FAILED');
    const blocked = after(broken, { type: 'REOPEN_TASK', taskId: 'first', revert: false });
    expect(refused(blocked, give('RETRY_TASK'))).toMatchObject({ code: 'TASK_BLOCKED' });
    expect(refused(blocked, run('a'))).toMatchObject({ code: 'TASK_BLOCKED' });
  });

  test.each([
    ['when it was reached', started({ tasks: [automatic('a')] })],
    ['by a button', after(started({ tasks: [byButton('a')] }), run('a'))],
  ])('goes on with the run that began %s and ended when somebody said that it failed', (_how, state) => {
    expect(taskOf(after(state, FAIL, give('RETRY_TASK')), 'a')).toMatchObject({
      status: 'IN_PROGRESS',
      failure: null,
      runCount: 1,
      runState: 'RUNNING',
    });
  });

  test('is as newly reached when it is tried again and no run had begun', () => {
    const pressed = after(started({ tasks: [byButton('a')] }), FAIL, give('RETRY_TASK'));
    expect(taskOf(pressed, 'a')).toMatchObject({ status: 'PENDING', runCount: 0, runState: null });
  });
});

describe('what waits for an automation', () => {
  const parts = { tasks: [automatic('a'), task('b')], edges: [edge('a > b')] };
  const waiting = started(parts);

  test('is told that it runs, and since when', () => {
    const [blocker] = blockersOf(waiting, 'b');
    expect(blocker && blockersUnder(waiting, blocker)).toEqual([
      { type: 'AUTOMATION_RUNNING', taskId: 'a', since: START.now },
    ]);
  });

  test('can be helped by working its task by hand', () => {
    const [root] = rootBlockers(waiting, 'b');
    expect(root && clearingCommands(waiting, root).commands).toEqual(['COMPLETE', 'SKIP']);
  });

  test('is not told that it runs while its task is done by hand', () => {
    const begun = after(waiting, give('STOP_TASK'), give('START_TASK'));
    expect(rootBlockers(begun, 'b')).toEqual([{ type: 'NOBODY_ASSIGNED', taskId: 'a' }]);
  });

  test('is told of the hold, not of the run, while the run pauses', () => {
    const held = after(waiting, give('HOLD_TASK'));
    expect(rootBlockers(held, 'b')).toMatchObject([{ type: 'ON_HOLD', taskId: 'a' }]);
  });

  test('can be helped by running what is not running', () => {
    const stopped = after(waiting, give('STOP_TASK'));
    const [blocker] = blockersOf(stopped, 'b');
    expect(blocker && clearingCommands(stopped, blocker).commands).toContain('RUN_AUTOMATION');
  });

  test('can be helped by running what failed', () => {
    const failed = ended(waiting, 'a', 'FAILED');
    const [root] = rootBlockers(failed, 'b');
    expect(root).toMatchObject({ type: 'FAILED', failure: { code: 'AUTOMATION_FAILED' } });
    expect(root && clearingCommands(failed, root).commands).toEqual([
      'RETRY',
      'RUN_AUTOMATION',
      'COMPLETE',
      'SKIP',
    ]);
  });

  test('is told also what holds up a run’s task that is not reached any more', () => {
    const chain = { tasks: [task('first'), ...parts.tasks], edges: [edge('first > a'), edge('a > b')] };
    const reopened = after(completed(started(chain), 'first'), {
      type: 'REOPEN_TASK',
      taskId: 'first',
      revert: false,
    });
    expect(blockersUnder(reopened, { type: 'PRECEDING_TASK', taskId: 'a' })).toMatchObject([
      { type: 'AUTOMATION_RUNNING', taskId: 'a' },
      { type: 'PRECEDING_TASK', taskId: 'first' },
    ]);
  });

  test('is not said to block the task itself', () => {
    expect(taskOf(waiting, 'a').isEnabled).toBe(true);
    expect(blockersOf(waiting, 'a')).toEqual([]);
  });
});

test('a dry run completes what runs by itself like any other task', () => {
  const loop = { branchKey: 'again', exitBranchKey: 'on', maxIterations: 1 };
  const content = definition({
    tasks: [automatic('a'), decision('d', [branch('again'), branch('on')], { loop }), task('end')],
    edges: [edge('a > d'), edge('d =again> a'), edge('d =on> end')],
  });
  const answers = ['again', 'on'].map((key) => ({ taskKey: 'd', branchKeys: [key] }));
  const taskDuration = { amount: 1, unit: 'HOURS' } as const;
  const { steps, deadEnds } = reportOf(
    simulate({ start: startInput(content), answers, taskDuration, maxCommands: 100 }, START),
  );
  expect(deadEnds).toEqual([]);
  expect(steps.map(({ type, task: item }) => `${type} ${item?.id ?? ''}`.trim())).toEqual([
    'STARTED',
    'COMPLETED a',
    'AWAITS_DECISION d',
    'LOOPED d',
    'PUT_BACK a',
    'COMPLETED a',
    'AWAITS_DECISION d',
    'DECIDED d',
    'COMPLETED end',
    'DONE',
  ]);
});
