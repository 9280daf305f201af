/** Setting automations off by what happened. */
import { v7 as uuidv7 } from 'uuid';
import type { AutomationContent, AutomationTrigger } from '../automation/content.ts';
import { calendarOf } from '../commands/calendar.ts';
import { recordRun } from '../commands/automation-run-event.ts';
import type { Calendar } from '../engine/calendar.ts';
import { areStatementsMet } from '../engine/condition/evaluate.ts';
import type { Json } from '../engine/definition.ts';
import type { EntityFacts } from '../engine/facts.ts';
import { readEntitiesThen } from '../store/entities-then.ts';
import { insertRuns, type NewRun } from '../store/automation-run-writes.ts';
import { readTriggered, type TriggeredAutomation } from '../store/automations.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { globalId } from '../store/global-id.ts';
import { readSubmissions, type SubmissionRecord } from '../store/journey-submissions.ts';
import { readCalendar } from '../store/organizations.ts';
import type { Transaction } from '../store/transaction.ts';
import { readEventSubjects, type EventSubject } from '../store/trigger-facts.ts';
import { eventInput } from './event-input.ts';
import { touches } from './trigger-paths.ts';

type EventTrigger = Extract<AutomationTrigger, { readonly filter: object }>;

/** What the triggers are judged by, read once for all events. */
interface World {
  readonly calendar: Calendar;
  /** What the events left, by their place in the log. */
  readonly entities: ReadonlyMap<number, EntityFacts>;
  /** Of events of executions, by their place in the log. */
  readonly subjects: ReadonlyMap<number, EventSubject>;
  /** Of submitted journeys. */
  readonly submissions: ReadonlyMap<string, SubmissionRecord>;
}

function isAboutEntity(type: string): type is 'ENTITY_CREATED' | 'ENTITY_UPDATED' | 'ENTITY_DELETED' {
  return type === 'ENTITY_CREATED' || type === 'ENTITY_UPDATED' || type === 'ENTITY_DELETED';
}

/** The entity that the event is about, as it left it; of a deleted one, as it was. */
function entityOfEvent(event: StoredEvent, { entities }: World): EntityFacts | null {
  const [id] = event.entityIds;
  if (id === undefined) return null;
  if (event.type !== 'ENTITY_DELETED') return entities.get(event.seq) ?? null;
  const { schema, title, attributes } = event.data as Omit<EntityFacts, 'id'>;
  return { id, schema, title, attributes };
}

/** Of an update: what changed of the attributes, as a merge patch. */
function attributesPatch({ data }: StoredEvent): Json {
  // What came out of a JSON column is JSON.
  return (data['attributes'] ?? {}) as Json;
}

function fits(trigger: EventTrigger, event: StoredEvent, entity: EntityFacts | null, world: World): boolean {
  if (trigger.type === 'EXECUTION_EVENT') {
    const subject = world.subjects.get(event.seq);
    return (
      trigger.eventTypes.includes(event.type) &&
      subject !== undefined &&
      (trigger.definitionId === null || trigger.definitionId === subject.definitionId) &&
      (trigger.taskKey === null || trigger.taskKey === subject.task?.key)
    );
  }
  if (trigger.type === 'JOURNEY_SUBMITTED')
    return (
      trigger.type === event.type &&
      (trigger.journeyId === null || trigger.journeyId === event.data['journeyId'])
    );
  return (
    trigger.type === event.type &&
    (trigger.entitySchema === null || trigger.entitySchema === entity?.schema) &&
    (trigger.paths.length === 0 || trigger.paths.some((path) => touches(attributesPatch(event), path)))
  );
}

/** As of the event, however much later it is looked at. */
function isMet(
  { filter }: EventTrigger,
  { at: now }: StoredEvent,
  entity: EntityFacts | null,
  { calendar }: World,
): boolean {
  const facts = {
    entities: entity ? [entity] : [],
    people: new Map(),
    inactiveIds: new Set<string>(),
    writeAssignee: () => '',
  };
  return filter.statements.length === 0 || areStatementsMet(filter, { now, calendar, facts });
}

function eventTriggers({ content }: TriggeredAutomation): EventTrigger[] {
  // Only validated content is ever published.
  const { triggers } = content as AutomationContent;
  return triggers.filter((trigger): trigger is EventTrigger => 'filter' in trigger);
}

/** What was filled in, for the actions of what a submitted journey sets off. */
function submissionInput(event: StoredEvent, { submissions }: World): NewRun['input'] {
  const submission = submissions.get(event.subjectId);
  if (!submission) return {};
  const { id, journeyId, data } = submission;
  return {
    journey: { id: globalId('Journey', journeyId) },
    // What came out of a JSON column is JSON.
    submission: { id: globalId('JourneySubmission', id), data: data as Json },
  };
}

function runOf(
  automation: TriggeredAutomation,
  trigger: EventTrigger,
  event: StoredEvent,
  input: NewRun['input'],
): NewRun {
  return {
    id: uuidv7(),
    automationId: automation.id,
    trigger: { type: trigger.type, eventSeq: event.seq },
    input,
    entityId: event.entityIds[0] ?? null,
    // Its actions work on the execution of the event; it belongs to none of its tasks.
    executionId: event.executionId,
    taskId: null,
    taskRun: null,
    inputTaskKey: null,
    chainDepth: event.chainDepth + 1,
    startedById: null,
  };
}

/** Starts a run of each automation that one of its triggers sets off by one of the events; at most one for each event. */
export async function startAutomations(tx: Transaction, events: readonly StoredEvent[]): Promise<void> {
  const candidates = events.filter(
    ({ type, executionId }) => isAboutEntity(type) || type === 'JOURNEY_SUBMITTED' || executionId !== null,
  );
  if (candidates.length === 0) return;
  const automations = (await readTriggered(tx, tx.organizationId)).map((automation) => ({
    automation,
    triggers: eventTriggers(automation),
  }));
  const wanted = new Set(
    automations.flatMap(({ triggers }) =>
      triggers.flatMap((trigger) =>
        trigger.type === 'EXECUTION_EVENT' ? trigger.eventTypes : [trigger.type],
      ),
    ),
  );
  const concerned = candidates.filter(({ type }) => wanted.has(type));
  if (concerned.length === 0) return;
  const world = await readWorld(tx, concerned);
  const started = concerned.flatMap((event) => {
    const entity = entityOfEvent(event, world);
    return automations.flatMap(({ automation, triggers }) => {
      const trigger = triggers.find(
        (one) => fits(one, event, entity, world) && isMet(one, event, entity, world),
      );
      if (!trigger) return [];
      const input = {
        ...eventInput(event, entity, world.subjects.get(event.seq)),
        ...submissionInput(event, world),
      };
      return [{ event, run: runOf(automation, trigger, event, input) }];
    });
  });
  await insertRuns(
    tx,
    started.map(({ run }) => run),
  );
  for (const { event, run } of started)
    recordRun(
      tx,
      'AUTOMATION_RUN_STARTED',
      { ...run, version: 1, entityIds: event.entityIds },
      { status: 'PENDING' },
    );
}

async function readWorld(tx: Transaction, events: readonly StoredEvent[]): Promise<World> {
  const places = events.flatMap(({ type, seq, entityIds: [entityId] }) =>
    entityId === undefined || type === 'ENTITY_DELETED' ? [] : [{ seq, entityId }],
  );
  const entities = await readEntitiesThen(tx, tx.organizationId, places);
  const submitted = events
    .filter(({ type }) => type === 'JOURNEY_SUBMITTED')
    .map(({ subjectId }) => subjectId);
  const submissions =
    submitted.length > 0 ? await readSubmissions(tx, tx.organizationId, submitted, null) : [];
  const ofExecutions = events.filter(({ executionId }) => executionId !== null);
  return {
    calendar: calendarOf(await readCalendar(tx, tx.organizationId)),
    // What came out of a JSON column is JSON.
    entities: entities as ReadonlyMap<number, EntityFacts>,
    subjects: await readEventSubjects(tx, tx.organizationId, ofExecutions),
    submissions: new Map(submissions.map((submission) => [submission.id, submission])),
  };
}
