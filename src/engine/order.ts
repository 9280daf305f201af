/** The order in which people see the tasks of an execution. */
import type { PhaseData, TaskData } from './state.ts';

/** Tasks by their phase's position (those without a phase last), then by their own. */
export function topToBottom(tasks: readonly TaskData[], phases: readonly PhaseData[]): TaskData[] {
  const positions = new Map(phases.map(({ id, position }) => [id, position]));
  const phasePosition = (task: TaskData): number =>
    task.phaseId === null ? Infinity : (positions.get(task.phaseId) ?? Infinity);
  return [...tasks].sort(
    (a, b) =>
      compare(phasePosition(a), phasePosition(b)) ||
      compare(a.position, b.position) ||
      // Only a state from elsewhere has two tasks at one position; it still has one order.
      compare(a.id, b.id),
  );
}

/** `Infinity - Infinity` is no number, so the two are compared instead of subtracted. */
function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
