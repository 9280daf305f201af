import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createEntity, updateEntity } from '../../src/commands/entities.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import { statement } from '../../src/store/statement.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type {
  EntityFilter,
  EntityListPageQueryVariables,
  EntityOrder,
} from '../support/generated/graphql.ts';
import { present } from '../support/typed.ts';
import { task } from '../support/workflow.ts';
import { done, start } from '../support/workflows.ts';

const LIST = graphql(`
  query EntityListPage($filter: EntityFilter, $orderBy: EntityOrder, $first: Int, $after: String) {
    entities(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      totalCount
      nodes {
        id
        title
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

async function list(api: TestApi, viewer: Viewer, variables: EntityListPageQueryVariables = {}) {
  return present((await api.data(viewer, LIST, variables)).entities);
}

async function titles(
  api: TestApi,
  viewer: Viewer,
  variables: EntityListPageQueryVariables = {},
): Promise<string[]> {
  return (await list(api, viewer, variables)).nodes.map(({ title }) => title);
}

async function make(api: TestApi, title: string, attributes: object = {}, schema = 'order'): Promise<string> {
  const made = await createEntity(api.context(api.member), { schema, title, attributes });
  if (!made.ok) throw new Error('the entity was not created');
  return made.value;
}

const remove = statement<never>(
  'test.removeEntity',
  'delete from entity where organization_id = $1 and id = $2',
);

describe('entities', () => {
  let api: TestApi;
  let roof: string;
  beforeAll(async () => {
    api = await createTestApi();
    roof = await make(api, 'Roof Berger', { customer: { name: 'Berger', city: 'Lindental' }, kWp: 9.8 });
    api.clock.advance(1_000);
    await make(api, 'Box 100 % Wolf', { customer: { city: 'Tannbach' }, tags: ['fast', 'new'] });
    api.clock.advance(1_000);
    await make(api, 'Contract Krause', { customer: { city: 'Lindental' }, open: false }, 'contract');
    api.clock.advance(1_000);
    await updateEntity(api.context(api.member), { id: roof, attributes: { seen: true } });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  test.each<[EntityOrder, expected: string[]]>([
    ['TITLE_ASC', ['Box 100 % Wolf', 'Contract Krause', 'Roof Berger']],
    ['TITLE_DESC', ['Roof Berger', 'Contract Krause', 'Box 100 % Wolf']],
    ['CREATED_AT_ASC', ['Roof Berger', 'Box 100 % Wolf', 'Contract Krause']],
    ['CREATED_AT_DESC', ['Contract Krause', 'Box 100 % Wolf', 'Roof Berger']],
    ['UPDATED_AT_ASC', ['Box 100 % Wolf', 'Contract Krause', 'Roof Berger']],
    ['UPDATED_AT_DESC', ['Roof Berger', 'Contract Krause', 'Box 100 % Wolf']],
  ])('are ordered by %s', async (orderBy, expected) => {
    expect(await titles(api, api.member, { orderBy })).toEqual(expected);
  });

  test.each<[what: string, filter: EntityFilter, expected: string[]]>([
    ['schema', { schema: 'contract' }, ['Contract Krause']],
    ['a part of the title in any case', { search: 'roof b' }, ['Roof Berger']],
    ['a part of the title with signs of SQL', { search: '0 %' }, ['Box 100 % Wolf']],
    ['signs of SQL alone', { search: '_' }, []],
    [
      'an attribute inside another',
      { attributes: [{ path: 'customer.city', equals: 'Lindental' }] },
      ['Contract Krause', 'Roof Berger'],
    ],
    [
      'several attributes at once',
      {
        attributes: [
          { path: 'customer.city', equals: 'Lindental' },
          { path: 'customer.name', equals: 'Berger' },
          { path: 'kWp', equals: 9.8 },
        ],
      },
      ['Roof Berger'],
    ],
    ['a false attribute', { attributes: [{ path: 'open', equals: false }] }, ['Contract Krause']],
    ['an item of a list', { attributes: [{ path: 'tags', equals: ['new'] }] }, ['Box 100 % Wolf']],
    ['an attribute that no entity has', { attributes: [{ path: 'constructor', equals: 'x' }] }, []],
    ['schema and title together', { schema: 'order', search: 'krause' }, []],
  ])('are found by %s', async (_what, filter, expected) => {
    const found = await list(api, api.member, { filter });
    expect(found.nodes.map(({ title }) => title)).toEqual(expected);
    expect(found.totalCount).toBe(expected.length);
  });

  test('cost one statement, and one more for the count', async () => {
    const query = graphql(`
      query EntityListUncounted {
        entities(filter: { search: "o" }) {
          nodes {
            title
          }
        }
      }
    `);
    api.resetStatements();
    await api.data(api.member, query);
    expect(api.statements()).toHaveLength(1);
    api.resetStatements();
    await list(api, api.member);
    expect(api.statements()).toHaveLength(2);
  });

  const cursor = (...values: unknown[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');
  const key = '01890000-0000-7000-8000-000000000000';
  test.each([
    ['first: 1000', { first: 1000 }],
    ['first: 0', { first: 0 }],
    ['text as a cursor', { after: 'nonsense' }],
    ['a cursor whose id is none', { after: cursor('a', 'b') }],
    ['a cursor with too few values', { after: cursor(key) }],
    ['a cursor of another order', { after: cursor('Roof', key), orderBy: 'UPDATED_AT_ASC' }],
    [
      'a cursor of a date that does not exist',
      { after: cursor('2026-13-45T00:00:00.000Z', key), orderBy: 'CREATED_AT_ASC' },
    ],
    ['a cursor with NUL', { after: cursor('a\0', key) }],
    ['an empty path', { filter: { attributes: [{ path: '', equals: 1 }] } }],
    ['a path with an empty name', { filter: { attributes: [{ path: 'a..b', equals: 1 }] } }],
    ['a path of 21 names', { filter: { attributes: [{ path: 'a.'.repeat(20) + 'a', equals: 1 }] } }],
    [
      'two values for one attribute',
      {
        filter: {
          attributes: [
            { path: 'a.b', equals: 1 },
            { path: 'a.b', equals: 2 },
          ],
        },
      },
    ],
    [
      'values for an attribute and a part of it',
      {
        filter: {
          attributes: [
            { path: 'a.b', equals: 1 },
            { path: 'a', equals: {} },
          ],
        },
      },
    ],
    [
      'more than ten attributes',
      {
        filter: { attributes: Array.from({ length: 11 }, (_, index) => ({ path: `a${index}`, equals: 1 })) },
      },
    ],
    ['NUL in an attribute', { filter: { attributes: [{ path: 'a', equals: '\0' }] } }],
    ['NUL in the schema', { filter: { schema: 'a\0' } }],
    ['a search of 10,000 characters', { filter: { search: 'x'.repeat(10_000) } }],
    ['an order that does not exist', { orderBy: 'PRICE_ASC' }],
  ])('refuse %s', async (_what, variables) => {
    expect(await api.errorCodes(api.member, LIST, variables)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('entities with executions', () => {
  async function withExecutions(): Promise<{
    readonly api: TestApi;
    readonly shared: string;
    readonly ended: string;
  }> {
    const api = await createTestApi();
    const [shared, ended] = [await make(api, 'Shared'), await make(api, 'Ended')];
    await make(api, 'Untouched');
    const content = { tasks: [task('call')] };
    const open = await start(api, content, { entityId: encodeId('Entity', shared) });
    const closed = await start(api, content, { entityId: encodeId('Entity', ended) });
    const assigneeIds = [encodeId('User', api.partner.userId)];
    await done(api, api.member, 'assignTask', { taskId: open.task('call'), set: assigneeIds });
    await done(api, api.member, 'closeExecution', { executionId: closed.id });
    return { api, shared, ended };
  }

  test('are found by whether one is open', async () => {
    const { api } = await withExecutions();
    await using _ = api;
    expect(await titles(api, api.member, { filter: { hasOpenExecution: true } })).toEqual(['Shared']);
    expect(await titles(api, api.member, { filter: { hasOpenExecution: false } })).toEqual([
      'Ended',
      'Untouched',
    ]);
  });

  test('are visible to partners if a task of one is assigned to them', async () => {
    const { api, shared, ended } = await withExecutions();
    await using _ = api;
    const visible = await list(api, api.partner);
    expect([visible.nodes.map(({ title }) => title), visible.totalCount]).toEqual([['Shared'], 1]);
    expect(await titles(api, api.partner, { filter: { hasOpenExecution: true } })).toEqual(['Shared']);
    expect(await titles(api, api.partner, { filter: { hasOpenExecution: false } })).toEqual([]);
    const query = graphql(`
      query EntityListTwo($a: ID!, $b: ID!) {
        a: entity(id: $a) {
          title
        }
        b: entity(id: $b) {
          title
        }
      }
    `);
    const variables = { a: encodeId('Entity', shared), b: encodeId('Entity', ended) };
    expect(await api.data(api.partner, query, variables)).toEqual({ a: { title: 'Shared' }, b: null });
  });
});

describe('pages of entities', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  const title = fc
    .string({ unit: fc.constantFrom('a', 'b', 'B', ' ', 'z'), minLength: 1, maxLength: 3 })
    .map((text) => `t${text}t`);
  const change = fc.record({ added: fc.array(title, { maxLength: 2 }), removed: fc.nat({ max: 20 }) });

  test('show every row that stays exactly once and in order, whatever is added and removed between them', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(title, { minLength: 1, maxLength: 12 }),
        fc.array(change, { maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (initial, changes, first, isDescending) => {
          const schema = `round${(round += 1)}`;
          const rows = new Map<string, string>();
          for (const text of initial) rows.set(await make(api, text, {}, schema), text);
          const staying = new Map(rows);
          const seen: string[] = [];
          let after: string | null = null;
          for (let step = 0; ; step += 1) {
            const page: Awaited<ReturnType<typeof list>> = await list(api, api.member, {
              filter: { schema },
              orderBy: isDescending ? 'TITLE_DESC' : 'TITLE_ASC',
              first,
              after,
            });
            seen.push(...page.nodes.map(({ id }) => id));
            after = page.pageInfo.endCursor ?? null;
            if (!page.pageInfo.hasNextPage) break;
            for (const text of changes[step]?.added ?? []) await make(api, text, {}, schema);
            // Often the row of the cursor itself.
            const gone = [...rows.keys()][changes[step]?.removed ?? 99];
            if (gone !== undefined) {
              await api.database.query(remove, [api.member.organizationId, gone]);
              staying.delete(gone);
            }
          }
          const sorted = [...staying].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x < y ? -1 : 1));
          const expected = (isDescending ? sorted.reverse() : sorted).map(([id]) => encodeId('Entity', id));
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.filter((id) => expected.includes(id))).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
});
