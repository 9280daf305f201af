/** Taking back what was opened for somebody. */
import { execute, expectObject, type Caller, type CommandResult } from '../commands/execute.ts';
import { onBehalfOf } from '../commands/on-behalf.ts';
import { saveSessionClosed } from '../store/journey-sessions.ts';
import { recordClosed } from './journey-event.ts';
import { readOwnSession } from './own-session.ts';
import { takeSession } from './submit.ts';

export interface CloseSessionInput {
  readonly sessionId: string;
  readonly expectedVersion?: number | undefined;
}

/** Closes an open session for good, so that whoever has its address can do nothing with it any more; answers its id. For those who may fill it in. */
export async function closeJourneySession(
  caller: Caller,
  { sessionId, expectedVersion }: CloseSessionInput,
): Promise<CommandResult<string>> {
  return execute(caller, async (tx) => {
    const { seen, onBehalfOfId } = await readOwnSession(tx, caller.viewer, sessionId);
    const session = await takeSession(tx, sessionId, seen.executionId);
    const { version } = expectObject(session, 'JourneySession', sessionId, expectedVersion);
    await saveSessionClosed(tx, sessionId);
    recordClosed(onBehalfOf(tx, onBehalfOfId), session, version + 1);
    return sessionId;
  });
}
