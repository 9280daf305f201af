/** The tree of reasons why a task waits, down to what somebody can end now. */
import { describe, expect, test } from 'vitest';
import { blockersOf, blockersUnder, gateBlockers, rootBlockers } from '../../src/engine/blockers.ts';
import { clearingCommands } from '../../src/engine/clearing.ts';
import type { AssigneeRef, ScheduleRule } from '../../src/engine/definition.ts';
import type { Blocker } from '../../src/engine/result.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import {
  accepted,
  after,
  branch,
  completed,
  decision,
  edge,
  equals,
  LATER,
  phase,
  phased,
  START,
  started,
  task,
  taskOf,
} from '../support/workflow.ts';

const anna: AssigneeRef = { type: 'USER', id: 'anna' };
const assignees = [anna];

/** In two hours, or two hours after the task. */
function inTwoHours(taskKey: string | null = null): ScheduleRule {
  return {
    anchor: taskKey === null ? 'REACHED' : 'TASK_FINISHED',
    taskKey,
    path: null,
    entitySchema: null,
    amount: 2,
    unit: 'HOURS',
    direction: 'AFTER',
  };
}

/** The tree as `{ 'TYPE subject': what is under it }`. */
interface Tree {
  readonly [reason: string]: Tree;
}

function nameOf(blocker: Blocker): string {
  if ('phaseId' in blocker) return `${blocker.type} #${blocker.phaseId}`;
  return 'taskId' in blocker ? `${blocker.type} ${blocker.taskId}` : blocker.type;
}

function treeOf(state: ExecutionState, blockers: readonly Blocker[]): Tree {
  return Object.fromEntries(
    blockers.map((blocker) => [nameOf(blocker), treeOf(state, blockersUnder(state, blocker))]),
  );
}

function tree(state: ExecutionState, taskId: string): Tree {
  return treeOf(state, blockersOf(state, taskId));
}

function commandsOf(state: ExecutionState, blocker: Blocker | undefined): readonly string[] {
  return blocker ? clearingCommands(state, blocker).commands : [];
}

/** The names of the roots, each with the commands that end it. */
function roots(state: ExecutionState, taskId: string): [string, readonly string[]][] {
  return rootBlockers(state, taskId).map((root) => [nameOf(root), commandsOf(state, root)]);
}

describe('under a task that blocks', () => {
  test('are its own reasons, down to the one that can be worked on', () => {
    const state = started({
      tasks: ['a', 'b', 'c'].map((key) => task(key, { assignees })),
      isSequential: true,
    });
    expect(tree(state, 'c')).toEqual({ 'PRECEDING_TASK b': { 'PRECEDING_TASK a': {} } });
    expect(roots(state, 'c')).toEqual([['PRECEDING_TASK a', ['COMPLETE', 'SKIP']]]);
  });

  test('are its requirements', () => {
    const state = started({
      tasks: [
        task('a', { assignees }),
        task('b', { assignees, requirements: [{ taskKey: 'a' }] }),
        task('c', { requirements: [{ taskKey: 'b' }] }),
      ],
    });
    expect(tree(state, 'c')).toEqual({ 'REQUIRED_TASK b': { 'REQUIRED_TASK a': {} } });
    expect(roots(state, 'c')).toEqual([['REQUIRED_TASK a', ['COMPLETE', 'SKIP']]]);
  });

  test('is that nobody is responsible, if it could be worked on', () => {
    const state = started({ tasks: [task('a'), task('b')], isSequential: true });
    expect(tree(state, 'b')).toEqual({ 'PRECEDING_TASK a': { 'NOBODY_ASSIGNED a': {} } });
    expect(roots(state, 'b')).toEqual([['NOBODY_ASSIGNED a', ['ASSIGN']]]);
  });

  test('is nobody as long as only variables without a person name those who are responsible', () => {
    const owner: AssigneeRef = { type: 'VARIABLE', id: '{{entity.owner}}' };
    const state = started({ tasks: [task('a', { assignees: [owner] }), task('b')], isSequential: true });
    expect(roots(state, 'b')).toEqual([['NOBODY_ASSIGNED a', ['ASSIGN']]]);
    const assigned = after(state, { type: 'ASSIGN_TASK', taskId: 'a', set: [anna] });
    expect(roots(assigned, 'b')).toEqual([['PRECEDING_TASK a', ['COMPLETE', 'SKIP']]]);
  });

  test('is its hold', () => {
    const state = started({ tasks: [task('a'), task('b')], isSequential: true });
    const held = after(state, { type: 'HOLD_TASK', taskId: 'a' });
    expect(rootBlockers(held, 'b')).toEqual([
      { type: 'ON_HOLD', taskId: 'a', since: LATER.now, by: LATER.actor },
    ]);
    expect(roots(held, 'b')).toEqual([['ON_HOLD a', ['RESUME', 'SKIP']]]);
  });

  test('is its failure', () => {
    const state = started({ tasks: [task('a'), task('b')], isSequential: true });
    const failed = after(state, { type: 'FAIL_TASK', taskId: 'a', reason: 'Out of stock' });
    expect(rootBlockers(failed, 'b')).toEqual([
      { type: 'FAILED', taskId: 'a', failure: { code: 'REPORTED', message: 'Out of stock' } },
    ]);
    expect(roots(failed, 'b')).toEqual([['FAILED a', ['RETRY', 'COMPLETE', 'SKIP']]]);
  });
});

describe('under a phase that blocks', () => {
  const { phases, tasks } = phased('first: a b', 'second: c');
  const content = {
    phases,
    tasks: tasks.map((item) => ({ ...item, assignees })),
    edges: ['#first > #second', 'a > b'].map(edge),
  };

  test('are its open tasks', () => {
    const state = started(content);
    expect(tree(state, 'c')).toEqual({
      'PRECEDING_PHASE #first': {
        'PRECEDING_TASK a': {},
        'PRECEDING_TASK b': { 'PRECEDING_TASK a': {} },
      },
    });
    expect(tree(completed(state, 'a'), 'c')).toEqual({
      'PRECEDING_PHASE #first': { 'PRECEDING_TASK b': {} },
    });
  });

  test('are its open tasks also when it is required', () => {
    const state = started({
      phases: [phase('first')],
      tasks: [
        task('a', { phaseKey: 'first', assignees }),
        task('c', { requirements: [{ phaseKey: 'first' }] }),
      ],
    });
    expect(tree(state, 'c')).toEqual({ 'REQUIRED_PHASE #first': { 'PRECEDING_TASK a': {} } });
  });
});

describe('a decision', () => {
  const yesAndNo = [branch('yes'), branch('no')];
  const flow = {
    tasks: [decision('ask', yesAndNo, {}, { assignees }), task('mount'), task('refuse'), task('file')],
    edges: ['ask =yes> mount', 'ask =no> refuse', 'mount > file', 'refuse > file'].map(edge),
  };

  test('blocks with the branches that lead on, and is decided', () => {
    const state = started(flow);
    expect(blockersOf(state, 'mount')).toEqual([
      { type: 'DECISION_NOT_TAKEN', taskId: 'ask', branchKeys: ['yes'] },
    ]);
    expect(roots(state, 'mount')).toEqual([['DECISION_NOT_TAKEN ask', ['DECIDE']]]);
  });

  test('is a root once for each way that it leads', () => {
    expect(rootBlockers(started(flow), 'file')).toEqual([
      { type: 'DECISION_NOT_TAKEN', taskId: 'ask', branchKeys: ['yes'] },
      { type: 'DECISION_NOT_TAKEN', taskId: 'ask', branchKeys: ['no'] },
    ]);
  });

  test('names all branches that lead to the same task', () => {
    const state = started({ ...flow, edges: ['ask =yes> mount', 'ask =no> mount'].map(edge) });
    expect(blockersOf(state, 'mount')).toEqual([
      { type: 'DECISION_NOT_TAKEN', taskId: 'ask', branchKeys: ['yes', 'no'] },
    ]);
  });

  test('is a task before it if any branch leads on', () => {
    const state = started({ ...flow, edges: [edge('ask > mount')] });
    expect(blockersOf(state, 'mount')).toEqual([{ type: 'PRECEDING_TASK', taskId: 'ask' }]);
  });

  test('may also be skipped if it has a default branch', () => {
    const state = started({
      ...flow,
      tasks: [
        decision('ask', [branch('yes'), branch('no', { isDefault: true })], {}, { assignees }),
        task('mount'),
      ],
      edges: [edge('ask =yes> mount')],
    });
    expect(roots(state, 'mount')).toEqual([['DECISION_NOT_TAKEN ask', ['DECIDE', 'SKIP']]]);
  });

  test('that failed tells why, and is tried again or decided by hand', () => {
    const state = started({
      ...flow,
      tasks: [
        decision('ask', [branch('yes', { statements: [equals('kind', 'roof')] })], { mode: 'AUTOMATIC' }),
        task('mount'),
      ],
      edges: [edge('ask =yes> mount')],
    });
    expect(tree(state, 'mount')).toEqual({ 'DECISION_NOT_TAKEN ask': { 'FAILED ask': {} } });
    expect(roots(state, 'mount')).toEqual([['FAILED ask', ['RETRY', 'DECIDE', 'SKIP']]]);
  });

  test('that went another way is reopened to bring back what it left out', () => {
    const decided = after(started(flow), { type: 'DECIDE_TASK', taskId: 'ask', branchKeys: ['no'] });
    const blockers = gateBlockers(decided, taskOf(decided, 'mount'));
    expect(blockers).toEqual([{ type: 'BRANCH_NOT_TAKEN', taskId: 'ask', branchKeys: ['yes'] }]);
    expect(blockers.map((blocker) => commandsOf(decided, blocker))).toEqual([['REOPEN']]);
    expect(blockers.flatMap((blocker) => blockersUnder(decided, blocker))).toEqual([]);
  });
});

describe('a schedule', () => {
  test('blocks until its time, and is run now or cancelled', () => {
    const state = started({
      tasks: [task('a', { schedule: inTwoHours() }), task('b')],
      isSequential: true,
    });
    expect(tree(state, 'b')).toEqual({ 'PRECEDING_TASK a': { 'SCHEDULE a': {} } });
    expect(rootBlockers(state, 'b')).toEqual([
      { type: 'SCHEDULE', taskId: 'a', until: '2026-03-02T10:00:00.000Z', anchorTaskId: null },
    ]);
    expect(roots(state, 'b')).toEqual([['SCHEDULE a', ['START', 'SKIP']]]);
    expect(rootBlockers(accepted(state, { type: 'START_TASK', taskId: 'a' }, START).state, 'b')).toEqual([
      { type: 'NOBODY_ASSIGNED', taskId: 'a' },
    ]);
  });

  test('waits for the task that it is counted from', () => {
    const state = started({
      tasks: [task('a', { assignees }), task('b', { schedule: inTwoHours('a') })],
    });
    expect(blockersOf(state, 'b')).toEqual([
      { type: 'SCHEDULE', taskId: 'b', until: null, anchorTaskId: 'a' },
    ]);
    expect(tree(state, 'b')).toEqual({ 'SCHEDULE b': { 'PRECEDING_TASK a': {} } });
    expect(roots(state, 'b')).toEqual([['PRECEDING_TASK a', ['COMPLETE', 'SKIP']]]);
  });

  test('of a task that requires another is run once that is finished', () => {
    const state = started({
      tasks: [
        task('a', { assignees }),
        task('b', { schedule: inTwoHours(), requirements: [{ taskKey: 'a' }] }),
      ],
    });
    expect(tree(state, 'b')).toEqual({ 'SCHEDULE b': {}, 'REQUIRED_TASK a': {} });
    expect(roots(state, 'b')).toEqual([['REQUIRED_TASK a', ['COMPLETE', 'SKIP']]]);
  });
});

describe('an execution that is over', () => {
  test('is opened again, and blocks on every level', () => {
    const state = started({ tasks: [task('a'), task('b')], isSequential: true });
    const closed = after(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(tree(closed, 'b')).toEqual({
      EXECUTION_NOT_OPEN: {},
      'PRECEDING_TASK a': { EXECUTION_NOT_OPEN: {} },
    });
    expect(roots(closed, 'b')).toEqual([['EXECUTION_NOT_OPEN', ['REOPEN_EXECUTION']]]);
  });

  test('is opened again before a hold in it is ended', () => {
    const state = started({ tasks: [task('a'), task('b')], isSequential: true });
    const closed = after(
      state,
      { type: 'HOLD_TASK', taskId: 'a' },
      { type: 'CLOSE_EXECUTION', reasonIds: [], description: null },
    );
    expect(tree(closed, 'b')['PRECEDING_TASK a']).toEqual({ EXECUTION_NOT_OPEN: {}, 'ON_HOLD a': {} });
    expect(roots(closed, 'b')).toEqual([['EXECUTION_NOT_OPEN', ['REOPEN_EXECUTION']]]);
  });
});

describe('the roots', () => {
  test('of an enabled, a finished and an unknown task are none', () => {
    const state = completed(started({ tasks: [task('a'), task('b')] }), 'a');
    expect(['a', 'b', 'nowhere'].map((id) => rootBlockers(state, id))).toEqual([[], [], []]);
  });

  test('that block in two ways, or by many ways, are told once', () => {
    const state = started({
      tasks: ['a', 'b', 'c', 'd'].map((key) =>
        task(key, { assignees, requirements: key === 'd' ? [{ taskKey: 'a' }] : [] }),
      ),
      edges: ['a > b', 'a > c', 'b > d', 'c > d'].map(edge),
    });
    expect(roots(state, 'd')).toEqual([['REQUIRED_TASK a', ['COMPLETE', 'SKIP']]]);
  });

  test('stand in the order in which the tree names them', () => {
    const state = started({
      tasks: ['a', 'b', 'c'].map((key) => task(key, { assignees })),
      edges: ['a > c', 'b > c'].map(edge),
    });
    expect(roots(state, 'c').map(([name]) => name)).toEqual(['PRECEDING_TASK a', 'PRECEDING_TASK b']);
  });

  test('of a thousand tasks with more ways than could be counted are found at once', () => {
    // 500 diamonds in a row: 2^499 ways from the first task to the last.
    const rows = Array.from({ length: 500 }, (_, row) => row);
    const keysOf = (row: number): string[] => [`left-${row}`, `right-${row}`];
    const state = started({
      tasks: rows.flatMap(keysOf).map((key) => task(key, { assignees })),
      edges: rows
        .slice(1)
        .flatMap((row) =>
          keysOf(row - 1).flatMap((from) => keysOf(row).map((to) => edge(`${from} > ${to}`))),
        ),
    });
    expect(roots(state, 'left-499').map(([name]) => name)).toEqual([
      'PRECEDING_TASK left-0',
      'PRECEDING_TASK right-0',
    ]);
  });
});
