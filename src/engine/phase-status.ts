/** How far the phases are: never set by anybody, always worked out from their tasks. */
import { isLinear } from './linear.ts';
import { progressOf } from './progress.ts';
import type { PhaseData, PhaseStatus, TaskData } from './state.ts';
import type { StateIndex } from './state-index.ts';
import { isFinished } from './transition.ts';

/** The phases with status and progress. `next` is the first open task among those reached, from top to bottom, whatever
 * the execution's status: closing an execution does not put its phases back. */
export function derivePhases(index: StateIndex, next: TaskData | null): PhaseData[] {
  const linear = isLinear(index);
  let isFirst = true;
  let followsCompleted = false;
  return index.state.phases.map((phase) => {
    const tasks = index.tasksOfPhase.get(phase.id) ?? [];
    const isNext = linear && followsCompleted && next?.phaseId === phase.id;
    const status = statusOf(tasks, isFirst || isNext);
    // An empty phase is passed by: it neither is nor hides the first one, or a completed one.
    if (tasks.length > 0) {
      isFirst = false;
      followsCompleted = status === 'COMPLETED';
    }
    return { ...phase, status, progress: progressOf(tasks) };
  });
}

function statusOf(tasks: readonly TaskData[], isAtIt: boolean): PhaseStatus {
  if (tasks.length === 0) return 'OPEN';
  const finished = tasks.filter(({ status }) => isFinished(status)).length;
  if (finished === tasks.length) return 'COMPLETED';
  return isAtIt || finished > 0 || tasks.some(hasBegun) ? 'IN_PROGRESS' : 'OPEN';
}

/** In progress, or put on hold while it was. */
function hasBegun({ status, statusBeforeHold }: TaskData): boolean {
  return status === 'IN_PROGRESS' || statusBeforeHold === 'IN_PROGRESS';
}
