/** What a change is called. One change may touch many fields; what brought it about gives the name. */
import type { Command } from './command.ts';
import { hasExpired, isLeased } from './lease.ts';
import { escalationsSince, isReminder } from './escalation-record.ts';
import type { EngineEventType } from './result.ts';
import type { ExecutionData, PhaseData, TaskData } from './state.ts';
import { isExecutionOpen, isFinished } from './transition.ts';

/** What the change of a task is called when the command was given to that very task. */
const COMMAND_EVENTS = {
  START_TASK: 'TASK_STARTED',
  STOP_TASK: 'TASK_STOPPED',
  COMPLETE_TASK: 'TASK_COMPLETED',
  SKIP_TASK: 'TASK_SKIPPED',
  HOLD_TASK: 'TASK_HELD',
  RESUME_TASK: 'TASK_RESUMED',
  REOPEN_TASK: 'TASK_REOPENED',
  FAIL_TASK: 'TASK_FAILED',
  RETRY_TASK: 'TASK_RETRIED',
  ASSIGN_TASK: 'TASK_ASSIGNED',
  CLAIM_TASK: 'TASK_CLAIMED',
  RELEASE_TASK: 'TASK_RELEASED',
  SET_TASK_DUE_DATE: 'TASK_DUE_DATE_CHANGED',
  UPDATE_TASK: 'TASK_UPDATED',
  REQUEST_CONFIRMATION: 'TASK_AWAITS_CONFIRMATION',
  WITHDRAW_CONFIRMATION: 'TASK_CONFIRMATION_WITHDRAWN',
  LEASE_TASK: 'TASK_LEASED',
  EXTEND_LEASE: 'TASK_LEASE_EXTENDED',
  HAND_BACK_TASK: 'TASK_HANDED_BACK',
} as const satisfies Partial<Record<Command['type'], EngineEventType>>;

function isGivenToTask(type: Command['type']): type is keyof typeof COMMAND_EVENTS {
  return Object.hasOwn(COMMAND_EVENTS, type);
}

/** `command`: null if it was given to something else, so that the task only follows. */
export function taskEventType(
  before: TaskData,
  after: TaskData,
  fields: readonly (keyof TaskData)[],
  command: Command['type'] | null,
): EngineEventType {
  if (after.iterations > before.iterations) return 'TASK_LOOPED';
  if (command === 'DECIDE_TASK') return 'TASK_DECIDED';
  if (command === 'RUN_AUTOMATION') return before.status === 'IN_PROGRESS' ? 'TASK_UPDATED' : 'TASK_STARTED';
  if (command === 'ANSWER_CONFIRMATION')
    return after.confirmationRequest?.state === 'CONFIRMED' ? 'TASK_CONFIRMED' : 'TASK_FAILED';
  // An automation that runs by itself is more than woken.
  if (command === 'START_TASK' && before.status === 'SCHEDULED' && after.status !== 'IN_PROGRESS')
    return 'TASK_SCHEDULE_RAN';
  if (command === 'FAIL_EXTERNAL') return after.status === 'FAILED' ? 'TASK_FAILED' : 'TASK_ATTEMPT_FAILED';
  if (command !== null && isGivenToTask(command)) return COMMAND_EVENTS[command];
  if (fields.includes('status')) return movedBySystem(before, after);
  if (fields.includes('isEnabled')) return after.isEnabled ? 'TASK_ENABLED' : 'TASK_BLOCKED';
  if (fields.includes('escalated'))
    return escalationsSince(before, after).every(isReminder) ? 'TASK_REMINDED' : 'TASK_ESCALATED';
  if (fields.includes('scheduleRanAt') && after.scheduleRanAt !== null) return 'TASK_SCHEDULE_RAN';
  if (fields.includes('dueAt')) return 'TASK_DUE_DATE_CHANGED';
  return fields.includes('assignees') ? 'TASK_ASSIGNED' : 'TASK_UPDATED';
}

/** What is told of a task whose status followed from something else. */
function movedBySystem(before: TaskData, after: TaskData): EngineEventType {
  switch (after.status) {
    case 'IN_PROGRESS':
      return 'TASK_STARTED';
    case 'COMPLETED':
      return 'TASK_DECIDED';
    case 'SKIPPED':
      return 'TASK_SKIPPED';
    case 'FAILED':
      return 'TASK_FAILED';
    case 'SCHEDULED':
      return 'TASK_SCHEDULED';
    case 'CONDITION_PENDING':
      return 'TASK_AWAITS_DECISION';
    case 'WAITING_FOR_CONFIRMATION':
      return 'TASK_AWAITS_CONFIRMATION';
    default:
      // A lease that ends by itself: its time is over, or something blocks the task again.
      if (isLeased(before)) return hasExpired(after) ? 'TASK_LEASE_EXPIRED' : 'TASK_BLOCKED';
      if (isFinished(before.status)) return 'TASK_REOPENED';
      if (before.status === 'SCHEDULED')
        return after.scheduleRanAt === null ? 'TASK_SCHEDULE_CANCELLED' : 'TASK_SCHEDULE_RAN';
      return before.status === 'CONDITION_PENDING' ? 'TASK_BLOCKED' : 'TASK_REOPENED';
  }
}

export function phaseEventType(before: PhaseData, after: PhaseData): EngineEventType {
  const escalations = escalationsSince(before, after);
  if (before.status === after.status && escalations.length > 0)
    return escalations.every(isReminder) ? 'PHASE_REMINDED' : 'PHASE_ESCALATED';
  if (before.status === after.status) return 'PHASE_PROGRESSED';
  if (after.status === 'COMPLETED') return 'PHASE_COMPLETED';
  return before.status === 'OPEN' ? 'PHASE_STARTED' : 'PHASE_REOPENED';
}

export function executionEventType(
  before: ExecutionData,
  after: ExecutionData,
  fields: readonly (keyof ExecutionData)[],
): EngineEventType {
  if (fields.includes('status')) {
    if (!isExecutionOpen(after.status))
      return after.status === 'DONE' ? 'EXECUTION_DONE' : 'EXECUTION_CLOSED';
    if (!isExecutionOpen(before.status)) return 'EXECUTION_REOPENED';
    return after.status === 'FAILED' ? 'EXECUTION_FAILED' : 'EXECUTION_RECOVERED';
  }
  if (fields.includes('escalated'))
    return escalationsSince(before, after).every(isReminder) ? 'EXECUTION_REMINDED' : 'EXECUTION_ESCALATED';
  if (fields.includes('entityIds')) return 'EXECUTION_CONTEXTS_CHANGED';
  if (fields.includes('assignees')) return 'EXECUTION_ASSIGNED';
  if (fields.includes('dueAt')) return 'EXECUTION_DUE_DATE_CHANGED';
  return 'EXECUTION_PROGRESSED';
}
