/**
 * The types of webhooks that endpoints can subscribe to: those of the log, except what only tells of notifications, of messages and of endpoints
 * themselves. (An endpoint that is told of its own dead letters would make more of them.)
 */

/** By subject, what happens to it; together, as in `TASK_COMPLETED`, they are the log's name, and `task.completed` is that of the webhook. */
const OCCURRENCES = {
  EXECUTION: [
    'STARTED',
    'DONE',
    'CLOSED',
    'REOPENED',
    'FAILED',
    'RECOVERED',
    'DELETED',
    'ASSIGNED',
    'DUE_DATE_CHANGED',
    'CONTEXTS_CHANGED',
    'PROGRESSED',
    'REMINDED',
    'ESCALATED',
  ],
  PHASE: ['ADDED', 'STARTED', 'COMPLETED', 'REOPENED', 'PROGRESSED', 'REMINDED', 'ESCALATED'],
  TASK: [
    'ADDED',
    'REMOVED',
    'STARTED',
    'STOPPED',
    'COMPLETED',
    'SKIPPED',
    'HELD',
    'RESUMED',
    'REOPENED',
    'SCHEDULED',
    'SCHEDULE_RAN',
    'SCHEDULE_CANCELLED',
    'AWAITS_DECISION',
    'DECIDED',
    'AWAITS_CONFIRMATION',
    'CONFIRMED',
    'CONFIRMATION_WITHDRAWN',
    'LOOPED',
    'FAILED',
    'RETRIED',
    'ASSIGNED',
    'CLAIMED',
    'RELEASED',
    'DUE_DATE_CHANGED',
    'UPDATED',
    'LEASED',
    'LEASE_EXTENDED',
    'LEASE_EXPIRED',
    'ATTEMPT_FAILED',
    'HANDED_BACK',
    'ENABLED',
    'BLOCKED',
    'REMINDED',
    'ESCALATED',
  ],
  NOTE: ['ADDED', 'UPDATED', 'DELETED'],
  ENTITY: ['CREATED', 'UPDATED', 'DELETED'],
  DEFINITION: ['CREATED', 'DRAFT_SAVED', 'PUBLISHED', 'ENABLED', 'DISABLED', 'ARCHIVED', 'UNARCHIVED'],
  AUTOMATION: ['CREATED', 'DRAFT_SAVED', 'PUBLISHED', 'ENABLED', 'DISABLED', 'ARCHIVED', 'UNARCHIVED'],
  AUTOMATION_RUN: [
    'STARTED',
    'PROGRESSED',
    'PAUSED',
    'RESUMED',
    'RETRIED',
    'SUCCEEDED',
    'FAILED',
    'CANCELLED',
    'SKIPPED',
    'HOT',
  ],
  JOURNEY: [
    'CREATED',
    'UPDATED',
    'ENABLED',
    'DISABLED',
    'ARCHIVED',
    'UNARCHIVED',
    'SECRET_ROTATED',
    'OPENED',
    'CLOSED',
    'SUBMITTED',
  ],
  USER: ['CREATED', 'UPDATED'],
  TEAM: ['CREATED', 'UPDATED'],
  ABSENCE: ['CREATED', 'UPDATED', 'STARTED', 'ENDED'],
  CLOSING_REASON: ['CREATED', 'UPDATED'],
  ORGANIZATION: ['UPDATED'],
} as const;

/** A type of webhook, and the type of the log that it tells of. */
export interface WebhookType {
  /** `task.completed` */
  readonly name: string;
  /** `TASK_COMPLETED` */
  readonly eventType: string;
}

/** All that can be subscribed to. */
export const WEBHOOK_TYPES: readonly WebhookType[] = Object.entries(OCCURRENCES).flatMap(
  ([subject, occurrences]) =>
    occurrences.map((occurrence) => ({
      name: `${subject}.${occurrence}`.toLowerCase(),
      eventType: `${subject}_${occurrence}`,
    })),
);

const NAMES: ReadonlyMap<string, string> = new Map(
  WEBHOOK_TYPES.map(({ name, eventType }) => [eventType, name]),
);
const SUBJECTS = Object.keys(OCCURRENCES).map((subject) => subject.toLowerCase());
const SUBSCRIPTIONS = new Set([...NAMES.values(), ...SUBJECTS.map((subject) => `${subject}.*`)]);

/** The type of the webhook that tells of events of this type: `TASK_COMPLETED` → `task.completed`; null if nobody can subscribe to it. */
export function webhookTypeOf(eventType: string): string | null {
  return NAMES.get(eventType) ?? null;
}

/** Whether an endpoint can subscribe to this: `task.completed`, or `task.*` for all types of a subject. */
export function isSubscription(text: string): boolean {
  return SUBSCRIPTIONS.has(text);
}

/** Whether an endpoint with these subscriptions is told of this type. */
export function subscribesTo(subscriptions: readonly string[], webhookType: string): boolean {
  const subject = webhookType.slice(0, webhookType.indexOf('.'));
  return subscriptions.includes(webhookType) || subscriptions.includes(`${subject}.*`);
}
