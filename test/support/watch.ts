/** Subscriptions to the event log, read event by event. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Viewer } from '../../src/commands/viewer.ts';
import { encodePosition } from '../../src/store/event-cursor.ts';
import { readPosition } from '../../src/store/event-log.ts';
import type { AnsweredError, TestApi } from './api.ts';
import { graphql } from './generated/gql.ts';
import type { EventViewFragment } from './generated/graphql.ts';

// Of each event that is watched.
graphql(`
  fragment EventView on Event {
    cursor
    type
    version
    changedFields
    subjectId
    executionId
    taskId
    entityIds
    actor {
      ... on User {
        name
      }
    }
  }
`);

export const EXECUTION_EVENTS = graphql(`
  subscription WatchExecution($id: ID!, $after: String) {
    event: executionEvents(executionId: $id, after: $after) {
      ...EventView
    }
  }
`);

export const ENTITY_EVENTS = graphql(`
  subscription WatchEntity($id: ID!, $after: String) {
    event: entityEvents(entityId: $id, after: $after) {
      ...EventView
    }
  }
`);

export const INBOX_EVENTS = graphql(`
  subscription WatchInbox($id: ID, $after: String) {
    event: inboxEvents(assignee: $id, after: $after) {
      ...EventView
    }
  }
`);

type Variables = Readonly<Record<string, unknown>>;

/** A subscription whose field is called `event`. */
type Watching<Event extends EventViewFragment, Vars> = TypedDocumentNode<{ event: Event }, Vars>;

export interface Watch<Event> extends AsyncDisposable {
  /** The next event; throws if the subscription has ended or tells an error. */
  next(): Promise<Event>;
  /** The next so many events. */
  take(count: number): Promise<Event[]>;
  /** All events up to the one with this cursor. */
  upTo(cursor: string | undefined): Promise<Event[]>;
}

/** Reads the answers of a subscription whose field is called `event`. */
export function readWatch<Event extends EventViewFragment>(
  answers: AsyncIterator<{ readonly data?: { readonly event: Event } | null }>,
): Watch<Event> {
  const watch: Watch<Event> = {
    async next() {
      const step = await answers.next();
      const answer = step.done === true ? null : step.value;
      if (!answer?.data?.event) throw new Error(`no event but ${JSON.stringify(answer)}`);
      return answer.data.event;
    },
    async take(count) {
      const events = [];
      while (events.length < count) events.push(await watch.next());
      return events;
    },
    async upTo(cursor) {
      const events = [];
      do events.push(await watch.next());
      while (events.at(-1)?.cursor !== cursor);
      return events;
    },
    async [Symbol.asyncDispose]() {
      await answers.return?.(undefined);
    },
  };
  return watch;
}

/** Subscribes in this process; throws if it is refused. */
export async function watch<Event extends EventViewFragment, Vars extends Variables>(
  api: TestApi,
  viewer: Viewer,
  document: Watching<Event, Vars>,
  variables: NoInfer<Vars>,
): Promise<Watch<Event>> {
  return readWatch(await api.subscribe(viewer, document, variables));
}

/** The codes of the errors with which a subscription is refused. */
export async function refusal<Vars extends Variables>(
  api: TestApi,
  viewer: Viewer,
  document: TypedDocumentNode<unknown, Vars>,
  variables: NoInfer<Vars>,
): Promise<readonly string[]> {
  const message = await api.subscribe(viewer, document, variables).then(
    async (answers) => {
      await answers.return(undefined);
      throw new Error('the subscription was not refused');
    },
    (error: unknown) => (error as Error).message,
  );
  return (JSON.parse(message) as { errors: readonly AnsweredError[] }).errors.map(({ code }) => code);
}

export function typesOf(events: readonly Pick<EventViewFragment, 'type'>[]): string[] {
  return events.map(({ type }) => type);
}

/** The log's position now. */
export async function position({ database, admin }: TestApi): Promise<string> {
  return encodePosition(await readPosition(database, admin.organizationId));
}
