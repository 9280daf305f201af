/** The README's complete examples, as they stand there, against a running server. */
import { parse, validate } from 'graphql';
import { createClient } from 'graphql-ws';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { schema } from '../../src/graphql/schema.ts';
import { startDemoApp, type DemoApp } from '../support/demo-app.ts';
import { eventually } from '../support/eventually.ts';

let app: DemoApp;
let blocks: ReadonlyMap<string, string>;

beforeAll(async () => {
  app = await startDemoApp();
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
  const found = [...readme.matchAll(/```graphql\n(.*?)```/gs)].map(([, block = '']) => block);
  blocks = new Map(found.map((block) => [/^\w+ (\w+)/.exec(block)?.[1] ?? '', block]));
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

type Json = Readonly<Record<string, unknown>>;

async function send<Result>(name: string, variables: Json = {}): Promise<Result> {
  const response = await fetch(app.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await app.token('anna')}` },
    body: JSON.stringify({ query: blocks.get(name), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Record<string, Result>; errors?: unknown };
  if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  const [result] = Object.values(data);
  if (result === undefined) throw new Error(`${name} answered nothing`);
  return result;
}

interface WatchedEvent {
  readonly type: string;
  readonly task: { readonly name: string } | null;
}

test('leads from a definition to the live event of a completed task', async () => {
  const { definition } = await send<{ definition: { id: string; issues: unknown[] } }>('Define');
  expect(definition.issues).toEqual([]);
  const definitionId = definition.id;
  expect(await send('Publish', { definitionId })).toEqual({ definition: { published: { number: 1 } } });
  const { entity } = await send<{ entity: { id: string } }>('CreateContract');
  const { execution, position } = await send<{
    execution: { tasks: { id: string; name: string; isEnabled: boolean }[] };
    position: string;
  }>('Start', { definitionId, entityId: entity.id });
  expect(execution.tasks.map(({ name, isEnabled }) => [name, isEnabled])).toEqual([
    ['Call the customer back', true],
    ['Decide what to offer', false],
    ['Make the offer', false],
  ]);

  const client = createClient({
    url: app.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${await app.token('lena')}` },
  });
  const events = client.iterate<{ entityEvents: WatchedEvent }>({
    query: blocks.get('Watch') ?? '',
    variables: { entityId: entity.id, after: position },
  });
  const taskId = execution.tasks[0]?.id;
  expect(await send('Complete', { taskId })).toMatchObject({
    task: { status: 'COMPLETED' },
    execution: { currentTask: { name: 'Decide what to offer' } },
  });
  const seen: string[] = [];
  for await (const { data } of events) {
    seen.push(`${data?.entityEvents.type ?? ''} ${data?.entityEvents.task?.name ?? ''}`.trim());
    if (seen.length === 4) break;
  }
  expect(seen).toEqual([
    'TASK_COMPLETED Call the customer back',
    'TASK_ENABLED Decide what to offer',
    'PHASE_PROGRESSED',
    'EXECUTION_PROGRESSED',
  ]);
  expect(await send('Complete', { taskId })).toMatchObject({ code: 'COMMAND_NOT_ALLOWED' });
  await client.dispose();
});

test('leads from an automation to the record of its run', async () => {
  const { automation } = await send<{ automation: { id: string; issues: unknown[] } }>('DefineAutomation');
  expect(automation.issues).toEqual([]);
  expect(await send('PublishAutomation', { automationId: automation.id })).toEqual({
    published: { number: 1 },
  });
  const { entity } = await send<{ entity: { id: string } }>('NewCustomer');
  await eventually(async () => {
    const { attributes, automationRuns } = await send<{ attributes: Json; automationRuns: Json }>('Record', {
      entityId: entity.id,
    });
    expect(attributes).toHaveProperty('presentId');
    expect(automationRuns).toMatchObject({
      nodes: [
        {
          status: 'SUCCESS',
          trigger: { type: 'ENTITY_CREATED' },
          actions: [
            { key: 'present', status: 'SUCCESS' },
            { key: 'remember', status: 'SUCCESS' },
            { key: 'welcome', status: 'SKIPPED', error: { code: 'NOT_SENT' } },
          ],
        },
      ],
    });
  });
});

test('every operation is one that the schema has', () => {
  const errors = [...blocks.values()].flatMap((block) => validate(schema, parse(block)));
  expect(errors).toEqual([]);
});
