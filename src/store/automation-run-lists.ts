/** Lists of automation runs, newest first, in keyset pages: ids are UUIDv7, so their order is that of the starts. */
import type { Instant } from '../engine/definition.ts';
import { RUN_COLUMNS, type RunRecord, type RunStatus } from './automation-runs.ts';
import { statement, type Queryable, type Statement } from './statement.ts';
import { runVisibleThrough } from './visibility.ts';

/** What a list is limited to; null: no limit. */
export interface RunFilter {
  readonly automationId: string | null;
  readonly entityId: string | null;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly statuses: readonly RunStatus[] | null;
  /** At this moment or later. */
  readonly createdAfter: Instant | null;
}

export const ALL_RUNS: RunFilter = {
  automationId: null,
  entityId: null,
  executionId: null,
  taskId: null,
  statuses: null,
  createdAfter: null,
};

const MATCHES = `r.organization_id = $1 and ${runVisibleThrough('$2')}
  and ($3::uuid is null or r.automation_id = $3) and ($4::uuid is null or r.entity_id = $4)
  and ($5::uuid is null or r.execution_id = $5) and ($6::uuid is null or r.task_id = $6)
  and ($7::text[] is null or r.status = any($7)) and ($8::timestamptz is null or r.created_at >= $8)`;

function filterValues(organizationId: string, scope: readonly string[] | null, filter: RunFilter): unknown[] {
  const { automationId, entityId, executionId, taskId, statuses, createdAfter } = filter;
  return [organizationId, scope, automationId, entityId, executionId, taskId, statuses, createdAfter];
}

const list = statement<RunRecord>(
  'automationRun.list',
  `select ${RUN_COLUMNS} from automation_run r
   where ${MATCHES} and ($9::uuid is null or r.id < $9) order by r.id desc limit $10`,
);

/** At most `limit` runs that match and can be seen through the scope (null: all), those before the run `after`. */
export async function listRuns(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: RunFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<RunRecord[]> {
  return db.query(list, [...filterValues(organizationId, scope, filter), after, limit]);
}

const count = statement<{ count: number }>(
  'automationRun.count',
  `select count(*)::int as count from automation_run r where ${MATCHES}`,
);

/** How many runs match and can be seen. */
export async function countListedRuns(
  db: Queryable,
  organizationId: string,
  scope: readonly string[] | null,
  filter: RunFilter,
): Promise<number> {
  const [row] = await db.query(count, filterValues(organizationId, scope, filter));
  return row?.count ?? 0;
}

/** Whose runs: those of an automation, on an entity, in an execution, of a task. */
export type RunParent = 'AUTOMATION' | 'ENTITY' | 'EXECUTION' | 'TASK';

/** One page of each parent's runs. */
export interface RunPage {
  /** Null for all. */
  readonly statuses: readonly RunStatus[] | null;
  /** The run after which to go on; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

type ListedRun = RunRecord & { readonly parentId: string };

function ofParents(parent: RunParent, column: string): Statement<ListedRun> {
  return statement(
    `automationRun.of.${parent}`,
    `select p.id as "parentId", page.* from unnest($2::uuid[]) as p(id)
     cross join lateral (
       select ${RUN_COLUMNS} from automation_run r
       where r.organization_id = $1 and r.${column} = p.id and ${runVisibleThrough('$3')}
         and ($4::text[] is null or r.status = any($4)) and ($5::uuid is null or r.id < $5)
       order by r.id desc limit $6) page`,
  );
}

const pages: Readonly<Record<RunParent, Statement<ListedRun>>> = {
  AUTOMATION: ofParents('AUTOMATION', 'automation_id'),
  ENTITY: ofParents('ENTITY', 'entity_id'),
  EXECUTION: ofParents('EXECUTION', 'execution_id'),
  TASK: ofParents('TASK', 'task_id'),
};

/** A page of the runs of each of these objects of one kind, as far as they can be seen, by the object's id. */
export async function readRunsOf(
  db: Queryable,
  organizationId: string,
  parent: RunParent,
  parentIds: readonly string[],
  scope: readonly string[] | null,
  { statuses, after, limit }: RunPage,
): Promise<Map<string, RunRecord[]>> {
  const rows = await db.query(pages[parent], [organizationId, parentIds, scope, statuses, after, limit]);
  const byParent = new Map<string, RunRecord[]>(parentIds.map((id) => [id, []]));
  for (const { parentId, ...run } of rows) byParent.get(parentId)?.push(run);
  return byParent;
}

const newest = statement<RunRecord & { readonly taskId: string }>(
  'automationRun.newestOfTasks',
  `select run.* from unnest($2::uuid[]) as k(id)
   cross join lateral (
     select ${RUN_COLUMNS} from automation_run r
     where r.organization_id = $1 and r.task_id = k.id and ${runVisibleThrough('$3')}
     order by r.task_run desc limit 1) run`,
);

/** The newest run of each of these tasks that has one and can be seen, by the task's id. */
export async function readNewestRuns(
  db: Queryable,
  organizationId: string,
  taskIds: readonly string[],
  scope: readonly string[] | null,
): Promise<Map<string, RunRecord>> {
  const rows = await db.query(newest, [organizationId, taskIds, scope]);
  return new Map(rows.map((run) => [run.taskId, run]));
}
