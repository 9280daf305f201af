/** What a run of an automation has to know of the world around it. */
import type { Json } from '../engine/definition.ts';
import type { RunRecord } from './automation-runs.ts';
import { statement, type Queryable } from './statement.ts';

export interface RunFacts {
  /** AutomationContent of the version that runs; null before it begins. */
  readonly content: Json;
  readonly organizationName: string;
  readonly automationName: string | null;
  readonly executionName: string | null;
  readonly taskName: string | null;
  /** Null if it is for none, or if that is gone. */
  readonly entity: {
    readonly id: string;
    readonly schema: string;
    readonly title: string;
    readonly attributes: { readonly [name: string]: Json };
  } | null;
  /** Of its actions that wait for a callback, by their keys. */
  readonly callbackTokens: Readonly<Record<string, string>>;
}

const facts = statement<RunFacts>(
  'automationRun.facts',
  `select o.name as "organizationName", a.name as "automationName", v.content, e.name as "executionName", t.name as "taskName",
     case when n.id is not null then json_build_object('id', n.id, 'schema', n.schema, 'title', n.title, 'attributes', n.attributes) end as entity,
     coalesce((select json_object_agg(c.action_key, c.token) from callback c where c.organization_id = o.id and c.run_id = $2), '{}') as "callbackTokens"
   from organization o
   left join automation a on a.organization_id = o.id and a.id = $3
   left join automation_version v on v.organization_id = o.id and v.id = $4
   left join execution e on e.organization_id = o.id and e.id = $5
   left join task t on t.organization_id = o.id and t.id = $6
   left join entity n on n.organization_id = o.id and n.id = $7
   where o.id = $1`,
);

/** Everything in one statement, as of now in this transaction. */
export async function readRunFacts(
  db: Queryable,
  organizationId: string,
  run: Pick<RunRecord, 'id' | 'automationId' | 'versionId' | 'executionId' | 'taskId' | 'entityId'>,
): Promise<RunFacts> {
  const [row] = await db.query(facts, [
    organizationId,
    run.id,
    run.automationId,
    run.versionId,
    run.executionId,
    run.taskId,
    run.entityId,
  ]);
  if (!row) throw new Error(`there is no organization ${organizationId}`);
  return row;
}

const input = statement<{ entityId: string | null }>(
  'automationRun.inputEntity',
  `select r.output_entity_id as "entityId" from task t
   join automation_run r on r.organization_id = t.organization_id and r.task_id = t.id and r.task_run = t.run_count
   where t.organization_id = $1 and t.execution_id = $2 and t.key = $3`,
);

/** The entity that the newest run of the execution's task with this key made or changed last; null if there is none. */
export async function readOutputEntity(
  db: Queryable,
  organizationId: string,
  executionId: string,
  taskKey: string,
): Promise<string | null> {
  const [row] = await db.query(input, [organizationId, executionId, taskKey]);
  return row?.entityId ?? null;
}

/** How many runs of an automation were set off in the time that ends with a run, that one included; those that were HOT aside, and those before somebody enabled the automation again. */
export interface RunCounts {
  readonly ofAutomation: number;
  readonly onEntity: number;
  /** In the automation's own limit's time; 0 if it has none. */
  readonly inLimit: number;
}

function recent(seconds: string, condition = 'true'): string {
  // When they were set off counts, not when they begin: in whichever order and however late they do, the same ones are too many.
  return `(select count(*)::int from automation_run x where x.organization_id = $1 and x.automation_id = $2
     and x.created_at > r.created_at - ${seconds} * interval '1 second' and (x.created_at, x.id) <= (r.created_at, r.id)
     and (a.enabled_at is null or r.created_at < a.enabled_at or x.created_at >= a.enabled_at)
     and x.status <> 'HOT' and ${condition})`;
}

const counts = statement<RunCounts>(
  'automationRun.counts',
  `select ${recent('$4::int')} as "ofAutomation", ${recent('$5::int', 'x.entity_id = r.entity_id')} as "onEntity", ${recent('$6::int')} as "inLimit"
   from automation_run r join automation a on a.organization_id = r.organization_id and a.id = $2
   where r.organization_id = $1 and r.id = $3`,
);

/** Times are in seconds before the run was made. The automation has to be locked, so that of two runs one sees the other. */
export async function countRuns(
  db: Queryable & { readonly organizationId: string },
  { automationId, runId }: { readonly automationId: string; readonly runId: string },
  seconds: { readonly ofAutomation: number; readonly onEntity: number; readonly inLimit: number },
): Promise<RunCounts> {
  const { ofAutomation, onEntity, inLimit } = seconds;
  const values = [db.organizationId, automationId, runId, ofAutomation, onEntity, inLimit];
  const [row] = await db.query(counts, values);
  return row ?? { ofAutomation: 0, onEntity: 0, inLimit: 0 };
}
