/** How many statements PostgreSQL gets for what people look at most, whatever the size. The rest of the speed follows from that. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { prepareCounting, type Counting } from '../support/statements.ts';
import { done, entity, start } from '../support/workflows.ts';

graphql(`
  fragment StatementCountsTask on Task {
    id
    name
    status
    statusAt
    statusBy {
      ... on User {
        name
      }
    }
    isEnabled
    isOverdue
    dueAt
    noteCount
    claimedBy {
      name
    }
    assignees {
      ...CountedPeople
    }
    startedBy {
      ... on User {
        name
      }
    }
    finishedBy {
      ... on User {
        name
      }
    }
    viewerCommands
    requirements {
      isFinished
      task {
        name
      }
      phase {
        name
      }
    }
    blocks {
      id
    }
    blockers {
      message
      ... on TaskBlocker {
        reason
        task {
          name
          blockers {
            message
          }
        }
      }
      ... on OnHoldBlocker {
        by {
          ... on User {
            name
          }
        }
      }
    }
  }
`);

const SIDEBAR = graphql(`
  query StatementCountsSidebar($id: ID!) {
    entity(id: $id) {
      id
      title
      schema
      attributes
      executions(first: 50) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          name
          status
          version
          dueAt
          isOverdue
          startedAt
          startedBy {
            ... on User {
              name
            }
          }
          finishedAt
          assignees {
            ...CountedPeople
          }
          progress {
            total
            completed
            skipped
          }
          currentTask {
            id
          }
          currentTasks {
            id
          }
          currentPhase {
            id
          }
          phasesInProgress {
            id
          }
          closing {
            reasons {
              title
            }
          }
          configuredClosingReasons {
            id
            title
          }
          viewerCanClose
          viewerCanReopen
          viewerCanAddTask
          phases {
            id
            name
            status
            dueAt
            progress {
              total
              completed
              skipped
            }
            assignees {
              ...CountedPeople
            }
            tasks {
              ...StatementCountsTask
            }
          }
        }
      }
    }
  }
`);

const TABLE = graphql(`
  query StatementCountsTable($search: String) {
    entities(filter: { search: $search }, first: 100) {
      nodes {
        title
        executions {
          nodes {
            name
            status
            currentTask {
              name
            }
            currentPhase {
              name
            }
            phasesInProgress {
              name
              status
            }
          }
        }
      }
    }
  }
`);

const INBOX = graphql(`
  query StatementCountsInbox($assignee: ID, $first: Int, $after: String) {
    inbox(assignee: $assignee, first: $first, after: $after) {
      totalCount
      counts {
        overdue
        today
        thisWeek
        later
        withoutDate
        blocked
      }
      position
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        status
        dueAt
        isOverdue
        isEnabled
        noteCount
        viewerCommands
        claimedBy {
          name
        }
        assignees {
          ...CountedPeople
        }
        phase {
          id
          name
          status
        }
        entity {
          id
          title
        }
        execution {
          id
          name
          status
          progress {
            total
            completed
          }
        }
      }
    }
  }
`);

let api: TestApi;
let counting: Counting;
beforeAll(async () => {
  api = await createTestApi();
  counting = await prepareCounting(api);
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the whole sidebar', () => {
  it.each([
    [1, 5],
    [1, 40],
    [5, 40],
  ])('of %i executions with %i tasks each takes 6 statements', async (executions, size) => {
    const definitionId = await counting.definitionOf(size);
    const entityId = await entity(api);
    for (let index = 0; index < executions; index += 1) {
      const run = await start(api, {}, { definitionId, entityId });
      await done(api, api.admin, 'completeTask', { taskId: run.task('t0') });
      await done(api, api.designer, 'holdTask', { taskId: run.task('t1') });
      await done(api, counting.member, 'claimTask', { taskId: run.task('t3') });
      await done(api, api.member, 'addNote', { taskId: run.task('t2'), body: 'Here.' });
    }
    expect(await counting.count(SIDEBAR, { id: entityId })).toBe(6);
  });
});

describe('a table of entities', () => {
  it.each([1, 15])('with %i rows takes 4 statements', async (rows) => {
    const definitionId = await counting.definitionOf(5);
    for (let row = 0; row < rows; row += 1) {
      const entityId = await entity(api, { title: `Row of ${rows}: ${row}` });
      await start(api, {}, { definitionId, entityId });
    }
    expect(await counting.count(TABLE, { search: `row of ${rows}:` })).toBe(4);
  });
});

describe('an inbox page', () => {
  it.each([1, 100])('of %i tasks takes 5 statements with its counts', async (first) => {
    const definitionId = await counting.definitionOf(40);
    for (let index = 0; index < 4; index += 1) await start(api, {}, { definitionId });
    expect(await counting.count(INBOX, { first })).toBe(5);
  });
});
