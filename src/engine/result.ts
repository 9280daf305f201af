/** What `advance` answers: the next state with its changes and events, or the reason why not. */
import type { Instant } from './definition.ts';
import type { Attributes, Facts } from './facts.ts';
import type { InputIssueCode } from './input-issue-code.ts';
import type {
  Actor,
  ExecutionData,
  ExecutionState,
  ExecutionStatus,
  Failure,
  PhaseData,
  TaskData,
  TaskStatus,
} from './state.ts';

/** Why a task waits. An enabled task has none. */
export type Blocker =
  | { readonly type: 'REQUIRED_TASK' | 'PRECEDING_TASK'; readonly taskId: string }
  | { readonly type: 'REQUIRED_PHASE' | 'PRECEDING_PHASE'; readonly phaseId: string }
  /** A decision before it is not taken: `branchKeys` are the branches that lead here. */
  | {
      readonly type: 'DECISION_NOT_TAKEN';
      readonly taskId: string;
      readonly branchKeys: readonly string[];
    }
  | { readonly type: 'ON_HOLD'; readonly taskId: string; readonly since: Instant; readonly by: Actor }
  /** It goes on at its time; `until` is null while the task `anchorTaskId` that it is counted from is not finished. */
  | {
      readonly type: 'SCHEDULE';
      readonly taskId: string;
      readonly until: Instant | null;
      readonly anchorTaskId: string | null;
    }
  | { readonly type: 'FAILED'; readonly taskId: string; readonly failure: Failure }
  /** The automation of the task that blocks goes on; `since` is when the task came to be in progress. */
  | { readonly type: 'AUTOMATION_RUNNING'; readonly taskId: string; readonly since: Instant }
  /** Somebody outside has to confirm the task, since then; `until` is when the time for that is over. */
  | {
      readonly type: 'WAITING_FOR_CONFIRMATION';
      readonly taskId: string;
      readonly since: Instant;
      readonly until: Instant | null;
    }
  /** A worker has the task that blocks; `since` is when it took it. */
  | {
      readonly type: 'WORKER_WORKING';
      readonly taskId: string;
      readonly workerName: string;
      readonly since: Instant;
    }
  /** The task that blocks waits for a worker of its topic, not before `availableAt` if an attempt has failed. */
  | {
      readonly type: 'WAITING_FOR_WORKER';
      readonly taskId: string;
      readonly topic: string;
      readonly availableAt: Instant | null;
    }
  /** The task that blocks can be worked on, but nobody is responsible for it. */
  | { readonly type: 'NOBODY_ASSIGNED'; readonly taskId: string }
  /** Only of a task that the system skipped and somebody wants to reopen: these decisions went another way. */
  | {
      readonly type: 'BRANCH_NOT_TAKEN';
      readonly taskId: string;
      readonly branchKeys: readonly string[];
    }
  | { readonly type: 'EXECUTION_NOT_OPEN'; readonly status: ExecutionStatus };

/** A task command as the reader sees it: what may be offered for a task now. */
export type TaskCommandName =
  | 'START'
  | 'STOP'
  | 'COMPLETE'
  | 'SKIP'
  | 'HOLD'
  | 'RESUME'
  | 'REOPEN'
  | 'DECIDE'
  | 'RUN_AUTOMATION'
  | 'REQUEST_CONFIRMATION'
  | 'WITHDRAW_CONFIRMATION'
  | 'FAIL'
  | 'RETRY'
  | 'ASSIGN'
  | 'CLAIM'
  | 'RELEASE'
  | 'SET_DUE_DATE'
  | 'UPDATE'
  | 'REMOVE'
  | 'ADD_NOTE';

/** One thing wrong with a command's input. `path` names the field: `reasonIds`, `place.phaseId`. */
export interface InputIssue {
  readonly path: string;
  readonly code: InputIssueCode;
  readonly message: string;
}

/** EXPIRED: it was over, and nobody else has taken the task. TAKEN_OVER: another worker or a person has. ENDED: the task went on without the worker. */
export type LeaseLostReason = 'EXPIRED' | 'TAKEN_OVER' | 'ENDED';

/** Why a command was refused. A refusal is a value; nothing has changed. */
export type Problem =
  | { readonly code: 'NOT_FOUND'; readonly what: 'TASK'; readonly id: string }
  | { readonly code: 'TASK_BLOCKED'; readonly taskId: string; readonly blockers: readonly Blocker[] }
  | {
      readonly code: 'COMMAND_NOT_ALLOWED';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly since: Instant;
      readonly by: Actor;
      readonly allowedCommands: readonly TaskCommandName[];
    }
  | { readonly code: 'EXECUTION_NOT_OPEN'; readonly status: ExecutionStatus }
  | { readonly code: 'EXECUTION_NOT_FINISHED' }
  | { readonly code: 'ALREADY_CLAIMED'; readonly taskId: string; readonly claimedById: string }
  | { readonly code: 'NOT_CLAIMABLE'; readonly taskId: string }
  | {
      readonly code: 'VERSION_CONFLICT';
      readonly subject: 'TASK' | 'EXECUTION';
      readonly id: string;
      readonly currentVersion: number;
    }
  /** A worker's lease is over, so it may do nothing with the task any more. */
  | {
      readonly code: 'LEASE_LOST';
      readonly taskId: string;
      readonly reason: LeaseLostReason;
      readonly status: TaskStatus;
    }
  | { readonly code: 'INVALID_INPUT'; readonly issues: readonly InputIssue[] };

export type EngineEventType =
  | 'EXECUTION_STARTED'
  | 'EXECUTION_DONE'
  | 'EXECUTION_CLOSED'
  | 'EXECUTION_REOPENED'
  | 'EXECUTION_FAILED'
  | 'EXECUTION_RECOVERED'
  | 'EXECUTION_DELETED'
  | 'EXECUTION_ASSIGNED'
  | 'EXECUTION_DUE_DATE_CHANGED'
  | 'EXECUTION_CONTEXTS_CHANGED'
  | 'EXECUTION_PROGRESSED'
  | 'EXECUTION_REMINDED'
  | 'EXECUTION_ESCALATED'
  | 'PHASE_ADDED'
  | 'PHASE_STARTED'
  | 'PHASE_COMPLETED'
  | 'PHASE_REOPENED'
  | 'PHASE_PROGRESSED'
  | 'PHASE_REMINDED'
  | 'PHASE_ESCALATED'
  | 'TASK_ADDED'
  | 'TASK_REMOVED'
  | 'TASK_STARTED'
  | 'TASK_STOPPED'
  | 'TASK_COMPLETED'
  | 'TASK_SKIPPED'
  | 'TASK_HELD'
  | 'TASK_RESUMED'
  | 'TASK_REOPENED'
  | 'TASK_SCHEDULED'
  | 'TASK_SCHEDULE_RAN'
  | 'TASK_SCHEDULE_CANCELLED'
  | 'TASK_AWAITS_DECISION'
  | 'TASK_DECIDED'
  | 'TASK_LOOPED'
  | 'TASK_AWAITS_CONFIRMATION'
  | 'TASK_CONFIRMED'
  | 'TASK_CONFIRMATION_WITHDRAWN'
  | 'TASK_FAILED'
  | 'TASK_RETRIED'
  | 'TASK_ASSIGNED'
  | 'TASK_CLAIMED'
  | 'TASK_RELEASED'
  | 'TASK_DUE_DATE_CHANGED'
  | 'TASK_UPDATED'
  | 'TASK_LEASED'
  | 'TASK_LEASE_EXTENDED'
  | 'TASK_LEASE_EXPIRED'
  | 'TASK_ATTEMPT_FAILED'
  | 'TASK_HANDED_BACK'
  | 'TASK_ENABLED'
  | 'TASK_BLOCKED'
  | 'TASK_REMINDED'
  | 'TASK_ESCALATED';

/** One fact: one object of the execution changed. Every changed object has exactly one event per command, so folding the
 * events (`replay.ts`) gives the state. */
export interface EngineEvent {
  readonly type: EngineEventType;
  /** The task or phase that changed; both null when it is the execution itself. */
  readonly taskId: string | null;
  readonly phaseId: string | null;
  /** The object's version after the change. */
  readonly version: number;
  /** Names of the fields that changed, sorted; empty for what came into being or was removed. */
  readonly changedFields: readonly string[];
  /** The changed fields' new values; the whole object when it came into being; empty when it was removed. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Users and teams whom it concerns: responsible before or after the change, the claimer included. */
  readonly audience: readonly string[];
}

/** The objects that a command changed, whole, as they are now. */
export interface Changes {
  /** Null if the execution itself did not change. With its old version if only the time of its timer did. */
  readonly execution: ExecutionData | null;
  readonly phases: readonly PhaseData[];
  readonly tasks: readonly TaskData[];
  readonly removedTaskIds: readonly string[];
  /** The execution was deleted, with everything that belongs to it. */
  readonly isExecutionRemoved: boolean;
}

/** An entity that the execution's sync rules changed. */
export interface EntityUpdate {
  readonly entityId: string;
  /** All of them, as they are now. */
  readonly attributes: Attributes;
  /** The names of the attributes that changed, sorted. */
  readonly changedAttributes: readonly string[];
}

export interface Advanced {
  readonly ok: true;
  readonly state: ExecutionState;
  readonly changes: Changes;
  readonly events: readonly EngineEvent[];
  /** Each changed entity once. */
  readonly entityUpdates: readonly EntityUpdate[];
  /** What was given, with the entities as they are now. */
  readonly facts: Facts;
}
export interface Refused {
  readonly ok: false;
  readonly problem: Problem;
}
export type Result = Advanced | Refused;
