/** Demo mode as its first visitor meets it: in the browser, and example by example. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { demoExamples } from '../../src/demo-examples.ts';
import type { GraphiqlExample } from '../../src/http/graphiql-examples.ts';
import { launchBrowser } from '../support/browser.ts';
import { startDemoApp, type DemoApp } from '../support/demo-app.ts';

let app: DemoApp;
let examples: ReadonlyMap<string, GraphiqlExample>;

beforeAll(async () => {
  app = await startDemoApp();
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

async function ask(name: string): Promise<Answer> {
  const { query, variables } = examples.get(name) ?? { query: '' };
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await app.token('anna')}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

describe('each example works on the demo data', () => {
  test.each([
    ['Inbox', 'inbox', 'nodes'],
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
  ])('%s', async (name, field, result) => {
    const { data, errors } = await ask(name);
    expect(errors).toBeUndefined();
    expect(data?.[field]).toHaveProperty(result);
  });

  test.each(['Watch', 'WatchInbox'])('%s', async (name) => {
    const token = await app.token('anna');
    const client = createClient({
      url: app.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: `Bearer ${token}` },
    });
    const { query, variables = {} } = examples.get(name) ?? { query: '' };
    // From the log's beginning, so that there is something to see.
    const events = client.iterate({
      query: query
        .replace('(entityId: $entityId)', '(entityId: $entityId, after: "c2VxOjA")')
        .replace('inboxEvents {', 'inboxEvents(after: "c2VxOjA") {'),
      variables,
    });
    const { value } = (await events.next()) as { value: Answer };
    expect(value.errors).toBeUndefined();
    expect(Object.values(value.data ?? {})[0]).toHaveProperty('cursor');
    await client.dispose();
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
