/** Tasks that people add to a running execution, and take out again. */
import type { AddTaskCommand } from '../../src/engine/command.ts';
import type { Edge } from '../../src/engine/state.ts';
import { isSame } from './flow.ts';
import { chainOf, isFinished, newTask, type Model, type ModelTask, type Refusal } from './state.ts';

export function addTask(model: Model, { id, place }: AddTaskCommand): Refusal {
  if (model.status === 'DONE' || model.status === 'CLOSED') return 'EXECUTION_NOT_OPEN';
  if ('phaseId' in place) {
    const { phaseId, index } = place;
    if (phaseId !== null && !model.phaseIds.includes(phaseId)) return 'INVALID_INPUT';
    const count = model.tasks.filter((task) => task.phaseId === phaseId).length;
    if (index !== null && (index < 0 || index > count)) return 'INVALID_INPUT';
    const wasChain = model.isSequential && isChain(model);
    insert(model, id, phaseId, index ?? count);
    if (wasChain) model.edges = chainOf(model.tasks);
    return null;
  }
  const after = { taskId: place.afterTaskId };
  const before = { taskId: place.beforeTaskId };
  const isBetween = (edge: Edge): boolean =>
    !edge.isLoop && isSame(edge.from, after) && isSame(edge.to, before);
  if (!model.edges.some(isBetween)) return 'INVALID_INPUT';
  const next: Edge = { from: { taskId: id }, to: before, branchKey: null, isLoop: false };
  model.edges = [
    ...model.edges.map((edge) => (isBetween(edge) ? { ...edge, to: { taskId: id } } : edge)),
    next,
  ];
  const phaseId = model.tasks.find((task) => task.id === after.taskId)?.phaseId ?? null;
  const siblings = model.tasks.filter((task) => task.phaseId === phaseId).map((task) => task.id);
  insert(model, id, phaseId, siblings.indexOf(after.taskId) + 1);
  return null;
}

/** What led to the task leads to what came after it. */
export function removeTask(model: Model, task: ModelTask): Refusal {
  if (model.status === 'DONE' || model.status === 'CLOSED') return 'EXECUTION_NOT_OPEN';
  if (!task.isManuallyCreated || isFinished(task)) return 'COMMAND_NOT_ALLOWED';
  const node = { taskId: task.id };
  const from = model.edges.filter((edge) => isSame(edge.from, node));
  const to = model.edges.filter((edge) => isSame(edge.to, node));
  model.edges = model.edges.filter((edge) => !from.includes(edge) && !to.includes(edge));
  for (const edge of to) model.edges.push(...from.map((other) => ({ ...edge, to: other.to })));
  model.tasks = model.tasks.filter((other) => other !== task);
  return null;
}

function insert(model: Model, id: string, phaseId: string | null, index: number): void {
  const task = { ...newTask(id, phaseId), isManuallyCreated: true };
  model.tasks = [...model.phaseIds, null].flatMap((phase) => {
    const inPhase = model.tasks.filter((other) => other.phaseId === phase);
    return phase === phaseId ? inPhase.toSpliced(index, 0, task) : inPhase;
  });
}

function isChain({ edges, tasks }: Model): boolean {
  const chain = chainOf(tasks);
  const isIn = (edge: Edge, others: readonly Edge[]): boolean =>
    others.some((other) => isSame(edge.from, other.from) && isSame(edge.to, other.to));
  return edges.length === chain.length && chain.every((edge) => isIn(edge, edges));
}
