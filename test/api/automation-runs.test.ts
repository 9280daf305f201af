import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disableAutomation, archiveAutomation } from '../../src/automation/automations-life.ts';
import { createAutomation } from '../../src/automation/automations.ts';
import type { AutomationContent } from '../../src/automation/content.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  action,
  automated,
  automation,
  letRun,
  publishedAutomation,
  setting,
  unlessBlocked,
  waiting,
} from '../support/automation-runs.ts';
import { task } from '../support/workflow.ts';
import { command, done, entity, keyOf, readTask, start, unknownId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

interface Run {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly number: number | null;
  readonly actions: readonly { readonly key: string; readonly status: string; readonly attempts: number }[];
}

interface RunAnswer {
  readonly run?: Run;
  readonly notRunnableReason?: string;
  readonly runStatus?: string;
}

const VIEW = `id status version number chainDepth trigger { type event { type } } automationVersion { number }
  automation { name } entity { id } execution { id } task { id } startedBy { ... on User { name } }
  actions { key name type allowsFailure status attempts startedAt finishedAt nextAt error { code message } output }
  progress { total done } input outputEntity { id } error { code } createdAt startedAt finishedAt
  viewerCanCancel canGoOn: viewerCanRetry canStartAnew: viewerCanRetry(from: START)`;

type Mutation = 'startAutomationRun' | 'cancelAutomationRun' | 'retryAutomationRun';

function runCommand(mutation: Mutation, input: object, viewer: Viewer = api.member) {
  const payload = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
  const selection = `... on ${payload} { run { ${VIEW} } }
    ${mutation === 'startAutomationRun' ? '... on AutomationNotRunnableProblem { notRunnableReason }' : '... on RunCommandNotAllowedProblem { runStatus }'}`;
  return command<RunAnswer>(api, viewer, mutation, { ...input }, selection);
}

/** The run that a mutation answers; throws if it was refused. */
async function runAfter(mutation: Mutation, input: object): Promise<Run> {
  const answer = await runCommand(mutation, input);
  if (!answer.run) throw new Error(`${mutation} was refused: ${JSON.stringify(answer)}`);
  return answer.run;
}

async function readRun(id: string, viewer: Viewer = api.member, view = VIEW): Promise<Run | null> {
  const { run } = await api.data<{ run: Run | null }>(
    viewer,
    `query ($id: ID!) { run: automationRun(id: $id) { ${view} } }`,
    { id },
  );
  return run;
}

/** A published automation; answers its id. */
async function publish(parts: Partial<AutomationContent> = {}): Promise<string> {
  return encodeId('Automation', await publishedAutomation(api.context(api.designer), parts));
}

const API_ONLY = { triggers: [{ type: 'API' }] } as const;
const WAITING = { actions: [setting('first', { a: '1' }), waiting('answer')] };
const TWO_STEPS = { actions: [setting('first', { a: '1' }), unlessBlocked('second')] };

async function unblock(entityId: string): Promise<void> {
  await done(api, api.member, 'updateEntity', { entityId, attributes: { blocked: null } });
}

describe('startAutomationRun', () => {
  test('runs an automation by hand, its actions one after the other', async () => {
    const [automationId, entityId] = [await publish(TWO_STEPS), await entity(api)];
    const started = await runAfter('startAutomationRun', { automationId, entityId });
    expect(started).toMatchObject({
      status: 'PENDING',
      version: 1,
      number: null,
      chainDepth: 1,
      trigger: { type: 'MANUAL', event: null },
      automationVersion: null,
      automation: { name: 'Automation' },
      entity: { id: entityId },
      execution: null,
      task: null,
      startedBy: { name: 'member' },
      actions: [],
      progress: null,
      input: {},
      startedAt: null,
      finishedAt: null,
      viewerCanCancel: true,
      canGoOn: false,
      canStartAnew: false,
    });
    await letRun(api);
    const now = api.clock.now().toISOString();
    expect(await readRun(started.id)).toMatchObject({
      status: 'SUCCESS',
      version: 4,
      automationVersion: { number: 1 },
      actions: [
        {
          ...{ key: 'first', name: 'first', type: 'UPDATE_ENTITY', allowsFailure: false, status: 'SUCCESS' },
          ...{ attempts: 1, startedAt: now, finishedAt: now, nextAt: null, error: null },
          output: { id: entityId, schema: 'opportunity', title: 'Roof 1' },
        },
        { key: 'second', status: 'SUCCESS' },
      ],
      progress: { total: 2, done: 2 },
      outputEntity: { id: entityId },
      error: null,
      startedAt: now,
      finishedAt: now,
      viewerCanCancel: false,
      canGoOn: false,
      canStartAnew: true,
    });
  });

  test('runs an automation for a program, on nothing, with data', async () => {
    const automationId = await publish(API_ONLY);
    const data = { order: { lines: [1, 2] } };
    const { id } = await runAfter('startAutomationRun', { automationId, data });
    expect(await readRun(id)).toMatchObject({ trigger: { type: 'API' }, entity: null, input: data });
    await letRun(api);
    expect(await readRun(id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'NO_ENTITY' },
      actions: [{ status: 'FAILED', error: { code: 'NO_ENTITY' } }],
      progress: { total: 1, done: 0 },
      canGoOn: true,
    });
  });

  test('with the same idempotency key answers the same run, and refuses another input', async () => {
    const [automationId, entityId] = [await publish(), await entity(api)];
    const input = { automationId, entityId, idempotencyKey: 'once' };
    const { id } = await runAfter('startAutomationRun', input);
    expect((await runAfter('startAutomationRun', input)).id).toBe(id);
    const other = { ...input, entityId: await entity(api) };
    expect(await runCommand('startAutomationRun', other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  test('is refused for what can’t be run, with the reason', async () => {
    const designer = api.context(api.designer);
    const disabled = await publish();
    await disableAutomation(designer, { automationId: keyOf(disabled) });
    const archived = await publish();
    await archiveAutomation(designer, { automationId: keyOf(archived) });
    const draft = await createAutomation(designer, { content: automation() });
    const ofContracts = await publish({ triggers: [{ type: 'MANUAL', entitySchema: 'contract' }] });
    const byTasks = await publish({ triggers: [] });
    const entityId = await entity(api);
    for (const [automationId, notRunnableReason] of [
      [disabled, 'DISABLED'],
      [archived, 'ARCHIVED'],
      [draft.ok ? encodeId('Automation', draft.value) : '', 'NOT_PUBLISHED'],
      [ofContracts, 'ENTITY_SCHEMA_MISMATCH'],
      [byTasks, 'NO_TRIGGER'],
    ])
      expect(await runCommand('startAutomationRun', { automationId, entityId })).toMatchObject({
        code: 'AUTOMATION_NOT_RUNNABLE',
        notRunnableReason,
      });
  });

  test('is refused for what does not exist, and for bad input', async () => {
    const automationId = await publish(API_ONLY);
    const entityId = await entity(api);
    for (const input of [
      { automationId: unknownId('Automation'), entityId },
      { automationId, entityId: unknownId('Entity') },
    ])
      expect(await runCommand('startAutomationRun', input)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await runCommand('startAutomationRun', { automationId, entityId }, api.otherAdmin)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await runCommand('startAutomationRun', { automationId: entityId, entityId })).toMatchObject({
      issues: [{ path: 'automationId', code: 'INVALID_ID' }],
    });
    expect(await runCommand('startAutomationRun', { automationId, data: [1] })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'data' }],
    });
  });

  test('is not for partners', async () => {
    const input = { automationId: await publish(), entityId: await entity(api) };
    const text =
      'mutation ($input: StartAutomationRunInput!) { startAutomationRun(input: $input) { __typename } }';
    expect(await api.errorCodes(api.partner, text, { input })).toEqual(['FORBIDDEN']);
  });
});

describe('cancelAutomationRun', () => {
  test('ends a run that waits, and what was done stays', async () => {
    const entityId = await entity(api);
    const { id } = await runAfter('startAutomationRun', { automationId: await publish(WAITING), entityId });
    await letRun(api);
    expect(await readRun(id)).toMatchObject({ status: 'PAUSED', actions: [{}, { status: 'PAUSED' }] });
    expect(await runAfter('cancelAutomationRun', { runId: id })).toMatchObject({
      status: 'CANCELLED',
      actions: [{ status: 'SUCCESS' }, { status: 'CANCELLED', nextAt: null }],
      viewerCanCancel: false,
      canGoOn: true,
    });
    await letRun(api);
    expect(await runCommand('cancelAutomationRun', { runId: id })).toMatchObject({
      code: 'RUN_COMMAND_NOT_ALLOWED',
      runStatus: 'CANCELLED',
    });
  });

  test('is refused in another version, for no run, and in another organization', async () => {
    const input = { automationId: await publish(), entityId: await entity(api) };
    const { id } = await runAfter('startAutomationRun', input);
    expect(await runCommand('cancelAutomationRun', { runId: id, expectedVersion: 7 })).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    expect(await runCommand('cancelAutomationRun', { runId: id }, api.otherAdmin)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await runCommand('cancelAutomationRun', { runId: unknownId('AutomationRun') })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await runCommand('cancelAutomationRun', { runId: input.entityId })).toMatchObject({
      issues: [{ path: 'runId', code: 'INVALID_ID' }],
    });
  });
});

describe('retryAutomationRun', () => {
  async function failedRun() {
    const entityId = await entity(api, { attributes: { blocked: [] } });
    const automationId = await publish(TWO_STEPS);
    const { id } = await runAfter('startAutomationRun', { automationId, entityId });
    await letRun(api);
    await unblock(entityId);
    return { id, entityId };
  }

  test('goes on with the action that failed', async () => {
    const { id } = await failedRun();
    expect(await readRun(id)).toMatchObject({
      status: 'FAILED',
      error: { code: 'LIST_ON_THE_WAY' },
      progress: { total: 2, done: 1 },
      canGoOn: true,
    });
    expect(await runAfter('retryAutomationRun', { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      id,
      status: 'IN_PROGRESS',
      error: null,
      finishedAt: null,
      actions: [{ status: 'SUCCESS' }, { status: 'PENDING' }],
    });
    await letRun(api);
    expect(await readRun(id)).toMatchObject({
      status: 'SUCCESS',
      actions: [{ attempts: 1 }, { attempts: 2, error: null }],
    });
  });

  test('does everything again as a new run', async () => {
    const { id } = await failedRun();
    const again = await runAfter('retryAutomationRun', { runId: id, from: 'START' });
    expect(again.id).not.toBe(id);
    await letRun(api);
    expect(await readRun(again.id)).toMatchObject({ status: 'SUCCESS', startedBy: { name: 'member' } });
    expect(await readRun(id)).toMatchObject({ status: 'FAILED' });
  });

  test('is refused for a run that is not over, and from the failed action for one that went well', async () => {
    const input = { automationId: await publish(), entityId: await entity(api) };
    const { id } = await runAfter('startAutomationRun', input);
    const refused = { code: 'RUN_COMMAND_NOT_ALLOWED' };
    for (const from of ['FAILED_ACTION', 'START'])
      expect(await runCommand('retryAutomationRun', { runId: id, from })).toMatchObject({
        ...refused,
        runStatus: 'PENDING',
      });
    await letRun(api);
    expect(await runCommand('retryAutomationRun', { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      ...refused,
      runStatus: 'SUCCESS',
    });
  });
});

describe('the run of a task', () => {
  async function startedWith(parts: Partial<AutomationContent>, blocked?: readonly unknown[]) {
    const automationKey = await publishedAutomation(api.context(api.designer), parts);
    const entityId = await entity(api, { attributes: blocked ? { blocked } : {} });
    const tasks = [automated('send', automationKey), task('stay')];
    const running = await start(api, { tasks }, { entityId });
    await letRun(api);
    return { running, entityId, taskId: running.task('send') };
  }

  async function runOf(taskId: string): Promise<Run> {
    const { task: found } = await api.data<{ task: { automationRun: Run } }>(
      api.member,
      `query ($taskId: ID!) { task(id: $taskId) { automationRun { ${VIEW} } } }`,
      { taskId },
    );
    return found.automationRun;
  }

  test('says where it belongs', async () => {
    const { running, taskId, entityId } = await startedWith({});
    expect(await runOf(taskId)).toMatchObject({
      status: 'SUCCESS',
      number: 1,
      trigger: { type: 'TASK' },
      entity: { id: entityId },
      execution: { id: running.id },
      task: { id: taskId },
    });
    expect(await readTask(api, api.member, taskId)).toMatchObject({ status: 'COMPLETED' });
  });

  test('takes its task with it when it is cancelled', async () => {
    const { taskId } = await startedWith(WAITING);
    const { id } = await runOf(taskId);
    await runAfter('cancelAutomationRun', { runId: id });
    expect(await readTask(api, api.member, taskId)).toMatchObject({ status: 'SKIPPED' });
    expect(await readRun(id)).toMatchObject({ status: 'CANCELLED', canGoOn: false });
    expect(await runCommand('retryAutomationRun', { runId: id, from: 'FAILED_ACTION' })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
  });

  test('is retried with its task', async () => {
    const { taskId, entityId } = await startedWith(TWO_STEPS, []);
    const { id } = await runOf(taskId);
    expect(await readTask(api, api.member, taskId)).toMatchObject({ status: 'FAILED' });
    await unblock(entityId);
    expect(await runAfter('retryAutomationRun', { runId: id, from: 'FAILED_ACTION' })).toMatchObject({ id });
    expect(await readTask(api, api.member, taskId)).toMatchObject({ status: 'IN_PROGRESS' });
    await letRun(api);
    expect(await runOf(taskId)).toMatchObject({ id, status: 'SUCCESS', actions: [{}, { attempts: 2 }] });
    expect(await readTask(api, api.member, taskId)).toMatchObject({ status: 'COMPLETED' });
  });

  test('has a successor when it is started anew, and can’t be retried any more', async () => {
    const { taskId, entityId } = await startedWith(TWO_STEPS, []);
    const first = await runOf(taskId);
    await unblock(entityId);
    const second = await runAfter('retryAutomationRun', { runId: first.id, from: 'START' });
    expect(second).toMatchObject({ number: 2, status: 'PENDING' });
    expect(await runOf(taskId)).toMatchObject({ id: second.id });
    expect(await readRun(first.id)).toMatchObject({ status: 'FAILED', canGoOn: false, canStartAnew: false });
    expect(await runCommand('retryAutomationRun', { runId: first.id, from: 'START' })).toMatchObject({
      code: 'RUN_COMMAND_NOT_ALLOWED',
    });
  });
});

describe('who sees runs', () => {
  test('partners see those of their executions, without what is handed around', async () => {
    const automationKey = await publishedAutomation(api.context(api.designer));
    const theirs = { assignees: [{ type: 'USER', id: api.partner.userId }] } as const;
    const running = await start(api, { tasks: [automated('send', automationKey, 'AUTOMATIC', theirs)] });
    await letRun(api);
    const taskId = running.task('send');
    const { task: found } = await api.data<{
      task: { automationRun: Run; automationRuns: { totalCount: number } };
    }>(
      api.partner,
      `query ($taskId: ID!) { task(id: $taskId) { automationRuns { totalCount } automationRun {
         id status viewerCanCancel viewerCanRetry(from: START) actions { key status } entity { id } } } }`,
      { taskId },
    );
    expect(found).toEqual({
      automationRuns: { totalCount: 1 },
      automationRun: {
        id: expect.any(String) as string,
        status: 'SUCCESS',
        viewerCanCancel: false,
        viewerCanRetry: false,
        actions: [{ key: 'mark', status: 'SUCCESS' }],
        entity: { id: running.entityId },
      },
    });
    const { id } = found.automationRun;
    for (const field of [
      'input',
      'automation { name }',
      'automationVersion { number }',
      'actions { output }',
    ])
      expect(await api.errorCodes(api.partner, `{ automationRun(id: "${id}") { ${field} } }`)).toEqual([
        'FORBIDDEN',
      ]);
  });

  test('partners read that an action failed, but not why', async () => {
    const automationKey = await publishedAutomation(api.context(api.designer), TWO_STEPS);
    const theirs = { assignees: [{ type: 'USER', id: api.partner.userId }] } as const;
    const tasks = [automated('send', automationKey, 'AUTOMATIC', theirs)];
    const entityId = await entity(api, { attributes: { blocked: [] } });
    const taskId = (await start(api, { tasks }, { entityId })).task('send');
    await letRun(api);
    const errors = async (viewer: Viewer) => {
      const fields = 'error { code message } actions { error { code message } }';
      const document = `query ($taskId: ID!) { task(id: $taskId) { automationRun { ${fields} } } }`;
      const { task: found } = await api.data<{ task: { automationRun: object } }>(viewer, document, {
        taskId,
      });
      return found.automationRun;
    };
    const code = 'LIST_ON_THE_WAY';
    const hidden = { code, message: 'It failed; a colleague can see why.' };
    expect(await errors(api.partner)).toEqual({
      error: hidden,
      actions: [{ error: null }, { error: hidden }],
    });
    const shown = { code, message: expect.stringContaining('blocked') as string };
    expect(await errors(api.member)).toEqual({ error: shown, actions: [{ error: null }, { error: shown }] });
  });

  test('only designers see the messages that actions send', async () => {
    const mail = action('mail', 'SEND_EMAIL', { to: ['ann@example.com'], subject: 'Hello', text: 'Hello' });
    const [automationId, entityId] = [await publish({ actions: [mail] }), await entity(api)];
    const { id } = await runAfter('startAutomationRun', { automationId, entityId });
    await letRun(api);
    const view = 'actions { delivery { type } }';
    expect(await readRun(id, api.designer, view)).toMatchObject({ actions: [{ delivery: {} }] });
    expect(await readRun(id, api.member, view)).toEqual({ actions: [{ delivery: null }] });
  });

  test('partners see none without an execution, and other organizations none at all', async () => {
    const [automationId, entityId] = [await publish(), await entity(api)];
    const { id } = await runAfter('startAutomationRun', { automationId, entityId });
    for (const viewer of [api.partner, api.otherAdmin]) {
      expect(await readRun(id, viewer, 'id')).toBeNull();
      const answer = await api.data(
        viewer,
        `query ($id: ID!, $automationId: ID!) { node(id: $id) { id }
           automationRuns(filter: { automationId: $automationId }) { nodes { id } totalCount } }`,
        { id, automationId },
      );
      expect(answer).toEqual({ node: null, automationRuns: { nodes: [], totalCount: 0 } });
    }
  });
});

describe('lists of runs', () => {
  test('of everything show the newest first, in pages, by what is asked for', async () => {
    const automationId = await publish();
    const entityIds = [await entity(api), await entity(api)];
    const ids: string[] = [];
    for (const entityId of [...entityIds, ...entityIds])
      ids.unshift((await runAfter('startAutomationRun', { automationId, entityId })).id);
    await runAfter('cancelAutomationRun', { runId: ids[0] });
    const page = async (filter: object, after?: string) => {
      const { list } = await api.data<{
        list: { nodes: Run[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } };
      }>(
        api.member,
        `query ($filter: AutomationRunFilter, $after: String) { list: automationRuns(filter: $filter, first: 3, after: $after) {
           nodes { id } totalCount pageInfo { endCursor hasNextPage } } }`,
        { filter: { automationId, ...filter }, after },
      );
      return { ...list, ids: list.nodes.map(({ id }) => id) };
    };
    const first = await page({});
    expect(first).toMatchObject({ ids: ids.slice(0, 3), totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(await page({}, first.pageInfo.endCursor)).toMatchObject({
      ids: ids.slice(3),
      pageInfo: { hasNextPage: false },
    });
    expect(await page({ entityId: entityIds[1] })).toMatchObject({ ids: [ids[0], ids[2]], totalCount: 2 });
    expect(await page({ statuses: ['CANCELLED'] })).toMatchObject({ ids: [ids[0]], totalCount: 1 });
    expect(await page({ createdAfter: '2099-01-01T00:00:00Z' })).toMatchObject({ ids: [], totalCount: 0 });
  });

  test('hang on automations, entities, executions and tasks', async () => {
    const automationKey = await publishedAutomation(api.context(api.designer));
    const automationId = encodeId('Automation', automationKey);
    const running = await start(api, { tasks: [automated('send', automationKey)] });
    const { entityId } = running;
    await letRun(api);
    await runAfter('startAutomationRun', { automationId, entityId });
    const LIST = 'nodes { number } totalCount';
    const answer = await api.data(
      api.member,
      `query ($automationId: ID!, $entityId: ID!, $executionId: ID!, $taskId: ID!) {
         automation(id: $automationId) { runs(first: 1) { ${LIST} } }
         entity(id: $entityId) { automationRuns(statuses: SUCCESS) { ${LIST} } }
         workflowExecution(id: $executionId) { automationRuns { ${LIST} } }
         task(id: $taskId) { automationRuns { ${LIST} } } }`,
      { automationId, entityId, executionId: running.id, taskId: running.task('send') },
    );
    const ofTask = { nodes: [{ number: 1 }], totalCount: 1 };
    expect(answer).toEqual({
      automation: { runs: { nodes: [{ number: null }], totalCount: 2 } },
      entity: { automationRuns: ofTask },
      workflowExecution: { automationRuns: ofTask },
      task: { automationRuns: ofTask },
    });
  });

  test('an entity tells what can be run on it by hand', async () => {
    const schema = 'turbine';
    const names = ['any', 'fits', 'other', 'program', 'off'];
    await publish({ name: 'any' });
    await publish({ name: 'fits', triggers: [{ type: 'MANUAL', entitySchema: schema }] });
    await publish({ name: 'other', triggers: [{ type: 'MANUAL', entitySchema: 'contract' }] });
    await publish({ name: 'program', ...API_ONLY });
    const off = await publish({ name: 'off' });
    await disableAutomation(api.context(api.designer), { automationId: keyOf(off) });
    const { entity: found } = await api.data<{ entity: { runnableAutomations: { name: string }[] } }>(
      api.member,
      'query ($id: ID!) { entity(id: $id) { runnableAutomations { name } } }',
      { id: await entity(api, { schema }) },
    );
    const runnable = found.runnableAutomations.map(({ name }) => name);
    expect(runnable.filter((name) => names.includes(name))).toEqual(['any', 'fits']);
  });

  test('of the tasks of an execution cost one statement', async () => {
    const automationKey = await publishedAutomation(api.context(api.designer));
    const tasks = ['a', 'b', 'c'].map((key) => automated(key, automationKey));
    const running = await start(api, { tasks });
    await letRun(api);
    api.resetStatements();
    await api.data(
      api.member,
      `query ($id: ID!) { workflowExecution(id: $id) { tasks { automationRun { id status } automationRuns(first: 2) { nodes { id } } } } }`,
      { id: running.id },
    );
    expect(api.statements().filter((text) => text.includes('automation_run'))).toHaveLength(2);
  });
});

test('what an automation did names its run', async () => {
  const entityId = await entity(api);
  const { id } = await runAfter('startAutomationRun', { automationId: await publish(), entityId });
  await letRun(api);
  const { entity: found } = await api.data<{
    entity: { history: { nodes: { type: string; automationRun: { id: string } | null }[] } };
  }>(
    api.member,
    'query ($id: ID!) { entity(id: $id) { history { nodes { type subjectId changedFields automationRun { id } } } } }',
    { id: entityId },
  );
  expect(found.history.nodes.map(({ type, automationRun }) => [type, automationRun?.id])).toEqual([
    ['AUTOMATION_RUN_SUCCEEDED', id],
    ['ENTITY_UPDATED', id],
    ['AUTOMATION_RUN_PROGRESSED', id],
    ['AUTOMATION_RUN_STARTED', id],
    ['ENTITY_CREATED', undefined],
  ]);
  expect(found.history.nodes[2]).toMatchObject({
    subjectId: id,
    changedFields: ['actions', 'entity', 'startedAt', 'status', 'automationVersion'],
  });
});
