/** The model's state: what is remembered of an execution. Everything else is worked out when it is asked for. */
import type { DecisionDefinition, Instant, ScheduleRule } from '../../src/engine/definition.ts';
import type { Problem } from '../../src/engine/result.ts';
import type { Edge, ExecutionStatus, FailureCode, NodeId, TaskStatus } from '../../src/engine/state.ts';

export interface ModelTask {
  readonly id: string;
  readonly phaseId: string | null;
  readonly decision: DecisionDefinition | null;
  readonly schedule: ScheduleRule | null;
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
