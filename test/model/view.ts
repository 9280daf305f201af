/** What a reader sees of an execution, as far as model and engine must agree on it. */
import type { ExecutionState, ExecutionStatus, PhaseStatus, TaskStatus } from '../../src/engine/state.ts';
import { hasRequirementsMet, incoming, isReached, tasksOf } from './flow.ts';
import { isFinished, type Model, type ModelTask } from './state.ts';
import { awaitsTime } from './settle.ts';

export interface TaskView {
  readonly id: string;
  readonly status: TaskStatus;
  readonly isReached: boolean;
  readonly isEnabled: boolean;
  readonly skipReason: string | null;
  readonly failure: string | null;
  readonly iterations: number;
  readonly taken: readonly string[] | null;
  readonly scheduledFor: string | null;
  readonly runCount: number;
  readonly runState: string | null;
  readonly askCount: number;
  /** `OPEN 2026-…`: what became of the newest request, and until when it is good. */
  readonly asked: string | null;
  readonly leaseCount: number;
  readonly leasedUntil: string | null;
  readonly retriesLeft: number;
  readonly restsUntil: string | null;
  readonly isPeoples: boolean;
}

export interface View {
  readonly status: ExecutionStatus;
  readonly currentTaskId: string | null;
  readonly phases: readonly (readonly [string, PhaseStatus])[];
  /** Top to bottom. */
  readonly tasks: readonly TaskView[];
}

export function viewOfState({ execution, phases, tasks }: ExecutionState): View {
  return {
    status: execution.status,
    currentTaskId: execution.currentTaskId,
    phases: phases.map(({ id, status }) => [id, status]),
    tasks: tasks.map((task) => ({
      id: task.id,
      status: task.status,
      isReached: task.isReached,
      isEnabled: task.isEnabled,
      skipReason: task.skipReason,
      failure: task.failure?.code ?? null,
      iterations: task.iterations,
      taken: task.decided?.takenBranchKeys ?? null,
      scheduledFor: task.status === 'SCHEDULED' ? task.scheduledFor : null,
      runCount: task.runCount,
      runState: task.runState,
      askCount: task.confirmationCount,
      asked:
        task.confirmationRequest && `${task.confirmationRequest.state} ${task.confirmationRequest.expiresAt}`,
      leaseCount: task.externalWork?.lease?.number ?? 0,
      leasedUntil: task.externalWork?.lease?.end === null ? task.externalWork.lease.expiresAt : null,
      retriesLeft: task.externalWork?.retriesLeft ?? 0,
      restsUntil: task.externalWork?.availableAt ?? null,
      isPeoples: task.externalWork?.handedBack != null,
    })),
  };
}

export function viewOfModel(model: Model): View {
  const isOpen = model.status === 'STARTED' || model.status === 'FAILED';
  return {
    status: model.status,
    currentTaskId: isOpen ? (nextTask(model)?.id ?? null) : null,
    phases: model.phaseIds.map((id) => [id, phaseStatus(model, id)]),
    tasks: model.tasks.map((task) => ({
      id: task.id,
      status: task.status,
      isReached: isReached(model, task),
      isEnabled: isOpen && isEnabled(model, task),
      skipReason: task.isBuried ? 'BRANCH_NOT_TAKEN' : null,
      failure: task.failure,
      iterations: task.iterations,
      taken: task.taken,
      scheduledFor: task.status === 'SCHEDULED' ? task.scheduledFor : null,
      runCount: task.runCount,
      runState: task.run,
      askCount: task.askCount,
      asked: task.asked && `${task.asked.state} ${task.asked.until}`,
      leaseCount: task.leaseCount,
      leasedUntil: task.leasedUntil,
      retriesLeft: task.retriesLeft,
      restsUntil: task.restsUntil,
      isPeoples: task.isPeoples,
    })),
  };
}

function isEnabled(model: Model, task: ModelTask): boolean {
  const isWorkable = ['PENDING', 'IN_PROGRESS', 'CONDITION_PENDING'].includes(task.status);
  return isWorkable && isReached(model, task) && hasRequirementsMet(model, task) && !awaitsTime(task);
}

/** The first open task among those reached. */
function nextTask(model: Model): ModelTask | undefined {
  return model.tasks.find((task) => !isFinished(task) && isReached(model, task));
}

function phaseStatus(model: Model, phaseId: string): PhaseStatus {
  const tasks = tasksOf(model, { phaseId });
  if (tasks.length === 0) return 'OPEN';
  if (tasks.every(isFinished)) return 'COMPLETED';
  const filled = model.phaseIds.filter((id) => tasksOf(model, { phaseId: id }).length > 0);
  const before = filled[filled.indexOf(phaseId) - 1];
  const followsCompleted = before !== undefined && tasksOf(model, { phaseId: before }).every(isFinished);
  const isNext = isOneLine(model) && followsCompleted && nextTask(model)?.phaseId === phaseId;
  const hasBegun = tasks.some(
    (task) =>
      (isFinished(task) && !task.isBuried) || [task.status, task.statusBeforeHold].includes('IN_PROGRESS'),
  );
  return filled[0] === phaseId || hasBegun || isNext ? 'IN_PROGRESS' : 'OPEN';
}

/** Each task but one comes right after exactly one other, and no two after the same one. */
function isOneLine(model: Model): boolean {
  const before = model.tasks.map((task) => {
    const sources = incoming(model, task).flatMap(({ from }) =>
      'taskId' in from ? tasksOf(model, from) : lastTasks(model, from.phaseId),
    );
    return [...new Set(sources)];
  });
  const all = before.flat();
  const isFork = new Set(all).size < all.length;
  return !isFork && before.every(({ length }) => length <= 1) && all.length === model.tasks.length - 1;
}

/** The tasks of a phase that no other task of it follows. */
function lastTasks(model: Model, phaseId: string): ModelTask[] {
  const tasks = tasksOf(model, { phaseId });
  const isFollowed = (task: ModelTask): boolean =>
    model.edges.some(
      ({ from, to, isLoop }) =>
        !isLoop &&
        'taskId' in from &&
        from.taskId === task.id &&
        'taskId' in to &&
        tasks.some(({ id }) => id === to.taskId),
    );
  return tasks.filter((task) => !isFollowed(task));
}
