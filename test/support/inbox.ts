/** Inboxes over the API, page by page. */
import type { Viewer } from '../../src/commands/viewer.ts';
import type { TaskDefinition } from '../../src/engine/definition.ts';
import type { TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import type { InboxPageQuery, InboxPageQueryVariables } from './generated/graphql.ts';

const PAGE = graphql(`
  query InboxPage($assignee: ID, $filter: TaskFilter, $orderBy: TaskOrder, $first: Int, $after: String) {
    inbox(assignee: $assignee, filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      nodes {
        id
        name
        dueAt
      }
      totalCount
      counts {
        overdue
        today
        thisWeek
        later
        withoutDate
        blocked
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      position
    }
  }
`);

export type InboxPage = NonNullable<InboxPageQuery['inbox']>;

/** A page of the viewer's inbox, or of that of the `assignee`; throws if the viewer may not see it. */
export async function readInbox(
  api: TestApi,
  viewer: Viewer,
  variables: InboxPageQueryVariables = {},
): Promise<InboxPage> {
  const { inbox } = await api.data(viewer, PAGE, variables);
  if (!inbox) throw new Error('no inbox');
  return inbox;
}

/** The parts of a task that is assigned to the viewer. */
export function assignedTo(
  { userId: id }: Viewer,
  parts: Partial<TaskDefinition> = {},
): Partial<TaskDefinition> {
  return { assignees: [{ type: 'USER', id }], ...parts };
}
