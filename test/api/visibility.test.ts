import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phased, task } from '../support/workflow.ts';
import {
  command,
  done,
  entity,
  eventCount,
  mutationText,
  publish,
  readExecution,
  readTask,
  start,
  team,
  unknownId,
  userId,
  type Running,
} from '../support/workflows.ts';

let api: TestApi;
/** A partner in a team, as they are with that team. */
let paula: Viewer;
let paulasTeam: { readonly id: string; readonly key: string };
/** On one entity: an execution with a task of Paula's, and one without. On another entity: one with a task of her team. */
let shared: Running;
let hidden: Running;
let ofTeam: Running;
let hiddenNote: string;

beforeAll(async () => {
  api = await createTestApi();
  const asPartner = { roles: ['partner'], kind: 'PARTNER' } as const;
  const first = await api.viewer('paula', asPartner);
  paulasTeam = await team(api, [first], 'Fitters');
  paula = await api.viewer('paula', asPartner);
  const definitionId = await publish(api, phased('survey: hers other'));
  shared = await start(api, {}, { definitionId });
  await done(api, api.member, 'assignTask', { taskId: shared.task('hers'), set: [userId(paula)] });
  hidden = await start(api, {}, { definitionId, entityId: shared.entityId });
  const { note } = await done(api, api.member, 'addNote', { taskId: hidden.task('hers'), body: 'Secret.' });
  hiddenNote = note?.id ?? '';
  ofTeam = await start(api, {}, { definitionId });
  await done(api, api.member, 'assignTask', { taskId: ofTeam.task('hers'), set: [paulasTeam.id] });
});
afterAll(() => api[Symbol.asyncDispose]());

/** An execution of its own with a task of Paula's, `hers`, and one of nobody, `other`. */
async function newShared(): Promise<Running> {
  const run = await start(api, {}, { definitionId: shared.definitionId });
  await done(api, api.member, 'assignTask', { taskId: run.task('hers'), set: [userId(paula)] });
  return run;
}

const NODE = 'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }';

describe('a partner sees', () => {
  it('an execution in which a task is assigned to them, with all its tasks', async () => {
    const execution = await readExecution(api, paula, shared.id);
    expect(execution?.tasks.map(({ name }) => name)).toEqual(['hers', 'other']);
  });

  it('an execution in which a task is assigned to their team', async () => {
    expect(await readExecution(api, paula, ofTeam.id)).not.toBeNull();
  });

  it('no other execution, by whatever query', async () => {
    expect(await readExecution(api, paula, hidden.id)).toBeNull();
    expect(await readTask(api, paula, hidden.task('hers'))).toBeNull();
  });

  it.each([
    ['execution', () => hidden.id],
    ['phase', () => hidden.phase('survey')],
    ['task', () => hidden.task('hers')],
    ['note', () => hiddenNote],
  ])('no %s of another execution by its id', async (_what, id) => {
    expect(await api.data(paula, NODE, { id: id() })).toEqual({ node: null, nodes: [null] });
  });

  it('their executions only in the list and its count', async () => {
    const ids = [shared, hidden, ofTeam].map(({ entityId }) => entityId);
    const read = await api.data<{
      workflowExecutions: { nodes: readonly { id: string }[]; totalCount: number };
    }>(
      paula,
      `query ($ids: [ID!]) { workflowExecutions(filter: { entityIds: $ids }, orderBy: STARTED_AT) {
         nodes { id } totalCount } }`,
      { ids },
    );
    expect(new Set(read.workflowExecutions.nodes.map(({ id }) => id))).toEqual(
      new Set([shared.id, ofTeam.id]),
    );
    expect(read.workflowExecutions.totalCount).toBe(2);
  });

  it('their executions only at an entity that has others, too', async () => {
    const read = await api.data(
      paula,
      'query ($id: ID!) { entity(id: $id) { title executions { nodes { id } totalCount } } }',
      { id: shared.entityId },
    );
    expect(read).toEqual({
      entity: { title: 'Roof 1', executions: { nodes: [{ id: shared.id }], totalCount: 1 } },
    });
  });

  it('no entity without an execution of theirs', async () => {
    const id = await entity(api, { title: 'Unseen' });
    const read = await api.data(
      paula,
      `query ($id: ID!) { entity(id: $id) { id } node(id: $id) { id }
         entities(filter: { search: "Unseen" }) { nodes { id } totalCount } }`,
      { id },
    );
    expect(read).toEqual({ entity: null, node: null, entities: { nodes: [], totalCount: 0 } });
  });

  it('the events of an entity itself and of their executions only in its history', async () => {
    const read = await api.data<{
      entity: { history: { nodes: readonly { executionId: string | null }[] } };
    }>(paula, 'query ($id: ID!) { entity(id: $id) { history(first: 100) { nodes { executionId } } } }', {
      id: shared.entityId,
    });
    expect(new Set(read.entity.history.nodes.map(({ executionId }) => executionId))).toEqual(
      new Set([null, shared.id]),
    );
  });

  it('no event of another execution by its id', async () => {
    const read = await api.data<{ task: { history: { nodes: readonly { id: string }[] } } }>(
      api.member,
      'query ($id: ID!) { task(id: $id) { history(first: 1) { nodes { id } } } }',
      { id: hidden.task('hers') },
    );
    const [event] = read.task.history.nodes;
    expect(await api.data(paula, NODE, event)).toEqual({ node: null, nodes: [null] });
  });

  it('the history of their execution', async () => {
    const read = await api.data<{ workflowExecution: { history: { nodes: readonly unknown[] } } }>(
      paula,
      'query ($id: ID!) { workflowExecution(id: $id) { history { nodes { type } } } }',
      { id: shared.id },
    );
    expect(read.workflowExecution.history.nodes).not.toEqual([]);
  });

  it('their own inbox with the tasks of their teams', async () => {
    const other = await start(api, {
      tasks: [
        task('in person', { assignees: [{ type: 'USER', id: paula.userId }] }),
        task('by team', { assignees: [{ type: 'TEAM', id: paulasTeam.key }] }),
        task('not hers'),
      ],
    });
    const read = await api.data(
      paula,
      `query ($ids: [ID!]) { inbox(filter: { definitionIds: $ids }, orderBy: { field: NAME }) {
         nodes { name } totalCount } }`,
      { ids: [other.definitionId] },
    );
    expect(read).toEqual({ inbox: { nodes: [{ name: 'by team' }, { name: 'in person' }], totalCount: 2 } });
  });

  it('the inbox of a team of theirs', async () => {
    const document = 'query ($id: ID) { inbox(assignee: $id) { nodes { id } } }';
    const read = await api.data<{ inbox: { nodes: readonly { id: string }[] } }>(paula, document, {
      id: paulasTeam.id,
    });
    expect(read.inbox.nodes.map(({ id }) => id)).toContain(ofTeam.task('hers'));
  });

  it.each([
    ['another user', () => userId(api.member)],
    ['a team of others', () => unknownId('Team')],
  ])('no inbox of %s: FORBIDDEN', async (_who, id) => {
    const document = 'query ($id: ID) { inbox(assignee: $id) { nodes { id } } }';
    expect(await api.errorCodes(paula, document, { id: id() })).toEqual(['FORBIDDEN']);
  });

  it('neither the definition of their execution nor its version: FORBIDDEN', async () => {
    const document =
      'query ($id: ID!) { workflowExecution(id: $id) { name definition { id } definitionVersion { id } } }';
    const { data, errors } = await api.run(paula, document, { id: shared.id });
    expect(errors?.map(({ code }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect(data).toEqual({
      workflowExecution: { name: 'Solar installation', definition: null, definitionVersion: null },
    });
  });

  it('an execution no longer once nothing of it is assigned to them', async () => {
    const run = await newShared();
    expect(await readExecution(api, paula, run.id)).not.toBeNull();
    await done(api, api.member, 'assignTask', { taskId: run.task('hers'), set: [] });
    expect(await readExecution(api, paula, run.id)).toBeNull();
  });

  it.each([
    ['executionEvents', 'executionId', () => hidden.id],
    ['entityEvents', 'entityId', () => unknownId('Entity')],
  ])('no %s of what they do not see', async (field, argument, id) => {
    const document = `subscription ($id: ID!) { ${field}(${argument}: $id) { type } }`;
    await expect(api.subscribe(paula, document, { id: id() })).rejects.toThrow('NOT_FOUND');
  });
});

describe('a partner may', () => {
  it.each([
    ['startTask', []],
    ['stopTask', ['startTask']],
    ['completeTask', []],
    ['skipTask', []],
    ['holdTask', []],
    ['resumeTask', ['holdTask']],
    ['reopenTask', ['skipTask']],
  ])('use %s on a task that is assigned to them', async (mutation, before) => {
    const run = await newShared();
    const input = { taskId: run.task('hers') };
    for (const earlier of before) await done(api, paula, earlier, input);
    expect((await done(api, paula, mutation, input)).task?.name).toBe('hers');
  });

  it('claim and release a task of their team', async () => {
    const run = await start(api, {}, { definitionId: shared.definitionId });
    const input = { taskId: run.task('hers') };
    await done(api, api.member, 'assignTask', { ...input, set: [paulasTeam.id] });
    expect((await done(api, paula, 'claimTask', input)).task?.claimedBy?.name).toBe('paula');
    expect((await done(api, paula, 'releaseTask', input)).task?.claimedBy).toBeNull();
  });

  it('write, change and delete notes there', async () => {
    const run = await newShared();
    const { note } = await done(api, paula, 'addNote', { taskId: run.task('hers'), body: 'Done at noon.' });
    const noteId = note?.id;
    expect((await done(api, paula, 'updateNote', { noteId, body: 'At one.' })).note?.body).toBe('At one.');
    expect((await done(api, paula, 'deleteNote', { noteId })).task?.noteCount).toBe(0);
  });

  it('be offered only what they may do', async () => {
    expect((await readTask(api, paula, shared.task('hers')))?.viewerCommands).toEqual([
      'START',
      'COMPLETE',
      'SKIP',
      'HOLD',
      'FAIL',
      'ADD_NOTE',
    ]);
    expect((await readTask(api, paula, shared.task('other')))?.viewerCommands).toEqual([]);
  });

  it('be told in a refusal only of commands that they may use', async () => {
    const run = await newShared();
    const answer = await command(
      api,
      paula,
      'stopTask',
      { taskId: run.task('hers') },
      '... on CommandNotAllowedProblem { allowedCommands }',
    );
    expect(answer).toMatchObject({
      allowedCommands: ['START', 'COMPLETE', 'SKIP', 'HOLD', 'FAIL', 'ADD_NOTE'],
    });
  });

  it('not close, reopen or add to an execution, and is told so beforehand', async () => {
    const document =
      'query ($id: ID!) { workflowExecution(id: $id) { viewerCanClose viewerCanReopen viewerCanAddTask } }';
    expect(await api.data(paula, document, { id: shared.id })).toEqual({
      workflowExecution: { viewerCanClose: false, viewerCanReopen: false, viewerCanAddTask: false },
    });
  });
});

describe('a partner gets FORBIDDEN', () => {
  it.each([
    'startTask',
    'stopTask',
    'completeTask',
    'skipTask',
    'holdTask',
    'resumeTask',
    'reopenTask',
    'claimTask',
    'releaseTask',
  ])('from %s on a visible task of others', async (mutation) => {
    const before = await eventCount(api, paula);
    const input = { taskId: shared.task('other') };
    expect(await api.errorCodes(paula, mutationText(mutation), { input })).toEqual(['FORBIDDEN']);
    expect(await eventCount(api, paula)).toBe(before);
  });

  it('from addNote on a visible task of others', async () => {
    const input = { taskId: shared.task('other'), body: 'Hello.' };
    expect(await api.errorCodes(paula, mutationText('addNote'), { input })).toEqual(['FORBIDDEN']);
  });

  it.each([
    ['assignTask', () => ({ taskId: shared.task('hers'), set: [] })],
    ['setTaskDueDate', () => ({ taskId: shared.task('hers') })],
    ['updateTask', () => ({ taskId: shared.task('hers'), name: 'mine' })],
    ['removeTask', () => ({ taskId: shared.task('hers') })],
    ['addTask', () => ({ executionId: shared.id, name: 'new', place: { inPhase: {} } })],
    ['startExecution', () => ({ definitionId: shared.definitionId, entityId: shared.entityId })],
    ['closeExecution', () => ({ executionId: shared.id })],
    ['reopenExecution', () => ({ executionId: shared.id })],
    ['assignExecution', () => ({ executionId: shared.id, set: [] })],
    ['setExecutionDueDate', () => ({ executionId: shared.id })],
  ])('from %s, also in an execution of theirs', async (mutation, input) => {
    const before = await eventCount(api, paula);
    expect(await api.errorCodes(paula, mutationText(mutation), { input: input() })).toEqual(['FORBIDDEN']);
    expect(await eventCount(api, paula)).toBe(before);
  });

  it('for each such task of a bulk command, and the others are done', async () => {
    const run = await newShared();
    const answer = await command(
      api,
      paula,
      'bulkUpdateTasks',
      { taskIds: [run.task('other'), hidden.task('hers'), run.task('hers')], command: { start: true } },
      '... on BulkUpdateTasksPayload { results { isDone problem { ... on Problem { code } } } }',
    );
    expect(answer).toMatchObject({
      results: [
        { isDone: false, problem: { code: 'FORBIDDEN' } },
        { isDone: false, problem: { code: 'NOT_FOUND' } },
        { isDone: true, problem: null },
      ],
    });
  });
});

describe('what a partner does not see', () => {
  it.each(['startTask', 'completeTask', 'claimTask'])('is not found by %s', async (mutation) => {
    const answer = await command(
      api,
      paula,
      mutation,
      { taskId: hidden.task('hers'), expectedVersion: 99 },
      '... on NotFoundProblem { type id }',
    );
    expect(answer).toMatchObject({ code: 'NOT_FOUND', type: 'Task', id: hidden.task('hers') });
  });

  it.each([
    ['updateNote', { body: 'Mine.' }],
    ['deleteNote', {}],
    ['updateNote', { body: 'Mine.', expectedVersion: 99 }],
  ])('is not found by %s, which tells nothing of it: %j', async (mutation, more) => {
    const answer = await command(
      api,
      paula,
      mutation,
      { noteId: hiddenNote, ...more },
      '... on NotFoundProblem { type id }',
    );
    expect(answer).toMatchObject({ code: 'NOT_FOUND', type: 'Note', id: hiddenNote });
  });
});
