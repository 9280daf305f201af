/** Who is told that a customer has filled in the form of a task that is still to be completed: nobody else would know that it goes on. */
import { ABOUT_NOTHING, type Notice } from '../commands/notifications.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readConcernedBySubmissions } from '../store/submission-facts.ts';
import type { Transaction } from '../store/transaction.ts';
import { placeOf } from './notice-text.ts';

/** What is told to those who are responsible for the task themselves, and to whoever opened the form. */
export async function submissionNotices(tx: Transaction, events: readonly StoredEvent[]): Promise<Notice[]> {
  const ids = events.flatMap(({ type, taskId, actorId, subjectId }) =>
    type === 'JOURNEY_SUBMITTED' && taskId !== null && actorId === null ? [subjectId] : [],
  );
  if (ids.length === 0) return [];
  const rows = await readConcernedBySubmissions(tx, ids);
  return rows.map((row) => {
    const { submissionId, userId, taskId, taskName, executionId, entityId } = row;
    return {
      ...ABOUT_NOTHING,
      userId,
      kind: 'SUBMISSION',
      dedupeKey: submissionId,
      title: `The form of “${taskName}” was filled in ${placeOf(row)}.`,
      ...{ taskId, executionId, entityId },
    };
  });
}
