/** What comes before and after what: by edges, and by requirements. */
import { livenessOf } from './liveness.ts';
import type { Edge, ExecutionState, NodeId, TaskData } from './state.ts';
import { indexOf, isNodeFinished, type StateIndex } from './state-index.ts';

/** Whether every way to the task that is still open is done, and there is one; a task without a way to it needs none. */
export function isReached(index: StateIndex, task: TaskData): boolean {
  const incoming = index.incoming.get(task.id) ?? [];
  if (incoming.length === 0) return true;
  const { isDeadEdge, hasFired } = livenessOf(index.state);
  const live = incoming.filter((edge) => !isDeadEdge(edge));
  return live.length > 0 && live.every(hasFired);
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
  const found = reachableFrom(state, [taskId], waitersOf(state));
  found.delete(taskId);
  return found;
}

/**
 * The tasks that a loop of the decision repeats: those that come after one of the targets of its loop edges and lead to the decision, by
 * edges that do not lead back; the targets and the decision included.
 */
export function tasksOfLoop(
  state: ExecutionState,
  decisionId: string,
  branchKey: string,
): ReadonlySet<string> {
  const { incoming } = indexOf(state);
  const targets = state.execution.edges
    .filter((edge) => edge.isLoop && edge.branchKey === branchKey && isFrom(edge, decisionId))
    .flatMap(({ to }) => startTasks(state, to));
  const after = reachableFrom(state, targets, edgeWaitersOf(state));
  const leading = new Set([decisionId]);
  const queue = [decisionId];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const { from } of incoming.get(id) ?? [])
      for (const before of tasksOf(state, from))
        if (!leading.has(before)) {
          leading.add(before);
          queue.push(before);
        }
  return new Set([...targets, decisionId, ...[...after].filter((id) => leading.has(id))]);
}

function isFrom({ from }: Edge, taskId: string): boolean {
  return 'taskId' in from && from.taskId === taskId;
}

/** The task itself, or the tasks of the phase. */
function tasksOf(state: ExecutionState, node: NodeId): readonly string[] {
  if ('taskId' in node) return [node.taskId];
  return (indexOf(state).tasksOfPhase.get(node.phaseId) ?? []).map(({ id }) => id);
}

/** The task itself, or the tasks of the phase that no other task of it comes before. */
function startTasks(state: ExecutionState, node: NodeId): readonly string[] {
  const { incoming, tasks } = indexOf(state);
  const isInside = ({ from }: Edge): boolean =>
    'phaseId' in node && 'taskId' in from && tasks.get(from.taskId)?.phaseId === node.phaseId;
  return tasksOf(state, node).filter((id) => !(incoming.get(id) ?? []).some(isInside));
}

/** The tasks that come after the given ones, and those of them on which one leads to another. */
function reachableFrom(state: ExecutionState, taskIds: readonly string[], waiters: Waiters): Set<string> {
  const { tasks } = indexOf(state);
  const found = new Set<string>();
  const seenPhases = new Set<string>();
  const queue = [...taskIds];
  const visit = (ids: readonly string[] = []): void => {
    for (const id of ids)
      if (!found.has(id)) {
        found.add(id);
        queue.push(id);
      }
  };
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    visit(waiters.byTask.get(id));
    const phaseId = tasks.get(id)?.phaseId ?? null;
    if (phaseId === null || seenPhases.has(phaseId)) continue;
    seenPhases.add(phaseId);
    visit(waiters.byPhase.get(phaseId));
  }
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
  const waiters = turnRound(state, ({ id, requirements }) => [
    ...(incoming.get(id) ?? []).map(({ from }) => from),
    ...requirements,
  ]);
  knownWaiters.set(state, waiters);
  return waiters;
}

/** The same by edges alone. */
function edgeWaitersOf(state: ExecutionState): Waiters {
  const { incoming } = indexOf(state);
  return turnRound(state, ({ id }) => (incoming.get(id) ?? []).map(({ from }) => from));
}

function turnRound(state: ExecutionState, waitsFor: (task: TaskData) => readonly NodeId[]): Waiters {
  const byTask = new Map<string, string[]>();
  const byPhase = new Map<string, string[]>();
  const add = (node: NodeId, waiter: string): void => {
    const [map, id] = 'taskId' in node ? [byTask, node.taskId] : [byPhase, node.phaseId];
    const waiters = map.get(id);
    if (waiters) waiters.push(waiter);
    else map.set(id, [waiter]);
  };
  for (const task of state.tasks) for (const node of waitsFor(task)) add(node, task.id);
  return { byTask, byPhase };
}
