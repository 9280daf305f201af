/** The tasks and phases of a definition as the numbered nodes of a graph. */
import type { DefinitionContent, NodeRef } from '../definition.ts';
import { nameOfPhase, nameOfTask } from './subjects.ts';

/**
 * A task is one node. A phase is two: its beginning, for which its start tasks wait, and its end, which waits for all its
 * tasks. The first nodes are the tasks, in their order.
 */
export interface Nodes {
  readonly count: number;
  /** What waits if something comes before the node: a task, or the beginning of a phase. Null if it does not exist. */
  readonly target: (ref: NodeRef) => number | null;
  /** What is waited for if something comes after the node: a task, or the end of a phase. Null if it does not exist. */
  readonly source: (ref: NodeRef) => number | null;
  /** The index of a task's phase. */
  readonly phaseOf: (task: number | null) => number | null;
  /** What people call a node. */
  readonly nameOf: (node: number) => string;
}

/** A repeated key means its first bearer. */
export function nodesOf({ tasks, phases }: DefinitionContent): Nodes {
  const taskByKey = firstByKey(tasks);
  const phaseByKey = firstByKey(phases);
  const target = (ref: NodeRef): number | null => {
    if ('taskKey' in ref) return taskByKey.get(ref.taskKey) ?? null;
    const phase = phaseByKey.get(ref.phaseKey);
    return phase === undefined ? null : tasks.length + 2 * phase;
  };
  return {
    count: tasks.length + 2 * phases.length,
    target,
    source: (ref) => {
      const node = target(ref);
      return node === null || 'taskKey' in ref ? node : node + 1;
    },
    phaseOf: (task) => {
      const phaseKey = task === null ? null : (tasks[task]?.phaseKey ?? null);
      return phaseKey === null ? null : (phaseByKey.get(phaseKey) ?? null);
    },
    nameOf: (node) => {
      const task = tasks[node];
      const phase = phases[Math.floor((node - tasks.length) / 2)];
      return task ? nameOfTask(task) : phase ? nameOfPhase(phase) : '';
    },
  };
}

function firstByKey(items: readonly { readonly key: string }[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  items.forEach(({ key }, index) => {
    if (!first.has(key)) first.set(key, index);
  });
  return first;
}
