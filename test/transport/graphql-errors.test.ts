import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTransport, type TransportFixture } from '../support/transport-fixture.ts';

let fixture: TransportFixture;
let token: string;

beforeAll(async () => {
  fixture = await openTransport();
  token = await fixture.token();
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
});

describe('who is asking', () => {
  test('a valid token is answered', async () => {
    expect(await fixture.ask(token, { query: '{ viewer }' })).toEqual({
      status: 200,
      body: { data: { viewer: 'ann (member)' } },
    });
  });

  test('no token is UNAUTHENTICATED, whatever is asked', async () => {
    for (const query of ['{ hello }', '{ __typename }', '{ nothing }', '{']) {
      const { status, body } = await fixture.ask(null, { query });
      expect(status).toBe(401);
      expect(body).toEqual({
        errors: [
          {
            message: 'There is no token: send the header "Authorization: Bearer <token>".',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      });
    }
  });

  test('no token is 401 also for clients that expect application/json', async () => {
    const { status } = await fixture.ask(null, { query: '{ hello }' }, { accept: 'application/json' });
    expect(status).toBe(401);
  });

  test('an expired token is UNAUTHENTICATED', async () => {
    const { status, body } = await fixture.ask(await fixture.token({ lifetime: -1 }), { query: '{ hello }' });
    expect(status).toBe(401);
    expect(body.errors?.[0]).toEqual({
      message: 'The token has expired.',
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});

describe('what goes wrong', () => {
  test('unexpectedly is told without its reason, and logged with it', async () => {
    const { body } = await fixture.ask(token, { query: '{ boom hello }' });
    expect(body.data).toEqual({ boom: null, hello: 'world' });
    expect(body.errors).toEqual([
      {
        message: "Unexpected error; the server's log has more under request request-1.",
        path: ['boom'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' },
      },
    ]);
    expect(fixture.logged.at(-1)?.err).toMatchObject({
      message: 'password of the database is hunter2',
      stack: expect.stringContaining('tiny-schema') as string,
    });
  });

  test('in a resolver’s result is unexpected', async () => {
    const { body } = await fixture.ask(token, { query: '{ whole }' });
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  });

  test('on purpose is told as it is', async () => {
    const { body } = await fixture.ask(token, { query: '{ refused }' });
    expect(body.errors?.[0]).toMatchObject({ message: 'Not you.', extensions: { code: 'FORBIDDEN' } });
  });

  test.each([
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'an unknown operation',
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['a missing variable', { query: 'query ($n: Int!) { echo(number: $n) }' }, 'BAD_USER_INPUT'],
    [
      'a wrong variable',
      { query: 'query ($n: Int!) { echo(number: $n) }', variables: { n: 'x' } },
      'BAD_USER_INPUT',
    ],
    ['no query', {}, 'BAD_REQUEST'],
  ])('as %s has a code', async (_what, body, code) => {
    const answer = await fixture.ask(token, body);
    expect(answer.body.errors?.[0]?.extensions.code).toBe(code);
  });
});

test('a resolver sees its context change', async () => {
  const { body } = await fixture.ask(token, { query: 'mutation { a: step b: step }' });
  expect(body.data).toEqual({ a: 1, b: 2 });
});
