/** The life of a task as a table, and what of it may be asked for now. */
import type { TaskLifeCommand } from './command.ts';
import type { TaskCommandName } from './result.ts';
import type { ExecutionStatus, TaskData, TaskStatus } from './state.ts';

type LifeCommandType = TaskLifeCommand['type'];

/** From which status a command leads to which; what is not listed is not allowed. */
const TRANSITIONS: Readonly<
  Record<LifeCommandType, Readonly<Partial<Record<TaskStatus, TaskStatus | 'STATUS_BEFORE_HOLD'>>>>
> = {
  START_TASK: { PENDING: 'IN_PROGRESS' },
  STOP_TASK: { IN_PROGRESS: 'PENDING' },
  COMPLETE_TASK: { PENDING: 'COMPLETED', IN_PROGRESS: 'COMPLETED' },
  SKIP_TASK: { PENDING: 'SKIPPED', IN_PROGRESS: 'SKIPPED', ON_HOLD: 'SKIPPED' },
  HOLD_TASK: { PENDING: 'ON_HOLD', IN_PROGRESS: 'ON_HOLD' },
  RESUME_TASK: { ON_HOLD: 'STATUS_BEFORE_HOLD' },
  REOPEN_TASK: { COMPLETED: 'PENDING', SKIPPED: 'PENDING' },
};

/** Commands that work on the task itself, so that everything it waits for must be finished. */
const GATED: ReadonlySet<LifeCommandType> = new Set(['START_TASK', 'COMPLETE_TASK', 'SKIP_TASK']);

const LIFE_COMMANDS: readonly (readonly [TaskCommandName, LifeCommandType])[] = [
  ['START', 'START_TASK'],
  ['STOP', 'STOP_TASK'],
  ['COMPLETE', 'COMPLETE_TASK'],
  ['SKIP', 'SKIP_TASK'],
  ['HOLD', 'HOLD_TASK'],
  ['RESUME', 'RESUME_TASK'],
  ['REOPEN', 'REOPEN_TASK'],
];

/** What `allowedCommands` looks at: one row, no other task. */
export type CommandableTask = Pick<
  TaskData,
  | 'status'
  | 'statusBeforeHold'
  | 'isReached'
  | 'hasOpenRequirements'
  | 'assignees'
  | 'claimedById'
  | 'isManuallyCreated'
>;

export function isFinished(status: TaskStatus): boolean {
  return status === 'COMPLETED' || status === 'SKIPPED';
}

/** The status that a life command leads to; null if the table does not allow it. */
export function nextStatus(
  task: Pick<TaskData, 'status' | 'statusBeforeHold'>,
  command: LifeCommandType,
): TaskStatus | null {
  const target = TRANSITIONS[command][task.status] ?? null;
  return target === 'STATUS_BEFORE_HOLD' ? (task.statusBeforeHold ?? 'PENDING') : target;
}

/** Whether the command is held up by what the task waits for, apart from the table and the execution's status. */
export function isGateShut(
  task: Pick<TaskData, 'isReached' | 'hasOpenRequirements'>,
  command: LifeCommandType,
): boolean {
  return GATED.has(command) && (!task.isReached || task.hasOpenRequirements);
}

/** Whether the execution's status lets the life command through: reopening a task is possible in a DONE execution too. */
export function isOpenFor(status: ExecutionStatus, command: LifeCommandType): boolean {
  return status === 'STARTED' || (status === 'DONE' && command === 'REOPEN_TASK');
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
  return executionStatus === 'STARTED' ? [...life, ...upkeepCommands(task)] : life;
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
