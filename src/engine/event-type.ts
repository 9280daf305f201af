/** What a change is called. One change may touch many fields; the most telling one gives the name. */
import type { EngineEventType } from './result.ts';
import type { ExecutionData, PhaseData, TaskData } from './state.ts';

/** `statusEvent`: what a change of status is called if the command was given to this very task. */
export function taskEventType(
  task: TaskData,
  fields: readonly (keyof TaskData)[],
  statusEvent: EngineEventType | null,
): EngineEventType {
  // Another task changes its status only when a revert puts it back.
  if (fields.includes('status')) return statusEvent ?? 'TASK_REOPENED';
  if (fields.includes('claimedById')) return task.claimedById === null ? 'TASK_RELEASED' : 'TASK_CLAIMED';
  if (fields.includes('assignees')) return 'TASK_ASSIGNED';
  if (fields.includes('dueAt')) return 'TASK_DUE_DATE_CHANGED';
  if (fields.includes('name') || fields.includes('description')) return 'TASK_UPDATED';
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
