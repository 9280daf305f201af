/** What the API calls the things that events speak of. */
import type { SubjectType } from './event-log.ts';
import { globalId } from './global-id.ts';

const TYPES: Readonly<Record<SubjectType, string>> = {
  ENTITY: 'Entity',
  DEFINITION: 'WorkflowDefinition',
  EXECUTION: 'WorkflowExecution',
  PHASE: 'Phase',
  TASK: 'Task',
  NOTE: 'Note',
  USER: 'User',
  TEAM: 'Team',
  CLOSING_REASON: 'ClosingReason',
  ORGANIZATION: 'Organization',
  AUTOMATION: 'Automation',
  AUTOMATION_RUN: 'AutomationRun',
  JOURNEY: 'Journey',
  JOURNEY_SESSION: 'JourneySession',
  JOURNEY_SUBMISSION: 'JourneySubmission',
  WEBHOOK_ENDPOINT: 'WebhookEndpoint',
  DELIVERY: 'Delivery',
  NOTIFICATION: 'Notification',
  ABSENCE: 'Absence',
};

/** The global id of an event's subject. */
export function subjectGlobalId(type: SubjectType, key: string): string {
  return globalId(TYPES[type], key);
}
