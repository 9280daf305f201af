/** Notifications on their way into a mail, and those who get it. */
import type { Instant } from '../engine/definition.ts';
import { isAbsentColumn } from './absent-now.ts';
import type { Prisma } from './generated/prisma/client.ts';
import { isStillSo } from './notification-still-so.ts';
import { statement, type Queryable } from './statement.ts';

/** Somebody who can be told something. */
export interface Receiver {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly isActive: boolean;
  /** NotificationSettings, as far as they have chosen. */
  readonly notifications: Prisma.JsonValue;
  /** Their organization's. */
  readonly timeZone: string;
  /** Whether they are out of office now. */
  readonly isAbsent: boolean;
}

const receivers = statement<Receiver>(
  'notification.receivers',
  `select u.id, u.name, u.email, u.is_active as "isActive", u.notifications, o.time_zone as "timeZone",
     ${isAbsentColumn('$3')}
   from app_user u join organization o on o.id = u.organization_id
   where u.organization_id = $1 and u.id = any($2::uuid[])`,
);

/** The users with these ids. */
export async function readReceivers(
  db: Queryable & { readonly organizationId: string; readonly now: Instant },
  userIds: readonly string[],
): Promise<readonly Receiver[]> {
  return db.query(receivers, [db.organizationId, userIds, db.now]);
}

/** A notification that waits for a mail, and is in none yet. */
export interface DueNotification {
  readonly id: string;
  readonly title: string;
  readonly body: string | null;
  readonly executionName: string | null;
  readonly taskDueAt: Instant | null;
  readonly createdAt: Instant;
  /** Whether it is still so, unread, and for its user to know. */
  readonly isStillSo: boolean;
}

// Whoever comes second waits here, and finds nothing any more.
const due = statement<DueNotification>(
  'notification.due',
  `select n.id, n.title, n.body, e.name as "executionName", t.due_at as "taskDueAt", n.created_at as "createdAt",
     ${isStillSo('$4')} as "isStillSo"
   from notification n
   left join execution e on e.organization_id = n.organization_id and e.id = n.execution_id
   left join task t on t.organization_id = n.organization_id and t.id = n.task_id
   where n.organization_id = $1 and n.user_id = $2 and n.email = 'DUE' and n.delivery_id is null
   order by n.id limit $3 for update of n`,
);

/**
 * The user's oldest notifications that wait for a mail, locked until the transaction ends, at most `limit`. `standsInFor`: for whom the user stands in, whose
 * tasks are theirs, too.
 */
export async function lockDueNotifications(
  tx: Queryable & { readonly organizationId: string },
  userId: string,
  limit: number,
  standsInFor: readonly string[] = [],
): Promise<DueNotification[]> {
  return tx.query(due, [tx.organizationId, userId, limit, [userId, ...standsInFor]]);
}

const intoMail = statement<never>(
  'notification.putIntoMail',
  `update notification n set delivery_id = $3 where n.organization_id = $1 and n.id = any($2::uuid[])`,
);

/** Says of locked notifications in which mail they are. They are DUE until that is settled. */
export async function putIntoMail(
  tx: Queryable & { readonly organizationId: string },
  ids: readonly string[],
  deliveryId: string,
): Promise<void> {
  await tx.query(intoMail, [tx.organizationId, ids, deliveryId]);
}

/** What has become of a notification. */
export interface SettledNotification {
  readonly id: string;
  readonly userId: string;
  readonly version: number;
  readonly isInApp: boolean;
  /** Whether it is shown in the application only now. */
  readonly isNewInApp: boolean;
}

const SETTLED = `n.id, n.user_id as "userId", n.version, n.is_in_app as "isInApp", n.is_in_app and not b.is_in_app as "isNewInApp"`;

const outOfMail = statement<SettledNotification>(
  'notification.keepOutOfMail',
  `update notification n set email = 'NONE', is_in_app = n.is_in_app or $3, version = n.version + 1,
     task_version = case when n.is_in_app or $3 then n.task_version end,
     dedupe_key = case when n.is_in_app or $3 or n.kind not in ('ASSIGNMENT', 'INVITATION') then n.dedupe_key
       else n.dedupe_key || ':' || n.id end
   from notification b
   where n.organization_id = $1 and n.id = any($2::uuid[]) and b.organization_id = n.organization_id and b.id = n.id
   returning ${SETTLED}`,
);

/**
 * Says of locked notifications that they are in no mail; if told so, they are shown in the application. A task that its user was told of by no way can be told
 * anew. Answers the notifications.
 */
export async function keepOutOfMail(
  tx: Queryable & { readonly organizationId: string },
  ids: readonly string[],
  { isShown }: { readonly isShown: boolean },
): Promise<SettledNotification[]> {
  return tx.query(outOfMail, [tx.organizationId, ids, isShown]);
}

const mailSettled = statement<SettledNotification>(
  'notification.settleMail',
  `with b as (
     select b.id, b.is_in_app from notification b
     where b.organization_id = $1 and b.delivery_id = $2 and b.email not in ('SENT', $3) order by b.id for no key update
   )
   update notification n set email = $3, is_in_app = n.is_in_app or $3 <> 'SENT', version = n.version + 1
   from b where n.organization_id = $1 and n.id = b.id
   returning ${SETTLED}`,
);

/**
 * Says of the notifications in a locked mail what has become of it; those that were sent by it before stay so. What was not sent is shown in the
 * application. Answers those that changed.
 */
export async function settleMail(
  tx: Queryable & { readonly organizationId: string },
  deliveryId: string,
  email: 'SENT' | 'NOT_SENT' | 'FAILED',
): Promise<SettledNotification[]> {
  return tx.query(mailSettled, [tx.organizationId, deliveryId, email]);
}

const writeSettings = statement<{ version: number }>(
  'notification.writeSettings',
  `update app_user set notifications = $3::jsonb, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked user's settings; answers the user's new version. */
export async function writeNotificationSettings(
  tx: Queryable & { readonly organizationId: string },
  userId: string,
  settings: object,
): Promise<number> {
  const [row] = await tx.query(writeSettings, [tx.organizationId, userId, JSON.stringify(settings)]);
  if (!row) throw new Error(`user ${userId} vanished while it was locked`);
  return row.version;
}
