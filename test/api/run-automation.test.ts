/** Tasks whose automations are run, as clients see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskDefinition, TriggerMode } from '../../src/engine/definition.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, mutateAutomation, someAutomation } from '../support/automation-answers.ts';
import { edge, task } from '../support/workflow.ts';
import { command, done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;
let automationId: string;
beforeAll(async () => {
  api = await createTestApi();
  const made = await changedAutomation(api, api.designer, 'createAutomation', { content: someAutomation() });
  await mutateAutomation(api, api.designer, 'publishAutomation', { automationId: made.id });
  automationId = keyOf(made.id);
});
afterAll(() => api[Symbol.asyncDispose]());

function automation(mode: TriggerMode, parts: Partial<TaskDefinition> = {}): TaskDefinition {
  return task('mail', {
    type: 'AUTOMATION',
    automation: { automationId, mode, inputTaskKey: null },
    ...parts,
  });
}

/** `mail`, then `after`. */
function startWith(mode: TriggerMode, parts: Partial<TaskDefinition> = {}): Promise<Running> {
  return start(api, { tasks: [automation(mode, parts), task('after')], edges: [edge('mail > after')] });
}

const TASK = `query ($id: ID!) { task(id: $id) {
  status runCount startedBy { __typename } viewerCommands } }`;

async function read(running: Running) {
  const { task: found } = await api.data<{ task: { viewerCommands: readonly string[] } }>(api.member, TASK, {
    id: running.task('mail'),
  });
  return found;
}

describe('An automation of a task', () => {
  test('is offered, and run by who presses the button', async () => {
    const running = await startWith('MANUAL');
    expect(await read(running)).toMatchObject({
      status: 'PENDING',
      runCount: 0,
      viewerCommands: expect.arrayContaining(['RUN_AUTOMATION']) as unknown,
    });
    await done(api, api.member, 'runAutomation', { taskId: running.task('mail') });
    expect(await read(running)).toMatchObject({
      status: 'IN_PROGRESS',
      runCount: 1,
      startedBy: { __typename: 'User' },
    });
  });

  test('is run by the system if nobody has to press one', async () => {
    expect(await read(await startWith('AUTOMATIC'))).toMatchObject({
      status: 'IN_PROGRESS',
      runCount: 1,
      startedBy: { __typename: 'System' },
    });
  });

  test('is not run while it runs', async () => {
    const running = await startWith('AUTOMATIC');
    const answer = await command(api, api.member, 'runAutomation', { taskId: running.task('mail') });
    expect(answer).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
    expect((await read(running)).viewerCommands).not.toContain('RUN_AUTOMATION');
  });

  test('is not run before what comes first is done', async () => {
    const running = await start(api, {
      tasks: [task('first'), automation('MANUAL')],
      edges: [edge('first > mail')],
    });
    const answer = await command(api, api.member, 'runAutomation', { taskId: running.task('mail') });
    expect(answer).toMatchObject({ code: 'TASK_BLOCKED' });
  });

  test('is run by partners to whom the task is assigned', async () => {
    const { partner } = api;
    const running = await startWith('MANUAL', { assignees: [{ type: 'USER', id: partner.userId }] });
    const { task: after } = await done(api, partner, 'runAutomation', { taskId: running.task('mail') });
    expect(after?.status).toBe('IN_PROGRESS');
  });

  test('tells what waits for it that it runs', async () => {
    const running = await startWith('AUTOMATIC');
    const document = `query ($id: ID!) { task(id: $id) { rootBlockers {
      message clearedBy ... on AutomationBlocker { task { name } since } } } }`;
    expect(await api.data(api.member, document, { id: running.task('after') })).toEqual({
      task: {
        rootBlockers: [
          {
            message: 'The automation of “mail” is running.',
            clearedBy: ['COMPLETE', 'SKIP'],
            task: { name: 'mail' },
            since: expect.any(String) as unknown,
          },
        ],
      },
    });
  });

  test('is told as a change of the task’s automation run', async () => {
    const running = await startWith('MANUAL');
    await done(api, api.member, 'runAutomation', { taskId: running.task('mail') });
    const document =
      'query ($id: ID!) { task(id: $id) { history(first: 5) { nodes { type changedFields } } } }';
    const { task: found } = await api.data<{
      task: { history: { nodes: readonly { type: string; changedFields: readonly string[] }[] } };
    }>(api.member, document, { id: running.task('mail') });
    const event = found.history.nodes.find(({ type }) => type === 'TASK_STARTED');
    expect(event?.changedFields).toEqual(expect.arrayContaining(['automationRun', 'runCount', 'status']));
  });
});
