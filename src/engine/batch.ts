/** Several commands on one execution, saved at once. */
import type { Changes } from './result.ts';
import type { ExecutionData, PhaseData, TaskData } from './state.ts';

/**
 * The changes of commands that came one after the other, as one: each object as it was left. A task that was added (version
 * 1) and removed again is not mentioned at all.
 */
export function mergeChanges(all: readonly Changes[]): Changes {
  let execution: ExecutionData | null = null;
  const phases = new Map<string, PhaseData>();
  const tasks = new Map<string, TaskData>();
  const added = new Set<string>();
  const removed = new Set<string>();
  const isExecutionRemoved = all.some((changes) => changes.isExecutionRemoved);
  for (const changes of all) {
    execution = changes.execution ?? execution;
    for (const phase of changes.phases) phases.set(phase.id, phase);
    for (const task of changes.tasks) {
      if (task.version === 1) added.add(task.id);
      tasks.set(task.id, task);
    }
    for (const id of changes.removedTaskIds) {
      tasks.delete(id);
      if (!added.has(id)) removed.add(id);
    }
  }
  return {
    execution,
    phases: [...phases.values()],
    tasks: [...tasks.values()],
    removedTaskIds: [...removed],
    isExecutionRemoved,
  };
}
