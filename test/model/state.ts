/** The model's state: what is remembered of an execution. Everything else is worked out when it is asked for. */
import type {
  ConfirmationRule,
  DecisionDefinition,
  Instant,
  ScheduleRule,
  TriggerMode,
} from '../../src/engine/definition.ts';
import type { Problem } from '../../src/engine/result.ts';
import type {
  ConfirmationState,
  Edge,
  ExecutionStatus,
  FailureCode,
  NodeId,
  TaskStatus,
} from '../../src/engine/state.ts';

export interface ModelTask {
  readonly id: string;
  readonly phaseId: string | null;
  readonly decision: DecisionDefinition | null;
  readonly schedule: ScheduleRule | null;
  /** How its automation is started; null if it has none. */
  readonly automation: TriggerMode | null;
  readonly confirmation: ConfirmationRule | null;
  readonly requirements: readonly NodeId[];
  readonly isManuallyCreated: boolean;
  status: TaskStatus;
  statusBeforeHold: TaskStatus | null;
  /** Skipped by the system, because no way leads to it any more. */
  isBuried: boolean;
  failure: FailureCode | null;
  /** The branches that were taken the last time. */
  taken: readonly string[] | null;
  iterations: number;
  scheduledFor: Instant | null;
  hasScheduleRun: boolean;
  reachedAt: Instant | null;
  finishedAt: Instant | null;
  /** How often its automation was started. */
  runCount: number;
  /** Of this time that it was reached. */
  run: 'RUNNING' | 'ENDED' | null;
  /** How often somebody outside was asked. */
  askCount: number;
  /** The newest request of this time that it was reached. */
  asked: { state: ConfirmationState; readonly until: Instant } | null;
  /** Whether it is for workers, how many attempts may fail, and how long it rests after one. */
  readonly external: {
    readonly retries: number;
    readonly restSeconds: number;
    readonly leaseSeconds: number;
  } | null;
  /** How often a worker was given it. */
  leaseCount: number;
  /** Until when a worker has it; null if none has, or while somebody has yet to notice that the time is over. */
  leasedUntil: Instant | null;
  /** What ended the last lease, if a worker did. */
  lastWord: 'COMPLETE_EXTERNAL' | 'FAIL_EXTERNAL' | 'HAND_BACK_TASK' | null;
  retriesLeft: number;
  restsUntil: Instant | null;
  isPeoples: boolean;
}

export interface Model {
  status: ExecutionStatus;
  /** Reopened with nothing left to do. */
  isKeptOpen: boolean;
  readonly isSequential: boolean;
  readonly startedAt: Instant;
  readonly phaseIds: readonly string[];
  /** Top to bottom. */
  tasks: ModelTask[];
  edges: Edge[];
}

/** Null if the command is accepted. */
export type Refusal = Problem['code'] | null;

export function newTask(id: string, phaseId: string | null): ModelTask {
  return {
    id,
    phaseId,
    decision: null,
    schedule: null,
    automation: null,
    confirmation: null,
    requirements: [],
    isManuallyCreated: false,
    status: 'PENDING',
    statusBeforeHold: null,
    isBuried: false,
    failure: null,
    taken: null,
    iterations: 0,
    scheduledFor: null,
    hasScheduleRun: false,
    reachedAt: null,
    finishedAt: null,
    runCount: 0,
    run: null,
    askCount: 0,
    asked: null,
    external: null,
    leaseCount: 0,
    leasedUntil: null,
    lastWord: null,
    retriesLeft: 0,
    restsUntil: null,
    isPeoples: false,
  };
}

/** Each task leads to the next. */
export function chainOf(tasks: readonly { readonly id: string }[]): Edge[] {
  return tasks.slice(1).map(({ id }, index) => ({
    from: { taskId: tasks[index]?.id ?? '' },
    to: { taskId: id },
    branchKey: null,
    isLoop: false,
  }));
}

export function isFinished({ status }: ModelTask): boolean {
  return status === 'COMPLETED' || status === 'SKIPPED';
}
