/** Where a session is in its life. Derived from when it was submitted or taken back, its task, its entity and the time; never stored. */
import type { JourneySessionStatus } from '../commands/problem.ts';
import type { Instant } from '../engine/definition.ts';
import { isExecutionOpen, isFinished } from '../engine/transition.ts';
import type { SessionRecord } from '../store/journey-sessions.ts';

type Session = Pick<
  SessionRecord,
  'taskId' | 'taskStatus' | 'executionStatus' | 'isEntityGone' | 'submittedAt' | 'closedAt' | 'expiresAt'
>;

function isTaskOver({ taskId, taskStatus, executionStatus }: Session): boolean {
  if (taskId === null) return false;
  if (taskStatus === null || executionStatus === null) return true;
  return isFinished(taskStatus) || !isExecutionOpen(executionStatus);
}

/**
 * A session of a task that is finished, removed, or whose execution is over, is CLOSED, and OPEN again if that is undone; one that was taken back, or of an entity that was deleted, is CLOSED for good.
 */
export function sessionStatus(session: Session, now: Instant): JourneySessionStatus {
  if (session.submittedAt !== null) return 'SUBMITTED';
  if (session.closedAt !== null || isTaskOver(session) || session.isEntityGone) return 'CLOSED';
  return session.expiresAt <= now ? 'EXPIRED' : 'OPEN';
}
