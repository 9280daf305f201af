/** The life of a task as a table, and what of it may be asked for now. */
import type { TaskLifeCommand } from './command.ts';
import { isHandedBack, isLeased } from './lease.ts';
import type { TaskCommandName } from './result.ts';
import type { ExecutionStatus, TaskData, TaskStatus } from './state.ts';

type LifeCommandType = TaskLifeCommand['type'];

/** From which status a command leads to which; what is not listed is not allowed. */
const TRANSITIONS: Readonly<
  Record<LifeCommandType, Readonly<Partial<Record<TaskStatus, TaskStatus | 'STATUS_BEFORE_HOLD'>>>>
> = {
  // What is scheduled runs now: it is as if its time had come.
  START_TASK: { PENDING: 'IN_PROGRESS', SCHEDULED: 'PENDING' },
  STOP_TASK: { IN_PROGRESS: 'PENDING' },
  COMPLETE_TASK: { PENDING: 'COMPLETED', IN_PROGRESS: 'COMPLETED', FAILED: 'COMPLETED' },
  SKIP_TASK: {
    PENDING: 'SKIPPED',
    IN_PROGRESS: 'SKIPPED',
    ON_HOLD: 'SKIPPED',
    SCHEDULED: 'SKIPPED',
    CONDITION_PENDING: 'SKIPPED',
    WAITING_FOR_CONFIRMATION: 'SKIPPED',
    FAILED: 'SKIPPED',
  },
  HOLD_TASK: { PENDING: 'ON_HOLD', IN_PROGRESS: 'ON_HOLD' },
  RESUME_TASK: { ON_HOLD: 'STATUS_BEFORE_HOLD' },
  REOPEN_TASK: { COMPLETED: 'PENDING', SKIPPED: 'PENDING' },
  DECIDE_TASK: { CONDITION_PENDING: 'COMPLETED', FAILED: 'COMPLETED' },
  FAIL_TASK: {
    PENDING: 'FAILED',
    IN_PROGRESS: 'FAILED',
    SCHEDULED: 'FAILED',
    CONDITION_PENDING: 'FAILED',
    WAITING_FOR_CONFIRMATION: 'FAILED',
  },
  RETRY_TASK: { FAILED: 'PENDING' },
  RUN_AUTOMATION: { PENDING: 'IN_PROGRESS', IN_PROGRESS: 'IN_PROGRESS', FAILED: 'IN_PROGRESS' },
  REQUEST_CONFIRMATION: { PENDING: 'WAITING_FOR_CONFIRMATION', IN_PROGRESS: 'WAITING_FOR_CONFIRMATION' },
  WITHDRAW_CONFIRMATION: { WAITING_FOR_CONFIRMATION: 'PENDING' },
};

/** Commands that work on the task itself, so that everything it waits for must be finished. */
const GATED: ReadonlySet<LifeCommandType> = new Set([
  'START_TASK',
  'COMPLETE_TASK',
  'SKIP_TASK',
  'DECIDE_TASK',
  'RUN_AUTOMATION',
  'REQUEST_CONFIRMATION',
]);

const LIFE_COMMANDS: readonly (readonly [TaskCommandName, LifeCommandType])[] = [
  ['START', 'START_TASK'],
  ['STOP', 'STOP_TASK'],
  ['COMPLETE', 'COMPLETE_TASK'],
  ['DECIDE', 'DECIDE_TASK'],
  ['RUN_AUTOMATION', 'RUN_AUTOMATION'],
  ['REQUEST_CONFIRMATION', 'REQUEST_CONFIRMATION'],
  ['WITHDRAW_CONFIRMATION', 'WITHDRAW_CONFIRMATION'],
  ['SKIP', 'SKIP_TASK'],
  ['HOLD', 'HOLD_TASK'],
  ['RESUME', 'RESUME_TASK'],
  ['REOPEN', 'REOPEN_TASK'],
  ['RETRY', 'RETRY_TASK'],
  ['FAIL', 'FAIL_TASK'],
];

/** What `allowedCommands` looks at: one row, no other task. */
export type CommandableTask = Pick<
  TaskData,
  | 'type'
  | 'status'
  | 'statusBeforeHold'
  | 'failure'
  | 'decision'
  | 'schedule'
  | 'scheduleRanAt'
  | 'automation'
  | 'runState'
  | 'externalWork'
  | 'skipReason'
  | 'isReached'
  | 'hasOpenRequirements'
  | 'assignees'
  | 'claimedById'
  | 'isManuallyCreated'
>;

export function isFinished(status: TaskStatus): boolean {
  return status === 'COMPLETED' || status === 'SKIPPED';
}

/** Whether work goes on in an execution: it is started, and a failed one only waits for somebody to deal with it. */
export function isExecutionOpen(status: ExecutionStatus): boolean {
  return status === 'STARTED' || status === 'FAILED';
}

/** Whether nobody has begun the task, and its schedule has not let it go on yet. */
export function waitsForSchedule(task: Pick<TaskData, 'status' | 'schedule' | 'scheduleRanAt'>): boolean {
  return task.status === 'PENDING' && task.schedule !== null && task.scheduleRanAt === null;
}

/**
 * Whether the task failed with its automation's run, so that trying again lets the run go on from where it is: the run failed, or was ended when somebody said that
 * the task failed.
 */
function hasBrokenRun({ status, runState }: Pick<TaskData, 'status' | 'runState'>): boolean {
  return status === 'FAILED' && runState === 'ENDED';
}

/** The status that a life command leads to; null if the table does not allow it. */
export function nextStatus(task: CommandableTask, command: LifeCommandType): TaskStatus | null {
  if (!isForType(task, command)) return null;
  if (command === 'RETRY_TASK' && hasBrokenRun(task)) return 'IN_PROGRESS';
  // A person takes over from a worker, or gives back to workers what one of them handed to people.
  if (command === 'START_TASK' && isLeased(task)) return 'IN_PROGRESS';
  if (command === 'RETRY_TASK' && isHandedBack(task) && task.status === 'PENDING') return 'PENDING';
  const target = TRANSITIONS[command][task.status] ?? null;
  return target === 'STATUS_BEFORE_HOLD' ? (task.statusBeforeHold ?? 'PENDING') : target;
}

/** A decision is not done but taken; skipping it is taking its default branch, which needs one unless it has failed anyway.
 * An automation is not run a second time while it runs. What people do can be confirmed. */
function isForType(
  { type, status, decision, automation, runState }: CommandableTask,
  command: LifeCommandType,
): boolean {
  if (command === 'RUN_AUTOMATION') return automation !== null && runState !== 'RUNNING';
  if (command === 'REQUEST_CONFIRMATION') return type === 'MANUAL';
  if (decision === null) return command !== 'DECIDE_TASK';
  if (command === 'START_TASK') return status === 'SCHEDULED';
  if (command === 'SKIP_TASK')
    return status === 'FAILED' || decision.branches.some(({ isDefault }) => isDefault);
  return command !== 'COMPLETE_TASK';
}

/** Whether the command is held up by what the task waits for, apart from the table and the execution's status. */
export function isGateShut(task: CommandableTask, command: LifeCommandType): boolean {
  // What the flow leaves out comes back when the decision is taken anew, not by itself.
  if (command === 'REOPEN_TASK') return task.skipReason !== null;
  const isWork = GATED.has(command) || (command === 'RETRY_TASK' && hasBrokenRun(task));
  if (!isWork) return false;
  if (!task.isReached || task.hasOpenRequirements) return true;
  return command !== 'SKIP_TASK' && waitsForSchedule(task);
}

/** Whether the execution's status lets the life command through: reopening a task is possible in a DONE execution too. */
export function isOpenFor(status: ExecutionStatus, command: LifeCommandType): boolean {
  return isExecutionOpen(status) || (status === 'DONE' && command === 'REOPEN_TASK');
}

/**
 * The commands that would be accepted now, in a fixed order. Says what the task's state allows, not what the reader's
 * role permits; CLAIM still needs the reader to be a member of an assigned team.
 */
export function allowedCommands(task: CommandableTask, executionStatus: ExecutionStatus): TaskCommandName[] {
  const life = LIFE_COMMANDS.filter(
    ([, type]) =>
      isOpenFor(executionStatus, type) && nextStatus(task, type) !== null && !isGateShut(task, type),
  ).map(([name]) => name);
  return isExecutionOpen(executionStatus) ? [...life, ...upkeepCommands(task)] : life;
}

function upkeepCommands(task: CommandableTask): TaskCommandName[] {
  const isOpen = !isFinished(task.status);
  const hasTeam = task.assignees.some(({ type }) => type === 'TEAM');
  const names: TaskCommandName[] = ['ASSIGN'];
  if (isOpen && hasTeam && task.claimedById === null) names.push('CLAIM');
  if (task.claimedById !== null) names.push('RELEASE');
  names.push('SET_DUE_DATE', 'UPDATE');
  if (isOpen && task.isManuallyCreated) names.push('REMOVE');
  names.push('ADD_NOTE');
  return names;
}
