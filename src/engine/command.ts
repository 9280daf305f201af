/** What can be asked of an execution: every command that `advance` understands. */
import type { Calendar } from './calendar.ts';
import type { AssigneeRef, Instant } from './definition.ts';
import type { Attributes, Facts } from './facts.ts';
import type { Actor } from './state.ts';

/** How a set of assignees changes: either wholly (`set`) or by what is added and removed. */
export interface AssigneeChange {
  readonly set?: readonly AssigneeRef[];
  readonly add?: readonly AssigneeRef[];
  readonly remove?: readonly AssigneeRef[];
}

/** Where an added task goes: into a phase (`index` among its tasks, null for the end), or between two tasks that an edge connects. */
export type TaskPlace =
  | { readonly phaseId: string | null; readonly index: number | null }
  | { readonly afterTaskId: string; readonly beforeTaskId: string };

interface OnTask {
  readonly taskId: string;
  /** Refuse if the task has another version by now. */
  readonly expectedVersion?: number;
}
interface OnExecution {
  /** Refuse if the execution has another version by now. */
  readonly expectedVersion?: number;
}

/** The commands of the task life table. */
export type TaskLifeCommand = OnTask &
  (
    | { readonly type: 'START_TASK' }
    | { readonly type: 'STOP_TASK' }
    | { readonly type: 'COMPLETE_TASK' }
    | { readonly type: 'SKIP_TASK' }
    | { readonly type: 'HOLD_TASK' }
    | { readonly type: 'RESUME_TASK' }
    | { readonly type: 'REOPEN_TASK'; readonly revert: boolean }
    /** Chooses the branches of a decision. */
    | { readonly type: 'DECIDE_TASK'; readonly branchKeys: readonly string[] }
    | { readonly type: 'FAIL_TASK'; readonly reason: string | null }
    | { readonly type: 'RETRY_TASK' }
    /** Starts its automation, from the first action. */
    | { readonly type: 'RUN_AUTOMATION' }
    /** Asks somebody outside to confirm it. */
    | {
        readonly type: 'REQUEST_CONFIRMATION';
        /** How long the link is good, in hours; null as the definition says, or a week. */
        readonly expiresInHours: number | null;
      }
    | { readonly type: 'WITHDRAW_CONFIRMATION' }
  );

/** What a run of an automation came to. */
export type RunOutcome = 'SUCCESS' | 'FAILED' | 'HOT' | 'SKIPPED' | 'CANCELLED';

/** A run of the task's automation is over: nobody gives this command but the system. */
export interface FinishAutomationCommand extends OnTask {
  readonly type: 'FINISH_AUTOMATION';
  /** Which run: what `runCount` was when it was started. */
  readonly run: number;
  readonly outcome: RunOutcome;
  /** For people: why it failed. */
  readonly message: string | null;
}

/** Somebody outside has used their link: nobody gives this command but the system. */
export interface AnswerConfirmationCommand extends OnTask {
  readonly type: 'ANSWER_CONFIRMATION';
  /** Which request: what `confirmationCount` was when it was made. */
  readonly number: number;
  readonly answer: 'CONFIRMED' | 'DECLINED';
  readonly by: string | null;
  readonly comment: string | null;
}

/** The commands of workers on EXTERNAL tasks; people never give them. `number` is the fencing number of the worker's lease. */
export type WorkerCommand = OnTask &
  (
    | {
        readonly type: 'LEASE_TASK';
        readonly workerId: string;
        readonly workerName: string;
        /** As long as the task says if not given. */
        readonly leaseSeconds?: number | undefined;
      }
    | { readonly type: 'EXTEND_LEASE'; readonly number: number; readonly leaseSeconds: number }
    | { readonly type: 'COMPLETE_EXTERNAL'; readonly number: number; readonly result: Attributes }
    | {
        readonly type: 'FAIL_EXTERNAL';
        readonly number: number;
        /** For people: what went wrong. */
        readonly message: string;
        /** Instead of one fewer than before. */
        readonly retriesLeft?: number | undefined;
        /** Instead of what the definition says. */
        readonly retryAfterSeconds?: number | undefined;
      }
    | { readonly type: 'HAND_BACK_TASK'; readonly number: number; readonly reason: string }
  );

/** The commands that are possible while the execution is open, whatever the task's status. */
export type TaskUpkeepCommand = OnTask &
  (
    | ({ readonly type: 'ASSIGN_TASK' } & AssigneeChange)
    | { readonly type: 'CLAIM_TASK'; readonly userId: string; readonly teamIds: readonly string[] }
    | { readonly type: 'RELEASE_TASK' }
    | { readonly type: 'SET_TASK_DUE_DATE'; readonly dueAt: Instant | null }
    | { readonly type: 'UPDATE_TASK'; readonly name?: string; readonly description?: string | null }
    | { readonly type: 'REMOVE_TASK' }
  );

export interface AddTaskCommand extends OnExecution {
  readonly type: 'ADD_TASK';
  /** The new task's id, made by the caller: the engine knows no randomness. */
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
  readonly place: TaskPlace;
}

export type ExecutionCommand = OnExecution &
  (
    | {
        readonly type: 'CLOSE_EXECUTION';
        readonly reasonIds: readonly string[];
        readonly description: string | null;
      }
    | { readonly type: 'REOPEN_EXECUTION' }
    | ({ readonly type: 'ASSIGN_EXECUTION' } & AssigneeChange)
    | { readonly type: 'SET_EXECUTION_DUE_DATE'; readonly dueAt: Instant | null }
    /** All entities that it is about besides the one that it was started on. */
    | { readonly type: 'SET_CONTEXT_ENTITIES'; readonly contextEntityIds: readonly string[] }
    /** Lets everything go on whose time has come. */
    | { readonly type: 'WAKE_EXECUTION' }
    | { readonly type: 'DELETE_EXECUTION' }
  );

/** What people ask of a task. */
export type TaskCommand = TaskLifeCommand | TaskUpkeepCommand;
/** What only the system says of a task: what came of something that it waited for. */
export type OutcomeCommand = FinishAutomationCommand | AnswerConfirmationCommand;
export type Command = TaskCommand | OutcomeCommand | WorkerCommand | AddTaskCommand | ExecutionCommand;

/** When and by whom something is done. */
export interface Moment {
  readonly now: Instant;
  readonly actor: Actor;
}

/** When and by whom a command is given, and what it can know of the world outside the execution. */
export interface CommandContext extends Moment {
  readonly calendar: Calendar;
  readonly facts: Facts;
}
