/** What users are told of. A row is kept also of what its user does not want to be told, so that each thing is decided once. */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';

export const NOTIFICATION_KINDS = [
  'ASSIGNMENT',
  'MENTION',
  'INVITATION',
  'REMINDER',
  'ESCALATION',
  'CONFIRMATION',
  'FAILURE',
  'SUBMISSION',
  'AUTOMATION_DISABLED',
  'SUBSTITUTION',
] as const;

export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** Whether it goes by e-mail. */
export type NotificationEmail =
  | 'NONE'
  /** It waits for the next mail, or the mail that it is in waits for the mail server. */
  | 'DUE'
  | 'SENT'
  /** There is no mail server. */
  | 'NOT_SENT'
  /** The mail that it is in was given up. */
  | 'FAILED';

export interface NotificationRecord {
  readonly id: string;
  readonly userId: string;
  readonly kind: NotificationKind;
  /** One sentence, for people. */
  readonly title: string;
  /** Markdown. */
  readonly body: string | null;
  readonly taskId: string | null;
  readonly executionId: string | null;
  readonly entityId: string | null;
  readonly noteId: string | null;
  readonly automationId: string | null;
  /** Who caused it; null: the system. */
  readonly actorId: string | null;
  /** Whether it is shown in the application. */
  readonly isInApp: boolean;
  readonly readAt: Instant | null;
  readonly email: NotificationEmail;
  readonly createdAt: Instant;
  readonly version: number;
}

/** What has yet to be kept. */
export type NewNotification = Omit<NotificationRecord, 'readAt' | 'createdAt' | 'version'> & {
  /** The task's version if the user is told that it is theirs and can be worked on. */
  readonly taskVersion: number | null;
  /** What of one kind a user is told once: of two with the same key, only the first exists. */
  readonly dedupeKey: string;
};

const COLUMNS = `n.id, n.user_id as "userId", n.kind, n.title, n.body, n.task_id as "taskId", n.execution_id as "executionId",
  n.entity_id as "entityId", n.note_id as "noteId", n.automation_id as "automationId", n.actor_id as "actorId",
  n.is_in_app as "isInApp", n.read_at as "readAt", n.email, n.created_at as "createdAt", n.version`;

/** The transaction in which something changes, as far as it matters here. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

const insert = statement<{ id: string }>(
  'notification.insert',
  `insert into notification (organization_id, id, user_id, kind, dedupe_key, title, body, task_id, task_version, execution_id, entity_id, note_id,
     automation_id, actor_id, is_in_app, email, created_at)
   select $1, x.id, x."userId", x.kind, x."dedupeKey", x.title, x.body, x."taskId", x."taskVersion", x."executionId", x."entityId", x."noteId",
     x."automationId", x."actorId", x."isInApp", x.email, $3
   from jsonb_to_recordset($2::jsonb) as x(
     id uuid, "userId" uuid, kind text, "dedupeKey" text, title text, body text, "taskId" uuid, "taskVersion" integer, "executionId" uuid, "entityId" uuid,
     "noteId" uuid, "automationId" uuid, "actorId" uuid, "isInApp" boolean, email text)
   on conflict (organization_id, user_id, kind, dedupe_key) do nothing
   returning id`,
);

/** Keeps those of which there is none with the same user, kind and key; answers their ids. */
export async function insertNotifications(
  tx: Writer,
  notifications: readonly NewNotification[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query(insert, [tx.organizationId, JSON.stringify(notifications), tx.now]);
  return new Set(rows.map(({ id }) => id));
}

/** Which of a user's notifications; null does not filter. */
export interface NotificationFilter {
  readonly isUnread: boolean | null;
  readonly kinds: readonly NotificationKind[] | null;
}

const SHOWN = `n.organization_id = $1 and n.user_id = $2 and n.is_in_app`;
const FILTER = `${SHOWN} and ($3::boolean is null or (n.read_at is null) = $3) and ($4::text[] is null or n.kind = any($4))`;

const page = statement<NotificationRecord>(
  'notification.page',
  `select ${COLUMNS} from notification n
   where ${FILTER} and ($5::uuid is null or n.id < $5::uuid) order by n.id desc limit $6`,
);

/** The user's notifications in the application, newest first (ids are UUIDv7), after the given one, at most `limit`. */
export async function readNotificationPage(
  db: Queryable,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  { isUnread, kinds }: NotificationFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<NotificationRecord[]> {
  return db.query(page, [organizationId, userId, isUnread, kinds, after, limit]);
}

const count = statement<{ count: number }>(
  'notification.count',
  `select count(*) as count from notification n where ${FILTER}`,
);

/** How many notifications the user has in the application. */
export async function countNotifications(
  db: Queryable,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  { isUnread, kinds }: NotificationFilter,
): Promise<number> {
  const [row] = await db.query(count, [organizationId, userId, isUnread, kinds]);
  return row?.count ?? 0;
}

const byId = statement<NotificationRecord>(
  'notification.byId',
  `select ${COLUMNS} from notification n
   where n.organization_id = $1 and n.user_id = $2 and n.id = $3 and (n.is_in_app or n.email <> 'NONE')`,
);

/** One of the user's own notifications, by whichever way it reaches them; null if there is none. */
export async function readNotification(
  db: Queryable,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  id: string,
): Promise<NotificationRecord | null> {
  const [row] = await db.query(byId, [organizationId, userId, id]);
  return row ?? null;
}

const known = statement<{ id: string }>(
  'notification.known',
  `select n.id from notification n where ${SHOWN} and n.id = any($3::uuid[])`,
);

/** Those of the ids that are the user's notifications in the application. */
export async function knownNotifications(
  tx: Queryable & { readonly organizationId: string },
  userId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.query(known, [tx.organizationId, userId, ids]);
  return new Set(rows.map(({ id }) => id));
}

const read = statement<{ id: string; version: number }>(
  'notification.read',
  `update notification n set read_at = $5, version = n.version + 1
   where ${SHOWN} and n.read_at is null and ($3::uuid[] is null or n.id = any($3::uuid[])) and ($4::uuid is null or n.id <= $4::uuid)
   returning n.id, n.version`,
);

/** Marks unread notifications of the user as read: these, or those up to one; all if both are null. Answers those that changed. */
export async function readNotifications(
  tx: Writer,
  userId: string,
  { ids, upTo }: { readonly ids: readonly string[] | null; readonly upTo: string | null },
): Promise<readonly { readonly id: string; readonly version: number }[]> {
  return tx.query(read, [tx.organizationId, userId, ids, upTo, tx.now]);
}
