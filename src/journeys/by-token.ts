/** Journeys for people without an account: the token is all that they need, and says in which organization. */
import { asSystem } from '../commands/acting.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { Refusal, refuse, type JourneySessionStatus, type Problem } from '../commands/problem.ts';
import type { Database } from '../store/database.ts';
import { saveSessionDraft, type SessionRecord } from '../store/journey-sessions.ts';
import { findPublicJourney } from '../store/journeys.ts';
import { readOrganizationFace } from '../store/organizations.ts';
import type { Transaction } from '../store/transaction.ts';
import { storedContent, type SessionContent } from './content.ts';
import { find, foundContent, journeyIdOf, sessionIdOf, type Found } from './found.ts';
import { linkOf } from './link.ts';
import { createPublicCallers, type PublicCallers } from './public-callers.ts';
import { makePublicSession } from './public-sessions.ts';
import { sessionStatus } from './session-status.ts';
import { isSigned, type SignedReturn } from './signed-return.ts';
import { checkSubmission, requireOpen, submitIn, takeSession } from './submit.ts';
import { isPublicKey, newPublicToken } from './token.ts';
import { asData, checkData } from './validator.ts';

/** Where and when journeys are filled in. */
export interface TokenContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
  /** The address of this server for the outside, without a slash at its end. */
  readonly publicUrl: () => string;
}

type Counting = TokenContext & { readonly callers: PublicCallers };

/** What whoever has the token may see. */
export interface SessionView {
  readonly status: JourneySessionStatus;
  readonly kind: SessionContent['kind'];
  readonly name: string;
  readonly description: string | null;
  readonly expiresAt: string;
  /** Of the organization. */
  readonly locale: string;
  readonly organization: string;
  /** Of an open FORM. */
  readonly form: (Pick<SessionContent, 'schema' | 'uiSchema'> & { readonly data: JsonObject }) | null;
  /** Of an open LINK: where to go. */
  readonly url: string | null;
}

/** The token of a new session of the public link with this key; null if there is no such link. */
async function openPublicLink({ database }: TokenContext, publicKey: string): Promise<string | null> {
  const journey = isPublicKey(publicKey) ? await findPublicJourney(database, publicKey) : null;
  return journey && newPublicToken(publicKey);
}

/** Whether something has this token. */
async function isKnown({ database }: TokenContext, token: string): Promise<boolean> {
  return (await find(database, token)) !== null;
}

/** What there is to fill in; null if nothing has this token. */
async function viewSession(context: TokenContext, token: string): Promise<SessionView | null> {
  const { database, clock, publicUrl } = context;
  const found = await find(database, token);
  if (!found) return null;
  const now = clock();
  const content = foundContent(found);
  const isNew = found.type === 'LINK';
  const status = isNew ? 'OPEN' : sessionStatus(found.session, now.toISOString());
  const { name, description, kind, schema, uiSchema, url } = content;
  const data = asData(isNew ? {} : found.session.data);
  const hours = isNew ? storedContent(found.journey.content).sessionHours : 0;
  const isOpen = status === 'OPEN';
  const face = await readOrganizationFace(database, found.organizationId);
  return {
    ...{ status, kind, name, description },
    expiresAt: isNew ? new Date(now.getTime() + hours * 3_600_000).toISOString() : found.session.expiresAt,
    locale: face.locale,
    organization: face.name,
    form: isOpen && kind === 'FORM' ? { schema, uiSchema, data } : null,
    url:
      isOpen && url !== null
        ? linkOf(url, { id: sessionIdOf(found, token), token, data }, publicUrl())
        : null,
  };
}

/** What came of filling in. */
export type FillAnswer<T> = { readonly ok: true; readonly value: T } | Refused;

/** Why it was not done, and in which journey: null for a token of none. */
export interface Refused {
  readonly ok: false;
  readonly problem: Problem;
  readonly journeyId: string | null;
}

const UNKNOWN: Refused = {
  ok: false,
  problem: { code: 'NOT_FOUND', what: 'JourneySession', id: '' },
  journeyId: null,
};

function refused(found: Found, problem: Problem): Refused {
  return { ok: false, problem, journeyId: journeyIdOf(found) };
}

/** What is done with what was filled in. */
interface Filling<T> {
  /** Whose sessions are counted if this makes one; null: nobody's. */
  readonly client: string | null;
  readonly isForDraft: boolean;
  /** Before anything is locked. */
  readonly check: (content: SessionContent) => JsonObject;
  readonly write: (tx: Transaction, session: SessionRecord, data: JsonObject) => Promise<T>;
}

/** The place that the session takes of those that its caller may have; refuses (JOURNEY_BUSY) if they have no more. */
function enter({ callers }: Counting, found: Found, client: string | null): () => void {
  if (found.type === 'SESSION' || client === null) return () => undefined;
  return callers.enter(found.journey.id, client) ?? refuse({ code: 'JOURNEY_BUSY' });
}

/** Checks and writes what was filled in into the open session, which is made if the token is of a public link and has none yet. */
async function fill<T>(
  context: Counting,
  found: Found,
  token: string,
  { client, isForDraft, check, write }: Filling<T>,
): Promise<FillAnswer<T>> {
  const { database, clock } = context;
  const { organizationId } = found;
  const scope = { organizationId, actorId: null, now: clock().toISOString() };
  let leave: (() => void) | null = null;
  try {
    if (found.type === 'SESSION') requireOpen(found.session, scope.now);
    const data = check(foundContent(found));
    leave = enter(context, found, client);
    const { value } = await database.transaction(scope, async (tx) => {
      const session =
        found.type === 'SESSION'
          ? await takeSession(tx, found.session.id, found.session.executionId)
          : await makePublicSession(tx, found.journey, token, isForDraft);
      return write(tx, session, data);
    });
    return { ok: true, value };
  } catch (error) {
    leave?.();
    if (error instanceof Refusal) return refused(found, error.problem);
    throw error;
  }
}

const ONLY_SIGNED: Problem = {
  code: 'FORBIDDEN',
  message: 'This journey is filled in by its outside form, and only what that has signed is taken.',
};

/** Keeps what is filled in so far; answers when. */
async function saveDraftByToken(
  context: Counting,
  token: string,
  data: unknown,
  client: string | null,
): Promise<FillAnswer<string>> {
  const found = await find(context.database, token);
  if (!found) return UNKNOWN;
  if (foundContent(found).kind === 'LINK') return refused(found, ONLY_SIGNED);
  return fill(context, found, token, {
    client,
    isForDraft: true,
    check: () => checkData('data', data),
    write: async (tx, session, checked) => {
      await saveSessionDraft(tx, session.id, checked);
      return tx.now;
    },
  });
}

async function submit(
  context: Counting,
  found: Found,
  token: string,
  data: unknown,
  client: string | null,
): Promise<FillAnswer<string>> {
  return fill(context, found, token, {
    client,
    isForDraft: false,
    check: (content) => checkSubmission(content, data),
    // The system acts for them: they have no account. Which session it was is in the log.
    write: async (tx, session, checked) =>
      submitIn(tx, { ...(await asSystem(tx)), onBehalfOfId: null }, session, checked),
  });
}

/** Submits what is filled in; answers the submission's id. */
async function submitByToken(
  context: Counting,
  token: string,
  data: unknown,
  client: string | null,
): Promise<FillAnswer<string>> {
  const found = await find(context.database, token);
  if (!found) return UNKNOWN;
  if (foundContent(found).kind === 'LINK') return refused(found, ONLY_SIGNED);
  return submit(context, found, token, data, client);
}

/** Submits what an outside form brings back; answers the submission's id. Null: it is not signed as it has to be, or no outside form belongs to it. */
async function submitReturned(
  context: Counting,
  token: string,
  returned: SignedReturn,
): Promise<FillAnswer<string> | null> {
  const found = await find(context.database, token);
  if (!found) return UNKNOWN;
  if (foundContent(found).kind !== 'LINK') return null;
  if (!(await isSigned(context, found, sessionIdOf(found, token), returned))) return null;
  let data: unknown;
  try {
    data = JSON.parse(returned.data);
  } catch {
    // What is no JSON is no object, which the check of the data tells.
  }
  // Many people's come from one outside form, which has signed each.
  return submit(context, found, token, data, null);
}

/** Everything that can be done with a token. `client` says who does it, as they are counted; null: they are not. */
export function createJourneys(given: TokenContext) {
  const context = { ...given, callers: createPublicCallers(given.clock) };
  return {
    open: (publicKey: string) => openPublicLink(context, publicKey),
    isKnown: (token: string) => isKnown(context, token),
    view: (token: string) => viewSession(context, token),
    saveDraft: (token: string, data: unknown, client: string | null = null) =>
      saveDraftByToken(context, token, data, client),
    submit: (token: string, data: unknown, client: string | null = null) =>
      submitByToken(context, token, data, client),
    submitReturned: (token: string, returned: SignedReturn) => submitReturned(context, token, returned),
  };
}
