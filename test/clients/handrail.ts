/** What an app does with Handrail: the same with each of the three clients. */
import type { Token } from './authorized-fetch.ts';
import type { LiveClientOptions } from './live-client.ts';
import { applyUpdate } from './live-list.ts';
import type { EntityEvent, InboxUpdate, TaskRow } from './operations.ts';

export interface HandrailOptions extends Omit<LiveClientOptions, 'url'> {
  /** `https://…/graphql` */
  readonly url: string;
  readonly token: Token;
}

/** The inbox as a view shows it. */
export interface Inbox extends Omit<InboxUpdate, 'isReset' | 'changes'> {
  readonly rows: readonly TaskRow[];
}

export interface Watcher<Value> {
  readonly next: (value: Value) => void;
  /** The subscription is over, and trying again would not help: the user has to sign in, or the app is wrong. */
  readonly failed: (error: unknown) => void;
}

/** Makes the inbox out of what `liveInbox` says. */
export function inboxOf({ next, failed }: Watcher<Inbox>): Watcher<{ readonly liveInbox: InboxUpdate }> {
  let rows: readonly TaskRow[] = [];
  return {
    next({ liveInbox: { totalCount, counts, ...update } }) {
      rows = applyUpdate(rows, update);
      next({ rows, totalCount, counts });
    },
    failed,
  };
}

/** Requests reject with the errors of the answer. */
export interface Handrail {
  /** `atLeast`: the position of a change that the answer must not be older than. */
  readTask(id: string, atLeast?: string): Promise<TaskRow | null>;
  /** Answers the position that contains the change; rejects with the problem's message. */
  completeTask(taskId: string): Promise<string>;
  /** Each event after the position, once and in order, and then what happens. Answers the function that ends it. */
  watchEntity(entityId: string, after: string, watcher: Watcher<EntityEvent>): () => void;
  /** The viewer's inbox as it is, again whenever it changes. Answers the function that ends it. */
  watchInbox(watcher: Watcher<Inbox>): () => void;
  close(): Promise<void>;
}
