/** Opening journeys for somebody: from a task, or without one. */
import { hoursAfter } from '../engine/instant.ts';
import { v7 as uuidv7 } from 'uuid';
import { asViewer } from '../commands/acting.ts';
import { execute, requirePermission, type Caller, type CommandResult } from '../commands/execute.ts';
import { withExecutions } from '../commands/execution-session.ts';
import { fromEngine, refuse, refuseInput } from '../commands/problem.ts';
import { whyForbidden } from '../commands/task-permission.ts';
import type { JourneyReference } from '../engine/definition.ts';
import { refuseForm } from '../engine/form.ts';
import { uuidsAmong } from '../store/definition-references.ts';
import { readEntities, type EntityRecord } from '../store/entities.ts';
import { readOrganizationFace } from '../store/organizations.ts';
import { insertSession } from '../store/journey-sessions.ts';
import { readJourneys, type JourneyRecord } from '../store/journeys.ts';
import type { Transaction } from '../store/transaction.ts';
import { frozen, storedContent } from './content.ts';
import { recordOpened } from './journey-event.ts';
import { checkSessionHours } from './journey-input.ts';
import { prefilled } from './prefill.ts';
import { newSecretToken } from '../store/secret-token.ts';
import { variablesOf, type Subjects } from './variables.ts';

/** A session as whoever opened it is told of it. */
export interface OpenedJourney {
  readonly sessionId: string;
  /** Known to nobody else, and not kept. */
  readonly token: string;
}

export interface OpenJourneyInput {
  /** The task whose form it is; null to open a journey without one. */
  readonly taskId: string | null;
  /** Without a task: which journey. */
  readonly journeyId: string | null;
  /** Without a task: the entity that it is about; null for none. */
  readonly entityId: string | null;
  /** The journey's own time if left out. */
  readonly expiresInHours?: number | undefined;
}

/** The journey, if it can be opened; refuses otherwise. */
async function readOpenable(tx: Transaction, id: string): Promise<JourneyRecord> {
  const [key] = uuidsAmong([id]);
  const [journey] = key === undefined ? [] : await readJourneys(tx, tx.organizationId, [key]);
  if (!journey) return refuse({ code: 'JOURNEY_NOT_OPENABLE', journeyId: null, reason: 'NO_JOURNEY' });
  const { isArchived, isEnabled } = journey;
  if (isArchived) return refuse({ code: 'JOURNEY_NOT_OPENABLE', journeyId: id, reason: 'ARCHIVED' });
  if (!isEnabled) return refuse({ code: 'JOURNEY_NOT_OPENABLE', journeyId: id, reason: 'DISABLED' });
  return journey;
}

async function readEntity(tx: Transaction, id: string | null): Promise<EntityRecord | null> {
  if (id === null) return null;
  const [entity] = await readEntities(tx, tx.organizationId, [id], null);
  return entity ?? null;
}

async function open(
  tx: Transaction,
  reference: JourneyReference,
  subjects: Omit<Subjects, 'organizationName'>,
  expiresInHours: number | undefined,
): Promise<OpenedJourney> {
  const { completesTask, parameters = [] } = reference;
  const journey = await readOpenable(tx, reference.journeyId);
  const content = storedContent(journey.content);
  const hours =
    expiresInHours === undefined ? content.sessionHours : checkSessionHours('expiresInHours', expiresInHours);
  const expiresAt = hoursAfter(tx.now, hours);
  const { name: organizationName } = await readOrganizationFace(tx, tx.organizationId);
  const data = prefilled(content.kind, parameters, variablesOf({ ...subjects, organizationName }));
  const token = newSecretToken();
  const session = {
    id: uuidv7(),
    journeyId: journey.id,
    taskId: subjects.task?.id ?? null,
    executionId: subjects.execution?.id ?? null,
    entityId: subjects.entity?.id ?? null,
  };
  await insertSession(tx, {
    ...session,
    token,
    content: frozen(content, completesTask),
    data,
    isPublic: false,
    openedById: tx.actorId,
    expiresAt,
  });
  recordOpened(tx, session, expiresAt);
  return { sessionId: session.id, token };
}

async function openFromTask(
  caller: Caller,
  taskId: string,
  expiresInHours: number | undefined,
): Promise<CommandResult<OpenedJourney>> {
  const { viewer } = caller;
  return execute(caller, async (tx) => {
    const found = await withExecutions(tx, asViewer(viewer), { taskIds: [taskId] }, (session) => {
      const snapshot = session.executionOf(taskId);
      const task = snapshot?.tasks.find(({ id }) => id === taskId);
      if (!snapshot || !task) return refuse({ code: 'NOT_FOUND', what: 'Task', id: taskId });
      const forbidden = whyForbidden(viewer, task, 'COMPLETE');
      if (forbidden !== null) return refuse({ code: 'FORBIDDEN', message: forbidden });
      if (!task.journey)
        return refuse({ code: 'JOURNEY_NOT_OPENABLE', journeyId: null, reason: 'NO_JOURNEY' });
      const refusal = refuseForm(snapshot, task);
      if (refusal) return refuse(fromEngine(refusal.problem));
      return { execution: snapshot.execution, task, reference: task.journey };
    });
    const { execution, task, reference } = found;
    const entity = await readEntity(tx, execution.entityId);
    return open(tx, reference, { entity, execution, task }, expiresInHours);
  });
}

/**
 * Opens a journey for somebody, who reaches it by the answered token until it expires: that of a task, for those who may complete the task and while it can be worked on; or, with
 * the permission `work`, any on an entity or on none.
 */
export async function openJourney(
  caller: Caller,
  { taskId, journeyId, entityId, expiresInHours }: OpenJourneyInput,
): Promise<CommandResult<OpenedJourney>> {
  if (taskId !== null) {
    if (journeyId !== null || entityId !== null)
      refuseInput('taskId', 'AMBIGUOUS', 'A task says itself which journey and entity: give only taskId.');
    return openFromTask(caller, taskId, expiresInHours);
  }
  if (journeyId === null)
    return refuseInput('taskId', 'EMPTY', 'Give the taskId of a task that has a journey, or a journeyId.');
  requirePermission(caller.viewer, 'work');
  return execute(caller, async (tx) => {
    const [known] = await readJourneys(tx, tx.organizationId, [journeyId]);
    if (!known) return refuse({ code: 'NOT_FOUND', what: 'Journey', id: journeyId });
    const entity = await readEntity(tx, entityId);
    if (entityId !== null && !entity) return refuse({ code: 'NOT_FOUND', what: 'Entity', id: entityId });
    const reference = { journeyId, completesTask: false };
    return open(tx, reference, { entity, execution: null, task: null }, expiresInHours);
  });
}
