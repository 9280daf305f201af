/** What a change is called. One change may touch many fields; what brought it about gives the name. */
import type { Command } from './command.ts';
import type { EngineEventType } from './result.ts';
import type { ExecutionData, PhaseData, TaskData } from './state.ts';

/** What the change of a task is called when the command was given to that very task. */
const COMMAND_EVENTS = {
  START_TASK: 'TASK_STARTED',
  STOP_TASK: 'TASK_STOPPED',
  COMPLETE_TASK: 'TASK_COMPLETED',
  SKIP_TASK: 'TASK_SKIPPED',
  HOLD_TASK: 'TASK_HELD',
  RESUME_TASK: 'TASK_RESUMED',
  REOPEN_TASK: 'TASK_REOPENED',
  ASSIGN_TASK: 'TASK_ASSIGNED',
  CLAIM_TASK: 'TASK_CLAIMED',
  RELEASE_TASK: 'TASK_RELEASED',
  SET_TASK_DUE_DATE: 'TASK_DUE_DATE_CHANGED',
  UPDATE_TASK: 'TASK_UPDATED',
} as const satisfies Partial<Record<Command['type'], EngineEventType>>;

function isGivenToTask(type: Command['type']): type is keyof typeof COMMAND_EVENTS {
  return Object.hasOwn(COMMAND_EVENTS, type);
}

/** `command`: null if it was given to something else, so that the task only follows. */
export function taskEventType(
  task: TaskData,
  fields: readonly (keyof TaskData)[],
  command: Command['type'] | null,
): EngineEventType {
  if (command !== null && isGivenToTask(command)) return COMMAND_EVENTS[command];
  // Another task changes its status only when a revert puts it back.
  if (fields.includes('status')) return 'TASK_REOPENED';
  if (fields.includes('isEnabled')) return task.isEnabled ? 'TASK_ENABLED' : 'TASK_BLOCKED';
  return 'TASK_UPDATED';
}

export function phaseEventType(before: PhaseData, after: PhaseData): EngineEventType {
  if (before.status === after.status) return 'PHASE_PROGRESSED';
  if (after.status === 'COMPLETED') return 'PHASE_COMPLETED';
  return before.status === 'OPEN' ? 'PHASE_STARTED' : 'PHASE_REOPENED';
}

export function executionEventType(
  execution: ExecutionData,
  fields: readonly (keyof ExecutionData)[],
): EngineEventType {
  if (fields.includes('status'))
    return execution.status === 'STARTED' ? 'EXECUTION_REOPENED' : `EXECUTION_${execution.status}`;
  if (fields.includes('assignees')) return 'EXECUTION_ASSIGNED';
  if (fields.includes('dueAt')) return 'EXECUTION_DUE_DATE_CHANGED';
  return 'EXECUTION_PROGRESSED';
}
