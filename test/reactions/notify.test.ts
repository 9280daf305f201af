/** Whom events are told, decided from the log. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { addNote, updateNote } from '../../src/commands/notes.ts';
import { commandTask } from '../../src/commands/tasks.ts';
import { createTeam } from '../../src/commands/teams.ts';
import { updateUser } from '../../src/commands/users.ts';
import type { ScheduleRule } from '../../src/engine/definition.ts';
import { wakeExecution } from '../../src/worker/wake-execution.ts';
import { createNotifying, inShort, type Notifying } from '../support/notifying.ts';
import { edge, task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

const PLACE = '(Solar installation, Order 1)';
const IN_TWO_HOURS: ScheduleRule = {
  anchor: 'REACHED',
  direction: 'AFTER',
  amount: 2,
  unit: 'HOURS',
  taskKey: null,
  path: null,
  entitySchema: null,
};

let shop: Workshop;
let notifying: Notifying;
beforeAll(async () => {
  shop = await openWorkshop();
  notifying = createNotifying(shop);
});
afterAll(() => shop[Symbol.asyncDispose]());

async function news(): Promise<string[]> {
  shop.clock.advance(1_000);
  await notifying.react();
  return inShort(await notifying.told());
}

describe('an assignment', () => {
  test('is told to whom the task is assigned by somebody else, again when it was taken from them meanwhile', async () => {
    const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
    const run = await shop.start({ tasks: [task('visit', { assignees: [bert.ref] })] });
    expect(await news()).toEqual([`bert ASSIGNMENT: anna assigned “visit” to you ${PLACE}.`]);
    await shop.give(run, 'visit', 'ASSIGN_TASK', { add: [carl.ref] });
    expect(await news()).toEqual([`carl ASSIGNMENT: anna assigned “visit” to you ${PLACE}.`]);
    await shop.give(run, 'visit', 'ASSIGN_TASK', { remove: [bert.ref] });
    expect(await news()).toEqual([]);
    await shop.give(run, 'visit', 'ASSIGN_TASK', { add: [bert.ref] });
    expect(await news()).toEqual([`bert ASSIGNMENT: anna assigned “visit” to you ${PLACE}.`]);
  });

  test('is not told to who did it, to members of a team, to who is inactive or who has lost it again', async () => {
    const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
    const made = await createTeam(shop.caller, { name: 'Fitters', memberIds: [carl.id] });
    const team = { type: 'TEAM', id: made.ok ? made.value : '' } as const;
    const own = { type: 'USER', id: shop.viewer.userId } as const;
    const run = await shop.start({ tasks: [task('a', { assignees: [own, team, bert.ref] }), task('b')] });
    await updateUser(shop.caller, { id: bert.id, isActive: false });
    await shop.give(run, 'b', 'ASSIGN_TASK', { set: [carl.ref] });
    await shop.give(run, 'b', 'ASSIGN_TASK', { set: [] });
    expect(await news()).toEqual([]);
  });

  test('of a task that is not reached yet is told when it is, once', async () => {
    const bert = await notifying.user('bert');
    const tasks = [task('a'), task('b', { assignees: [bert.ref] })];
    const run = await shop.start({ tasks, edges: [edge('a > b')] });
    expect(await news()).toEqual([]);
    await shop.give(run, 'a', 'COMPLETE_TASK');
    expect(await news()).toEqual([`bert ASSIGNMENT: “b” is ready for you ${PLACE}.`]);
    await shop.give(run, 'b', 'HOLD_TASK');
    await shop.give(run, 'b', 'RESUME_TASK');
    expect(await news()).toEqual([]);
    await shop.give(run, 'a', 'REOPEN_TASK', { revert: true });
    await shop.give(run, 'a', 'COMPLETE_TASK');
    expect(await news()).toEqual([`bert ASSIGNMENT: “b” is ready for you ${PLACE}.`]);
  });

  test('invites a partner by their first task in an execution, before its turn', async () => {
    const paul = await notifying.user('paul', { kind: 'PARTNER' });
    const tasks = [task('a'), task('b', { assignees: [paul.ref] }), task('c')];
    const run = await shop.start({ tasks, edges: [edge('a > b')] });
    expect(await news()).toEqual([`paul INVITATION: anna invited you to work on “b” ${PLACE}.`]);
    await shop.give(run, 'c', 'ASSIGN_TASK', { set: [paul.ref] });
    expect(await news()).toEqual([`paul ASSIGNMENT: anna assigned “c” to you ${PLACE}.`]);
    await shop.give(run, 'a', 'COMPLETE_TASK');
    expect(await news()).toEqual([`paul ASSIGNMENT: “b” is ready for you ${PLACE}.`]);
  });

  test('of a task that waits for what it requires is told when that is done, again each time, also to a partner who was invited before', async () => {
    const [lena, ole] = [await notifying.user('lena'), await notifying.user('ole', { kind: 'PARTNER' })];
    const two = task('two', { requirements: [{ taskKey: 'one' }], assignees: [lena.ref, ole.ref] });
    const run = await shop.start({ tasks: [task('one'), two] });
    expect(await news()).toEqual([`ole INVITATION: anna invited you to work on “two” ${PLACE}.`]);
    const ready = ['lena', 'ole'].map((name) => `${name} ASSIGNMENT: “two” is ready for you ${PLACE}.`);
    await shop.give(run, 'one', 'COMPLETE_TASK');
    expect(await news()).toEqual(ready);
    await shop.give(run, 'two', 'HOLD_TASK');
    await shop.give(run, 'two', 'RESUME_TASK');
    expect(await news()).toEqual([]);
    await shop.give(run, 'one', 'REOPEN_TASK');
    await shop.give(run, 'one', 'COMPLETE_TASK');
    expect(await news()).toEqual(ready);
  });

  test('of a task that waits for its time is told when that has come, also to a partner who was invited before', async () => {
    const [lena, ole] = [await notifying.user('lena'), await notifying.user('ole', { kind: 'PARTNER' })];
    const run = await shop.start({
      tasks: [task('call', { schedule: IN_TWO_HOURS, assignees: [lena.ref, ole.ref] })],
    });
    expect(await news()).toEqual([`ole INVITATION: anna invited you to work on “call” ${PLACE}.`]);
    shop.clock.advance(2 * 3_600_000);
    await wakeExecution(shop.caller, { organizationId: shop.viewer.organizationId, executionId: run });
    expect(await news()).toEqual(
      ['lena', 'ole'].map((name) => `${name} ASSIGNMENT: “call” is ready for you ${PLACE}.`),
    );
  });

  test('that became possible while the task was on hold is told when the task is resumed', async () => {
    const lena = await notifying.user('lena');
    const two = task('two', { requirements: [{ taskKey: 'one' }], assignees: [lena.ref] });
    const run = await shop.start({ tasks: [task('one'), two] });
    await shop.give(run, 'two', 'HOLD_TASK');
    await shop.give(run, 'one', 'COMPLETE_TASK');
    expect(await news()).toEqual([]);
    await shop.give(run, 'two', 'RESUME_TASK');
    expect(await news()).toEqual([`lena ASSIGNMENT: “two” is ready for you ${PLACE}.`]);
  });

  test('is told whatever the clocks of those say who react and of those who work', async () => {
    const ole = await notifying.user('ole', { kind: 'PARTNER' });
    const two = task('two', { requirements: [{ taskKey: 'one' }], assignees: [ole.ref] });
    const run = await shop.start({ tasks: [task('one'), two] });
    expect(await news()).toHaveLength(1);
    shop.clock.advance(-5_000);
    await shop.give(run, 'one', 'COMPLETE_TASK');
    expect(await news()).toEqual([`ole ASSIGNMENT: “two” is ready for you ${PLACE}.`]);
  });

  test('of a hundred tasks takes as many statements as of one', async () => {
    const bert = await notifying.user('bert');
    const count = async (size: number): Promise<number> => {
      const tasks = Array.from({ length: size }, (_, index) => task(`t${index}`, { assignees: [bert.ref] }));
      await shop.start({ tasks });
      shop.resetStatements();
      expect(await news()).toHaveLength(size);
      return shop.statements().length;
    };
    expect(await count(100)).toBe(await count(1));
  });
});

describe('a mention', () => {
  async function note(mentionIds: readonly string[], executionId: string): Promise<string> {
    const { id: taskId } = await shop.task(executionId, 'a');
    const added = await addNote(shop.caller, { taskId, body: 'Look', mentionIds });
    return added.ok ? added.value : '';
  }

  test('is told once to each who is mentioned, but not to the author', async () => {
    const [bert, carl] = [await notifying.user('bert'), await notifying.user('carl')];
    const run = await shop.start({ tasks: [task('a')] });
    const noteId = await note([bert.id, shop.viewer.userId], run);
    expect(await news()).toEqual([`bert MENTION: anna mentioned you on “a” ${PLACE}.`]);
    await updateNote(shop.caller, { noteId, body: 'Look here', mentionIds: [bert.id, carl.id] });
    expect(await news()).toEqual([`carl MENTION: anna mentioned you on “a” ${PLACE}.`]);
  });

  test('is told to a partner only if they see the execution', async () => {
    const [paul, pia] = [
      await notifying.user('paul', { kind: 'PARTNER' }),
      await notifying.user('pia', { kind: 'PARTNER' }),
    ];
    const made = await createTeam(shop.caller, { name: 'Planners', memberIds: [pia.id] });
    const team = { type: 'TEAM', id: made.ok ? made.value : '' } as const;
    const run = await shop.start({ tasks: [task('a'), task('b', { assignees: [team] })] });
    await note([paul.id, pia.id], run);
    expect(await news()).toEqual([`pia MENTION: anna mentioned you on “a” ${PLACE}.`]);
  });
});

test('that the system disabled an automation is told to who published it', async () => {
  const bert = await notifying.user('bert');
  const { organizationId } = shop.viewer;
  const [id, now] = [uuidv7(), shop.clock.now().toISOString()];
  await shop.database.pool.query(
    `insert into automation (organization_id, id, name, draft, published_number) values ($1, $2, 'Confirm', '{}', 2)`,
    [organizationId, id],
  );
  await shop.database.pool.query(
    `insert into automation_version (organization_id, id, automation_id, number, content, published_at, published_by_id)
     values ($1, $3, $2, 1, '{}', $5, $6), ($1, $4, $2, 2, '{}', $5, $7)`,
    [organizationId, id, uuidv7(), uuidv7(), now, shop.viewer.userId, bert.id],
  );
  for (const actorId of [shop.viewer.userId, null]) {
    await shop.database.transaction({ organizationId, actorId, now }, (tx) => {
      const about = {
        executionId: null,
        taskId: null,
        entityIds: [],
        audience: [],
        changedFields: [],
        data: {},
      };
      tx.record({
        ...about,
        type: 'AUTOMATION_DISABLED',
        subjectType: 'AUTOMATION',
        subjectId: id,
        version: 3,
      });
      return Promise.resolve();
    });
  }
  const told = 'bert AUTOMATION_DISABLED: The automation “Confirm” ran too often and was disabled.';
  expect(await news()).toEqual([told]);
});

describe('what a user has chosen', () => {
  test('says by which way they are told; who has no address is told in the application', async () => {
    const tom = await notifying.user('tom', { hasAddress: false });
    const users = [];
    for (const channel of ['IN_APP', 'EMAIL', 'BOTH', 'NONE'] as const) {
      const user = await notifying.user(channel.toLowerCase());
      await notifying.choose(user.id, { channels: { ASSIGNMENT: channel } });
      users.push(user.ref);
    }
    await notifying.choose(tom.id, { channels: { ASSIGNMENT: 'EMAIL' } });
    await shop.start({ tasks: [task('a', { assignees: [...users, tom.ref] })] });
    await notifying.react();
    const ways = Object.fromEntries(
      (await notifying.told()).map(({ user, isInApp, email }) => [user, [isInApp, email]]),
    );
    expect(ways).toEqual({
      in_app: [true, 'NONE'],
      email: [false, 'DUE'],
      both: [true, 'DUE'],
      none: [false, 'NONE'],
      tom: [true, 'NONE'],
    });
    const events = (await shop.events()).filter(({ type }) => type === 'NOTIFICATION_CREATED').slice(-4);
    expect(events.map(({ audience }) => audience.length).sort()).toEqual([0, 1, 1, 1]);
    const keys = (await shop.jobs()).map(({ key }) => key);
    const isPlanned = users.map(({ id }) => keys.includes(`digest:${id}`));
    expect(isPlanned).toEqual([false, true, true, false]);
  });
});

/** Who was told that the task is theirs and can be worked on. */
async function knowing(taskId: string): Promise<string[]> {
  const { rows } = await shop.database.pool.query<{ id: string }>(
    'select distinct user_id as id from notification where task_id = $1 and task_version is not null',
    [taskId],
  );
  return rows.map(({ id }) => id);
}

test('whatever is assigned in whatever order and told in whatever parts, nobody is told a thing twice, and who can work knows it', async () => {
  const people = [await notifying.user('bert'), await notifying.user('paul', { kind: 'PARTNER' })];
  type Step =
    | { readonly type: 'HOLD_TASK' | 'RESUME_TASK' | 'COMPLETE_TASK' | 'REACT' }
    | { readonly type: 'ASSIGN_TASK'; readonly key: string; readonly to: typeof people };
  const assigned = (to: typeof people, key = 'a'): Step => ({ type: 'ASSIGN_TASK', key, to });
  const others = (['HOLD_TASK', 'RESUME_TASK', 'COMPLETE_TASK', 'REACT'] as const).map((type) => ({ type }));
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(fc.subarray(people), fc.constantFrom('a', 'b')).map(([to, key]) => assigned(to, key)),
    fc.constantFrom(...others),
  );
  const [hold, react, resume] = [{ type: 'HOLD_TASK' }, { type: 'REACT' }, { type: 'RESUME_TASK' }] as const;

  async function take(one: Step, run: string): Promise<void> {
    shop.clock.advance(1_000);
    if (one.type === 'REACT') await notifying.react();
    else if (one.type === 'ASSIGN_TASK')
      await shop.give(run, one.key, 'ASSIGN_TASK', { set: one.to.map(({ ref }) => ref) });
    // Refused where it is not possible.
    else await commandTask(shop.caller, { type: one.type, taskId: (await shop.task(run, 'a')).id });
  }

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.boolean(), async (steps, isByEdge) => {
      const requirements = isByEdge ? [] : [{ taskKey: 'a' }];
      const edges = isByEdge ? [edge('a > b')] : [];
      const run = await shop.start({ tasks: [task('a'), task('b', { requirements })], edges });
      for (const one of steps) await take(one, run);
      const told = await news();
      const assignments = steps.flatMap((one) => (one.type === 'ASSIGN_TASK' ? one.to : []));
      // Each by an assignment, or because the turn of b has come.
      expect(told.length).toBeLessThanOrEqual(assignments.length + people.length);
      for (const { id, isEnabled, assignees } of (await shop.execution(run))?.tasks ?? [])
        if (isEnabled)
          expect(await knowing(id)).toEqual(expect.arrayContaining(assignees.map((one) => one.id)));
      await notifying.reactTo((await shop.events()).filter(({ executionId }) => executionId === run));
      expect(await news()).toEqual([]);
    }),
    {
      numRuns: 8,
      examples: [
        [[hold, assigned(people), react, resume], true],
        [[assigned(people, 'b'), react, { type: 'COMPLETE_TASK' }], false],
      ],
    },
  );
});
