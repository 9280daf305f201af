/** Saving executions: one statement, however many objects changed. */
import type { Changes } from '../engine/result.ts';
import type { EntityRecord } from './entities.ts';
import type { ExecutionRecord } from './execution-records.ts';
import { assigneeRows, entityRows, executionRow, phaseRow, taskRow } from './execution-rows.ts';
import { statement, type Queryable } from './statement.ts';

/** What commands changed in one execution. A new execution is its first change. */
export interface ExecutionChanges extends Pick<Changes, 'phases' | 'tasks' | 'removedTaskIds'> {
  readonly executionId: string;
  /** Null if the execution's own row stays as it is. */
  readonly execution: ExecutionRecord | null;
}

/** An entity that executions changed, with all its attributes. It must be locked. */
export type ChangedEntity = Pick<EntityRecord, 'id' | 'attributes'>;

/** `col, …` → `col = excluded.col, …` */
function overwrite(columns: string): string {
  return columns
    .split(',')
    .map((column) => `${column.trim()} = excluded.${column.trim()}`)
    .join(', ');
}

/** `col, …` → `t.col, …` */
function qualified(alias: string, columns: string): string {
  return columns
    .split(',')
    .map((column) => `${alias}.${column.trim()}`)
    .join(', ');
}

const EXECUTION_MUTABLE = `status, is_kept_open, assignees, due_at, due_rule, due_anchor_at, escalated, edges, closing, finished_at,
  finished_by_id, total_count, completed_count, skipped_count, current_task_id, current_phase_id, wake_at, version`;
const PHASE_MUTABLE = `status, assignees, assignee_rule, due_at, due_rule, due_anchor_at, escalated, total_count,
  completed_count, skipped_count, version`;
const TASK_MUTABLE = `phase_id, position, name, description, status, status_before_hold, status_at, status_by_id, started_at,
  started_by_id, finished_at, finished_by_id, skip_reason, failure, requirements, decided, iterations, scheduled_for, schedule_ran_at,
  is_late, run_count, run_state, confirmation_count, confirmation_request, external_work, external_ready_at, assignee_rule, claimed_by_id,
  due_at, due_rule, due_anchor_at, escalated, idle_since, is_reached, reached_at, has_open_requirements, is_enabled,
  version`;

// Every part is an upsert of a set, so that starting and changing are one statement. The rows of a removed task and those of
// assignees beyond the new ones are deleted; no row is both written and deleted, since the parts see the same snapshot.
const save = statement<never>(
  'execution.save',
  `with saved_executions as (
     insert into execution (organization_id, id, definition_id, definition_version_id, entity_id, name, is_sequential,
       configured_closing_reasons, has_single_closing_reason, entity_sync, escalations, started_at, started_by_id, chain_depth, ${EXECUTION_MUTABLE})
     select $1, e.id, e.definition_id, e.definition_version_id, e.entity_id, e.name, e.is_sequential,
       e.configured_closing_reasons, e.has_single_closing_reason, e.entity_sync, e.escalations, e.started_at, e.started_by_id, e.chain_depth,
       ${qualified('e', EXECUTION_MUTABLE)}
     from jsonb_to_recordset($2::jsonb) as e(
       id uuid, definition_id uuid, definition_version_id uuid, entity_id uuid, name text, is_sequential boolean,
       configured_closing_reasons jsonb, has_single_closing_reason boolean, entity_sync jsonb, escalations jsonb, started_at timestamptz,
       started_by_id uuid, chain_depth int, status text, is_kept_open boolean, assignees jsonb, due_at timestamptz, due_rule jsonb,
       due_anchor_at timestamptz, escalated jsonb, edges jsonb, closing jsonb, finished_at timestamptz, finished_by_id uuid, total_count int,
       completed_count int, skipped_count int, current_task_id uuid, current_phase_id uuid, wake_at timestamptz, version int)
     on conflict (organization_id, id) do update set ${overwrite(EXECUTION_MUTABLE)}
   ), contexts as (
     select * from jsonb_to_recordset($3::jsonb) as x(execution_id uuid, entity_id uuid, position int)
   ), removed_contexts as (
     delete from execution_entity o
     where o.organization_id = $1 and o.execution_id in (select x.execution_id from contexts x)
       and not exists (select from contexts x where x.execution_id = o.execution_id and x.entity_id = o.entity_id)
   ), saved_contexts as (
     insert into execution_entity (organization_id, execution_id, entity_id, position)
     select $1, x.execution_id, x.entity_id, x.position from contexts x
     on conflict (organization_id, execution_id, entity_id) do update set position = excluded.position
     where execution_entity.position <> excluded.position
   ), saved_phases as (
     insert into phase (organization_id, id, execution_id, key, name, position, labels, escalations, ${PHASE_MUTABLE})
     select $1, p.id, p.execution_id, p.key, p.name, p.position, array(select jsonb_array_elements_text(p.labels)), p.escalations,
       ${qualified('p', PHASE_MUTABLE)}
     from jsonb_to_recordset($4::jsonb) as p(
       id uuid, execution_id uuid, key text, name text, position int, labels jsonb, status text, assignees jsonb,
       assignee_rule jsonb, due_at timestamptz, due_rule jsonb, due_anchor_at timestamptz, escalations jsonb, escalated jsonb,
       total_count int, completed_count int, skipped_count int, version int)
     on conflict (organization_id, id) do update set ${overwrite(PHASE_MUTABLE)}
   ), saved_tasks as (
     insert into task (organization_id, id, execution_id, key, type, labels, audience_texts, decision, schedule, automation, external, external_topic,
       journey, confirmation, escalations, is_manually_created, ${TASK_MUTABLE})
     select $1, t.id, t.execution_id, t.key, t.type, array(select jsonb_array_elements_text(t.labels)), t.audience_texts,
       t.decision, t.schedule, t.automation, t.external, t.external_topic, t.journey, t.confirmation, t.escalations, t.is_manually_created, ${qualified('t', TASK_MUTABLE)}
     from jsonb_to_recordset($5::jsonb) as t(
       id uuid, execution_id uuid, key text, type text, labels jsonb, audience_texts jsonb, decision jsonb, schedule jsonb,
       automation jsonb, external jsonb, external_topic text, journey jsonb, confirmation jsonb, escalations jsonb, is_manually_created boolean, phase_id uuid, position float8, name text, description text,
       status text, status_before_hold text, status_at timestamptz, status_by_id uuid, started_at timestamptz, started_by_id uuid,
       finished_at timestamptz, finished_by_id uuid, skip_reason text, failure jsonb, requirements jsonb, decided jsonb,
       iterations int, scheduled_for timestamptz, schedule_ran_at timestamptz, is_late boolean, run_count int,
       run_state text, confirmation_count int, confirmation_request jsonb, external_work jsonb, external_ready_at timestamptz, assignee_rule jsonb,
       claimed_by_id uuid, due_at timestamptz, due_rule jsonb, due_anchor_at timestamptz, escalated jsonb, idle_since timestamptz, is_reached boolean,
       reached_at timestamptz, has_open_requirements boolean, is_enabled boolean, version int)
     on conflict (organization_id, id) do update set ${overwrite(TASK_MUTABLE)}
   ), removed_tasks as (
     delete from task where organization_id = $1 and id = any($6::uuid[])
   ), removed_assignees as (
     delete from task_assignee a using jsonb_to_recordset($5::jsonb) as t(id uuid, assignee_count int)
     where a.organization_id = $1 and a.task_id = t.id and a.position >= t.assignee_count
   ), saved_entities as (
     update entity n set attributes = c.attributes, updated_at = $9, version = n.version + 1
     from jsonb_to_recordset($8::jsonb) as c(id uuid, attributes jsonb)
     where n.organization_id = $1 and n.id = c.id
   )
   insert into task_assignee (organization_id, task_id, position, user_id, team_id, variable)
   select $1, a.* from jsonb_to_recordset($7::jsonb) as a(task_id uuid, position int, user_id uuid, team_id uuid, variable text)
   on conflict (organization_id, task_id, position)
     do update set user_id = excluded.user_id, team_id = excluded.team_id, variable = excluded.variable
   where (task_assignee.user_id, task_assignee.team_id, task_assignee.variable)
     is distinct from (excluded.user_id, excluded.team_id, excluded.variable)`,
);

/** Writes what changed, whole objects as they are now, and the next version of the entities that were changed with them. */
export async function saveExecutions(
  tx: Queryable & { readonly organizationId: string; readonly now: string },
  changes: readonly ExecutionChanges[],
  entities: readonly ChangedEntity[] = [],
): Promise<void> {
  const executions = changes.flatMap((change) => (change.execution ? [change.execution] : []));
  const phases = changes.flatMap(({ executionId, phases: changed }) =>
    changed.map((phase) => phaseRow(executionId, phase)),
  );
  const tasks = changes.flatMap(({ executionId, tasks: changed }) =>
    changed.map((task) => taskRow(executionId, task)),
  );
  await tx.query(save, [
    tx.organizationId,
    JSON.stringify(executions.map(executionRow)),
    JSON.stringify(executions.flatMap(entityRows)),
    JSON.stringify(phases),
    JSON.stringify(tasks),
    changes.flatMap((change) => change.removedTaskIds),
    JSON.stringify(changes.flatMap((change) => change.tasks.flatMap(assigneeRows))),
    JSON.stringify(entities.map(({ id, attributes }) => ({ id, attributes }))),
    tx.now,
  ]);
}

const remove = statement<never>(
  'execution.delete',
  `with removed_tasks as (
     delete from task where organization_id = $1 and execution_id = any($2::uuid[])
   ), removed_phases as (
     delete from phase where organization_id = $1 and execution_id = any($2::uuid[])
   ), removed_contexts as (
     delete from execution_entity where organization_id = $1 and execution_id = any($2::uuid[])
   )
   delete from execution where organization_id = $1 and id = any($2::uuid[])`,
);

/** Deletes executions with everything that belongs to them, notes included. Their events stay. */
export async function deleteExecutions(
  tx: Queryable & { readonly organizationId: string },
  executionIds: readonly string[],
): Promise<void> {
  await tx.query(remove, [tx.organizationId, executionIds]);
}
