/** Filling in journeys as a signed-in user: those who may complete the task of the session; without a task, whoever has the permission `work`. */
import { asViewer } from '../commands/acting.ts';
import { execute, requirePermission, type Caller, type CommandResult } from '../commands/execute.ts';
import { actsFor } from '../commands/on-behalf.ts';
import { refuse, refuseInput } from '../commands/problem.ts';
import { whyForbidden } from '../commands/task-permission.ts';
import { visibilityScope } from '../commands/viewer.ts';
import { readSessions, saveSessionDraft, type SessionRecord } from '../store/journey-sessions.ts';
import { readTasks } from '../store/tasks.ts';
import type { Transaction } from '../store/transaction.ts';
import { storedSessionContent } from './content.ts';
import { submitIn, takeSession } from './submit.ts';
import { checkData } from './validator.ts';

export interface FillJourneyInput {
  readonly sessionId: string;
  /** A JSON object. */
  readonly data: unknown;
}

interface Taken {
  readonly session: SessionRecord;
  /** The absent user for whom the caller stands in with the task; null for none. */
  readonly onBehalfOfId: string | null;
}

/** The open session, locked; refuses one that the caller may not fill in. */
async function take(tx: Transaction, { viewer }: Caller, id: string): Promise<Taken> {
  const [seen] = await readSessions(tx, tx.organizationId, [id], visibilityScope(viewer));
  if (!seen) return refuse({ code: 'NOT_FOUND', what: 'JourneySession', id });
  const [task] =
    seen.taskId === null
      ? []
      : await readTasks(tx, tx.organizationId, [seen.taskId], visibilityScope(viewer));
  if (seen.taskId === null) requirePermission(viewer, 'work');
  const forbidden = task ? whyForbidden(viewer, task, 'COMPLETE') : null;
  if (forbidden !== null) return refuse({ code: 'FORBIDDEN', message: forbidden });
  const session = await takeSession(tx, id, seen.executionId);
  if (storedSessionContent(session.content).kind === 'LINK')
    refuseInput(
      'sessionId',
      'NOT_ALLOWED',
      'This journey is filled in by its outside form, and only what that has signed is taken.',
    );
  return { session, onBehalfOfId: task ? actsFor(viewer, task) : null };
}

/** Keeps what is filled in so far, right or not; answers the session's id. */
export async function saveJourneyDraft(
  caller: Caller,
  { sessionId, data }: FillJourneyInput,
): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { session } = await take(tx, caller, sessionId);
    await saveSessionDraft(tx, session.id, checkData('data', data));
    return session.id;
  });
}

/** Submits what is filled in; answers the submission's id. */
export async function submitJourney(
  caller: Caller,
  { sessionId, data }: FillJourneyInput,
): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { session, onBehalfOfId } = await take(tx, caller, sessionId);
    return submitIn(tx, { ...asViewer(caller.viewer), onBehalfOfId }, session, data);
  });
}
