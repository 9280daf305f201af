/** Tasks that run automations: how their runs begin. */
import { describe, expect, test } from 'vitest';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import { SYSTEM } from '../../src/engine/system.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { automatic, byButton, CLOSE, ended, finish, give, run } from '../support/automations.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  definition,
  edge,
  equals,
  factsOf,
  LATER,
  refused,
  START,
  started,
  startOf,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const IN_AN_HOUR: ScheduleRule = {
  amount: 1,
  unit: 'HOURS',
  direction: 'AFTER',
  anchor: 'REACHED',
  taskKey: null,
  path: null,
  entitySchema: null,
};
const REOPEN = { type: 'REOPEN_TASK', taskId: 'a', revert: false } as const;

describe('a person runs an automation', () => {
  const state = started({ tasks: [byButton('a')] });

  test('which is a new run of a task in progress', () => {
    expect(taskOf(after(state, run('a')), 'a')).toMatchObject({
      status: 'IN_PROGRESS',
      statusBy: LATER.actor,
      startedAt: LATER.now,
      startedBy: LATER.actor,
      runCount: 1,
      runState: 'RUNNING',
    });
  });

  test('which is told as its start', () => {
    expect(told(accepted(state, run('a')).events)).toEqual(['TASK_STARTED a']);
  });

  test('of a task that was begun by hand, without starting that again', () => {
    const begun = accepted(state, give('START_TASK'), START).state;
    const { state: running, events } = accepted(begun, run('a'));
    expect(taskOf(running, 'a')).toMatchObject({ startedAt: START.now, statusAt: LATER.now, runCount: 1 });
    expect(told(events)).toEqual(['TASK_UPDATED a']);
  });

  test('but not a second time while it runs', () => {
    const running = after(state, run('a'));
    expect(refused(running, run('a'))).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
    expect(allowedCommands(taskOf(running, 'a'), 'STARTED')).not.toContain('RUN_AUTOMATION');
  });

  test('only where there is one', () => {
    const plain = started({ tasks: [task('a')] });
    expect(refused(plain, run('a'))).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
  });

  test('only when nothing blocks the task', () => {
    const behind = started({ tasks: [task('first'), byButton('a')], edges: [edge('first > a')] });
    expect(refused(behind, run('a'))).toMatchObject({
      code: 'TASK_BLOCKED',
      blockers: [{ type: 'PRECEDING_TASK', taskId: 'first' }],
    });
  });

  test('not before its time', () => {
    const waiting = started({ tasks: [byButton('a', { schedule: IN_AN_HOUR })] });
    expect(refused(waiting, run('a'))).toMatchObject({ code: 'COMMAND_NOT_ALLOWED', status: 'SCHEDULED' });
  });

  test('not while it is on hold', () => {
    expect(refused(after(state, give('HOLD_TASK')), run('a'))).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
  });

  test('anew when it failed', () => {
    const failed = ended(after(state, run('a')), 'a', 'FAILED');
    const again = accepted(failed, run('a'));
    expect(taskOf(again.state, 'a')).toMatchObject({
      status: 'IN_PROGRESS',
      failure: null,
      runCount: 2,
      runState: 'RUNNING',
    });
    expect(told(again.events)).toContain('TASK_STARTED a');
  });
});

describe('an automation runs by itself', () => {
  test('from the start on', () => {
    expect(taskOf(started({ tasks: [automatic('a')] }), 'a')).toMatchObject({
      status: 'IN_PROGRESS',
      startedAt: START.now,
      startedBy: SYSTEM,
      statusBy: SYSTEM,
      runCount: 1,
      runState: 'RUNNING',
    });
  });

  test('when it is reached', () => {
    const state = started({ tasks: [task('first'), automatic('a')], edges: [edge('first > a')] });
    expect(taskOf(state, 'a')).toMatchObject({ status: 'PENDING', runCount: 0, runState: null });
    const { state: next, events } = accepted(state, { type: 'COMPLETE_TASK', taskId: 'first' });
    expect(taskOf(next, 'a')).toMatchObject({ status: 'IN_PROGRESS', runState: 'RUNNING' });
    expect(told(events)).toContain('TASK_STARTED a');
  });

  test('when what it requires is finished', () => {
    const state = started({
      tasks: [task('first'), automatic('a', { requirements: [{ taskKey: 'first' }] })],
    });
    expect(taskOf(state, 'a').runCount).toBe(0);
    expect(taskOf(completed(state, 'first'), 'a').runCount).toBe(1);
  });

  test('when its time has come', () => {
    const state = started({ tasks: [automatic('a', { schedule: IN_AN_HOUR })] });
    expect(taskOf(state, 'a')).toMatchObject({ status: 'SCHEDULED', runCount: 0 });
    const woken = accepted(state, { type: 'WAKE_EXECUTION' });
    expect(taskOf(woken.state, 'a')).toMatchObject({ runState: 'RUNNING', scheduleRanAt: LATER.now });
    expect(told(woken.events)).toContain('TASK_STARTED a');
  });

  test('when somebody does not wait for its time', () => {
    const state = started({ tasks: [automatic('a', { schedule: IN_AN_HOUR })] });
    const { state: next, events } = accepted(state, give('START_TASK'), { ...LATER, now: START.now });
    expect(taskOf(next, 'a')).toMatchObject({ status: 'IN_PROGRESS', statusBy: SYSTEM, runCount: 1 });
    expect(told(events)).toContain('TASK_STARTED a');
  });

  test('unless it is for a person to start', () => {
    expect(taskOf(started({ tasks: [byButton('a')] }), 'a')).toMatchObject({
      status: 'PENDING',
      runCount: 0,
      runState: null,
    });
  });

  test('not while it is on hold, but when it is resumed', () => {
    const state = started({ tasks: [task('first'), automatic('a')], edges: [edge('first > a')] });
    const held = completed(after(state, give('HOLD_TASK')), 'first');
    expect(taskOf(held, 'a')).toMatchObject({ status: 'ON_HOLD', runCount: 0 });
    expect(taskOf(after(held, give('RESUME_TASK')), 'a')).toMatchObject({ runState: 'RUNNING' });
  });

  test('not after somebody stopped it, until somebody runs it', () => {
    const stopped = after(started({ tasks: [automatic('a'), task('b')] }), give('STOP_TASK'));
    const later = completed(stopped, 'b');
    expect(taskOf(later, 'a')).toMatchObject({ status: 'PENDING', runCount: 1, runState: 'ENDED' });
    expect(taskOf(after(later, run('a')), 'a')).toMatchObject({ runCount: 2, runState: 'RUNNING' });
  });

  test('again when it was stopped and is reached anew', () => {
    const parts = { tasks: [task('first'), automatic('a')], edges: [edge('first > a')] };
    const stopped = after(completed(started(parts), 'first'), give('STOP_TASK'));
    const left = after(stopped, { type: 'REOPEN_TASK', taskId: 'first', revert: false });
    expect(taskOf(left, 'a')).toMatchObject({ status: 'PENDING', runState: null });
    expect(taskOf(completed(left, 'first'), 'a')).toMatchObject({ runCount: 2, runState: 'RUNNING' });
  });

  test('again when it is reopened, as a new run', () => {
    const done = ended(started({ tasks: [automatic('a')] }), 'a', 'SUCCESS');
    expect(taskOf(after(done, REOPEN), 'a')).toMatchObject({ status: 'IN_PROGRESS', runCount: 2 });
  });

  test('again in each round of a loop', () => {
    const loop = { branchKey: 'again', exitBranchKey: 'on', maxIterations: 3 };
    const branches = [branch('again', { statements: [equals('state', 'open')] }), branch('on')];
    const context = { ...START, facts: factsOf({ state: 'open' }) };
    const state = started(
      {
        tasks: [automatic('a'), decision('d', branches, { mode: 'AUTOMATIC', loop }), task('end')],
        edges: [edge('a > d'), edge('d =again> a'), edge('d =on> end')],
      },
      context,
    );
    const { state: next, events } = accepted(state, finish('a'), { ...context, actor: SYSTEM });
    expect(taskOf(next, 'a')).toMatchObject({ status: 'IN_PROGRESS', runCount: 2, runState: 'RUNNING' });
    expect(told(events)).toContain('TASK_COMPLETED a');
  });

  test('not in an execution that is over, but when that is reopened', () => {
    const parts = { tasks: [task('first'), automatic('a')], edges: [edge('first > a')] };
    const closed = after(completed(after(started(parts), give('HOLD_TASK')), 'first'), CLOSE);
    const reopened = after(closed, { type: 'REOPEN_EXECUTION' }, give('RESUME_TASK'));
    expect(taskOf(closed, 'a').runCount).toBe(0);
    expect(taskOf(reopened, 'a').runCount).toBe(1);
  });

  test('however many are reached at once', () => {
    const tasks = Array.from({ length: 600 }, (_, index) => automatic(`a${index}`));
    const { execution, tasks: all } = started({ tasks });
    expect(execution.status).toBe('STARTED');
    expect(all.every(({ runState }) => runState === 'RUNNING')).toBe(true);
  });
});

test('what begins by itself at the start is part of how its task came into being', () => {
  const { events, state } = startOf(definition({ tasks: [automatic('a')] }));
  expect(told(events)).toEqual(['EXECUTION_STARTED', 'TASK_ADDED a']);
  expect(events[1]?.data).toMatchObject({ runCount: 1, runState: 'RUNNING', status: 'IN_PROGRESS' });
  expect(state.execution.currentTaskId).toBe('a');
});
