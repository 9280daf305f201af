/** Runs of automations by id. (Their lists: automation-run-lists.ts.) */
import { RUN_COLUMNS, type RunRecord } from './automation-runs.ts';
import { statement, type Queryable } from './statement.ts';
import { runVisibleThrough } from './visibility.ts';

/** What of a run never changes. */
export interface RunPlace {
  readonly id: string;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly chainDepth: number;
}

const places = statement<RunPlace>(
  'automationRun.places',
  `select r.id, r.execution_id as "executionId", r.task_id as "taskId", r.chain_depth as "chainDepth"
   from automation_run r where r.organization_id = $1 and r.id = any($2::uuid[])`,
);

/** Where runs belong, by their ids. */
export async function readRunPlaces(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, RunPlace>> {
  const rows = await db.query(places, [organizationId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

const byIds = statement<RunRecord>(
  'automationRun.byIds',
  `select ${RUN_COLUMNS} from automation_run r where r.organization_id = $1 and r.id = any($2::uuid[]) and ${runVisibleThrough('$3')}`,
);

/** The runs with these ids that can be seen through the scope (null: all), in no order. */
export async function readRuns(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
  scope: readonly string[] | null,
): Promise<RunRecord[]> {
  return db.query(byIds, [organizationId, ids, scope]);
}

const ofTask = statement<{ id: string }>(
  'automationRun.ofTask',
  `select r.id from automation_run r where r.organization_id = $1 and r.task_id = $2 and r.task_run = $3`,
);

/** The id of a task's run of this number; null if there is none. */
export async function readRunOfTask(
  db: Queryable,
  organizationId: string,
  taskId: string,
  taskRun: number,
): Promise<string | null> {
  const [row] = await db.query(ofTask, [organizationId, taskId, taskRun]);
  return row?.id ?? null;
}
