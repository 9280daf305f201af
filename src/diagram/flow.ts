/** A flow that is to be drawn: what definitions and executions have in common. */
import type { DecisionDefinition, TaskType } from '../engine/definition.ts';

export interface FlowPhase {
  /** Its id in the chart: `p1`. */
  readonly id: string;
  readonly name: string;
}

export interface FlowTask {
  /** Its id in the chart: `t1`. */
  readonly id: string;
  /** Null if it is in none. */
  readonly phaseId: string | null;
  readonly name: string;
  readonly type: TaskType;
  /** Short remarks below the name. */
  readonly notes: readonly string[];
  /** A name in the flow's `looks`. */
  readonly look: string;
  /** Ids of tasks and phases. */
  readonly requirements: readonly string[];
  readonly decision: DecisionDefinition | null;
  /** How often its loop branch was taken; null where nothing runs. */
  readonly iterations: number | null;
}

/** Between tasks and phases, by their ids in the chart. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly branchKey: string | null;
  readonly isLoop: boolean;
}

/** What became of a way through the flow. */
export type Way = 'OPEN' | 'TAKEN' | 'NOT_TAKEN';

export interface Flow {
  readonly phases: readonly FlowPhase[];
  readonly tasks: readonly FlowTask[];
  readonly edges: readonly FlowEdge[];
  /** CSS declarations by name. */
  readonly looks: Readonly<Record<string, string>>;
  readonly wayOf: (from: string, branchKey: string | null) => Way;
}

/** A branch without edges: the end of its path. */
export interface FlowEnd {
  readonly from: string;
  readonly branchKey: string;
}

/** The branches that lead nowhere. */
export function endsOf(tasks: readonly FlowTask[], edges: readonly FlowEdge[]): FlowEnd[] {
  const used = new Set(edges.map(({ from, branchKey }) => JSON.stringify([from, branchKey])));
  return tasks.flatMap(({ id, decision }) =>
    (decision?.branches ?? [])
      .filter(({ key }) => !used.has(JSON.stringify([id, key])))
      .map(({ key }) => ({ from: id, branchKey: key })),
  );
}

/** The tasks and phases with which the flow begins. Those that no edge has to do with are no part of it. */
export function startsOf(
  phases: readonly FlowPhase[],
  tasks: readonly FlowTask[],
  edges: readonly FlowEdge[],
): string[] {
  const forward = edges.filter(({ isLoop }) => !isLoop);
  const phaseOf = new Map(tasks.map(({ id, phaseId }) => [id, phaseId]));
  const sources = new Set(edges.map(({ from }) => from));
  const targets = new Set(forward.map(({ to }) => to));
  const ends = new Set(forward.flatMap(({ from, to }) => [from, to]));
  const entered = new Set(
    forward.filter(({ from, to }) => phaseOf.get(from) !== phaseOf.get(to)).map(({ to }) => phaseOf.get(to)),
  );
  const isStart = (id: string): boolean => sources.has(id) && !targets.has(id);
  return [
    ...phases.filter(({ id }) => isStart(id) && !entered.has(id)),
    // Where edges lead to or from the phase itself, it stands for the tasks with which it begins.
    ...tasks.filter(({ id, phaseId }) => isStart(id) && (phaseId === null || !ends.has(phaseId))),
  ].map(({ id }) => id);
}
