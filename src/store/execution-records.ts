/** Executions, phases and tasks as the store keeps them: the engine's data, and where each belongs. */
import type {
  AssigneeRef,
  AudienceText,
  AutomationReference,
  ConfirmationRule,
  DecisionDefinition,
  DueRule,
  EntitySyncRule,
  ExternalReference,
  EscalationRule,
  JourneyReference,
  ScheduleRule,
  TaskType,
} from '../engine/definition.ts';
import type {
  Actor,
  Closing,
  ClosingReasonSnapshot,
  ConfirmationRequest,
  DecisionRecord,
  Edge,
  EscalationRecord,
  ExecutionData,
  ExecutionStatus,
  ExternalWork,
  Failure,
  NodeId,
  PhaseData,
  PhaseStatus,
  TaskData,
  TaskStatus,
} from '../engine/state.ts';

export interface ExecutionRecord extends ExecutionData {
  readonly definitionId: string;
  readonly definitionVersionId: string;
  /** The entity that it was started on: the first of all. */
  readonly entityId: string;
  /** How many automations led to its start, each set off by the one before; 0: a person started it. */
  readonly chainDepth: number;
}

export interface PhaseRecord extends PhaseData {
  readonly executionId: string;
}

export interface TaskRecord extends TaskData {
  readonly executionId: string;
  readonly executionStatus: ExecutionStatus;
  readonly noteCount: number;
}

/** An execution with all its phases and tasks, in the engine's order. */
export interface ExecutionSnapshot {
  readonly execution: ExecutionRecord;
  readonly phases: readonly PhaseRecord[];
  readonly tasks: readonly TaskRecord[];
}

/** Column lists end with the organization's condition left to the statement; aliases are the rows' field names below. */
export const EXECUTION_COLUMNS = `e.id, e.definition_id as "definitionId", e.definition_version_id as "definitionVersionId",
  e.entity_id as "entityId", e.name, e.status, e.is_kept_open as "isKeptOpen", e.is_sequential as "isSequential", e.assignees,
  e.due_at as "dueAt", e.due_rule as "dueRule", e.due_anchor_at as "dueAnchorAt", e.escalations, e.escalated, e.edges, e.entity_sync as "entitySync",
  e.configured_closing_reasons as "configuredClosingReasons",
  e.has_single_closing_reason as "hasSingleClosingReason", e.closing, e.started_at as "startedAt", e.started_by_id as "startedById",
  e.finished_at as "finishedAt", e.finished_by_id as "finishedById", e.total_count as "totalCount",
  e.completed_count as "completedCount", e.skipped_count as "skippedCount", e.current_task_id as "currentTaskId",
  e.current_phase_id as "currentPhaseId", e.wake_at as "wakeAt", e.chain_depth as "chainDepth", e.version,
  array(select x.entity_id from execution_entity x
        where x.organization_id = e.organization_id and x.execution_id = e.id order by x.position) as "entityIds"`;

export const PHASE_COLUMNS = `p.id, p.execution_id as "executionId", p.key, p.name, p.position, p.assignees,
  p.assignee_rule as "assigneeRule", p.due_at as "dueAt", p.due_rule as "dueRule", p.due_anchor_at as "dueAnchorAt", p.escalations, p.escalated, p.labels, p.status, p.total_count as "totalCount", p.completed_count as "completedCount", p.skipped_count as "skippedCount",
  p.version`;

export const TASK_COLUMNS = `t.id, t.execution_id as "executionId", t.phase_id as "phaseId", t.key, t.position, t.name, t.description,
  t.type, t.status, t.status_before_hold as "statusBeforeHold", t.status_at as "statusAt", t.status_by_id as "statusById",
  t.started_at as "startedAt", t.started_by_id as "startedById", t.finished_at as "finishedAt", t.finished_by_id as "finishedById",
  t.skip_reason as "skipReason", t.failure, t.requirements, t.decision, t.decided, t.iterations, t.schedule,
  t.scheduled_for as "scheduledFor", t.schedule_ran_at as "scheduleRanAt", t.is_late as "isLate", t.automation,
  t.confirmation, t.confirmation_count as "confirmationCount", t.confirmation_request as "confirmationRequest",
  t.run_count as "runCount", t.run_state as "runState", t.external, t.external_work as "externalWork", t.journey,
  t.assignee_rule as "assigneeRule", t.claimed_by_id as "claimedById", t.due_at as "dueAt", t.due_rule as "dueRule",
  t.due_anchor_at as "dueAnchorAt", t.escalations, t.escalated, t.idle_since as "idleSince", t.labels, t.audience_texts as "audienceTexts",
  t.is_manually_created as "isManuallyCreated", t.is_reached as "isReached", t.reached_at as "reachedAt",
  t.has_open_requirements as "hasOpenRequirements", t.is_enabled as "isEnabled", t.version,
  coalesce((select json_agg(json_build_object(
              'type', case when a.user_id is not null then 'USER' when a.team_id is not null then 'TEAM' else 'VARIABLE' end,
              'id', coalesce(a.user_id::text, a.team_id::text, a.variable)) order by a.position)
            from task_assignee a where a.organization_id = t.organization_id and a.task_id = t.id), '[]') as assignees,
  (select count(*)::int from note n where n.organization_id = t.organization_id and n.task_id = t.id) as "noteCount"`;

export interface ExecutionRow {
  id: string;
  definitionId: string;
  definitionVersionId: string;
  entityId: string;
  name: string;
  status: ExecutionStatus;
  isKeptOpen: boolean;
  isSequential: boolean;
  assignees: AssigneeRef[];
  dueAt: string | null;
  dueRule: DueRule | null;
  dueAnchorAt: string | null;
  escalations: EscalationRule[];
  escalated: EscalationRecord[];
  edges: Edge[];
  entitySync: EntitySyncRule[];
  configuredClosingReasons: ClosingReasonSnapshot[];
  hasSingleClosingReason: boolean;
  closing: Closing | null;
  startedAt: string;
  startedById: string | null;
  finishedAt: string | null;
  finishedById: string | null;
  totalCount: number;
  completedCount: number;
  skippedCount: number;
  currentTaskId: string | null;
  currentPhaseId: string | null;
  wakeAt: string | null;
  chainDepth: number;
  version: number;
  entityIds: string[];
}

export interface PhaseRow {
  id: string;
  executionId: string;
  key: string;
  name: string;
  position: number;
  assignees: AssigneeRef[];
  assigneeRule: AssigneeRef[] | null;
  dueAt: string | null;
  dueRule: DueRule | null;
  dueAnchorAt: string | null;
  escalations: EscalationRule[];
  escalated: EscalationRecord[];
  labels: string[];
  status: PhaseStatus;
  totalCount: number;
  completedCount: number;
  skippedCount: number;
  version: number;
}

export interface TaskRow {
  id: string;
  executionId: string;
  phaseId: string | null;
  key: string | null;
  position: number;
  name: string;
  description: string | null;
  type: TaskType;
  status: TaskStatus;
  statusBeforeHold: TaskStatus | null;
  statusAt: string;
  statusById: string | null;
  startedAt: string | null;
  startedById: string | null;
  finishedAt: string | null;
  finishedById: string | null;
  skipReason: TaskData['skipReason'];
  failure: Failure | null;
  requirements: NodeId[];
  decision: DecisionDefinition | null;
  decided: DecisionRecord | null;
  iterations: number;
  schedule: ScheduleRule | null;
  scheduledFor: string | null;
  scheduleRanAt: string | null;
  isLate: boolean;
  automation: AutomationReference | null;
  runCount: number;
  runState: TaskData['runState'];
  external: ExternalReference | null;
  externalWork: ExternalWork | null;
  journey: JourneyReference | null;
  confirmation: ConfirmationRule | null;
  confirmationCount: number;
  confirmationRequest: ConfirmationRequest | null;
  assigneeRule: AssigneeRef[] | null;
  claimedById: string | null;
  dueAt: string | null;
  dueRule: DueRule | null;
  dueAnchorAt: string | null;
  escalations: EscalationRule[];
  escalated: EscalationRecord[];
  idleSince: string | null;
  labels: string[];
  audienceTexts: AudienceText[];
  isManuallyCreated: boolean;
  isReached: boolean;
  reachedAt: string | null;
  hasOpenRequirements: boolean;
  isEnabled: boolean;
  version: number;
  assignees: AssigneeRef[];
  noteCount: number;
}

/** Rows inside a JSON aggregate carry PostgreSQL's own text of an instant; plain rows are instants already. */
function instant(text: string | null): string | null {
  return text === null ? null : new Date(text).toISOString();
}

function actor(userId: string | null): Actor {
  return userId === null ? { type: 'SYSTEM' } : { type: 'USER', id: userId };
}

/** Who did what happened at `at`; null if it has not happened. */
function actorAt(at: string | null, userId: string | null): Actor | null {
  return at === null ? null : actor(userId);
}

/** The column of an actor: the user's id, or null for the system. */
export function actorId(by: Actor | null): string | null {
  return by?.type === 'USER' ? by.id : null;
}

interface Counts {
  totalCount: number;
  completedCount: number;
  skippedCount: number;
}

function progressOf({ totalCount, completedCount, skippedCount }: Counts) {
  return { total: totalCount, completed: completedCount, skipped: skippedCount };
}

export function executionFromRow(row: ExecutionRow): ExecutionRecord {
  const { totalCount, completedCount, skippedCount, startedById, finishedById, ...same } = row;
  return {
    ...same,
    dueAt: instant(row.dueAt),
    dueAnchorAt: instant(row.dueAnchorAt),
    startedAt: new Date(row.startedAt).toISOString(),
    finishedAt: instant(row.finishedAt),
    wakeAt: instant(row.wakeAt),
    startedBy: actor(startedById),
    finishedBy: actorAt(row.finishedAt, finishedById),
    progress: progressOf({ totalCount, completedCount, skippedCount }),
  };
}

export function phaseFromRow(row: PhaseRow): PhaseRecord {
  const { totalCount, completedCount, skippedCount, ...same } = row;
  return {
    ...same,
    dueAt: instant(row.dueAt),
    dueAnchorAt: instant(row.dueAnchorAt),
    progress: progressOf({ totalCount, completedCount, skippedCount }),
  };
}

export function taskFromRow(row: TaskRow, executionStatus: ExecutionStatus): TaskRecord {
  const { statusById, startedById, finishedById, ...same } = row;
  return {
    ...same,
    executionStatus,
    statusAt: new Date(row.statusAt).toISOString(),
    statusBy: actor(statusById),
    startedAt: instant(row.startedAt),
    startedBy: actorAt(row.startedAt, startedById),
    finishedAt: instant(row.finishedAt),
    finishedBy: actorAt(row.finishedAt, finishedById),
    scheduledFor: instant(row.scheduledFor),
    scheduleRanAt: instant(row.scheduleRanAt),
    dueAt: instant(row.dueAt),
    dueAnchorAt: instant(row.dueAnchorAt),
    reachedAt: instant(row.reachedAt),
    idleSince: instant(row.idleSince),
  };
}
