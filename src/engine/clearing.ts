/** Who could end what blocks a task, and by which commands. */
import type { AssigneeRef } from './definition.ts';
import { uniqueAssignees } from './assignees.ts';
import type { Blocker, TaskCommandName } from './result.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { indexOf } from './state-index.ts';
import { allowedCommands, isFinished } from './transition.ts';

export interface Clearing {
  /** What can be done now with the tasks that block. Empty if they are blocked themselves: their own blockers tell why. */
  readonly commands: readonly TaskCommandName[];
  /** The users and teams who are responsible for those tasks; empty if nobody is, so that anybody may see to them. */
  readonly assignees: readonly AssigneeRef[];
}

/** The commands that finish a task or lead to that, in the order in which they are told. */
const CLEARING_COMMANDS: readonly TaskCommandName[] = ['COMPLETE', 'RESUME', 'SKIP'];

/**
 * What could be done about one blocker: for a task that is not finished or on hold, what finishes or resumes it; for a phase,
 * the same for all of its open tasks. Nothing for an execution that is over, which no command on a task opens.
 */
export function clearingCommands(state: ExecutionState, blocker: Blocker): Clearing {
  const tasks = blockingTasks(state, blocker).filter(({ status }) => !isFinished(status));
  const allowed = new Set(tasks.flatMap((task) => allowedCommands(task, state.execution.status)));
  return {
    commands: CLEARING_COMMANDS.filter((command) => allowed.has(command)),
    assignees: uniqueAssignees(tasks.flatMap(({ assignees }) => assignees)),
  };
}

function blockingTasks(state: ExecutionState, blocker: Blocker): readonly TaskData[] {
  const { tasks, tasksOfPhase } = indexOf(state);
  if ('phaseId' in blocker) return tasksOfPhase.get(blocker.phaseId) ?? [];
  if (!('taskId' in blocker)) return [];
  const task = tasks.get(blocker.taskId);
  return task ? [task] : [];
}
