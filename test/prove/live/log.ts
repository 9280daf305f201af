/** The log and who may have what of it, read and judged without any of the server's code. */
import pg from 'pg';
import type { Delivery, EventReader, Facts } from './event-reader.ts';
import type { Watcher } from './tenant.ts';
import { keyOf } from './tenant.ts';

/** A row of `event`. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  readonly version: number;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly entityIds: readonly string[];
  readonly audience: readonly string[];
}

export interface Log {
  /** In order. */
  readonly events: readonly LoggedEvent[];
  /** The keys of all objects that the organization has or had. */
  readonly ownIds: ReadonlySet<string>;
}

const TABLES = ['app_user', 'team', 'entity', 'definition', 'execution', 'phase', 'task', 'note'];

/** All that the organization has. */
export async function readLog(connectionString: string, organizationExternalId: string): Promise<Log> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const organization = '(select id from organization where external_id = $1)';
    // Notifications have a subscription of their own, so they are nobody's here.
    const { rows } = await client.query<LoggedEvent>(
      `select seq::int, type, version, subject_type as "subjectType", subject_id as "subjectId", execution_id as "executionId",
         task_id as "taskId", entity_ids as "entityIds",
         case when subject_type = 'NOTIFICATION' then '{}' else audience end as audience
       from event where organization_id = ${organization} order by seq`,
      [organizationExternalId],
    );
    const own = await client.query<{ id: string }>(
      [`select ${organization} as id`]
        .concat(TABLES.map((table) => `select id from ${table} where organization_id = ${organization}`))
        .join(' union all '),
      [organizationExternalId],
    );
    const ids = own.rows.map(({ id }) => id);
    const former = rows.flatMap(({ subjectId, taskId }) => [subjectId, ...(taskId === null ? [] : [taskId])]);
    return { events: rows, ownIds: new Set([...ids, ...former]) };
  } finally {
    await client.end();
  }
}

/** What a subscriber must have and may have of the log. */
export interface Due {
  /** In order. */
  readonly must: readonly number[];
  readonly may: ReadonlySet<number>;
}

function shares(one: readonly string[], other: readonly string[]): boolean {
  return one.some((id) => other.includes(id));
}

/** The executions in which the watcher has or had a task, and their entities. */
function everSeen({ events }: Log, { scope, steady }: Watcher): ReadonlySet<string> {
  const executions = new Set(steady);
  for (const { subjectType, executionId, audience } of events)
    if (subjectType === 'TASK' && executionId !== null && shares(audience, scope))
      executions.add(executionId);
  const entities = events.flatMap(({ executionId, entityIds }) =>
    executionId !== null && executions.has(executionId) ? entityIds : [],
  );
  return new Set([...executions, ...entities]);
}

/** Those who see the whole organization get everything that is watched; the others what happens where they have a task, and what happens to their tasks. */
export function dueTo(log: Log, watcher: Watcher, { question, deliveries }: EventReader): Due {
  const { column, keys } = question.watched;
  const { steady, scope } = watcher;
  const from = deliveries[0]?.after ?? 0;
  const watched = log.events.filter((event) => {
    const value = event[column];
    return event.seq > from && shares(typeof value === 'string' ? [value] : (value ?? []), keys);
  });
  const isOwn = ({ subjectType, audience }: LoggedEvent) => subjectType === 'TASK' && shares(audience, scope);
  const must =
    steady === null
      ? watched
      : watched.filter((event) => isOwn(event) || steady.includes(event.executionId ?? ''));
  const seen = steady === null ? null : everSeen(log, watcher);
  const may = watched.filter(
    ({ executionId, entityIds, audience }) =>
      seen === null ||
      shares(audience, scope) ||
      (executionId === null ? entityIds.some((id) => seen.has(id)) : seen.has(executionId)),
  );
  return { must: must.map(({ seq }) => seq), may: new Set(may.map(({ seq }) => seq)) };
}

function gapIn({ after, seqs }: Delivery, { must, may }: Due): string | null {
  const last = seqs.at(-1);
  if (last === undefined) return null;
  const got = new Set(seqs);
  const missing = must.filter((seq) => seq > after && seq < last && !got.has(seq));
  if (missing.length > 0)
    return `an operation after ${after} left out ${missing.slice(0, 5).join(', ')} (${missing.length} in all) and had ${last}`;
  const foreign = seqs.filter((seq) => !may.has(seq));
  return foreign.length > 0
    ? `an operation after ${after} had ${foreign.slice(0, 5).join(', ')}, which is not theirs`
    : null;
}

/** Those that have not arrived at all. */
export function missingOf({ deliveries }: EventReader, { must }: Due): number[] {
  const got = new Set(deliveries.flatMap(({ seqs }) => seqs));
  return must.filter((seq) => !got.has(seq));
}

/** What is wrong with all that arrived, in words. */
export function faultsOf(reader: EventReader, due: Due): string[] {
  const missing = missingOf(reader, due);
  return [
    ...(missing.length > 0 ? [`misses ${missing.length} events, the first of them ${missing[0] ?? ''}`] : []),
    ...reader.deliveries.flatMap((delivery) => gapIn(delivery, due) ?? []),
  ];
}

/** Whether numbers are 1, 2, 3…, and whether what was told of the events is what they are. */
export function contradictions({ events }: Log, told: ReadonlyMap<number, Facts>): string[] {
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  const faults = gap < 0 ? [] : [`the log has no event ${gap + 1}`];
  for (const [seq, facts] of told) {
    const event = events[seq - 1];
    const plain = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => {
        if (Array.isArray(value)) return [name, value.map((id) => keyOf(String(id)))];
        return [name, name.endsWith('Id') && typeof value === 'string' ? keyOf(value) : value];
      }),
    );
    for (const [name, value] of Object.entries(plain)) {
      const logged = event?.[name as keyof LoggedEvent];
      if (JSON.stringify(value) !== JSON.stringify(logged))
        faults.push(
          `event ${seq} was told with ${name} ${JSON.stringify(value)}, the log has ${JSON.stringify(logged)}`,
        );
    }
  }
  return faults;
}
