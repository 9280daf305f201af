/** Flows that are one line, from the first task to the last. */
import type { NodeId } from './state.ts';
import type { StateIndex } from './state-index.ts';

/**
 * Whether the edges form one single chain through all tasks. An edge from a phase counts as one from each of its last
 * tasks, an edge to a phase as one to each of its start tasks.
 */
export function isLinear(index: StateIndex): boolean {
  const taskCount = index.state.tasks.length;
  const next = new Map<string, string>();
  const targets = new Set<string>();
  const lastTasks = lastTasksOfPhases(index);
  for (const [taskId, edges] of index.incoming) {
    for (const { from } of edges) {
      const sources = 'taskId' in from ? [from.taskId] : (lastTasks.get(from.phaseId) ?? []);
      for (const source of sources) {
        if (next.get(source) === taskId) continue;
        if (next.has(source) || targets.has(taskId)) return false;
        next.set(source, taskId);
        targets.add(taskId);
      }
    }
  }
  // Every task has at most one before and one after it; with one link less than tasks and no circle that is one chain.
  return taskCount > 0 && next.size === taskCount - 1 && chainLength(index, next, targets) === taskCount;
}

function chainLength(
  index: StateIndex,
  next: ReadonlyMap<string, string>,
  targets: ReadonlySet<string>,
): number {
  let length = 0;
  let id = index.state.tasks.find((task) => !targets.has(task.id))?.id;
  while (id !== undefined) {
    length += 1;
    id = next.get(id);
  }
  return length;
}

/** The tasks of each phase that no other task of the phase comes after. */
function lastTasksOfPhases(index: StateIndex): ReadonlyMap<string | null, readonly string[]> {
  const phaseOf = (node: NodeId): string | null =>
    'taskId' in node ? (index.tasks.get(node.taskId)?.phaseId ?? null) : null;
  const followed = new Set<string>();
  for (const { from, to } of index.state.execution.edges) {
    const phaseId = phaseOf(from);
    if ('taskId' in from && phaseId !== null && phaseId === phaseOf(to)) followed.add(from.taskId);
  }
  const lastTasks = new Map<string | null, readonly string[]>();
  for (const [phaseId, tasks] of index.tasksOfPhase)
    lastTasks.set(
      phaseId,
      tasks.map(({ id }) => id).filter((id) => !followed.has(id)),
    );
  return lastTasks;
}
