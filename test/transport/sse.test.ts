import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveStoppedError } from '../../src/live/errors.ts';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';
import { eventually } from '../support/eventually.ts';

let fixture: TransportFixture;
let token: string;

beforeAll(async () => {
  fixture = await openTransport();
  token = await fixture.token();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

function watch(query: string, bearer = token) {
  const client = createClient({
    url: fixture.url,
    headers: { authorization: `Bearer ${bearer}` },
    retryAttempts: 0,
  });
  return { client, results: client.iterate({ query }) };
}

async function started() {
  return eventually(() => {
    const [source] = fixture.world.open;
    if (!source) throw new Error('no subscription has started');
    return source;
  });
}

async function noneOpen(): Promise<void> {
  await eventually(() => {
    expect(fixture.world.open.size).toBe(0);
  });
}

describe('a subscription over server-sent events', () => {
  test('delivers each result', async () => {
    const { client, results } = watch('subscription { ticks }');
    const next = results.next();
    const source = await started();
    source.push('one');
    source.push('two');
    expect(await next).toEqual({ done: false, value: { data: { ticks: 'one' } } });
    expect(await results.next()).toEqual({ done: false, value: { data: { ticks: 'two' } } });
    client.dispose();
    await noneOpen();
  });

  test('ends at the server when the client goes away without a result', async () => {
    const { client, results } = watch('subscription { ticks }');
    const next = results.next();
    await started();
    client.dispose();
    await next.catch(() => undefined);
    await noneOpen();
  });

  test('tells an error that ends it', async () => {
    const { client, results } = watch('subscription { ticks }');
    const next = results.next();
    (await started()).fail(new LiveStoppedError());
    const step = await next;
    expect((step.value as ExecutionResult).errors).toMatchObject([
      { extensions: { code: 'SERVER_STOPPING' } },
    ]);
    client.dispose();
  });

  test('ends with its token, and says so', async () => {
    const { client, results } = watch('subscription { ticks }', await fixture.token({ lifetime: 3 }));
    const next = results.next();
    (await started()).push('before');
    expect((await next).value).toEqual({ data: { ticks: 'before' } });
    expect((await results.next()).value).toEqual({
      errors: [{ message: 'The token has expired.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await results.next()).done).toBe(true);
    client.dispose();
    await noneOpen();
  });

  test('without a token is refused with 401', async () => {
    const response = await fetch(fixture.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { ticks }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('UNAUTHENTICATED');
  });

  test('with a syntax error says so', async () => {
    const { client, results } = watch('subscription {');
    const answer: unknown = await results.next().then(
      (step) => step.value as ExecutionResult,
      (error: unknown) => error,
    );
    expect(JSON.stringify(answer)).toContain('GRAPHQL_PARSE_FAILED');
    client.dispose();
  });

  test('whose client goes away at once leaves nothing behind', async () => {
    const bodies = Array.from({ length: 20 }, async (_, index) => {
      const away = new AbortController();
      const answer = fetch(fixture.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ query: 'subscription { ticks }' }),
        signal: away.signal,
      });
      // Some go before the request is read, some while it is authenticated, some after.
      setTimeout(() => {
        away.abort();
      }, index);
      await answer.then((response) => response.text()).catch(() => undefined);
    });
    await Promise.all(bodies);
    // After this, whatever was to start has started.
    await fixture.ask(token, { query: '{ viewer }' });
    await noneOpen();
  });

  test('asked for as JSON is refused', async () => {
    const response = await fetch(fixture.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: 'subscription { ticks }' }),
    });
    expect(response.status).toBe(406);
    expect(await response.text()).toContain('NOT_ACCEPTABLE');
    await noneOpen();
  });
});
