/** Reads what the database says, without any of the server's code. */
import pg from 'pg';
import type {
  Findings,
  FoundDelivery,
  FoundEntity,
  FoundEvent,
  FoundExecution,
  FoundRun,
} from './findings.ts';

type InDatabase = Pick<Findings, 'runs' | 'entities' | 'executions' | 'deliveries' | 'events' | 'lastSeq'>;

const OF = `(select id from organization where external_id = $1)`;

const RUNS = `select r.id, r.automation_id as "automationId", r.status, r.entity_id as "entityId", t.status as "taskStatus", r.actions,
    r.trigger->>'type' as trigger, r.execution_id as "executionId", r.input->>'number' as number
  from automation_run r left join task t on t.organization_id = r.organization_id and t.id = r.task_id
  where r.organization_id = ${OF} order by r.id`;

const ENTITIES = `select id, schema, title, coalesce(attributes->'marks', '[]') as marks from entity where organization_id = ${OF}`;

const EXECUTIONS = `select e.id, e.name, exists (select from task t where t.organization_id = e.organization_id and t.execution_id = e.id
    and t.type = 'AUTOMATION') as "runsAutomation"
  from execution e where e.organization_id = ${OF}`;

const DELIVERIES = `select id, run_id as "runId", event_seq::int as "eventSeq", status from delivery where organization_id = ${OF}`;

const EVENTS = `select seq::int, type, subject_type as "subjectType", subject_id as "subjectId", version, run_id as "runId", data
  from event_history where organization_id = ${OF} order by seq`;

const COUNTER = `select last_seq::int as "lastSeq" from event_counter where organization_id = ${OF}`;

interface RunRow extends Omit<FoundRun, 'mark' | 'origin'> {
  readonly trigger: string;
  readonly executionId: string | null;
  readonly number: string | null;
}

function toRun({ trigger, executionId, number, ...run }: RunRow): FoundRun {
  const mark = Buffer.from(`AutomationRun:${run.id}`).toString('base64url');
  switch (trigger) {
    case 'TASK':
      return { ...run, mark, origin: { kind: 'TASK', key: executionId ?? '' } };
    case 'ENTITY_CREATED':
      return { ...run, mark, origin: { kind: 'EVENT', key: run.entityId } };
    default:
      return { ...run, mark, origin: { kind: 'API', key: number ?? '' } };
  }
}

/** All of the organization, as of one moment. */
export async function readFindings(
  connectionString: string,
  organizationExternalId: string,
): Promise<InDatabase> {
  const client = new pg.Client({ connectionString, application_name: 'proof' });
  await client.connect();
  const read = async <Row extends object>(sql: string): Promise<Row[]> =>
    (await client.query<Row>(sql, [organizationExternalId])).rows;
  try {
    await client.query('begin isolation level repeatable read');
    const runs = await read<RunRow>(RUNS);
    const [counter] = await read<{ lastSeq: number }>(COUNTER);
    return {
      runs: runs.map(toRun),
      entities: await read<FoundEntity>(ENTITIES),
      executions: await read<FoundExecution>(EXECUTIONS),
      deliveries: await read<FoundDelivery>(DELIVERIES),
      events: await read<FoundEvent>(EVENTS),
      lastSeq: counter?.lastSeq ?? 0,
    };
  } finally {
    await client.end();
  }
}

/** What is still to be done in the organization. */
export interface Remainder {
  readonly runs: number;
  readonly messages: number;
  /** Events that nothing has reacted to yet. */
  readonly events: number;
}

const REMAINDER = `select
  (select count(*)::int from automation_run where organization_id = o.id and status in ('PENDING', 'IN_PROGRESS', 'PAUSED')) as runs,
  (select count(*)::int from delivery where organization_id = o.id and status = 'PENDING') as messages,
  (select c.last_seq - r.seq from event_counter c join reaction_cursor r using (organization_id)
   where c.organization_id = o.id)::int as events
  from organization o where o.external_id = $1`;

/** Of one moment, so that all three are nothing only when everything is quiet. */
export async function readRemainder(
  connectionString: string,
  organizationExternalId: string,
): Promise<Remainder> {
  const client = new pg.Client({ connectionString, application_name: 'proof' });
  await client.connect();
  try {
    const { rows } = await client.query<Remainder>(REMAINDER, [organizationExternalId]);
    return rows[0] ?? { runs: 0, messages: 0, events: 0 };
  } finally {
    await client.end();
  }
}
