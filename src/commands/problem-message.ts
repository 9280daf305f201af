/** Problems as sentences for people: what is wrong and what would be right. */
import type { LeaseLostReason } from '../engine/result.ts';
import { globalId } from '../store/global-id.ts';
import type {
  NotOpenableReason,
  NotRunnableReason,
  NotSendableReason,
  NotStartableReason,
  Problem,
  ProblemOf,
} from './problem.ts';

const NOT_STARTABLE: Readonly<Record<NotStartableReason, string>> = {
  NOT_PUBLISHED: 'it has not been published',
  DISABLED: 'it is disabled',
  ARCHIVED: 'it is archived',
  NO_MANUAL_TRIGGER: 'it has no manual trigger',
  NO_AUTOMATION_TRIGGER: 'it has no trigger for this automation',
  NO_JOURNEY_TRIGGER: 'it has no trigger for this journey',
  ENTITY_SCHEMA_MISMATCH: 'its manual trigger is for entities of another schema',
};

const NOT_RUNNABLE: Readonly<Record<NotRunnableReason, string>> = {
  NOT_PUBLISHED: 'it has not been published',
  DISABLED: 'it is disabled',
  ARCHIVED: 'it is archived',
  NO_TRIGGER: 'its published version has no such trigger',
  ENTITY_SCHEMA_MISMATCH: 'its trigger is for entities of another schema',
};

const NOT_SENDABLE: Readonly<Record<NotSendableReason, string>> = {
  PENDING: 'it is on its way',
  CANCELLED: 'the run that it belongs to was cancelled',
  CONFIRMATION_OVER: 'nobody waits for the confirmation any more that it asks for',
  ENDPOINT_DISABLED: 'its endpoint is disabled; enable it first',
  ENDPOINT_DELETED: 'its endpoint was deleted',
};

const LEASE_LOST: Readonly<Record<LeaseLostReason, string>> = {
  EXPIRED: 'its time was over',
  TAKEN_OVER: 'another worker or a person has taken the task over',
  ENDED: 'the task went on without it',
};

const NOT_OPENABLE: Readonly<Record<NotOpenableReason, string>> = {
  DISABLED: 'it is disabled; enable it first',
  ARCHIVED: 'it is archived; unarchive it first',
  NO_JOURNEY: 'the task has none',
};

const NOT_OPEN: Readonly<Record<ProblemOf<'JOURNEY_SESSION_NOT_OPEN'>['status'], string>> = {
  SUBMITTED: 'The form has been submitted already; once is enough.',
  EXPIRED: 'The time for the form is over; open the journey again.',
  CLOSED:
    'The form is not needed any more: it was taken back, its task is finished, its execution is over, or what it is about was deleted.',
};

/**
 * The problem in a sentence or two.
 *
 * @param names - what the task is called that it is about, who claimed it, and why it is blocked; without it, only what the problem itself says.
 */
export function problemMessage(
  problem: Problem,
  names: { readonly task?: string; readonly claimer?: string; readonly blockers?: readonly string[] } = {},
): string {
  const { task = 'The task', claimer = 'somebody else', blockers = [] } = names;
  switch (problem.code) {
    case 'NOT_FOUND':
      return `There is no ${problem.what} with the id ${globalId(problem.what, problem.id)}.`;
    case 'VERSION_CONFLICT':
      return `The ${problem.what} was changed meanwhile: it has version ${problem.currentVersion} now. Read it again and decide anew.`;
    case 'INVALID_INPUT':
      return problem.issues.map(({ message }) => message).join(' ');
    case 'FORBIDDEN':
      return problem.message;
    case 'IDEMPOTENCY_CONFLICT':
      return `The idempotency key “${problem.idempotencyKey}” was used with another input; take a new key for a new request.`;
    case 'TASK_BLOCKED':
      return [`${task} is blocked.`, ...blockers].join(' ');
    case 'COMMAND_NOT_ALLOWED':
      return `${task} is ${problem.status} since ${problem.since}. Allowed now: ${problem.allowedCommands.join(', ') || 'nothing'}.`;
    case 'EXECUTION_NOT_OPEN':
      return `The execution is ${problem.status}; reopen it first.`;
    case 'EXECUTION_NOT_FINISHED':
      return 'The execution is STARTED; only DONE and CLOSED ones can be reopened.';
    case 'ALREADY_CLAIMED':
      return `${task} is already claimed by ${claimer}.`;
    case 'NOT_CLAIMABLE':
      return `${task} is not assigned to a team of yours, so you can’t claim it.`;
    case 'LEASE_LOST':
      return `The lease is over: ${LEASE_LOST[problem.reason]}. The task is ${problem.status}. Do nothing more with it; fetch another.`;
    case 'DEFINITION_INVALID':
      return `The definition has ${errorCount(problem.issues)} errors; see issues.`;
    case 'DEFINITION_NOT_STARTABLE':
      return `The definition can’t be started on this entity: ${NOT_STARTABLE[problem.reason]}.`;
    case 'CHAIN_TOO_DEEP':
      return `${problem.depth} automations and workflows have set each other off; that is where it ends.`;
    case 'ENTITY_IN_USE':
      return `There are ${problem.executionCount} executions on this entity; delete them first.`;
    case 'AUTOMATION_INVALID':
      return `The automation has ${errorCount(problem.issues)} errors; see issues.`;
    case 'AUTOMATION_NOT_RUNNABLE':
      return `The automation can’t be run: ${NOT_RUNNABLE[problem.reason]}.`;
    case 'RUN_COMMAND_NOT_ALLOWED':
      return `The run is ${problem.status}: one that is not over can be cancelled, one that failed or was cancelled can be retried.`;
    case 'ABSENCE_OVERLAPS':
      return 'There is an absence on some of these days already; change that one, or end it.';
    case 'ABSENCE_OVER':
      return 'The absence is over; make a new one.';
    case 'JOURNEY_NOT_OPENABLE':
      return `The journey can’t be opened: ${NOT_OPENABLE[problem.reason]}.`;
    case 'JOURNEY_SESSION_NOT_OPEN':
      return NOT_OPEN[problem.status];
    case 'JOURNEY_DATA_INVALID':
      return `What was filled in has ${problem.errors.length} errors; see errors.`;
    case 'JOURNEY_NOT_MAPPABLE':
      return `The values can’t be written where the journey says: ${problem.message}`;
    case 'JOURNEY_BUSY':
      return 'The form’s public link is used very often at the moment: try again in a minute.';
    case 'DELIVERY_NOT_SENDABLE':
      return `The message can’t be sent again: ${NOT_SENDABLE[problem.reason]}.`;
  }
}

function errorCount(issues: readonly { readonly severity: string }[]): number {
  return issues.filter(({ severity }) => severity === 'ERROR').length;
}
