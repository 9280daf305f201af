/** What events of executions are about, as far as automations' triggers and their actions ask. */
import type { StoredEvent } from './event-log.ts';
import { statement, type Queryable } from './statement.ts';

/** A task or a phase. */
export interface EventObject {
  readonly id: string;
  /** Null if it was added by hand. */
  readonly key: string | null;
  readonly name: string;
}

export interface EventSubject {
  readonly seq: number;
  readonly definitionId: string;
  /** Null if it is about no task, or about one that was removed since. */
  readonly task: EventObject | null;
  /** The phase itself, or the task's; null for none. */
  readonly phase: EventObject | null;
}

function objectOf(row: string): string {
  return `case when ${row}.id is not null then json_build_object('id', ${row}.id, 'key', ${row}.key, 'name', ${row}.name) end`;
}

const subjects = statement<EventSubject>(
  'trigger.eventSubjects',
  `select v.seq, e.definition_id as "definitionId", ${objectOf('t')} as task, ${objectOf('p')} as phase
   from jsonb_to_recordset($2::jsonb) as v(seq int8, "executionId" uuid, "taskId" uuid, "phaseId" uuid)
   join execution e on e.organization_id = $1 and e.id = v."executionId"
   left join task t on t.organization_id = $1 and t.id = v."taskId"
   left join phase p on p.organization_id = $1 and p.id = coalesce(v."phaseId", t.phase_id)`,
);

/** By the events' places in the log; those of executions that are gone are left out. */
export async function readEventSubjects(
  db: Queryable,
  organizationId: string,
  events: readonly StoredEvent[],
): Promise<Map<number, EventSubject>> {
  if (events.length === 0) return new Map();
  const asked = events.map(({ seq, executionId, taskId, subjectType, subjectId }) => ({
    ...{ seq, executionId, taskId },
    phaseId: subjectType === 'PHASE' ? subjectId : null,
  }));
  const rows = await db.query(subjects, [organizationId, JSON.stringify(asked)]);
  return new Map(rows.map((row) => [row.seq, row]));
}
