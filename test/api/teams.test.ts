import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { CreateTeamInput, UpdateTeamInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const CREATE = graphql(`
  mutation TeamsCreate($input: CreateTeamInput!) {
    createTeam(input: $input) {
      __typename
      ... on CreateTeamPayload {
        team {
          id
          name
          version
          members {
            name
          }
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
  mutation TeamsUpdate($input: UpdateTeamInput!) {
    updateTeam(input: $input) {
      __typename
      ... on UpdateTeamPayload {
        team {
          id
          name
          version
          members {
            name
          }
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
          ... on Team {
            name
          }
        }
      }
    }
  }
`);
const CREATE_USER = graphql(`
  mutation TeamsCreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      __typename
      ... on CreateUserPayload {
        user {
          id
        }
      }
    }
  }
`);
const UPDATE_USER = graphql(`
  mutation TeamsUpdateUser($input: UpdateUserInput!) {
    updateUser(input: $input) {
      __typename
    }
  }
`);

let api: TestApi;
let ann: string;
let bob: string;

async function person(name: string): Promise<string> {
  const { createUser } = await api.data(api.admin, CREATE_USER, { input: { name, kind: 'INTERNAL' } });
  return ofType(present(createUser), 'CreateUserPayload').user.id;
}

async function deactivate(userId: string): Promise<void> {
  await api.data(api.admin, UPDATE_USER, { input: { userId, isActive: false } });
}

beforeAll(async () => {
  api = await createTestApi();
  ann = await person('Ann');
  bob = await person('Bob');
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function create(input: CreateTeamInput) {
  return present((await api.data(api.admin, CREATE, { input })).createTeam);
}

async function created(input: CreateTeamInput) {
  return ofType(await create(input), 'CreateTeamPayload').team;
}

async function update(input: UpdateTeamInput) {
  return present((await api.data(api.admin, UPDATE, { input })).updateTeam);
}

async function updated(input: UpdateTeamInput) {
  return ofType(await update(input), 'UpdateTeamPayload').team;
}

function keyOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
}

describe('createTeam', () => {
  test('adds a team with its members and tells the members', async () => {
    const team = await created({ name: 'Grid', memberIds: [bob, ann, bob] });
    expect(team).toMatchObject({ name: 'Grid', version: 1, members: [{ name: 'Ann' }, { name: 'Bob' }] });
    const members = [keyOf(ann), keyOf(bob)].sort();
    expect((await api.events(api.admin)).at(-1)).toMatchObject({
      type: 'TEAM_CREATED',
      subjectType: 'TEAM',
      audience: members,
      changedFields: ['memberIds', 'name'],
      data: { name: 'Grid', memberIds: members },
    });
  });

  test('refuses a name that another team has', async () => {
    await created({ name: 'Twice' });
    expect(await create({ name: ' Twice ' })).toEqual({
      __typename: 'InvalidInputProblem',
      issues: [{ path: 'name', code: 'TAKEN' }],
    });
  });

  test('lets one of several requests at the same time have the name', async () => {
    const results = await Promise.all([1, 2, 3].map(() => create({ name: 'Race' })));
    expect(results.map(({ __typename }) => __typename).sort()).toEqual([
      'CreateTeamPayload',
      'InvalidInputProblem',
      'InvalidInputProblem',
    ]);
  });

  test('answers the first team again when the request is repeated with its idempotency key', async () => {
    const input = { name: 'Once', memberIds: [ann], idempotencyKey: 'once' };
    expect((await created(input)).id).toBe((await created(input)).id);
  });

  test('refuses inactive users by their place', async () => {
    const gone = await person('Gone');
    await deactivate(gone);
    expect(issuesOf(await create({ name: 'Ghosts', memberIds: [ann, gone] }))).toEqual([
      { path: 'memberIds[1]', code: 'UNKNOWN_USER' },
    ]);
  });

  test.each([
    ['an empty name', { name: '' }, 'name', 'EMPTY'],
    ['a name of 10,000 characters', { name: 'x'.repeat(10_000) }, 'name', 'TOO_LONG'],
    ['a member who is no user', { memberIds: ['nonsense'] }, 'memberIds[0]', 'INVALID_ID'],
  ])('refuses %s', async (_what, input, path, code) => {
    expect(issuesOf(await create({ name: 'Bad', ...input }))).toEqual([{ path, code }]);
  });

  test('refuses more than 500 members', async () => {
    const memberIds = Array.from({ length: 501 }, () => ann);
    expect(issuesOf(await create({ name: 'Crowd', memberIds }))).toEqual([
      { path: 'memberIds', code: 'TOO_MANY' },
    ]);
  });

  test.each(['designer', 'member', 'partner'] as const)('is forbidden to a %s', async (role) => {
    expect(await api.errorCodes(api[role], CREATE, { input: { name: 'No' } })).toEqual(['FORBIDDEN']);
  });
});

describe('updateTeam', () => {
  test('renames a team and leaves its members', async () => {
    const { id } = await created({ name: 'Before', memberIds: [ann] });
    expect(await updated({ teamId: id, name: 'After' })).toMatchObject({
      name: 'After',
      version: 2,
      members: [{ name: 'Ann' }],
    });
  });

  test('adds and removes members and tells those of before and after', async () => {
    const { id } = await created({ name: 'Moves', memberIds: [ann] });
    const team = await updated({ teamId: id, addMemberIds: [bob], removeMemberIds: [ann] });
    expect(team).toMatchObject({ version: 2, members: [{ name: 'Bob' }] });
    expect((await api.events(api.admin)).at(-1)).toMatchObject({
      type: 'TEAM_UPDATED',
      audience: [keyOf(ann), keyOf(bob)],
      changedFields: ['memberIds'],
      data: { memberIds: [keyOf(bob)] },
    });
  });

  test('replaces all members', async () => {
    const { id } = await created({ name: 'Replaced', memberIds: [ann] });
    expect((await updated({ teamId: id, setMemberIds: [bob] })).members).toEqual([{ name: 'Bob' }]);
    expect((await updated({ teamId: id, setMemberIds: [] })).members).toEqual([]);
  });

  test('changes whose tasks the members see from their next request on', async () => {
    const { id } = await created({ name: 'Shared' });
    const query = graphql(`
      query TeamsViewer {
        viewer {
          id
        }
      }
    `);
    const { viewer } = await api.data(api.partner, query);
    await update({ teamId: id, addMemberIds: [present(viewer).id] });
    const partner = await api.viewer('partner', { roles: ['partner'] });
    expect(partner.teamIds).toContain(keyOf(id));
  });

  test('keeps inactive members but takes no new ones', async () => {
    const former = await person('Former');
    const { id } = await created({ name: 'Old hands', memberIds: [former] });
    const { id: other } = await created({ name: 'New hands' });
    await deactivate(former);
    expect((await updated({ teamId: id, setMemberIds: [former, ann] })).members).toHaveLength(2);
    expect(issuesOf(await update({ teamId: other, addMemberIds: [former] }))).toEqual([
      { path: 'addMemberIds[0]', code: 'UNKNOWN_USER' },
    ]);
  });

  test('writes nothing when nothing changes', async () => {
    const { id } = await created({ name: 'Same', memberIds: [ann] });
    const before = (await api.events(api.admin)).length;
    const team = await updated({ teamId: id, name: 'Same', addMemberIds: [ann], removeMemberIds: [bob] });
    expect(team.version).toBe(1);
    expect(await api.events(api.admin)).toHaveLength(before);
  });

  test('loses no member when several are added at the same time', async () => {
    const { id } = await created({ name: 'Rush' });
    await Promise.all([ann, bob].map((user) => update({ teamId: id, addMemberIds: [user] })));
    const query = graphql(`
      query TeamsOne($id: ID!) {
        team(id: $id) {
          version
          members {
            name
          }
        }
      }
    `);
    const { team } = await api.data(api.member, query, { id });
    expect(team).toEqual({ version: 3, members: [{ name: 'Ann' }, { name: 'Bob' }] });
  });

  test('refuses to set members together with adding or removing', async () => {
    const { id } = await created({ name: 'Confused' });
    expect(issuesOf(await update({ teamId: id, setMemberIds: [], addMemberIds: [ann] }))).toEqual([
      { path: 'setMemberIds', code: 'AMBIGUOUS' },
    ]);
  });

  test('refuses the name of another team', async () => {
    await created({ name: 'Owner' });
    const { id } = await created({ name: 'Pretender' });
    expect(issuesOf(await update({ teamId: id, name: 'Owner' }))).toEqual([{ path: 'name', code: 'TAKEN' }]);
  });

  test('refuses another version than the expected one and shows the team as it is', async () => {
    const { id } = await created({ name: 'One' });
    await update({ teamId: id, name: 'Two' });
    expect(await update({ teamId: id, name: 'Three', expectedVersion: 1 })).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: 2,
      current: { name: 'Two' },
    });
  });

  test('refuses the id of another type', async () => {
    expect(issuesOf(await update({ teamId: ann, name: 'X' }))).toEqual([
      { path: 'teamId', code: 'INVALID_ID' },
    ]);
  });
});

describe('teams', () => {
  const LIST = graphql(`
    query TeamsList {
      teams {
        name
      }
    }
  `);

  test('are ordered by name', async () => {
    const { teams } = await api.data(api.member, LIST);
    const found = present(teams).map(({ name }) => name);
    expect(found).toEqual([...found].sort());
  });

  test('are forbidden to partners', async () => {
    expect(await api.errorCodes(api.partner, LIST)).toEqual(['FORBIDDEN']);
  });

  test('show their members to partners only if they belong to them', async () => {
    const { id } = await created({ name: 'Secret', memberIds: [ann] });
    const query = graphql(`
      query TeamsMembers($id: ID!) {
        node(id: $id) {
          ... on Team {
            members {
              name
            }
          }
        }
      }
    `);
    expect(await api.data(api.partner, query, { id })).toEqual({ node: null });
    const insider = { ...api.partner, teamIds: [keyOf(id)] };
    expect(await api.data(insider, query, { id })).toEqual({ node: { members: [{ name: 'Ann' }] } });
  });

  test('are null for an id of nobody, and an error for what is no team’s id', async () => {
    const query = graphql(`
      query TeamsName($id: ID!) {
        team(id: $id) {
          name
        }
      }
    `);
    const id = Buffer.from('Team:01890000-0000-7000-8000-000000000000').toString('base64url');
    expect(await api.data(api.member, query, { id })).toEqual({ team: null });
    expect(await api.errorCodes(api.member, query, { id: ann })).toEqual(['BAD_USER_INPUT']);
    expect(await api.errorCodes(api.member, query, { id: '' })).toEqual(['BAD_USER_INPUT']);
  });
});
