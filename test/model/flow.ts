/** What comes before and after what, and which ways are still alive: each a recursive definition. */
import type { Edge, NodeId } from '../../src/engine/state.ts';
import { isFinished, type Model, type ModelTask } from './state.ts';

/** The tasks that a node stands for. */
export function tasksOf({ tasks }: Model, node: NodeId): ModelTask[] {
  return 'taskId' in node
    ? tasks.filter(({ id }) => id === node.taskId)
    : tasks.filter(({ phaseId }) => phaseId === node.phaseId);
}

/** A task that no other task of its phase leads to. */
function startsItsPhase(model: Model, task: ModelTask): boolean {
  const comesFromPhase = (edge: Edge): boolean =>
    'taskId' in edge.from && tasksOf(model, edge.from).some(({ phaseId }) => phaseId === task.phaseId);
  return task.phaseId !== null && !forwardTo(model, { taskId: task.id }).some(comesFromPhase);
}

function forwardTo({ edges }: Model, node: NodeId): Edge[] {
  return edges.filter(({ to, isLoop }) => !isLoop && isSame(to, node));
}

/** The edges that a task waits for. */
export function incoming(model: Model, task: ModelTask): Edge[] {
  const own = forwardTo(model, { taskId: task.id });
  if (task.phaseId === null || !startsItsPhase(model, task)) return own;
  return [...own, ...forwardTo(model, { phaseId: task.phaseId })];
}

/** No way leads to it any more. What a person finished stays as it is. */
export function isDead(model: Model, task: ModelTask): boolean {
  const edges = incoming(model, task);
  const mayDie = !isFinished(task) || task.isBuried;
  return mayDie && edges.length > 0 && edges.every((edge) => isEdgeDead(model, edge));
}

function isEdgeDead(model: Model, edge: Edge): boolean {
  const sources = tasksOf(model, edge.from);
  if (sources.length > 0 && sources.every((task) => isDead(model, task))) return true;
  return 'taskId' in edge.from && sources.some((task) => wentElsewhere(task, edge));
}

/** A finished decision that did not take the edge's branch. */
function wentElsewhere(task: ModelTask, { branchKey }: Edge): boolean {
  if (!task.decision || branchKey === null || task.isBuried || !isFinished(task)) return false;
  return !(task.taken ?? []).includes(branchKey);
}

function hasFired(model: Model, edge: Edge): boolean {
  return tasksOf(model, edge.from).every(isFinished) && !isEdgeDead(model, edge);
}

export function isReached(model: Model, task: ModelTask): boolean {
  const edges = incoming(model, task);
  const isDecided = (edge: Edge): boolean => hasFired(model, edge) || isEdgeDead(model, edge);
  return edges.length === 0 || (edges.every(isDecided) && edges.some((edge) => hasFired(model, edge)));
}

export function hasRequirementsMet(model: Model, task: ModelTask): boolean {
  return task.requirements.every((node) => tasksOf(model, node).every(isFinished));
}

/** The tasks right after one, by an edge from it or from its phase. */
function next(model: Model, task: ModelTask): ModelTask[] {
  return model.tasks.filter((other) =>
    incoming(model, other).some(({ from }) => tasksOf(model, from).includes(task)),
  );
}

/** All tasks that some start leads to; with `step` told what a single step is. The starts are only in it if a step leads there. */
function closure(starts: readonly ModelTask[], step: (task: ModelTask) => ModelTask[]): Set<ModelTask> {
  const found = new Set<ModelTask>();
  const visit = (task: ModelTask): void => {
    for (const other of step(task))
      if (!found.has(other)) {
        found.add(other);
        visit(other);
      }
  };
  starts.forEach(visit);
  return found;
}

/** Everything after a task: by edges, by phases, by requirements. */
export function allAfter(model: Model, task: ModelTask): Set<ModelTask> {
  const requiring = (one: ModelTask): ModelTask[] =>
    model.tasks.filter(({ requirements }) => requirements.some((node) => tasksOf(model, node).includes(one)));
  return closure([task], (one) => [...next(model, one), ...requiring(one)]);
}

/** What a decision's loop goes through again: all tasks on a way from where its loop branch leads to the decision. */
export function loopBody(model: Model, decision: ModelTask): Set<ModelTask> {
  const targets = model.edges
    .filter(({ from, isLoop }) => isLoop && isSame(from, { taskId: decision.id }))
    .flatMap(({ to }) => tasksOf(model, to).filter((task) => 'taskId' in to || startsItsPhase(model, task)));
  const step = (task: ModelTask): ModelTask[] => next(model, task);
  const reachable = [...closure(targets, step)];
  return new Set([decision, ...targets, ...reachable.filter((task) => closure([task], step).has(decision))]);
}

export function isSame(a: NodeId, b: NodeId): boolean {
  return 'taskId' in a ? 'taskId' in b && a.taskId === b.taskId : 'phaseId' in b && a.phaseId === b.phaseId;
}
