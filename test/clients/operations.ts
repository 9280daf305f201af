/** The operations of the examples with their types. In an app, a code generator writes the types. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import type { ListUpdate } from './live-list.ts';

export interface TaskRow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
}

export interface EntityEvent {
  readonly cursor: string;
  readonly type: string;
  /** As it is at delivery. */
  readonly task: TaskRow | null;
}

export interface InboxUpdate extends ListUpdate<TaskRow> {
  readonly totalCount: number;
  readonly counts: { readonly overdue: number; readonly withoutDate: number };
}

/** The payload of a mutation, or what was in its way. */
export type Completed = { readonly position: string } | { readonly code: string; readonly message: string };

function typed<Data, Variables>(text: string): TypedDocumentNode<Data, Variables> {
  return parse(text);
}

export const TASK = typed<{ task: TaskRow | null }, { id: string; atLeast?: string | null }>(`
  query Task($id: ID!, $atLeast: String) {
    task(id: $id, atLeast: $atLeast) { id name status }
  }
`);

export const COMPLETE = typed<{ completeTask: Completed }, { taskId: string }>(`
  mutation Complete($taskId: ID!) {
    completeTask(input: { taskId: $taskId }) {
      ... on CompleteTaskPayload { task { id name status } position }
      ... on Problem { code message }
    }
  }
`);

/** Without the `id` of the event, a normalizing cache keeps the task and not each event. */
export const ENTITY_EVENTS = typed<{ entityEvents: EntityEvent }, { entityId: string; after: string }>(`
  subscription EntityEvents($entityId: ID!, $after: String) {
    entityEvents(entityId: $entityId, after: $after) { cursor type task { id name status } }
  }
`);

export const LIVE_INBOX = typed<{ liveInbox: InboxUpdate }, Record<string, never>>(`
  subscription LiveInbox {
    liveInbox(orderBy: { field: NAME }) {
      isReset
      changes { kind index previousIndex row: task { id name status } }
      counts { overdue withoutDate }
      totalCount
    }
  }
`);
