/** Who is told that the system disabled an automation. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readPublishers } from '../store/notification-facts.ts';
import type { Transaction } from '../store/transaction.ts';

/** Who published what runs is told that it runs no more. */
export async function disabledNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const versions = new Map(
    events.flatMap(({ type, actorId, subjectId, version }) =>
      type === 'AUTOMATION_DISABLED' && actorId === null ? [[subjectId, version]] : [],
    ),
  );
  if (versions.size === 0) return [];
  const rows = await readPublishers(tx, [...versions.keys()]);
  return rows.map(({ automationId, name, userId }) => ({
    ...ABOUT_NOTHING,
    userId,
    kind: 'AUTOMATION_DISABLED',
    dedupeKey: `${automationId}:${versions.get(automationId) ?? ''}`,
    title: `The automation “${name}” ran too often and was disabled.`,
    body: 'Something may be setting it off again and again. It runs no more until somebody enables it.',
    automationId,
  }));
}
