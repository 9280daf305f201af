/** How far the phases are: never set by anybody, always worked out from their tasks. */
import type { Facts } from './facts.ts';
import { isLinear } from './linear.ts';
import { progressOf } from './progress.ts';
import type { PhaseData, PhaseStatus, TaskData } from './state.ts';
import type { StateIndex } from './state-index.ts';
import { isFinished } from './transition.ts';
import { resolveAssignees } from './variables.ts';

/** The phases with status and progress. `next` is the first open task among those reached, from top to bottom, whatever
 * the execution's status: closing an execution does not put its phases back. A phase that begins is assigned to whom the
 * entity names now. */
export function derivePhases(index: StateIndex, next: TaskData | null, facts: Facts): PhaseData[] {
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
    const begins = phase.status === 'OPEN' && status !== 'OPEN';
    const assignees =
      begins && phase.assigneeRule ? resolveAssignees(phase.assigneeRule, facts) : phase.assignees;
    return { ...phase, status, assignees, progress: progressOf(tasks) };
  });
}

function statusOf(tasks: readonly TaskData[], isAtIt: boolean): PhaseStatus {
  if (tasks.length === 0) return 'OPEN';
  if (tasks.every(({ status }) => isFinished(status))) return 'COMPLETED';
  return isAtIt || tasks.some(hasBegun) ? 'IN_PROGRESS' : 'OPEN';
}

/** In progress, put on hold while it was, or finished; what a branch that was not taken left out was never begun. */
function hasBegun({ status, statusBeforeHold, skipReason }: TaskData): boolean {
  return (
    status === 'IN_PROGRESS' ||
    statusBeforeHold === 'IN_PROGRESS' ||
    (isFinished(status) && skipReason === null)
  );
}
