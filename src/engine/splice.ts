/** Putting a task into the edges of a flow, and taking it out. */
import { unique } from './collections.ts';
import { edgeKey, isTask, taskEdge } from './node.ts';
import type { Edge } from './state.ts';

/**
 * `after → before` becomes `after → new → before`, for every branch that leads from the one to the other; null if no edge joins the two.
 * An edge that leads back is none that something could come between: what it repeats lies before its source.
 */
export function split(
  edges: readonly Edge[],
  newTaskId: string,
  afterTaskId: string,
  beforeTaskId: string,
): Edge[] | null {
  const joins = ({ from, to, isLoop }: Edge): boolean =>
    !isLoop && isTask(from, afterTaskId) && isTask(to, beforeTaskId);
  const at = edges.findIndex(joins);
  if (at < 0) return null;
  const into = edges.filter(joins).map(({ branchKey }) => taskEdge(afterTaskId, newTaskId, branchKey));
  const before = edges.slice(0, at);
  const rest = edges.slice(at).filter((edge) => !joins(edge));
  return [...before, ...into, taskEdge(newTaskId, beforeTaskId), ...rest];
}

/** The edges without the task: everything that led to it leads to everything that came after it. */
export function bridge(edges: readonly Edge[], taskId: string): Edge[] {
  const after = edges.filter(({ from }) => isTask(from, taskId)).map(({ to }) => to);
  const bridged = edges.flatMap((edge) => {
    if (isTask(edge.from, taskId)) return [];
    return isTask(edge.to, taskId) ? after.map((to) => ({ ...edge, to })) : [edge];
  });
  return unique(bridged, edgeKey);
}
