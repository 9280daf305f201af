import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUser } from '../../src/commands/users.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { UserListPageQuery, UserListPageQueryVariables } from '../support/generated/graphql.ts';
import { present } from '../support/typed.ts';

const LIST = graphql(`
  query UserListPage($search: String, $kind: UserKind, $isActive: Boolean, $first: Int, $after: String) {
    users(search: $search, kind: $kind, isActive: $isActive, first: $first, after: $after) {
      totalCount
      nodes {
        name
      }
      edges {
        cursor
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

async function names(target: TestApi, variables: UserListPageQueryVariables): Promise<string[]> {
  const { users } = await target.data(target.admin, LIST, variables);
  return present(users).nodes.map(({ name }) => name);
}

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('users', () => {
  async function withUsers(): Promise<TestApi> {
    const fresh = await createTestApi();
    const people: { name: string; kind: 'INTERNAL' | 'PARTNER'; email?: string; company?: string }[] = [
      { name: 'zoe', kind: 'INTERNAL', email: 'boss@lindental.example' },
      { name: 'Abe', kind: 'PARTNER', company: 'Acme' },
      { name: 'abe', kind: 'INTERNAL' },
    ];
    for (const input of people) {
      await createUser(fresh.context(fresh.admin), { email: null, company: null, ...input });
    }
    return fresh;
  }

  test('are ordered by name, in whatever case', async () => {
    await using fresh = await withUsers();
    expect(await names(fresh, {})).toEqual(['Abe', 'abe', 'admin', 'designer', 'member', 'partner', 'zoe']);
  });

  test('are found by a part of name or e-mail address', async () => {
    await using fresh = await withUsers();
    expect(await names(fresh, { search: 'ABE' })).toEqual(['Abe', 'abe']);
    expect(await names(fresh, { search: 'Boss@' })).toEqual(['zoe']);
    expect(await names(fresh, { search: '%' })).toEqual([]);
  });

  test('are filtered by kind and activity', async () => {
    await using fresh = await withUsers();
    expect(await names(fresh, { kind: 'PARTNER' })).toEqual(['Abe', 'partner']);
    expect(await names(fresh, { isActive: false })).toEqual([]);
  });

  test('come in pages that together are the whole list, each with the whole count', async () => {
    await using fresh = await withUsers();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: UserListPageQuery = await fresh.data(fresh.admin, LIST, { first: 2, after });
      const page = present(answer.users);
      expect(page.totalCount).toBe(7);
      seen.push(...page.nodes.map(({ name }) => name));
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(seen).toEqual(await names(fresh, {}));
  });

  test('cost one statement, and one more for the count', async () => {
    const page = graphql(`
      query UserListUncounted {
        users {
          nodes {
            name
          }
          pageInfo {
            hasNextPage
          }
        }
      }
    `);
    const counted = graphql(`
      query UserListCounted {
        users {
          totalCount
          nodes {
            name
          }
        }
      }
    `);
    api.resetStatements();
    await api.data(api.member, page);
    expect(api.statements()).toHaveLength(1);
    api.resetStatements();
    await api.data(api.member, counted);
    expect(api.statements()).toHaveLength(2);
  });

  test.each([
    ['first: 1000', { first: 1000 }],
    ['first: 0', { first: 0 }],
    ['first: -1', { first: -1 }],
    ['text as a cursor', { after: 'nonsense' }],
    ['a cursor of other values', { after: Buffer.from('["a"]').toString('base64url') }],
    ['a cursor whose id is none', { after: Buffer.from('["a","b"]').toString('base64url') }],
    ['a cursor with a number as name', { after: Buffer.from('[1,"b"]').toString('base64url') }],
    ['a search of 10,000 characters', { search: 'x'.repeat(10_000) }],
  ])('refuse %s', async (_what, variables) => {
    expect(await api.errorCodes(api.member, LIST, variables)).toEqual(['BAD_USER_INPUT']);
  });

  test('are forbidden to partners', async () => {
    expect(await api.errorCodes(api.partner, LIST)).toEqual(['FORBIDDEN']);
  });
});
