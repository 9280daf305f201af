/** Look-ups over one state, made once for each state and then shared. */
import { groupBy } from './collections.ts';
import type { Edge, ExecutionState, NodeId, PhaseData, TaskData } from './state.ts';
import { isFinished } from './transition.ts';

export interface StateIndex {
  readonly state: ExecutionState;
  readonly tasks: ReadonlyMap<string, TaskData>;
  readonly phases: ReadonlyMap<string, PhaseData>;
  /** Top to bottom; an empty phase has none; null: without a phase. */
  readonly tasksOfPhase: ReadonlyMap<string | null, readonly TaskData[]>;
  /** Tasks and phases by the definition's keys; tasks that were added by hand have none. */
  readonly tasksByKey: ReadonlyMap<string, TaskData>;
  readonly phasesByKey: ReadonlyMap<string, PhaseData>;
  /** For each task the edges on which it is reached: those to it, and if it is a start task of its phase, those to the
   * phase. A start task has no edge from a task of its own phase. Edges that lead back are none of them. */
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  /** How many tasks of each phase are not finished. */
  readonly openInPhase: ReadonlyMap<string | null, number>;
}

/** States never change, so what was worked out for one stays right; an entry goes away with its state. */
const known = new WeakMap<ExecutionState, StateIndex>();

export function indexOf(state: ExecutionState): StateIndex {
  const found = known.get(state);
  if (found) return found;
  const index = buildIndex(state);
  known.set(state, index);
  return index;
}

/** Whether a task, or every task of a phase, is finished. A phase without tasks holds nothing up. */
export function isNodeFinished(index: StateIndex, node: NodeId): boolean {
  if ('phaseId' in node) return (index.openInPhase.get(node.phaseId) ?? 0) === 0;
  const task = index.tasks.get(node.taskId);
  return !task || isFinished(task.status);
}

function buildIndex(state: ExecutionState): StateIndex {
  const tasksOfPhase = groupBy(state.tasks, ({ phaseId }) => phaseId);
  const openInPhase = new Map<string | null, number>();
  for (const [phaseId, tasks] of tasksOfPhase)
    openInPhase.set(phaseId, tasks.filter(({ status }) => !isFinished(status)).length);
  const tasks = new Map(state.tasks.map((task) => [task.id, task]));
  return {
    state,
    tasks,
    phases: new Map(state.phases.map((phase) => [phase.id, phase])),
    tasksByKey: new Map(
      state.tasks.flatMap((task) => (task.key === null ? [] : [[task.key, task] as const])),
    ),
    phasesByKey: new Map(state.phases.map((phase) => [phase.key, phase])),
    tasksOfPhase,
    incoming: incomingOf(state, tasks),
    openInPhase,
  };
}

interface KnownIncoming {
  readonly tasks: readonly TaskData[];
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
}

/** One flow is looked at in many states, which differ in everything but its edges and where its tasks are. */
const knownIncoming = new WeakMap<readonly Edge[], KnownIncoming>();

function incomingOf(
  state: ExecutionState,
  tasks: ReadonlyMap<string, TaskData>,
): ReadonlyMap<string, readonly Edge[]> {
  const { edges } = state.execution;
  const found = knownIncoming.get(edges);
  if (found && hasSamePlaces(found.tasks, state.tasks)) return found.incoming;
  const incoming = incomingEdges(state, tasks);
  knownIncoming.set(edges, { tasks: state.tasks, incoming });
  return incoming;
}

function hasSamePlaces(before: readonly TaskData[], after: readonly TaskData[]): boolean {
  return (
    before.length === after.length &&
    after.every((task, at) => before[at]?.id === task.id && before[at].phaseId === task.phaseId)
  );
}

function incomingEdges(
  state: ExecutionState,
  tasks: ReadonlyMap<string, TaskData>,
): ReadonlyMap<string, readonly Edge[]> {
  const edges = state.execution.edges.filter(({ isLoop }) => !isLoop);
  const toTask = groupBy(edges, ({ to }) => ('taskId' in to ? to.taskId : null));
  const toPhase = groupBy(edges, ({ to }) => ('phaseId' in to ? to.phaseId : null));
  const phaseOf = (node: NodeId): string | null =>
    'taskId' in node ? (tasks.get(node.taskId)?.phaseId ?? null) : null;
  const incoming = new Map<string, readonly Edge[]>();
  for (const { id, phaseId } of state.tasks) {
    const own = toTask.get(id) ?? [];
    const isStart = phaseId !== null && !own.some(({ from }) => phaseOf(from) === phaseId);
    incoming.set(id, isStart ? [...own, ...(toPhase.get(phaseId) ?? [])] : own);
  }
  return incoming;
}
