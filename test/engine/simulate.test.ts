import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import type { Command } from '../../src/engine/command.ts';
import type { DefinitionContent, EntitySyncRule } from '../../src/engine/definition.ts';
import { simulate, type SimulatedAnswer, type SimulationInput } from '../../src/engine/simulate.ts';
import { reportOf } from '../../src/engine/simulation-report.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';
import { ATTRIBUTES, VALUES } from '../support/flow-shapes.ts';
import { arbitraryAttributes, arbitraryFlow } from '../support/random-flows.ts';
import {
  accepted,
  branch,
  decision,
  definition,
  edge,
  factsOf,
  START,
  startInput,
  startOf,
  task,
} from '../support/workflow.ts';

function runOf(content: Partial<DefinitionContent>, parts: Partial<SimulationInput> = {}, context = START) {
  const whole = definition(content);
  const run = simulate(
    {
      start: startInput(whole),
      answers: [],
      taskDuration: { amount: 0, unit: 'MINUTES' },
      maxCommands: 1_000,
      ...parts,
    },
    context,
  );
  return { ...run, ...reportOf(run) };
}

function told({ steps }: ReturnType<typeof runOf>): string[] {
  return steps.map(({ type, task: subject }) => (subject ? `${type} ${subject.id}` : type));
}

const LOOP = {
  tasks: [
    task('draw'),
    decision('good', [branch('again'), branch('yes')], {
      loop: { branchKey: 'again', exitBranchKey: 'yes', maxIterations: 3 },
    }),
    task('build'),
  ],
  edges: [edge('draw > good'), edge('good =again> draw'), edge('good =yes> build')],
};
const AGAIN = { taskKey: 'good', branchKeys: ['again'] };
const YES = { taskKey: 'good', branchKeys: ['yes'] };

describe('a dry run', () => {
  test('works everything from top to bottom and tells the steps', () => {
    expect(told(runOf({ tasks: [task('b'), task('a')] }))).toEqual([
      'STARTED',
      'COMPLETED b',
      'COMPLETED a',
      'DONE',
    ]);
  });

  test('takes the answers to a decision in their order', () => {
    const run = runOf(LOOP, { answers: [AGAIN, YES] });
    expect(told(run)).toEqual([
      'STARTED',
      'COMPLETED draw',
      'AWAITS_DECISION good',
      'LOOPED good',
      'PUT_BACK draw',
      'COMPLETED draw',
      'AWAITS_DECISION good',
      'DECIDED good',
      'COMPLETED build',
      'DONE',
    ]);
    expect(run.tasks.map(({ visits }) => visits.length)).toEqual([2, 2, 1]);
  });

  test('takes no answer twice, and goes on with everything else', () => {
    const run = runOf({ ...LOOP, tasks: [...LOOP.tasks, task('aside')] }, { answers: [AGAIN] });
    expect(run.deadEnds.map(({ task: { id }, reason, waitsFor }) => [id, reason, waitsFor.taskIds])).toEqual([
      ['good', 'NO_ANSWER', []],
      ['build', 'BLOCKED', ['good']],
    ]);
    expect(run.state.tasks.find(({ id }) => id === 'aside')?.status).toBe('COMPLETED');
  });

  test('tells which answers were not needed', () => {
    expect(runOf(LOOP, { answers: [YES, AGAIN] }).unusedAnswers).toEqual([AGAIN]);
  });

  test('tells why a task fails', () => {
    const run = runOf({ tasks: [decision('which', [branch('left')], { mode: 'AUTOMATIC' })] });
    expect(run.deadEnds.map(({ reason }) => reason)).toEqual(['FAILED']);
    expect(run.steps.find(({ type }) => type === 'FAILED')?.failure?.code).toBe('NO_BRANCH_MET');
  });

  test('lets time pass for what is scheduled, in the middle of other work', () => {
    const schedule = { anchor: 'REACHED', direction: 'AFTER', amount: 1, unit: 'HOURS' } as const;
    const waiting = { ...schedule, taskKey: null, path: null, entitySchema: null };
    const run = runOf(
      { tasks: [task('call', { schedule: waiting }), task('dig')] },
      { taskDuration: { amount: 3, unit: 'HOURS' } },
    );
    expect(run.steps.map(({ at, type, task: subject }) => [at.slice(11, 16), type, subject?.id])).toEqual([
      ['08:00', 'STARTED', undefined],
      ['08:00', 'SCHEDULED', 'call'],
      ['09:00', 'WOKEN', 'call'],
      ['11:00', 'COMPLETED', 'dig'],
      ['14:00', 'COMPLETED', 'call'],
      ['14:00', 'DONE', undefined],
    ]);
  });

  test('tells what was known of a task when it was reached', () => {
    const dueRule = {
      amount: 2,
      unit: 'DAYS',
      anchor: 'TASK_FINISHED',
      taskKey: 'first',
      phaseKey: null,
    } as const;
    const run = runOf(
      { tasks: [task('first'), task('second', { dueRule })], edges: [edge('first > second')] },
      { taskDuration: { amount: 1, unit: 'DAYS' } },
    );
    expect(run.tasks[1]?.visits).toEqual([
      { at: '2026-03-03T08:00:00.000Z', assignees: [], dueAt: '2026-03-05T08:00:00.000Z' },
    ]);
  });

  test('tells what the sync rules write', () => {
    const rule = { event: 'EXECUTION_DONE', taskKey: null, phaseKey: null, entitySchema: 'order' } as const;
    const sync = { ...rule, path: 'state', source: 'CUSTOM_VALUE', customValue: 'done' } as const;
    const { writes } = runOf({ tasks: [task('a')], entitySync: [sync] });
    expect(writes).toEqual([{ at: START.now, entityId: 'entity', attribute: 'state', value: 'done' }]);
  });

  test('ends after as many commands as are allowed', () => {
    const run = runOf({ tasks: [task('a'), task('b')] }, { maxCommands: 1 });
    expect(run.isCut).toBe(true);
    expect(run.deadEnds.map(({ task: { id }, reason }) => [id, reason])).toEqual([['b', 'TOO_MANY_STEPS']]);
  });
});

/** What people and timers do, written down once more: at each moment the first thing that can be done. */
function workByHand(
  content: DefinitionContent,
  answers: readonly SimulatedAnswer[],
  hours: number,
  start = START,
) {
  const left = new Map(
    content.tasks.map(({ key }) => [key, answers.filter(({ taskKey }) => taskKey === key)]),
  );
  let { state, facts } = startOf(content, start);
  let now = Date.parse(start.now);
  const give = (command: Command): void => {
    const result = accepted(state, command, { ...start, now: new Date(now).toISOString(), facts });
    ({ state, facts } = result);
  };
  const isReady = ({ id, status, isEnabled }: TaskData): boolean =>
    status === 'WAITING_FOR_CONFIRMATION' ||
    (isEnabled && (status !== 'CONDITION_PENDING' || (left.get(id)?.length ?? 0) > 0));
  const passTime = (until: number): void => {
    for (
      let at = state.execution.wakeAt;
      at !== null && Date.parse(at) <= until;
      at = state.execution.wakeAt
    ) {
      now = Math.max(now, Date.parse(at));
      give({ type: 'WAKE_EXECUTION' });
      if (Number.isFinite(until) && !isStillThere()) return;
    }
    if (Number.isFinite(until) && isStillThere()) now = until;
  };
  let doing: string | null = null;
  const isStillThere = (): boolean => state.tasks.some((item) => item.id === doing && isReady(item));
  for (;;) {
    const first = state.tasks.find(isReady);
    doing = first?.id ?? null;
    if (!first) {
      const { wakeAt } = state.execution;
      if (wakeAt === null) return { state, facts };
      now = Math.max(now, Date.parse(wakeAt));
      give({ type: 'WAKE_EXECUTION' });
      continue;
    }
    passTime(first.decision ? now : now + hours * 3_600_000);
    if (!isStillThere()) continue;
    if (first.status === 'WAITING_FOR_CONFIRMATION') {
      give({
        ...{ type: 'ANSWER_CONFIRMATION', taskId: first.id, number: first.confirmationCount },
        ...{ answer: 'CONFIRMED', by: null, comment: null },
      });
      continue;
    }
    const branchKeys = first.decision ? left.get(first.id)?.shift()?.branchKeys : undefined;
    give(
      branchKeys
        ? { type: 'DECIDE_TASK', taskId: first.id, branchKeys }
        : { type: 'COMPLETE_TASK', taskId: first.id },
    );
  }
}

/** Writes into attributes that decisions look at. */
const arbitrarySync: fc.Arbitrary<EntitySyncRule[]> = fc.array(
  fc.record({
    event: fc.constantFrom('EXECUTION_STARTED', 'TASK_COMPLETED', 'TASK_SKIPPED', 'PHASE_COMPLETED'),
    taskKey: fc.constant(null),
    phaseKey: fc.constant(null),
    entitySchema: fc.constant('order'),
    path: fc.constantFrom(...ATTRIBUTES),
    source: fc.constantFrom('CUSTOM_VALUE', 'TASK_NAME'),
    customValue: fc.constantFrom(...VALUES),
  } as const),
  { maxLength: 3 },
);

const arbitraryCase = fc.tuple(arbitraryFlow, arbitrarySync).chain(([flow, entitySync]) => {
  const content = { ...flow, entitySync };
  const byHand = content.tasks.flatMap(({ key, decision: made }) =>
    made?.mode === 'MANUAL' ? made.branches.map((item) => ({ taskKey: key, branchKeys: [item.key] })) : [],
  );
  return fc.record({
    content: fc.constant(content),
    attributes: arbitraryAttributes,
    answers: byHand.length > 0 ? fc.array(fc.constantFrom(...byHand), { maxLength: 12 }) : fc.constant([]),
    hours: fc.constantFrom(0, 0, 1, 10, 100),
  });
});

describe('in random flows a dry run', () => {
  test('ends where people and timers end that do the same, with the same entities', () => {
    const ends = { done: 0, stuck: 0, looped: 0, woken: 0, written: 0 };
    fc.assert(
      fc.property(arbitraryCase, ({ content, attributes, answers, hours }) => {
        const context = { ...START, facts: factsOf(attributes) };
        const run = runOf(content, { answers, taskDuration: { amount: hours, unit: 'HOURS' } }, context);
        const real = workByHand(content, answers, hours, context);
        expect(run.isCut).toBe(false);
        expect(run.state).toEqual(real.state);
        expect(run.facts.entities).toEqual(real.facts.entities);
        if (run.state.execution.status === 'DONE') ends.done += 1;
        else ends.stuck += 1;
        for (const { type } of run.steps) {
          if (type === 'LOOPED') ends.looped += 1;
          if (type === 'WOKEN') ends.woken += 1;
        }
        ends.written += run.writes.length;
      }),
      { numRuns: 150, seed: 5 },
    );
    for (const [what, count] of Object.entries(ends)) expect(count, what).toBeGreaterThan(0);
  });

  test('is the same again when its commands are given once more', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ content, attributes, answers }) => {
        const context = { ...START, facts: factsOf(attributes) };
        const { moves } = runOf(content, { answers }, context);
        const started = startOf(content, context);
        let state: ExecutionState = started.state;
        let { facts } = started;
        for (const { at, command, state: expected } of moves) {
          if (command) {
            const result = advance(state, command, { ...context, now: at, facts });
            if (!result.ok) throw new Error(result.problem.code);
            ({ state, facts } = result);
          }
          expect(state).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('names every open task, none if it is done, and why', () => {
    fc.assert(
      fc.property(arbitraryCase, ({ content, answers }) => {
        const { state, deadEnds, tasks } = runOf(content, { answers });
        const open = state.tasks.filter(({ finishedAt }) => finishedAt === null);
        expect(deadEnds.map(({ task: { id } }) => id)).toEqual(open.map(({ id }) => id));
        for (const { reason, waitsFor } of deadEnds)
          if (reason === 'BLOCKED')
            expect(waitsFor.taskIds.length + waitsFor.phaseIds.length).toBeGreaterThan(0);
        for (const { task: item, visits } of tasks)
          if (item.status === 'COMPLETED' || item.status === 'FAILED') expect(visits).not.toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
