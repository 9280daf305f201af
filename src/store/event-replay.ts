/** Reading from the log what one subscriber has missed. */
import { readWindow, windowStatement, type StoredEvent, type WindowRow } from './event-log.ts';
import type { Queryable, Statement } from './statement.ts';

/**
 * What can be watched: executions, entities (with all their executions), the inboxes of users and teams, the notifications of users, or any
 * objects by their own ids.
 */
export type WatchedKind = 'EXECUTION' | 'ENTITY' | 'ASSIGNEE' | 'NOTIFIED' | 'SUBJECT';

/** The things of one kind that a subscriber watches; an event that concerns several of them reaches it once. */
export interface Watched {
  readonly kind: WatchedKind;
  readonly ids: readonly string[];
}

// One statement for each kind: each condition has an index of its own, which an "or" of all would not use. Notifications are their user's alone:
// nobody else watches by whom they concern.
const REPLAYS: Readonly<Record<WatchedKind, Statement<WindowRow>>> = {
  EXECUTION: windowStatement('event.replayExecution', 'e.execution_id = any($5::uuid[])'),
  ENTITY: windowStatement('event.replayEntity', 'e.entity_ids && $5::uuid[]'),
  ASSIGNEE: windowStatement(
    'event.replayAssignee',
    `e.audience && $5::uuid[] and e.subject_type <> 'NOTIFICATION'`,
  ),
  NOTIFIED: windowStatement(
    'event.replayNotified',
    `e.audience && $5::uuid[] and e.subject_type = 'NOTIFICATION'`,
  ),
  SUBJECT: windowStatement(
    'event.replaySubject',
    `e.subject_id = any($5::uuid[]) and e.subject_type <> 'NOTIFICATION'`,
  ),
};

/**
 * The organization's events that concern what is watched, with `from < seq ≤ to`, in order, at most `limit`.
 *
 * @throws ReplayWindowError if not all events after `from` are there any more.
 */
export async function replayEvents(
  db: Queryable,
  organizationId: string,
  watched: Watched,
  range: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<StoredEvent[]> {
  const { from, to, limit } = range;
  return readWindow(db, REPLAYS[watched.kind], [organizationId, from, to, limit, watched.ids]);
}
