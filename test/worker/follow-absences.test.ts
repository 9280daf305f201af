/** The log tells once when an absence begins and once when it ends, whatever happened meanwhile; and people are told who stand in. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAbsence } from '../../src/commands/absences.ts';
import { FOLLOW_ABSENCES } from '../../src/store/absence-jobs.ts';
import { commandTask } from '../../src/commands/tasks.ts';
import { remind } from '../../src/worker/remind.ts';
import { follow } from '../support/absences.ts';
import { silentLog } from '../support/live-fixture.ts';
import { createNotifying, inShort, type Notifying, type Somebody } from '../support/notifying.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
beforeEach(() => {
  shop.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(() => shop[Symbol.asyncDispose]());

async function goAway(
  who: Somebody,
  firstDay: string,
  lastDay: string,
  ...others: Somebody[]
): Promise<string> {
  const substituteIds = others.map(({ id }) => id);
  const made = await createAbsence(shop.caller, {
    userId: who.id,
    firstDay,
    lastDay,
    substituteIds,
    note: null,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  return made.value;
}

/** What happened to the absence, in order. */
async function told(absenceId: string): Promise<string[]> {
  const events = await shop.events();
  return events.flatMap(({ subjectId, type, version }) =>
    subjectId === absenceId ? [`${type} ${version}`] : [],
  );
}

async function newNotices(): Promise<string[]> {
  await notifying.react();
  return inShort(await notifying.told());
}

test('an absence is told to begin and to end once each, at midnight where the organization is, by the system', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  const id = await goAway(anna, '2026-03-03', '2026-03-04', ben);
  const at = async (moment: string): Promise<string[]> => {
    shop.clock.set(moment);
    await Promise.all([follow(shop), follow(shop), follow(shop)]);
    return told(id);
  };
  const begun = ['ABSENCE_CREATED 1', 'ABSENCE_STARTED 2'];
  expect(await at('2026-03-02T22:59:59.999Z')).toEqual(['ABSENCE_CREATED 1']);
  expect(await at('2026-03-02T23:00:00.000Z')).toEqual(begun);
  expect(await at('2026-03-04T22:59:59.999Z')).toEqual(begun);
  expect(await at('2026-03-04T23:00:00.000Z')).toEqual([...begun, 'ABSENCE_ENDED 3']);
  expect(await at('2026-03-09T23:00:00.000Z')).toEqual([...begun, 'ABSENCE_ENDED 3']);
  const last = (await shop.events()).find(({ subjectId, version }) => subjectId === id && version === 3);
  expect(last).toMatchObject({ actorId: null, data: { status: 'OVER' }, changedFields: ['status'] });
  expect(last?.audience).toEqual(expect.arrayContaining([anna.id, ben.id]));
});

test('an absence that passed while nobody looked is told to have ended, once', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  const id = await goAway(anna, '2026-03-10', '2026-03-11', ben);
  shop.clock.set('2026-03-20T09:00:00.000Z');
  await follow(shop);
  await follow(shop);
  expect(await told(id)).toEqual(['ABSENCE_CREATED 1', 'ABSENCE_ENDED 2']);
});

test('the next look is when the next absence begins, and in a minute at the latest', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  const waits = async (): Promise<number> => {
    const job = (await shop.jobs()).find(({ key }) => key === FOLLOW_ABSENCES);
    return Date.parse(job?.runAt ?? '') - Date.now();
  };
  await goAway(anna, '2026-03-03', '2026-03-04', ben);
  shop.clock.set('2026-03-02T22:59:50.000Z');
  await follow(shop);
  expect(await waits()).toBeLessThan(11_000);
  shop.clock.set('2026-03-02T23:00:00.000Z');
  await follow(shop);
  expect(await waits()).toBeGreaterThan(30_000);
});

test('whoever stands in is told once how many open tasks there are, and the next one when it is their turn', async () => {
  const [anna, ben, cleo] = [
    await notifying.user('anna'),
    await notifying.user('ben'),
    await notifying.user('cleo'),
  ];
  const parts = { assignees: [anna.ref] };
  const run = await shop.start({ tasks: [task('a', parts), task('b', parts), task('c', parts)] });
  await shop.give(run, 'c', 'COMPLETE_TASK');
  await goAway(anna, '2026-03-03', '2026-03-31', ben, cleo);
  await newNotices();
  shop.clock.set('2026-03-03T09:00:00.000Z');
  await follow(shop);
  const text = 'You stand in for anna until 31 March 2026: 2 open tasks are in your inbox, too.';
  expect(await newNotices()).toEqual([`ben SUBSTITUTION: ${text}`]);
  await notifying.reactTo(await shop.events());
  expect(await notifying.told()).toEqual([]);
  await goAway(ben, '2026-03-03', '2026-03-03', cleo);
  expect(await newNotices()).toEqual([`cleo SUBSTITUTION: ${text}`]);
});

test('whoever stands in is told also by a server whose clock is behind that of the one that told the log', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  await shop.start({ tasks: [task('a', { assignees: [anna.ref] })] });
  await goAway(anna, '2026-03-03', '2026-03-03', ben);
  await newNotices();
  await follow({ database: shop.database, clock: { now: () => new Date('2026-03-02T23:00:00.000Z') } });
  const text = 'You stand in for anna until 3 March 2026: 1 open task is in your inbox, too.';
  expect(await newNotices()).toEqual([`ben SUBSTITUTION: ${text}`]);
});

test('nobody is told of an absence without open tasks', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  await goAway(anna, '2026-03-02', '2026-03-03', ben);
  expect(await newNotices()).toEqual([]);
});

test('what is assigned to somebody absent is told to whoever stands in, too, and not mailed to the absent', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  for (const { id } of [anna, ben]) await notifying.choose(id, { channels: { ASSIGNMENT: 'EMAIL' } });
  await goAway(anna, '2026-03-02', '2026-03-03', ben);
  await newNotices();
  await shop.start({ tasks: [task('visit', { assignees: [anna.ref] })] });
  await notifying.react();
  const found = await notifying.told();
  expect(inShort(found)).toEqual([
    expect.stringMatching(/^anna ASSIGNMENT: .*“visit”.*\.$/),
    expect.stringMatching(/^ben ASSIGNMENT: .*“visit”.*\. You stand in for anna\.$/),
  ]);
  expect(found.map(({ isInApp, email }) => [isInApp, email])).toEqual([
    [true, 'NONE'],
    [false, 'DUE'],
  ]);
});

test('a task that is also the substitute’s is told to them once, and what they did themselves not at all', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  await goAway(anna, '2026-03-02', '2026-03-03', ben);
  await newNotices();
  const run = await shop.start({ tasks: [task('both', { assignees: [anna.ref, ben.ref] }), task('x')] });
  expect((await newNotices()).map((text) => text.slice(0, 4))).toEqual(['anna', 'ben ']);
  const byBen = { ...shop.caller, viewer: { ...shop.viewer, userId: ben.id } };
  const { id: taskId } = await shop.task(run, 'x');
  await commandTask(byBen, { type: 'ASSIGN_TASK', taskId, add: [anna.ref] });
  expect((await newNotices()).map((text) => text.slice(0, 4))).toEqual(['anna']);
});

test('whoever stands in is reminded of due dates, too', async () => {
  const [anna, ben] = [await notifying.user('anna'), await notifying.user('ben')];
  await shop.start({
    tasks: [task('visit', { assignees: [anna.ref], dueAt: '2026-03-02T12:00:00.000Z' })],
  });
  await goAway(anna, '2026-03-02', '2026-03-03', ben);
  await newNotices();
  const { database, clock } = shop;
  await remind({ database, clock: () => clock.now(), log: silentLog });
  const reminders = inShort(await notifying.told()).filter((text) => text.includes('REMINDER'));
  expect(reminders).toEqual([
    expect.stringMatching(/^anna REMINDER: “visit” is due .*\)\.$/),
    expect.stringMatching(/^ben REMINDER: “visit” is due .*\)\. You stand in for anna\.$/),
  ]);
});
