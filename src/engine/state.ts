/**
 * The state of one execution, as plain data: what the store loads, `advance` computes on, and the store saves.
 *
 * Everything here is JSON. Fields marked "derived" follow from the others (see `derive.ts`); they are kept so that lists
 * can filter and sort by them in SQL.
 */
import type { AssigneeRef, AudienceText, Instant, TaskType } from './definition.ts';

/** Who did something. */
export type Actor = { readonly type: 'USER'; readonly id: string } | { readonly type: 'SYSTEM' };

export type ExecutionStatus = 'STARTED' | 'DONE' | 'CLOSED';
export type PhaseStatus = 'OPEN' | 'IN_PROGRESS' | 'COMPLETED';
export type TaskStatus = 'PENDING' | 'IN_PROGRESS' | 'ON_HOLD' | 'COMPLETED' | 'SKIPPED';

/** One task or phase of the same execution. */
export type NodeId = { readonly taskId: string } | { readonly phaseId: string };

/** "After `from` comes `to`." */
export interface Edge {
  readonly from: NodeId;
  readonly to: NodeId;
}

/** A closing reason as it was when the execution started. */
export interface ClosingReasonSnapshot {
  readonly id: string;
  readonly title: string;
}

/** Why and how an execution was ended early. */
export interface Closing {
  readonly reasons: readonly ClosingReasonSnapshot[];
  readonly description: string | null;
}

/** How much is done: `completed + skipped ≤ total`. */
export interface Progress {
  readonly total: number;
  readonly completed: number;
  readonly skipped: number;
}

export interface ExecutionData {
  readonly id: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Reopened with nothing left to do: stays STARTED until a task is open again and finished. */
  readonly isKeptOpen: boolean;
  readonly isSequential: boolean;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  readonly edges: readonly Edge[];
  /** The reasons that closing may give; empty means that none is asked for. */
  readonly configuredClosingReasons: readonly ClosingReasonSnapshot[];
  readonly hasSingleClosingReason: boolean;
  readonly closing: Closing | null;
  readonly startedAt: Instant;
  readonly startedBy: Actor;
  /** When it became DONE or CLOSED, and by whom; null while it is STARTED. */
  readonly finishedAt: Instant | null;
  readonly finishedBy: Actor | null;
  /** Derived. */
  readonly progress: Progress;
  /** Derived: the first open task from top to bottom among those reached. */
  readonly currentTaskId: string | null;
  /** Derived: the phase of the current task. */
  readonly currentPhaseId: string | null;
  /** Rises by one with every change of this object. */
  readonly version: number;
}

export interface PhaseData {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  readonly labels: readonly string[];
  /** Derived. */
  readonly status: PhaseStatus;
  /** Derived. */
  readonly progress: Progress;
  readonly version: number;
}

export interface TaskData {
  readonly id: string;
  /** The definition's key; null for a task that was added by hand. */
  readonly key: string | null;
  readonly phaseId: string | null;
  /** Sort key among the tasks of its phase; not necessarily whole. */
  readonly position: number;
  readonly name: string;
  readonly description: string | null;
  readonly type: TaskType;
  readonly status: TaskStatus;
  /** What RESUME goes back to; null unless ON_HOLD. */
  readonly statusBeforeHold: TaskStatus | null;
  /** Since when it has this status, and who set it. */
  readonly statusAt: Instant;
  readonly statusBy: Actor;
  /** When it was first marked in progress; null while it has not been. */
  readonly startedAt: Instant | null;
  readonly startedBy: Actor | null;
  /** When it was completed or skipped; null while it is open. */
  readonly finishedAt: Instant | null;
  readonly finishedBy: Actor | null;
  readonly requirements: readonly NodeId[];
  readonly assignees: readonly AssigneeRef[];
  /** The member of an assigned team who took it. */
  readonly claimedById: string | null;
  readonly dueAt: Instant | null;
  readonly labels: readonly string[];
  readonly audienceTexts: readonly AudienceText[];
  readonly isManuallyCreated: boolean;
  /** Derived: everything that the flow puts before it is finished. */
  readonly isReached: boolean;
  /** Derived: some required task or phase is not finished. */
  readonly hasOpenRequirements: boolean;
  /** Derived: open, not on hold, reached, without open requirements, in a started execution: nothing blocks it. */
  readonly isEnabled: boolean;
  readonly version: number;
}

export interface ExecutionState {
  readonly execution: ExecutionData;
  /** By position. */
  readonly phases: readonly PhaseData[];
  /** Top to bottom: by their phase's position (tasks without a phase last), then by their own. */
  readonly tasks: readonly TaskData[];
}
