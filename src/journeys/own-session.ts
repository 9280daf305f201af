/** Whose a session is: theirs who may complete its task; without a task, of whoever has the permission `work`. */
import { requirePermission } from '../commands/execute.ts';
import { actsFor } from '../commands/on-behalf.ts';
import { refuse } from '../commands/problem.ts';
import { whyForbidden } from '../commands/task-permission.ts';
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import { readSessions, type SessionRecord } from '../store/journey-sessions.ts';
import { readTasks } from '../store/tasks.ts';
import type { Transaction } from '../store/transaction.ts';

export interface OwnSession {
  /** As it is now; not locked. */
  readonly seen: SessionRecord;
  /** The absent user for whom the viewer stands in with the task; null for none. */
  readonly onBehalfOfId: string | null;
}

/** The session with this id; refuses one that is not the viewer’s. */
export async function readOwnSession(tx: Transaction, viewer: Viewer, id: string): Promise<OwnSession> {
  const scope = visibilityScope(viewer);
  const [seen] = await readSessions(tx, tx.organizationId, [id], scope);
  if (!seen) return refuse({ code: 'NOT_FOUND', what: 'JourneySession', id });
  const [task] = seen.taskId === null ? [] : await readTasks(tx, tx.organizationId, [seen.taskId], scope);
  if (seen.taskId === null) requirePermission(viewer, 'work');
  const forbidden = task ? whyForbidden(viewer, task, 'COMPLETE') : null;
  if (forbidden !== null) return refuse({ code: 'FORBIDDEN', message: forbidden });
  return { seen, onBehalfOfId: task ? actsFor(viewer, task) : null };
}
