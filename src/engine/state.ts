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
  ConfirmationRule,
  DecisionDefinition,
  DueRule,
  EntitySyncRule,
  ExternalReference,
  EscalationAction,
  EscalationMoment,
  EscalationRule,
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
  /** Somebody outside has to confirm it. */
  | 'WAITING_FOR_CONFIRMATION'
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
  /** An action of its automation failed. */
  | 'AUTOMATION_FAILED'
  /** Its automation ran too often, so that it did nothing and was disabled. */
  | 'AUTOMATION_HOT'
  /** Whoever was asked to confirm it has declined. */
  | 'CONFIRMATION_DECLINED'
  /** Nobody confirmed it in time. */
  | 'CONFIRMATION_EXPIRED'
  /** The last of the attempts that its workers have failed. */
  | 'EXTERNAL_FAILED'
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

/** What became of a request to confirm a task. WITHDRAWN: whatever happened to the task, nobody needs the answer any more. */
export type ConfirmationState = 'OPEN' | 'CONFIRMED' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN';

/** What somebody outside said. */
export interface ConfirmationAnswer {
  readonly at: Instant;
  /** As the person wrote it: a name or an address; null if they did not say. */
  readonly by: string | null;
  readonly comment: string | null;
}

/** A request to somebody outside to confirm a task. */
export interface ConfirmationRequest {
  /** 1, 2, 3… of its task. */
  readonly number: number;
  readonly at: Instant;
  readonly by: Actor;
  readonly expiresAt: Instant;
  readonly state: ConfirmationState;
  /** Of CONFIRMED and DECLINED, otherwise null. */
  readonly answer: ConfirmationAnswer | null;
}

/** What a rule of escalation has done, for one date or one time of waiting. */
export interface EscalationRecord {
  /** The rule's place in `escalations`, from 0. */
  readonly rule: number;
  readonly on: EscalationMoment;
  readonly action: EscalationAction;
  /** What it was counted from: the due date, or since when nobody had taken the task. */
  readonly since: Instant;
  /** How many of its steps are done: of REASSIGN, how many have had their turn, those who are deactivated included; otherwise 1. */
  readonly steps: number;
  /** When the last of them was. */
  readonly at: Instant;
  /** Whom that one was handed to or told, as they were known then; nobody for REMIND. */
  readonly to: readonly AssigneeRef[];
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

/**
 * How a worker's lease ended. TAKEN_OVER: a person works on the task instead. EXPIRED: the worker was not heard of in time.
 * ENDED: the task was finished, held, stopped, put back or blocked, or its execution closed.
 */
export type LeaseEnd = 'COMPLETED' | 'FAILED' | 'HANDED_BACK' | 'TAKEN_OVER' | 'EXPIRED' | 'ENDED';

/** That a worker has a task for a time. */
export interface TaskLease {
  /** The fencing number: rises by one with every lease of the task, and is never given twice. */
  readonly number: number;
  /** The user of the worker's token. */
  readonly workerId: string;
  /** What the worker calls itself. */
  readonly workerName: string;
  readonly leasedAt: Instant;
  /** From then on the worker has it no more, whoever notices when. */
  readonly expiresAt: Instant;
  /** Null while the worker has the task. */
  readonly end: LeaseEnd | null;
}

/** Where the work of programs on a task stands. */
export interface ExternalWork {
  /** The newest, also when it is over; null before the first. */
  readonly lease: TaskLease | null;
  /** How many attempts may still fail: with the one that leaves 0 the task FAILS. */
  readonly retriesLeft: number;
  /** When a worker may try again after a failure; null for at once. */
  readonly availableAt: Instant | null;
  readonly lastFailure: { readonly at: Instant; readonly message: string } | null;
  /** A worker gave it to people: no worker gets it any more. */
  readonly handedBack: {
    readonly at: Instant;
    readonly reason: string;
    readonly workerName: string;
  } | null;
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
  readonly escalations: readonly EscalationRule[];
  /** What of them is done, the latest last. */
  readonly escalated: readonly EscalationRecord[];
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
  /** Derived: when the next of its scheduled tasks goes on, the time of a confirmation or a lease is over, or the next of its escalations is due; null if nothing waits for its time. */
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
  readonly escalations: readonly EscalationRule[];
  /** What of them is done, the latest last. */
  readonly escalated: readonly EscalationRecord[];
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
  /** How often its automation was started: the number of the newest run. */
  readonly runCount: number;
  /** Whether the newest run, if it was started since the task was reached, is still going on; null if there is none. */
  readonly runState: 'RUNNING' | 'ENDED' | null;
  /** What makes it an EXTERNAL, otherwise null. */
  readonly external: ExternalReference | null;
  /** Of an EXTERNAL, otherwise null. */
  readonly externalWork: ExternalWork | null;
  readonly journey: JourneyReference | null;
  readonly confirmation: ConfirmationRule | null;
  /** How often somebody outside was asked: the number of the newest request. */
  readonly confirmationCount: number;
  /** The newest request, if it was made since the task was reached; it is OPEN exactly while the task waits for it. */
  readonly confirmationRequest: ConfirmationRequest | null;
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
  readonly escalations: readonly EscalationRule[];
  /** What of them is done, the latest last. */
  readonly escalated: readonly EscalationRecord[];
  /** Derived, of a task with escalations: since when it could be worked on and nobody took it; null while somebody has, or it can't be. */
  readonly idleSince: Instant | null;
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
