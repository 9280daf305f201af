/** Tasks that somebody outside confirms, as clients see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerConfirmation } from '../../src/commands/confirmations.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { visit } from '../support/confirmations.ts';
import { createMailing, noServer } from '../support/mailing.ts';
import { edge, task } from '../support/workflow.ts';
import { command, done, keyOf, start, type Running } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** `Site visit`, which is assigned to the partner, then `after`. */
function startWith(rule: Parameters<typeof visit>[0] = { mode: 'MANUAL' }): Promise<Running> {
  const assignees = [{ type: 'USER', id: api.partner.userId }] as const;
  return start(api, { tasks: [visit(rule, { assignees }), task('after')], edges: [edge('visit > after')] });
}

const TASK = `query ($id: ID!) { task(id: $id) { status viewerCommands
  confirmationRule { mode to expiresAfterAmount expiresAfterUnit }
  confirmation { number state to message requestedBy { __typename } expiresAt finishedAt answeredAt answeredBy comment mailStatus
    mailProblem { code } }
  confirmations { number state } } }`;

interface TaskAnswer {
  readonly status: string;
  readonly viewerCommands: readonly string[];
  readonly confirmation: { readonly state: string } | null;
  readonly confirmations: readonly object[];
}

async function read(running: Running, viewer: Viewer = api.member): Promise<TaskAnswer> {
  const { task: found } = await api.data<{ task: TaskAnswer }>(viewer, TASK, {
    id: running.task('Site visit'),
  });
  return found;
}

async function ask(running: Running, more: object = {}, viewer = api.member) {
  const input = { taskId: running.task('Site visit'), ...more };
  return command<{ url?: string | null }>(
    api,
    viewer,
    'requestConfirmation',
    input,
    '... on RequestConfirmationPayload { url }',
  );
}

async function confirm(url: string): Promise<void> {
  const token = url.slice(-43);
  await answerConfirmation(api.context(api.member), token, {
    answer: 'CONFIRMED',
    by: 'Clara',
    comment: 'Fine',
  });
}

describe('A confirmation', () => {
  test('is offered, asked for, handed over once, and answered', async () => {
    const running = await startWith();
    expect(await read(running)).toMatchObject({
      ...{ status: 'PENDING', confirmation: null, confirmations: [] },
      viewerCommands: expect.arrayContaining(['REQUEST_CONFIRMATION']) as unknown,
      confirmationRule: { mode: 'MANUAL', expiresAfterAmount: 2, expiresAfterUnit: 'DAYS' },
    });
    const { url } = await ask(running, { to: [], message: 'May we come?', expiresInHours: 5 });
    expect(url).toMatch(/^http:\/\/localhost\/confirmations\/[\w-]{43}$/);
    const waiting = await read(running);
    expect(waiting).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      viewerCommands: expect.arrayContaining(['WITHDRAW_CONFIRMATION', 'SKIP']) as unknown,
      confirmation: {
        number: 1,
        state: 'OPEN',
        to: [],
        message: 'May we come?',
        mailStatus: null,
        mailProblem: null,
      },
    });
    expect(waiting.viewerCommands).not.toContain('COMPLETE');
    await confirm(url ?? '');
    expect(await read(running)).toMatchObject({
      status: 'COMPLETED',
      confirmation: { state: 'CONFIRMED', answeredBy: 'Clara', comment: 'Fine' },
      confirmations: [{ number: 1, state: 'CONFIRMED' }],
    });
  });

  test('by mail tells nobody the link, and who gets it', async () => {
    const running = await startWith();
    expect((await ask(running, { to: ['clara@example.com', 'Clara@example.com'] })).url).toBeNull();
    expect(await read(running)).toMatchObject({
      confirmation: { to: ['clara@example.com'], mailStatus: 'PENDING', requestedBy: { __typename: 'User' } },
    });
    const { deliveries } = await api.data<{ deliveries: { nodes: readonly { email: { text: string } }[] } }>(
      api.designer,
      '{ deliveries(filter: { kind: EMAIL }, first: 1) { nodes { type status email { text html } } } }',
    );
    expect(deliveries.nodes[0]).toMatchObject({ type: 'confirmation', status: 'PENDING' });
    expect(JSON.stringify(deliveries)).toContain('{{confirmation.url}}');
    expect(JSON.stringify(deliveries)).not.toMatch(/confirmations\/[\w-]{43}/);
  });

  test('is withdrawn, and then the task is worked by people again', async () => {
    const running = await startWith();
    await ask(running, { to: [] });
    const { task: after } = await done(api, api.member, 'withdrawConfirmation', {
      taskId: running.task('Site visit'),
    });
    expect(after?.status).toBe('PENDING');
    expect(await read(running)).toMatchObject({ confirmation: { state: 'WITHDRAWN' } });
    await done(api, api.member, 'completeTask', { taskId: running.task('Site visit') });
  });

  test('is refused with what is wrong and where', async () => {
    const running = await startWith();
    const issues = async (more: object) =>
      (await ask(running, more)) as { code?: string; issues?: readonly { path: string; code: string }[] };
    for (const [more, path, code] of [
      [{ to: ['Clara'] }, 'to[0]', 'INVALID_EMAIL'],
      [{ to: Array.from({ length: 21 }, (_, index) => `a${index}@example.com`) }, 'to', 'TOO_MANY'],
      [{ to: [], message: ' ' }, 'message', 'EMPTY'],
      [{ to: [], message: 'x'.repeat(10_001) }, 'message', 'TOO_LONG'],
      [{ to: [], expiresInHours: 0 }, 'expiresInHours', 'OUT_OF_RANGE'],
    ] as const)
      expect(await issues(more)).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path, code }] });
    const behind = { taskId: running.task('after'), to: [] };
    expect(await command(api, api.member, 'requestConfirmation', behind)).toMatchObject({
      code: 'TASK_BLOCKED',
    });
    await ask(running, { to: [] });
    expect(await ask(running, { to: [] })).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
    const taskId = running.task('Site visit');
    expect(await command(api, api.member, 'completeTask', { taskId })).toMatchObject({
      code: 'COMMAND_NOT_ALLOWED',
    });
    expect(await command(api, api.otherAdmin, 'requestConfirmation', { taskId })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await command(api, api.otherAdmin, 'withdrawConfirmation', { taskId })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('is seen by a partner without whom it goes to and what it says', async () => {
    const running = await startWith({ mode: 'AUTOMATIC', to: 'clara@example.com' });
    const seen = await read(running, api.partner);
    expect(seen).toMatchObject({
      status: 'WAITING_FOR_CONFIRMATION',
      confirmationRule: null,
      confirmation: { state: 'OPEN', to: null, message: null, answeredBy: null, mailStatus: 'PENDING' },
    });
    expect(seen.viewerCommands).not.toContain('WITHDRAW_CONFIRMATION');
    const other = await startWith();
    const input = { input: { taskId: other.task('Site visit'), to: [] } };
    expect((await read(other, api.partner)).viewerCommands).not.toContain('REQUEST_CONFIRMATION');
    expect(
      await api.errorCodes(
        api.partner,
        'mutation ($input: RequestConfirmationInput!) { requestConfirmation(input: $input) { __typename } }',
        input,
      ),
    ).toEqual(['FORBIDDEN']);
  });

  test('tells what waits for it since when and until when', async () => {
    const running = await startWith({ mode: 'AUTOMATIC', to: null });
    const document = `query ($id: ID!) { task(id: $id) { rootBlockers {
      message clearedBy ... on ConfirmationBlocker { since until task { name confirmation { state } } } } } }`;
    expect(await api.data(api.member, document, { id: running.task('after') })).toEqual({
      task: {
        rootBlockers: [
          {
            message: 'Somebody outside has to confirm “Site visit”.',
            clearedBy: ['WITHDRAW_CONFIRMATION', 'SKIP'],
            since: expect.any(String) as unknown,
            until: expect.any(String) as unknown,
            task: { name: 'Site visit', confirmation: { state: 'OPEN' } },
          },
        ],
      },
    });
  });

  test('is told as events', async () => {
    const running = await startWith();
    const { url } = await ask(running, { to: [] });
    await confirm(url ?? '');
    const document =
      'query ($id: ID!) { task(id: $id) { history(first: 5) { nodes { type changedFields actor { __typename } } } } }';
    const { task: found } = await api.data<{
      task: { history: { nodes: readonly { type: string; changedFields: readonly string[] }[] } };
    }>(api.member, document, { id: running.task('Site visit') });
    expect(found.history.nodes).toMatchObject([
      { type: 'TASK_CONFIRMED', actor: { __typename: 'System' } },
      { type: 'TASK_AWAITS_CONFIRMATION', actor: { __typename: 'User' } },
      { type: 'TASK_ADDED' },
    ]);
    expect(found.history.nodes[0]?.changedFields).toEqual(expect.arrayContaining(['confirmation', 'status']));
  });
});

test('An open sidebar follows what becomes of the mail', async () => {
  const running = await startWith();
  await ask(running, { to: ['clara@example.com'] });
  const document = `subscription ($entityId: ID!) { liveSidebar(entityId: $entityId) {
    changes { execution { currentTasks { confirmation { mailStatus } } } } } }`;
  const updates = await api.subscribe(api.member, document, { entityId: running.entityId });
  const next = async (): Promise<unknown> => {
    const { value } = (await updates.next()) as { value: { data: { liveSidebar: { changes: unknown[] } } } };
    return value.data.liveSidebar.changes[0];
  };
  const mail = (mailStatus: string) => ({ execution: { currentTasks: [{ confirmation: { mailStatus } }] } });
  expect(await next()).toEqual(mail('PENDING'));
  const { rows } = await api.database.pool.query<{ id: string }>(
    'select delivery_id as id from confirmation where task_id = $1',
    [keyOf(running.task('Site visit'))],
  );
  await createMailing(api.context(api.member)).attempt(rows[0]?.id ?? '', noServer);
  expect(await next()).toEqual(mail('NOT_SENT'));
  await updates.return(undefined);
});
