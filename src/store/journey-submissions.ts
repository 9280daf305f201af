/** What was submitted in journeys. */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable, type Statement } from './statement.ts';
import { ownTaskThrough } from './visibility.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: Instant };

export interface SubmissionRecord {
  readonly id: string;
  readonly journeyId: string;
  readonly sessionId: string;
  readonly taskId: string | null;
  readonly executionId: string | null;
  readonly entityId: string | null;
  /** Whether it made that entity. */
  readonly hasCreatedEntity: boolean;
  readonly data: Readonly<Record<string, unknown>>;
  /** Null: somebody without an account. */
  readonly submittedById: string | null;
  readonly submittedAt: Instant;
  readonly startedExecutionIds: readonly string[];
}

const COLUMNS = `b.id, b.journey_id as "journeyId", b.session_id as "sessionId", b.task_id as "taskId", b.execution_id as "executionId",
  b.entity_id as "entityId", b.has_created_entity as "hasCreatedEntity", b.data, b.submitted_by_id as "submittedById",
  b.submitted_at as "submittedAt", b.started_execution_ids as "startedExecutionIds"`;

const insert = statement<never>(
  'journeySubmission.insert',
  `insert into journey_submission (organization_id, id, journey_id, session_id, task_id, execution_id, entity_id, has_created_entity, data,
     submitted_by_id, submitted_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);

/** Adds a submission, made now. */
export async function insertSubmission(
  tx: Writer,
  submission: Omit<SubmissionRecord, 'submittedAt' | 'startedExecutionIds'>,
): Promise<void> {
  await tx.query(insert, [
    tx.organizationId,
    submission.id,
    submission.journeyId,
    submission.sessionId,
    submission.taskId,
    submission.executionId,
    submission.entityId,
    submission.hasCreatedEntity,
    JSON.stringify(submission.data),
    submission.submittedById,
    tx.now,
  ]);
}

const byIds = statement<SubmissionRecord>(
  'journeySubmission.byIds',
  `select ${COLUMNS} from journey_submission b
   where b.organization_id = $1 and b.id = any($2::uuid[]) and ${ownTaskThrough('$3', 'b')}`,
);

/** The submissions with these ids that can be seen through the scope (null: all): those of its own tasks. In no order. */
export async function readSubmissions(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<SubmissionRecord[]> {
  return db.query(byIds, [organizationId, ids, scope]);
}

const bySessions = statement<SubmissionRecord>(
  'journeySubmission.bySessions',
  `select ${COLUMNS} from journey_submission b
   where b.organization_id = $1 and b.session_id = any($2::uuid[]) and ${ownTaskThrough('$3', 'b')}`,
);

/** The submissions of these sessions, as far as they can be seen, by the session's id. */
export async function readSubmissionsOfSessions(
  db: Queryable,
  organizationId: string,
  sessionIds: readonly string[],
  scope: readonly string[] | null,
): Promise<Map<string, SubmissionRecord>> {
  const rows = await db.query(bySessions, [organizationId, sessionIds, scope]);
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** Whose submissions: of a journey, in a task, on an entity. */
export type SubmissionParent = 'JOURNEY' | 'TASK' | 'ENTITY';

type Listed = SubmissionRecord & { readonly parentId: string };

function ofParents(parent: SubmissionParent, column: string): Statement<Listed> {
  return statement(
    `journeySubmission.of.${parent}`,
    `select p.id as "parentId", page.* from unnest($2::uuid[]) as p(id)
     cross join lateral (
       select ${COLUMNS} from journey_submission b
       where b.organization_id = $1 and b.${column} = p.id and ${ownTaskThrough('$3', 'b')} and ($4::uuid is null or b.id < $4)
       order by b.id desc limit $5) page`,
  );
}

const pages: Readonly<Record<SubmissionParent, Statement<Listed>>> = {
  JOURNEY: ofParents('JOURNEY', 'journey_id'),
  TASK: ofParents('TASK', 'task_id'),
  ENTITY: ofParents('ENTITY', 'entity_id'),
};

/** A page of the submissions of each of these objects of one kind, as far as they can be seen, newest first, by the object's id. */
export async function readSubmissionsOf(
  db: Queryable,
  organizationId: string,
  parent: SubmissionParent,
  parentIds: readonly string[],
  scope: readonly string[] | null,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Map<string, SubmissionRecord[]>> {
  const rows = await db.query(pages[parent], [organizationId, parentIds, scope, after, limit]);
  const byParent = new Map<string, SubmissionRecord[]>(parentIds.map((id) => [id, []]));
  for (const { parentId, ...submission } of rows) byParent.get(parentId)?.push(submission);
  return byParent;
}

const started = statement<never>(
  'journeySubmission.started',
  `update journey_submission set started_execution_ids = $3 where organization_id = $1 and id = $2`,
);

/** Writes which executions the submission started. */
export async function saveStartedExecutions(
  tx: Writer,
  id: string,
  executionIds: readonly string[],
): Promise<void> {
  await tx.query(started, [tx.organizationId, id, executionIds]);
}

const startable = statement<{ definitionId: string }>(
  'journeySubmission.startable',
  `select d.id as "definitionId" from definition d
   join definition_version v on v.organization_id = d.organization_id and v.definition_id = d.id and v.number = d.published_number
   where d.organization_id = $1 and d.is_enabled and not d.is_archived
     and (v.content->'triggers' @> jsonb_build_array(jsonb_build_object('type', 'JOURNEY', 'journeyId', $2::text))
       or v.content->'triggers' @> '[{"type": "JOURNEY", "journeyId": null}]')
   order by d.id`,
);

/** The definitions that submitting this journey starts now: enabled, published, with a trigger for it or for any. */
export async function readStartedByJourney(
  db: Queryable,
  organizationId: string,
  journeyId: string,
): Promise<string[]> {
  const rows = await db.query(startable, [organizationId, journeyId]);
  return rows.map(({ definitionId }) => definitionId);
}
