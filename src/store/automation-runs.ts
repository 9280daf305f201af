/** Runs of automations, as rows. (What a run is made of in the sense of its flow: src/automation/.) */
import type { Instant, Json } from '../engine/definition.ts';

/** The first three are not over. */
export type RunStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  /** Waits for a callback, or because its task is on hold. */
  | 'PAUSED'
  | 'SUCCESS'
  | 'FAILED'
  | 'CANCELLED'
  | 'SKIPPED'
  /** Its automation ran too often: it did nothing. */
  | 'HOT';

export type ActionStatus =
  | 'PENDING'
  /** Its message is on its way. */
  | 'IN_PROGRESS'
  /** It waits for its callback. */
  | 'PAUSED'
  | 'SUCCESS'
  | 'FAILED'
  | 'SKIPPED'
  | 'CANCELLED';

/** Why a run, an action or a message failed. */
export interface RunError {
  /** UPPER_CASE, stable. */
  readonly code: string;
  readonly message: string;
}

/** What became of one action of a run. */
export interface ActionRun {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  /** The run goes on if it fails. */
  readonly allowsFailure: boolean;
  readonly status: ActionStatus;
  /** How often it was tried. */
  readonly attempts: number;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** Why it failed or was skipped, or, of one that is on its way, why the last attempt failed. */
  readonly error: RunError | null;
  /** What later actions can name. */
  readonly output: Json;
  /** The message that it sends. */
  readonly deliveryId: string | null;
  /** When it is tried again, or until when it waits. */
  readonly nextAt: Instant | null;
  /** How often in a row the database kept it from being done, for a reason that passes; none if left out. */
  readonly setbacks?: number;
}

/** What set a run off. */
export interface RunTrigger {
  readonly type:
    | 'TASK'
    | 'MANUAL'
    | 'API'
    | 'ENTITY_CREATED'
    | 'ENTITY_UPDATED'
    | 'ENTITY_DELETED'
    | 'JOURNEY_SUBMITTED'
    | 'EXECUTION_EVENT';
  /** The event's place in the log; null if none did. */
  readonly eventSeq: number | null;
}

export interface RunRecord {
  readonly id: string;
  /** Null if what a task names is no automation. */
  readonly automationId: string | null;
  /** The version that runs; null until it begins. */
  readonly versionId: string | null;
  readonly status: RunStatus;
  readonly trigger: RunTrigger;
  /** What it was handed: `{{input.…}}`. */
  readonly input: { readonly [name: string]: Json };
  readonly entityId: string | null;
  readonly executionId: string | null;
  readonly taskId: string | null;
  /** Which run of its task it is: 1, 2, 3… */
  readonly taskRun: number | null;
  readonly inputTaskKey: string | null;
  /** In their order; none until it begins. */
  readonly actions: readonly ActionRun[];
  /** The entity that it made or changed last. */
  readonly outputEntityId: string | null;
  /** How many automations led to it, itself included, each set off by the one before: 1 and more. */
  readonly chainDepth: number;
  readonly error: RunError | null;
  /** Null: the system. */
  readonly startedById: string | null;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** When somebody last let it go on after it was over; null for never. */
  readonly retriedAt: Instant | null;
  readonly version: number;
}

/** Whether there is no more to come of the run. */
export function isRunOver(status: RunStatus): boolean {
  return status !== 'PENDING' && status !== 'IN_PROGRESS' && status !== 'PAUSED';
}

export const RUN_COLUMNS = `r.id, r.automation_id as "automationId", r.version_id as "versionId", r.status, r.trigger, r.input,
  r.entity_id as "entityId", r.execution_id as "executionId", r.task_id as "taskId", r.task_run as "taskRun",
  r.input_task_key as "inputTaskKey", r.actions, r.output_entity_id as "outputEntityId", r.chain_depth as "chainDepth", r.error,
  r.started_by_id as "startedById", r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt",
  r.retried_at as "retriedAt", r.version`;
