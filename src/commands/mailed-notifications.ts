/** What becomes of notifications on their way into a mail and out of the house, written down. */
import type { DeliveryOutcome, DeliveryRecord } from '../store/deliveries.ts';
import { keepOutOfMail, settleMail, type SettledNotification } from '../store/notification-mail.ts';
import type { NotificationEmail } from '../store/notifications.ts';
import type { Transaction } from '../store/transaction.ts';
import { recordObject } from './record.ts';

/** What the mails are for that tell users of things. */
export const DIGEST = 'digest';

function recordSettled(
  tx: Transaction,
  notifications: readonly SettledNotification[],
  email: NotificationEmail,
): void {
  for (const { id, userId, version, isInApp, isNewInApp } of notifications) {
    // What is only mailed is sent to no subscriber.
    const audience = isInApp ? [userId] : [];
    const changes = isNewInApp ? { email, isInApp } : { email };
    recordObject(tx, 'NOTIFICATION_UPDATED', 'NOTIFICATION', { id, version, audience }, changes);
  }
}

/** Leaves locked notifications out of the mail for which they wait. Their user can get none, so they are shown in the application. */
export async function showInstead(tx: Transaction, ids: readonly string[]): Promise<void> {
  recordSettled(tx, await keepOutOfMail(tx, ids, { isShown: true }), 'NONE');
}

/** Leaves locked notifications out of the mail for which they wait, because they are not so any more. */
export async function leaveOut(tx: Transaction, ids: readonly string[]): Promise<void> {
  recordSettled(tx, await keepOutOfMail(tx, ids, { isShown: false }), 'NONE');
}

/**
 * Says of the notifications in a message, if it is such a mail, what has become of it. What was not sent is shown in the application, so that
 * nobody is left without; it counts as sent once the mail is redelivered and arrives.
 */
export async function settleNotifications(
  tx: Transaction,
  { id, kind, type }: Pick<DeliveryRecord, 'id' | 'kind' | 'type'>,
  { status }: DeliveryOutcome,
): Promise<void> {
  if (kind !== 'EMAIL' || type !== DIGEST) return;
  const email = {
    DELIVERED: 'SENT',
    NOT_SENT: 'NOT_SENT',
    FAILED: 'FAILED',
    CANCELLED: null,
    RETRYING: null,
    PARKED: null,
  } as const;
  const settled = email[status];
  if (settled !== null) recordSettled(tx, await settleMail(tx, id, settled), settled);
}
