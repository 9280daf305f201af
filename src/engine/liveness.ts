/** Which ways of the flow are still open: edges that fired, edges that are dead, and the tasks behind them. */
import type { Edge, ExecutionState, TaskData } from './state.ts';
import { indexOf, isNodeFinished, type StateIndex } from './state-index.ts';
import { isFinished } from './transition.ts';

/** Answers about one state; each is worked out once. */
export interface Liveness {
  /** Every way to it is dead, and nobody finished it: it will not be worked on unless a decision is taken anew. */
  readonly isDead: (task: TaskData) => boolean;
  /** It will not fire: its decision went another way, or what it comes from is dead. */
  readonly isDeadEdge: (edge: Edge) => boolean;
  /** What it comes from is finished, and went this way. */
  readonly hasFired: (edge: Edge) => boolean;
}

const known = new WeakMap<ExecutionState, Liveness>();

export function livenessOf(state: ExecutionState): Liveness {
  const found = known.get(state);
  if (found) return found;
  const liveness = answersAbout(indexOf(state));
  known.set(state, liveness);
  return liveness;
}

/** Whether a finished task leads along the edge: always, unless it is a decision and the edge is of another branch. */
export function leadsAlong(task: TaskData, { branchKey }: Edge): boolean {
  return branchKey === null || (task.decided?.takenBranchKeys.includes(branchKey) ?? false);
}

function answersAbout(index: StateIndex): Liveness {
  const dead = new Map<string, boolean>();

  const isDead = (task: TaskData): boolean => {
    const seen = dead.get(task.id);
    if (seen !== undefined) return seen;
    // Only a flow with a circle, which validation refuses, meets this value again before the answer is known.
    dead.set(task.id, false);
    const incoming = index.incoming.get(task.id) ?? [];
    const isDone = isFinished(task.status) && task.skipReason === null;
    const answer = !isDone && incoming.length > 0 && incoming.every(isDeadEdge);
    dead.set(task.id, answer);
    return answer;
  };

  const isDeadEdge = (edge: Edge): boolean => {
    const { from } = edge;
    if ('phaseId' in from) return isDeadPhase(from.phaseId);
    const source = index.tasks.get(from.taskId);
    if (!source) return false;
    if (isDead(source)) return true;
    return isFinished(source.status) && source.skipReason === null && !leadsAlong(source, edge);
  };

  const isDeadPhase = (phaseId: string): boolean => {
    const tasks = index.tasksOfPhase.get(phaseId) ?? [];
    return tasks.length > 0 && tasks.every(isDead);
  };

  const hasFired = (edge: Edge): boolean => isNodeFinished(index, edge.from) && !isDeadEdge(edge);

  return { isDead, isDeadEdge, hasFired };
}
