/** What happened in random flows, counted: a comparison of flows in which nothing happens would prove nothing. */
import type { ExecutionState, TaskData, TaskStatus } from '../../src/engine/state.ts';
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
