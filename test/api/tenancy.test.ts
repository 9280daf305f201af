import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClosingReason } from '../../src/commands/closing-reasons.ts';
import { createEntity } from '../../src/commands/entities.ts';
import type { CommandResult } from '../../src/commands/execute.ts';
import { createTeam } from '../../src/commands/teams.ts';
import { createUser } from '../../src/commands/users.ts';
import { encodeId, type NodeType } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';

let api: TestApi;
/** Objects of the organization that the tests' viewer is not in. */
let foreign: Readonly<Record<'User' | 'Team' | 'Entity' | 'ClosingReason', string>>;

async function idOf(type: NodeType, result: Promise<CommandResult<string>>): Promise<string> {
  const answer = await result;
  if (!answer.ok) throw new Error(`the ${type} was not created`);
  return encodeId(type, answer.value);
}

beforeAll(async () => {
  api = await createTestApi();
  const there = api.context(api.admin);
  foreign = {
    User: await idOf(
      'User',
      createUser(there, {
        name: 'Theirs',
        kind: 'INTERNAL',
        email: 'theirs@lindental.example',
        company: null,
      }),
    ),
    Team: await idOf('Team', createTeam(there, { name: 'Theirs', memberIds: [] })),
    Entity: await idOf(
      'Entity',
      createEntity(there, { schema: 'order', title: 'Theirs', attributes: { a: 1 } }),
    ),
    ClosingReason: await idOf('ClosingReason', createClosingReason(there, { title: 'Theirs' })),
  };
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('an object of another organization', () => {
  test.each(['User', 'Team', 'Entity', 'ClosingReason'] as const)('is no node: %s', async (type) => {
    const query = graphql(`
      query TenancyNode($id: ID!) {
        node(id: $id) {
          id
        }
        nodes(ids: [$id]) {
          id
        }
      }
    `);
    expect(await api.data(api.otherAdmin, query, { id: foreign[type] })).toEqual({
      node: null,
      nodes: [null],
    });
  });

  test('is not found by the queries for one', async () => {
    const query = graphql(`
      query TenancyOne($team: ID!, $entity: ID!) {
        team(id: $team) {
          name
        }
        entity(id: $entity) {
          title
        }
      }
    `);
    const variables = { team: foreign.Team, entity: foreign.Entity };
    expect(await api.data(api.otherAdmin, query, variables)).toEqual({ team: null, entity: null });
  });

  test('is in no list and no count', async () => {
    const query = graphql(`
      query TenancyLists {
        teams {
          name
        }
        closingReasons {
          title
        }
        users(search: "Theirs") {
          totalCount
          nodes {
            name
          }
        }
        entities(filter: { attributes: [{ path: "a", equals: 1 }] }) {
          totalCount
          nodes {
            title
          }
        }
      }
    `);
    expect(await api.data(api.otherAdmin, query)).toEqual({
      teams: [],
      closingReasons: [],
      users: { totalCount: 0, nodes: [] },
      entities: { totalCount: 0, nodes: [] },
    });
  });

  test.each([
    ['updateUser', 'User', 'userId', { name: 'Mine' }],
    ['updateTeam', 'Team', 'teamId', { name: 'Mine' }],
    ['updateEntity', 'Entity', 'entityId', { title: 'Mine', attributes: { a: 2 } }],
    ['deleteEntity', 'Entity', 'entityId', {}],
    ['updateClosingReason', 'ClosingReason', 'closingReasonId', { title: 'Mine' }],
    ['setClosingReasonStatus', 'ClosingReason', 'closingReasonId', { status: 'INACTIVE' }],
  ] as const)('is not found by %s, which changes nothing', async (name, type, field, change) => {
    const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation($input: ${inputType}) { result: ${name}(input: $input) {
      __typename ... on NotFoundProblem { type id }
    } }`;
    const [ours, theirs] = [await api.events(api.otherAdmin), await api.events(api.admin)];
    // Also with a version: nobody learns from the answer that the object exists elsewhere.
    for (const expectedVersion of [undefined, 1, 99]) {
      const input = { [field]: foreign[type], expectedVersion, ...change };
      expect(await api.data(api.otherAdmin, document, { input })).toEqual({
        result: { __typename: 'NotFoundProblem', type, id: foreign[type] },
      });
    }
    expect(await api.events(api.otherAdmin)).toEqual(ours);
    expect(await api.events(api.admin)).toEqual(theirs);
  });

  test('can’t become a member of a team', async () => {
    const document = graphql(`
      mutation TenancyMixedTeam($input: CreateTeamInput!) {
        result: createTeam(input: $input) {
          __typename
          ... on InvalidInputProblem {
            issues {
              path
              code
            }
          }
        }
      }
    `);
    const input = { name: 'Mixed', memberIds: [foreign.User] };
    expect(await api.data(api.otherAdmin, document, { input })).toEqual({
      result: { __typename: 'InvalidInputProblem', issues: [{ path: 'memberIds[0]', code: 'UNKNOWN_USER' }] },
    });
  });
});

describe('two organizations', () => {
  test('can use the same names, addresses, external ids and idempotency keys', async () => {
    const document = graphql(`
      mutation TenancyBoth {
        createUser(
          input: {
            name: "Both"
            kind: INTERNAL
            email: "both@x.example"
            externalId: "both"
            idempotencyKey: "user"
          }
        ) {
          __typename
        }
        createTeam(input: { name: "Both", idempotencyKey: "team" }) {
          __typename
        }
        createClosingReason(input: { title: "Both", idempotencyKey: "reason" }) {
          __typename
        }
        createEntity(input: { schema: "order", title: "Both", idempotencyKey: "entity" }) {
          __typename
        }
      }
    `);
    const answers = {
      createUser: { __typename: 'CreateUserPayload' },
      createTeam: { __typename: 'CreateTeamPayload' },
      createClosingReason: { __typename: 'CreateClosingReasonPayload' },
      createEntity: { __typename: 'CreateEntityPayload' },
    };
    expect(await api.data(api.admin, document)).toEqual(answers);
    expect(await api.data(api.otherAdmin, document)).toEqual(answers);
  });

  test('have logs that begin with 1 each', async () => {
    const document = graphql(`
      mutation TenancyFirst {
        createTeam(input: { name: "First" }) {
          ... on CreateTeamPayload {
            position
          }
        }
      }
    `);
    const stranger = await api.viewer('stranger', { organization: 'fresh', roles: ['admin'] });
    await api.data(stranger, document);
    expect((await api.events(stranger)).map(({ seq }) => seq)).toEqual([1]);
  });
});
