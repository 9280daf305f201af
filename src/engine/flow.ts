/** What comes before and after what: by edges, and by requirements. */
import type { ExecutionState, NodeId, TaskData } from './state.ts';
import { indexOf, isNodeFinished, type StateIndex } from './state-index.ts';

/** Whether everything that the flow puts before the task is finished. */
export function isReached(index: StateIndex, task: TaskData): boolean {
  const incoming = index.incoming.get(task.id) ?? [];
  return incoming.every(({ from }) => isNodeFinished(index, from));
}

/** Whether some required task or phase is not finished. */
export function hasOpenRequirements(index: StateIndex, task: TaskData): boolean {
  return task.requirements.some((node) => !isNodeFinished(index, node));
}

/** The tasks that wait for one task and for its phase, finished or not, in top-to-bottom order: by an edge or a requirement. */
export function directFollowers(state: ExecutionState, taskId: string): readonly string[] {
  const { byTask, byPhase } = waitersOf(state);
  const phaseId = indexOf(state).tasks.get(taskId)?.phaseId ?? null;
  const ids = new Set([
    ...(byTask.get(taskId) ?? []),
    ...(phaseId === null ? [] : (byPhase.get(phaseId) ?? [])),
  ]);
  return state.tasks.filter(({ id }) => ids.has(id)).map(({ id }) => id);
}

/** Every task that comes after the task, at any distance: by edges of tasks and phases, and by requirements. */
export function followers(state: ExecutionState, taskId: string): ReadonlySet<string> {
  const { byTask, byPhase } = waitersOf(state);
  const { tasks } = indexOf(state);
  const found = new Set<string>();
  const seenPhases = new Set<string>();
  const queue = [taskId];
  const visit = (ids: readonly string[] = []): void => {
    for (const id of ids)
      if (!found.has(id)) {
        found.add(id);
        queue.push(id);
      }
  };
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    visit(byTask.get(id));
    const phaseId = tasks.get(id)?.phaseId ?? null;
    if (phaseId === null || seenPhases.has(phaseId)) continue;
    seenPhases.add(phaseId);
    visit(byPhase.get(phaseId));
  }
  found.delete(taskId);
  return found;
}

interface Waiters {
  readonly byTask: ReadonlyMap<string, readonly string[]>;
  readonly byPhase: ReadonlyMap<string, readonly string[]>;
}

const knownWaiters = new WeakMap<ExecutionState, Waiters>();

/** Who waits for each task and each phase: the incoming edges and requirements of all tasks, turned round. */
function waitersOf(state: ExecutionState): Waiters {
  const found = knownWaiters.get(state);
  if (found) return found;
  const { incoming } = indexOf(state);
  const byTask = new Map<string, string[]>();
  const byPhase = new Map<string, string[]>();
  const add = (node: NodeId, waiter: string): void => {
    const [map, id] = 'taskId' in node ? [byTask, node.taskId] : [byPhase, node.phaseId];
    const waiters = map.get(id);
    if (waiters) waiters.push(waiter);
    else map.set(id, [waiter]);
  };
  for (const task of state.tasks) {
    for (const { from } of incoming.get(task.id) ?? []) add(from, task.id);
    for (const node of task.requirements) add(node, task.id);
  }
  const waiters = { byTask, byPhase };
  knownWaiters.set(state, waiters);
  return waiters;
}
