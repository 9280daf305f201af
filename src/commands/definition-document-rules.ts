/** Due date rules, schedules, decisions, automations, journeys, confirmations, triggers and sync rules as a definition's document holds them. */
import { z } from 'zod';
import type {
  DueAnchor,
  EscalationAction,
  EscalationMoment,
  ExecutionFact,
  Operator,
  ScheduleAnchor,
  SyncEvent,
  SyncSource,
} from '../engine/definition.ts';
import { DEFAULT_CONFIRMATION_HOURS, DEFAULT_ITERATIONS } from '../engine/limits.ts';
import {
  assignee,
  choice,
  optionalText,
  timeUnit,
  triggerMode,
  wholeNumber,
} from './definition-document-fields.ts';

export const dueRule = z.strictObject({
  amount: wholeNumber,
  unit: timeUnit,
  anchor: choice<DueAnchor>({
    EXECUTION_STARTED: true,
    TASK_FINISHED: true,
    PHASE_FINISHED: true,
    A_PRECEDING_TASK_FINISHED: true,
    ALL_PRECEDING_TASKS_FINISHED: true,
  }),
  taskKey: optionalText,
  phaseKey: optionalText,
});

const handover = z.strictObject({
  assignee,
  time: z.strictObject({ amount: wholeNumber, unit: timeUnit }).nullable().default(null),
});

export const escalations = z
  .array(
    z.strictObject({
      on: choice<EscalationMoment>({ BEFORE_DUE: true, DUE: true, AFTER_DUE: true, UNCLAIMED: true }),
      amount: wholeNumber.default(0),
      unit: timeUnit.default('HOURS'),
      action: choice<EscalationAction>({ REMIND: true, REASSIGN: true, NOTIFY_LEAD: true }),
      handovers: z.array(handover).default([]),
      leads: z.array(assignee).default([]),
      respectsWorkingTime: z.boolean().default(true),
    }),
  )
  .default([]);

export const schedule = z.strictObject({
  anchor: choice<ScheduleAnchor>({
    REACHED: true,
    EXECUTION_STARTED: true,
    TASK_FINISHED: true,
    ALL_PRECEDING_TASKS_FINISHED: true,
    ENTITY_DATE: true,
  }),
  direction: choice({ BEFORE: true, AFTER: true }).default('AFTER'),
  amount: wholeNumber,
  unit: timeUnit,
  taskKey: optionalText,
  path: optionalText,
  entitySchema: optionalText,
});

const offset = z.strictObject({ amount: wholeNumber, unit: timeUnit }).nullable().default(null);

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ENTITY'),
    entitySchema: optionalText,
    paths: z.array(z.string()),
    match: choice({ ANY: true, ALL: true }).default('ANY'),
    offset,
  }),
  z.strictObject({
    type: z.literal('EXECUTION'),
    fact: choice<ExecutionFact>({
      NAME: true,
      STATUS: true,
      STARTED_AT: true,
      DUE_AT: true,
      ASSIGNEES: true,
      TASK_STATUS: true,
      TASK_FINISHED_AT: true,
      PHASE_STATUS: true,
      ITERATIONS: true,
    }),
    taskKey: optionalText,
    phaseKey: optionalText,
    offset,
  }),
]);

const statement = z.strictObject({
  source,
  operator: choice<Operator>({
    EQUALS: true,
    NOT_EQUALS: true,
    ANY_OF: true,
    NONE_OF: true,
    CONTAINS: true,
    NOT_CONTAINS: true,
    STARTS_WITH: true,
    ENDS_WITH: true,
    GREATER_THAN: true,
    LESS_THAN: true,
    GREATER_THAN_OR_EQUALS: true,
    LESS_THAN_OR_EQUALS: true,
    IS_EMPTY: true,
    IS_NOT_EMPTY: true,
  }),
  values: z.array(z.string()).default([]),
  valueType: choice({ STATIC: true, RELATIVE_DATE: true }).default('STATIC'),
});

const branch = z.strictObject({
  key: z.string(),
  name: z.string(),
  isDefault: z.boolean().default(false),
  connective: choice({ AND: true, OR: true }).default('AND'),
  statements: z.array(statement).default([]),
});

export const decision = z.strictObject({
  mode: triggerMode,
  takes: choice({ FIRST_MET: true, EVERY_MET: true }).default('FIRST_MET'),
  branches: z.array(branch),
  loop: z
    .strictObject({
      branchKey: z.string(),
      exitBranchKey: z.string(),
      maxIterations: wholeNumber.default(DEFAULT_ITERATIONS),
    })
    .nullable()
    .default(null),
});

export const automation = z.strictObject({
  automationId: z.string(),
  mode: triggerMode,
  inputTaskKey: optionalText,
});

export const journey = z
  .strictObject({
    journeyId: z.string(),
    completesTask: z.boolean().default(false),
    parameters: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  })
  .transform(({ parameters, ...reference }) => ({
    ...reference,
    ...(parameters.length > 0 ? { parameters } : {}),
  }));

export const confirmation = z.strictObject({
  mode: triggerMode,
  to: optionalText,
  subject: optionalText,
  message: optionalText,
  expiresAfter: z
    .strictObject({ amount: wholeNumber, unit: timeUnit })
    .default({ amount: DEFAULT_CONFIRMATION_HOURS, unit: 'HOURS' }),
});

/** MANUAL if it does not say. */
export const trigger = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('type' in value)
      ? { ...value, type: 'MANUAL' }
      : value,
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('MANUAL'), entitySchema: optionalText }),
    z.strictObject({ type: z.literal('AUTOMATION'), automationId: optionalText }),
    z.strictObject({ type: z.literal('JOURNEY'), journeyId: optionalText }),
  ]),
);

export const syncRule = z.strictObject({
  event: choice<SyncEvent>({
    EXECUTION_STARTED: true,
    EXECUTION_DONE: true,
    EXECUTION_CLOSED: true,
    EXECUTION_REOPENED: true,
    EXECUTION_DELETED: true,
    EXECUTION_ASSIGNED: true,
    EXECUTION_DUE_DATE_CHANGED: true,
    EXECUTION_CONTEXTS_CHANGED: true,
    TASK_UPDATED: true,
    TASK_COMPLETED: true,
    TASK_SKIPPED: true,
    TASK_STARTED: true,
    TASK_HELD: true,
    CURRENT_TASK_CHANGED: true,
    PHASE_UPDATED: true,
    PHASE_COMPLETED: true,
    PHASE_SKIPPED: true,
    PHASE_STARTED: true,
  }),
  taskKey: optionalText,
  phaseKey: optionalText,
  entitySchema: z.string(),
  path: z.string(),
  source: choice<SyncSource>({
    EXECUTION_NAME: true,
    EXECUTION_STATUS: true,
    EXECUTION_ASSIGNEES: true,
    TASK_NAME: true,
    TASK_STATUS: true,
    TASK_ASSIGNEES: true,
    PHASE_NAME: true,
    PHASE_STATUS: true,
    PHASE_ASSIGNEES: true,
    CUSTOM_VALUE: true,
  }),
  customValue: optionalText,
});
