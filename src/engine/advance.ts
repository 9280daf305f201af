/** The one door of the engine: what a command makes of the state of an execution. */
import { finishAutomation } from './automation-runs.ts';
import type {
  AddTaskCommand,
  Command,
  CommandContext,
  ExecutionCommand,
  OutcomeCommand,
  RunOutcome,
  TaskCommand,
  WorkerCommand,
} from './command.ts';
import { answerConfirmation } from './confirmations.ts';
import { closeExecution, reopenExecution } from './closing.ts';
import { deletion } from './deletion.ts';
import { diff, type Subject } from './diff.ts';
import { leaseTask, workAsWorker } from './worker-commands.ts';
import { escalate } from './escalation.ts';
import { assignExecution, setContextEntities, setExecutionDueDate } from './execution-upkeep.ts';
import { addTask, removeTask } from './manual-tasks.ts';
import { accept, refuse, type Outcome } from './outcome.ts';
import type { Result } from './result.ts';
import { settle, type Settled } from './settle.ts';
import type { ExecutionState } from './state.ts';
import { entityUpdates } from './sync.ts';
import { workTask } from './task-life.ts';
import { assignTask, claimTask, releaseTask, setTaskDueDate, updateTask } from './upkeep.ts';
import { wake } from './wake.ts';

/**
 * Answers what `command` does to `state`: the next state with the objects that changed and one event for each of them,
 * or the reason why it is refused. Deterministic; never throws for a refusal; `state` is not touched. A command that
 * asks for what already is succeeds without changes and events.
 */
export function advance(state: ExecutionState, command: Command, context: CommandContext): Result {
  const outcome = handle(state, command, context);
  if (!outcome.ok) return outcome;
  if (command.type === 'DELETE_EXECUTION') return { ok: true, ...deletion(state, context) };
  const present = outcome.facts ? { ...context, facts: outcome.facts } : context;
  const { state: settled, facts } = timePassed(command, settle(state, outcome.next, present), present);
  return {
    ok: true,
    ...diff(state, settled, subjectOf(command)),
    entityUpdates: entityUpdates(context.facts, facts),
    facts,
  };
}

/** Once everything has gone on that was scheduled, it is looked at what is late or lies about. */
function timePassed({ type }: Command, settled: Settled, context: CommandContext): Settled {
  if (type !== 'WAKE_EXECUTION') return settled;
  const present = { ...context, facts: settled.facts };
  const escalated = escalate(settled.state, present);
  return escalated === settled.state ? settled : settle(settled.state, escalated, present);
}

function handle(state: ExecutionState, command: Command, context: CommandContext): Outcome {
  return 'taskId' in command
    ? handleTaskCommand(state, command, context)
    : handleExecutionCommand(state, command, context);
}

function handleTaskCommand(
  state: ExecutionState,
  command: TaskCommand | OutcomeCommand | WorkerCommand,
  context: CommandContext,
): Outcome {
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
    case 'DECIDE_TASK':
    case 'FAIL_TASK':
    case 'RETRY_TASK':
    case 'RUN_AUTOMATION':
    case 'REQUEST_CONFIRMATION':
    case 'WITHDRAW_CONFIRMATION':
      return workTask(state, task, command, context);
    case 'FINISH_AUTOMATION':
      return accept(finishAutomation(state, task, command, context));
    case 'ANSWER_CONFIRMATION':
      return accept(answerConfirmation(state, task, command, context));
    case 'LEASE_TASK':
      return leaseTask(state, task, command, context);
    case 'EXTEND_LEASE':
    case 'COMPLETE_EXTERNAL':
    case 'FAIL_EXTERNAL':
    case 'HAND_BACK_TASK':
      return workAsWorker(state, task, command, context);
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
    case 'SET_CONTEXT_ENTITIES':
      return setContextEntities(state, command.contextEntityIds);
    case 'WAKE_EXECUTION':
      return accept(wake(state, context));
    case 'DELETE_EXECUTION':
      return accept(state);
  }
}

/** The command that a person would have given. */
const MEANING = {
  SUCCESS: 'COMPLETE_TASK',
  SKIPPED: 'SKIP_TASK',
  CANCELLED: 'SKIP_TASK',
  FAILED: 'FAIL_TASK',
  HOT: 'FAIL_TASK',
} as const satisfies Readonly<Record<RunOutcome, Command['type']>>;

function subjectOf(command: Command): Subject {
  const { type } = command;
  if (type === 'ADD_TASK') return { taskId: command.id, command: type };
  // What a run came to is told as if somebody had done it.
  if (type === 'FINISH_AUTOMATION') return { taskId: command.taskId, command: MEANING[command.outcome] };
  // A worker's success is a completion as any other.
  if (type === 'COMPLETE_EXTERNAL') return { taskId: command.taskId, command: 'COMPLETE_TASK' };
  return { taskId: 'taskId' in command ? command.taskId : null, command: type };
}
