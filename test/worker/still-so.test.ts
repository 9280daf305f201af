/** A mail tells what is still so when it is made, and of what its receiver may see. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTeam } from '../../src/commands/teams.ts';
import type { AssigneeRef, EscalationRule } from '../../src/engine/definition.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { escalation, handover } from '../support/escalations.ts';
import { markNotificationsRead } from '../../src/commands/notifications.ts';
import { addNote, deleteNote, updateNote } from '../../src/commands/notes.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import { remind } from '../../src/worker/remind.ts';
import { silentLog } from '../support/live-fixture.ts';
import { createMailing, type Mailing } from '../support/mailing.ts';
import { createNotifying, inShort, type Notifying, type Somebody } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const PLACE = '(Solar installation, Order 1)';

let shop: Workshop;
let notifying: Notifying;
let mailing: Mailing;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
  mailing = createMailing(shop.caller);
});
beforeEach(() => {
  shop.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(() => shop[Symbol.asyncDispose]());

/** Somebody who is told everything by mail only, unless told otherwise. */
async function reader(
  kind: 'INTERNAL' | 'PARTNER' = 'INTERNAL',
  channel: 'EMAIL' | 'BOTH' = 'EMAIL',
): Promise<Somebody> {
  const user = await notifying.user('rita', { kind });
  const channels = { ASSIGNMENT: channel, MENTION: channel, INVITATION: channel, REMINDER: channel };
  await notifying.choose(user.id, { channels });
  return user;
}

async function start(assignee: Somebody, parts: Partial<TaskDefinition> = {}): Promise<string> {
  const own = task('own', { assignees: [assignee.ref], ...parts });
  const run = await shop.start({ tasks: [own, task('other')] });
  shop.clock.advance(1_000);
  await notifying.react();
  return run;
}

/** What the user's next mail tells, by line; nothing if there is none. */
async function mail({ id, email }: Somebody): Promise<string[]> {
  const before = (await mailing.to(email)).length;
  await mailing.digest(id);
  const [next] = (await mailing.to(email)).slice(before);
  return next?.content.text.match(/(?<=- ).*/g) ?? [];
}

async function last() {
  const [own] = (await notifying.everything()).slice(-1);
  return own && [own.kind, own.email, own.isInApp];
}

describe('an assignment', () => {
  test.each([
    ['was taken away again', (run: string) => shop.give(run, 'own', 'ASSIGN_TASK', { set: [] })],
    ['is done already', (run: string) => shop.give(run, 'own', 'COMPLETE_TASK')],
    [
      'is in a closed execution',
      (run: string) => shop.command(run, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null }),
    ],
  ] as const)('that %s is in no mail', async (_what, happens) => {
    const rita = await reader();
    const run = await start(rita);
    await happens(run);
    expect(await mail(rita)).toEqual([]);
    expect(await last()).toEqual(['ASSIGNMENT', 'NONE', false]);
    const [update] = (await shop.events()).filter(({ type }) => type === 'NOTIFICATION_UPDATED').slice(-1);
    expect(update).toMatchObject({ data: { email: 'NONE' }, audience: [] });
  });

  test('that is on hold for a while is in the mail, since it is not told again', async () => {
    const rita = await reader();
    const run = await start(rita);
    await shop.give(run, 'own', 'HOLD_TASK');
    expect(await mail(rita)).toEqual([`anna assigned “own” to you ${PLACE}.`]);
  });

  test('that was in no mail is told when it is so again', async () => {
    const rita = await reader();
    const run = await start(rita);
    const close = { type: 'CLOSE_EXECUTION', reasonIds: [], description: null } as const;
    await shop.command(run, close);
    expect(await mail(rita)).toEqual([]);
    await shop.command(run, { type: 'REOPEN_EXECUTION' });
    await notifying.react();
    expect(await mail(rita)).toEqual([`“own” is ready for you ${PLACE}.`]);
  });

  test('leaves the others in the mail', async () => {
    const rita = await reader();
    const run = await start(rita);
    await shop.give(run, 'other', 'ASSIGN_TASK', { set: [rita.ref] });
    await notifying.react();
    await shop.give(run, 'own', 'COMPLETE_TASK');
    expect(await mail(rita)).toEqual([`anna assigned “other” to you ${PLACE}.`]);
  });
});

describe('a partner who has lost their tasks', () => {
  test('is mailed nothing of the execution, and is invited when they get one again', async () => {
    const rita = await reader('PARTNER');
    const run = await start(rita, { dueAt: '2026-03-20T08:00:00.000Z' });
    await shop.give(run, 'own', 'ASSIGN_TASK', { set: [] });
    expect(await mail(rita)).toEqual([]);
    expect(await last()).toEqual(['INVITATION', 'NONE', false]);
    await shop.give(run, 'other', 'ASSIGN_TASK', { set: [rita.ref] });
    await notifying.react();
    expect(await mail(rita)).toEqual([`anna invited you to work on “other” ${PLACE}.`]);
  });

  test('is not mailed a mention', async () => {
    const rita = await reader('PARTNER');
    const run = await start(rita);
    await mail(rita);
    await addNote(shop.caller, {
      taskId: (await shop.task(run, 'own')).id,
      body: 'Look',
      mentionIds: [rita.id],
    });
    await notifying.react();
    await shop.give(run, 'own', 'ASSIGN_TASK', { set: [] });
    expect(await mail(rita)).toEqual([]);
  });
});

describe('what escalates', () => {
  const dueAt = '2026-03-05T12:00:00.000Z';

  async function escalated(rule: EscalationRule, rita: Somebody, assignee: AssigneeRef): Promise<string> {
    await notifying.choose(rita.id, { channels: { ESCALATION: 'EMAIL' } });
    shop.clock.set('2026-03-02T09:00:00.000Z');
    const run = await shop.start({
      tasks: [task('late', { dueAt, assignees: [assignee], escalations: [rule] }), task('other')],
    });
    await notifying.react();
    shop.clock.set(dueAt);
    await wakeExecution(shop.caller, { organizationId: shop.viewer.organizationId, executionId: run });
    await notifying.react();
    return run;
  }

  test('is mailed to members of a team, unless somebody has claimed the task meanwhile', async () => {
    const rita = await reader();
    const ownId = shop.viewer.userId;
    const made = await createTeam(shop.caller, { name: 'Fitters', memberIds: [rita.id, ownId] });
    const team = { type: 'TEAM', id: made.ok ? made.value : '' } as const;
    await escalated(escalation(), rita, team);
    expect(await mail(rita)).toEqual([`“late” was due on 5 March 2026 at 13:00 ${PLACE}.`]);
    const run = await escalated(escalation(), rita, team);
    await shop.give(run, 'late', 'CLAIM_TASK', { userId: ownId, teamIds: [team.id] });
    expect(await mail(rita)).toEqual([]);
  });

  test('is mailed to whom the task was handed over, unless somebody else has it meanwhile', async () => {
    const [rita, bert] = [await reader(), await notifying.user('bert')];
    const made = await createTeam(shop.caller, { name: 'Planners', memberIds: [rita.id] });
    const team = { type: 'TEAM', id: made.ok ? made.value : '' } as const;
    for (const receiver of [rita.ref, team]) {
      const late = escalation({ action: 'REASSIGN', handovers: [handover(receiver)] });
      await escalated(late, rita, bert.ref);
      expect(await mail(rita)).toEqual([expect.stringContaining('“late” was handed over to you')]);
      const run = await escalated(late, rita, bert.ref);
      await shop.give(run, 'late', 'ASSIGN_TASK', { set: [bert.ref] });
      expect(await mail(rita)).toEqual([]);
    }
  });

  test('is mailed to the lead, whose task it is not, unless it is done meanwhile', async () => {
    const [rita, bert] = [await reader(), await notifying.user('bert')];
    const lead = escalation({ action: 'NOTIFY_LEAD', leads: [rita.ref] });
    await escalated(lead, rita, bert.ref);
    expect(await mail(rita)).toHaveLength(1);
    const run = await escalated(lead, rita, bert.ref);
    await shop.give(run, 'late', 'COMPLETE_TASK');
    expect(await mail(rita)).toEqual([]);
  });
});

describe('whoever stands in for somebody', () => {
  test.each([
    ['is mailed of their tasks', 'ACTIVE', [`anna assigned “own” to you ${PLACE}. You stand in for bert.`]],
    ['is not mailed of them once the absence is over', 'OVER', []],
  ] as const)('%s', async (_what, status, expected) => {
    const [rita, bert] = [await reader(), await notifying.user('bert')];
    const { organizationId } = shop.viewer;
    const absenceId = uuidv7();
    await shop.database.pool.query(
      `insert into absence (organization_id, id, user_id, first_day, last_day, substitute_ids, status, created_at)
       values ($1, $2, $3, '2026-03-02', '2026-03-03', array[$4::uuid], 'ACTIVE', $5)`,
      [organizationId, absenceId, bert.id, rita.id, shop.clock.now().toISOString()],
    );
    await start(bert);
    await shop.database.pool.query('update absence set status = $2 where id = $1', [absenceId, status]);
    expect(await mail(rita)).toEqual(expected);
  });
});

test('an invitation that was seen in the application counts, though it was in no mail', async () => {
  const rita = await reader('PARTNER', 'BOTH');
  const run = await start(rita);
  await shop.give(run, 'own', 'ASSIGN_TASK', { set: [] });
  expect(await mail(rita)).toEqual([]);
  expect(await last()).toEqual(['INVITATION', 'NONE', true]);
  await shop.give(run, 'other', 'ASSIGN_TASK', { set: [rita.ref] });
  await notifying.react();
  expect(await mail(rita)).toEqual([`anna assigned “other” to you ${PLACE}.`]);
});

test('what was read in the application meanwhile is in no mail', async () => {
  const rita = await reader('INTERNAL', 'BOTH');
  await start(rita);
  const viewer = { ...shop.viewer, userId: rita.id };
  await markNotificationsRead({ ...shop.caller, viewer }, {});
  expect(await mail(rita)).toEqual([]);
  expect(await last()).toEqual(['ASSIGNMENT', 'NONE', true]);
});

test.each([
  ['was deleted', (noteId: string) => deleteNote(shop.caller, { noteId })],
  [
    'mentions somebody else now',
    (noteId: string) => updateNote(shop.caller, { noteId, body: 'Look', mentionIds: [] }),
  ],
] as const)('a note that %s is in no mail', async (_what, happens) => {
  const rita = await reader();
  const run = await shop.start({ tasks: [task('a')] });
  const { id: taskId } = await shop.task(run, 'a');
  const added = await addNote(shop.caller, { taskId, body: 'Look', mentionIds: [rita.id] });
  await notifying.react();
  const changed = await happens(added.ok ? added.value : '');
  expect(changed.ok).toBe(true);
  expect(await mail(rita)).toEqual([]);
});

test('a reminder of what is done already is in no mail, and is not made again', async () => {
  const rita = await reader();
  const dueAt = new Date(shop.clock.now().getTime() + 3_600_000).toISOString();
  const run = await start(rita, { dueAt });
  await mail(rita);
  await notifying.told();
  const look = () => remind({ database: shop.database, clock: () => shop.clock.now(), log: silentLog });
  await look();
  expect(inShort(await notifying.told())).toEqual([expect.stringContaining('“own” is due')]);
  await shop.give(run, 'own', 'COMPLETE_TASK');
  expect(await mail(rita)).toEqual([]);
  await look();
  expect(await notifying.told()).toEqual([]);
});
