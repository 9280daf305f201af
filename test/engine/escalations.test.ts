import { describe, expect, test } from 'vitest';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { AssigneeRef, EscalationRule } from '../../src/engine/definition.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { escalation, handover, user } from '../support/escalations.ts';
import {
  accepted,
  branch,
  decision,
  edge,
  factsOf,
  LATER,
  phase,
  phaseOf,
  START,
  started,
  task,
  taskOf,
  told,
} from '../support/workflow.ts';

const WAKE: Command = { type: 'WAKE_EXECUTION' };
/** START is Monday, 2 March 2026, 08:00. */
const DUE = '2026-03-05T12:00:00.000Z';
const TEAM: AssigneeRef = { type: 'TEAM', id: 'team-field' };

const at = (now: string, context: CommandContext = LATER): CommandContext => ({ ...context, now });

/** One task `a` of a team with these rules. */
function withRules(...escalations: readonly EscalationRule[]): ExecutionState {
  return started({ tasks: [task('a', { escalations, dueAt: DUE, assignees: [TEAM] })] });
}

/** What is told when it is woken at each of the times. */
function woken(state: ExecutionState, ...times: readonly string[]): readonly (readonly string[])[] {
  let current = state;
  return times.map((now) => {
    const result = accepted(current, WAKE, at(now));
    current = result.state;
    return told(result.events);
  });
}

describe('a rule about the due date', () => {
  test.each([
    ['BEFORE_DUE', 24, '2026-03-04T12:00:00.000Z'],
    ['DUE', 0, DUE],
    ['AFTER_DUE', 2, '2026-03-05T14:00:00.000Z'],
  ] as const)('%s by %i hours is done at %s, once', (on, amount, time) => {
    const state = withRules(escalation({ on, amount }));
    expect(state.execution.wakeAt).toBe(time);
    const early = new Date(Date.parse(time) - 1).toISOString();
    const [before, then, again] = woken(state, early, time, '2026-04-01T00:00:00.000Z');
    expect([before, then, again]).toEqual([[], ['TASK_REMINDED a'], []]);
  });

  test('remembers what it did, by the system', () => {
    const { state, events } = accepted(
      withRules(escalation()),
      WAKE,
      at(DUE, { ...LATER, actor: { type: 'SYSTEM' } }),
    );
    const record = { rule: 0, on: 'DUE', action: 'REMIND', since: DUE, steps: 1, at: DUE, to: [] };
    expect(taskOf(state, 'a').escalated).toEqual([record]);
    expect(events.at(-1)).toMatchObject({ changedFields: ['escalated'], data: { escalated: [record] } });
    expect(state.execution.wakeAt).toBeNull();
  });

  test('follows a date that is moved, and is done for the new date although it was for the old one', () => {
    const done = accepted(withRules(escalation()), WAKE, at(DUE)).state;
    const moved = accepted(done, {
      type: 'SET_TASK_DUE_DATE',
      taskId: 'a',
      dueAt: '2026-03-09T12:00:00.000Z',
    });
    expect(moved.state.execution.wakeAt).toBe('2026-03-09T12:00:00.000Z');
    const [there] = woken(moved.state, '2026-03-09T12:00:00.000Z');
    expect(there).toContain('TASK_REMINDED a');
  });

  test('is not done a second time for a date that comes back', () => {
    const done = accepted(withRules(escalation()), WAKE, at(DUE)).state;
    const away = accepted(done, {
      type: 'SET_TASK_DUE_DATE',
      taskId: 'a',
      dueAt: '2026-05-01T00:00:00.000Z',
    }).state;
    const back = accepted(away, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: DUE }).state;
    expect(back.execution.wakeAt).toBeNull();
  });

  test('goes when the date goes, and comes with one that is set', () => {
    const gone = accepted(withRules(escalation()), {
      type: 'SET_TASK_DUE_DATE',
      taskId: 'a',
      dueAt: null,
    }).state;
    expect(gone.execution.wakeAt).toBeNull();
    const set = accepted(gone, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt: DUE }).state;
    expect(set.execution.wakeAt).toBe(DUE);
  });

  test('is counted anew when the task is finished again that its date is counted from', () => {
    const dueRule = {
      amount: 2,
      unit: 'DAYS',
      anchor: 'TASK_FINISHED',
      taskKey: 'a',
      phaseKey: null,
    } as const;
    const state = started({
      tasks: [task('a'), task('b', { dueRule, escalations: [escalation()] })],
      edges: [edge('a > b')],
    });
    expect(state.execution.wakeAt).toBeNull();
    const first = accepted(
      state,
      { type: 'COMPLETE_TASK', taskId: 'a' },
      at('2026-03-03T00:00:00.000Z'),
    ).state;
    expect(first.execution.wakeAt).toBe('2026-03-05T00:00:00.000Z');
    const reminded = accepted(first, WAKE, at('2026-03-05T00:00:00.000Z')).state;
    const reopened = accepted(reminded, { type: 'REOPEN_TASK', taskId: 'a', revert: false }).state;
    expect(reopened.execution.wakeAt).toBeNull();
    const again = accepted(
      reopened,
      { type: 'COMPLETE_TASK', taskId: 'a' },
      at('2026-03-06T00:00:00.000Z'),
    ).state;
    expect(again.execution.wakeAt).toBe('2026-03-08T00:00:00.000Z');
  });

  test('is not done for a task that is finished, nor while the execution is over', () => {
    const state = withRules(escalation());
    const done = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' }).state;
    const closed = accepted(state, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null }).state;
    for (const over of [done, closed]) {
      expect(over.execution.wakeAt).toBeNull();
      expect(woken(over, '2026-03-20T00:00:00.000Z')).toEqual([[]]);
    }
  });

  test('reminds of a task when that can be worked on, but tells a lead whatever it waits for', () => {
    const lead = escalation({ action: 'NOTIFY_LEAD', leads: [user('user-cara')] });
    const state = started({
      tasks: [task('a'), task('b', { dueAt: DUE, escalations: [escalation(), lead] })],
      edges: [edge('a > b')],
    });
    const told1 = accepted(state, WAKE, at(DUE)).state;
    expect(taskOf(told1, 'b').escalated).toMatchObject([
      { rule: 1, action: 'NOTIFY_LEAD', to: [user('user-cara')] },
    ]);
    const now = '2026-03-06T09:00:00.000Z';
    const reached = accepted(told1, { type: 'COMPLETE_TASK', taskId: 'a' }, at(now)).state;
    expect(reached.execution.wakeAt).toBe(DUE);
    const reminded = accepted(reached, WAKE, at(now)).state;
    expect(taskOf(reminded, 'b').escalated.map(({ rule }) => rule)).toEqual([1, 0]);
    expect(reminded.execution.wakeAt).toBeNull();
  });

  test('reminds of a task that has failed, and hands it over: somebody has to deal with it', () => {
    const list = escalation({
      on: 'AFTER_DUE',
      amount: 2,
      action: 'REASSIGN',
      handovers: [handover(user('user-bert')), handover(user('user-cara'))],
    });
    const failed = accepted(withRules(escalation(), list), {
      type: 'FAIL_TASK',
      taskId: 'a',
      reason: null,
    }).state;
    let current = failed;
    const did = [DUE, '2026-03-05T14:00:00.000Z', '2026-03-05T16:00:00.000Z'].map((now) => {
      current = accepted(current, WAKE, at(now)).state;
      const { escalated, assignees } = taskOf(current, 'a');
      return [escalated.at(-1)?.action, assignees, current.execution.wakeAt];
    });
    expect(did).toEqual([
      ['REMIND', [TEAM], '2026-03-05T14:00:00.000Z'],
      ['REASSIGN', [user('user-bert')], '2026-03-05T16:00:00.000Z'],
      ['REASSIGN', [user('user-cara')], null],
    ]);
  });

  test('of a task that goes on at its due date is done in the same moment', () => {
    const schedule = {
      anchor: 'EXECUTION_STARTED',
      direction: 'AFTER',
      amount: 2,
      unit: 'DAYS',
      taskKey: null,
      path: null,
      entitySchema: null,
    } as const;
    const time = '2026-03-04T08:00:00.000Z';
    const state = started({ tasks: [task('a', { schedule, dueAt: time, escalations: [escalation()] })] });
    const result = accepted(state, WAKE, at(time));
    expect(taskOf(result.state, 'a')).toMatchObject({ isEnabled: true, escalated: [{ at: time }] });
    expect(result.state.execution.wakeAt).toBeNull();
    expect(result.events.filter(({ taskId }) => taskId === 'a')).toHaveLength(1);
  });

  test('holds for phases and for the execution as a whole', () => {
    const lead = escalation({ on: 'AFTER_DUE', amount: 1, action: 'NOTIFY_LEAD', leads: [TEAM] });
    const state = started({
      dueAt: DUE,
      escalations: [escalation(), lead],
      phases: [phase('p', { dueAt: DUE, escalations: [lead] })],
      tasks: [task('a', { phaseKey: 'p' })],
    });
    expect(woken(state, DUE, '2026-03-05T13:00:00.000Z')).toEqual([
      ['EXECUTION_REMINDED'],
      ['EXECUTION_ESCALATED', 'PHASE_ESCALATED #p'],
    ]);
    const finished = accepted(state, { type: 'COMPLETE_TASK', taskId: 'a' }).state;
    expect(finished.execution.wakeAt).toBeNull();
    expect(phaseOf(finished, 'p').escalated).toEqual([]);
  });

  test('names whom a variable stands for at that moment', () => {
    const leads = [{ type: 'VARIABLE', id: '{{entity.lead}}' } as const, user('user-cara')];
    const state = withRules(escalation({ action: 'NOTIFY_LEAD', leads }));
    const people = new Map([['bert', user('user-bert')]]);
    const facts = factsOf({ lead: 'Bert' }, { people });
    const known = accepted(state, WAKE, at(DUE, { ...LATER, facts })).state;
    expect(taskOf(known, 'a').escalated[0]?.to).toEqual([user('user-bert'), user('user-cara')]);
    const unknown = accepted(state, WAKE, at(DUE)).state;
    expect(taskOf(unknown, 'a').escalated[0]?.to).toEqual([user('user-cara')]);
  });

  test('that was missed with others is done with them, in one event', () => {
    const rules = [
      escalation({ on: 'BEFORE_DUE', amount: 24 }),
      escalation(),
      escalation({ on: 'AFTER_DUE', amount: 24 }),
      escalation({ on: 'AFTER_DUE', amount: 48, action: 'NOTIFY_LEAD', leads: [TEAM] }),
    ];
    const { state, events } = accepted(withRules(...rules), WAKE, at('2026-04-01T00:00:00.000Z'));
    expect(told(events)).toEqual(['TASK_ESCALATED a']);
    expect(taskOf(state, 'a').escalated.map(({ rule }) => rule)).toEqual([0, 1, 2, 3]);
  });
});

describe('a task that nobody takes', () => {
  const rules = escalation({
    on: 'UNCLAIMED',
    amount: 4,
    action: 'REASSIGN',
    handovers: [handover(user('user-bert')), handover(TEAM, 10), handover(user('user-cara'))],
  });
  const state = withRules(rules);
  const idle = (changed: ExecutionState): string | null => taskOf(changed, 'a').idleSince;

  test('is handed to one after the other, to each for the time that is theirs', () => {
    expect(state.execution.wakeAt).toBe('2026-03-02T12:00:00.000Z');
    let current = state;
    const steps = [
      ['2026-03-02T12:00:00.000Z', [user('user-bert')], '2026-03-02T16:00:00.000Z'],
      ['2026-03-02T16:00:00.000Z', [TEAM], '2026-03-03T02:00:00.000Z'],
      ['2026-03-03T02:00:00.000Z', [user('user-cara')], null],
    ] as const;
    for (const [now, assignees, next] of steps) {
      const result = accepted(current, WAKE, at(now));
      expect(told(result.events)).toContain('TASK_ESCALATED a');
      expect(taskOf(result.state, 'a').assignees).toEqual(assignees);
      expect(result.state.execution.wakeAt).toBe(next);
      current = result.state;
    }
    expect(taskOf(current, 'a').escalated).toMatchObject([{ rule: 0, steps: 3, to: [user('user-cara')] }]);
  });

  test('does not pass by anybody when the time of several has gone by', () => {
    const late = accepted(state, WAKE, at('2026-03-04T00:00:00.000Z')).state;
    expect(taskOf(late, 'a').assignees).toEqual([user('user-bert')]);
    expect(late.execution.wakeAt).toBe('2026-03-04T04:00:00.000Z');
  });

  test.each<[string, Command]>([
    ['claims', { type: 'CLAIM_TASK', taskId: 'a', userId: 'user-dora', teamIds: ['team-field'] }],
    ['begins', { type: 'START_TASK', taskId: 'a' }],
    ['holds', { type: 'HOLD_TASK', taskId: 'a' }],
  ])('stays with who has it once somebody %s it', (_what, command) => {
    const taken = accepted(state, command).state;
    expect([idle(taken), taken.execution.wakeAt]).toEqual([null, null]);
    expect(woken(taken, '2026-03-20T00:00:00.000Z')).toEqual([[]]);
  });

  test('waits on while what it requires is decided anew by itself in the same moment', () => {
    const content = {
      tasks: [
        decision('d', [branch('yes', { isDefault: true })], { mode: 'AUTOMATIC' }),
        task('a', { requirements: [{ taskKey: 'd' }], escalations: [rules], assignees: [TEAM] }),
      ],
    };
    const begun = started(content);
    expect(idle(begun)).toBe(START.now);
    const again = accepted(begun, { type: 'REOPEN_TASK', taskId: 'd', revert: false }).state;
    expect(taskOf(again, 'd').status).toBe('COMPLETED');
    expect(idle(again)).toBe(START.now);
  });

  test('is counted anew when it is reached anew, even if that is in the same moment', () => {
    const content = {
      tasks: [
        decision('d', [branch('yes', { isDefault: true })], { mode: 'AUTOMATIC' }),
        task('a', { escalations: [rules], assignees: [TEAM] }),
      ],
      edges: [edge('d =yes> a')],
    };
    const again = accepted(started(content), { type: 'REOPEN_TASK', taskId: 'd', revert: false }).state;
    expect([taskOf(again, 'a').reachedAt, idle(again)]).toEqual([LATER.now, LATER.now]);
  });

  test.each<[string, Command, Command]>([
    [
      'released',
      { type: 'CLAIM_TASK', taskId: 'a', userId: 'user-dora', teamIds: ['team-field'] },
      { type: 'RELEASE_TASK', taskId: 'a' },
    ],
    ['stopped', { type: 'START_TASK', taskId: 'a' }, { type: 'STOP_TASK', taskId: 'a' }],
    ['resumed', { type: 'HOLD_TASK', taskId: 'a' }, { type: 'RESUME_TASK', taskId: 'a' }],
    [
      'assigned to somebody else',
      { type: 'UPDATE_TASK', taskId: 'a', name: 'Visit' },
      { type: 'ASSIGN_TASK', taskId: 'a', set: [user('user-dora')] },
    ],
  ])('is counted anew once it is %s, from the first in the list on', (_what, first, second) => {
    const handed = accepted(state, WAKE, at('2026-03-02T12:00:00.000Z')).state;
    const given = accepted(
      handed,
      { type: 'ASSIGN_TASK', taskId: 'a', set: [TEAM] },
      at('2026-03-02T13:00:00.000Z'),
    );
    const taken = accepted(given.state, first, at('2026-03-02T13:30:00.000Z')).state;
    const back = accepted(taken, second, at('2026-03-02T14:00:00.000Z')).state;
    expect([idle(back), back.execution.wakeAt]).toEqual([
      '2026-03-02T14:00:00.000Z',
      '2026-03-02T18:00:00.000Z',
    ]);
    const again = accepted(back, WAKE, at('2026-03-02T18:00:00.000Z')).state;
    expect(taskOf(again, 'a').assignees).toEqual([user('user-bert')]);
  });

  test('is not counted anew by what says nothing of who has it', () => {
    const renamed = accepted(state, { type: 'UPDATE_TASK', taskId: 'a', name: 'Visit' }).state;
    const same = accepted(renamed, { type: 'ASSIGN_TASK', taskId: 'a', set: [TEAM] }).state;
    expect(idle(same)).toBe(START.now);
  });

  test('lies about only from the moment on at which it can be worked on', () => {
    const waiting = started({
      tasks: [task('z'), task('a', { escalations: [rules] })],
      edges: [edge('z > a')],
    });
    expect([idle(waiting), waiting.execution.wakeAt]).toEqual([null, null]);
    const reached = accepted(
      waiting,
      { type: 'COMPLETE_TASK', taskId: 'z' },
      at('2026-03-06T00:00:00.000Z'),
    ).state;
    expect(reached.execution.wakeAt).toBe('2026-03-06T04:00:00.000Z');
    const reverted = accepted(reached, { type: 'REOPEN_TASK', taskId: 'z', revert: true }).state;
    expect([idle(reverted), reverted.execution.wakeAt]).toEqual([null, null]);
  });

  test('stays with those who have it when a variable names nobody, and goes on to the next in time', () => {
    const nobody = handover({ type: 'VARIABLE', id: '{{entity.owner}}' });
    const vague = withRules({ ...rules, handovers: [nobody, handover(user('user-cara'))] });
    const first = accepted(vague, WAKE, at('2026-03-02T12:00:00.000Z')).state;
    expect(taskOf(first, 'a').assignees).toEqual([TEAM]);
    expect(taskOf(first, 'a').escalated).toMatchObject([{ steps: 1, to: [] }]);
    const second = accepted(first, WAKE, at('2026-03-02T16:00:00.000Z')).state;
    expect(taskOf(second, 'a').assignees).toEqual([user('user-cara')]);
  });

  test('can be told to a lead beside, counted from the same moment, whoever has it meanwhile', () => {
    const lead = escalation({ on: 'UNCLAIMED', amount: 6, action: 'NOTIFY_LEAD', leads: [TEAM] });
    const both = withRules(rules, lead);
    const handed = accepted(both, WAKE, at('2026-03-02T12:00:00.000Z')).state;
    expect(handed.execution.wakeAt).toBe('2026-03-02T14:00:00.000Z');
  });
});

describe('a late task that is handed over', () => {
  const late = escalation({
    action: 'REASSIGN',
    handovers: [handover(TEAM, 3), handover(user('user-cara'))],
  });

  const begun = accepted(withRules(late), { type: 'START_TASK', taskId: 'a' }).state;
  const handed = accepted(begun, WAKE, at(DUE)).state;

  test('is taken from who has begun it, and goes on to the next after the time of each', () => {
    expect(taskOf(handed, 'a')).toMatchObject({ status: 'IN_PROGRESS', assignees: [TEAM], idleSince: null });
    expect(handed.execution.wakeAt).toBe('2026-03-05T15:00:00.000Z');
    const last = accepted(handed, WAKE, at('2026-03-05T15:00:00.000Z')).state;
    expect(taskOf(last, 'a').assignees).toEqual([user('user-cara')]);
    expect(last.execution.wakeAt).toBeNull();
  });

  test('stays with the next who takes it, for as long as they have it', () => {
    const then = at('2026-03-05T13:00:00.000Z');
    const claim = { type: 'CLAIM_TASK', taskId: 'a', userId: 'user-dora', teamIds: ['team-field'] } as const;
    const claimed = accepted(handed, claim, then).state;
    const stopped = accepted(handed, { type: 'STOP_TASK', taskId: 'a' }, then).state;
    const again = accepted(
      stopped,
      { type: 'START_TASK', taskId: 'a' },
      at('2026-03-05T14:00:00.000Z'),
    ).state;
    expect([claimed, stopped, again].map(({ execution }) => execution.wakeAt)).toEqual([
      null,
      '2026-03-05T16:00:00.000Z',
      null,
    ]);
  });

  test('loses the claim of who is not among those who have it now', () => {
    const claim = { type: 'CLAIM_TASK', taskId: 'a', userId: 'user-dora', teamIds: ['team-field'] } as const;
    const claimed = accepted(withRules({ ...late, handovers: [handover(user('user-cara'))] }), claim).state;
    const handed = accepted(claimed, WAKE, at(DUE)).state;
    expect(taskOf(handed, 'a')).toMatchObject({ claimedById: null, assignees: [user('user-cara')] });
    const kept = accepted(accepted(withRules(late), claim).state, WAKE, at(DUE)).state;
    expect(taskOf(kept, 'a').claimedById).toBe('user-dora');
  });
});

describe('a list with users who are deactivated', () => {
  const list = escalation({
    on: 'UNCLAIMED',
    amount: 4,
    action: 'REASSIGN',
    handovers: ['user-bert', 'user-cara', 'user-dora'].map((id) => handover(user(id))),
  });
  const without = (...ids: readonly string[]) => factsOf({}, { inactiveIds: new Set(ids) });
  const first = '2026-03-02T12:00:00.000Z';
  const second = '2026-03-02T16:00:00.000Z';

  test('passes them by at once, and gives the others their time', () => {
    const context = at(first, { ...LATER, facts: without('user-bert') });
    const handed = accepted(withRules(list), WAKE, context).state;
    expect(taskOf(handed, 'a')).toMatchObject({
      assignees: [user('user-cara')],
      escalated: [{ steps: 2, to: [user('user-cara')] }],
    });
    expect(handed.execution.wakeAt).toBe(second);
    expect(taskOf(accepted(handed, WAKE, at(second)).state, 'a').assignees).toEqual([user('user-dora')]);
  });

  test('is over when nobody else is left: the task stays with those who have it', () => {
    const handed = accepted(withRules(list), WAKE, at(first)).state;
    const context = at(second, { ...LATER, facts: without('user-cara', 'user-dora') });
    const over = accepted(handed, WAKE, context).state;
    expect(taskOf(over, 'a')).toMatchObject({
      assignees: [user('user-bert')],
      escalated: [{ steps: 3, to: [] }],
    });
    expect(over.execution.wakeAt).toBeNull();
  });

  test('passes by whom a variable names', () => {
    const owner = handover({ type: 'VARIABLE', id: '{{entity.owner}}' });
    const facts = factsOf(
      { owner: 'bert' },
      { people: new Map([['bert', user('user-bert')]]), inactiveIds: new Set(['user-bert']) },
    );
    const state = withRules({ ...list, handovers: [owner, handover(TEAM), handover(user('user-cara'))] });
    const handed = accepted(state, WAKE, at(first, { ...LATER, facts })).state;
    expect(taskOf(handed, 'a').escalated).toMatchObject([{ steps: 2, to: [TEAM] }]);
  });
});

describe('two lists of one task', () => {
  const idle = escalation({
    on: 'UNCLAIMED',
    amount: 4,
    action: 'REASSIGN',
    handovers: [handover(user('user-bert'), 3), handover(user('user-cara'))],
  });
  const late = escalation({
    action: 'REASSIGN',
    handovers: [handover(user('user-dora'), 10), handover(user('user-emil'))],
  });
  /** Who has it after each wake, and when it wants to be woken next. */
  const held = (state: ExecutionState, ...times: readonly string[]): unknown[] => {
    let current = state;
    return times.map((now) => {
      current = accepted(current, WAKE, at(now)).state;
      return [
        taskOf(current, 'a')
          .assignees.map(({ id }) => id)
          .join(),
        current.execution.wakeAt,
      ];
    });
  };

  test('that are due at once hand it over one after the other, first the one that was due first', () => {
    expect(
      held(
        withRules(late, idle),
        '2026-03-06T00:00:00.000Z',
        '2026-03-06T00:00:00.000Z',
        '2026-03-06T03:00:00.000Z',
        '2026-03-06T13:00:00.000Z',
        '2026-03-06T16:00:00.000Z',
      ),
    ).toEqual([
      ['user-bert', '2026-03-06T03:00:00.000Z'],
      ['user-bert', '2026-03-06T03:00:00.000Z'],
      ['user-dora', '2026-03-06T13:00:00.000Z'],
      ['user-emil', '2026-03-06T16:00:00.000Z'],
      ['user-cara', null],
    ]);
  });

  test('leave it to whoever got it last for their time, whichever handed it over', () => {
    const dueAt = '2026-03-02T14:00:00.000Z';
    const state = started({
      tasks: [task('a', { escalations: [idle, late], dueAt, assignees: [TEAM] })],
    });
    expect(held(state, '2026-03-02T12:00:00.000Z', dueAt, '2026-03-03T00:00:00.000Z')).toEqual([
      ['user-bert', dueAt],
      ['user-dora', '2026-03-03T00:00:00.000Z'],
      ['user-cara', '2026-03-03T10:00:00.000Z'],
    ]);
  });

  test('keep on to whom they hand it for as long as the list says, also if the other has no time', () => {
    const dueAt = '2026-03-02T14:00:00.000Z';
    const only = escalation({ action: 'REASSIGN', handovers: [handover(user('user-dora'))] });
    const state = started({
      tasks: [task('a', { escalations: [idle, only], dueAt, assignees: [TEAM] })],
    });
    expect(held(state, '2026-03-02T12:00:00.000Z', dueAt, '2026-03-02T17:00:00.000Z')).toEqual([
      ['user-bert', dueAt],
      ['user-dora', '2026-03-02T17:00:00.000Z'],
      ['user-cara', null],
    ]);
  });
});

describe('a rule that respects working time', () => {
  // Work is from 08:00 to 17:00; 6 March 2026 is a Friday.
  const rule = (parts: Partial<EscalationRule>): EscalationRule =>
    escalation({ ...parts, respectsWorkingTime: true });
  const dueAt = (dueAt: string, parts: Partial<EscalationRule>): ExecutionState =>
    started({ tasks: [task('a', { dueAt, escalations: [rule(parts)] })] });

  test.each([
    ['is done in working time as it stands', '2026-03-06T10:00:00.000Z', {}, '2026-03-06T10:00:00.000Z'],
    ['waits until work begins', '2026-03-06T19:00:00.000Z', {}, '2026-03-09T08:00:00.000Z'],
    [
      'after a date waits until work begins',
      '2026-03-06T16:00:00.000Z',
      { on: 'AFTER_DUE', amount: 2 },
      '2026-03-09T08:00:00.000Z',
    ],
    [
      'before a date is done before work ends',
      '2026-03-09T10:00:00.000Z',
      { on: 'BEFORE_DUE', amount: 1, unit: 'DAYS' },
      '2026-03-06T16:59:00.000Z',
    ],
    [
      'can count working hours',
      '2026-03-09T10:00:00.000Z',
      { on: 'BEFORE_DUE', amount: 3, unit: 'WORKING_HOURS' },
      '2026-03-06T16:00:00.000Z',
    ],
  ] as const)('%s', (_what, date, parts, time) => {
    const state = dueAt(date, parts);
    expect(state.execution.wakeAt).toBe(time);
    expect(woken(state, time)[0]).toContain('TASK_REMINDED a');
  });

  test('is not done at night when it is overdue, but in the morning', () => {
    const state = dueAt('2026-03-06T10:00:00.000Z', {});
    const late = accepted(state, WAKE, at('2026-03-07T01:00:00.000Z'));
    expect(told(late.events)).toEqual([]);
    expect(late.state.execution.wakeAt).toBe('2026-03-09T08:00:00.000Z');
    expect(woken(late.state, '2026-03-09T08:00:00.000Z')[0]).toContain('TASK_REMINDED a');
  });
});

test('a loop begins to wait anew with every round', () => {
  const rule = escalation({ on: 'UNCLAIMED', amount: 4 });
  const state = started({ tasks: [task('a', { escalations: [rule] }), task('b')], edges: [edge('a > b')] });
  const again = [
    { type: 'COMPLETE_TASK', taskId: 'a' },
    { type: 'REOPEN_TASK', taskId: 'a', revert: true },
  ] as const;
  const reopened = again.reduce((current, command) => accepted(current, command).state, state);
  expect(taskOf(reopened, 'a').idleSince).toBe(LATER.now);
});

test('the last twenty dates of a rule are remembered', () => {
  let state = withRules(escalation());
  for (let day = 10; day < 35; day += 1) {
    const dueAt = new Date(Date.UTC(2026, 2, day)).toISOString();
    state = accepted(state, { type: 'SET_TASK_DUE_DATE', taskId: 'a', dueAt }).state;
    state = accepted(state, WAKE, at(dueAt)).state;
  }
  const { escalated } = taskOf(state, 'a');
  expect(escalated).toHaveLength(20);
  expect(escalated.at(-1)?.since).toBe('2026-04-03T00:00:00.000Z');
});
