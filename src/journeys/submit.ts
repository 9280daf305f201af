/**
 * Submitting: what was filled in is validated, kept, written into the entity, and completes the task, all in one transaction or not at all.
 */
import { v7 as uuidv7 } from 'uuid';
import type { Acting } from '../commands/acting.ts';
import { updateEntityIn } from '../commands/entities.ts';
import { withExecutions, type ExecutionSession } from '../commands/execution-session.ts';
import type { JsonObject } from '../commands/merge-patch.ts';
import { onBehalfOf } from '../commands/on-behalf.ts';
import { fromEngine, refuse } from '../commands/problem.ts';
import type { Instant, Json } from '../engine/definition.ts';
import type { Attributes } from '../engine/facts.ts';
import { refuseForm } from '../engine/form.ts';
import { lockEntity } from '../store/entity-writes.ts';
import type { EntityRecord } from '../store/entities.ts';
import { lockExecutions } from '../store/execution-snapshots.ts';
import { globalId } from '../store/global-id.ts';
import { lockSession, saveSessionSubmitted, type SessionRecord } from '../store/journey-sessions.ts';
import { insertSubmission } from '../store/journey-submissions.ts';
import { readOrganizationFace } from '../store/organizations.ts';
import { readTasks } from '../store/tasks.ts';
import type { Transaction } from '../store/transaction.ts';
import { readExecutions } from '../store/execution-lists.ts';
import { storedSessionContent, type SessionContent } from './content.ts';
import { recordSubmitted } from './journey-event.ts';
import { createMapped, mapped } from './map-submission.ts';
import { sessionStatus } from './session-status.ts';
import { checkData, dataErrors } from './validator.ts';
import { variablesOf } from './variables.ts';
import type { Variables } from '../automation/variables.ts';

/** Refuses a session that is not open. */
export function requireOpen(session: SessionRecord, now: Instant): void {
  const status = sessionStatus(session, now);
  if (status !== 'OPEN') refuse({ code: 'JOURNEY_SESSION_NOT_OPEN', sessionId: session.id, status });
}

/**
 * What is submitted, as the session wants it; refuses what its schema refuses (JOURNEY_DATA_INVALID, with all errors). A large form takes its time, so this comes before anything
 * is locked that others wait for.
 */
export function checkSubmission({ schema }: SessionContent, given: unknown): JsonObject {
  const data = checkData('data', given);
  const errors = schema ? dataErrors(schema, data) : [];
  if (errors.length > 0) refuse({ code: 'JOURNEY_DATA_INVALID', errors });
  return data;
}

/** The open session, locked with its execution before it, as commands lock them. Refuses one that is not there or not open. */
export async function takeSession(
  tx: Transaction,
  id: string,
  executionId: string | null,
): Promise<SessionRecord> {
  if (executionId !== null) await lockExecutions(tx, tx.organizationId, { executionIds: [executionId] });
  const session = await lockSession(tx, tx.organizationId, id);
  if (!session) return refuse({ code: 'NOT_FOUND', what: 'JourneySession', id });
  requireOpen(session, tx.now);
  return session;
}

/** The entity that the session is about, locked; null if it is about none. Refuses a session of one that was deleted just now. */
async function takeEntity(
  tx: Transaction,
  { id: sessionId, entityId }: SessionRecord,
): Promise<EntityRecord | null> {
  if (entityId === null) return null;
  const entity = await lockEntity(tx, tx.organizationId, entityId);
  return entity ?? refuse({ code: 'JOURNEY_SESSION_NOT_OPEN', sessionId, status: 'CLOSED' });
}

async function readSubjects(
  tx: Transaction,
  { executionId, taskId }: SessionRecord,
  entity: EntityRecord | null,
) {
  const { organizationId } = tx;
  const [execution = null] =
    executionId === null ? [] : await readExecutions(tx, organizationId, [executionId], null);
  const [task = null] = taskId === null ? [] : await readTasks(tx, organizationId, [taskId], null);
  const { name: organizationName } = await readOrganizationFace(tx, organizationId);
  return { entity, execution, task, organizationName };
}

/** Who fills in: as whom what follows is done, and for which absent user they stand in; null for none. */
export interface Filler extends Acting {
  readonly onBehalfOfId: string | null;
}

/** The work of the task: whether it can be done now, its entity, its completion. Refuses all of it if one part is refused. */
function workTask(
  session: ExecutionSession,
  filler: Filler,
  taskId: string,
  entityId: string | null,
  { mapping, completesTask }: SessionContent,
  variables: Variables,
): void {
  const snapshot = session.executionOf(taskId);
  const task = snapshot?.tasks.find(({ id }) => id === taskId);
  if (!snapshot || !task) return refuse({ code: 'NOT_FOUND', what: 'Task', id: taskId });
  const refusal = refuseForm(snapshot, task);
  if (refusal) refuse(fromEngine(refusal.problem));
  const attributes = entityId === null ? null : session.attributes(entityId);
  // Before the task is completed, so that the decisions behind it see what was filled in.
  if (entityId !== null && attributes)
    session.writeAttributes(entityId, mapped(attributes, mapping, variables));
  if (!completesTask) return;
  const result = session.advance(
    snapshot.execution.id,
    { type: 'COMPLETE_TASK', taskId },
    filler.onBehalfOfId,
  );
  if (!result.ok) refuse(fromEngine(result.problem));
}

/** What is written down, and into which entity: that of the session, or one that is made. */
async function apply(
  tx: Transaction,
  filler: Filler,
  session: SessionRecord,
  content: SessionContent,
  variables: Variables,
  entity: EntityRecord | null,
): Promise<string | null> {
  const { taskId, executionId } = session;
  if (taskId !== null && executionId !== null) {
    const entityId = entity?.id ?? null;
    const subjects = { executionIds: [executionId], entityIds: entityId === null ? [] : [entityId] };
    await withExecutions(tx, filler, subjects, (executions) => {
      workTask(executions, filler, taskId, entityId, content, variables);
    });
    return entityId;
  }
  if (!entity) return createMapped(tx, content, variables);
  await updateEntityIn(tx, { id: entity.id }, ({ attributes }) => ({
    // What came out of a JSON column is JSON.
    attributes: mapped(attributes as Attributes, content.mapping, variables),
  }));
  return entity.id;
}

/** Submits data that was checked for this session, which is locked and open; answers the submission's id. Refuses whatever keeps the task from being worked on, or completed. */
export async function submitIn(
  tx: Transaction,
  filler: Filler,
  session: SessionRecord,
  data: JsonObject,
): Promise<string> {
  const content = storedSessionContent(session.content);
  const id = uuidv7();
  const { journeyId, taskId, executionId } = session;
  const entity = await takeEntity(tx, session);
  const variables = variablesOf(await readSubjects(tx, session, entity), {
    // What came as JSON is JSON.
    data: data as Json,
    journey: { id: globalId('Journey', journeyId), name: content.name },
    submission: { id: globalId('JourneySubmission', id), at: tx.now },
  });
  const entityId = await apply(tx, filler, session, content, variables, entity);
  const hasCreatedEntity = entity === null && entityId !== null;
  await insertSubmission(tx, {
    ...{ id, journeyId, sessionId: session.id, taskId, executionId, entityId, hasCreatedEntity },
    data,
    submittedById: tx.actorId,
  });
  await saveSessionSubmitted(tx, session.id, entityId);
  const subject = { id, journeyId, sessionId: session.id, taskId, executionId, entityId };
  recordSubmitted(onBehalfOf(tx, filler.onBehalfOfId), subject, hasCreatedEntity);
  return id;
}
