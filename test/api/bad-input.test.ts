import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phased } from '../support/workflow.ts';
import {
  command,
  done,
  eventCount,
  mutationText,
  start,
  unknownId,
  userId,
  type Running,
} from '../support/workflows.ts';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const LONG = 'x'.repeat(10_000);
const NUL = 'a\0b';
const HALF_PAIR = 'a\ud800b';

let api: TestApi;
let run: Running;
let noteId: string;
let position: number;
beforeAll(async () => {
  api = await createTestApi();
  run = await start(api, phased('survey: visit'));
  const { note } = await done(api, api.member, 'addNote', { taskId: run.task('visit'), body: 'Here.' });
  noteId = note?.id ?? '';
  position = await eventCount(api, api.member);
});
afterAll(() => api[Symbol.asyncDispose]());

/** After bad input the log must be where it was. */
async function expectNothingChanged(): Promise<void> {
  expect(await eventCount(api, api.member)).toBe(position);
}

type Input = Readonly<Record<string, unknown>>;

/** A right input of each mutation; each test spoils one field. */
function rightInput(mutation: string): Input {
  const taskId = run.task('visit');
  const executionId = run.id;
  const inputs: Readonly<Record<string, Input>> = {
    startExecution: { definitionId: run.definitionId, entityId: run.entityId },
    closeExecution: { executionId },
    reopenExecution: { executionId },
    assignExecution: { executionId, set: [] },
    setExecutionDueDate: { executionId, dueAt: '2026-07-01T00:00:00Z' },
    assignTask: { taskId, set: [] },
    setTaskDueDate: { taskId, dueAt: '2026-07-01T00:00:00Z' },
    updateTask: { taskId, name: 'look' },
    addTask: { executionId, name: 'new', place: { inPhase: {} } },
    addNote: { taskId, body: 'Hello.' },
    updateNote: { noteId, body: 'Hello.' },
    deleteNote: { noteId },
    bulkUpdateTasks: { taskIds: [taskId], command: { hold: true } },
  };
  return inputs[mutation] ?? { taskId };
}

describe('an id that is none', () => {
  const FIELDS = [
    ['startExecution', 'definitionId', 'WorkflowDefinition'],
    ['startExecution', 'entityId', 'Entity'],
    ['closeExecution', 'executionId', 'WorkflowExecution'],
    ['reopenExecution', 'executionId', 'WorkflowExecution'],
    ['assignExecution', 'executionId', 'WorkflowExecution'],
    ['setExecutionDueDate', 'executionId', 'WorkflowExecution'],
    ['startTask', 'taskId', 'Task'],
    ['stopTask', 'taskId', 'Task'],
    ['completeTask', 'taskId', 'Task'],
    ['skipTask', 'taskId', 'Task'],
    ['holdTask', 'taskId', 'Task'],
    ['resumeTask', 'taskId', 'Task'],
    ['reopenTask', 'taskId', 'Task'],
    ['assignTask', 'taskId', 'Task'],
    ['claimTask', 'taskId', 'Task'],
    ['releaseTask', 'taskId', 'Task'],
    ['setTaskDueDate', 'taskId', 'Task'],
    ['updateTask', 'taskId', 'Task'],
    ['removeTask', 'taskId', 'Task'],
    ['addTask', 'executionId', 'WorkflowExecution'],
    ['addNote', 'taskId', 'Task'],
    ['updateNote', 'noteId', 'Note'],
    ['deleteNote', 'noteId', 'Note'],
  ] as const;

  it.each(FIELDS)('is refused by %s as its %s, naming the field', async (mutation, field, type) => {
    const wrong = [
      '',
      'nonsense',
      LONG,
      NUL,
      UUID,
      encodeId(type, 'no-uuid'),
      encodeId(type, UUID.toUpperCase()),
      `${unknownId(type)}=`,
      Buffer.from(`Nothing:${UUID}`).toString('base64url'),
    ];
    for (const id of wrong) {
      const answer = await command(api, api.member, mutation, { ...rightInput(mutation), [field]: id });
      expect(answer, id.slice(0, 80)).toMatchObject({ issues: [{ path: field, code: 'INVALID_ID' }] });
      expect(answer.message?.length).toBeLessThan(300);
    }
    await expectNothingChanged();
  });

  it.each(FIELDS)(
    'of another type is refused by %s as its %s, naming both types',
    async (mutation, field, type) => {
      const input = { ...rightInput(mutation), [field]: userId(api.admin) };
      const answer = await command(api, api.member, mutation, input);
      expect(answer).toMatchObject({ issues: [{ path: field, code: 'INVALID_ID' }] });
      const ofType = ['Entity', 'Automation', 'AutomationRun'].includes(type) ? `an ${type}` : `a ${type}`;
      expect(answer.message).toContain(`is the id of a User; the id of ${ofType} is needed here.`);
      await expectNothingChanged();
    },
  );

  it.each([
    ['startExecution', { contextEntityIds: ['x'] }, 'contextEntityIds[0]'],
    ['startExecution', { assigneeIds: [unknownId('Task')] }, 'assigneeIds[0]'],
    ['closeExecution', { reasonIds: [unknownId('Task')] }, 'reasonIds[0]'],
    ['assignTask', { set: ['x'] }, 'set[0]'],
    ['addTask', { assigneeIds: [''] }, 'assigneeIds[0]'],
    ['addTask', { place: { inPhase: { phaseId: unknownId('Task') } } }, 'place.inPhase.phaseId'],
    [
      'addTask',
      { place: { between: { afterTaskId: unknownId('Phase'), beforeTaskId: 'x' } } },
      'place.between.afterTaskId',
    ],
    ['addNote', { mentionIds: [unknownId('Team')] }, 'mentionIds[0]'],
    ['bulkUpdateTasks', { taskIds: ['x'] }, 'taskIds[0]'],
  ])('is refused by %s in %j', async (mutation, spoilt, path) => {
    expect(await command(api, api.member, mutation, { ...rightInput(mutation), ...spoilt })).toMatchObject({
      issues: [{ path, code: 'INVALID_ID' }],
    });
    await expectNothingChanged();
  });

  it.each([
    ['task(id: $id) { id }'],
    ['workflowExecution(id: $id) { id }'],
    ['node(id: $id) { id }'],
    ['nodes(ids: [$id]) { id }'],
    ['inbox(assignee: $id) { nodes { id } }'],
    ['inbox(filter: { definitionIds: [$id] }) { nodes { id } }'],
    ['inbox(filter: { entityIds: [$id] }) { nodes { id } }'],
    ['workflowExecutions(filter: { definitionIds: [$id] }) { nodes { id } }'],
    ['workflowExecutions(filter: { entityIds: [$id] }) { nodes { id } }'],
  ])('ends the query %s with BAD_USER_INPUT', async (field) => {
    const ids = ['', 'nonsense', LONG, NUL, Buffer.from(`Nothing:${UUID}`).toString('base64url')];
    for (const id of ids) {
      const codes = await api.errorCodes(api.member, `query ($id: ID!) { ${field} }`, { id });
      expect(codes, id.slice(0, 80)).toEqual(['BAD_USER_INPUT']);
    }
  });

  it.each([
    ['task(id: $id) { id }'],
    ['workflowExecution(id: $id) { id }'],
    ['inbox(assignee: $id) { nodes { id } }'],
  ])('of another type ends the query %s with BAD_USER_INPUT', async (field) => {
    const document = `query ($id: ID!) { ${field} }`;
    expect(await api.errorCodes(api.member, document, { id: noteId })).toEqual(['BAD_USER_INPUT']);
  });
});

describe('text that can’t be used', () => {
  it.each([
    ['startExecution', 'name', 'EMPTY', { name: '' }],
    ['startExecution', 'name', 'EMPTY', { name: ' \n ' }],
    ['startExecution', 'name', 'TOO_LONG', { name: LONG }],
    ['startExecution', 'name', 'INVALID_CHARACTER', { name: NUL }],
    ['startExecution', 'name', 'INVALID_CHARACTER', { name: HALF_PAIR }],
    ['addTask', 'name', 'EMPTY', { name: '' }],
    ['addTask', 'name', 'TOO_LONG', { name: LONG }],
    ['addTask', 'name', 'INVALID_CHARACTER', { name: NUL }],
    ['addTask', 'name', 'INVALID_CHARACTER', { name: HALF_PAIR }],
    ['addTask', 'description', 'TOO_LONG', { description: LONG.repeat(3) }],
    ['addTask', 'description', 'INVALID_CHARACTER', { description: NUL }],
    ['updateTask', 'name', 'EMPTY', { name: null }],
    ['updateTask', 'name', 'EMPTY', { name: ' ' }],
    ['updateTask', 'name', 'TOO_LONG', { name: LONG }],
    ['updateTask', 'name', 'INVALID_CHARACTER', { name: NUL }],
    ['updateTask', 'description', 'TOO_LONG', { description: LONG.repeat(3) }],
    ['updateTask', 'description', 'INVALID_CHARACTER', { description: HALF_PAIR }],
    ['closeExecution', 'description', 'TOO_LONG', { description: LONG.repeat(3) }],
    ['closeExecution', 'description', 'INVALID_CHARACTER', { description: NUL }],
    ['addNote', 'body', 'TOO_LONG', { body: LONG.repeat(3) }],
    ['addNote', 'body', 'INVALID_CHARACTER', { body: NUL }],
    ['addNote', 'body', 'INVALID_CHARACTER', { body: HALF_PAIR }],
    ['updateNote', 'body', 'EMPTY', { body: '' }],
    ['updateNote', 'body', 'INVALID_CHARACTER', { body: NUL }],
    ['startExecution', 'idempotencyKey', 'EMPTY', { idempotencyKey: '' }],
    ['startExecution', 'idempotencyKey', 'TOO_LONG', { idempotencyKey: LONG }],
    ['startExecution', 'idempotencyKey', 'INVALID_CHARACTER', { idempotencyKey: NUL }],
    ['addTask', 'idempotencyKey', 'INVALID_CHARACTER', { idempotencyKey: NUL }],
    ['addNote', 'idempotencyKey', 'INVALID_CHARACTER', { idempotencyKey: HALF_PAIR }],
  ])('is refused by %s as its %s with %s', async (mutation, path, code, spoilt) => {
    const answer = await command(api, api.member, mutation, { ...rightInput(mutation), ...spoilt });
    expect(answer).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path, code }] });
    expect(answer.message?.length).toBeLessThan(300);
    await expectNothingChanged();
  });

  it.each([
    ['inbox(filter: { search: $text }) { nodes { id } totalCount }'],
    ['inbox(filter: { phaseKeys: [$text] }) { nodes { id } }'],
    ['workflowExecutions(filter: { search: $text }) { nodes { id } totalCount }'],
  ])('ends the query %s with BAD_USER_INPUT', async (field) => {
    for (const text of [NUL, LONG]) {
      const codes = await api.errorCodes(api.member, `query ($text: String!) { ${field} }`, { text });
      expect(new Set(codes)).toEqual(new Set(['BAD_USER_INPUT']));
    }
  });
});

describe('a date that does not exist', () => {
  const DATES = [
    '2026-02-30T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-06-31T00:00:00+02:00',
    '2026-01-01T25:00:00Z',
    '2026-01-01',
    '2026-01-01T12:00:00',
    'tomorrow',
    '',
    1_767_225_600,
  ];

  it.each(['startExecution', 'setExecutionDueDate', 'setTaskDueDate', 'addTask'])(
    'ends %s with BAD_USER_INPUT',
    async (mutation) => {
      for (const dueAt of DATES) {
        const input = { ...rightInput(mutation), dueAt };
        const codes = await api.errorCodes(api.member, mutationText(mutation), { input });
        expect(codes, String(dueAt)).toEqual(['BAD_USER_INPUT']);
      }
      await expectNothingChanged();
    },
  );

  it('is named in the message', async () => {
    const input = { ...rightInput('setTaskDueDate'), dueAt: '2026-02-30T12:00:00Z' };
    const { errors } = await api.run(api.member, mutationText('setTaskDueDate'), { input });
    expect(errors?.[0]?.message).toContain('2026-02-30T12:00:00Z is not a DateTime');
  });

  it('ends a mutation also when it is written into the document', async () => {
    const document = `mutation { setTaskDueDate(input: { taskId: "x", dueAt: "2026-02-30T12:00:00Z" }) { __typename } }`;
    expect(await api.errorCodes(api.member, document)).toEqual(['BAD_USER_INPUT']);
  });

  it.each(['startExecution', 'setExecutionDueDate', 'setTaskDueDate', 'addTask'])(
    'can’t lie outside the years 1 to 9999 in %s',
    async (mutation) => {
      for (const dueAt of ['0000-06-01T00:00:00Z', '9999-12-31T23:59:59-10:00']) {
        const input = { ...rightInput(mutation), dueAt };
        const { data, errors } = await api.run<{ answer: { code: string } | null }>(
          api.member,
          mutationText(mutation),
          { input },
        );
        expect(errors?.[0]?.code ?? data?.answer?.code, dueAt).toMatch(/BAD_USER_INPUT|INVALID_INPUT/);
      }
      await expectNothingChanged();
    },
  );
});

describe('input that says two things or nothing', () => {
  beforeEach(expectNothingChanged);

  it.each(['assignTask', 'assignExecution'])('is refused by %s: both `set` and `add`', async (mutation) => {
    const input = { ...rightInput(mutation), set: [], add: [userId(api.admin)] };
    expect(await command(api, api.member, mutation, input)).toMatchObject({
      issues: [{ path: 'set', code: 'AMBIGUOUS' }],
    });
    await expectNothingChanged();
  });

  it.each(['assignTask', 'assignExecution'])('is refused by %s: nobody named at all', async (mutation) => {
    const { set: _, ...input } = rightInput(mutation);
    expect(await command(api, api.member, mutation, input)).toMatchObject({
      issues: [{ path: 'set', code: 'EMPTY' }],
    });
    await expectNothingChanged();
  });

  it.each([
    {},
    { inPhase: null },
    {
      inPhase: {},
      between: { afterTaskId: unknownId('Task'), beforeTaskId: unknownId('Task') },
    },
  ])('ends `addTask` with BAD_USER_INPUT: the place %j', async (place) => {
    const input = { ...rightInput('addTask'), place };
    expect(await api.errorCodes(api.member, mutationText('addTask'), { input })).toEqual(['BAD_USER_INPUT']);
    await expectNothingChanged();
  });

  it('is refused with more than 100 assignees', async () => {
    const assigneeIds: string[] = [];
    const made = await api.database.pool.query<{ id: string }>(
      `insert into app_user (organization_id, id, external_id, kind, name)
       select $1, gen_random_uuid(), 'many ' || n, 'INTERNAL', 'many ' || n from generate_series(1, 101) n returning id`,
      [api.member.organizationId],
    );
    assigneeIds.push(...made.rows.map(({ id }) => encodeId('User', id)));
    for (const [mutation, field] of [
      ['startExecution', 'assigneeIds'],
      ['addTask', 'assigneeIds'],
      ['assignTask', 'set'],
      ['assignExecution', 'set'],
    ] as const) {
      const input = { ...rightInput(mutation), [field]: assigneeIds };
      expect(await command(api, api.member, mutation, input), mutation).toMatchObject({
        issues: [{ code: 'TOO_MANY' }],
      });
    }
    await expectNothingChanged();
  });

  it('is refused with more than 50 mentions', async () => {
    const mentionIds = Array.from({ length: 51 }, (_, index) =>
      encodeId('User', `00000000-0000-7000-8000-0000000000${String(index + 10)}`),
    );
    const input = { ...rightInput('addNote'), mentionIds };
    expect(await command(api, api.member, 'addNote', input)).toMatchObject({
      issues: [{ path: 'mentionIds', code: 'TOO_MANY' }],
    });
    await expectNothingChanged();
  });

  it.each([-1, 0])('is a version that nothing has: %i', async (expectedVersion) => {
    const input = { ...rightInput('startTask'), expectedVersion };
    expect(await command(api, api.member, 'startTask', input)).toMatchObject({ code: 'VERSION_CONFLICT' });
    await expectNothingChanged();
  });
});
