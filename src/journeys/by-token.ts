/** Journeys for people without an account: the token is all that they need, and says in which organization. */
import { asSystem } from '../commands/acting.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { Refusal, type JourneySessionStatus, type Problem } from '../commands/problem.ts';
import { isSignedBy } from '../outgoing/signing.ts';
import type { Database } from '../store/database.ts';
import { globalId } from '../store/global-id.ts';
import {
  findSession,
  readSessions,
  saveSessionDraft,
  type SessionRecord,
} from '../store/journey-sessions.ts';
import { findPublicJourney, readFullJourney, type JourneyRecord } from '../store/journeys.ts';
import { readOrganizationFace } from '../store/organizations.ts';
import type { Transaction } from '../store/transaction.ts';
import { frozen, storedContent, storedSessionContent, type SessionContent } from './content.ts';
import { linkOf } from './link.ts';
import { makePublicSession } from './public-sessions.ts';
import { sessionStatus } from './session-status.ts';
import { checkSubmission, requireOpen, submitIn, takeSession } from './submit.ts';
import { isPublicKey, isToken, newPublicToken, publicKeyOf, publicSessionId } from './token.ts';
import { asData, checkData } from './validator.ts';

/** Where and when journeys are filled in. */
export interface TokenContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
  /** The address of this server for the outside, without a slash at its end. */
  readonly publicUrl: () => string;
}

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

/** A session, or the public link of which there is none yet. */
type Found =
  | { readonly type: 'SESSION'; readonly organizationId: string; readonly session: SessionRecord }
  | {
      readonly type: 'LINK';
      readonly organizationId: string;
      readonly journey: JourneyRecord;
    };

async function find(database: Database, token: string): Promise<Found | null> {
  if (!isToken(token)) return null;
  const place = await findSession(database, token);
  if (place) {
    const [session] = await readSessions(database, place.organizationId, [place.id], null);
    if (session) return { type: 'SESSION', organizationId: place.organizationId, session };
  }
  const publicKey = publicKeyOf(token);
  const journey = publicKey === null ? null : await findPublicJourney(database, publicKey);
  return journey && { type: 'LINK', organizationId: journey.organizationId, journey };
}

function foundContent(found: Found): SessionContent {
  return found.type === 'SESSION'
    ? storedSessionContent(found.session.content)
    : frozen(storedContent(found.journey.content), false);
}

function journeyIdOf(found: Found): string {
  return found.type === 'SESSION' ? found.session.journeyId : found.journey.id;
}

function sessionIdOf(found: Found, token: string): string {
  return found.type === 'SESSION' ? found.session.id : publicSessionId(token);
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
  readonly isForDraft: boolean;
  /** Before anything is locked. */
  readonly check: (content: SessionContent) => JsonObject;
  readonly write: (tx: Transaction, session: SessionRecord, data: JsonObject) => Promise<T>;
}

/** Checks and writes what was filled in into the open session, which is made if the token is of a public link and has none yet. */
async function fill<T>(
  { database, clock }: TokenContext,
  found: Found,
  token: string,
  { isForDraft, check, write }: Filling<T>,
): Promise<FillAnswer<T>> {
  const { organizationId } = found;
  const scope = { organizationId, actorId: null, now: clock().toISOString() };
  try {
    if (found.type === 'SESSION') requireOpen(found.session, scope.now);
    const data = check(foundContent(found));
    const { value } = await database.transaction(scope, async (tx) => {
      const session =
        found.type === 'SESSION'
          ? await takeSession(tx, found.session.id, found.session.executionId)
          : await makePublicSession(tx, found.journey, token, isForDraft);
      return write(tx, session, data);
    });
    return { ok: true, value };
  } catch (error) {
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
  context: TokenContext,
  token: string,
  data: unknown,
): Promise<FillAnswer<string>> {
  const found = await find(context.database, token);
  if (!found) return UNKNOWN;
  if (foundContent(found).kind === 'LINK') return refused(found, ONLY_SIGNED);
  return fill(context, found, token, {
    isForDraft: true,
    check: () => checkData('data', data),
    write: async (tx, session, checked) => {
      await saveSessionDraft(tx, session.id, checked);
      return tx.now;
    },
  });
}

async function submit(
  context: TokenContext,
  found: Found,
  token: string,
  data: unknown,
): Promise<FillAnswer<string>> {
  return fill(context, found, token, {
    isForDraft: false,
    check: (content) => checkSubmission(content, data),
    // The system acts for them: they have no account. Which session it was is in the log.
    write: async (tx, session, checked) =>
      submitIn(tx, { ...(await asSystem(tx)), onBehalfOfId: null }, session, checked),
  });
}

/** Submits what is filled in; answers the submission's id. */
async function submitByToken(
  context: TokenContext,
  token: string,
  data: unknown,
): Promise<FillAnswer<string>> {
  const found = await find(context.database, token);
  if (!found) return UNKNOWN;
  if (foundContent(found).kind === 'LINK') return refused(found, ONLY_SIGNED);
  return submit(context, found, token, data);
}

/** What an outside form brings back, as Standard Webhooks signs it: with the session's id as that of the message. */
export interface SignedReturn {
  /** In seconds since 1970. */
  readonly timestamp: string;
  /** `v1,…`, several separated by spaces. */
  readonly signature: string;
  /** JSON, to the byte as it was signed. */
  readonly data: string;
}

/** Whether the journey's secret, or one before it that is still good, has signed it for this session within the last five minutes. */
async function isSigned(
  { database, clock }: TokenContext,
  found: Found,
  id: string,
  { timestamp, signature, data }: SignedReturn,
): Promise<boolean> {
  const journey = await readFullJourney(database, found.organizationId, journeyIdOf(found));
  const now = clock();
  const good = (journey?.secrets ?? []).filter(
    ({ expiresAt }) => expiresAt === null || expiresAt > now.toISOString(),
  );
  const secrets = good.map(({ secret }) => secret);
  return isSignedBy(secrets, { id: globalId('JourneySession', id), timestamp, signature, body: data }, now);
}

/** Submits what an outside form brings back; answers the submission's id. Null: it is not signed as it has to be, or no outside form belongs to it. */
async function submitReturned(
  context: TokenContext,
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
  return submit(context, found, token, data);
}

/** Everything that can be done with a token. */
export function createJourneys(context: TokenContext) {
  return {
    open: (publicKey: string) => openPublicLink(context, publicKey),
    isKnown: (token: string) => isKnown(context, token),
    view: (token: string) => viewSession(context, token),
    saveDraft: (token: string, data: unknown) => saveDraftByToken(context, token, data),
    submit: (token: string, data: unknown) => submitByToken(context, token, data),
    submitReturned: (token: string, returned: SignedReturn) => submitReturned(context, token, returned),
  };
}
