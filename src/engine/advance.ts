/** The one door of the engine: what a command makes of the state of an execution. */
import type { AddTaskCommand, Command, CommandContext, ExecutionCommand, TaskCommand } from './command.ts';
import { closeExecution, reopenExecution } from './closing.ts';
import { derive } from './derive.ts';
import { diff, type Subject } from './diff.ts';
import { assignExecution, setExecutionDueDate } from './execution-upkeep.ts';
import { addTask, removeTask } from './manual-tasks.ts';
import { refuse, type Outcome } from './outcome.ts';
import type { Result } from './result.ts';
import type { ExecutionState } from './state.ts';
import { workTask } from './task-life.ts';
import { assignTask, claimTask, releaseTask, setTaskDueDate, updateTask } from './upkeep.ts';

/**
 * Answers what `command` does to `state`: the next state with the objects that changed and one event for each of them,
 * or the reason why it is refused. Deterministic; never throws for a refusal; `state` is not touched. A command that
 * asks for what already is succeeds without changes and events.
 */
export function advance(state: ExecutionState, command: Command, context: CommandContext): Result {
  const outcome = handle(state, command, context);
  if (!outcome.ok) return outcome;
  return { ok: true, ...diff(state, derive(outcome.next, context), subjectOf(command)) };
}

function handle(state: ExecutionState, command: Command, context: CommandContext): Outcome {
  return 'taskId' in command
    ? handleTaskCommand(state, command, context)
    : handleExecutionCommand(state, command, context);
}

function handleTaskCommand(state: ExecutionState, command: TaskCommand, context: CommandContext): Outcome {
  const task = state.tasks.find(({ id }) => id === command.taskId);
  if (!task) return refuse({ code: 'NOT_FOUND', what: 'TASK', id: command.taskId });
  const { id, version: currentVersion } = task;
  if (command.expectedVersion !== undefined && command.expectedVersion !== currentVersion)
    return refuse({ code: 'VERSION_CONFLICT', subject: 'TASK', id, currentVersion });
  switch (command.type) {
    case 'START_TASK':
    case 'STOP_TASK':
    case 'COMPLETE_TASK':
    case 'SKIP_TASK':
    case 'HOLD_TASK':
    case 'RESUME_TASK':
    case 'REOPEN_TASK':
      return workTask(state, task, command, context);
    case 'ASSIGN_TASK':
      return assignTask(state, task, command);
    case 'CLAIM_TASK':
      return claimTask(state, task, command);
    case 'RELEASE_TASK':
      return releaseTask(state, task);
    case 'SET_TASK_DUE_DATE':
      return setTaskDueDate(state, task, command.dueAt);
    case 'UPDATE_TASK':
      return updateTask(state, task, command);
    case 'REMOVE_TASK':
      return removeTask(state, task);
  }
}

function handleExecutionCommand(
  state: ExecutionState,
  command: ExecutionCommand | AddTaskCommand,
  context: CommandContext,
): Outcome {
  const { id, version: currentVersion } = state.execution;
  if (command.expectedVersion !== undefined && command.expectedVersion !== currentVersion)
    return refuse({ code: 'VERSION_CONFLICT', subject: 'EXECUTION', id, currentVersion });
  switch (command.type) {
    case 'ADD_TASK':
      return addTask(state, command, context);
    case 'CLOSE_EXECUTION':
      return closeExecution(state, command, context);
    case 'REOPEN_EXECUTION':
      return reopenExecution(state);
    case 'ASSIGN_EXECUTION':
      return assignExecution(state, command);
    case 'SET_EXECUTION_DUE_DATE':
      return setExecutionDueDate(state, command.dueAt);
  }
}

function subjectOf(command: Command): Subject {
  const { type } = command;
  if (type === 'ADD_TASK') return { taskId: command.id, command: type };
  return { taskId: 'taskId' in command ? command.taskId : null, command: type };
}
