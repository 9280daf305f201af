/** The engine's objects as rows of their tables, for the statement that saves them (execution-writes.ts). */
import { readyAt } from '../engine/lease.ts';
import type { PhaseData, TaskData } from '../engine/state.ts';
import { actorId, type ExecutionRecord } from './execution-records.ts';

/** The columns of `execution`. */
export function executionRow(record: ExecutionRecord) {
  return {
    id: record.id,
    definition_id: record.definitionId,
    definition_version_id: record.definitionVersionId,
    entity_id: record.entityId,
    name: record.name,
    is_sequential: record.isSequential,
    configured_closing_reasons: record.configuredClosingReasons,
    has_single_closing_reason: record.hasSingleClosingReason,
    entity_sync: record.entitySync,
    started_at: record.startedAt,
    started_by_id: actorId(record.startedBy),
    status: record.status,
    is_kept_open: record.isKeptOpen,
    assignees: record.assignees,
    due_at: record.dueAt,
    due_rule: record.dueRule,
    due_anchor_at: record.dueAnchorAt,
    escalations: record.escalations,
    escalated: record.escalated,
    edges: record.edges,
    closing: record.closing,
    finished_at: record.finishedAt,
    finished_by_id: actorId(record.finishedBy),
    total_count: record.progress.total,
    completed_count: record.progress.completed,
    skipped_count: record.progress.skipped,
    current_task_id: record.currentTaskId,
    current_phase_id: record.currentPhaseId,
    wake_at: record.wakeAt,
    chain_depth: record.chainDepth,
    version: record.version,
  };
}

/** The columns of `phase`. */
export function phaseRow(executionId: string, phase: PhaseData) {
  return {
    id: phase.id,
    execution_id: executionId,
    key: phase.key,
    name: phase.name,
    position: phase.position,
    labels: phase.labels,
    status: phase.status,
    assignees: phase.assignees,
    assignee_rule: phase.assigneeRule,
    due_at: phase.dueAt,
    due_rule: phase.dueRule,
    due_anchor_at: phase.dueAnchorAt,
    escalations: phase.escalations,
    escalated: phase.escalated,
    total_count: phase.progress.total,
    completed_count: phase.progress.completed,
    skipped_count: phase.progress.skipped,
    version: phase.version,
  };
}

/** The columns of `task`, and how many assignees it has. */
export function taskRow(executionId: string, task: TaskData) {
  return {
    id: task.id,
    execution_id: executionId,
    key: task.key,
    type: task.type,
    labels: task.labels,
    audience_texts: task.audienceTexts,
    decision: task.decision,
    schedule: task.schedule,
    automation: task.automation,
    external: task.external,
    external_topic: task.external?.topic ?? null,
    journey: task.journey,
    confirmation: task.confirmation,
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
    skip_reason: task.skipReason,
    failure: task.failure,
    requirements: task.requirements,
    decided: task.decided,
    iterations: task.iterations,
    scheduled_for: task.scheduledFor,
    schedule_ran_at: task.scheduleRanAt,
    is_late: task.isLate,
    run_count: task.runCount,
    run_state: task.runState,
    confirmation_count: task.confirmationCount,
    confirmation_request: task.confirmationRequest,
    external_work: task.externalWork,
    external_ready_at: readyAt(task),
    assignee_rule: task.assigneeRule,
    claimed_by_id: task.claimedById,
    due_at: task.dueAt,
    due_rule: task.dueRule,
    due_anchor_at: task.dueAnchorAt,
    escalations: task.escalations,
    escalated: task.escalated,
    idle_since: task.idleSince,
    is_reached: task.isReached,
    reached_at: task.reachedAt,
    has_open_requirements: task.hasOpenRequirements,
    is_enabled: task.isEnabled,
    version: task.version,
    assignee_count: task.assignees.length,
  };
}

/** The columns of `task_assignee`. */
export function assigneeRows(task: TaskData) {
  return task.assignees.map((assignee, position) => ({
    task_id: task.id,
    position,
    user_id: assignee.type === 'USER' ? assignee.id : null,
    team_id: assignee.type === 'TEAM' ? assignee.id : null,
    variable: assignee.type === 'VARIABLE' ? assignee.id : null,
  }));
}

/** The columns of `execution_entity`: the entity that it was started on comes first. */
export function entityRows({ id, entityIds }: ExecutionRecord) {
  return entityIds.map((entity_id, position) => ({ execution_id: id, entity_id, position }));
}
