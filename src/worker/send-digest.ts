/** The job that sends one user one mail with everything that waits for it. */
import { v7 as uuidv7 } from 'uuid';
import { standsInFor } from '../engine/stand-in.ts';
import { readAwayAt } from '../store/absent-now.ts';
import { DIGEST, leaveOut, showInstead } from '../commands/mailed-notifications.ts';
import { insertDeliveries } from '../store/deliveries.ts';
import { planDigests, type SendDigestPayload } from '../store/notification-jobs.ts';
import {
  lockDueNotifications,
  readReceivers,
  putIntoMail,
  type DueNotification,
} from '../store/notification-mail.ts';
import type { Transaction } from '../store/transaction.ts';
import { digestMail } from './digest-mail.ts';
import type { WorkerContext } from './wake-execution.ts';

/** How many notifications are in one mail; those that are left are in the next. */
const DIGEST_SIZE = 500;

/** Makes the mail; answers its id, or null if the user can't get any more. */
async function send(
  tx: Transaction,
  userId: string,
  notifications: readonly DueNotification[],
): Promise<string | null> {
  const [receiver] = await readReceivers(tx, [userId]);
  if (!receiver?.isActive || receiver.email === null) return null;
  const id = uuidv7();
  const content = digestMail({ ...receiver, email: receiver.email }, notifications);
  await insertDeliveries(tx, [{ id, kind: 'EMAIL', type: DIGEST, content }]);
  return id;
}

/**
 * Makes the mail and says of its notifications that they are in it, in one transaction: each is in one mail, however often this is done. What is not so any
 * more is in none. Nothing is sent if nothing waits.
 */
export async function sendDigest(
  { database, clock }: WorkerContext,
  { organizationId, userId }: SendDigestPayload,
  { size = DIGEST_SIZE } = {},
): Promise<void> {
  const now = clock().toISOString();
  await database.transaction({ organizationId, actorId: null, now }, async (tx) => {
    const away = await readAwayAt(tx, organizationId, now);
    const due = await lockDueNotifications(tx, userId, size, standsInFor(userId, away));
    const over = due.filter(({ isStillSo }) => !isStillSo);
    if (over.length > 0) await leaveOut(tx, idsOf(over));
    const told = due.filter(({ isStillSo }) => isStillSo);
    if (told.length > 0) {
      const deliveryId = await send(tx, userId, told);
      if (deliveryId === null) await showInstead(tx, idsOf(told));
      else await putIntoMail(tx, idsOf(told), deliveryId);
    }
    if (due.length === size) await planDigests(tx, [{ userId, runAt: now }]);
  });
}

function idsOf(notifications: readonly DueNotification[]): string[] {
  return notifications.map(({ id }) => id);
}
