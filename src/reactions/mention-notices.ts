/** Who is told that a note mentions them. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readMentions } from '../store/notification-facts.ts';
import type { Transaction } from '../store/transaction.ts';
import { placeOf } from './notice-text.ts';

function mentions({ type, changedFields, data }: StoredEvent): boolean {
  const isNewList =
    type === 'NOTE_ADDED' || (type === 'NOTE_UPDATED' && changedFields.includes('mentionIds'));
  return isNewList && Array.isArray(data['mentionIds']) && data['mentionIds'].length > 0;
}

/** Each note tells everybody whom it mentions once, however often it is changed. Its text is not repeated: it may be deleted. */
export async function mentionNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const noteIds = [...new Set(events.flatMap((event) => (mentions(event) ? [event.subjectId] : [])))];
  if (noteIds.length === 0) return [];
  const rows = await readMentions(tx, noteIds);
  return rows.map((row) => {
    const { userId, noteId, taskId, executionId, entityId, authorId, authorName, taskName } = row;
    return {
      ...ABOUT_NOTHING,
      userId,
      kind: 'MENTION',
      dedupeKey: noteId,
      title: `${authorName} mentioned you on “${taskName}” ${placeOf(row)}.`,
      ...{ noteId, taskId, executionId, entityId, actorId: authorId },
    };
  });
}
