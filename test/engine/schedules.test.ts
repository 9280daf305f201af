import { describe, expect, test } from 'vitest';
import type { CommandContext } from '../../src/engine/command.ts';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  edge,
  enabledIds,
  factsOf,
  LATER,
  refused,
  START,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

function rule(parts: Partial<ScheduleRule> = {}): ScheduleRule {
  return {
    anchor: 'REACHED',
    direction: 'AFTER',
    amount: 2,
    unit: 'DAYS',
    taskKey: null,
    path: null,
    entitySchema: null,
    ...parts,
  };
}

const at = (now: string, context: CommandContext = LATER): CommandContext => ({ ...context, now });
const WAKE = { type: 'WAKE_EXECUTION' } as const;

/** `a`, then `s` with the schedule, then `z`. */
function scheduled(schedule: ScheduleRule, context = START): ExecutionState {
  return started(
    { tasks: [task('a'), task('s', { schedule }), task('z')], edges: ['a > s', 's > z'].map(edge) },
    context,
  );
}

describe('a scheduled task', () => {
  const state = completed(scheduled(rule()), 'a');
  const time = '2026-03-05T09:30:00.000Z';

  test('waits for its time from the moment on at which it is reached', () => {
    expect(taskOf(scheduled(rule()), 's')).toMatchObject({ status: 'PENDING', scheduledFor: null });
    expect(taskOf(state, 's')).toMatchObject({
      status: 'SCHEDULED',
      scheduledFor: time,
      isEnabled: false,
      statusBy: { type: 'SYSTEM' },
    });
    expect(state.execution.wakeAt).toBe(time);
  });

  test('goes on at its time, and is not late then', () => {
    const result = accepted(state, WAKE, at(time));
    expect(taskOf(result.state, 's')).toMatchObject({
      status: 'PENDING',
      isEnabled: true,
      scheduleRanAt: time,
      isLate: false,
    });
    expect(result.state.execution.wakeAt).toBeNull();
    expect(told(result.events)).toContain('TASK_SCHEDULE_RAN s');
  });

  test('goes on once: waking it again changes nothing', () => {
    const woken = accepted(state, WAKE, at(time)).state;
    expect(accepted(woken, WAKE, at('2026-03-06T00:00:00.000Z')).events).toEqual([]);
  });

  test('does not go on before its time', () => {
    expect(accepted(state, WAKE, at('2026-03-05T09:29:59.999Z')).events).toEqual([]);
  });

  test.each([
    ['2026-03-05T09:31:00.000Z', false],
    ['2026-03-05T09:31:00.001Z', true],
  ])('that goes on at %s is late: %s', (now, isLate) => {
    expect(taskOf(accepted(state, WAKE, at(now)).state, 's').isLate).toBe(isLate);
  });

  test('runs now if somebody starts it', () => {
    const result = accepted(state, { type: 'START_TASK', taskId: 's' });
    expect(taskOf(result.state, 's')).toMatchObject({
      status: 'PENDING',
      isEnabled: true,
      scheduleRanAt: LATER.now,
    });
    expect(result.state.execution.wakeAt).toBeNull();
    expect(told(result.events)[0]).toBe('TASK_SCHEDULE_RAN s');
  });

  test('is cancelled by skipping it', () => {
    const { execution, tasks } = after(state, { type: 'SKIP_TASK', taskId: 's' });
    expect(execution.wakeAt).toBeNull();
    expect(tasks.map(({ status }) => status)).toEqual(['COMPLETED', 'SKIPPED', 'PENDING']);
  });

  test('can neither be completed nor put on hold', () => {
    for (const type of ['COMPLETE_TASK', 'HOLD_TASK'] as const)
      expect(refused(state, { type, taskId: 's' })).toMatchObject({
        code: 'COMMAND_NOT_ALLOWED',
        allowedCommands: ['START', 'SKIP', 'FAIL', 'ASSIGN', 'SET_DUE_DATE', 'UPDATE', 'ADD_NOTE'],
      });
  });

  test('is scheduled anew after what comes before it was reopened', () => {
    const reopened = after(state, { type: 'REOPEN_TASK', taskId: 'a', revert: false });
    expect(taskOf(reopened, 's')).toMatchObject({ status: 'PENDING', scheduledFor: null });
    expect(reopened.execution.wakeAt).toBeNull();
    const again = accepted(reopened, { type: 'COMPLETE_TASK', taskId: 'a' }, at('2026-03-10T00:00:00.000Z'));
    expect(taskOf(again.state, 's').scheduledFor).toBe('2026-03-12T00:00:00.000Z');
  });

  test('of a closed execution waits no more, and goes on late when that is reopened', () => {
    const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(closed.execution.wakeAt).toBeNull();
    expect(accepted(closed, WAKE, at('2026-03-20T00:00:00.000Z')).events).toEqual([]);
    const reopened = after(closed, { type: 'REOPEN_EXECUTION' });
    expect(reopened.execution.wakeAt).toBe(time);
  });

  test('that was stopped is not scheduled a second time', () => {
    const woken = accepted(state, WAKE, at(time)).state;
    const stopped = after(woken, { type: 'START_TASK', taskId: 's' }, { type: 'STOP_TASK', taskId: 's' });
    expect(enabledIds(stopped)).toEqual(['s']);
  });
});

test('a task that failed while it was scheduled is scheduled anew when it is tried again', () => {
  const failed = after(completed(scheduled(rule()), 'a'), {
    type: 'FAIL_TASK',
    taskId: 's',
    reason: null,
  });
  const retried = accepted(failed, { type: 'RETRY_TASK', taskId: 's' }, at('2026-03-20T00:00:00.000Z')).state;
  expect(taskOf(retried, 's')).toMatchObject({
    status: 'SCHEDULED',
    scheduledFor: '2026-03-22T00:00:00.000Z',
  });
});

describe('an automatic decision with a schedule', () => {
  const state = started({
    tasks: [
      decision('d', [branch('on', { isDefault: true })], { mode: 'AUTOMATIC' }, { schedule: rule() }),
      task('z'),
    ],
    edges: [edge('d =on> z')],
  });

  test('is taken at its time', () => {
    expect(taskOf(state, 'd').status).toBe('SCHEDULED');
    const woken = accepted(state, WAKE, at('2026-03-04T08:00:00.000Z')).state;
    expect(taskOf(woken, 'd').status).toBe('COMPLETED');
    expect(enabledIds(woken)).toEqual(['z']);
  });

  test('is taken at once if somebody runs it now', () => {
    expect(enabledIds(after(state, { type: 'START_TASK', taskId: 'd' }))).toEqual(['z']);
  });
});

describe('a schedule counts', () => {
  test('from the start of the execution', () => {
    const state = completed(scheduled(rule({ anchor: 'EXECUTION_STARTED', amount: 3 })), 'a');
    expect(taskOf(state, 's').scheduledFor).toBe('2026-03-05T08:00:00.000Z');
  });

  test('from the end of a task, and waits for that', () => {
    const schedule = rule({ anchor: 'TASK_FINISHED', taskKey: 'other' });
    const state = started({ tasks: [task('other'), task('s', { schedule })] });
    expect(taskOf(state, 's')).toMatchObject({ status: 'PENDING', isReached: true, isEnabled: false });
    expect(refused(state, { type: 'COMPLETE_TASK', taskId: 's' })).toMatchObject({
      code: 'TASK_BLOCKED',
      blockers: [{ type: 'SCHEDULE', until: null, anchorTaskId: 'other' }],
    });
    expect(taskOf(completed(state, 'other'), 's').scheduledFor).toBe('2026-03-05T09:30:00.000Z');
  });

  test('from the end of a task, and waits again when that is reopened', () => {
    const schedule = rule({ anchor: 'TASK_FINISHED', taskKey: 'other' });
    const state = completed(started({ tasks: [task('other'), task('s', { schedule })] }), 'other');
    const result = accepted(state, { type: 'REOPEN_TASK', taskId: 'other', revert: false });
    expect(taskOf(result.state, 's')).toMatchObject({ status: 'PENDING', scheduledFor: null });
    expect(result.state.execution.wakeAt).toBeNull();
    expect(told(result.events)).toContain('TASK_SCHEDULE_CANCELLED s');
  });

  test('from a date of the entity, before or after it', () => {
    const facts = factsOf({ contract: { end: '2026-05-31' } });
    const path = 'contract.end';
    const before = rule({ anchor: 'ENTITY_DATE', path, direction: 'BEFORE', amount: 1, unit: 'MONTHS' });
    const state = accepted(
      scheduled(before),
      { type: 'COMPLETE_TASK', taskId: 'a' },
      { ...LATER, facts },
    ).state;
    expect(taskOf(state, 's').scheduledFor).toBe('2026-04-30T00:00:00.000Z');
  });
});

describe('a schedule that can not be set', () => {
  const schedule = rule({ anchor: 'ENTITY_DATE', path: 'end' });

  test.each([
    [{}, 'SCHEDULE_DATE_MISSING'],
    [{ end: '' }, 'SCHEDULE_DATE_MISSING'],
    [{ end: null }, 'SCHEDULE_DATE_MISSING'],
    [{ end: 'soon' }, 'SCHEDULE_DATE_INVALID'],
    [{ end: 3 }, 'SCHEDULE_DATE_INVALID'],
    [{ end: '2026-03-01' }, 'SCHEDULE_IN_PAST'],
  ])('from %j fails with %s', (attributes, code) => {
    const facts = factsOf(attributes);
    const { state } = accepted(
      scheduled(schedule),
      { type: 'COMPLETE_TASK', taskId: 'a' },
      { ...LATER, facts },
    );
    expect(taskOf(state, 's')).toMatchObject({ status: 'FAILED', failure: { code } });
    expect(state.execution.status).toBe('FAILED');
  });

  test('is set after the attribute was, by trying again', () => {
    const failed = completed(scheduled(schedule), 'a');
    const facts = factsOf({ end: '2026-06-01' });
    const { state } = accepted(failed, { type: 'RETRY_TASK', taskId: 's' }, { ...LATER, facts });
    expect(taskOf(state, 's')).toMatchObject({
      status: 'SCHEDULED',
      scheduledFor: '2026-06-03T00:00:00.000Z',
      failure: null,
    });
    expect(state.execution.status).toBe('STARTED');
  });
});
