/** What a dry run tells: what happened when, what became of each task, and where it got stuck. */
import { blockersOf } from './blockers.ts';
import type { AssigneeRef, Instant, Json } from './definition.ts';
import type { SimulatedMove, SimulatedRun } from './simulate.ts';
import type { DecisionRecord, Failure, TaskData } from './state.ts';
import { isExecutionOpen, isFinished } from './transition.ts';

export type SimulatedStepType =
  | 'STARTED'
  | 'COMPLETED'
  | 'DECIDED'
  | 'LOOPED'
  | 'SKIPPED'
  | 'SCHEDULED'
  | 'WOKEN'
  | 'AWAITS_DECISION'
  | 'AWAITS_CONFIRMATION'
  | 'FAILED'
  | 'PUT_BACK'
  | 'DONE';

export interface SimulatedStep {
  readonly at: Instant;
  readonly type: SimulatedStepType;
  /** Null of the execution itself. */
  readonly task: TaskData | null;
  /** Of DECIDED and LOOPED, and of a decision that FAILED. */
  readonly decided: DecisionRecord | null;
  /** Of FAILED. */
  readonly failure: Failure | null;
}

/** One time that a task was reached, and what was known of it then. */
export interface SimulatedVisit {
  readonly at: Instant;
  readonly assignees: readonly AssigneeRef[];
  readonly dueAt: Instant | null;
}

export interface SimulatedTask {
  /** As it is in the end. */
  readonly task: TaskData;
  /** Each time that it was reached; empty if it never was. */
  readonly visits: readonly SimulatedVisit[];
}

/** One attribute that the sync rules wrote. */
export interface SimulatedWrite {
  readonly at: Instant;
  readonly entityId: string;
  readonly attribute: string;
  /** Null if it was removed. */
  readonly value: Json;
}

export type DeadEndReason = 'FAILED' | 'NO_ANSWER' | 'BLOCKED' | 'TOO_MANY_STEPS';

/** A task that is open in the end. */
export interface DeadEnd {
  readonly task: TaskData;
  readonly reason: DeadEndReason;
  /** Of BLOCKED: the tasks, and the phases, that it waits for. */
  readonly waitsFor: { readonly taskIds: readonly string[]; readonly phaseIds: readonly string[] };
}

export interface SimulationReport {
  readonly steps: readonly SimulatedStep[];
  /** From top to bottom. */
  readonly tasks: readonly SimulatedTask[];
  readonly writes: readonly SimulatedWrite[];
  readonly deadEnds: readonly DeadEnd[];
}

export function reportOf(run: SimulatedRun): SimulationReport {
  const steps: SimulatedStep[] = [];
  const visits = new Map<string, SimulatedVisit[]>();
  let before: ReadonlyMap<string, TaskData> = new Map();
  for (const move of run.moves) {
    steps.push(...stepsOf(before, move));
    for (const task of move.state.tasks)
      if (isReachedAnew(before.get(task.id), task, move)) {
        const { assignees, dueAt } = task;
        const visit = { at: move.at, assignees, dueAt };
        visits.set(task.id, [...(visits.get(task.id) ?? []), visit]);
      }
    before = new Map(move.state.tasks.map((task) => [task.id, task]));
  }
  return {
    steps,
    tasks: run.state.tasks.map((task) => ({ task, visits: visits.get(task.id) ?? [] })),
    writes: run.moves.flatMap(writesOf),
    deadEnds: deadEndsOf(run),
  };
}

function isGivenTo({ command }: SimulatedMove, { id }: TaskData): boolean {
  return command !== null && 'taskId' in command && command.taskId === id;
}

/** Work that is done and, in the same step, put back by a loop is reached a second time. */
function isReachedAnew(before: TaskData | undefined, after: TaskData, move: SimulatedMove): boolean {
  if (!after.isReached) return false;
  if (!before?.isReached) return true;
  return !isFinished(after.status) && (isFinished(before.status) || isGivenTo(move, after));
}

/** What somebody did comes first, then what followed from it, from top to bottom. */
function stepsOf(before: ReadonlyMap<string, TaskData>, move: SimulatedMove): SimulatedStep[] {
  const { at, command, state } = move;
  const ofExecution = { at, task: null, decided: null, failure: null };
  const steps: SimulatedStep[] = command === null ? [{ ...ofExecution, type: 'STARTED' }] : [];
  const given = state.tasks.find((task) => isGivenTo(move, task));
  const following = state.tasks.filter((task) => task !== given);
  for (const task of given ? [given, ...following] : following)
    for (const type of typesOf(before.get(task.id), task, task === given))
      steps.push({
        at,
        type,
        task,
        decided: type === 'DECIDED' || type === 'LOOPED' || type === 'FAILED' ? task.decided : null,
        failure: type === 'FAILED' ? task.failure : null,
      });
  if (!isExecutionOpen(state.execution.status)) steps.push({ ...ofExecution, type: 'DONE' });
  return steps;
}

function typesOf(before: TaskData | undefined, after: TaskData, isGiven: boolean): SimulatedStepType[] {
  if (before === after && !isGiven) return [];
  const old = before?.status ?? 'PENDING';
  const types: SimulatedStepType[] = [];
  if (after.scheduleRanAt !== null && after.scheduleRanAt !== (before?.scheduleRanAt ?? null))
    types.push('WOKEN');
  if (after.iterations > (before?.iterations ?? 0)) types.push('LOOPED');
  // It may have been put back at once by a loop.
  if (isGiven) types.push(...(after.decision ? decidedOrLooped(types) : ['COMPLETED' as const]));
  else if (after.status === 'COMPLETED' && after.decided !== (before?.decided ?? null)) types.push('DECIDED');
  else if (after.status !== old) types.push(...typeByStatus(old, after, types));
  return types;
}

function decidedOrLooped(told: readonly SimulatedStepType[]): SimulatedStepType[] {
  return told.includes('LOOPED') ? [] : ['DECIDED'];
}

function typeByStatus(
  old: TaskData['status'],
  { status }: TaskData,
  told: readonly SimulatedStepType[],
): SimulatedStepType[] {
  switch (status) {
    case 'SKIPPED':
    case 'SCHEDULED':
    case 'FAILED':
      return [status];
    case 'CONDITION_PENDING':
      return ['AWAITS_DECISION'];
    case 'WAITING_FOR_CONFIRMATION':
      return ['AWAITS_CONFIRMATION'];
    case 'PENDING':
      return told.length > 0 ? [] : ['PUT_BACK'];
    // An automation that began at once. In a dry run it is completed like any other task.
    case 'IN_PROGRESS':
      return isFinished(old) ? ['PUT_BACK'] : [];
    default:
      return [];
  }
}

function writesOf({ at, entityUpdates }: SimulatedMove): SimulatedWrite[] {
  return entityUpdates.flatMap(({ entityId, attributes, changedAttributes }) =>
    changedAttributes.map((attribute) => ({
      at,
      entityId,
      attribute,
      value: attributes[attribute] ?? null,
    })),
  );
}

function deadEndsOf({ state, isCut }: SimulatedRun): DeadEnd[] {
  return state.tasks
    .filter(({ status }) => !isFinished(status))
    .map((task) => {
      const reason = reasonOf(task, isCut);
      const blockers = reason === 'BLOCKED' ? blockersOf(state, task.id) : [];
      return {
        task,
        reason,
        waitsFor: {
          taskIds: distinct(blockers.map((blocker) => ('taskId' in blocker ? blocker.taskId : null))),
          phaseIds: distinct(blockers.map((blocker) => ('phaseId' in blocker ? blocker.phaseId : null))),
        },
      };
    });
}

function distinct(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== null);
}

function reasonOf({ status, isEnabled }: TaskData, isCut: boolean): DeadEndReason {
  if (status === 'FAILED') return 'FAILED';
  if (isCut && (isEnabled || status === 'SCHEDULED' || status === 'WAITING_FOR_CONFIRMATION'))
    return 'TOO_MANY_STEPS';
  return status === 'CONDITION_PENDING' ? 'NO_ANSWER' : 'BLOCKED';
}
