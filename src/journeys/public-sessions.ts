/**
 * Sessions of permanent public links. Whoever opens such a link gets a token that was made on the spot and is kept nowhere: looking costs nothing. The session comes to be with
 * the first draft, or with the submission. So that nobody fills the database, there is a bound to how often that may happen.
 */
import { refuse } from '../commands/problem.ts';
import {
  countPublicSessions,
  insertSession,
  removeStaleDrafts,
  type SessionRecord,
} from '../store/journey-sessions.ts';
import { lockJourney, type JourneyRecord } from '../store/journeys.ts';
import type { Transaction } from '../store/transaction.ts';
import { frozen, storedContent } from './content.ts';
import { takeSession } from './submit.ts';
import { publicSessionId } from './token.ts';

/** New sessions of one journey in a minute. */
export const MAX_PER_MINUTE = 60;
/** Drafts of one journey that nobody submitted; more are refused, submitting is not. */
export const MAX_DRAFTS = 1_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long an expired draft is kept, so that who comes back is told that its time is over. */
const KEPT_DRAFT_MS = 30 * 24 * HOUR_MS;

function before(now: string, ms: number): string {
  return new Date(Date.parse(now) - ms).toISOString();
}

/**
 * Makes the session of a public token, as the journey was when it was found by it, for which what is written was checked, and locks it. Refuses (JOURNEY_BUSY) when there are too many of late, or, to save a draft, too many drafts.
 */
export async function makePublicSession(
  tx: Transaction,
  { id: journeyId, content: found }: JourneyRecord,
  token: string,
  isForDraft: boolean,
): Promise<SessionRecord> {
  const id = publicSessionId(token);
  // So that two can't both be the last one.
  const journey = await lockJourney(tx, tx.organizationId, journeyId);
  if (!journey?.isEnabled || journey.isArchived || !storedContent(journey.content).isPublic)
    return refuse({ code: 'NOT_FOUND', what: 'JourneySession', id });
  await removeStaleDrafts(tx, journeyId, before(tx.now, KEPT_DRAFT_MS));
  const content = storedContent(found);
  const { recent, drafts } = await countPublicSessions(tx, journeyId, before(tx.now, MINUTE_MS));
  if (recent >= MAX_PER_MINUTE || (isForDraft && drafts >= MAX_DRAFTS)) refuse({ code: 'JOURNEY_BUSY' });
  await insertSession(tx, {
    ...{ id, journeyId, taskId: null, executionId: null, entityId: null },
    token,
    content: frozen(content, false),
    data: {},
    isPublic: true,
    openedById: null,
    expiresAt: before(tx.now, -content.sessionHours * HOUR_MS),
  });
  return takeSession(tx, id, null);
}
