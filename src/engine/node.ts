/** Tasks and phases as ends of edges and as requirements. */
import type { Edge, NodeId } from './state.ts';

/** One text per node, different for a task and a phase of the same id. */
export function nodeKey(node: NodeId): string {
  return 'taskId' in node ? `task:${node.taskId}` : `phase:${node.phaseId}`;
}

export function edgeKey({ from, to, branchKey }: Edge): string {
  return `${nodeKey(from)} > ${nodeKey(to)} ${branchKey ?? ''}`;
}

export function isTask(node: NodeId, taskId: string): boolean {
  return 'taskId' in node && node.taskId === taskId;
}

export function taskEdge(fromTaskId: string, toTaskId: string, branchKey: string | null = null): Edge {
  return { from: { taskId: fromTaskId }, to: { taskId: toTaskId }, branchKey, isLoop: false };
}

/** One chain through the tasks, in the order given. */
export function chainOf(tasks: readonly { readonly id: string }[]): Edge[] {
  const edges: Edge[] = [];
  let previous: { readonly id: string } | undefined;
  for (const task of tasks) {
    if (previous) edges.push(taskEdge(previous.id, task.id));
    previous = task;
  }
  return edges;
}

/** Whether the edges are exactly the chain through the tasks, in the order given. */
export function isChainOf(edges: readonly Edge[], tasks: readonly { readonly id: string }[]): boolean {
  const present = new Set(edges.map(edgeKey));
  const chain = chainOf(tasks);
  return edges.length === chain.length && chain.every((edge) => present.has(edgeKey(edge)));
}
