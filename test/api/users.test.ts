import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { CreateUserInput, UpdateUserInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const CREATE = graphql(`
  mutation UsersCreate($input: CreateUserInput!) {
    createUser(input: $input) {
      __typename
      ... on CreateUserPayload {
        position
        user {
          id
          name
          email
          kind
          company
          isActive
          externalId
          version
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on IdempotencyConflictProblem {
        idempotencyKey
      }
    }
  }
`);

const UPDATE = graphql(`
  mutation UsersUpdate($input: UpdateUserInput!) {
    updateUser(input: $input) {
      __typename
      ... on UpdateUserPayload {
        user {
          id
          name
          email
          company
          isActive
          version
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
          ... on User {
            name
          }
        }
      }
    }
  }
`);

const SEARCH = graphql(`
  query UsersSearch($search: String) {
    users(search: $search) {
      nodes {
        name
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

async function create(input: CreateUserInput) {
  const { createUser } = await api.data(api.admin, CREATE, { input });
  return present(createUser);
}

async function created(input: Omit<CreateUserInput, 'kind'>) {
  return ofType(await create({ kind: 'INTERNAL', ...input }), 'CreateUserPayload').user;
}

async function update(input: UpdateUserInput) {
  const { updateUser } = await api.data(api.admin, UPDATE, { input });
  return present(updateUser);
}

async function updated(input: UpdateUserInput) {
  return ofType(await update(input), 'UpdateUserPayload').user;
}

async function namesLike(search: string): Promise<string[]> {
  const { users } = await api.data(api.admin, SEARCH, { search });
  return present(users).nodes.map(({ name }) => name);
}

test('viewer is the user whom the token names', async () => {
  const query = graphql(`
    query UsersViewer {
      viewer {
        name
        kind
        isActive
      }
    }
  `);
  expect(await api.data(api.partner, query)).toEqual({
    viewer: { name: 'partner', kind: 'PARTNER', isActive: true },
  });
});

describe('createUser', () => {
  test('adds an active user and records who they are', async () => {
    const input = { name: ' Ann Lee ', email: 'Ann@Acme.Example ', company: 'Acme', externalId: 'ann' };
    const { user } = ofType(await create({ ...input, kind: 'PARTNER' }), 'CreateUserPayload');

    const fields = {
      name: 'Ann Lee',
      kind: 'PARTNER',
      email: 'ann@acme.example',
      company: 'Acme',
      externalId: 'ann',
      isActive: true,
    };
    expect(user).toEqual({ ...fields, id: expect.any(String) as string, version: 1 });
    expect((await api.events(api.admin)).at(-1)).toMatchObject({
      type: 'USER_CREATED',
      subjectType: 'USER',
      version: 1,
      actorId: api.admin.userId,
      changedFields: ['company', 'email', 'externalId', 'isActive', 'kind', 'name'],
      data: fields,
    });
  });

  test('makes a person whom a token with their external id then signs in', async () => {
    await created({ name: 'Known Before', externalId: 'known' });
    expect((await api.viewer('known')).name).toBe('Known Before');
  });

  test('answers the first user again when the request is repeated with its idempotency key', async () => {
    const input = { name: 'Once', idempotencyKey: 'once' };
    const first = await created(input);
    expect((await created(input)).id).toBe(first.id);
    expect(await namesLike('Once')).toEqual(['Once']);
  });

  test('refuses an idempotency key that was used with another input', async () => {
    await create({ name: 'First', kind: 'INTERNAL', idempotencyKey: 'used' });
    expect(await create({ name: 'Second', kind: 'INTERNAL', idempotencyKey: 'used' })).toEqual({
      __typename: 'IdempotencyConflictProblem',
      idempotencyKey: 'used',
    });
  });

  test.each<[what: string, input: Partial<CreateUserInput>, path: string, code: string]>([
    ['an empty name', { name: '  ' }, 'name', 'EMPTY'],
    ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, 'name', 'TOO_LONG'],
    ['text that is no e-mail address', { email: 'nobody' }, 'email', 'INVALID_EMAIL'],
    [
      'an e-mail address of 10,000 characters',
      { email: `${'x'.repeat(10_000)}@a.example` },
      'email',
      'TOO_LONG',
    ],
    ['a company for a colleague', { company: 'Acme' }, 'company', 'NOT_ALLOWED'],
    ['an empty idempotency key', { idempotencyKey: '' }, 'idempotencyKey', 'EMPTY'],
  ])('refuses %s and changes nothing', async (_what, input, path, code) => {
    const before = (await api.events(api.admin)).length;
    expect(await create({ name: 'Bad', kind: 'INTERNAL', ...input })).toEqual({
      __typename: 'InvalidInputProblem',
      issues: [{ path, code }],
    });
    expect(await api.events(api.admin)).toHaveLength(before);
    expect(await namesLike('Bad')).toEqual([]);
  });

  test('refuses an e-mail address that another user has, in whatever case', async () => {
    await created({ name: 'Holder', email: 'held@lindental.example' });
    expect(await create({ name: 'Rival', kind: 'INTERNAL', email: 'HELD@lindental.example' })).toEqual({
      __typename: 'InvalidInputProblem',
      issues: [{ path: 'email', code: 'TAKEN' }],
    });
  });

  test('refuses an external id that another user has', async () => {
    expect(await create({ name: 'Rival', kind: 'INTERNAL', externalId: 'admin' })).toEqual({
      __typename: 'InvalidInputProblem',
      issues: [{ path: 'externalId', code: 'TAKEN' }],
    });
  });

  test('lets one of several requests at the same time have the e-mail address', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        create({ name: `Racer ${n}`, kind: 'INTERNAL', email: 'race@lindental.example' }),
      ),
    );
    const made = results.filter(({ __typename }) => __typename === 'CreateUserPayload');
    const refused = results.filter(
      (result) => result.__typename === 'InvalidInputProblem' && result.issues[0]?.code === 'TAKEN',
    );
    expect([made.length, refused.length]).toEqual([1, 3]);
  });

  test.each(['designer', 'member', 'partner'] as const)('is forbidden to a %s', async (role) => {
    const input = { name: 'No', kind: 'INTERNAL' };
    expect(await api.errorCodes(api[role], CREATE, { input })).toEqual(['FORBIDDEN']);
  });
});

describe('updateUser', () => {
  test('changes what is given and leaves the rest', async () => {
    const { id } = await created({ name: 'Ben', email: 'ben@lindental.example' });
    expect(await updated({ userId: id, name: 'Benno' })).toMatchObject({
      name: 'Benno',
      email: 'ben@lindental.example',
      version: 2,
    });
    expect((await api.events(api.admin)).at(-1)).toMatchObject({
      type: 'USER_UPDATED',
      version: 2,
      changedFields: ['name'],
      data: { name: 'Benno' },
    });
  });

  test('removes an e-mail address with null', async () => {
    const { id } = await created({ name: 'Cem', email: 'cem@lindental.example' });
    expect(await updated({ userId: id, email: null })).toMatchObject({ name: 'Cem', email: null });
  });

  test('writes nothing when nothing changes', async () => {
    const { id } = await created({ name: 'Dora' });
    const before = (await api.events(api.admin)).length;
    expect((await updated({ userId: id, name: ' Dora ', isActive: true })).version).toBe(1);
    expect(await api.events(api.admin)).toHaveLength(before);
  });

  test('refuses another version than the expected one and shows the user as they are', async () => {
    const { id } = await created({ name: 'Ella' });
    await update({ userId: id, name: 'Elle' });
    expect(await update({ userId: id, name: 'Elli', expectedVersion: 1 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 2,
      current: { name: 'Elle' },
    });
  });

  test('refuses an e-mail address that another user has', async () => {
    await created({ name: 'Fay', email: 'fay@lindental.example' });
    const { id } = await created({ name: 'Gus' });
    expect(issuesOf(await update({ userId: id, email: 'fay@lindental.example' }))).toEqual([
      { path: 'email', code: 'TAKEN' },
    ]);
  });

  test('refuses to let administrators deactivate themselves', async () => {
    const query = graphql(`
      query UsersViewerId {
        viewer {
          id
        }
      }
    `);
    const { viewer } = await api.data(api.admin, query);
    expect(issuesOf(await update({ userId: present(viewer).id, isActive: false }))).toEqual([
      { path: 'isActive', code: 'SELF' },
    ]);
  });

  test('refuses a company for a colleague', async () => {
    const { id } = await created({ name: 'Hal' });
    expect(issuesOf(await update({ userId: id, company: 'Acme' }))).toEqual([
      { path: 'company', code: 'NOT_ALLOWED' },
    ]);
  });

  test.each([
    ['no id', 'nonsense'],
    [
      'the id of another type',
      Buffer.from('Team:01890000-0000-7000-8000-000000000000').toString('base64url'),
    ],
    ['an id without a key', Buffer.from('User:x').toString('base64url')],
  ])('refuses %s', async (_what, userId) => {
    expect(issuesOf(await update({ userId, name: 'X' }))).toEqual([{ path: 'userId', code: 'INVALID_ID' }]);
  });

  test('does not find a user who does not exist', async () => {
    const userId = Buffer.from('User:01890000-0000-7000-8000-000000000000').toString('base64url');
    expect(await update({ userId, name: 'X' })).toEqual({ __typename: 'NotFoundProblem' });
  });
});

describe('User.teams', () => {
  test('are the teams of the user by name', async () => {
    const { id } = await created({ name: 'Teamer' });
    const createTeam = graphql(`
      mutation UsersCreateTeam($input: CreateTeamInput!) {
        createTeam(input: $input) {
          __typename
        }
      }
    `);
    for (const name of ['Zeta', 'Eta'])
      await api.data(api.admin, createTeam, { input: { name, memberIds: [id] } });
    const query = graphql(`
      query UsersTeams($id: ID!) {
        node(id: $id) {
          ... on User {
            teams {
              name
            }
          }
        }
      }
    `);
    expect(await api.data(api.member, query, { id })).toEqual({
      node: { teams: [{ name: 'Eta' }, { name: 'Zeta' }] },
    });
  });

  test('of others are out of sight for partners, who may read their own', async () => {
    const { id } = await created({ name: 'Private' });
    const query = graphql(`
      query UsersTeamsOfOthers($id: ID!) {
        node(id: $id) {
          ... on User {
            teams {
              name
            }
          }
        }
        viewer {
          teams {
            name
          }
        }
      }
    `);
    expect(await api.data(api.partner, query, { id })).toEqual({ node: null, viewer: { teams: [] } });
  });
});

test('external ids are for administrators only', async () => {
  const query = graphql(`
    query UsersExternalId {
      viewer {
        name
        externalId
      }
    }
  `);
  expect(await api.run(api.member, query)).toMatchObject({
    data: { viewer: { name: 'member', externalId: null } },
    errors: [{ code: 'FORBIDDEN' }],
  });
});
