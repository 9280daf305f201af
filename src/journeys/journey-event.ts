/** What happens to sessions of journeys, written down. What was filled in is not in the log. */
import type { Transaction } from '../store/transaction.ts';

interface Subject {
  readonly id: string;
  readonly journeyId: string;
  readonly sessionId: string;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly entityId: string | null;
}

function record(
  tx: Transaction,
  type: 'JOURNEY_OPENED' | 'JOURNEY_CLOSED' | 'JOURNEY_SUBMITTED',
  subjectType: 'JOURNEY_SESSION' | 'JOURNEY_SUBMISSION',
  { id, executionId, taskId, entityId, journeyId, sessionId }: Subject,
  more: Readonly<Record<string, unknown>>,
  version = 1,
): void {
  const data = { journeyId, sessionId, ...more };
  tx.record({
    type,
    subjectType,
    subjectId: id,
    version,
    executionId,
    taskId,
    entityIds: entityId === null ? [] : [entityId],
    audience: [],
    changedFields: Object.keys(data).sort(),
    data,
  });
}

/** Records that a journey was opened. */
export function recordOpened(tx: Transaction, session: Omit<Subject, 'sessionId'>, expiresAt: string): void {
  record(tx, 'JOURNEY_OPENED', 'JOURNEY_SESSION', { ...session, sessionId: session.id }, { expiresAt });
}

/** Records that a session was taken back. */
export function recordClosed(tx: Transaction, session: Omit<Subject, 'sessionId'>, version: number): void {
  const subject = { ...session, sessionId: session.id };
  record(tx, 'JOURNEY_CLOSED', 'JOURNEY_SESSION', subject, { closedAt: tx.now }, version);
}

/** Records that a journey was submitted. */
export function recordSubmitted(tx: Transaction, submission: Subject, hasCreatedEntity: boolean): void {
  record(tx, 'JOURNEY_SUBMITTED', 'JOURNEY_SUBMISSION', submission, { hasCreatedEntity });
}
