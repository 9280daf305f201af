/** Making runs of automations and writing what becomes of them. Whoever changes a run holds its lock, and its execution's before. */
import type { Json } from '../engine/definition.ts';
import { RUN_COLUMNS, type RunRecord, type RunTrigger } from './automation-runs.ts';
import { runJob } from './run-jobs.ts';
import type { TransactionScope } from './scope.ts';
import { statement, type Queryable, type Statement } from './statement.ts';

type Writer = Queryable & Pick<TransactionScope, 'organizationId' | 'now' | 'cause'>;

/** A run that has yet to begin. */
export interface NewRun {
  readonly id: string;
  /** As it is named; what names no automation fails when it begins. */
  readonly automationId: string;
  readonly trigger: RunTrigger;
  readonly input: { readonly [name: string]: Json };
  readonly entityId: string | null;
  readonly executionId: string | null;
  readonly taskId: string | null;
  readonly taskRun: number | null;
  readonly inputTaskKey: string | null;
  readonly chainDepth: number;
  /** Null: the system. */
  readonly startedById: string | null;
}

const insert = statement<never>(
  'automationRun.insert',
  `with made as (
     insert into automation_run (organization_id, id, automation_id, status, trigger, input, entity_id, execution_id, task_id, task_run,
       input_task_key, chain_depth, started_by_id, created_at)
     select $1, r.id, (select a.id from automation a where a.organization_id = $1 and a.id::text = r.automation_id), 'PENDING', r.trigger,
       r.input, r.entity_id, r.execution_id, r.task_id, r.task_run, r.input_task_key, r.chain_depth, r.started_by_id, $3
     from jsonb_to_recordset($2::jsonb) as r(id uuid, automation_id text, trigger jsonb, input jsonb, entity_id uuid, execution_id uuid,
       task_id uuid, task_run int, input_task_key text, chain_depth int, started_by_id uuid)
     returning id, entity_id
   )
   select ${runJob('made.id', 'made.entity_id')} from made order by made.id`,
);

/** Makes runs that begin as soon as the transaction has committed. */
export async function insertRuns(tx: Writer, runs: readonly NewRun[]): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.map((run) => ({
    id: run.id,
    automation_id: run.automationId,
    trigger: run.trigger,
    input: run.input,
    entity_id: run.entityId,
    execution_id: run.executionId,
    task_id: run.taskId,
    task_run: run.taskRun,
    input_task_key: run.inputTaskKey,
    chain_depth: run.chainDepth,
    started_by_id: run.startedById,
  }));
  await tx.query(insert, [tx.organizationId, JSON.stringify(rows), tx.now]);
}

/** A run that is locked, and what stands around it. */
export interface LockedRun extends RunRecord {
  /** Those of its execution, and its own. */
  readonly entityIds: readonly string[];
  /** Its task is on hold, so it must not go on. */
  readonly isHeld: boolean;
}

const OF_EXECUTION = `execution_entity x where x.organization_id = r.organization_id and x.execution_id = r.execution_id`;
const AROUND = `array(select x.entity_id from ${OF_EXECUTION} order by x.position) || case
       when r.entity_id is null or exists (select from ${OF_EXECUTION} and x.entity_id = r.entity_id) then '{}'
       else array[r.entity_id] end as "entityIds",
     exists (select from task t where t.organization_id = r.organization_id and t.id = r.task_id and t.run_count = r.task_run
       and t.status = 'ON_HOLD') as "isHeld"`;

const lock = statement<LockedRun>(
  'automationRun.lock',
  `select ${RUN_COLUMNS}, ${AROUND} from automation_run r where r.organization_id = $1 and r.id = $2 for no key update of r`,
);

/** The run, locked until the transaction ends; null if there is none. Its execution has to be locked before. */
export async function lockRun(tx: Writer, id: string): Promise<LockedRun | null> {
  const [row] = await tx.query(lock, [tx.organizationId, id]);
  return row ?? null;
}

/** What changes of a run in its life. */
export type RunState = Pick<
  RunRecord,
  | 'status'
  | 'versionId'
  | 'entityId'
  | 'actions'
  | 'outputEntityId'
  | 'error'
  | 'startedAt'
  | 'finishedAt'
  | 'retriedAt'
>;

const update = statement<{ version: number }>(
  'automationRun.update',
  `update automation_run set status = $3, version_id = $4, entity_id = $5, actions = $6, output_entity_id = $7, error = $8,
     started_at = $9, finished_at = $10, retried_at = $11, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked run; answers its new version. */
export async function updateRun(tx: Writer, id: string, state: RunState): Promise<number> {
  const [row] = await tx.query(update, [
    tx.organizationId,
    id,
    state.status,
    state.versionId,
    state.entityId,
    JSON.stringify(state.actions),
    state.outputEntityId,
    state.error === null ? null : JSON.stringify(state.error),
    state.startedAt,
    state.finishedAt,
    state.retriedAt,
  ]);
  if (!row) throw new Error(`run ${id} vanished while it was locked`);
  return row.version;
}

/** Which run of a task. */
export interface TaskRun {
  readonly taskId: string;
  readonly taskRun: number;
}

/** A run that changed with its task, as it is now. */
export interface ChangedRun
  extends
    TaskRun,
    Pick<RunRecord, 'id' | 'status' | 'actions' | 'error' | 'finishedAt' | 'retriedAt' | 'version'> {
  readonly actionsBefore: RunRecord['actions'];
}

function changeOfTasks(name: string, set: string, condition: string): Statement<ChangedRun> {
  return statement(
    name,
    `update automation_run r set ${set}, version = r.version + 1
     from jsonb_to_recordset($2::jsonb) as k("taskId" uuid, "taskRun" int)
     join automation_run o on o.organization_id = $1 and o.task_id = k."taskId" and o.task_run = k."taskRun"
     where r.organization_id = $1 and r.id = o.id and ${condition}
     returning r.id, r.status, r.task_id as "taskId", r.task_run as "taskRun", r.actions, o.actions as "actionsBefore", r.error,
       r.finished_at as "finishedAt", r.retried_at as "retriedAt", r.version`,
  );
}

/** The actions of `r`, those that meet the condition patched. */
function patchedActions(condition: string, patch: string): string {
  return `coalesce((select jsonb_agg(case when ${condition} then a.action || ${patch} else a.action end order by a.place)
     from jsonb_array_elements(r.actions) with ordinality as a(action, place)), '[]')`;
}

const IS_LIVE = `(r.status in ('PENDING', 'IN_PROGRESS', 'PAUSED'))`;

const IS_UNDONE = `a.action->>'status' in ('PENDING', 'IN_PROGRESS', 'PAUSED')`;
const IS_TO_RETRY = `a.action->>'status' = 'CANCELLED' or a.action->>'status' = 'FAILED' and not (a.action->>'allowsFailure')::boolean`;
const UNFINISHED = `case when r.started_at is null then 'PENDING' else 'IN_PROGRESS' end`;

const CHANGES = {
  /** Ends those that are not over, except the one that does it: its other actions go on. */
  CANCEL: changeOfTasks(
    'automationRun.cancelOfTasks',
    `status = 'CANCELLED', finished_at = $3::text::timestamptz, actions = ${patchedActions(
      IS_UNDONE,
      `jsonb_build_object('status', 'CANCELLED', 'nextAt', null, 'finishedAt', $3::text)`,
    )}`,
    `${IS_LIVE} and r.id is distinct from $4::uuid`,
  ),
  /** Keeps those that are not over from going on. */
  HOLD: changeOfTasks('automationRun.holdOfTasks', `status = 'PAUSED'`, IS_LIVE),
  /** Lets those go on that were held. */
  RESUME: changeOfTasks('automationRun.resumeOfTasks', `status = ${UNFINISHED}`, `r.status = 'PAUSED'`),
  /** Lets those go on that are over, from the action that failed or was cancelled. */
  RETRY: changeOfTasks(
    'automationRun.retryOfTasks',
    `status = ${UNFINISHED}, finished_at = null, error = null, retried_at = $3,
     actions = ${patchedActions(
       IS_TO_RETRY,
       `'{"status": "PENDING", "error": null, "finishedAt": null, "nextAt": null, "setbacks": 0}'`,
     )}`,
    // One that was ended with its task and has come to its end nevertheless tells the task so once more.
    `not ${IS_LIVE}`,
  ),
} as const;

/** What can become of runs because of their tasks. */
export type TaskRunChange = keyof typeof CHANGES;

/** Changes the runs of tasks, as far as their status allows; answers those that changed. */
export async function changeRunsOfTasks(
  tx: Writer,
  change: TaskRunChange,
  runs: readonly TaskRun[],
): Promise<ChangedRun[]> {
  const more = { CANCEL: [tx.now, tx.cause?.runId ?? null], RETRY: [tx.now], HOLD: [], RESUME: [] }[change];
  return tx.query(CHANGES[change], [tx.organizationId, JSON.stringify(runs), ...more]);
}
