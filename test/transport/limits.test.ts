import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMITS } from '../../src/http/limits.ts';
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

function nested(levels: number): string {
  return `{ ${'self { '.repeat(levels - 1)}name${' }'.repeat(levels - 1)} }`;
}

function aliased(count: number): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: hello`).join(' ')} }`;
}

async function complaint(query: string): Promise<{ status: number; code: unknown; message: unknown }> {
  const { status, body } = await fixture.ask(token, { query });
  const [error] = body.errors ?? [];
  return { status, code: error?.extensions.code, message: error?.message };
}

test('what is just within the limits is answered', async () => {
  expect((await fixture.ask(token, { query: nested(LIMITS.depth) })).body.errors).toBeUndefined();
  expect((await fixture.ask(token, { query: aliased(LIMITS.aliases) })).body.errors).toBeUndefined();
});

test('a query that is too deep is refused', async () => {
  expect(await complaint(nested(LIMITS.depth + 1))).toEqual({
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
    message: 'The operation is nested more deeply than 15 levels.',
  });
});

test('fragments do not hide depth', async () => {
  const half = (name: string, inner: string) =>
    `fragment ${name} on Self { ${'self { '.repeat(8)}${inner}${' }'.repeat(8)} }`;
  const query = `{ self { ...one } } ${half('one', '...two')} ${half('two', 'name')}`;
  expect((await complaint(query)).code).toBe('QUERY_TOO_COMPLEX');
});

test('too many aliases are refused', async () => {
  expect(await complaint(aliased(LIMITS.aliases + 1))).toEqual({
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
    message: 'The operation has more than 100 aliases.',
  });
});

test('fragments do not hide aliases', async () => {
  const spreads = Array.from({ length: 11 }, (_, index) => `f${index}: self { ...ten }`).join(' ');
  const names = Array.from({ length: 10 }, (_, index) => `n${index}: name`).join(' ');
  expect((await complaint(`{ ${spreads} } fragment ten on Self { ${names} }`)).code).toBe(
    'QUERY_TOO_COMPLEX',
  );
});

test('a document of too many tokens is refused', async () => {
  expect(await complaint(`{ ${'hello '.repeat(LIMITS.tokens)} }`)).toEqual({
    status: 400,
    code: 'QUERY_TOO_COMPLEX',
    message: 'The document has more than 5000 tokens.',
  });
});

test('introspection as GraphiQL sends it is answered', async () => {
  const query = getIntrospectionQuery({
    schemaDescription: true,
    inputValueDeprecation: true,
    specifiedByUrl: true,
  });
  expect((await fixture.ask(token, { query })).body.errors).toBeUndefined();
});

test('several operations in one request are refused', async () => {
  const { status, body } = await fixture.ask(token, [{ query: '{ hello }' }, { query: '{ hello }' }]);
  expect(status).toBe(400);
  expect(body.errors?.[0]?.message).toBe('Batching is not supported.');
});

test('a body of more than 1 MiB is refused', async () => {
  const response = await fetch(fixture.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ hello }', variables: { x: 'x'.repeat(1024 * 1024) } }),
  });
  expect(response.status).toBe(413);
});
