/**
 * The organization's log: ordered, without gaps, written with the change itself.
 *
 * `seq` comes from the organization's counter row. A plain sequence would lose events for readers: a lower number may be
 * committed after a higher one was read.
 */
import type { TransactionScope } from './scope.ts';
import { statement, type Queryable, type Statement } from './statement.ts';

/** What an event speaks of. */
export type SubjectType =
  | 'ENTITY'
  | 'DEFINITION'
  | 'EXECUTION'
  | 'PHASE'
  | 'TASK'
  | 'NOTE'
  | 'USER'
  | 'TEAM'
  | 'CLOSING_REASON'
  | 'ORGANIZATION'
  | 'AUTOMATION'
  | 'AUTOMATION_RUN'
  | 'JOURNEY'
  | 'JOURNEY_SESSION'
  | 'JOURNEY_SUBMISSION'
  | 'WEBHOOK_ENDPOINT'
  | 'DELIVERY'
  | 'NOTIFICATION'
  | 'ABSENCE';

/** One fact, before it has its place in the log. */
export interface NewEvent {
  readonly type: string;
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  /** The subject's version after the change. */
  readonly version: number;
  readonly executionId: string | null;
  readonly taskId: string | null;
  /** The entity itself, or all entities of the execution. */
  readonly entityIds: readonly string[];
  /** Users and teams whom it concerns: it reaches their inboxes. */
  readonly audience: readonly string[];
  readonly changedFields: readonly string[];
  /** The changed fields' new values. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The absent user for whom the actor stood in; left out or null if the actor acted for nobody else. */
  readonly onBehalfOfId?: string | null | undefined;
  /** Of one that changes or deletes an entity: what it was like, for those who react to what happened before. Not a part of the log. */
  readonly entityBefore?: EntityContent;
}

/** What an entity is like. */
export interface EntityContent {
  readonly schema: string;
  readonly title: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** One fact in the log. */
export interface StoredEvent extends Omit<NewEvent, 'entityBefore'> {
  readonly seq: number;
  readonly at: string;
  /** Null: the system. */
  readonly actorId: string | null;
  /** The automation run that did it; null if none did. */
  readonly runId: string | null;
  /** How many automations led to it, each set off by the one before; 0 if none did. */
  readonly chainDepth: number;
  readonly onBehalfOfId: string | null;
}

const append = statement<{ seq: number }>(
  'event.append',
  `with taken as (
     update event_counter set last_seq = last_seq + jsonb_array_length($4::jsonb)
     where organization_id = $1
     returning last_seq, last_seq - jsonb_array_length($4::jsonb) as base
   ), given as (
     select taken.base + e.place as seq, e.*
     from taken, rows from (jsonb_to_recordset($4::jsonb) as (
       "type" text, "subjectType" text, "subjectId" uuid, "version" int, "executionId" uuid, "taskId" uuid,
       "entityIds" jsonb, "audience" jsonb, "changedFields" jsonb, "data" jsonb, "onBehalfOfId" uuid, "entityBefore" jsonb)) with ordinality
       as e(type, subject_type, subject_id, version, execution_id, task_id, entity_ids, audience, changed_fields, data, on_behalf_of_id,
            before, place)
   ), kept as (
     insert into entity_before (organization_id, seq, entity_id, schema, title, attributes)
     select $1, e.seq, e.subject_id, e.before->>'schema', e.before->>'title', e.before->'attributes' from given e where e.before is not null
   ), written as (
     insert into event (organization_id, seq, type, at, actor_id, subject_type, subject_id, version, execution_id, task_id,
                        entity_ids, audience, changed_fields, data, run_id, chain_depth, on_behalf_of_id)
     select $1, e.seq, e.type, $3, $2, e.subject_type, e.subject_id, e.version, e.execution_id, e.task_id,
            array(select jsonb_array_elements_text(e.entity_ids)::uuid),
            array(select jsonb_array_elements_text(e.audience)::uuid),
            array(select jsonb_array_elements_text(e.changed_fields)), e.data, $5, $6, e.on_behalf_of_id
     from given e
   )
   select last_seq as seq from taken`,
);

/** Appends events under the organization's next numbers; answers the last one's. */
export async function appendEvents(
  db: Queryable,
  scope: TransactionScope,
  events: readonly NewEvent[],
): Promise<number> {
  const [row] = await db.query(append, [
    scope.organizationId,
    scope.actorId,
    scope.now,
    JSON.stringify(events),
    scope.cause?.runId ?? null,
    scope.cause?.chainDepth ?? 0,
  ]);
  if (!row) throw new Error(`organization ${scope.organizationId} has no event counter`);
  return row.seq;
}

const position = statement<{ seq: number }>(
  'event.position',
  `select last_seq as seq from event_counter where organization_id = $1`,
);

/** The number of the organization's last event; 0 if there is none. */
export async function readPosition(db: Queryable, organizationId: string): Promise<number> {
  const [row] = await db.query(position, [organizationId]);
  return row?.seq ?? 0;
}

const positions = statement<{ organizationId: string; seq: number }>(
  'event.positions',
  `select organization_id as "organizationId", last_seq as seq from event_counter where organization_id = any($1::uuid[])`,
);

/** The last numbers of several organizations' logs. */
export async function readPositions(
  db: Queryable,
  organizationIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db.query(positions, [organizationIds]);
  return new Map(rows.map((row) => [row.organizationId, row.seq]));
}

/** The columns of `StoredEvent`, for every statement that reads the log. */
export const EVENT_COLUMNS = `e.seq, e.type, e.at, e.actor_id as "actorId", e.subject_type as "subjectType",
  e.subject_id as "subjectId", e.version, e.execution_id as "executionId", e.task_id as "taskId",
  e.entity_ids as "entityIds", e.audience, e.changed_fields as "changedFields", e.data, e.run_id as "runId",
  e.chain_depth as "chainDepth", e.on_behalf_of_id as "onBehalfOfId"`;

/** The place to read on from lies before the replay window: events behind it are archived, so what is left would not be all. */
export class ReplayWindowError extends Error {
  override readonly name = 'ReplayWindowError';
  /** The number of the log's last event at that time. */
  readonly position: number;

  constructor(position: number) {
    super('Events after this place are no longer replayed.');
    this.position = position;
  }
}

/** A row of a {@link windowStatement}: an event, or minus the log's end with nothing else. */
export type WindowRow = StoredEvent | { readonly seq: number; readonly type: null };

/**
 * Reads on in the log: of the organization `$1` the events `e` with `$2 < seq ≤ $3` that meet the condition, in order, at most `$4`. For
 * {@link readWindow}.
 */
export function windowStatement(name: string, condition = 'true'): Statement<WindowRow> {
  // Whether the place is too old is asked in the same snapshot, so that nothing can be archived in between. If it is, that is the first row. It
  // costs a look at the counter's row, 0.05 ms. (Asked first, with the events left out then, it would cost twice that in every plan.)
  return statement(
    name,
    `(select ${EVENT_COLUMNS} from event e
      where e.organization_id = $1 and e.seq > $2 and e.seq <= $3 and ${condition} order by e.seq limit $4)
     union all
     select -c.last_seq, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
     from event_counter c where c.organization_id = $1 and c.archived_seq > $2
     order by seq`,
  );
}

/**
 * Answers the events of a {@link windowStatement}.
 *
 * @throws ReplayWindowError if there were more that are archived now.
 */
export async function readWindow(
  db: Queryable,
  prepared: Statement<WindowRow>,
  values: readonly unknown[],
): Promise<StoredEvent[]> {
  const rows = await db.query(prepared, values);
  const [first] = rows;
  if (first?.type === null) throw new ReplayWindowError(-first.seq);
  return rows as StoredEvent[];
}

const after = windowStatement('event.after');

/**
 * The organization's events with `from < seq ≤ to`, in order, at most `limit`.
 *
 * @throws ReplayWindowError if not all events after `from` are there any more.
 */
export async function readEvents(
  db: Queryable,
  organizationId: string,
  from: number,
  to: number,
  limit: number,
): Promise<StoredEvent[]> {
  return readWindow(db, after, [organizationId, from, to, limit]);
}
