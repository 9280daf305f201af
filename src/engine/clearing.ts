/** Who could end what blocks a task, and by which commands. */
import type { AssigneeRef } from './definition.ts';
import { uniqueAssignees } from './assignees.ts';
import type { Blocker, TaskCommandName } from './result.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { indexOf } from './state-index.ts';
import { allowedCommands, isFinished } from './transition.ts';

/** Those commands on tasks that end a blocker, and the one on the execution as a whole. */
export type ClearingCommand = TaskClearing | 'REOPEN_EXECUTION';

type TaskClearing = Extract<
  TaskCommandName,
  | 'START'
  | 'COMPLETE'
  | 'DECIDE'
  | 'RUN_AUTOMATION'
  | 'SKIP'
  | 'RESUME'
  | 'RETRY'
  | 'REOPEN'
  | 'ASSIGN'
  | 'WITHDRAW_CONFIRMATION'
>;

export interface Clearing {
  /** What can be done now with the tasks that block. Empty if they are blocked themselves: their own blockers tell why. */
  readonly commands: readonly ClearingCommand[];
  /** The users and teams who are responsible for those tasks; empty if nobody is, so that anybody may see to them. */
  readonly assignees: readonly AssigneeRef[];
}

/** What finishes a task, or gets it going. */
const FINISHING: readonly TaskClearing[] = [
  'COMPLETE',
  'DECIDE',
  'RUN_AUTOMATION',
  'RESUME',
  'RETRY',
  'SKIP',
];

/** What ends each kind of blocker, in the order in which it is told; only what the task's state allows is told. */
const CLEARING_COMMANDS: Readonly<Record<Blocker['type'], readonly TaskClearing[]>> = {
  REQUIRED_TASK: FINISHING,
  REQUIRED_PHASE: FINISHING,
  PRECEDING_TASK: FINISHING,
  PRECEDING_PHASE: FINISHING,
  DECISION_NOT_TAKEN: ['DECIDE', 'RESUME', 'RETRY', 'SKIP'],
  ON_HOLD: ['RESUME', 'SKIP'],
  SCHEDULE: ['START', 'SKIP'],
  FAILED: ['RETRY', 'RUN_AUTOMATION', 'COMPLETE', 'DECIDE', 'SKIP'],
  AUTOMATION_RUNNING: ['COMPLETE', 'SKIP'],
  WAITING_FOR_CONFIRMATION: ['WITHDRAW_CONFIRMATION', 'SKIP'],
  WORKER_WORKING: ['START', 'COMPLETE', 'SKIP'],
  WAITING_FOR_WORKER: ['START', 'COMPLETE', 'SKIP'],
  NOBODY_ASSIGNED: ['ASSIGN'],
  BRANCH_NOT_TAKEN: ['REOPEN'],
  EXECUTION_NOT_OPEN: [],
};

/**
 * What could be done about one blocker: for a task that is not finished, what finishes or resumes it; for a phase, the same
 * for all of its open tasks; for an execution that is over, opening it again.
 */
export function clearingCommands(state: ExecutionState, blocker: Blocker): Clearing {
  if (blocker.type === 'EXECUTION_NOT_OPEN')
    return { commands: ['REOPEN_EXECUTION'], assignees: state.execution.assignees };
  const tasks = blockingTasks(state, blocker);
  const allowed = new Set<TaskCommandName>(
    tasks.flatMap((task) => allowedCommands(task, state.execution.status)),
  );
  return {
    commands: CLEARING_COMMANDS[blocker.type].filter((command) => allowed.has(command)),
    assignees: uniqueAssignees(tasks.flatMap(({ assignees }) => assignees)),
  };
}

function blockingTasks(
  state: ExecutionState,
  blocker: Exclude<Blocker, { type: 'EXECUTION_NOT_OPEN' }>,
): readonly TaskData[] {
  const { tasks, tasksOfPhase } = indexOf(state);
  const named =
    'phaseId' in blocker ? (tasksOfPhase.get(blocker.phaseId) ?? []) : [tasks.get(blocker.taskId)];
  const isBlocking = (task: TaskData | undefined): task is TaskData => task !== undefined;
  return named
    .filter(isBlocking)
    .filter(({ status }) => blocker.type === 'BRANCH_NOT_TAKEN' || !isFinished(status));
}
