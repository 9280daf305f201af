/** Where a task that is added by hand goes: its phase, its position there, and its edges. */
import type { TaskPlace } from './command.ts';
import { chainOf, isChainOf, isTask } from './node.ts';
import type { InputIssue } from './result.ts';
import { split } from './splice.ts';
import type { Edge, ExecutionState, TaskData } from './state.ts';

export interface Place {
  readonly phaseId: string | null;
  readonly position: number;
  /** The flow with the new task in it. */
  readonly edges: readonly Edge[];
  /** The tasks that were there, with new positions if there was no room left between two of them. */
  readonly tasks: readonly TaskData[];
}

export function isPlace(found: Place | InputIssue): found is Place {
  return 'position' in found;
}

/** The place of a new task, or what is wrong with the place that was asked for. */
export function findPlace(state: ExecutionState, newTaskId: string, place: TaskPlace): Place | InputIssue {
  return 'phaseId' in place
    ? placeInPhase(state, newTaskId, place.phaseId, place.index)
    : placeBetween(state, newTaskId, place.afterTaskId, place.beforeTaskId);
}

function placeInPhase(
  state: ExecutionState,
  newTaskId: string,
  phaseId: string | null,
  index: number | null,
): Place | InputIssue {
  if (phaseId !== null && !state.phases.some(({ id }) => id === phaseId))
    return { path: 'place.phaseId', code: 'UNKNOWN_PHASE', message: 'The execution has no such phase.' };
  const count = state.tasks.filter((task) => task.phaseId === phaseId).length;
  const at = index ?? count;
  if (!Number.isInteger(at) || at < 0 || at > count)
    return {
      path: 'place.index',
      code: 'OUT_OF_RANGE',
      message: `The index must be a whole number between 0 and ${count}.`,
    };
  const { position, tasks } = makeRoom(state.tasks, phaseId, at);
  return { phaseId, position, tasks, edges: edgesWith(state, newTaskId, phaseId, at) };
}

/** The new task stands right below the one that it follows, in the same phase. */
function placeBetween(
  state: ExecutionState,
  newTaskId: string,
  afterTaskId: string,
  beforeTaskId: string,
): Place | InputIssue {
  const edges = split(state.execution.edges, newTaskId, afterTaskId, beforeTaskId);
  const after = state.tasks.find(({ id }) => id === afterTaskId);
  if (!edges || !after)
    return { path: 'place', code: 'NO_SUCH_EDGE', message: whyNot(state, afterTaskId, beforeTaskId) };
  const { phaseId } = after;
  const siblings = state.tasks.filter((task) => task.phaseId === phaseId);
  return { phaseId, edges, ...makeRoom(state.tasks, phaseId, siblings.indexOf(after) + 1) };
}

function whyNot({ execution }: ExecutionState, afterTaskId: string, beforeTaskId: string): string {
  const isLoop = execution.edges.some(
    ({ from, to, isLoop }) => isLoop && isTask(from, afterTaskId) && isTask(to, beforeTaskId),
  );
  return isLoop
    ? 'The edge from the one task to the other leads back in a loop; put the new task between two tasks that the loop repeats.'
    : 'No edge leads from the one task to the other.';
}

/**
 * A task in a sequential execution takes its place in the chain. Any other flow was drawn by hand: there the task has only
 * what its phase gives it.
 */
function edgesWith(
  { execution, phases, tasks }: ExecutionState,
  newTaskId: string,
  phaseId: string | null,
  at: number,
): readonly Edge[] {
  if (!execution.isSequential || !isChainOf(execution.edges, tasks)) return execution.edges;
  const chain: { readonly id: string }[] = [];
  for (const phase of [...phases.map(({ id }) => id), null]) {
    const inPhase: { readonly id: string }[] = tasks.filter((task) => task.phaseId === phase);
    chain.push(...(phase === phaseId ? inPhase.toSpliced(at, 0, { id: newTaskId }) : inPhase));
  }
  return chainOf(chain);
}

/** A position for the task that becomes the `at`-th of its phase: half-way between its neighbours. */
function makeRoom(
  tasks: readonly TaskData[],
  phaseId: string | null,
  at: number,
): Pick<Place, 'position' | 'tasks'> {
  const positions = tasks.filter((task) => task.phaseId === phaseId).map(({ position }) => position);
  const above = positions[at - 1];
  const below = positions[at];
  const position =
    above === undefined ? (below ?? 1) - 1 : below === undefined ? above + 1 : (above + below) / 2;
  if (position !== above && position !== below) return { position, tasks };
  // Some fifty tasks at one spot use up what a floating point number can tell apart: count the phase anew.
  let next = 0;
  const renumbered = tasks.map((task) => {
    if (task.phaseId !== phaseId) return task;
    const place = next < at ? next : next + 1;
    next += 1;
    return { ...task, position: place };
  });
  return { position: at, tasks: renumbered };
}
