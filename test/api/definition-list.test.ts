import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEntity } from '../../src/commands/entities.ts';
import { encodeId, parseId } from '../../src/graphql/ids.ts';
import { readStartable } from '../../src/store/definitions.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changed, someContent } from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type {
  DefinitionContentInput,
  DefinitionListPageQueryVariables,
  WorkflowDefinitionFilter,
  WorkflowDefinitionOrder,
} from '../support/generated/graphql.ts';
import { present } from '../support/typed.ts';

const LIST = graphql(`
  query DefinitionListPage(
    $filter: WorkflowDefinitionFilter
    $orderBy: WorkflowDefinitionOrder
    $first: Int
    $after: String
  ) {
    workflowDefinitions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      nodes {
        name
      }
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

let api: TestApi;
const entityIds = new Map<string, string>();

async function define(name: string, parts: Partial<DefinitionContentInput> = {}): Promise<string> {
  api.clock.advance(60_000);
  const { id } = await changed(api, api.designer, 'createDefinition', {
    content: someContent({ name, ...parts }),
  });
  return id;
}

const change = (
  name: 'publishDefinition' | 'disableDefinition' | 'archiveDefinition',
  definitionId: string,
) => changed(api, api.designer, name, { definitionId });

/** Changes in this order: alpha, Beta (published), gamma (published, disabled), delta (published, archived), Échelle. */
beforeAll(async () => {
  api = await createTestApi();
  await define('alpha', { labels: ['solar', 'house'] });
  await change(
    'publishDefinition',
    await define('Beta', { triggers: [{ entitySchema: 'contract' }, { entitySchema: 'order' }] }),
  );
  const gamma = await define('gamma', { labels: ['solar'] });
  await change('publishDefinition', gamma);
  await change('disableDefinition', gamma);
  const delta = await define('delta');
  await change('publishDefinition', delta);
  await change('archiveDefinition', delta);
  await change('publishDefinition', await define('Échelle 100 %'));
  for (const schema of ['contract', 'order', 'meter']) {
    const made = await createEntity(api.context(api.admin), { schema, title: schema, attributes: {} });
    if (made.ok) entityIds.set(schema, made.value);
  }
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const list = async (variables: DefinitionListPageQueryVariables = {}) =>
  present((await api.data(api.member, LIST, variables)).workflowDefinitions);
const names = async (variables: DefinitionListPageQueryVariables = {}) =>
  (await list(variables)).nodes.map(({ name }) => name);

describe('The list of definitions', () => {
  test('is by name, whatever the case, without archived ones', async () => {
    expect((await names()).slice(0, 3)).toEqual(['alpha', 'Beta', 'gamma']);
    expect((await list()).totalCount).toBe(4);
  });

  test('can begin with the last changed one', async () => {
    expect(await names({ orderBy: 'UPDATED_AT' })).toEqual(['Échelle 100 %', 'gamma', 'Beta', 'alpha']);
  });

  test.each<[what: string, filter: WorkflowDefinitionFilter, expected: string[]]>([
    ['a part of the name in any case', { search: 'ALPH' }, ['alpha']],
    ['a part of the name that looks like a pattern', { search: '%' }, ['Échelle 100 %']],
    ['a label', { label: 'solar' }, ['alpha', 'gamma']],
    ['enabled ones', { isEnabled: true, label: 'solar' }, ['alpha']],
    ['disabled ones', { isEnabled: false }, ['gamma']],
    ['archived ones', { isArchived: true, search: 'elt' }, ['delta']],
    ['published ones', { isPublished: true, search: 'a' }, ['Beta', 'gamma']],
    ['unpublished ones', { isPublished: false }, ['alpha']],
    ['nothing', { search: 'nowhere' }, []],
  ])('can be limited to %s', async (_what, filter, expected) => {
    expect(await names({ filter })).toEqual(expected);
    expect((await list({ filter })).totalCount).toBe(expected.length);
  });

  test.each<WorkflowDefinitionOrder>(['NAME', 'UPDATED_AT'])(
    'by %s is the same in pages as in one',
    async (orderBy) => {
      const paged: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({ orderBy, first: 1, after });
        paged.push(...page.nodes.map(({ name }) => name));
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      expect(paged).toEqual(await names({ orderBy }));
    },
  );

  test('refuses pages of 0 and of 1,000', async () => {
    for (const first of [0, -1, 101, 1000])
      expect(await api.errorCodes(api.member, LIST, { first })).toEqual(['BAD_USER_INPUT']);
  });

  test('refuses cursors of other lists and of other orders', async () => {
    const { pageInfo } = await list({ first: 1 });
    const forged = Buffer.from(JSON.stringify(['x', 'y'])).toString('base64url');
    for (const [orderBy, after] of [
      ['UPDATED_AT', pageInfo.endCursor],
      ['NAME', forged],
      ['NAME', 'x'],
    ])
      expect(await api.errorCodes(api.member, LIST, { orderBy, after })).toEqual(['BAD_USER_INPUT']);
  });

  test('reads the drafts of a page in one statement, and none if nobody asks', async () => {
    const count = async (fields: string): Promise<number> => {
      api.resetStatements();
      await api.data(api.member, `{ workflowDefinitions { nodes { ${fields} } } }`);
      return api.statements().length;
    };
    expect(await count('name labels isEnabled version')).toBe(1);
    expect(await count('name draft { tasks { name } }')).toBe(2);
    expect(await count('name draft { tasks { name } } issues { code } document published { number }')).toBe(
      4,
    );
  });
});

describe('The definitions that can be started on an entity', () => {
  const STARTABLE = graphql(`
    query DefinitionListStartable($id: ID!) {
      entity(id: $id) {
        startableDefinitions {
          name
        }
      }
    }
  `);
  const STARTABLE_ON_ALL = graphql(`
    query DefinitionListStartableOnAll($ids: [ID!]!) {
      nodes(ids: $ids) {
        ... on Entity {
          startableDefinitions {
            name
          }
        }
      }
    }
  `);
  const startable = async (schema: string): Promise<unknown> =>
    api.data(api.member, STARTABLE, { id: encodeId('Entity', entityIds.get(schema) ?? '') });

  test('are enabled, published, not archived, and have a trigger that fits', async () => {
    expect(await startable('contract')).toEqual({
      entity: { startableDefinitions: [{ name: 'Beta' }, { name: 'Échelle 100 %' }] },
    });
    expect(await startable('meter')).toEqual({
      entity: { startableDefinitions: [{ name: 'Échelle 100 %' }] },
    });
  });

  test('are read in one statement for all entities', async () => {
    const ids = [...entityIds.values()].map((id) => encodeId('Entity', id));
    api.resetStatements();
    await api.data(api.member, STARTABLE_ON_ALL, { ids });
    expect(api.statements().filter((text) => text.includes('definition_version'))).toHaveLength(1);
  });
});

describe('What a start has to know', () => {
  const idOf = async (name: string): Promise<string> => {
    const query = graphql(`
      query DefinitionListIds($filter: WorkflowDefinitionFilter) {
        workflowDefinitions(filter: $filter) {
          nodes {
            id
          }
        }
      }
    `);
    const { workflowDefinitions } = await api.data(api.member, query, { filter: { search: name } });
    return parseId(workflowDefinitions?.nodes[0]?.id ?? '')?.key ?? '';
  };

  test('is read in one statement', async () => {
    const definitionId = await idOf('Beta');
    const wanted = ['order', 'contract'].map((schema) => entityIds.get(schema) ?? '');
    api.resetStatements();
    const found = await readStartable(api.database, api.admin.organizationId, definitionId, [
      ...wanted,
      randomUUID(),
    ]);
    expect(api.statements()).toHaveLength(1);
    expect(found?.definition).toEqual({ isEnabled: true, isArchived: false, publishedNumber: 1 });
    expect(found?.version).toMatchObject({ number: 1, content: { name: 'Beta' } });
    expect(new Set(found?.entities.keys())).toEqual(new Set(wanted));
    const order = found?.entities.get(entityIds.get('order') ?? '');
    expect(order).toMatchObject({ schema: 'order', attributes: {}, version: 1 });
    expect(order?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('is that there is no version before the first', async () => {
    const found = await readStartable(api.database, api.admin.organizationId, await idOf('alpha'), []);
    expect(found).toMatchObject({ version: null, entities: new Map(), closingReasons: [] });
  });

  test('is nothing for a definition of another organization', async () => {
    const id = await idOf('Beta');
    expect(await readStartable(api.database, api.otherAdmin.organizationId, id, [])).toBeNull();
  });

  test('has the closing reasons of the version in its order, inactive ones too', async () => {
    const { organizationId } = api.admin;
    const reasons = ['Zeal', 'Age'].map((title) => ({ organizationId, id: randomUUID(), title }));
    await api.database.prisma.closingReason.createMany({ data: reasons });
    const closingReasonIds = reasons.map(({ id }) => encodeId('ClosingReason', id));
    const definitionId = await define('With reasons', { closingReasonIds });
    await change('publishDefinition', definitionId);
    await api.database.prisma.closingReason.updateMany({
      where: { title: 'Age' },
      data: { status: 'INACTIVE' },
    });
    const found = await readStartable(api.database, organizationId, await idOf('With reasons'), []);
    await change('archiveDefinition', definitionId);
    expect(found?.closingReasons).toEqual(reasons.map(({ id, title }) => ({ id, title })));
  });
});
