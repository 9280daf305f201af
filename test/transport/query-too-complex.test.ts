import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type Answer, type TestApi } from '../support/api.ts';
import { serve } from '../support/served-api.ts';
import { connectSocket } from '../support/socket-client.ts';
import { task } from '../support/workflow.ts';
import { start } from '../support/workflows.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const ROUND = `${'tasks { execution { '.repeat(4)}id${' } }'.repeat(4)}`;
const QUERY = `query ($id: ID!) { workflowExecution(id: $id) { ${ROUND} } }`;
const SUBSCRIPTION = `subscription ($id: ID!) { executionEvents(executionId: $id) { execution { ${ROUND} } } }`;

function tooComplex(cost: number) {
  return {
    message: `The operation costs ${cost}, and at most 300000 is allowed: ask for fewer rows (first), or for less of each.`,
    extensions: { code: 'QUERY_TOO_COMPLEX' },
  };
}

describe('an operation that costs too much is refused at once', () => {
  test.each([
    ['a query', QUERY, 'application/graphql-response+json', 1_675_862],
    ['a subscription', SUBSCRIPTION, 'text/event-stream', 1_675_863],
  ])('over HTTP, %s', async (_what, query, accept, cost) => {
    await using served = await serve(api);
    const running = await start(api, { tasks: [task('a')] });
    const response = await fetch(served.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        authorization: `Bearer ${await served.token('member')}`,
      },
      body: JSON.stringify({ query, variables: { id: running.id } }),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(JSON.stringify({ errors: [tooComplex(cost)] }));
  });

  test('over a socket, which stays open', async () => {
    await using served = await serve(api);
    const running = await start(api, { tasks: [task('a')] });
    const { client, ask, watch } = connectSocket(served.wsUrl, { token: await served.token('member') });
    const variables = { id: running.id };
    await expect(ask({ query: QUERY, variables })).rejects.toMatchObject([tooComplex(1_675_862)]);
    await expect(watch(SUBSCRIPTION, variables).next()).rejects.toMatchObject([tooComplex(1_675_863)]);
    expect(await ask({ query: '{ viewer { name } }' })).toEqual({ data: { viewer: { name: 'member' } } });
    await client.dispose();
  });
});

/** An execution that leads to its tasks and from each to all of them again. */
const AGAIN = 'tasks { execution { tasks { id } } }';

function many(count: number) {
  return { tasks: Array.from({ length: count }, (_, index) => task(`t${index}`)), isSequential: false };
}

test('lists that are longer than was estimated end when they are too long together, with one error', async () => {
  const running = await start(api, many(200));
  const query = `query ($id: ID!) { workflowExecution(id: $id) { ${AGAIN} } }`;
  const { errors } = await api.run(api.member, query, { id: running.id });
  expect(errors).toMatchObject([
    {
      message: 'The answer would have more than 20000 objects in its lists: ask for less.',
      code: 'QUERY_TOO_COMPLEX',
    },
  ]);
});

test('each event of a subscription may have as long lists as a query', async () => {
  const running = await start(api, many(120));
  const events = await api.subscribe<{ event: { type: string } }>(
    api.member,
    `subscription ($id: ID!) { event: executionEvents(executionId: $id) { type execution { ${AGAIN} } } }`,
    { id: running.id },
  );
  const types: (string | undefined)[] = [];
  for (const name of ['startTask', 'stopTask']) {
    const next = events.next();
    const input = `input: { taskId: "${running.task('t0')}" }`;
    await api.run(api.member, `mutation { ${name}(${input}) { __typename } }`);
    const { value } = (await next) as IteratorYieldResult<Answer<{ event: { type: string } }>>;
    expect(value.errors).toBeUndefined();
    types.push(value.data?.event.type);
  }
  await events.return(undefined);
  expect(types).toEqual(['TASK_STARTED', 'TASK_STOPPED']);
});
