import { describe, expect, test } from 'vitest';
import type { DefinitionContent } from '../../src/engine/definition.ts';
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

const YES_NO = [branch('yes'), branch('no')];

/** `a`, then the decision `d` to `y` or `n`, which join in `z`. */
function fork(parts: Partial<DefinitionContent> = {}): ExecutionState {
  return started({
    tasks: [task('a'), decision('d', YES_NO), task('y'), task('n'), task('z')],
    edges: ['a > d', 'd =yes> y', 'd =no> n', 'y > z', 'n > z'].map(edge),
    ...parts,
  });
}

function statuses(state: ExecutionState): Record<string, string> {
  return Object.fromEntries(state.tasks.map(({ id, status }) => [id, status]));
}

const decide = (...branchKeys: string[]) => ({ type: 'DECIDE_TASK', taskId: 'd', branchKeys }) as const;

describe('a decision by hand', () => {
  test('waits for a person as soon as it is reached', () => {
    const result = accepted(fork(), { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(taskOf(result.state, 'd')).toMatchObject({
      status: 'CONDITION_PENDING',
      isEnabled: true,
      statusBy: { type: 'SYSTEM' },
    });
    expect(told(result.events)).toContain('TASK_AWAITS_DECISION d');
  });

  test('goes the way that is chosen, and leaves out the other', () => {
    const result = accepted(completed(fork(), 'a'), decide('yes'));
    expect(statuses(result.state)).toEqual({
      a: 'COMPLETED',
      d: 'COMPLETED',
      y: 'PENDING',
      n: 'SKIPPED',
      z: 'PENDING',
    });
    expect(enabledIds(result.state)).toEqual(['y']);
    expect(told(result.events).slice(0, 2)).toEqual(['TASK_DECIDED d', 'TASK_ENABLED y']);
    expect(told(result.events)).toContain('TASK_SKIPPED n');
  });

  test('remembers who decided what and when', () => {
    const { state } = accepted(completed(fork(), 'a'), decide('no'));
    expect(taskOf(state, 'd').decided).toEqual({
      at: LATER.now,
      by: LATER.actor,
      takenBranchKeys: ['no'],
      isDefaultTaken: false,
      isMaximumReached: false,
      results: [],
    });
  });

  test('is not taken before it is reached', () => {
    expect(refused(fork(), decide('yes'))).toMatchObject({ code: 'COMMAND_NOT_ALLOWED', status: 'PENDING' });
  });

  test('is not completed, only decided', () => {
    expect(refused(completed(fork(), 'a'), { type: 'COMPLETE_TASK', taskId: 'd' })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
      allowedCommands: ['DECIDE', 'FAIL', 'ASSIGN', 'SET_DUE_DATE', 'UPDATE', 'ADD_NOTE'],
    });
  });

  test.each([
    [[], 'EMPTY'],
    [['maybe'], 'UNKNOWN_BRANCH'],
    [['yes', 'no'], 'TOO_MANY'],
  ])('refuses the branches %j', (branchKeys, code) => {
    expect(refused(completed(fork(), 'a'), decide(...branchKeys))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ code }],
    });
  });

  test('is skipped only along its default branch', () => {
    const without = completed(fork(), 'a');
    expect(refused(without, { type: 'SKIP_TASK', taskId: 'd' }).code).toBe('COMMAND_NOT_ALLOWED');
    const tasks = [
      task('a'),
      decision('d', [branch('yes'), branch('no', { isDefault: true })]),
      task('y'),
      task('n'),
      task('z'),
    ];
    const state = after(completed(fork({ tasks }), 'a'), { type: 'SKIP_TASK', taskId: 'd' });
    expect(statuses(state)).toMatchObject({ d: 'SKIPPED', y: 'SKIPPED', n: 'PENDING' });
    expect(taskOf(state, 'd').decided).toMatchObject({ takenBranchKeys: ['no'], isDefaultTaken: true });
  });

  test('takes several branches in parallel if it may, and the join waits for all of them', () => {
    const tasks = [task('a'), decision('d', YES_NO, { takes: 'EVERY_MET' }), task('y'), task('n'), task('z')];
    const both = after(completed(fork({ tasks }), 'a'), decide('no', 'yes'));
    expect(enabledIds(both)).toEqual(['y', 'n']);
    expect(taskOf(both, 'd').decided?.takenBranchKeys).toEqual(['yes', 'no']);
    expect(enabledIds(completed(both, 'y'))).toEqual(['n']);
    expect(enabledIds(completed(both, 'y', 'n'))).toEqual(['z']);
  });

  test('that waits again after what came before it was reopened is pending', () => {
    const state = after(completed(fork(), 'a'), { type: 'REOPEN_TASK', taskId: 'a', revert: false });
    expect(taskOf(state, 'd')).toMatchObject({ status: 'PENDING', isReached: false });
  });
});

describe('an automatic decision', () => {
  const automatic = (
    branches = [branch('yes', { statements: [equals('heating', 'gas')] }), branch('no')],
  ) => ({
    tasks: [task('a'), decision('d', branches, { mode: 'AUTOMATIC' }), task('y'), task('n'), task('z')],
  });
  const gas = { ...LATER, facts: factsOf({ heating: 'gas' }) };

  test('is taken by the system at once, and says what it saw', () => {
    const { state } = accepted(fork(automatic()), { type: 'COMPLETE_TASK', taskId: 'a' }, gas);
    expect(statuses(state)).toMatchObject({ d: 'COMPLETED', y: 'PENDING', n: 'SKIPPED' });
    expect(taskOf(state, 'd')).toMatchObject({
      finishedBy: { type: 'SYSTEM' },
      decided: {
        by: { type: 'SYSTEM' },
        takenBranchKeys: ['yes'],
        results: [
          {
            branchKey: 'yes',
            isMet: true,
            statements: [{ isMet: true, inputs: [{ value: 'gas' }], values: ['gas'] }],
          },
          { branchKey: 'no', isMet: false, statements: [] },
        ],
      },
    });
  });

  test('is taken when the execution starts if nothing comes before it', () => {
    const state = started(
      {
        tasks: [
          decision('d', [branch('yes', { statements: [equals('heating', 'gas')] })], { mode: 'AUTOMATIC' }),
          task('y'),
        ],
        edges: [edge('d =yes> y')],
      },
      { ...START, facts: factsOf({ heating: 'gas' }) },
    );
    expect(enabledIds(state)).toEqual(['y']);
  });

  test('goes its default way when no branch is met', () => {
    const branches = [
      branch('yes', { statements: [equals('heating', 'gas')] }),
      branch('no', { isDefault: true }),
    ];
    const state = completed(fork(automatic(branches)), 'a');
    expect(statuses(state)).toMatchObject({ d: 'COMPLETED', y: 'SKIPPED', n: 'PENDING' });
    expect(taskOf(state, 'd').decided).toMatchObject({ takenBranchKeys: ['no'], isDefaultTaken: true });
  });

  test('fails when no branch is met and there is no default, and says what it saw', () => {
    const result = accepted(fork(automatic()), { type: 'COMPLETE_TASK', taskId: 'a' });
    expect(taskOf(result.state, 'd')).toMatchObject({
      status: 'FAILED',
      failure: { code: 'NO_BRANCH_MET' },
      decided: { takenBranchKeys: [], results: [{ isMet: false }, { isMet: false }] },
    });
    expect(result.state.execution.status).toBe('FAILED');
    expect(told(result.events)).toEqual(expect.arrayContaining(['TASK_FAILED d', 'EXECUTION_FAILED']));
  });

  test('takes the first branch that is met, or every one', () => {
    const branches = [
      branch('yes', { statements: [equals('heating', 'gas')] }),
      branch('no', { statements: [equals('heating', 'gas')] }),
    ];
    const first = accepted(fork(automatic(branches)), { type: 'COMPLETE_TASK', taskId: 'a' }, gas).state;
    expect(enabledIds(first)).toEqual(['y']);
    const every = {
      tasks: automatic(branches).tasks.map((item) =>
        item.decision ? { ...item, decision: { ...item.decision, takes: 'EVERY_MET' as const } } : item,
      ),
    };
    const both = accepted(fork(every), { type: 'COMPLETE_TASK', taskId: 'a' }, gas).state;
    expect(enabledIds(both)).toEqual(['y', 'n']);
  });

  test('waits for what it requires', () => {
    const { tasks } = automatic();
    const requiring = tasks.map((item) =>
      item.key === 'd' ? { ...item, requirements: [{ taskKey: 'r' }] } : item,
    );
    const state = fork({ tasks: [...requiring, task('r')] });
    const waiting = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' }, gas).state;
    expect(taskOf(waiting, 'd').status).toBe('PENDING');
    const { state: done } = accepted(waiting, { type: 'COMPLETE_TASK', taskId: 'r' }, gas);
    expect(taskOf(done, 'd').status).toBe('COMPLETED');
  });

  test('on hold is taken when it is resumed', () => {
    const held = after(fork(automatic()), { type: 'HOLD_TASK', taskId: 'd' });
    const reached = accepted(held, { type: 'COMPLETE_TASK', taskId: 'a' }, gas).state;
    expect(taskOf(reached, 'd').status).toBe('ON_HOLD');
    const { state } = accepted(reached, { type: 'RESUME_TASK', taskId: 'd' }, gas);
    expect(taskOf(state, 'd').status).toBe('COMPLETED');
  });
});

describe('a way that is not taken', () => {
  test('is dead to its end, and the join does not wait for it', () => {
    const state = started({
      tasks: [decision('d', YES_NO), task('y'), task('n1'), task('n2'), task('z')],
      edges: ['d =yes> y', 'd =no> n1', 'n1 > n2', 'n2 > z', 'y > z'].map(edge),
    });
    const taken = after(state, decide('yes'));
    expect(taskOf(taken, 'n2')).toMatchObject({
      status: 'SKIPPED',
      skipReason: 'BRANCH_NOT_TAKEN',
      finishedBy: { type: 'SYSTEM' },
    });
    expect(enabledIds(completed(taken, 'y'))).toEqual(['z']);
  });

  test('finishes what others require', () => {
    const state = started({
      tasks: [decision('d', YES_NO), task('n'), task('r', { requirements: [{ taskKey: 'n' }] })],
      edges: [edge('d =no> n')],
    });
    expect(enabledIds(state)).toEqual(['d']);
    expect(enabledIds(after(state, decide('yes')))).toEqual(['r']);
  });

  test('ends the execution when nothing else is open', () => {
    const state = started({ tasks: [decision('d', YES_NO), task('n')], edges: [edge('d =no> n')] });
    expect(after(state, decide('yes')).execution.status).toBe('DONE');
  });

  test('can be gone after all once the decision is reopened', () => {
    const yes = after(completed(fork(), 'a'), decide('yes'));
    const reopened = after(yes, { type: 'REOPEN_TASK', taskId: 'd', revert: true });
    expect(statuses(reopened)).toMatchObject({ d: 'CONDITION_PENDING', y: 'PENDING', n: 'PENDING' });
    expect(taskOf(reopened, 'd').decided).toBeNull();
    expect(enabledIds(after(reopened, decide('no')))).toEqual(['n']);
  });

  test('keeps what was done on the way that was taken before, without a revert', () => {
    const done = completed(after(completed(fork(), 'a'), decide('yes')), 'y');
    const reopened = after(done, { type: 'REOPEN_TASK', taskId: 'd', revert: false });
    expect(statuses(reopened)).toMatchObject({ d: 'CONDITION_PENDING', y: 'COMPLETED', n: 'PENDING' });
    const other = after(reopened, decide('no'));
    expect(statuses(other)).toMatchObject({ y: 'COMPLETED', n: 'PENDING', z: 'PENDING' });
    expect(taskOf(other, 'y').skipReason).toBeNull();
  });

  test('is not reopened by itself: the refusal names the decision', () => {
    const yes = after(completed(fork(), 'a'), decide('yes'));
    expect(refused(yes, { type: 'REOPEN_TASK', taskId: 'n', revert: false })).toEqual({
      code: 'TASK_BLOCKED',
      taskId: 'n',
      blockers: [{ type: 'BRANCH_NOT_TAKEN', taskId: 'd', branchKeys: ['no'] }],
    });
  });

  test('leaves out a phase that only it leads to, and what comes after the phase', () => {
    const state = started({
      phases: [phase('p'), phase('q')],
      tasks: [
        decision('d', YES_NO),
        task('p1', { phaseKey: 'p' }),
        task('p2', { phaseKey: 'p' }),
        task('q1', { phaseKey: 'q' }),
      ],
      edges: ['d =no> #p', 'd =yes> q1', '#p > q1'].map(edge),
    });
    const taken = after(state, decide('yes'));
    expect(statuses(taken)).toMatchObject({ p1: 'SKIPPED', p2: 'SKIPPED', q1: 'PENDING' });
    expect(enabledIds(taken)).toEqual(['q1']);
  });
});

test('an edge of a decision without a branch fires whichever branch is taken', () => {
  const state = started({
    tasks: [decision('d', YES_NO), task('y'), task('always')],
    edges: ['d =yes> y', 'd > always'].map(edge),
  });
  expect(enabledIds(after(state, decide('no')))).toEqual(['always']);
});
