/** Telling users of something, by the way that each has chosen; and that they have read it. */
import { v7 as uuidv7 } from 'uuid';
import { planDigests } from '../store/notification-jobs.ts';
import type { Receiver } from '../store/notification-mail.ts';
import {
  insertNotifications,
  knownNotifications,
  readNotifications,
  type NewNotification,
} from '../store/notifications.ts';
import type { Transaction } from '../store/transaction.ts';
import { execute, type Caller, type CommandResult } from './execute.ts';
import { address, type Notice } from './notices-to-substitutes.ts';
import { nextMailAt, notificationSettings, type NotificationChannel } from './notification-settings.ts';
import { refuse } from './problem.ts';
import { recordObject } from './record.ts';

export type { Notice } from './notices-to-substitutes.ts';

/** About nothing. */
export const ABOUT_NOTHING = {
  body: null,
  taskId: null,
  taskVersion: null,
  executionId: null,
  entityId: null,
  noteId: null,
  automationId: null,
  actorId: null,
} as const satisfies Partial<Notice>;

const IS_MAILED: Readonly<Record<NotificationChannel, boolean>> = {
  IN_APP: false,
  EMAIL: true,
  BOTH: true,
  NONE: false,
};

/** By which way it reaches the receiver. Who has no address is not left without; who is stood in for gets no mail. */
function wayTo({ email, notifications }: Receiver, kind: Notice['kind'], isStoodInFor: boolean) {
  const channel = notificationSettings(notifications).channels[kind];
  const isMailed = IS_MAILED[channel] && email !== null && !isStoodInFor;
  const isInApp = channel !== 'NONE' && (channel !== 'EMAIL' || !isMailed);
  return { isInApp, email: isMailed ? 'DUE' : 'NONE' } as const;
}

/**
 * Tells users of things, each once: of two notices with the same user, kind and key only the first counts, whenever it came. Who is inactive is
 * told nothing; what absent users would be told of tasks is told to those who stand in, too. What goes by mail waits for the next one, which is planned.
 */
export async function tell(tx: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const addressed = await address(tx, notices);
  const receivers = new Map(addressed.map(({ receiver }) => [receiver.id, receiver]));
  const rows = addressed.map(({ notice, receiver, isStoodInFor }): NewNotification => ({
    ...notice,
    id: uuidv7(),
    ...wayTo(receiver, notice.kind, isStoodInFor),
  }));
  if (rows.length === 0) return;
  const inserted = await insertNotifications(tx, rows);
  const told = rows.filter(({ id, isInApp, email }) => inserted.has(id) && (isInApp || email !== 'NONE'));
  for (const { id, userId, kind, title, isInApp } of told) {
    // What is only mailed is not shown in the application, so it is sent to no subscriber.
    const audience = isInApp ? [userId] : [];
    const data = { kind, title };
    recordObject(tx, 'NOTIFICATION_CREATED', 'NOTIFICATION', { id, version: 1, audience }, data, []);
  }
  const mailed = new Set(told.flatMap(({ userId, email }) => (email === 'DUE' ? [userId] : [])));
  const plans = [...receivers.values()].flatMap(({ id, notifications, timeZone }) => {
    const { emailEvery } = notificationSettings(notifications);
    return mailed.has(id) ? [{ userId: id, runAt: nextMailAt(emailEvery, tx.now, timeZone) }] : [];
  });
  await planDigests(tx, plans);
}

export interface MarkReadInput {
  /** Left out: all. */
  readonly ids?: readonly string[] | undefined;
  /** Only this one and those before it. */
  readonly upTo?: string | undefined;
}

/** Marks the viewer's own notifications as read; those that are read already stay as they are. Answers how many were unread. */
export async function markNotificationsRead(
  caller: Caller,
  { ids, upTo }: MarkReadInput,
): Promise<CommandResult<number>> {
  const { userId } = caller.viewer;
  return execute(caller, async (tx) => {
    const named = [...(ids ?? []), ...(upTo === undefined ? [] : [upTo])];
    if (named.length > 0) {
      const known = await knownNotifications(tx, userId, named);
      const missing = named.find((id) => !known.has(id));
      if (missing !== undefined) refuse({ code: 'NOT_FOUND', what: 'Notification', id: missing });
    }
    const read = await readNotifications(tx, userId, { ids: ids ?? null, upTo: upTo ?? null });
    for (const { id, version } of read) {
      recordObject(
        tx,
        'NOTIFICATION_READ',
        'NOTIFICATION',
        { id, version, audience: [userId] },
        { readAt: tx.now },
      );
    }
    return read.length;
  });
}
