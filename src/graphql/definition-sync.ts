/** What executions tell their entities: rules, and in short the presets that stand for the usual ones. */
import type { EntitySyncRule, SyncEvent, SyncSource } from '../engine/definition.ts';
import { withPresets, type SyncPresetName } from '../engine/sync-presets.ts';
import { builder } from './builder.ts';

const SyncEventEnum = builder.enumType('SyncEvent', {
  description: 'What an entity can be told about.',
  values: {
    EXECUTION_STARTED: { description: 'The execution was started.' },
    EXECUTION_DONE: { description: 'Its last open task was finished.' },
    EXECUTION_CLOSED: { description: 'It was ended early.' },
    EXECUTION_REOPENED: { description: 'It is open again.' },
    EXECUTION_DELETED: { description: 'It was deleted.' },
    EXECUTION_ASSIGNED: { description: 'Who is responsible for the whole changed.' },
    EXECUTION_DUE_DATE_CHANGED: { description: 'Its due date changed.' },
    EXECUTION_CONTEXTS_CHANGED: { description: 'The entities that it is about changed.' },
    TASK_UPDATED: { description: 'Anything about the task changed.' },
    TASK_COMPLETED: { description: 'The task was completed.' },
    TASK_SKIPPED: { description: 'The task was skipped.' },
    TASK_STARTED: { description: 'The task was marked in progress.' },
    TASK_HELD: { description: 'The task was put on hold.' },
    CURRENT_TASK_CHANGED: {
      description: 'Another task is the current one: the first open one, top to bottom, that is reached.',
    },
    PHASE_UPDATED: { description: 'Anything about the phase changed.' },
    PHASE_COMPLETED: { description: 'All tasks of the phase are finished, and one of them was completed.' },
    PHASE_SKIPPED: { description: 'All tasks of the phase were skipped.' },
    PHASE_STARTED: { description: 'The phase is in progress.' },
  } as const satisfies Readonly<Record<SyncEvent, object>>,
});

const SyncSourceEnum = builder.enumType('SyncSource', {
  description: 'What is written into an attribute. Task and phase are those that the event is about.',
  values: {
    EXECUTION_NAME: { description: 'The execution’s name.' },
    EXECUTION_STATUS: { description: 'The execution’s status, such as `STARTED`.' },
    EXECUTION_ASSIGNEES: { description: 'Who is responsible for the execution: a list of texts.' },
    TASK_NAME: { description: 'The task’s name.' },
    TASK_STATUS: { description: 'The task’s status, such as `COMPLETED`.' },
    TASK_ASSIGNEES: { description: 'Who is responsible for the task: a list of texts.' },
    PHASE_NAME: { description: 'The phase’s name.' },
    PHASE_STATUS: { description: 'The phase’s status, such as `IN_PROGRESS`.' },
    PHASE_ASSIGNEES: { description: 'Who is responsible for the phase: a list of texts.' },
    CUSTOM_VALUE: { description: 'The text `customValue`.' },
  } as const satisfies Readonly<Record<SyncSource, object>>,
});

const EntitySyncPresetEnum = builder.enumType('EntitySyncPreset', {
  description: 'What most workflows tell their entities.',
  values: {
    EXECUTION_STATUS: {
      description:
        'The execution’s status. Four rules: on EXECUTION_STARTED, EXECUTION_DONE, EXECUTION_CLOSED and EXECUTION_REOPENED, the source EXECUTION_STATUS.',
    },
    CURRENT_TASK: {
      description: 'The current task’s name. One rule: on CURRENT_TASK_CHANGED, the source TASK_NAME.',
    },
    CURRENT_PHASE: {
      description:
        'The name of the current task’s phase. One rule: on CURRENT_TASK_CHANGED, the source PHASE_NAME.',
    },
  } as const satisfies Readonly<Record<SyncPresetName, object>>,
});

export const EntitySyncRuleRef = builder.objectRef<EntitySyncRule>('EntitySyncRule').implement({
  description:
    '“When `event` happens, set `path` of the entities of `entitySchema` to `source`.” It is set in the same transaction.',
  fields: (t) => ({
    event: t.field({ type: SyncEventEnum, description: 'When.', resolve: ({ event }) => event }),
    taskKey: t.exposeString('taskKey', {
      nullable: true,
      description: 'Only for the task with this key; null for any.',
    }),
    phaseKey: t.exposeString('phaseKey', {
      nullable: true,
      description: 'Only for the phase with this key; null for any.',
    }),
    entitySchema: t.exposeString('entitySchema', {
      description: 'Which of the execution’s entities are told: those of this schema.',
    }),
    path: t.exposeString('path', {
      description:
        'The attribute: names of fields joined by dots. Those that are missing on the way are made.',
    }),
    source: t.field({
      type: SyncSourceEnum,
      description: 'What is written.',
      resolve: ({ source }) => source,
    }),
    customValue: t.exposeString('customValue', {
      nullable: true,
      description: 'The text of CUSTOM_VALUE; otherwise null.',
    }),
  }),
});

export const EntitySyncRuleInput = builder.inputType('EntitySyncRuleInput', {
  description: '“When `event` happens, set `path` of the entities of `entitySchema` to `source`.”',
  fields: (t) => ({
    event: t.field({ type: SyncEventEnum, required: true, description: 'When.' }),
    taskKey: t.string({ description: 'Only for the task with this key; for any if left out.' }),
    phaseKey: t.string({ description: 'Only for the phase with this key; for any if left out.' }),
    entitySchema: t.string({
      required: true,
      description: 'Which of the execution’s entities are told: those of this schema.',
    }),
    path: t.string({
      required: true,
      description:
        'The attribute: names of fields joined by dots. Those that are missing on the way are made.',
    }),
    source: t.field({ type: SyncSourceEnum, required: true, description: 'What is written.' }),
    customValue: t.string({ description: 'The text of CUSTOM_VALUE; only for that source.' }),
  }),
});

export const EntitySyncPresetInput = builder.inputType('EntitySyncPresetInput', {
  description:
    '“Keep `path` of the entities of `entitySchema` at what `preset` names.” It is saved as its rules.',
  fields: (t) => ({
    preset: t.field({
      type: EntitySyncPresetEnum,
      required: true,
      description: 'What is written, and when.',
    }),
    entitySchema: t.string({
      required: true,
      description: 'Which of the execution’s entities are told: those of this schema.',
    }),
    path: t.string({
      required: true,
      description:
        'The attribute: names of fields joined by dots. Those that are missing on the way are made.',
    }),
  }),
});

interface EntitySyncInput {
  readonly entitySync?: readonly (typeof EntitySyncRuleInput.$inferInput)[] | null | undefined;
  readonly entitySyncPresets?: readonly (typeof EntitySyncPresetInput.$inferInput)[] | null | undefined;
}

/** The engine's rules: those that the presets stand for, then the others. */
export function toEntitySync({ entitySync, entitySyncPresets }: EntitySyncInput): EntitySyncRule[] {
  const rules = (entitySync ?? []).map(({ taskKey, phaseKey, customValue, ...rule }) => ({
    event: rule.event,
    taskKey: taskKey ?? null,
    phaseKey: phaseKey ?? null,
    entitySchema: rule.entitySchema,
    path: rule.path,
    source: rule.source,
    customValue: customValue ?? null,
  }));
  return withPresets(entitySyncPresets ?? [], rules);
}
