import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';

interface EntityAnswer {
  readonly id: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}
interface Result {
  readonly __typename: string;
  readonly entity?: EntityAnswer;
  readonly issues?: readonly { readonly path: string; readonly code: string }[];
}

const CREATE = /* GraphQL */ `
  mutation CreateEntity($input: CreateEntityInput!) {
    result: createEntity(input: $input) {
      __typename
      ... on CreateEntityPayload {
        entity {
          id
          schema
          title
          attributes
          version
          createdAt
          updatedAt
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
    }
  }
`;
const UPDATE = /* GraphQL */ `
  mutation UpdateEntity($input: UpdateEntityInput!) {
    result: updateEntity(input: $input) {
      __typename
      ... on UpdateEntityPayload {
        entity {
          id
          title
          attributes
          version
          createdAt
          updatedAt
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on VersionConflictProblem {
        currentVersion
        current {
          ... on Entity {
            title
          }
        }
      }
    }
  }
`;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function run(document: string, input: Record<string, unknown>): Promise<Result> {
  return (await api.data<{ result: Result }>(api.member, document, { input })).result;
}

async function created(input: Record<string, unknown> = {}): Promise<EntityAnswer> {
  const { entity } = await run(CREATE, { schema: 'order', title: 'Wallbox', ...input });
  if (!entity) throw new Error('the entity was not created');
  return entity;
}

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner) => ({ inner }), 1);
}

describe('createEntity', () => {
  test('adds an entity and records what it is', async () => {
    const attributes = { customer: { city: 'Lindental' }, kWp: 9.8, tags: ['roof', null] };
    const entity = await created({ schema: 'service_order', title: ' Roof ', attributes });
    expect(entity).toEqual({
      id: entity.id,
      schema: 'service_order',
      title: 'Roof',
      attributes,
      version: 1,
      createdAt: api.clock.now().toISOString(),
      updatedAt: api.clock.now().toISOString(),
    });
    const key = parseId(entity.id)?.key;
    expect((await api.events(api.member)).at(-1)).toMatchObject({
      type: 'ENTITY_CREATED',
      subjectType: 'ENTITY',
      subjectId: key,
      entityIds: [key],
      actorId: api.member.userId,
      changedFields: ['attributes', 'schema', 'title'],
      data: { schema: 'service_order', title: 'Roof', attributes },
    });
  });

  test('answers the first entity again when the request is repeated, whatever the order of its attributes', async () => {
    const first = await created({ attributes: { a: 1, b: 2 }, idempotencyKey: 'once' });
    expect((await created({ attributes: { b: 2, a: 1 }, idempotencyKey: 'once' })).id).toBe(first.id);
  });

  test('refuses an idempotency key that was used with other attributes', async () => {
    await created({ attributes: { a: 1 }, idempotencyKey: 'used' });
    const input = { schema: 'order', title: 'Wallbox', attributes: { a: 2 }, idempotencyKey: 'used' };
    expect(await run(CREATE, input)).toEqual({ __typename: 'IdempotencyConflictProblem' });
  });

  test('keeps every name and text that JSON can have', async () => {
    const attributes = JSON.parse(
      '{"__proto__": {"x": 1}, "": "\\\\u0000", "ü.ä": "😀", "n": -1.5e300}',
    ) as object;
    const { entity } = await run(CREATE, { schema: 'order', title: 'Odd', attributes });
    expect(JSON.stringify(entity?.attributes).length).toBe(JSON.stringify(attributes).length);
    expect(Object.keys(entity?.attributes ?? {}).sort()).toEqual(Object.keys(attributes).sort());
  });

  test('allows 20 levels of attributes', async () => {
    expect((await created({ attributes: nested(20) })).version).toBe(1);
  });

  test.each([
    ['an empty title', { title: ' \n' }, 'title', 'EMPTY'],
    ['a title of 10,000 characters', { title: 'x'.repeat(10_000) }, 'title', 'TOO_LONG'],
    ['an empty schema', { schema: '' }, 'schema', 'FORMAT'],
    ['a schema with capitals and spaces', { schema: 'Service Order' }, 'schema', 'FORMAT'],
    ['a schema of 10,000 characters', { schema: 'x'.repeat(10_000) }, 'schema', 'FORMAT'],
    ['a list as attributes', { attributes: [1] }, 'attributes', 'FORMAT'],
    ['text as attributes', { attributes: 'text' }, 'attributes', 'FORMAT'],
    ['21 levels of attributes', { attributes: nested(21) }, 'attributes', 'TOO_DEEP'],
    ['more than 256 KiB of attributes', { attributes: { x: 'ä'.repeat(131_100) } }, 'attributes', 'TOO_LONG'],
    ['NUL in the attributes', { attributes: { x: 'a\0b' } }, 'attributes', 'FORMAT'],
    ['half a character in the attributes', { attributes: { x: '\ud83d' } }, 'attributes', 'FORMAT'],
    ['half a character in a name', { attributes: { ['\udc00']: 1 } }, 'attributes', 'FORMAT'],
  ])('refuses %s and changes nothing', async (_what, input, path, code) => {
    const before = (await api.events(api.member)).length;
    expect(await run(CREATE, { schema: 'order', title: 'Bad', ...input })).toEqual({
      __typename: 'InvalidInputProblem',
      issues: [{ path, code }],
    });
    expect(await api.events(api.member)).toHaveLength(before);
  });

  test('is forbidden to partners', async () => {
    const input = { schema: 'order', title: 'No' };
    expect(await api.errorCodes(api.partner, CREATE, { input })).toEqual(['FORBIDDEN']);
  });

  test('costs a handful of statements', async () => {
    api.resetStatements();
    await created();
    expect(api.statements().length).toBeLessThanOrEqual(5);
  });
});

describe('updateEntity', () => {
  test('merges into the attributes and names the innermost that changed', async () => {
    const { id } = await created({ attributes: { customer: { name: 'N', city: 'A' }, phone: '1', kWp: 5 } });
    api.clock.advance(1_000);
    const patch = { customer: { city: 'B', email: 'n@example.org' }, phone: null, kWp: 5 };
    const { entity } = await run(UPDATE, { entityId: id, attributes: patch });

    expect(entity).toMatchObject({
      attributes: { customer: { name: 'N', city: 'B', email: 'n@example.org' }, kWp: 5 },
      version: 2,
      updatedAt: api.clock.now().toISOString(),
    });
    expect(entity?.createdAt).not.toBe(entity?.updatedAt);
    expect((await api.events(api.member)).at(-1)).toMatchObject({
      type: 'ENTITY_UPDATED',
      entityIds: [parseId(id)?.key],
      changedFields: ['attributes.customer.city', 'attributes.customer.email', 'attributes.phone'],
      data: { attributes: { customer: { city: 'B', email: 'n@example.org' }, phone: null } },
    });
  });

  test('changes the title alone', async () => {
    const { id } = await created({ attributes: { a: 1 } });
    expect((await run(UPDATE, { entityId: id, title: 'New' })).entity).toMatchObject({
      title: 'New',
      attributes: { a: 1 },
    });
    expect((await api.events(api.member)).at(-1)).toMatchObject({
      changedFields: ['title'],
      data: { title: 'New' },
    });
  });

  test('names the outermost attributes when more than 200 inside them changed', async () => {
    const { id } = await created();
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`k${index}`, index]));
    await run(UPDATE, { entityId: id, attributes: { many } });
    expect((await api.events(api.member)).at(-1)?.changedFields).toEqual(['attributes.many']);
  });

  test.each([
    ['nothing is given', {}],
    [
      'everything is that already',
      { title: ' Wallbox', attributes: { a: { b: [1, { c: null }] }, gone: null } },
    ],
  ])('writes nothing when %s', async (_what, input) => {
    const { id } = await created({ attributes: { a: { b: [1, { c: null }] } } });
    const before = (await api.events(api.member)).length;
    expect((await run(UPDATE, { entityId: id, ...input })).entity?.version).toBe(1);
    expect(await api.events(api.member)).toHaveLength(before);
  });

  test('loses none of several changes at the same time', async () => {
    const { id } = await created();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => run(UPDATE, { entityId: id, attributes: { [name]: 1 } })),
    );
    const { entity } = await api.data<{ entity: EntityAnswer }>(
      api.member,
      'query($id: ID!) { entity(id: $id) { attributes version } }',
      { id },
    );
    expect(entity).toEqual({ attributes: { a: 1, b: 1, c: 1, d: 1 }, version: 5 });
  });

  test('refuses another version than the expected one and shows the entity as it is', async () => {
    const { id } = await created();
    await run(UPDATE, { entityId: id, title: 'Two' });
    expect(await run(UPDATE, { entityId: id, title: 'Three', expectedVersion: 1 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 2,
      current: { title: 'Two' },
    });
  });

  test('refuses what would make the attributes too large or too deep', async () => {
    const { id } = await created({ attributes: { text: 'x'.repeat(200_000) } });
    expect((await run(UPDATE, { entityId: id, attributes: { more: 'x'.repeat(100_000) } })).issues).toEqual([
      { path: 'attributes', code: 'TOO_LONG' },
    ]);
    expect((await run(UPDATE, { entityId: id, attributes: nested(21) })).issues).toEqual([
      { path: 'attributes', code: 'TOO_DEEP' },
    ]);
  });

  test.each([
    ['no id', 'nonsense'],
    ['an empty id', ''],
    ['the id of another type', encodeId('Team', '01890000-0000-7000-8000-000000000000')],
    ['an id without a key', encodeId('Entity', 'x')],
  ])('refuses %s', async (_what, entityId) => {
    expect((await run(UPDATE, { entityId, title: 'X' })).issues).toEqual([
      { path: 'entityId', code: 'INVALID_ID' },
    ]);
  });

  test('does not find an entity that does not exist', async () => {
    const entityId = encodeId('Entity', '01890000-0000-7000-8000-000000000000');
    expect(await run(UPDATE, { entityId, title: 'X' })).toEqual({ __typename: 'NotFoundProblem' });
  });

  test('is forbidden to partners', async () => {
    const { id } = await created();
    expect(await api.errorCodes(api.partner, UPDATE, { input: { entityId: id } })).toEqual(['FORBIDDEN']);
  });
});

describe('entity', () => {
  test('is found by its id, as a node too', async () => {
    const { id } = await created({ title: 'Found' });
    const query =
      'query($id: ID!) { entity(id: $id) { title } node(id: $id) { id ... on Entity { title } } }';
    expect(await api.data(api.member, query, { id })).toEqual({
      entity: { title: 'Found' },
      node: { id, title: 'Found' },
    });
  });

  test('is an error for what is no entity’s id', async () => {
    const query = 'query($id: ID!) { entity(id: $id) { title } }';
    const ofTeam = encodeId('Team', '01890000-0000-7000-8000-000000000000');
    for (const id of ['nonsense', '', ofTeam]) {
      expect(await api.errorCodes(api.member, query, { id })).toEqual(['BAD_USER_INPUT']);
    }
  });
});
