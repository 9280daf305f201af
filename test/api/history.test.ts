import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { HistoryPageQueryVariables, HistoryPartsFragment } from '../support/generated/graphql.ts';
import { phased } from '../support/workflow.ts';
import { done, entity, start, type Running } from '../support/workflows.ts';

graphql(`
  fragment HistoryParts on EventConnection {
    nodes {
      id
      type
      cursor
      version
      changedFields
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

const PAGE = graphql(`
  query HistoryPage($id: ID!, $first: Int, $after: String) {
    node(id: $id) {
      ... on WorkflowExecution {
        history(first: $first, after: $after) {
          ...HistoryParts
        }
      }
      ... on Task {
        history(first: $first, after: $after) {
          ...HistoryParts
        }
      }
      ... on Entity {
        history(first: $first, after: $after) {
          ...HistoryParts
        }
      }
    }
  }
`);

const NEWEST_OF_TASK = graphql(`
  query HistoryNewestOfTask($id: ID!) {
    task(id: $id) {
      history(first: 1) {
        nodes {
          id
          type
          at
          version
          changedFields
          actor {
            ... on User {
              name
            }
          }
          subjectId
          taskId
          executionId
          entityIds
          task {
            name
            status
          }
          execution {
            name
          }
          entity {
            title
          }
        }
      }
    }
  }
`);

const EVENT = graphql(`
  query HistoryEvent($id: ID!) {
    node(id: $id) {
      id
      ... on Event {
        type
      }
    }
  }
`);

let api: TestApi;
let run: Running;
beforeAll(async () => {
  api = await createTestApi();
  run = await start(api, { ...phased('survey: visit', 'build: mount'), isSequential: true });
  await done(api, api.admin, 'startTask', { taskId: run.task('visit') });
  await done(api, api.admin, 'addNote', { taskId: run.task('visit'), body: 'On my way.' });
  await done(api, api.member, 'completeTask', { taskId: run.task('visit') });
  await done(api, api.member, 'updateEntity', { entityId: run.entityId, title: 'Roof 2' });
});
afterAll(() => api[Symbol.asyncDispose]());

async function readHistory(variables: HistoryPageQueryVariables): Promise<HistoryPartsFragment> {
  const { node } = await api.data(api.member, PAGE, variables);
  if (!node || !('history' in node)) throw new Error(`${variables.id} has no history`);
  return node.history;
}

async function types(id: string): Promise<string[]> {
  const { nodes } = await readHistory({ id, first: 100 });
  return nodes.map(({ type }) => type);
}

describe('the history', () => {
  it('of a task holds what happened to it and its notes, newest first', async () => {
    expect(await types(run.task('visit'))).toEqual([
      'TASK_COMPLETED',
      'NOTE_ADDED',
      'TASK_STARTED',
      'TASK_ADDED',
    ]);
  });

  it('of an execution holds what happened to it, its phases and its tasks, newest first', async () => {
    expect(await types(run.id)).toEqual([
      'EXECUTION_PROGRESSED',
      'PHASE_STARTED',
      'PHASE_COMPLETED',
      'TASK_ENABLED',
      'TASK_COMPLETED',
      'NOTE_ADDED',
      'TASK_STARTED',
      'TASK_ADDED',
      'TASK_ADDED',
      'PHASE_ADDED',
      'PHASE_ADDED',
      'EXECUTION_STARTED',
    ]);
  });

  it('of an entity holds its own changes and those of its executions', async () => {
    const all = await types(run.entityId);
    expect(all.at(0)).toBe('ENTITY_UPDATED');
    expect(all.at(-1)).toBe('ENTITY_CREATED');
    expect(all.slice(1, -1)).toEqual(await types(run.id));
  });

  it('of a context entity holds the execution, too', async () => {
    const customer = await entity(api, { schema: 'contact', title: 'Miller' });
    await start(api, {}, { definitionId: run.definitionId, contextEntityIds: [customer] });
    expect(await types(customer)).toContain('EXECUTION_STARTED');
  });

  it.each(['task', 'execution', 'entity'])('of a %s comes in pages', async (what) => {
    const id = { task: run.task('visit'), execution: run.id, entity: run.entityId }[what] ?? '';
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { nodes, pageInfo }: HistoryPartsFragment = await readHistory({ id, first: 3, after });
      expect(nodes.length).toBeLessThanOrEqual(3);
      paged.push(...nodes.map(({ type }) => type));
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect(paged).toEqual(await types(id));
  });

  it('says what changed, who did it and where, and leads to the objects as they are now', async () => {
    const read = await api.data(api.member, NEWEST_OF_TASK, { id: run.task('visit') });
    expect(read).toMatchObject({
      task: {
        history: {
          nodes: [
            {
              type: 'TASK_COMPLETED',
              at: api.clock.now().toISOString(),
              version: 3,
              actor: { name: 'member' },
              subjectId: run.task('visit'),
              taskId: run.task('visit'),
              executionId: run.id,
              entityIds: [run.entityId],
              task: { name: 'visit', status: 'COMPLETED' },
              execution: { name: 'Solar installation' },
              entity: { title: 'Roof 2' },
            },
          ],
        },
      },
    });
  });

  it('gives each event an id by which it is found again', async () => {
    const { nodes } = await readHistory({ id: run.task('visit'), first: 1 });
    const id = nodes[0]?.id ?? '';
    expect(await api.data(api.member, EVENT, { id })).toEqual({ node: { id, type: 'TASK_COMPLETED' } });
  });

  it('keeps what a reopening with `revert` has undone', async () => {
    const other = await start(api, {}, { definitionId: run.definitionId });
    for (const name of ['visit', 'mount']) {
      await done(api, api.member, 'completeTask', { taskId: other.task(name) });
    }
    await done(api, api.member, 'reopenTask', { taskId: other.task('visit'), revert: true });
    expect(await types(other.task('mount'))).toEqual([
      'TASK_REOPENED',
      'TASK_COMPLETED',
      'TASK_ENABLED',
      'TASK_ADDED',
    ]);
  });
});
