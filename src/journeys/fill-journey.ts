/** Filling in journeys as a signed-in user. */
import { asViewer } from '../commands/acting.ts';
import { execute, type Caller, type CommandResult } from '../commands/execute.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { refuseInput } from '../commands/problem.ts';
import { saveSessionDraft, type SessionRecord } from '../store/journey-sessions.ts';
import type { Transaction } from '../store/transaction.ts';
import { storedSessionContent, type SessionContent } from './content.ts';
import { readOwnSession } from './own-session.ts';
import { checkSubmission, requireOpen, submitIn, takeSession } from './submit.ts';
import { checkData } from './validator.ts';

export interface FillJourneyInput {
  readonly sessionId: string;
  /** A JSON object. */
  readonly data: unknown;
}

interface Taken {
  readonly session: SessionRecord;
  readonly data: JsonObject;
  /** The absent user for whom the caller stands in with the task; null for none. */
  readonly onBehalfOfId: string | null;
}

/** The open session, locked, with the data that `check` makes of what was given; refuses a session that the caller may not fill in. */
async function take(
  tx: Transaction,
  { viewer }: Caller,
  { sessionId: id, data: given }: FillJourneyInput,
  check: (content: SessionContent, given: unknown) => JsonObject,
): Promise<Taken> {
  const { seen, onBehalfOfId } = await readOwnSession(tx, viewer, id);
  requireOpen(seen, tx.now);
  const content = storedSessionContent(seen.content);
  if (content.kind === 'LINK')
    refuseInput(
      'sessionId',
      'NOT_ALLOWED',
      'This journey is filled in by its outside form, and only what that has signed is taken.',
    );
  const data = check(content, given);
  const session = await takeSession(tx, id, seen.executionId);
  return { session, data, onBehalfOfId };
}

/** Keeps what is filled in so far, right or not; answers the session's id. */
export async function saveJourneyDraft(
  caller: Caller,
  input: FillJourneyInput,
): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { session, data } = await take(tx, caller, input, (_content, given) => checkData('data', given));
    await saveSessionDraft(tx, session.id, data);
    return session.id;
  });
}

/** Submits what is filled in; answers the submission's id. */
export async function submitJourney(caller: Caller, input: FillJourneyInput): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { session, data, onBehalfOfId } = await take(tx, caller, input, checkSubmission);
    return submitIn(tx, { ...asViewer(caller.viewer), onBehalfOfId }, session, data);
  });
}
