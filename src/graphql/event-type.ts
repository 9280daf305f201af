/** What kinds of things happen. */
import type { EngineEventType } from '../engine/result.ts';
import { builder } from './builder.ts';

type Described = Readonly<Record<string, { readonly description: string }>>;

const OF_EXECUTIONS = {
  EXECUTION_STARTED: { description: 'An execution was started.' },
  EXECUTION_DONE: { description: 'Its last open task was finished.' },
  EXECUTION_CLOSED: { description: 'It was ended early.' },
  EXECUTION_REOPENED: { description: 'It is open again.' },
  EXECUTION_FAILED: { description: 'One of its tasks failed.' },
  EXECUTION_RECOVERED: { description: 'The last of its failed tasks was dealt with.' },
  EXECUTION_DELETED: { description: 'It was deleted; what happened in it stays in the log.' },
  EXECUTION_ASSIGNED: { description: 'Who is responsible for the whole changed.' },
  EXECUTION_DUE_DATE_CHANGED: { description: 'Its due date was set or cleared.' },
  EXECUTION_CONTEXTS_CHANGED: { description: 'The entities of its context changed.' },
  EXECUTION_PROGRESSED: { description: 'Its progress, current task or current phase changed.' },
  PHASE_ADDED: { description: 'A phase came with a started execution.' },
  PHASE_STARTED: { description: 'A phase is in progress.' },
  PHASE_COMPLETED: { description: 'All tasks of a phase are finished.' },
  PHASE_REOPENED: { description: 'A phase is no longer completed, or no longer in progress.' },
  PHASE_PROGRESSED: { description: 'A phase’s progress changed.' },
  TASK_ADDED: { description: 'A task came with a started execution or was added by hand.' },
  TASK_REMOVED: { description: 'A task that was added by hand was removed.' },
  TASK_STARTED: { description: 'A task was marked in progress.' },
  TASK_STOPPED: { description: 'A task was put back to pending.' },
  TASK_COMPLETED: { description: 'A task was completed.' },
  TASK_SKIPPED: { description: 'A task was skipped.' },
  TASK_HELD: { description: 'A task was put on hold.' },
  TASK_RESUMED: { description: 'A hold ended.' },
  TASK_REOPENED: { description: 'A finished task is open again, or a task was reset with one before it.' },
  TASK_SCHEDULED: { description: 'A task was reached and waits for its time.' },
  TASK_SCHEDULE_RAN: { description: 'A task went on: its time came, or somebody ran it.' },
  TASK_SCHEDULE_CANCELLED: { description: 'A task does not wait for its time any more.' },
  TASK_AWAITS_DECISION: { description: 'A decision waits for a person.' },
  TASK_DECIDED: { description: 'A decision was taken, by a person or by its conditions.' },
  TASK_LOOPED: { description: 'A decision led back: the tasks from there on are to be done again.' },
  TASK_FAILED: { description: 'A task failed.' },
  TASK_RETRIED: { description: 'A failed task runs again.' },
  TASK_ASSIGNED: { description: 'Who is responsible for a task changed.' },
  TASK_CLAIMED: { description: 'Somebody took a team’s task.' },
  TASK_RELEASED: { description: 'A claimed task was given back.' },
  TASK_DUE_DATE_CHANGED: { description: 'A task’s due date was set or cleared.' },
  TASK_UPDATED: { description: 'A task’s name, description or place changed.' },
  TASK_ENABLED: { description: 'Nothing blocks a task any more.' },
  TASK_BLOCKED: { description: 'Something blocks a task again.' },
} as const satisfies Readonly<Record<EngineEventType, { readonly description: string }>>;

const OF_THE_REST = {
  NOTE_ADDED: { description: 'A note was written.' },
  NOTE_UPDATED: { description: 'A note was changed.' },
  NOTE_DELETED: { description: 'A note was deleted.' },
  ENTITY_CREATED: { description: 'An entity was created.' },
  ENTITY_UPDATED: { description: 'An entity’s title or attributes changed.' },
  DEFINITION_CREATED: { description: 'A definition was created.' },
  DEFINITION_DRAFT_SAVED: { description: 'A definition’s draft changed.' },
  DEFINITION_PUBLISHED: { description: 'A definition’s draft was published as a new version.' },
  DEFINITION_ENABLED: { description: 'A definition can be started again.' },
  DEFINITION_DISABLED: { description: 'A definition can’t be started any more.' },
  DEFINITION_ARCHIVED: { description: 'A definition was put out of sight.' },
  DEFINITION_UNARCHIVED: { description: 'A definition was brought back.' },
  USER_CREATED: { description: 'A user was created.' },
  USER_UPDATED: { description: 'A user changed.' },
  TEAM_CREATED: { description: 'A team was created.' },
  TEAM_UPDATED: { description: 'A team’s name or members changed.' },
  CLOSING_REASON_CREATED: { description: 'A closing reason was added to the catalogue.' },
  CLOSING_REASON_UPDATED: { description: 'A closing reason changed.' },
  ORGANIZATION_UPDATED: { description: 'The organization’s settings changed.' },
} as const satisfies Described;

export const EventTypeEnum = builder.enumType('EventType', {
  description: 'What happened.',
  values: { ...OF_EXECUTIONS, ...OF_THE_REST } as const,
});

export type EventType = typeof EventTypeEnum.$inferType;
