/** Sessions of journeys: what was opened for somebody to fill in. */
import type { Instant } from '../engine/definition.ts';
import type { ExecutionStatus, TaskStatus } from '../engine/state.ts';
import { secretTokenHash } from './secret-token.ts';
import { statement, type Queryable } from './statement.ts';
import { ownTaskThrough } from './visibility.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

export interface SessionRecord {
  readonly id: string;
  readonly journeyId: string;
  /** JSON: the journey as it was when it was opened. */
  readonly content: unknown;
  readonly taskId: string | null;
  readonly executionId: string | null;
  readonly entityId: string | null;
  /** What is filled in so far. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly draftSavedAt: Instant | null;
  readonly isPublic: boolean;
  /** Null: somebody with the public link. */
  readonly openedById: string | null;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  readonly submittedAt: Instant | null;
  /** When it was taken back. */
  readonly closedAt: Instant | null;
  readonly version: number;
  /** Of the task and its execution as they are now; null if it has none, or if they are gone. */
  readonly taskStatus: TaskStatus | null;
  readonly executionStatus: ExecutionStatus | null;
  /** Whether the entity that it is about was deleted. */
  readonly isEntityGone: boolean;
}

const COLUMNS = `s.id, s.journey_id as "journeyId", s.content, s.task_id as "taskId", s.execution_id as "executionId",
  s.entity_id as "entityId", s.data, s.draft_saved_at as "draftSavedAt", s.is_public as "isPublic", s.opened_by_id as "openedById",
  s.opened_at as "openedAt", s.expires_at as "expiresAt", s.submitted_at as "submittedAt", s.closed_at as "closedAt", s.version,
  (select t.status from task t where t.organization_id = s.organization_id and t.id = s.task_id) as "taskStatus",
  (select e.status from execution e where e.organization_id = s.organization_id and e.id = s.execution_id) as "executionStatus",
  (s.entity_id is not null and not exists (
    select from entity n where n.organization_id = s.organization_id and n.id = s.entity_id)) as "isEntityGone"`;

const byIds = statement<SessionRecord>(
  'journeySession.byIds',
  `select ${COLUMNS} from journey_session s
   where s.organization_id = $1 and s.id = any($2::uuid[]) and ${ownTaskThrough('$3', 's')}`,
);

/** The sessions with these ids that can be seen through the scope (null: all): those of its own tasks. In no order. */
export async function readSessions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<SessionRecord[]> {
  return db.query(byIds, [organizationId, ids, scope]);
}

/** Where a session belongs. */
export interface SessionPlace {
  readonly organizationId: string;
  readonly id: string;
}

const place = statement<SessionPlace>(
  'journeySession.place',
  `select s.organization_id as "organizationId", s.id from journey_session s where s.token_hash = $1`,
);

function hashOf(token: string): string {
  return secretTokenHash(token).toString('base64url');
}

/** In whichever organization the session with this token is; null if there is none. */
export async function findSession(db: Queryable, token: string): Promise<SessionPlace | null> {
  const [row] = await db.query(place, [hashOf(token)]);
  return row ?? null;
}

const lock = statement<{ id: string }>(
  'journeySession.lock',
  `select s.id from journey_session s where s.organization_id = $1 and s.id = $2 for no key update`,
);

/** The session, locked until the transaction ends, as it is then; null if there is none. Its execution has to be locked before. */
export async function lockSession(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<SessionRecord | null> {
  await tx.query(lock, [organizationId, id]);
  const [row] = await readSessions(tx, organizationId, [id], null);
  return row ?? null;
}

/** A session that has yet to be made. */
export interface NewSession extends Pick<
  SessionRecord,
  | 'id'
  | 'journeyId'
  | 'content'
  | 'taskId'
  | 'executionId'
  | 'entityId'
  | 'data'
  | 'isPublic'
  | 'openedById'
  | 'expiresAt'
> {
  /** Kept as its hash only. */
  readonly token: string;
}

// Of two that come at once with the same public token, the second finds the first.
const insert = statement<never>(
  'journeySession.insert',
  `insert into journey_session (organization_id, id, journey_id, token_hash, content, task_id, execution_id, entity_id, data, is_public,
     opened_by_id, expires_at, opened_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (token_hash) do nothing`,
);

/** Adds an open session with version 1, unless there is one with this token. */
export async function insertSession(tx: Writer, session: NewSession): Promise<void> {
  await tx.query(insert, [
    tx.organizationId,
    session.id,
    session.journeyId,
    hashOf(session.token),
    JSON.stringify(session.content),
    session.taskId,
    session.executionId,
    session.entityId,
    JSON.stringify(session.data),
    session.isPublic,
    session.openedById,
    session.expiresAt,
    tx.now,
  ]);
}

const draft = statement<never>(
  'journeySession.saveDraft',
  `update journey_session set data = $3, draft_saved_at = $4, version = version + 1 where organization_id = $1 and id = $2`,
);

/** Writes what is filled in so far into a locked session. */
export async function saveSessionDraft(
  tx: Writer,
  id: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(draft, [tx.organizationId, id, JSON.stringify(data), tx.now]);
}

const submitted = statement<never>(
  'journeySession.submit',
  `update journey_session set data = '{}', submitted_at = $3, entity_id = $4, version = version + 1
   where organization_id = $1 and id = $2`,
);

/** Writes that a locked session was submitted now, and on which entity; the data is the submission's from now on. */
export async function saveSessionSubmitted(tx: Writer, id: string, entityId: string | null): Promise<void> {
  await tx.query(submitted, [tx.organizationId, id, tx.now, entityId]);
}

const closed = statement<never>(
  'journeySession.close',
  `update journey_session set closed_at = $3, version = version + 1 where organization_id = $1 and id = $2`,
);

/** Writes that a locked session was taken back now. */
export async function saveSessionClosed(tx: Writer, id: string): Promise<void> {
  await tx.query(closed, [tx.organizationId, id, tx.now]);
}

const publicUse = statement<{ recent: number; drafts: number }>(
  'journeySession.publicUse',
  `select (select count(*) from journey_session s
           where s.organization_id = $1 and s.journey_id = $2 and s.opened_at > $3 and s.is_public) as recent,
     (select count(*) from journey_session s
      where s.organization_id = $1 and s.journey_id = $2 and s.is_public and s.submitted_at is null) as drafts`,
);

/** How many sessions came to be by the journey's public link since then, and how many in all are not submitted. */
export async function countPublicSessions(
  tx: Writer,
  journeyId: string,
  since: Instant,
): Promise<{ readonly recent: number; readonly drafts: number }> {
  const [row] = await tx.query(publicUse, [tx.organizationId, journeyId, since]);
  return row ?? { recent: 0, drafts: 0 };
}

const purge = statement<never>(
  'journeySession.purge',
  `delete from journey_session s where s.organization_id = $1 and s.id in (
     select d.id from journey_session d
     where d.organization_id = $1 and d.journey_id = $2 and d.is_public and d.submitted_at is null and d.expires_at < $3
     order by d.expires_at limit 100)`,
);

/** Removes up to a hundred drafts of the journey's public link that nobody submitted and that expired before then. */
export async function removeStaleDrafts(tx: Writer, journeyId: string, before: Instant): Promise<void> {
  await tx.query(purge, [tx.organizationId, journeyId, before]);
}
