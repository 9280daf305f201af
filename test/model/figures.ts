/** What happened in random flows, counted: a comparison of flows in which nothing happens would prove nothing. */
import type {
  ConfirmationState,
  ExecutionState,
  LeaseEnd,
  TaskData,
  TaskStatus,
} from '../../src/engine/state.ts';
import type { FlowCase } from '../support/random-flows.ts';
import type { Performed } from './compare.ts';
import { isDead, revivedTasks } from './invariants.ts';

export interface Figures {
  readonly cases: number;
  readonly commands: number;
  /** By the code of the problem. */
  readonly refused: Readonly<Record<string, number>>;
  readonly tasks: number;
  /** Tasks that several ways lead to. */
  readonly joins: number;
  readonly decided: number;
  readonly looped: number;
  readonly scheduled: number;
  readonly failed: number;
  readonly buried: number;
  readonly revived: number;
  /** Runs of automations that were started. */
  readonly runs: number;
  /** Runs that were ended by the system while they went on. */
  readonly endedRuns: number;
  /** Runs that were tried again. */
  readonly continuedRuns: number;
  /** Requests to somebody outside that were made. */
  readonly asked: number;
  readonly confirmed: number;
  readonly declined: number;
  readonly expired: number;
  readonly withdrawn: number;
  /** Tasks that workers fetched, completed, and lost because they were not heard of. */
  readonly leases: number;
  readonly completedByWorkers: number;
  readonly expiredLeases: number;
  readonly finishedExecutions: number;
}

export const NO_FIGURES: Figures = {
  cases: 0,
  commands: 0,
  refused: {},
  tasks: 0,
  joins: 0,
  decided: 0,
  looped: 0,
  scheduled: 0,
  failed: 0,
  buried: 0,
  revived: 0,
  runs: 0,
  endedRuns: 0,
  continuedRuns: 0,
  asked: 0,
  confirmed: 0,
  declined: 0,
  expired: 0,
  withdrawn: 0,
  leases: 0,
  completedByWorkers: 0,
  expiredLeases: 0,
  finishedExecutions: 0,
};

/** The figures with one more case. */
export function counted(figures: Figures, { content }: FlowCase, performed: readonly Performed[]): Figures {
  const refused = { ...figures.refused };
  for (const { refusal } of performed) if (refusal !== null) refused[refusal] = (refused[refusal] ?? 0) + 1;
  const changed = (isNew: (before: TaskData | undefined, after: TaskData) => boolean): number =>
    performed.reduce((total, { before, after }) => {
      const known = new Map(before.tasks.map((task) => [task.id, task]));
      return total + after.tasks.filter((task) => isNew(known.get(task.id), task)).length;
    }, 0);
  const became = (status: TaskStatus): number =>
    changed((before, task) => task.status === status && before?.status !== status);
  const answered = (state: ConfirmationState): number =>
    changed(
      (before, { confirmationRequest }) =>
        confirmationRequest?.state === state && before?.confirmationRequest?.state !== state,
    );
  const ended = (end: LeaseEnd): number =>
    changed(
      (before, { externalWork }) =>
        externalWork?.lease?.end === end && before?.externalWork?.lease?.end !== end,
    );
  return {
    cases: figures.cases + 1,
    commands: figures.commands + performed.length,
    refused,
    tasks: figures.tasks + content.tasks.length,
    joins: figures.joins + joinsOf(performed[0]?.before),
    decided:
      figures.decided + changed((before, { decided }) => decided !== null && decided !== before?.decided),
    looped: figures.looped + changed((before, task) => task.iterations > (before?.iterations ?? 0)),
    scheduled: figures.scheduled + became('SCHEDULED'),
    failed: figures.failed + became('FAILED'),
    buried: figures.buried + changed((before, task) => isDead(task) && !(before && isDead(before))),
    revived:
      figures.revived +
      performed.reduce((sum, step) => sum + revivedTasks(step.before, step.after).length, 0),
    runs: figures.runs + changed((before, { runCount }) => runCount > (before?.runCount ?? 0)),
    endedRuns:
      figures.endedRuns +
      performed.filter(
        ({ before, command, after }) => command.type === 'FINISH_AUTOMATION' && before !== after,
      ).length,
    continuedRuns:
      figures.continuedRuns +
      changed(
        (before, { runCount, runState }) =>
          runState === 'RUNNING' && before?.runState === 'ENDED' && before.runCount === runCount,
      ),
    asked:
      figures.asked +
      changed((before, { confirmationCount }) => confirmationCount > (before?.confirmationCount ?? 0)),
    confirmed: figures.confirmed + answered('CONFIRMED'),
    declined: figures.declined + answered('DECLINED'),
    expired: figures.expired + answered('EXPIRED'),
    withdrawn: figures.withdrawn + answered('WITHDRAWN'),
    leases:
      figures.leases +
      changed(
        (before, { externalWork }) =>
          (externalWork?.lease?.number ?? 0) > (before?.externalWork?.lease?.number ?? 0),
      ),
    completedByWorkers: figures.completedByWorkers + ended('COMPLETED'),
    expiredLeases: figures.expiredLeases + ended('EXPIRED'),
    finishedExecutions: figures.finishedExecutions + (isDone(performed) ? 1 : 0),
  };
}

function isDone(performed: readonly Performed[]): boolean {
  return performed.at(-1)?.after.execution.status === 'DONE';
}

function joinsOf(state: ExecutionState | undefined): number {
  const edges = state?.execution.edges.filter(({ isLoop }) => !isLoop) ?? [];
  const targets = edges.map(({ to }) => JSON.stringify(to));
  return new Set(targets.filter((target, index) => targets.indexOf(target) !== index)).size;
}
