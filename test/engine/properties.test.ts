/** What holds for every definition and every sequence of commands. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import { mergeChanges } from '../../src/engine/batch.ts';
import { blockersOf, blocks } from '../../src/engine/blockers.ts';
import type { Command } from '../../src/engine/command.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { replay } from '../../src/engine/replay.ts';
import { asTold } from '../model/invariants.ts';
import type { Advanced, Blocker, Changes, TaskCommandName } from '../../src/engine/result.ts';
import type { ExecutionState, NodeId, PhaseStatus, TaskData, TaskStatus } from '../../src/engine/state.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import {
  arbitraryDefinition,
  arbitraryRawDefinition,
  arbitrarySteps,
  commandOf,
  PEOPLE,
  referencesOf,
  type Step,
} from '../support/arbitraries.ts';
import { LATER, startOf } from '../support/workflow.ts';

const RUNS = { numRuns: 120 };

describe('whatever is done', () => {
  test('every command is either accepted or refused, never an exception', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), arbitrarySteps(), (content, steps) => {
        expect(() => perform(content, steps)).not.toThrow();
      }),
      RUNS,
    );
  });

  test('the same input gives the same output', () => {
    forEveryRun(({ steps }) => {
      for (const { before, command, result } of steps)
        expect(advance(structuredClone(before), structuredClone(command), LATER)).toEqual(result);
    });
  });

  test('replaying the events gives the state', () => {
    forEveryRun(({ started, steps, last }) => {
      const events = [...started.events, ...steps.flatMap(({ result }) => (result.ok ? result.events : []))];
      expect(replay(JSON.parse(JSON.stringify(events)) as typeof events)).toEqual(asTold(last));
    });
  });

  test('every changed object has one event, and its version rises by one', () => {
    forEveryAccepted(({ before, result: { changes, events, state } }) => {
      const known = new Map(
        [before.execution, ...before.phases, ...before.tasks].map(({ id, version }) => [id, version]),
      );
      const changed = [
        // Of the time of its timer alone nothing is told.
        ...(changes.execution && changes.execution.version > before.execution.version
          ? [changes.execution]
          : []),
        ...changes.phases,
        ...changes.tasks,
      ].map(({ id, version }) => [id, version]);
      const removed = changes.removedTaskIds.map((id) => [id, (known.get(id) ?? 0) + 1]);
      expect(
        events.map(({ taskId, phaseId, version }) => [taskId ?? phaseId ?? 'execution', version]).sort(),
      ).toEqual([...changed, ...removed].sort());
      for (const [id, version] of changed) expect(version).toBe((known.get(String(id)) ?? 0) + 1);
      expect(withoutChanged(state, changes)).toEqual(withoutChanged(before, changes));
    });
  });

  test('the merged changes of all commands lead from the first state to the last', () => {
    forEveryRun(({ started, steps, last }) => {
      const merged = mergeChanges(steps.flatMap(({ result }) => (result.ok ? [result.changes] : [])));
      const tasks = new Map(started.state.tasks.map((task) => [task.id, task]));
      for (const id of merged.removedTaskIds) expect(tasks.delete(id)).toBe(true);
      for (const task of merged.tasks) tasks.set(task.id, task);
      expect(merged.execution ?? started.state.execution).toEqual(last.execution);
      expect([...tasks.values()].sort(byId)).toEqual([...last.tasks].sort(byId));
    });
  });

  test('phases and execution follow from their tasks', () => {
    forEveryState((state) => {
      const { execution, phases, tasks } = state;
      const open = tasks.filter(isOpen);
      expect(phases.map(({ status }) => status)).toEqual(phases.map(({ id }) => phaseStatus(state, id)));
      expect(execution.progress).toEqual({
        total: tasks.length,
        completed: tasks.filter(({ status }) => status === 'COMPLETED').length,
        skipped: tasks.filter(({ status }) => status === 'SKIPPED').length,
      });
      if (execution.status === 'DONE') expect(open).toEqual([]);
      const hasFailed = open.some(({ status }) => status === 'FAILED');
      if (execution.status !== 'CLOSED') expect(execution.status === 'FAILED').toBe(hasFailed);
      if (execution.status === 'STARTED') expect(open.length === 0).toBe(execution.isKeptOpen);
      const isWorkable = execution.status === 'STARTED' || execution.status === 'FAILED';
      const current = isWorkable ? open.find(({ isReached }) => isReached) : undefined;
      expect(execution.currentTaskId).toBe(current?.id ?? null);
      expect(execution.currentPhaseId).toBe(current?.phaseId ?? null);
    });
  });

  test('an enabled task is open and has no blockers, and the other way round', () => {
    forEveryState((state) => {
      for (const task of state.tasks)
        expect(task.isEnabled).toBe(isOpen(task) && blockersOf(state, task.id).length === 0);
    });
  });

  test('a task waits for those that say they block it', () => {
    forEveryState((state) => {
      const waits = state.tasks.flatMap(({ id }) => waitedForBy(state, id).map((by) => `${id} < ${by}`));
      const held = state.tasks.flatMap(({ id }) => blocks(state, id).map((waiter) => `${waiter} < ${id}`));
      expect(held.sort()).toEqual(waits.sort());
    });
  });

  test('what is allowed is what is accepted', () => {
    forEveryState((state) => {
      for (const task of state.tasks) {
        const allowed = allowedCommands(task, state.execution.status).filter((name) => name !== 'ADD_NOTE');
        expect(accepted(state, task).sort()).toEqual(allowed.sort());
      }
    }, 60);
  });

  test('everything can be finished once nothing is on hold, waits outside, and what failed is tried again', () => {
    forEveryState((state) => {
      if (state.execution.status === 'CLOSED' || state.execution.isKeptOpen) return;
      expect(finish(unstuck(state), 0).execution.status).toBe('DONE');
    });
  });
});

test('a finished task has no unfinished requirement or predecessor unless something was reopened or added', () => {
  const isForward = (kind: Command['type']): boolean => kind !== 'REOPEN_TASK' && kind !== 'ADD_TASK';
  fc.assert(
    fc.property(arbitraryDefinition(), arbitrarySteps(isForward), (content, steps) => {
      const { last } = perform(content, steps);
      for (const task of last.tasks.filter((item) => !isOpen(item)))
        for (const node of waitedFor(last, task)) expect(openTasksOf(last, node)).toEqual([]);
    }),
    RUNS,
  );
});

test('a definition without errors can be started, and completing enabled tasks in any order ends it', () => {
  fc.assert(
    fc.property(arbitraryDefinition(), fc.nat({ max: 7 }), (content, choice) => {
      expect(finish(startOf(content).state, choice).execution.status).toBe('DONE');
    }),
    RUNS,
  );
});

test('a flow has errors exactly if working it gets stuck', () => {
  const harmless = ['DUPLICATE_EDGE', 'DUPLICATE_REQUIREMENT'];
  fc.assert(
    fc.property(arbitraryRawDefinition(), (content) => {
      const errors = validateDefinition(content, referencesOf(PEOPLE)).filter(
        ({ severity, code }) => severity === 'ERROR' && !harmless.includes(code),
      );
      const end = finish(startOf(content).state, 0).execution.status;
      expect(errors.map(({ code }) => code).length === 0).toBe(end === 'DONE');
    }),
    { numRuns: 600 },
  );
});

interface Performed {
  readonly started: ReturnType<typeof startOf>;
  readonly steps: readonly {
    readonly before: ExecutionState;
    readonly command: Command;
    readonly result: ReturnType<typeof advance>;
  }[];
  readonly last: ExecutionState;
}

/** Gives one command after the other; every state is frozen, so that touching it would throw. */
function perform(content: DefinitionContent, steps: readonly Step[]): Performed {
  const started = freeze(startOf(freeze(content)));
  let last = started.state;
  const performed = steps.map((step, index) => {
    const before = last;
    const command = freeze(commandOf(step, before, `added-${index}`));
    const result = freeze(advance(before, command, LATER));
    if (result.ok) last = result.state;
    return { before, command, result };
  });
  return { started, steps: performed, last };
}

function forEveryRun(check: (run: Performed) => void, numRuns = RUNS.numRuns): void {
  fc.assert(
    fc.property(arbitraryDefinition(), arbitrarySteps(), (content, steps) => {
      check(perform(content, steps));
    }),
    { numRuns },
  );
}

function forEveryAccepted(check: (step: { before: ExecutionState; result: Advanced }) => void): void {
  forEveryRun(({ steps }) => {
    for (const { before, result } of steps) if (result.ok) check({ before, result });
  });
}

function forEveryState(check: (state: ExecutionState) => void, numRuns = RUNS.numRuns): void {
  forEveryRun(({ started, steps }) => {
    check(started.state);
    for (const { result } of steps) if (result.ok) check(result.state);
  }, numRuns);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function isOpen({ status }: TaskData): boolean {
  return status !== 'COMPLETED' && status !== 'SKIPPED';
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function withoutChanged(state: ExecutionState, changes: Changes): unknown {
  const changed = new Set([
    ...changes.phases.map(({ id }) => id),
    ...changes.tasks.map(({ id }) => id),
    ...changes.removedTaskIds,
  ]);
  return [
    changes.execution ? null : state.execution,
    ...[...state.phases, ...state.tasks].filter(({ id }) => !changed.has(id)).sort(byId),
  ];
}

/** Requirements and flow, read off the definition of domain words once more, without any of the engine's look-ups. */
function waitedFor({ execution, tasks }: ExecutionState, task: TaskData): NodeId[] {
  const isIn = (node: NodeId, phaseId: string): boolean =>
    'taskId' in node && tasks.some((item) => item.id === node.taskId && item.phaseId === phaseId);
  const own = execution.edges.filter(({ to }) => 'taskId' in to && to.taskId === task.id);
  const { phaseId } = task;
  const isStart = phaseId !== null && !own.some(({ from }) => isIn(from, phaseId));
  const ofPhase = execution.edges.filter(({ to }) => isStart && 'phaseId' in to && to.phaseId === phaseId);
  return [...task.requirements, ...[...own, ...ofPhase].map(({ from }) => from)];
}

function openTasksOf({ tasks }: ExecutionState, node: NodeId): string[] {
  return tasks
    .filter((task) => ('taskId' in node ? task.id === node.taskId : task.phaseId === node.phaseId))
    .filter(isOpen)
    .map(({ id }) => id);
}

/** The open tasks that the blockers of a task name, those of phases included. */
function waitedForBy(state: ExecutionState, taskId: string): string[] {
  const own: readonly Blocker['type'][] = ['ON_HOLD', 'FAILED', 'WAITING_FOR_CONFIRMATION'];
  const blockers = blockersOf(state, taskId).filter(({ type }) => !own.includes(type));
  return state.tasks
    .filter(isOpen)
    .filter(({ id, phaseId }) =>
      blockers.some(
        (blocker) =>
          ('taskId' in blocker && blocker.taskId === id) ||
          ('phaseId' in blocker && blocker.phaseId === phaseId),
      ),
    )
    .map(({ id }) => id);
}

function phaseStatus(state: ExecutionState, phaseId: string): PhaseStatus {
  const inPhase = (id: string): TaskData[] => state.tasks.filter((task) => task.phaseId === id);
  const tasks = inPhase(phaseId);
  const open = tasks.filter(isOpen);
  if (tasks.length === 0) return 'OPEN';
  if (open.length === 0) return 'COMPLETED';
  const filled = state.phases.filter(({ id }) => inPhase(id).length > 0).map(({ id }) => id);
  const previous = filled[filled.indexOf(phaseId) - 1];
  const hasBegun = tasks.some(
    ({ status, statusBeforeHold }) => status === 'IN_PROGRESS' || statusBeforeHold === 'IN_PROGRESS',
  );
  const next = state.tasks.find((task) => isOpen(task) && task.isReached);
  const isNext =
    isOneLine(state) &&
    previous !== undefined &&
    inPhase(previous).every((task) => !isOpen(task)) &&
    next?.phaseId === phaseId;
  const isFirst = filled[0] === phaseId;
  return isFirst || hasBegun || open.length < tasks.length || isNext ? 'IN_PROGRESS' : 'OPEN';
}

/** Each task but one directly follows exactly one other, each but one is directly followed by exactly one. */
function isOneLine(state: ExecutionState): boolean {
  const isFollowedInPhase = (id: string, phaseId: string): boolean =>
    state.tasks.some(
      (task) =>
        task.phaseId === phaseId &&
        state.execution.edges.some(
          ({ from, to }) => 'taskId' in from && from.taskId === id && 'taskId' in to && to.taskId === task.id,
        ),
    );
  const before = state.tasks.map((task) => {
    const ids = waitedFor(state, { ...task, requirements: [] }).flatMap((node) =>
      'taskId' in node
        ? [node.taskId]
        : state.tasks
            .filter(({ id, phaseId }) => phaseId === node.phaseId && !isFollowedInPhase(id, phaseId))
            .map(({ id }) => id),
    );
    return [...new Set(ids)];
  });
  const predecessors = before.flat();
  return (
    before.every((ids) => ids.length <= 1) &&
    new Set(predecessors).size === predecessors.length &&
    predecessors.length === state.tasks.length - 1
  );
}

/** Resumes what is on hold, and tries again what failed. */
const UNSTUCK: Partial<Record<TaskStatus, 'RETRY_TASK' | 'RESUME_TASK' | 'WITHDRAW_CONFIRMATION'>> = {
  FAILED: 'RETRY_TASK',
  ON_HOLD: 'RESUME_TASK',
  WAITING_FOR_CONFIRMATION: 'WITHDRAW_CONFIRMATION',
};

function unstuck(state: ExecutionState): ExecutionState {
  return state.tasks.reduce((current, { id: taskId, status }) => {
    const type = UNSTUCK[status];
    if (type === undefined) return current;
    const result = advance(current, { type, taskId }, LATER);
    return result.ok ? result.state : current;
  }, state);
}

/** Completes enabled tasks until there is none any more. */
function finish(state: ExecutionState, choice: number): ExecutionState {
  let current = state;
  for (;;) {
    const enabled = current.tasks.filter(({ isEnabled }) => isEnabled);
    const taskId = enabled[choice % Math.max(1, enabled.length)]?.id;
    if (taskId === undefined) return current;
    const result = advance(current, { type: 'COMPLETE_TASK', taskId }, LATER);
    if (!result.ok) return current;
    current = result.state;
  }
}

/** The commands that are accepted for the task; a member of all teams claims it. */
function accepted(state: ExecutionState, task: TaskData): TaskCommandName[] {
  const taskId = task.id;
  const commands: readonly (readonly [TaskCommandName, Command])[] = [
    ['START', { type: 'START_TASK', taskId }],
    ['STOP', { type: 'STOP_TASK', taskId }],
    ['COMPLETE', { type: 'COMPLETE_TASK', taskId }],
    ['SKIP', { type: 'SKIP_TASK', taskId }],
    ['HOLD', { type: 'HOLD_TASK', taskId }],
    ['RESUME', { type: 'RESUME_TASK', taskId }],
    ['REOPEN', { type: 'REOPEN_TASK', taskId, revert: false }],
    ['DECIDE', { type: 'DECIDE_TASK', taskId, branchKeys: [] }],
    ['FAIL', { type: 'FAIL_TASK', taskId, reason: null }],
    ['RETRY', { type: 'RETRY_TASK', taskId }],
    ['RUN_AUTOMATION', { type: 'RUN_AUTOMATION', taskId }],
    ['REQUEST_CONFIRMATION', { type: 'REQUEST_CONFIRMATION', taskId, expiresInHours: null }],
    ['WITHDRAW_CONFIRMATION', { type: 'WITHDRAW_CONFIRMATION', taskId }],
    ['ASSIGN', { type: 'ASSIGN_TASK', taskId, set: [] }],
    ['CLAIM', { type: 'CLAIM_TASK', taskId, userId: 'user-of-all-teams', teamIds: PEOPLE.teamIds }],
    ['RELEASE', { type: 'RELEASE_TASK', taskId }],
    ['SET_DUE_DATE', { type: 'SET_TASK_DUE_DATE', taskId, dueAt: null }],
    ['UPDATE', { type: 'UPDATE_TASK', taskId, name: 'Another name' }],
    ['REMOVE', { type: 'REMOVE_TASK', taskId }],
  ];
  return commands.filter(([, command]) => advance(state, command, LATER).ok).map(([name]) => name);
}
