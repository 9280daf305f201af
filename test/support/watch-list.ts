/** Live lists, read update by update. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { Answer, TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import type { LiveInboxUpdateFragment, LiveSidebarUpdateFragment } from './generated/graphql.ts';
import { applyChanges, type AppliedChange } from './live-list.ts';

export const LIVE_INBOX = graphql(`
  subscription WatchLiveInbox($assignee: ID, $filter: TaskFilter, $orderBy: TaskOrder, $first: Int) {
    list: liveInbox(assignee: $assignee, filter: $filter, orderBy: $orderBy, first: $first) {
      ...LiveInboxUpdate
    }
  }
  fragment LiveInboxUpdate on InboxUpdate {
    position
    isReset
    changes {
      kind
      index
      previousIndex
      taskId
      task {
        id
        name
        isOverdue
        status
      }
    }
    counts {
      overdue
      today
      thisWeek
      later
      withoutDate
      blocked
    }
    totalCount
    hasMore
  }
`);

export const LIVE_SIDEBAR = graphql(`
  subscription WatchLiveSidebar($entityId: ID!, $statuses: [ExecutionStatus!], $first: Int) {
    list: liveSidebar(entityId: $entityId, statuses: $statuses, first: $first) {
      ...LiveSidebarUpdate
    }
  }
  fragment LiveSidebarUpdate on SidebarUpdate {
    position
    isReset
    changes {
      kind
      index
      previousIndex
      executionId
      execution {
        id
        name
        status
      }
    }
    totalCount
    hasMore
    entity {
      title
    }
  }
`);

type Update = LiveInboxUpdateFragment | LiveSidebarUpdateFragment;

/** A subscription whose field is called `list`. */
type Listing<One, Vars> = TypedDocumentNode<{ readonly list: One }, Vars>;

interface ListWatch<One> extends AsyncDisposable {
  /** The next update; throws if the subscription has ended or tells an error. */
  next(): Promise<One>;
  /** What happened next, in short: `'ENTERED a 0'`, `'MOVED b 2>0'`. */
  changes(): Promise<string[]>;
  /** The names of the rows, as far as the updates were read. */
  names(): readonly string[];
}

/** Without what identifies it and where it was: the row of a change. */
function rowOf(change: Update['changes'][number]): { readonly name: string } | null {
  return 'taskId' in change ? (change.task ?? null) : (change.execution ?? null);
}

/** Subscribes in this process and applies what comes. */
export async function watchList<One extends Update, Vars extends Readonly<Record<string, unknown>>>(
  api: TestApi,
  viewer: Viewer,
  document: Listing<One, Vars>,
  variables: NoInfer<Vars>,
): Promise<ListWatch<One>> {
  const answers: AsyncGenerator<Answer<{ readonly list: One }>> = await api.subscribe(
    viewer,
    document,
    variables,
  );
  let rows: readonly { readonly name: string }[] = [];

  async function next(): Promise<{ readonly update: One; readonly told: string[] }> {
    const step = await answers.next();
    const answer = step.done === true ? null : (step.value as Answer<{ readonly list: One }>);
    if (!answer?.data) throw new Error(`no update but ${JSON.stringify(answer)}`);
    const { list: update } = answer.data;
    if (update.isReset) rows = [];
    const told = update.changes.map((change) => {
      const from = change.kind === 'MOVED' ? `${change.previousIndex ?? '?'}>` : '';
      const { name } = rowOf(change) ?? rows[change.index] ?? { name: '?' };
      const applied: AppliedChange<{ readonly name: string }> = { ...change, row: rowOf(change) };
      rows = applyChanges(rows, [applied]);
      return `${change.kind} ${name} ${from}${change.index}`;
    });
    return { update, told };
  }

  return {
    next: async () => (await next()).update,
    changes: async () => (await next()).told,
    names: () => rows.map(({ name }) => name),
    async [Symbol.asyncDispose]() {
      await answers.return(undefined);
    },
  };
}
