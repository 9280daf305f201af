/** Demo mode as its first visitor meets it: in the browser, and example by example. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { demoExamples } from '../../src/demo-examples.ts';
import type { GraphiqlExample } from '../../src/http/graphiql-examples.ts';
import { launchBrowser } from '../support/browser.ts';
import { startDemoApp, type DemoApp } from '../support/demo-app.ts';
import { eventually } from '../support/eventually.ts';

let app: DemoApp;
let examples: ReadonlyMap<string, GraphiqlExample>;

beforeAll(async () => {
  app = await startDemoApp();
  await eventually(async () => {
    expect(await app.database.prisma.automationRun.count({ where: { finishedAt: null } })).toBe(0);
  });
  examples = new Map((await demoExamples(app.database)).map((example) => [operationName(example), example]));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

function operationName({ query }: GraphiqlExample): string {
  return /^\s*(?:query|mutation|subscription) (\w+)/.exec(query)?.[1] ?? '';
}

interface Answer {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly errors?: readonly unknown[];
}

function ask(name: string): Promise<Answer> {
  return send(examples.get(name) ?? { query: '' });
}

async function send(
  { query, variables }: Omit<GraphiqlExample, 'name'>,
  externalId = 'anna',
): Promise<Answer> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await app.token(externalId)}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

function inboxTask({ data }: Answer): unknown {
  const [first] = (data?.['inbox']?.['nodes'] ?? []) as { readonly id: string }[];
  return first?.id;
}

describe('each example works on the demo data', () => {
  test.each([
    ['Inbox', 'inbox', 'nodes'],
    ['FetchTasks', 'fetchExternalTasks', 'tasks'],
    ['Sidebar', 'entity', 'executions'],
    ['Complete', 'completeTask', 'task'],
    ['Decide', 'decideTask', 'task'],
    ['Blockers', 'task', 'blockers'],
    ['Diagram', 'workflowExecution', 'diagram'],
    ['Bulk', 'bulkUpdateTasks', 'results'],
    ['History', 'workflowExecution', 'history'],
    ['EntityTable', 'entities', 'nodes'],
    ['Define', 'createDefinition', 'definition'],
    ['Publish', 'publishDefinition', 'definition'],
    ['Simulate', 'simulateDefinition', 'path'],
    ['Start', 'startExecution', 'execution'],
    ['OutOfOffice', 'createAbsence', 'absence'],
    ['Absences', 'viewer', 'absences'],
    ['RequestConfirmation', 'requestConfirmation', 'url'],
    ['Confirmation', 'task', 'confirmation'],
    ['Runs', 'automationRuns', 'nodes'],
    ['RetryRun', 'retryAutomationRun', 'run'],
    ['RunOnEntity', 'startAutomationRun', 'run'],
    ['ActionTypes', 'automationActionTypes', '0'],
    ['DefineAutomation', 'createAutomation', 'automation'],
    ['PublishAutomation', 'publishAutomation', 'published'],
    ['CreateEndpoint', 'createWebhookEndpoint', 'secret'],
    ['Deliveries', 'deliveries', 'nodes'],
    ['Redeliver', 'redeliver', 'delivery'],
    ['Notifications', 'viewer', 'notifications'],
    ['NotificationSettings', 'updateNotificationSettings', 'user'],
  ])('%s', async (name, field, result) => {
    const { data, errors } = await ask(name);
    expect(errors).toBeUndefined();
    expect(data?.[field]).toHaveProperty(result);
  });

  /** What a subscription brings, until it is enough; the first answer unless told otherwise. */
  async function watch(name: string, isEnough = (_answer: Answer) => true): Promise<Answer> {
    const token = await app.token('anna');
    const client = createClient({
      url: app.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${token}` },
    });
    const { query, variables = {} } = examples.get(name) ?? { query: '' };
    try {
      for await (const answer of client.iterate({ query, variables }))
        if (isEnough(answer as Answer)) return answer as Answer;
      throw new Error(`${name} ended`);
    } finally {
      await client.dispose();
    }
  }

  test.each([
    ['Watch', () => examples.get('Complete')?.variables?.['taskId']],
    ['WatchInbox', async () => inboxTask(await send({ query: '{ inbox(first: 1) { nodes { id } } }' }))],
  ])('%s', async (name, taskId) => {
    // Something to see since the examples were made.
    const query =
      'mutation ($taskId: ID!) { addNote(input: { taskId: $taskId, body: "Called" }) { __typename } }';
    await send({ query, variables: { taskId: await taskId() } });
    const { data, errors } = await watch(name);
    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {})[0]).toHaveProperty('cursor');
  });

  test('RunTask, and WatchRuns to the end of the run', async () => {
    const { data } = await ask('RunTask');
    const { data: last } = await watch(
      'WatchRuns',
      (answer) => answer.data?.['entityEvents']?.['type'] === 'AUTOMATION_RUN_SUCCEEDED',
    );
    expect(data?.['runAutomation']).toHaveProperty('task.automationRun.id');
    expect(last?.['entityEvents']).toMatchObject({
      automationRun: {
        status: 'SUCCESS',
        actions: [
          { status: 'SUCCESS' },
          { status: 'SUCCESS' },
          { status: 'SUCCESS' },
          // There is no mail server.
          { status: 'SKIPPED', error: { code: 'NOT_SENT' } },
        ],
      },
    });
  });

  test('WatchRun', async () => {
    const { data } = await watch('WatchRun');
    expect(data?.['automationRunEvents']).toMatchObject({ type: 'AUTOMATION_RUN_STARTED' });
  });

  test('WatchNotifications', async () => {
    const { data } = await send({ query: '{ viewer { id } }' });
    const query =
      'mutation ($input: AddNoteInput!) { addNote(input: $input) { __typename ... on Problem { message } } }';
    const input = {
      taskId: examples.get('Complete')?.variables?.['taskId'],
      body: 'Please look at the roof plan.',
      mentionIds: [data?.['viewer']?.['id']],
    };
    await send({ query, variables: { input } }, 'lena');
    // By the hour of the day, the demo's reminders come first.
    const { errors } = await watch('WatchNotifications', (answer) => {
      const told = answer.data?.['notificationEvents'] as { notification: { kind: string } } | undefined;
      return answer.errors !== undefined || told?.notification.kind === 'MENTION';
    });
    expect(errors).toBeUndefined();
  });

  test.each([
    ['LiveInbox', 'liveInbox', 'task'],
    ['LiveSidebar', 'liveSidebar', 'execution'],
  ])('%s', async (name, field, row) => {
    const { data, errors } = await watch(name);
    expect(errors).toBeUndefined();
    expect(data?.[field]).toMatchObject({ isReset: true });
    expect(data?.[field]).toHaveProperty(['changes', 0, row, 'name']);
  });
});

test('GraphiQL runs the first example in a browser, signed in, and fetches nothing from elsewhere', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(new URL(app.url).origin)) {
        elsewhere.push(request.url());
      }
    });
    await page.goto(app.url);
    await page.locator('.graphiql-query-editor', { hasText: 'Inbox' }).waitFor();
    const answered = page.waitForResponse(
      (response) => response.request().postData()?.includes('query Inbox') ?? false,
    );
    await page.locator('.graphiql-execute-button').click();
    expect(await (await answered).json()).toHaveProperty('data.inbox.totalCount');
    await page.locator('.view-line', { hasText: '"inbox"' }).waitFor();
    expect(elsewhere).toEqual([]);
  } finally {
    await browser.close();
  }
});
