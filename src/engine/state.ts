/**
 * The state of one execution, as plain data: what the store loads, `advance` computes on, and the store saves.
 *
 * Everything here is JSON. Fields marked "derived" follow from the others (see `derive.ts`); they are kept so that lists
 * can filter and sort by them in SQL.
 */
import type {
  AssigneeRef,
  AudienceText,
  AutomationReference,
  DecisionDefinition,
  DueRule,
  EntitySyncRule,
  Instant,
  JourneyReference,
  Json,
  ScheduleRule,
  TaskType,
} from './definition.ts';

/** Who did something. */
export type Actor = { readonly type: 'USER'; readonly id: string } | { readonly type: 'SYSTEM' };

/** FAILED: a task failed and nobody has dealt with it; still open. */
export type ExecutionStatus = 'STARTED' | 'DONE' | 'CLOSED' | 'FAILED';
export type PhaseStatus = 'OPEN' | 'IN_PROGRESS' | 'COMPLETED';
export type TaskStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'ON_HOLD'
  /** Reached, and waiting for its time. */
  | 'SCHEDULED'
  /** A decision that waits for a person. */
  | 'CONDITION_PENDING'
  | 'FAILED'
  | 'COMPLETED'
  | 'SKIPPED';

/** Why a task failed. Stable: clients may depend on them. */
export type FailureCode =
  /** No branch of a decision is met, and it has no default. */
  | 'NO_BRANCH_MET'
  /** The date that its schedule is counted from is not set. */
  | 'SCHEDULE_DATE_MISSING'
  /** What its schedule is counted from is no date. */
  | 'SCHEDULE_DATE_INVALID'
  /** The time that its schedule gives was over already. */
  | 'SCHEDULE_IN_PAST'
  /** One command set off more automatic decisions than are allowed (`LIMITS.automaticSteps`). */
  | 'TOO_MANY_STEPS'
  /** Somebody said so. */
  | 'REPORTED';

export interface Failure {
  readonly code: FailureCode;
  /** For people: what went wrong, and where. */
  readonly message: string;
}

/** One value that a statement looked at. */
export interface StatementInput {
  /** The attribute's path, or the name of the execution fact. */
  readonly name: string;
  /** Null for what is not there. Long texts and lists are cut. */
  readonly value: Json;
}

export interface StatementResult {
  readonly isMet: boolean;
  readonly inputs: readonly StatementInput[];
  /** What they were compared with; relative dates as the instants that they stood for. */
  readonly values: readonly Json[];
}

export interface BranchResult {
  readonly branchKey: string;
  readonly isMet: boolean;
  readonly statements: readonly StatementResult[];
}

/** How a decision was made the last time. */
export interface DecisionRecord {
  readonly at: Instant;
  readonly by: Actor;
  /** In the definition's order; none when nothing was met. */
  readonly takenBranchKeys: readonly string[];
  /** Nothing was met, so the default branch was taken; or it was skipped. */
  readonly isDefaultTaken: boolean;
  /** The loop branch was due once more, but had been taken as often as it may. */
  readonly isMaximumReached: boolean;
  /** What was looked at, branch by branch; empty when a person decided. */
  readonly results: readonly BranchResult[];
}

/** One task or phase of the same execution. */
export type NodeId = { readonly taskId: string } | { readonly phaseId: string };

/** "After `from` comes `to`." */
export interface Edge {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Only when the decision `from` takes this branch; null for always. */
  readonly branchKey: string | null;
  /** It leads back: it puts the tasks on the way to PENDING again, and no join waits for it. */
  readonly isLoop: boolean;
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
  /** What it is about: the entity that it was started on, then the context. */
  readonly entityIds: readonly string[];
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  /** Gives `dueAt`; null if there is none, or if somebody set the date by hand. */
  readonly dueRule: DueRule | null;
  /** Derived: when the rule's anchor happened; null while it has not. */
  readonly dueAnchorAt: Instant | null;
  readonly edges: readonly Edge[];
  readonly entitySync: readonly EntitySyncRule[];
  /** The reasons that closing may give; empty means that none is asked for. */
  readonly configuredClosingReasons: readonly ClosingReasonSnapshot[];
  readonly hasSingleClosingReason: boolean;
  readonly closing: Closing | null;
  readonly startedAt: Instant;
  readonly startedBy: Actor;
  /** When it became DONE or CLOSED, and by whom; null while it is open. */
  readonly finishedAt: Instant | null;
  readonly finishedBy: Actor | null;
  /** Derived. */
  readonly progress: Progress;
  /** Derived: the first open task from top to bottom among those reached. */
  readonly currentTaskId: string | null;
  /** Derived: the phase of the current task. */
  readonly currentPhaseId: string | null;
  /** Derived: when the next of its scheduled tasks goes on; null if none waits for its time. */
  readonly wakeAt: Instant | null;
  /** Rises by one with every change of this object. */
  readonly version: number;
}

export interface PhaseData {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  readonly assignees: readonly AssigneeRef[];
  /** Whom the definition names, if variables are among them and nobody has assigned it by hand: resolved when it begins. */
  readonly assigneeRule: readonly AssigneeRef[] | null;
  readonly dueAt: Instant | null;
  /** As of an execution. */
  readonly dueRule: DueRule | null;
  /** Derived, as of an execution. */
  readonly dueAnchorAt: Instant | null;
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
  /** Why the system skipped it: every way to it is dead. Null if it is not skipped, or if a person did. */
  readonly skipReason: 'BRANCH_NOT_TAKEN' | null;
  /** Null unless FAILED. */
  readonly failure: Failure | null;
  readonly requirements: readonly NodeId[];
  /** What makes it a DECISION, otherwise null. */
  readonly decision: DecisionDefinition | null;
  /** How it was decided the last time; null before the first time and after it was reopened. */
  readonly decided: DecisionRecord | null;
  /** How often its loop branch was taken; 0 again when it is reopened, when something before it is reverted or loops itself. */
  readonly iterations: number;
  readonly schedule: ScheduleRule | null;
  /** When the schedule lets it go on; null while that is not known, and again when it is no longer reached. */
  readonly scheduledFor: Instant | null;
  /** When it went on, by its time or because somebody ran it; null before. */
  readonly scheduleRanAt: Instant | null;
  /** It went on more than a minute after its time. */
  readonly isLate: boolean;
  readonly automation: AutomationReference | null;
  readonly journey: JourneyReference | null;
  readonly assignees: readonly AssigneeRef[];
  /** Whom the definition names, if variables are among them and nobody has assigned it by hand: resolved when it is reached. */
  readonly assigneeRule: readonly AssigneeRef[] | null;
  /** The member of an assigned team who took it. */
  readonly claimedById: string | null;
  readonly dueAt: Instant | null;
  /** As of an execution. */
  readonly dueRule: DueRule | null;
  /** Derived, as of an execution. */
  readonly dueAnchorAt: Instant | null;
  readonly labels: readonly string[];
  readonly audienceTexts: readonly AudienceText[];
  readonly isManuallyCreated: boolean;
  /** Derived: every live way to it is done, and there is one (or none is needed). */
  readonly isReached: boolean;
  /** Derived: since when it is reached; null while it is not. */
  readonly reachedAt: Instant | null;
  /** Derived: some required task or phase is not finished. */
  readonly hasOpenRequirements: boolean;
  /** Derived: somebody can work on it or decide it now; nothing blocks it. */
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
