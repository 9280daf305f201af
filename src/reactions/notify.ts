/** Whom the events of the log are told: those who are responsible for a task, to whom something escalates, who wait for somebody outside, whose form a customer filled in, who are mentioned, whose automation was disabled, who stand in. */
import { tell } from '../commands/notifications.ts';
import type { StoredEvent } from '../store/event-log.ts';
import type { Transaction } from '../store/transaction.ts';
import { assignmentNotices } from './assignment-notices.ts';
import { disabledNotices } from './disabled-notices.ts';
import { escalationNotices } from './escalation-notices.ts';
import { mentionNotices } from './mention-notices.ts';
import { outcomeNotices } from './outcome-notices.ts';
import { submissionNotices } from './submission-notices.ts';
import { substitutionNotices } from './substitution-notices.ts';

/**
 * Tells users of what happened, by the way that each has chosen. What is not so any more is not told. The same events once more add nothing. Takes a
 * handful of statements, however many events there are.
 */
export async function notify(tx: Transaction, events: readonly StoredEvent[]): Promise<void> {
  const notices = [
    ...(await assignmentNotices(tx, events)),
    ...(await escalationNotices(tx, events)),
    ...(await outcomeNotices(tx, events)),
    ...(await submissionNotices(tx, events)),
    ...(await mentionNotices(tx, events)),
    ...(await disabledNotices(tx, events)),
    ...(await substitutionNotices(tx, events)),
  ];
  await tell(tx, notices);
}
