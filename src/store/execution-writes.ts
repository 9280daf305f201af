/** Saving executions: one statement, however many objects changed. */
import type { PhaseData, TaskData } from '../engine/state.ts';
import { actorId, type ExecutionRecord } from './execution-records.ts';
import { statement, type Queryable } from './statement.ts';

/** What a command changed in one execution. A new execution is its first change. */
export interface ExecutionChanges {
  readonly executionId: string;
  /** Null if the execution's own row stays as it is. */
  readonly execution: ExecutionRecord | null;
  readonly phases: readonly PhaseData[];
  readonly tasks: readonly TaskData[];
  readonly removedTaskIds: readonly string[];
}

/** `col, …` → `col = excluded.col, …` */
function overwrite(columns: string): string {
  return columns
    .split(',')
    .map((column) => `${column.trim()} = excluded.${column.trim()}`)
    .join(', ');
}

const EXECUTION_MUTABLE = `status, is_kept_open, assignees, due_at, edges, closing, finished_at, finished_by_id, total_count,
  completed_count, skipped_count, current_task_id, current_phase_id, version`;
const PHASE_MUTABLE = `status, assignees, due_at, total_count, completed_count, skipped_count, version`;
const TASK_MUTABLE = `phase_id, position, name, description, status, status_before_hold, status_at, status_by_id, started_at,
  started_by_id, finished_at, finished_by_id, requirements, claimed_by_id, due_at, is_reached, has_open_requirements, is_enabled, version`;

// Every part is an upsert of a set, so that starting and changing are one statement. The rows of a removed task and those of
// assignees beyond the new ones are deleted; no row is both written and deleted, since the parts see the same snapshot.
const save = statement<never>(
  'execution.save',
  `with saved_executions as (
     insert into execution (organization_id, id, definition_id, definition_version_id, entity_id, name, is_sequential,
       configured_closing_reasons, has_single_closing_reason, started_at, started_by_id, ${EXECUTION_MUTABLE})
     select $1, e.* from jsonb_to_recordset($2::jsonb) as e(
       id uuid, definition_id uuid, definition_version_id uuid, entity_id uuid, name text, is_sequential boolean,
       configured_closing_reasons jsonb, has_single_closing_reason boolean, started_at timestamptz, started_by_id uuid,
       status text, is_kept_open boolean, assignees jsonb, due_at timestamptz, edges jsonb, closing jsonb,
       finished_at timestamptz, finished_by_id uuid, total_count int, completed_count int, skipped_count int,
       current_task_id uuid, current_phase_id uuid, version int)
     on conflict (organization_id, id) do update set ${overwrite(EXECUTION_MUTABLE)}
   ), saved_contexts as (
     insert into execution_entity (organization_id, execution_id, entity_id, position)
     select $1, x.* from jsonb_to_recordset($3::jsonb) as x(execution_id uuid, entity_id uuid, position int)
     on conflict (organization_id, execution_id, entity_id) do nothing
   ), saved_phases as (
     insert into phase (organization_id, id, execution_id, key, name, position, labels, ${PHASE_MUTABLE})
     select $1, p.id, p.execution_id, p.key, p.name, p.position, array(select jsonb_array_elements_text(p.labels)),
       p.status, p.assignees, p.due_at, p.total_count, p.completed_count, p.skipped_count, p.version
     from jsonb_to_recordset($4::jsonb) as p(
       id uuid, execution_id uuid, key text, name text, position int, labels jsonb, status text, assignees jsonb,
       due_at timestamptz, total_count int, completed_count int, skipped_count int, version int)
     on conflict (organization_id, id) do update set ${overwrite(PHASE_MUTABLE)}
   ), saved_tasks as (
     insert into task (organization_id, id, execution_id, key, type, labels, audience_texts, is_manually_created, ${TASK_MUTABLE})
     select $1, t.id, t.execution_id, t.key, t.type, array(select jsonb_array_elements_text(t.labels)), t.audience_texts,
       t.is_manually_created, t.phase_id, t.position, t.name, t.description, t.status, t.status_before_hold, t.status_at,
       t.status_by_id, t.started_at, t.started_by_id, t.finished_at, t.finished_by_id, t.requirements, t.claimed_by_id, t.due_at,
       t.is_reached, t.has_open_requirements, t.is_enabled, t.version
     from jsonb_to_recordset($5::jsonb) as t(
       id uuid, execution_id uuid, key text, type text, labels jsonb, audience_texts jsonb, is_manually_created boolean,
       phase_id uuid, position float8, name text, description text, status text, status_before_hold text, status_at timestamptz,
       status_by_id uuid, started_at timestamptz, started_by_id uuid, finished_at timestamptz, finished_by_id uuid,
       requirements jsonb, claimed_by_id uuid, due_at timestamptz, is_reached boolean, has_open_requirements boolean, is_enabled boolean, version int)
     on conflict (organization_id, id) do update set ${overwrite(TASK_MUTABLE)}
   ), removed_tasks as (
     delete from task where organization_id = $1 and id = any($6::uuid[])
   ), removed_assignees as (
     delete from task_assignee a using jsonb_to_recordset($5::jsonb) as t(id uuid, assignee_count int)
     where a.organization_id = $1 and a.task_id = t.id and a.position >= t.assignee_count
   )
   insert into task_assignee (organization_id, task_id, position, user_id, team_id)
   select $1, a.* from jsonb_to_recordset($7::jsonb) as a(task_id uuid, position int, user_id uuid, team_id uuid)
   on conflict (organization_id, task_id, position) do update set user_id = excluded.user_id, team_id = excluded.team_id
   where (task_assignee.user_id, task_assignee.team_id) is distinct from (excluded.user_id, excluded.team_id)`,
);

function executionRow(record: ExecutionRecord) {
  return {
    id: record.id,
    definition_id: record.definitionId,
    definition_version_id: record.definitionVersionId,
    entity_id: record.entityId,
    name: record.name,
    is_sequential: record.isSequential,
    configured_closing_reasons: record.configuredClosingReasons,
    has_single_closing_reason: record.hasSingleClosingReason,
    started_at: record.startedAt,
    started_by_id: actorId(record.startedBy),
    status: record.status,
    is_kept_open: record.isKeptOpen,
    assignees: record.assignees,
    due_at: record.dueAt,
    edges: record.edges,
    closing: record.closing,
    finished_at: record.finishedAt,
    finished_by_id: actorId(record.finishedBy),
    total_count: record.progress.total,
    completed_count: record.progress.completed,
    skipped_count: record.progress.skipped,
    current_task_id: record.currentTaskId,
    current_phase_id: record.currentPhaseId,
    version: record.version,
  };
}

function phaseRow(executionId: string, phase: PhaseData) {
  return {
    id: phase.id,
    execution_id: executionId,
    key: phase.key,
    name: phase.name,
    position: phase.position,
    labels: phase.labels,
    status: phase.status,
    assignees: phase.assignees,
    due_at: phase.dueAt,
    total_count: phase.progress.total,
    completed_count: phase.progress.completed,
    skipped_count: phase.progress.skipped,
    version: phase.version,
  };
}

function taskRow(executionId: string, task: TaskData) {
  return {
    id: task.id,
    execution_id: executionId,
    key: task.key,
    type: task.type,
    labels: task.labels,
    audience_texts: task.audienceTexts,
    is_manually_created: task.isManuallyCreated,
    phase_id: task.phaseId,
    position: task.position,
    name: task.name,
    description: task.description,
    status: task.status,
    status_before_hold: task.statusBeforeHold,
    status_at: task.statusAt,
    status_by_id: actorId(task.statusBy),
    started_at: task.startedAt,
    started_by_id: actorId(task.startedBy),
    finished_at: task.finishedAt,
    finished_by_id: actorId(task.finishedBy),
    requirements: task.requirements,
    claimed_by_id: task.claimedById,
    due_at: task.dueAt,
    is_reached: task.isReached,
    has_open_requirements: task.hasOpenRequirements,
    is_enabled: task.isEnabled,
    version: task.version,
    assignee_count: task.assignees.length,
  };
}

function assigneeRows(task: TaskData) {
  return task.assignees.map((assignee, position) => ({
    task_id: task.id,
    position,
    user_id: assignee.type === 'USER' ? assignee.id : null,
    team_id: assignee.type === 'TEAM' ? assignee.id : null,
  }));
}

/** Writes what changed, whole objects as they are now. */
export async function saveExecutions(
  tx: Queryable,
  organizationId: string,
  changes: readonly ExecutionChanges[],
): Promise<void> {
  const executions = changes.flatMap((change) => (change.execution ? [change.execution] : []));
  const tasks = changes.flatMap((change) => change.tasks);
  await tx.query(save, [
    organizationId,
    JSON.stringify(executions.map(executionRow)),
    JSON.stringify(
      executions.flatMap((execution) =>
        execution.entityIds.map((entity_id, position) => ({
          execution_id: execution.id,
          entity_id,
          position,
        })),
      ),
    ),
    JSON.stringify(
      changes.flatMap((change) => change.phases.map((phase) => phaseRow(change.executionId, phase))),
    ),
    JSON.stringify(
      changes.flatMap((change) => change.tasks.map((task) => taskRow(change.executionId, task))),
    ),
    changes.flatMap((change) => change.removedTaskIds),
    JSON.stringify(tasks.flatMap(assigneeRows)),
  ]);
}
