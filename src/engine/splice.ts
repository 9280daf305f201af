/** Putting a task into the edges of a flow, and taking it out. */
import { isTask, taskEdge } from './node.ts';
import type { Edge } from './state.ts';

/** `after → before` becomes `after → new → before`; null if no edge joins the two. */
export function split(
  edges: readonly Edge[],
  newTaskId: string,
  afterTaskId: string,
  beforeTaskId: string,
): Edge[] | null {
  const at = edges.findIndex(({ from, to }) => isTask(from, afterTaskId) && isTask(to, beforeTaskId));
  if (at < 0) return null;
  return edges.toSpliced(at, 1, taskEdge(afterTaskId, newTaskId), taskEdge(newTaskId, beforeTaskId));
}

/** The edges without the task: everything that led to it leads to everything that came after it. */
export function bridge(edges: readonly Edge[], taskId: string): Edge[] {
  const after = edges.filter(({ from }) => isTask(from, taskId)).map(({ to }) => to);
  return edges.flatMap((edge) => {
    if (isTask(edge.from, taskId)) return [];
    return isTask(edge.to, taskId) ? after.map((to) => ({ from: edge.from, to })) : [edge];
  });
}
