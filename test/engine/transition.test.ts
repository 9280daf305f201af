/** The life of a task, cell by cell. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import type { TaskLifeCommand } from '../../src/engine/command.ts';
import type { ExecutionState, TaskStatus } from '../../src/engine/state.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import {
  accepted,
  after,
  completed,
  LATER,
  phased,
  refused,
  started,
  startOf,
  task,
  taskOf,
  definition,
} from '../support/workflow.ts';

const COMMANDS = ['START', 'STOP', 'COMPLETE', 'SKIP', 'HOLD', 'RESUME', 'REOPEN'] as const;
type Cells = Readonly<Record<(typeof COMMANDS)[number], TaskStatus | '–'>>;

/** What each command leads to. `ON_HOLD (…)` names the status before the hold. */
const TABLE: Readonly<Record<string, Cells>> = {
  PENDING: row('IN_PROGRESS', '–', 'COMPLETED', 'SKIPPED', 'ON_HOLD', '–', '–'),
  IN_PROGRESS: row('–', 'PENDING', 'COMPLETED', 'SKIPPED', 'ON_HOLD', '–', '–'),
  'ON_HOLD (PENDING)': row('–', '–', '–', 'SKIPPED', '–', 'PENDING', '–'),
  'ON_HOLD (IN_PROGRESS)': row('–', '–', '–', 'SKIPPED', '–', 'IN_PROGRESS', '–'),
  COMPLETED: row('–', '–', '–', '–', '–', '–', 'PENDING'),
  SKIPPED: row('–', '–', '–', '–', '–', '–', 'PENDING'),
};

function row(...cells: readonly (TaskStatus | '–')[]): Cells {
  return Object.fromEntries(COMMANDS.map((name, index) => [name, cells[index]])) as Cells;
}

function command(name: (typeof COMMANDS)[number]): TaskLifeCommand {
  return name === 'REOPEN'
    ? { type: 'REOPEN_TASK', taskId: 'a', revert: false }
    : { type: `${name}_TASK`, taskId: 'a' };
}

/** An execution whose task `a` has the status; `b` keeps it open. */
function inStatus(name: string): ExecutionState {
  const state = started({ tasks: [task('a'), task('b')] });
  const ways: Readonly<Record<string, readonly (typeof COMMANDS)[number][]>> = {
    PENDING: [],
    IN_PROGRESS: ['START'],
    'ON_HOLD (PENDING)': ['HOLD'],
    'ON_HOLD (IN_PROGRESS)': ['START', 'HOLD'],
    COMPLETED: ['COMPLETE'],
    SKIPPED: ['SKIP'],
  };
  return after(state, ...(ways[name] ?? []).map(command));
}

describe.each(Object.entries(TABLE))('from %s', (name, cells) => {
  test.each(COMMANDS)(`%s leads where the table says`, (commandName) => {
    const result = advance(inStatus(name), command(commandName), LATER);
    expect(result.ok ? taskOf(result.state, 'a').status : '–').toBe(cells[commandName]);
  });

  test('the commands of the table are those that are offered', () => {
    const offered = allowedCommands(taskOf(inStatus(name), 'a'), 'STARTED');
    expect(offered.filter((item) => COMMANDS.some((known) => known === item))).toEqual(
      COMMANDS.filter((item) => cells[item] !== '–'),
    );
  });
});

test('a refusal tells the status, who set it and when, and what is allowed now', () => {
  expect(refused(inStatus('ON_HOLD (IN_PROGRESS)'), { type: 'COMPLETE_TASK', taskId: 'a' })).toEqual({
    code: 'COMMAND_NOT_ALLOWED',
    taskId: 'a',
    status: 'ON_HOLD',
    since: LATER.now,
    by: LATER.actor,
    allowedCommands: ['SKIP', 'RESUME', 'ASSIGN', 'SET_DUE_DATE', 'UPDATE', 'ADD_NOTE'],
  });
});

test('starting notes when and by whom, and completing does too', () => {
  expect(taskOf(inStatus('IN_PROGRESS'), 'a')).toMatchObject({
    startedAt: LATER.now,
    startedBy: LATER.actor,
    statusAt: LATER.now,
    finishedAt: null,
  });
  expect(taskOf(inStatus('COMPLETED'), 'a')).toMatchObject({
    startedAt: null,
    finishedAt: LATER.now,
    finishedBy: LATER.actor,
  });
});

test('stopping forgets the start', () => {
  const state = after(inStatus('IN_PROGRESS'), { type: 'STOP_TASK', taskId: 'a' });
  expect(taskOf(state, 'a')).toMatchObject({ startedAt: null, startedBy: null });
});

test('a hold keeps the start', () => {
  const state = inStatus('IN_PROGRESS');
  const context = { ...LATER, now: '2026-03-05T10:00:00.000Z' };
  const held = accepted(state, { type: 'HOLD_TASK', taskId: 'a' }, context).state;
  const resumed = accepted(held, { type: 'RESUME_TASK', taskId: 'a' }, context).state;
  expect(taskOf(resumed, 'a')).toMatchObject({
    status: 'IN_PROGRESS',
    statusBeforeHold: null,
    statusAt: context.now,
    startedAt: LATER.now,
  });
});

describe('a blocked task', () => {
  const state = started({ isSequential: true, ...phased('only: a b') });
  const names = ['START', 'COMPLETE', 'SKIP'] as const;

  test.each(names)('refuses %s and names what blocks it', (name) => {
    expect(refused(state, { type: `${name}_TASK`, taskId: 'b' })).toEqual({
      code: 'TASK_BLOCKED',
      taskId: 'b',
      blockers: [{ type: 'PRECEDING_TASK', taskId: 'a' }],
    });
  });

  test('can be put on hold and resumed', () => {
    const held = after(state, { type: 'HOLD_TASK', taskId: 'b' });
    expect(allowedCommands(taskOf(held, 'b'), 'STARTED')).toContain('RESUME');
    expect(taskOf(after(held, { type: 'RESUME_TASK', taskId: 'b' }), 'b').status).toBe('PENDING');
  });

  test('can not be skipped from its hold', () => {
    const held = after(state, { type: 'HOLD_TASK', taskId: 'b' });
    expect(allowedCommands(taskOf(held, 'b'), 'STARTED')).not.toContain('SKIP');
    expect(refused(held, { type: 'SKIP_TASK', taskId: 'b' })).toMatchObject({
      code: 'TASK_BLOCKED',
      blockers: [{ type: 'PRECEDING_TASK', taskId: 'a' }],
    });
  });
});

describe('reopening', () => {
  const chain = { isSequential: true, ...phased('first: a b', 'second: c') };

  test('without revert touches just this task', () => {
    const state = completed(started(chain), 'a', 'b');
    const { state: reopened, events } = accepted(state, { type: 'REOPEN_TASK', taskId: 'a', revert: false });
    expect(reopened.tasks.map(({ status }) => status)).toEqual(['PENDING', 'COMPLETED', 'PENDING']);
    expect(taskOf(reopened, 'a')).toMatchObject({ finishedAt: null, finishedBy: null, startedAt: null });
    expect(events[0]).toMatchObject({ type: 'TASK_REOPENED', taskId: 'a' });
  });

  test('with revert puts back every task after it that is not pending', () => {
    const state = after(
      completed(started(chain), 'a', 'b'),
      { type: 'START_TASK', taskId: 'c' },
      { type: 'HOLD_TASK', taskId: 'c' },
    );
    const { state: reverted, events } = accepted(state, { type: 'REOPEN_TASK', taskId: 'a', revert: true });
    expect(reverted.tasks.map(({ status }) => status)).toEqual(['PENDING', 'PENDING', 'PENDING']);
    expect(taskOf(reverted, 'c')).toMatchObject({ statusBeforeHold: null, startedAt: null });
    expect(events.filter(({ taskId }) => taskId).map(({ type }) => type)).toEqual([
      'TASK_REOPENED',
      'TASK_REOPENED',
      'TASK_REOPENED',
    ]);
  });

  test('with revert follows requirements too, and leaves the rest alone', () => {
    const tasks = [task('a'), task('b', { requirements: [{ taskKey: 'a' }] }), task('c')];
    const state = after(completed(started({ tasks: [...tasks, task('d')] }), 'a', 'b', 'c'), {
      type: 'REOPEN_TASK',
      taskId: 'a',
      revert: true,
    });
    expect(state.tasks.map(({ status }) => status)).toEqual(['PENDING', 'PENDING', 'COMPLETED', 'PENDING']);
  });

  test('starts a done execution again', () => {
    const done = completed(started(chain), 'a', 'b', 'c');
    expect(allowedCommands(taskOf(done, 'c'), done.execution.status)).toEqual(['REOPEN']);
    const { state, events } = accepted(done, { type: 'REOPEN_TASK', taskId: 'c', revert: false });
    expect(state.execution).toMatchObject({ status: 'STARTED', finishedAt: null, finishedBy: null });
    expect(events.at(-1)?.type).toBe('EXECUTION_REOPENED');
  });

  test('is refused in a closed execution', () => {
    const closed = after(completed(started(chain), 'a'), {
      type: 'CLOSE_EXECUTION',
      reasonIds: [],
      description: null,
    });
    expect(refused(closed, { type: 'REOPEN_TASK', taskId: 'a', revert: false })).toEqual({
      code: 'EXECUTION_NOT_OPEN',
      status: 'CLOSED',
    });
  });
});

describe('before anything else', () => {
  const { state } = startOf(definition({ tasks: [task('a')] }));

  test('an unknown task is not found', () => {
    expect(refused(state, { type: 'START_TASK', taskId: 'nowhere' })).toEqual({
      code: 'NOT_FOUND',
      what: 'TASK',
      id: 'nowhere',
    });
  });

  test('another version of the task is a conflict', () => {
    const changed = after(state, { type: 'START_TASK', taskId: 'a' });
    expect(refused(changed, { type: 'START_TASK', taskId: 'a', expectedVersion: 1 })).toEqual({
      code: 'VERSION_CONFLICT',
      subject: 'TASK',
      id: 'a',
      currentVersion: 2,
    });
  });

  test('the right version is accepted', () => {
    expect(accepted(state, { type: 'START_TASK', taskId: 'a', expectedVersion: 1 }).ok).toBe(true);
  });

  test('another version of the execution is a conflict', () => {
    expect(refused(state, { type: 'REOPEN_EXECUTION', expectedVersion: 7 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      subject: 'EXECUTION',
      currentVersion: 1,
    });
  });
});
