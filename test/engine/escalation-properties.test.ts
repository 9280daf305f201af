/** Reminders and escalation whatever is done: each step once, at its time, and none forgotten. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { AssigneeRef, DefinitionContent, EscalationRule } from '../../src/engine/definition.ts';
import type { EngineEvent } from '../../src/engine/result.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import { checkReplay, checkState } from '../model/invariants.ts';
import { Watch, type ExpectedStep } from '../model/escalation.ts';
import { arbitraryStep, commandOf, PEOPLE, referencesOf, type Step } from '../support/arbitraries.ts';
import { aimed, arbitraryFlow } from '../support/random-flows.ts';
import { factsOf, START, startOf } from '../support/workflow.ts';

const PERSON: fc.Arbitrary<AssigneeRef> = fc.constantFrom(
  ...PEOPLE.userIds.map((id) => ({ type: 'USER', id }) as const),
  ...PEOPLE.teamIds.map((id) => ({ type: 'TEAM', id }) as const),
  { type: 'VARIABLE', id: '{{entity.owner}}' } as const,
);
const UNIT = fc.constantFrom('HOURS', 'DAYS', 'WORKING_HOURS', 'WORKING_DAYS');
const TIME = fc.tuple(fc.integer({ min: 1, max: 12 }), UNIT).map(([amount, unit]) => ({ amount, unit }));

function arbitraryRule(isTask: boolean): fc.Arbitrary<EscalationRule> {
  const on = fc.constantFrom<EscalationRule['on']>(
    ...(['BEFORE_DUE', 'DUE', 'AFTER_DUE'] as const),
    ...(isTask ? (['UNCLAIMED', 'UNCLAIMED'] as const) : []),
  );
  const action = fc.constantFrom<EscalationRule['action']>(
    ...(['REMIND', 'NOTIFY_LEAD'] as const),
    ...(isTask ? (['REASSIGN', 'REASSIGN'] as const) : []),
  );
  return fc
    .record({
      ...{ on, action, time: TIME, respectsWorkingTime: fc.boolean() },
      handovers: fc.array(
        fc.tuple(PERSON, TIME).map(([assignee, time]) => ({ assignee, time })),
        { minLength: 1, maxLength: 3 },
      ),
      leads: fc.array(PERSON, { minLength: 1, maxLength: 2 }),
    })
    .map(({ time, ...rule }) => ({
      ...rule,
      amount: rule.on === 'DUE' ? 0 : time.amount,
      unit: time.unit,
      handovers: rule.action === 'REASSIGN' ? rule.handovers : [],
      leads: rule.action === 'NOTIFY_LEAD' ? rule.leads : [],
    }));
}

/** Due dates about the time in which things happen, by rules and fixed. */
const due = fc.constantFrom<Pick<DefinitionContent, 'dueAt' | 'dueRule'>>(
  { dueAt: null, dueRule: null },
  { dueAt: '2026-03-05T12:00:00.000Z', dueRule: null },
  { dueAt: '2026-03-07T22:00:00.000Z', dueRule: null },
  {
    dueAt: null,
    dueRule: { amount: 30, unit: 'HOURS', anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null },
  },
);
const afterAll = {
  dueAt: null,
  dueRule: {
    amount: 5,
    unit: 'WORKING_HOURS',
    anchor: 'ALL_PRECEDING_TASKS_FINISHED',
    taskKey: null,
    phaseKey: null,
  },
} as const;

const arbitraryContent: fc.Arbitrary<DefinitionContent> = fc
  .record({
    flow: arbitraryFlow,
    ofTasks: fc.array(fc.array(arbitraryRule(true), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
    ofOthers: fc.array(arbitraryRule(false), { maxLength: 2 }),
    dues: fc.array(fc.oneof(due, fc.constant(afterAll)), { minLength: 1, maxLength: 5 }),
    ofExecution: due,
  })
  .map(({ flow, ofTasks, ofOthers, dues, ofExecution }) => ({
    ...flow,
    ...ofExecution,
    escalations: ofOthers,
    phases: flow.phases.map((item, index) => ({
      ...item,
      ...dues[(index + 1) % dues.length],
      escalations: ofOthers,
    })),
    tasks: flow.tasks.map((item, index) => ({
      ...item,
      ...dues[index % dues.length],
      escalations: ofTasks[index % ofTasks.length] ?? [],
    })),
  }))
  .filter((content) =>
    validateDefinition(content, referencesOf(PEOPLE)).every(({ severity }) => severity !== 'ERROR'),
  );

interface LateStep extends Step {
  readonly hours: number;
  readonly dueInHours: number;
  /** Who is deactivated then. */
  readonly goneIds: readonly string[];
}

const lateStep: fc.Arbitrary<LateStep> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: arbitraryStep(() => true) },
      {
        weight: 4,
        arbitrary: arbitraryStep((kind) =>
          ['WAKE_EXECUTION', 'CLAIM_TASK', 'RELEASE_TASK', 'ASSIGN_TASK', 'SET_TASK_DUE_DATE'].includes(kind),
        ),
      },
    ),
    fc.record({
      hours: fc.constantFrom(0, 0, 1, 3, 9, 30, 80),
      dueInHours: fc.integer({ min: -50, max: 50 }),
      goneIds: fc.subarray([...PEOPLE.userIds]),
    }),
  )
  .map(([step, more]) => ({ ...step, ...more }));

/** Dates are moved to around now, so that something comes of it. */
function commandFor(step: LateStep, state: ExecutionState, index: number, now: string): Command {
  const command = commandOf(aimed({ ...step, attributes: null }, state), state, `added-${index}`);
  const isDate = command.type === 'SET_TASK_DUE_DATE' || command.type === 'SET_EXECUTION_DUE_DATE';
  if (!isDate || command.dueAt === null) return command;
  return { ...command, dueAt: later(now, step.dueInHours) };
}

function later(at: string, hours: number): string {
  return new Date(Date.parse(at) + hours * 3_600_000).toISOString();
}

/** What the engine says that it has done between two states. */
function stepsBetween(before: ExecutionState, after: ExecutionState): string[] {
  const all = ({ execution, phases, tasks }: ExecutionState) =>
    [execution, ...phases, ...tasks].flatMap(({ id, escalated }) =>
      escalated.map(({ rule, since, steps }) => named({ objectId: id, rule, since, step: steps })),
    );
  const known = new Set(all(before));
  return all(after)
    .filter((name) => !known.has(name))
    .sort();
}

function named({
  objectId,
  rule,
  since,
  step,
}: Pick<ExpectedStep, 'objectId' | 'rule' | 'since' | 'step'>): string {
  return `${objectId} ${rule} ${since} ${step}`;
}

function firstTime(state: ExecutionState, ahead: readonly ExpectedStep[]): string | null {
  const { status } = state.execution;
  const isOpen = status === 'STARTED' || status === 'FAILED';
  const waiting = state.tasks.flatMap(
    ({ status: taskStatus, scheduledFor, confirmationRequest, externalWork }) => {
      if (taskStatus === 'SCHEDULED') return scheduledFor ?? [];
      if (taskStatus === 'WAITING_FOR_CONFIRMATION') return confirmationRequest?.expiresAt ?? [];
      return externalWork?.lease?.end === null ? externalWork.lease.expiresAt : [];
    },
  );
  return isOpen ? ([...waiting, ...ahead.map(({ at }) => at)].sort()[0] ?? null) : null;
}

interface Tally {
  steps: number;
  handovers: number;
  moved: number;
}

function run(content: DefinitionContent, steps: readonly LateStep[], tally: Tally): void {
  const people = new Map([['user-anna', { type: 'USER', id: 'user-anna' } as const]]);
  const facts = factsOf({ owner: 'user-anna' }, { people });
  let context: CommandContext = { ...START, facts };
  const begun = startOf(content, context);
  const watch = new Watch(context.calendar, (id) =>
    context.facts.inactiveIds.has(id === '{{entity.owner}}' ? 'user-anna' : id),
  );
  const events: EngineEvent[] = [...begun.events];
  const done = new Set<string>();
  let state = begun.state;
  watch.see(null, null, state, context.now);

  const give = (command: Command): void => {
    const before = state;
    const result = advance(before, command, context);
    if (!result.ok) return;
    state = result.state;
    events.push(...result.events);
    watch.see(before, command, state, context.now);
    const told = stepsBetween(before, state);
    if (command.type === 'WAKE_EXECUTION') {
      const expected = watch.due(before, state, context.now);
      assert.deepEqual(
        told,
        expected.map(named).sort(),
        `what is due at ${context.now} is done, and nothing else`,
      );
      watch.did(expected, context.now);
    } else assert.deepEqual(told, [], `${command.type} escalates nothing`);
    for (const name of told) {
      assert.ok(!done.has(name), `${name} is done once`);
      done.add(name);
    }
    assert.equal(
      state.execution.wakeAt,
      firstTime(state, watch.ahead(state, context.now)),
      `when it is woken, after ${JSON.stringify(command)} at ${context.now}`,
    );
    checkState(state);
    tally.steps += told.length;
    if (command.type === 'SET_TASK_DUE_DATE') tally.moved += 1;
  };

  steps.forEach((step, index) => {
    const { wakeAt } = state.execution;
    const isAtItsTime =
      step.kind === 'WAKE_EXECUTION' && step.isAimed && wakeAt !== null && wakeAt > context.now;
    context = {
      ...context,
      now: isAtItsTime ? wakeAt : later(context.now, step.hours),
      facts: { ...facts, inactiveIds: new Set(step.goneIds) },
    };
    give(commandFor(step, state, index, context.now));
  });
  // Whatever was missed: woken as often as it wants to be, everything that is due is done, each at its time.
  for (let times = 0; state.execution.wakeAt !== null; times += 1) {
    assert.ok(times < 200, 'it does not want to be woken for ever');
    const { wakeAt } = state.execution;
    context = { ...context, now: wakeAt > context.now ? wakeAt : context.now };
    give({ type: 'WAKE_EXECUTION' });
  }
  tally.handovers += [...done].filter((name) => !name.endsWith(' 1')).length;
  assert.deepEqual(watch.ahead(state, later(context.now, 100_000)), [], 'nothing that is due is left undone');
  checkReplay(events, state);
}

test('each step is done once for each date, when it is due, and none is left undone', () => {
  const tally: Tally = { steps: 0, handovers: 0, moved: 0 };
  fc.assert(
    fc.property(
      arbitraryContent,
      fc.array(lateStep, { minLength: 5, maxLength: 30, size: 'max' }),
      (content, steps) => {
        run(content, steps, tally);
      },
    ),
    { numRuns: 80 },
  );
  expect(tally.steps).toBeGreaterThan(200);
  expect(tally.handovers).toBeGreaterThan(8);
  expect(tally.moved).toBeGreaterThan(40);
});
