/** Whom rules of escalation reach, by notifications, from the wake job on. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAbsence } from '../../src/commands/absences.ts';
import { createTeam } from '../../src/commands/teams.ts';
import type { AssigneeRef, DefinitionContent, EscalationRule } from '../../src/engine/definition.ts';
import { REMIND } from '../../src/store/notification-jobs.ts';
import { remind } from '../../src/worker/remind.ts';
import { sendDigest } from '../../src/worker/send-digest.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { escalation, handover } from '../support/escalations.ts';
import { silentLog } from '../support/live-fixture.ts';
import { expectSound } from '../support/log.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { edge, phase, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const PLACE = '(Solar installation, Order 1)';
/** Thursday, 13:00 in Berlin. */
const DUE = '2026-03-05T12:00:00.000Z';

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
beforeEach(async () => {
  // Monday, 09:00 in Berlin.
  shop.clock.set('2026-03-02T08:00:00.000Z');
  await notifying.react();
  await notifying.told();
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

async function team(...memberIds: readonly string[]): Promise<AssigneeRef> {
  const made = await createTeam(shop.caller, { name: `Fitters ${Math.random()}`, memberIds });
  return { type: 'TEAM', id: made.ok ? made.value : '' };
}

/** Starts it, and forgets what that told. */
async function begin(content: Partial<DefinitionContent>): Promise<string> {
  const run = await shop.start(content);
  await notifying.react();
  await notifying.told();
  return run;
}

function wake(executionId: string): Promise<void> {
  const { organizationId } = shop.viewer;
  return wakeExecution({ ...shop.caller }, { organizationId, executionId });
}

/** What is told when it is woken then. */
async function newsAt(run: string, now: string): Promise<string[]> {
  shop.clock.set(now);
  await wake(run);
  await notifying.react();
  return inShort(await notifying.told());
}

function oneTask(assignees: readonly AssigneeRef[], ...escalations: readonly EscalationRule[]) {
  return { tasks: [task('visit', { assignees, dueAt: DUE, escalations })] };
}

describe('those who are responsible', () => {
  test('are reminded by name and through their team, each once for what was missed', async () => {
    const [bert, carl, dora] = [
      await notifying.user('bert'),
      await notifying.user('carl'),
      await notifying.user('dora'),
    ];
    const rules = [escalation({ on: 'BEFORE_DUE', amount: 24 }), escalation()];
    const run = await begin(oneTask([bert.ref, await team(carl.id, dora.id)], ...rules));
    const text = `“visit” was due on 5 March 2026 at 13:00 ${PLACE}.`;
    expect((await newsAt(run, '2026-03-05T13:00:00.000Z')).sort()).toEqual([
      `bert REMINDER: ${text}`,
      `carl REMINDER: ${text}`,
      `dora REMINDER: ${text}`,
    ]);
    expect(await newsAt(run, '2026-03-09T13:00:00.000Z')).toEqual([]);
  });

  test('are only who claimed it, once somebody has', async () => {
    const carl = await notifying.user('carl');
    const own = { type: 'USER', id: shop.viewer.userId } as const;
    const run = await begin(oneTask([await team(own.id, carl.id)], escalation()));
    await shop.give(run, 'visit', 'CLAIM_TASK', {
      userId: own.id,
      teamIds: (await shop.task(run, 'visit')).assignees.map(({ id }) => id),
    });
    expect(await newsAt(run, DUE)).toEqual([
      `anna REMINDER: “visit” was due on 5 March 2026 at 13:00 ${PLACE}.`,
    ]);
  });

  test('of a phase and of an execution are reminded of theirs', async () => {
    const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
    const run = await begin({
      assignees: [bert.ref],
      dueAt: DUE,
      escalations: [escalation({ on: 'BEFORE_DUE', amount: 1 })],
      phases: [phase('planning', { dueAt: DUE, assignees: [carl.ref], escalations: [escalation()] })],
      tasks: [task('visit', { phaseKey: 'planning' })],
    });
    expect(await newsAt(run, '2026-03-05T11:00:00.000Z')).toEqual([
      'bert REMINDER: “Solar installation” is due on 5 March 2026 at 13:00 (Order 1).',
    ]);
    expect(await newsAt(run, DUE)).toEqual([
      `carl REMINDER: The phase “planning” was due on 5 March 2026 at 13:00 ${PLACE}.`,
    ]);
  });

  test('are reminded of what has failed: it waits for them', async () => {
    const bert = await notifying.user('bert');
    const run = await begin(oneTask([bert.ref], escalation()));
    await shop.give(run, 'visit', 'FAIL_TASK', { reason: null });
    await notifying.react();
    await notifying.told();
    expect(await newsAt(run, DUE)).toEqual([
      `bert REMINDER: “visit” was due on 5 March 2026 at 13:00 ${PLACE}.`,
    ]);
  });

  test('are not reminded of what they have finished before it is told', async () => {
    const bert = await notifying.user('bert');
    const run = await begin(oneTask([bert.ref], escalation()));
    shop.clock.set(DUE);
    await wake(run);
    await shop.give(run, 'visit', 'COMPLETE_TASK');
    await notifying.react();
    expect(await notifying.told()).toEqual([]);
  });

  test('are not reminded a second time by the job that reminds of tasks without rules', async () => {
    const bert = await notifying.user('bert');
    const rule = escalation({ on: 'AFTER_DUE', amount: 48 });
    await begin(oneTask([bert.ref], rule));
    const unclaimed = escalation({ on: 'UNCLAIMED', amount: 1_000 });
    await begin({ tasks: [task('other', { assignees: [bert.ref], dueAt: DUE, escalations: [unclaimed] })] });
    shop.clock.set('2026-03-05T13:00:00.000Z');
    await remind({ ...shop.caller, log: silentLog });
    expect(inShort(await notifying.told())).toEqual([expect.stringContaining('“other” was due')]);
    expect((await shop.jobs()).some(({ key }) => key === REMIND)).toBe(true);
  });
});

describe('who gets a task', () => {
  test('is told why, once, and not that it was assigned to them besides', async () => {
    const [bert, carl, dora] = [
      await notifying.user('bert'),
      await notifying.user('carl'),
      await notifying.user('dora'),
    ];
    const rule = escalation({
      on: 'UNCLAIMED',
      amount: 4,
      action: 'REASSIGN',
      handovers: [handover(carl.ref), handover(await team(dora.id))],
    });
    const run = await begin(oneTask([bert.ref], rule));
    const because = (at: string): string => `because nobody took it: 2 March 2026 at ${at} ${PLACE}.`;
    expect(await newsAt(run, '2026-03-02T12:00:00.000Z')).toEqual([
      `carl ESCALATION: “visit” was handed over to you, ${because('09:00')}`,
    ]);
    expect(await newsAt(run, '2026-03-02T16:00:00.000Z')).toEqual([
      `dora ESCALATION: “visit” was handed over to you, ${because('09:00')}`,
    ]);
    const [handed] = (await shop.events()).filter(
      ({ executionId, type }) => executionId === run && type === 'TASK_ESCALATED',
    );
    expect(handed).toMatchObject({ actorId: null, audience: [bert.id, carl.id].sort() });
  });

  test('is not told if it was given to somebody else meanwhile', async () => {
    const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
    const run = await begin(
      oneTask([bert.ref], escalation({ action: 'REASSIGN', handovers: [handover(carl.ref)] })),
    );
    shop.clock.set(DUE);
    await wake(run);
    await shop.give(run, 'visit', 'ASSIGN_TASK', { set: [bert.ref] });
    await notifying.react();
    expect(inShort(await notifying.told())).toEqual([expect.stringContaining('bert ASSIGNMENT')]);
  });
});

describe('a lead', () => {
  test('is told of what is late, whatever it waits for, and of what nobody takes', async () => {
    const [bert, lead] = [await notifying.user('bert'), await notifying.user('lead')];
    const leads = [await team(lead.id)];
    const late = escalation({ on: 'AFTER_DUE', amount: 2, action: 'NOTIFY_LEAD', leads });
    const idle = escalation({ on: 'UNCLAIMED', amount: 24, action: 'NOTIFY_LEAD', leads });
    const run = await begin({
      tasks: [
        task('first', { assignees: [bert.ref], escalations: [idle] }),
        task('second', { dueAt: DUE, escalations: [late] }),
      ],
      edges: [edge('first > second')],
    });
    expect(await newsAt(run, '2026-03-03T08:00:00.000Z')).toEqual([
      `lead ESCALATION: Nobody has taken “first” since 2 March 2026 at 09:00 ${PLACE}.`,
    ]);
    expect(await newsAt(run, '2026-03-05T14:00:00.000Z')).toEqual([
      `lead ESCALATION: “second” was due on 5 March 2026 at 13:00 ${PLACE}.`,
    ]);
  });

  test('who is a partner is told only of what they see', async () => {
    const [paul, pia] = [
      await notifying.user('paul', { kind: 'PARTNER' }),
      await notifying.user('pia', { kind: 'PARTNER' }),
    ];
    const rule = escalation({ action: 'NOTIFY_LEAD', leads: [paul.ref, pia.ref] });
    const run = await begin(oneTask([pia.ref], rule));
    expect(await newsAt(run, DUE)).toEqual([expect.stringContaining('pia ESCALATION')]);
  });

  test('is told by mail as they have chosen, with what else waits', async () => {
    const lead = await notifying.user('lead');
    await notifying.choose(lead.id, { channels: { ESCALATION: 'EMAIL' }, emailEvery: 'DAILY' });
    const rules = ['DUE', 'AFTER_DUE'] as const;
    const run = await begin(
      oneTask(
        [],
        ...rules.map((on, amount) => escalation({ on, amount, action: 'NOTIFY_LEAD', leads: [lead.ref] })),
      ),
    );
    expect(await newsAt(run, DUE)).toHaveLength(1);
    expect(await newsAt(run, '2026-03-05T13:00:00.000Z')).toHaveLength(1);
    const { organizationId } = shop.viewer;
    await sendDigest({ ...shop.caller }, { organizationId, userId: lead.id });
    const { rows } = await shop.database.pool.query<{ subject: string }>(
      `select content->>'subject' as subject from delivery where kind = 'EMAIL' and content->'to' ? $1`,
      [lead.email],
    );
    expect(rows).toHaveLength(1);
    expect((await notifying.everything()).filter(({ user }) => user === 'lead').at(-1)).toMatchObject({
      isInApp: false,
      email: 'DUE',
    });
  });
});

test('what escalates to somebody who is absent is told to who stands in, too', async () => {
  const [lead, carl] = [await notifying.user('lead'), await notifying.user('carl')];
  const absence = {
    userId: lead.id,
    firstDay: '2026-03-01',
    lastDay: '2026-03-31',
    substituteIds: [carl.id],
    note: null,
  };
  expect(await createAbsence(shop.caller, absence)).toMatchObject({ ok: true });
  const run = await begin(oneTask([], escalation({ action: 'NOTIFY_LEAD', leads: [lead.ref] })));
  const text = `“visit” was due on 5 March 2026 at 13:00 ${PLACE}.`;
  expect((await newsAt(run, DUE)).sort()).toEqual([
    `carl ESCALATION: ${text} You stand in for lead.`,
    `lead ESCALATION: ${text}`,
  ]);
});

test('what escalates of a task of their team is not told to who stands in: the task stays the team’s', async () => {
  const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
  const fitters = await team(bert.id);
  const absence = {
    userId: bert.id,
    firstDay: '2026-03-01',
    lastDay: '2026-03-31',
    substituteIds: [carl.id],
    note: null,
  };
  expect(await createAbsence(shop.caller, absence)).toMatchObject({ ok: true });
  const run = await begin({
    tasks: ['claimed', 'waiting', 'handed'].map((key) =>
      task(key, {
        assignees: key === 'handed' ? [] : [fitters],
        dueAt: DUE,
        escalations: [
          key === 'handed'
            ? escalation({ action: 'REASSIGN', handovers: [handover(fitters)] })
            : escalation(),
        ],
      }),
    ),
  });
  await shop.give(run, 'claimed', 'CLAIM_TASK', { userId: bert.id, teamIds: [fitters.id] });
  expect((await newsAt(run, DUE)).map((news) => news.split(':')[0])).toEqual([
    'bert REMINDER',
    'bert REMINDER',
    'bert ESCALATION',
  ]);
});

test('the same events once more tell nobody anything', async () => {
  const bert = await notifying.user('bert');
  const run = await begin(oneTask([bert.ref], escalation()));
  shop.clock.set(DUE);
  await wake(run);
  const events = await notifying.react();
  expect(await notifying.told()).toHaveLength(1);
  await notifying.reactTo(events);
  expect(await notifying.told()).toEqual([]);
});

test('a hundred tasks that escalate take as many statements to tell as one', async () => {
  const bert = await notifying.user('bert');
  const count = async (size: number): Promise<number> => {
    const run = await begin({
      tasks: Array.from({ length: size }, (_, index) =>
        task(`t${index}`, { assignees: [bert.ref], dueAt: DUE, escalations: [escalation()] }),
      ),
    });
    shop.clock.set(DUE);
    await wake(run);
    shop.resetStatements();
    await notifying.react();
    expect(await notifying.told()).toHaveLength(size);
    shop.clock.set('2026-03-02T08:00:00.000Z');
    return shop.statements().length;
  };
  expect(await count(100)).toBe(await count(1));
});
