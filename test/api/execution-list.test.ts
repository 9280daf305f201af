import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type {
  ExecutionListQuery,
  ExecutionListQueryVariables,
  WorkflowExecutionOrder,
} from '../support/generated/graphql.ts';
import { task } from '../support/workflow.ts';
import { done, entity, publish } from '../support/workflows.ts';

const LIST = graphql(`
  query ExecutionList(
    $filter: WorkflowExecutionFilter
    $orderBy: WorkflowExecutionOrder
    $first: Int
    $after: String
  ) {
    workflowExecutions(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
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

type Executions = NonNullable<ExecutionListQuery['workflowExecutions']>;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the list of executions', () => {
  let definitionId: string;
  let entityId: string;

  beforeAll(async () => {
    definitionId = await publish(api, { tasks: [task('visit')] });
    entityId = await entity(api, { title: '100 % of Castle Street' });
    const dueDates = ['2026-06-02T00:00:00Z', null, '2026-06-01T00:00:00Z', null];
    for (const [index, dueAt] of dueDates.entries()) {
      api.clock.advance(1_000);
      const input = { definitionId, entityId, name: `list ${'bdac'.charAt(index)}`, dueAt };
      await done(api, api.member, 'startExecution', input);
    }
  });

  async function list(variables: ExecutionListQueryVariables): Promise<Executions> {
    const { workflowExecutions } = await api.data(api.member, LIST, variables);
    if (!workflowExecutions) throw new Error('no executions');
    return workflowExecutions;
  }

  async function names(variables: ExecutionListQueryVariables): Promise<string[]> {
    const filter = { definitionIds: [definitionId], ...variables.filter };
    const { nodes } = await list({ ...variables, filter });
    return nodes.map(({ name }) => name.replace('list ', ''));
  }

  it.each<[WorkflowExecutionOrder, string[]]>([
    ['STARTED_AT', ['c', 'a', 'd', 'b']],
    ['NAME', ['a', 'b', 'c', 'd']],
  ])('is ordered by %s', async (orderBy, expected) => {
    expect(await names({ orderBy })).toEqual(expected);
  });

  it('is ordered by due date with those without one last', async () => {
    expect((await names({ orderBy: 'DUE_AT' })).slice(0, 2)).toEqual(['a', 'b']);
  });

  it.each<WorkflowExecutionOrder>(['STARTED_AT', 'NAME', 'DUE_AT'])(
    'comes in pages in the order %s',
    async (orderBy) => {
      const all = await names({ orderBy });
      const paged: string[] = [];
      let after: string | null = null;
      do {
        const filter = { definitionIds: [definitionId] };
        const { nodes, pageInfo }: Executions = await list({ orderBy, first: 1, after, filter });
        paged.push(...nodes.map(({ name }) => name.replace('list ', '')));
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null);
      expect(paged).toEqual(all);
    },
  );

  it('can be searched by the execution’s name in any case', async () => {
    expect(await names({ filter: { search: 'LIST A' } })).toEqual(['a']);
  });

  it('can be searched by the entity’s title, its wildcards taken literally', async () => {
    expect(await names({ filter: { search: '100 % of castle' } })).toHaveLength(4);
    expect(await names({ filter: { search: '100 _ of castle' } })).toHaveLength(0);
  });

  it('can be filtered by status and entity, and counts all pages', async () => {
    const executions = await list({
      filter: { statuses: ['STARTED'], entityIds: [entityId] },
      first: 1,
    });
    expect(executions).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
  });
});
