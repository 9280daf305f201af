import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteEntity } from '../../src/commands/entities.ts';
import { commandTask } from '../../src/commands/tasks.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { saveJourneyDraft, submitJourney } from '../../src/journeys/fill-journey.ts';
import { archiveJourney, disableJourney, updateJourney } from '../../src/journeys/journeys.ts';
import type { Database } from '../../src/store/database.ts';
import { readSessions, type SessionRecord } from '../../src/store/journey-sessions.ts';
import { readSubmissions } from '../../src/store/journey-submissions.ts';
import type { Statement } from '../../src/store/statement.ts';
import {
  byToken,
  copy,
  made,
  opened,
  openedFrom,
  problemOf,
  refusedToOpen,
  RIGHT,
  valueOf,
  withForm,
} from '../support/journeys.ts';
import { expectSound } from '../support/log.ts';
import { task } from '../support/workflow.ts';
import { openWorkshop, type Workshop } from '../support/workshop.ts';

let shop: Workshop;
let journeyId: string;

beforeAll(async () => {
  shop = await openWorkshop();
  journeyId = await made(shop);
});
afterAll(async () => {
  await expectSound(shop.database, shop.viewer.organizationId);
  await shop[Symbol.asyncDispose]();
});

async function session(id: string): Promise<SessionRecord> {
  const [found] = await readSessions(shop.database, shop.viewer.organizationId, [id], null);
  if (!found) throw new Error(`no session ${id}`);
  return found;
}

async function submission(id: string) {
  const [found] = await readSubmissions(shop.database, shop.viewer.organizationId, [id], null);
  return found;
}

async function eventsAfter<T>(work: () => Promise<T>): Promise<string[]> {
  const before = (await shop.events()).length;
  await work();
  return (await shop.events()).slice(before).map(({ type }) => type);
}

/** An execution with the form `form` and a task behind it, on an entity of its own. */
async function started(parts: Partial<DefinitionContent> = {}, completesTask = true) {
  const entityId = await shop.entity({ name: 'Anna', zip: 'none', nested: { a: 1 } });
  const tasks = [withForm('form', journeyId, { completesTask }), task('next')];
  const executionId = await shop.start({ isSequential: true, tasks, ...parts }, [entityId]);
  return { entityId, executionId };
}

describe('opening the form of a task', () => {
  test('makes a session whose token is kept nowhere', async () => {
    const { executionId, entityId } = await started();
    const { sessionId, token } = await openedFrom(shop, executionId, 'form');
    expect(token).toMatch(/^[\w-]{43}$/);
    const kept = await session(sessionId);
    expect(kept).toMatchObject({ journeyId, executionId, entityId, data: {}, isPublic: false });
    const { rows } = await shop.database.pool.query(`select s.*, e.data as event from journey_session s
      join event e on e.subject_id = s.id where s.id = '${sessionId}'`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('hands over what the task says, of the entity as it is', async () => {
    const parameters = [
      { name: 'address.city', value: '{{entity.place}}' },
      { name: 'amount', value: '{{entity.amount}}' },
      { name: 'about', value: '{{task.name}} of {{entityTitle}}' },
      { name: 'nothing', value: '{{entity.nothing}}' },
    ];
    const entityId = await shop.entity({ place: 'Lindental', amount: 5 });
    const tasks = [withForm('form', journeyId, { parameters })];
    const executionId = await shop.start({ tasks }, [entityId]);
    const { sessionId } = await openedFrom(shop, executionId, 'form');
    expect((await session(sessionId)).data).toEqual({
      address: { city: 'Lindental' },
      amount: 5,
      about: 'form of Order 1',
    });
  });

  test.each<[kind: 'FORM' | 'LINK', size: number]>([
    ['FORM', 200_000],
    ['LINK', 1_500],
  ])('is refused when a %s would be handed over more than it takes', async (kind, size) => {
    const own = await made(shop, { kind });
    const parameters = ['a', 'b'].map((name) => ({ name, value: '{{entity.notes}}' }));
    const tasks = [
      withForm('both', own, { parameters }),
      withForm('one', own, { parameters: parameters.slice(1) }),
    ];
    const executionId = await shop.start({ tasks }, [await shop.entity({ notes: 'x'.repeat(size) })]);
    const { id: taskId } = await shop.task(executionId, 'both');
    expect(await refusedToOpen(shop, { taskId })).toMatchObject({ code: 'JOURNEY_NOT_MAPPABLE' });
    const { sessionId } = await openedFrom(shop, executionId, 'one');
    expect((await session(sessionId)).data).toEqual({ b: 'x'.repeat(size) });
  });

  test('is refused where nobody can work on it, saying why', async () => {
    const tasks = [task('first'), withForm('form', journeyId)];
    const { executionId } = await started({ tasks });
    const taskId = (await shop.task(executionId, 'form')).id;
    expect(await refusedToOpen(shop, { taskId })).toMatchObject({ code: 'TASK_BLOCKED', taskId });
    expect(await refusedToOpen(shop, { taskId: (await shop.task(executionId, 'first')).id })).toEqual({
      code: 'JOURNEY_NOT_OPENABLE',
      journeyId: null,
      reason: 'NO_JOURNEY',
    });
    await shop.give(executionId, 'first', 'COMPLETE_TASK');
    await shop.give(executionId, 'form', 'HOLD_TASK');
    expect(await refusedToOpen(shop, { taskId })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
      status: 'ON_HOLD',
    });
    await shop.command(executionId, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(await refusedToOpen(shop, { taskId })).toMatchObject({ code: 'EXECUTION_NOT_OPEN' });
  });

  test('is refused for a journey that is disabled or archived', async () => {
    const off = await made(shop);
    valueOf(await disableJourney(shop.caller, { journeyId: off }));
    expect(await refusedToOpen(shop, { journeyId: off })).toMatchObject({ reason: 'DISABLED' });
    valueOf(await archiveJourney(shop.caller, { journeyId: off }));
    expect(await refusedToOpen(shop, { journeyId: off })).toMatchObject({ reason: 'ARCHIVED' });
  });

  test('keeps the journey as it is then, whatever becomes of it', async () => {
    const changing = await made(shop);
    const { sessionId, token } = await opened(shop, { journeyId: changing });
    const content = { name: 'Another', schema: { type: 'object', required: ['never'] }, mapping: [] };
    valueOf(await updateJourney(shop.caller, { journeyId: changing, content }));
    valueOf(await archiveJourney(shop.caller, { journeyId: changing }));
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'OPEN', name: 'Address' });
    valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
  });
});

describe('submitting', () => {
  test('keeps the data, writes it into the entity and completes the task, with one event for each', async () => {
    const { executionId, entityId } = await started();
    const { sessionId } = await openedFrom(shop, executionId, 'form');
    let id = '';
    const types = await eventsAfter(async () => {
      id = valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
    });
    expect(types.filter((type) => !type.startsWith('PHASE')).sort()).toEqual(
      [
        'ENTITY_UPDATED',
        'EXECUTION_PROGRESSED',
        'JOURNEY_SUBMITTED',
        'TASK_COMPLETED',
        'TASK_ENABLED',
      ].sort(),
    );
    expect(await submission(id)).toMatchObject({
      ...{ journeyId, sessionId, executionId, entityId, data: RIGHT, hasCreatedEntity: false },
      submittedById: shop.viewer.userId,
    });
    expect((await shop.readEntity(entityId)).attributes).toEqual({
      ...{ name: 'Anna', nested: { a: 1 } },
      ...{ zip: '12345', city: 'Lindental' },
    });
    expect(await shop.task(executionId, 'form')).toMatchObject({ status: 'COMPLETED' });
    expect((await session(sessionId)).data).toEqual({});
  });

  test('decides behind the task by what was filled in, and what the workflow writes is one change with it', async () => {
    const statement = {
      source: { type: 'ENTITY', entitySchema: null, paths: ['zip'], match: 'ANY', offset: null },
      operator: 'EQUALS',
      values: ['12345'],
      valueType: 'STATIC',
    } as const;
    const branch = (key: string, isDefault: boolean) => ({
      ...{ key, name: key, isDefault, connective: 'AND' as const },
      statements: isDefault ? [] : [statement],
    });
    const decision = {
      ...({ mode: 'AUTOMATIC', takes: 'FIRST_MET', loop: null } as const),
      branches: [branch('here', false), branch('elsewhere', true)],
    };
    const { executionId, entityId } = await started({
      isSequential: false,
      tasks: [
        withForm('form', journeyId),
        task('choose', { type: 'DECISION', decision }),
        task('visit'),
        task('refuse'),
      ],
      edges: [
        { from: { taskKey: 'form' }, to: { taskKey: 'choose' }, branchKey: null },
        { from: { taskKey: 'choose' }, to: { taskKey: 'visit' }, branchKey: 'here' },
        { from: { taskKey: 'choose' }, to: { taskKey: 'refuse' }, branchKey: 'elsewhere' },
      ],
      entitySync: [
        {
          ...({ event: 'TASK_COMPLETED', taskKey: 'form', phaseKey: null, entitySchema: 'order' } as const),
          ...({ path: 'state', source: 'TASK_NAME', customValue: null } as const),
        },
      ],
    });
    const { token } = await openedFrom(shop, executionId, 'form');
    const types = await eventsAfter(() => byToken(shop).submit(token, RIGHT));
    expect(types.filter((type) => type === 'ENTITY_UPDATED')).toHaveLength(1);
    expect((await shop.readEntity(entityId)).attributes).toMatchObject({ zip: '12345', state: 'form' });
    expect(await shop.task(executionId, 'visit')).toMatchObject({ status: 'PENDING', isEnabled: true });
    expect(await shop.task(executionId, 'refuse')).toMatchObject({ status: 'SKIPPED' });
  });

  test('leaves the task open if that is how it is configured', async () => {
    const { executionId, entityId } = await started({}, false);
    const { sessionId } = await openedFrom(shop, executionId, 'form');
    valueOf(await submitJourney(shop.caller, { sessionId, data: RIGHT }));
    expect(await shop.task(executionId, 'form')).toMatchObject({ status: 'PENDING' });
    expect((await shop.readEntity(entityId)).attributes).toMatchObject({ zip: '12345' });
  });

  test('refuses what is not right, with every error, and changes nothing', async () => {
    const { executionId } = await started();
    const { sessionId } = await openedFrom(shop, executionId, 'form');
    const types = await eventsAfter(async () => {
      const data = { address: { zip: 'x' }, email: 'x' };
      expect(problemOf(await submitJourney(shop.caller, { sessionId, data }))).toMatchObject({
        code: 'JOURNEY_DATA_INVALID',
        errors: [
          { path: '/address/zip', keyword: 'pattern' },
          { path: '/email', keyword: 'format' },
        ],
      });
    });
    expect(types).toEqual([]);
    expect(await session(sessionId)).toMatchObject({ submittedAt: null });
  });

  test('is validated before anything is locked that others wait for', async () => {
    const { executionId } = await started();
    const { sessionId, token } = await openedFrom(shop, executionId, 'form');
    const holder = await shop.database.pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select 1 from execution where id = $1 for update', [executionId]);
      await holder.query('select 1 from journey_session where id = $1 for update', [sessionId]);
      for (const answer of [
        await byToken(shop).submit(token, {}),
        await submitJourney(shop.caller, { sessionId, data: {} }),
      ])
        expect(problemOf(answer)).toMatchObject({ code: 'JOURNEY_DATA_INVALID' });
    } finally {
      await holder.query('rollback');
      holder.release();
    }
  });

  test('is done once, also when it is tried at the same time', async () => {
    const { executionId } = await started();
    const { sessionId, token } = await openedFrom(shop, executionId, 'form');
    const answers = await Promise.all([
      byToken(shop).submit(token, RIGHT),
      byToken(shop).submit(token, RIGHT),
      submitJourney(shop.caller, { sessionId, data: RIGHT }),
    ]);
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.map(problemOf)).toEqual([
      { code: 'JOURNEY_SESSION_NOT_OPEN', sessionId, status: 'SUBMITTED' },
      { code: 'JOURNEY_SESSION_NOT_OPEN', sessionId, status: 'SUBMITTED' },
    ]);
    expect(problemOf(await saveJourneyDraft(shop.caller, { sessionId, data: {} }))).toMatchObject({
      status: 'SUBMITTED',
    });
  });

  test('is refused, with nothing written, when the task can’t be completed now', async () => {
    const { executionId, entityId } = await started();
    const { sessionId, token } = await openedFrom(shop, executionId, 'form');
    await shop.give(executionId, 'form', 'HOLD_TASK');
    const types = await eventsAfter(async () => {
      expect(problemOf(await byToken(shop).submit(token, RIGHT))).toMatchObject({
        code: 'COMMAND_NOT_ALLOWED',
      });
    });
    expect(types).toEqual([]);
    expect((await shop.readEntity(entityId)).attributes).toMatchObject({ zip: 'none' });
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'OPEN' });
    await shop.give(executionId, 'form', 'RESUME_TASK');
    expect(await byToken(shop).submit(token, RIGHT)).toMatchObject({ ok: true });
    expect(await session(sessionId)).toMatchObject({ taskStatus: 'COMPLETED' });
  });

  test('is refused, with nothing written, when the entity has a list where something is to be written', async () => {
    const listed = await made(shop, { mapping: [copy('contacts.zip', 'data.address.zip')] });
    const entityId = await shop.entity({ contacts: [] });
    const { token } = await opened(shop, { journeyId: listed, entityId });
    expect(problemOf(await byToken(shop).submit(token, RIGHT))).toMatchObject({
      code: 'JOURNEY_NOT_MAPPABLE',
    });
    expect(await shop.readEntity(entityId)).toMatchObject({ version: 1 });
  });

  test('is refused, with nothing written, when the entity’s attributes would get too large to be kept', async () => {
    const large = await made(shop, { mapping: [copy('city', 'data.address.city')] });
    const entityId = await shop.entity({ notes: 'x'.repeat(200_000) });
    const { token } = await opened(shop, { journeyId: large, entityId });
    const data = { address: { ...RIGHT.address, city: 'y'.repeat(100_000) } };
    expect(problemOf(await byToken(shop).submit(token, data))).toMatchObject({
      code: 'JOURNEY_NOT_MAPPABLE',
    });
    expect(await shop.readEntity(entityId)).toMatchObject({ version: 1 });
  });

  test('without a task writes into the entity, and without an entity makes one if the journey says so', async () => {
    const creates = {
      entitySchema: 'lead',
      title: 'Lead of {{data.email}}',
      attributes: [{ ...copy('origin', 'x'), mode: 'SET' as const, value: 'web', source: null }],
    };
    const creating = await made(shop, { creates });
    const entityId = await shop.entity();
    const onEntity = await opened(shop, { journeyId: creating, entityId });
    const without = await opened(shop, { journeyId: creating });
    const none = await opened(shop, { journeyId });
    const submit = async ({ sessionId }: { readonly sessionId: string }) =>
      submission(
        valueOf(await submitJourney(shop.caller, { sessionId, data: { ...RIGHT, email: 'a@b.example' } })),
      );
    expect(await submit(onEntity)).toMatchObject({ entityId, hasCreatedEntity: false });
    expect((await shop.readEntity(entityId)).attributes).toMatchObject({ zip: '12345' });
    const lead = await submit(without);
    expect(lead).toMatchObject({ hasCreatedEntity: true, taskId: null });
    expect(await shop.readEntity(lead?.entityId ?? '')).toMatchObject({
      schema: 'lead',
      title: 'Lead of a@b.example',
      attributes: { origin: 'web', zip: '12345', city: 'Lindental' },
    });
    expect(await submit(none)).toMatchObject({ entityId: null, hasCreatedEntity: false });
  });
});

test('an entity that a submission makes has no half of a character at the end of a title that is cut off', async () => {
  const creates = { entitySchema: 'lead', title: '{{data.address.city}}', attributes: [] };
  const { sessionId } = await opened(shop, { journeyId: await made(shop, { creates }) });
  const data = { address: { zip: '12345', city: `x${'🙂'.repeat(400)}` } };
  const lead = await submission(valueOf(await submitJourney(shop.caller, { sessionId, data })));
  const { title } = await shop.readEntity(lead?.entityId ?? '');
  expect(title).toMatch(/^x🙂+$/u);
});

describe('a session', () => {
  test('keeps a draft, right or not, until it is submitted', async () => {
    const { executionId } = await started();
    const { sessionId, token } = await openedFrom(shop, executionId, 'form');
    const types = await eventsAfter(async () => {
      await byToken(shop).saveDraft(token, { address: { zip: 'half' } });
      valueOf(await saveJourneyDraft(shop.caller, { sessionId, data: { address: { zip: '1' } } }));
    });
    expect(types).toEqual([]);
    expect(await byToken(shop).view(token)).toMatchObject({
      status: 'OPEN',
      form: { data: { address: { zip: '1' } } },
    });
  });

  test('ends with its time', async () => {
    const { executionId } = await started();
    const { token } = await openedFrom(shop, executionId, 'form');
    shop.clock.advance(24 * 3_600_000);
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'EXPIRED', form: null });
    expect(problemOf(await byToken(shop).submit(token, RIGHT))).toMatchObject({ status: 'EXPIRED' });
    expect(problemOf(await byToken(shop).saveDraft(token, {}))).toMatchObject({ status: 'EXPIRED' });
  });

  test('ends with its task or execution, and goes on if that is undone', async () => {
    const { executionId } = await started();
    const { token } = await openedFrom(shop, executionId, 'form');
    const { id: taskId } = await shop.task(executionId, 'form');
    await shop.give(executionId, 'form', 'SKIP_TASK');
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'CLOSED', form: null });
    expect(problemOf(await byToken(shop).submit(token, RIGHT))).toMatchObject({ status: 'CLOSED' });
    valueOf(await commandTask(shop.caller, { type: 'REOPEN_TASK', taskId, revert: false }));
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'OPEN' });
    await shop.command(executionId, { type: 'CLOSE_EXECUTION', reasonIds: [], description: null });
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'CLOSED' });
    await shop.command(executionId, { type: 'DELETE_EXECUTION' });
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'CLOSED' });
  });

  test('ends with its entity, of which nothing comes back', async () => {
    const creating = await made(shop, {
      creates: { entitySchema: 'lead', title: 'Lead', attributes: [] },
    });
    const entityId = await shop.entity();
    const { sessionId, token } = await opened(shop, { journeyId: creating, entityId });
    valueOf(await deleteEntity(shop.caller, { id: entityId }));
    expect(await byToken(shop).view(token)).toMatchObject({ status: 'CLOSED', form: null });
    const types = await eventsAfter(async () => {
      for (const answer of [
        await byToken(shop).saveDraft(token, {}),
        await byToken(shop).submit(token, RIGHT),
        await submitJourney(shop.caller, { sessionId, data: RIGHT }),
      ])
        expect(problemOf(answer)).toEqual({ code: 'JOURNEY_SESSION_NOT_OPEN', sessionId, status: 'CLOSED' });
    });
    expect(types).toEqual([]);
  });

  test('ends with its entity also when that is deleted in the middle of submitting', async () => {
    const entityId = await shop.entity();
    const { sessionId, token } = await opened(shop, { journeyId, entityId });
    const database: Database = {
      ...shop.database,
      transaction: (scope, work) =>
        shop.database.transaction(scope, (tx) =>
          work({
            ...tx,
            async query<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
              if (statement.name === 'entity.lock')
                valueOf(await deleteEntity(shop.caller, { id: entityId }));
              return tx.query(statement, values);
            },
          }),
        ),
    };
    const types = await eventsAfter(async () => {
      const answer = await byToken(shop, database).submit(token, RIGHT);
      expect(problemOf(answer)).toEqual({ code: 'JOURNEY_SESSION_NOT_OPEN', sessionId, status: 'CLOSED' });
    });
    expect(types).toEqual(['ENTITY_DELETED']);
  });

  test('is about its task alone, and no other token opens it', async () => {
    const { executionId } = await started();
    const { token } = await openedFrom(shop, executionId, 'form');
    const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    expect(await byToken(shop).view(other)).toBeNull();
    expect(problemOf(await byToken(shop).submit(other, RIGHT))).toMatchObject({ code: 'NOT_FOUND' });
    await byToken(shop).submit(token, RIGHT);
    expect(await shop.task(executionId, 'next')).toMatchObject({ status: 'PENDING' });
  });
});
