import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { CreateEntityInput, UpdateEntityInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const CREATE = graphql(`
  mutation EntitiesCreate($input: CreateEntityInput!) {
    createEntity(input: $input) {
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
`);
const UPDATE = graphql(`
  mutation EntitiesUpdate($input: UpdateEntityInput!) {
    updateEntity(input: $input) {
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
`);

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function create(input: Partial<CreateEntityInput>) {
  const whole = { schema: 'order', title: 'Wallbox', ...input };
  return present((await api.data(api.member, CREATE, { input: whole })).createEntity);
}

async function created(input: Partial<CreateEntityInput> = {}) {
  return ofType(await create(input), 'CreateEntityPayload').entity;
}

async function update(input: UpdateEntityInput) {
  return present((await api.data(api.member, UPDATE, { input })).updateEntity);
}

async function updated(input: UpdateEntityInput) {
  return ofType(await update(input), 'UpdateEntityPayload').entity;
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
    expect(await create({ attributes: { a: 2 }, idempotencyKey: 'used' })).toEqual({
      __typename: 'IdempotencyConflictProblem',
    });
  });

  test('keeps every name and text that JSON can have', async () => {
    const attributes = JSON.parse(
      '{"__proto__": {"x": 1}, "": "\\\\u0000", "ü.ä": "😀", "n": -1.5e300}',
    ) as object;
    const kept = (await created({ attributes })).attributes as object;
    expect(JSON.stringify(kept).length).toBe(JSON.stringify(attributes).length);
    expect(Object.keys(kept).sort()).toEqual(Object.keys(attributes).sort());
  });

  test('allows 20 levels of attributes', async () => {
    expect((await created({ attributes: nested(20) })).version).toBe(1);
  });

  test.each<[what: string, input: Partial<CreateEntityInput>, path: string, code: string]>([
    ['an empty title', { title: ' \n' }, 'title', 'EMPTY'],
    ['a title of 10,000 characters', { title: 'x'.repeat(10_000) }, 'title', 'TOO_LONG'],
    ['an empty schema', { schema: '' }, 'schema', 'EMPTY'],
    ['a schema with capitals and spaces', { schema: 'Service Order' }, 'schema', 'INVALID_CHARACTER'],
    ['a schema of 10,000 characters', { schema: 'x'.repeat(10_000) }, 'schema', 'TOO_LONG'],
    ['a list as attributes', { attributes: [1] }, 'attributes', 'INVALID_TYPE'],
    ['text as attributes', { attributes: 'text' }, 'attributes', 'INVALID_TYPE'],
    ['21 levels of attributes', { attributes: nested(21) }, 'attributes', 'TOO_DEEP'],
    ['more than 256 KiB of attributes', { attributes: { x: 'ä'.repeat(131_100) } }, 'attributes', 'TOO_LONG'],
    ['NUL in the attributes', { attributes: { x: 'a\0b' } }, 'attributes', 'INVALID_CHARACTER'],
    [
      'half a character in the attributes',
      { attributes: { x: '\ud83d' } },
      'attributes',
      'INVALID_CHARACTER',
    ],
    ['half a character in a name', { attributes: { ['\udc00']: 1 } }, 'attributes', 'INVALID_CHARACTER'],
  ])('refuses %s and changes nothing', async (_what, input, path, code) => {
    const before = (await api.events(api.member)).length;
    expect(await create(input)).toEqual({
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
    const entity = await updated({ entityId: id, attributes: patch });

    expect(entity).toMatchObject({
      attributes: { customer: { name: 'N', city: 'B', email: 'n@example.org' }, kWp: 5 },
      version: 2,
      updatedAt: api.clock.now().toISOString(),
    });
    expect(entity.createdAt).not.toBe(entity.updatedAt);
    expect((await api.events(api.member)).at(-1)).toMatchObject({
      type: 'ENTITY_UPDATED',
      entityIds: [parseId(id)?.key],
      changedFields: ['attributes.customer.city', 'attributes.customer.email', 'attributes.phone'],
      data: { attributes: { customer: { city: 'B', email: 'n@example.org' }, phone: null } },
    });
  });

  test('changes the title alone', async () => {
    const { id } = await created({ attributes: { a: 1 } });
    expect(await updated({ entityId: id, title: 'New' })).toMatchObject({
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
    await updated({ entityId: id, attributes: { many } });
    expect((await api.events(api.member)).at(-1)?.changedFields).toEqual(['attributes.many']);
  });

  test.each<[when: string, input: Omit<UpdateEntityInput, 'entityId'>]>([
    ['nothing is given', {}],
    [
      'everything is that already',
      { title: ' Wallbox', attributes: { a: { b: [1, { c: null }] }, gone: null } },
    ],
  ])('writes nothing when %s', async (_what, input) => {
    const { id } = await created({ attributes: { a: { b: [1, { c: null }] } } });
    const before = (await api.events(api.member)).length;
    expect((await updated({ entityId: id, ...input })).version).toBe(1);
    expect(await api.events(api.member)).toHaveLength(before);
  });

  test('loses none of several changes at the same time', async () => {
    const { id } = await created();
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => updated({ entityId: id, attributes: { [name]: 1 } })),
    );
    const query = graphql(`
      query EntitiesAttributes($id: ID!) {
        entity(id: $id) {
          attributes
          version
        }
      }
    `);
    const { entity } = await api.data(api.member, query, { id });
    expect(entity).toEqual({ attributes: { a: 1, b: 1, c: 1, d: 1 }, version: 5 });
  });

  test('refuses another version than the expected one and shows the entity as it is', async () => {
    const { id } = await created();
    await updated({ entityId: id, title: 'Two' });
    expect(await update({ entityId: id, title: 'Three', expectedVersion: 1 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 2,
      current: { title: 'Two' },
    });
  });

  test('refuses what would make the attributes too large or too deep', async () => {
    const { id } = await created({ attributes: { text: 'x'.repeat(200_000) } });
    const more = 'x'.repeat(100_000);
    expect(issuesOf(await update({ entityId: id, attributes: { more } }))).toEqual([
      { path: 'attributes', code: 'TOO_LONG' },
    ]);
    expect(issuesOf(await update({ entityId: id, attributes: nested(21) }))).toEqual([
      { path: 'attributes', code: 'TOO_DEEP' },
    ]);
  });

  test.each([
    ['no id', 'nonsense'],
    ['an empty id', ''],
    ['the id of another type', encodeId('Team', '01890000-0000-7000-8000-000000000000')],
    ['an id without a key', encodeId('Entity', 'x')],
  ])('refuses %s', async (_what, entityId) => {
    expect(issuesOf(await update({ entityId, title: 'X' }))).toEqual([
      { path: 'entityId', code: 'INVALID_ID' },
    ]);
  });

  test('does not find an entity that does not exist', async () => {
    const entityId = encodeId('Entity', '01890000-0000-7000-8000-000000000000');
    expect(await update({ entityId, title: 'X' })).toEqual({ __typename: 'NotFoundProblem' });
  });

  test('is forbidden to partners', async () => {
    const { id } = await created();
    expect(await api.errorCodes(api.partner, UPDATE, { input: { entityId: id } })).toEqual(['FORBIDDEN']);
  });
});

describe('entity', () => {
  test('is found by its id, as a node too', async () => {
    const { id } = await created({ title: 'Found' });
    const query = graphql(`
      query EntitiesNode($id: ID!) {
        entity(id: $id) {
          title
        }
        node(id: $id) {
          id
          ... on Entity {
            title
          }
        }
      }
    `);
    expect(await api.data(api.member, query, { id })).toEqual({
      entity: { title: 'Found' },
      node: { id, title: 'Found' },
    });
  });

  test('is an error for what is no entity’s id', async () => {
    const query = graphql(`
      query EntitiesTitle($id: ID!) {
        entity(id: $id) {
          title
        }
      }
    `);
    const ofTeam = encodeId('Team', '01890000-0000-7000-8000-000000000000');
    for (const id of ['nonsense', '', ofTeam]) {
      expect(await api.errorCodes(api.member, query, { id })).toEqual(['BAD_USER_INPUT']);
    }
  });
});
