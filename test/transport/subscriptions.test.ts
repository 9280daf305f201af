import type { ResultOf } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { serve } from '../support/served-api.ts';
import { connectSocket } from '../support/socket-client.ts';
import { EXECUTION_EVENTS, position, readWatch, typesOf } from '../support/watch.ts';
import { phased } from '../support/workflow.ts';
import { done, start, unknownId } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const VIEWER = graphql(`
  query SocketViewer {
    viewer {
      name
    }
  }
`);

const EVENTS_WITH_TASK = graphql(`
  subscription SocketExecution($id: ID!, $after: String) {
    event: executionEvents(executionId: $id, after: $after) {
      ...EventView
      task {
        status
      }
    }
  }
`);

const CONTENT = phased('first: a b', 'second: c');

describe('over a socket', () => {
  test('a change that one client makes arrives at the other, and goes on after it was cut off', async () => {
    await using served = await serve(api);
    const running = await start(api, CONTENT);
    const open = async () => connectSocket(served.wsUrl, { token: await served.token('member') });
    const [reader, writer] = [await open(), await open()];
    const give = (name: string, key: string) =>
      writer.ask({
        query: `mutation { ${name}(input: { taskId: "${running.task(key)}" }) { __typename } }`,
      });

    const next = readWatch(reader.watch(EVENTS_WITH_TASK, { id: running.id })).next();
    // The subscription has been accepted when its next neighbour on the socket is answered.
    await reader.ask({ query: print(VIEWER) });
    await give('startTask', 'a');
    const { cursor, task: seen } = await next;
    expect(seen).toEqual({ status: 'IN_PROGRESS' });
    reader.client.terminate();
    await reader.closed;

    await give('completeTask', 'a');
    const again = await open();
    const resumed = readWatch(again.watch(EVENTS_WITH_TASK, { id: running.id, after: cursor }));
    expect(typesOf(await resumed.take(3))).toEqual([
      'TASK_COMPLETED',
      'PHASE_PROGRESSED',
      'EXECUTION_PROGRESSED',
    ]);
    await again.client.dispose();
    await writer.client.dispose();
  });

  test('a refusal ends the operation with its code, and the socket stays', async () => {
    await using served = await serve(api);
    const {
      client,
      watch: watchSocket,
      ask,
    } = connectSocket(served.wsUrl, {
      token: await served.token('member'),
    });
    const refused = watchSocket(EXECUTION_EVENTS, { id: unknownId('WorkflowExecution') });
    expect((await refused.next()).value?.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await refused.next()).done).toBe(true);
    expect(await ask({ query: print(VIEWER) })).toMatchObject({
      data: { viewer: { name: 'member' } },
    });
    await client.dispose();
  });
});

describe('over server-sent events', () => {
  test('what was missed arrives, then what happens', async () => {
    await using served = await serve(api);
    const running = await start(api, CONTENT);
    const after = await position(api);
    await done(api, api.member, 'startTask', { taskId: running.task('a') });
    const client = createClient({
      url: served.url,
      headers: { authorization: `Bearer ${await served.token('member')}` },
      retryAttempts: 0,
    });
    const events = readWatch(
      client.iterate<ResultOf<typeof EXECUTION_EVENTS>>({
        query: print(EXECUTION_EVENTS),
        variables: { id: running.id, after },
      }),
    );
    expect(await events.next()).toMatchObject({ type: 'TASK_STARTED', actor: { name: 'member' } });
    await done(api, api.designer, 'stopTask', { taskId: running.task('a') });
    expect(await events.next()).toMatchObject({ type: 'TASK_STOPPED', actor: { name: 'designer' } });
    client.dispose();
  });
});
