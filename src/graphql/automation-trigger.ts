/** What sets automations off. (How executions of a workflow come to be: definition-trigger.ts.) */
import type { AutomationTrigger, TriggerFilter } from '../automation/content.ts';
import { TRIGGERING_EVENTS } from '../automation/triggering-events.ts';
import { refuseInput } from '../commands/problem.ts';
import { builder } from './builder.ts';
import { ConnectiveEnum } from './definition-decision.ts';
import { OF_EXECUTIONS } from './event-type.ts';
import { encodeId, inputKey } from './ids.ts';
import { StatementInput, toStatement } from './statement-input.ts';
import { StatementRef } from './statement.ts';

type TriggerType = AutomationTrigger['type'];
type TriggerOf<Type extends TriggerType> = Extract<AutomationTrigger, { readonly type: Type }>;
type EntityTrigger = TriggerOf<'ENTITY_CREATED' | 'ENTITY_UPDATED' | 'ENTITY_DELETED'>;

const FlowTriggerTypeEnum = builder.enumType('FlowTriggerType', {
  description:
    'What sets an automation off. A task of a workflow can run any automation, whatever its triggers.',
  values: {
    MANUAL: { description: 'Somebody runs it on an entity.' },
    API: { description: 'A program runs it, on an entity or on none, and may hand it data.' },
    ENTITY_CREATED: { description: 'An entity came into being.' },
    ENTITY_UPDATED: { description: 'An entity’s title or attributes changed.' },
    ENTITY_DELETED: { description: 'An entity was deleted.' },
    JOURNEY_SUBMITTED: { description: 'A journey was submitted.' },
    EXECUTION_EVENT: { description: 'Something happened in an execution of a workflow.' },
  } as const satisfies Readonly<Record<TriggerType, object>>,
});

const TriggeringEventEnum = builder.enumType('TriggeringEvent', {
  description: 'The events of executions that can set automations off.',
  values: Object.fromEntries(
    TRIGGERING_EVENTS.map((type) => [type, { description: OF_EXECUTIONS[type].description }]),
  ) as Record<(typeof TRIGGERING_EVENTS)[number], { description: string }>,
});

const TYPE_NAMES = {
  MANUAL: 'ManualFlowTrigger',
  API: 'ApiFlowTrigger',
  ENTITY_CREATED: 'EntityFlowTrigger',
  ENTITY_UPDATED: 'EntityFlowTrigger',
  ENTITY_DELETED: 'EntityFlowTrigger',
  JOURNEY_SUBMITTED: 'JourneyFlowTrigger',
  EXECUTION_EVENT: 'ExecutionFlowTrigger',
} as const satisfies Readonly<Record<TriggerType, string>>;

const SCHEMA = 'Only entities of this schema; null for all.';
const FILTER = 'What the entity has to be like, as the event left it; null for anything.';

const TriggerFilterRef = builder.objectRef<TriggerFilter>('FlowTriggerFilter').implement({
  description: 'What an entity has to be like for a trigger to set its automation off.',
  fields: (t) => ({
    connective: t.field({
      type: ConnectiveEnum,
      description: 'How many of the statements have to be met.',
      resolve: ({ connective }) => connective,
    }),
    statements: t.field({
      type: [StatementRef],
      description: 'About the entity, never about an execution.',
      resolve: ({ statements }) => [...statements],
    }),
  }),
});

export const FlowTriggerInterface = builder.interfaceRef<AutomationTrigger>('FlowTrigger').implement({
  description: 'Something that sets an automation off.',
  fields: (t) => ({
    type: t.field({ type: FlowTriggerTypeEnum, description: 'What.', resolve: ({ type }) => type }),
  }),
  resolveType: ({ type }) => TYPE_NAMES[type],
});

builder.objectRef<TriggerOf<'MANUAL'>>(TYPE_NAMES.MANUAL).implement({
  description: 'Somebody runs the automation on an entity.',
  interfaces: [FlowTriggerInterface],
  fields: (t) => ({
    entitySchema: t.exposeString('entitySchema', { nullable: true, description: SCHEMA }),
  }),
});

builder.objectRef<TriggerOf<'API'>>(TYPE_NAMES.API).implement({
  description: 'A program runs the automation.',
  interfaces: [FlowTriggerInterface],
});

/** Null is what a filter without statements means. */
function filterOf({ filter }: { readonly filter: TriggerFilter }): TriggerFilter | null {
  return filter.statements.length > 0 ? filter : null;
}

builder.objectRef<EntityTrigger>(TYPE_NAMES.ENTITY_CREATED).implement({
  description: 'Something happens to an entity.',
  interfaces: [FlowTriggerInterface],
  fields: (t) => ({
    entitySchema: t.exposeString('entitySchema', { nullable: true, description: SCHEMA }),
    paths: t.stringList({
      description:
        'Of ENTITY_UPDATED: only if one of these attributes changed, or something inside of it; empty for any change. In a list nothing has a place of its own: `items[*].price` is any change of `items`.',
      resolve: ({ paths }) => [...paths],
    }),
    filter: t.field({ type: TriggerFilterRef, nullable: true, description: FILTER, resolve: filterOf }),
  }),
});

builder.objectRef<TriggerOf<'JOURNEY_SUBMITTED'>>(TYPE_NAMES.JOURNEY_SUBMITTED).implement({
  description: 'A journey is submitted. Actions are told what was filled in: `{{input.submission.data.…}}`.',
  interfaces: [FlowTriggerInterface],
  fields: (t) => ({
    journeyId: t.id({
      nullable: true,
      description: 'Only this journey, by its id; null for any.',
      resolve: ({ journeyId }) => journeyId && encodeId('Journey', journeyId),
    }),
    filter: t.field({ type: TriggerFilterRef, nullable: true, description: FILTER, resolve: filterOf }),
  }),
});

builder.objectRef<TriggerOf<'EXECUTION_EVENT'>>(TYPE_NAMES.EXECUTION_EVENT).implement({
  description: 'Something happens in an execution of a workflow.',
  interfaces: [FlowTriggerInterface],
  fields: (t) => ({
    eventTypes: t.field({
      type: [TriggeringEventEnum],
      description: 'What happens.',
      resolve: ({ eventTypes }) => [...eventTypes] as (typeof TRIGGERING_EVENTS)[number][],
    }),
    definitionId: t.id({
      nullable: true,
      description: 'Only in executions of this definition, by its id; null for all.',
      resolve: ({ definitionId }) => definitionId && encodeId('WorkflowDefinition', definitionId),
    }),
    taskKey: t.exposeString('taskKey', {
      nullable: true,
      description: 'Of events of tasks: only of the task with this key; null for all.',
    }),
    filter: t.field({ type: TriggerFilterRef, nullable: true, description: FILTER, resolve: filterOf }),
  }),
});

const TriggerFilterInput = builder.inputType('FlowTriggerFilterInput', {
  description: 'What an entity has to be like for a trigger to set its automation off.',
  fields: (t) => ({
    connective: t.field({
      type: ConnectiveEnum,
      description: 'How many of the statements have to be met; AND if left out.',
    }),
    statements: t.field({
      type: [StatementInput],
      required: true,
      description: 'About the entity, never about an execution.',
    }),
  }),
});

export const FlowTriggerInput = builder.inputType('FlowTriggerInput', {
  description:
    'Something that sets an automation off. Of the other fields, only those that belong to the type may be given.',
  fields: (t) => ({
    type: t.field({ type: FlowTriggerTypeEnum, required: true, description: 'What.' }),
    entitySchema: t.string({
      description: 'Of MANUAL and ENTITY_…: only entities of this schema; all if left out.',
    }),
    paths: t.stringList({
      description:
        'Of ENTITY_UPDATED: only if one of these attributes changed, or something inside of it; any change if left out. In a list nothing has a place of its own: `items[*].price` is any change of `items`.',
    }),
    filter: t.field({
      type: TriggerFilterInput,
      description:
        'Of ENTITY_…, JOURNEY_SUBMITTED and EXECUTION_EVENT: what the entity has to be like, as the event left it; anything if left out.',
    }),
    journeyId: t.id({ description: 'Of JOURNEY_SUBMITTED: only this journey; any if left out.' }),
    eventTypes: t.field({
      type: [TriggeringEventEnum],
      description: 'Of EXECUTION_EVENT, which needs one: what happens.',
    }),
    definitionId: t.id({
      description: 'Of EXECUTION_EVENT: only in executions of this definition; in all if left out.',
    }),
    taskKey: t.string({
      description: 'Of EXECUTION_EVENT: only events of the task with this key; of all if left out.',
    }),
  }),
});

const OF_ENTITIES = ['entitySchema', 'paths', 'filter'] as const;

/** The fields that belong to each type. */
const FIELDS: Readonly<Record<TriggerType, readonly string[]>> = {
  MANUAL: ['entitySchema'],
  API: [],
  ENTITY_CREATED: OF_ENTITIES,
  ENTITY_UPDATED: OF_ENTITIES,
  ENTITY_DELETED: OF_ENTITIES,
  JOURNEY_SUBMITTED: ['journeyId', 'filter'],
  EXECUTION_EVENT: ['eventTypes', 'definitionId', 'taskKey', 'filter'],
};

function toFilter(input: typeof TriggerFilterInput.$inferInput | null | undefined): TriggerFilter {
  return {
    connective: input?.connective ?? 'AND',
    statements: (input?.statements ?? []).map(toStatement),
  };
}

/** The stored trigger. Refuses (NOT_ALLOWED) a field that belongs to other types, and an id that is none. */
export function toFlowTrigger(path: string, input: typeof FlowTriggerInput.$inferInput): AutomationTrigger {
  const { type } = input;
  for (const [field, value] of Object.entries(input))
    if (field !== 'type' && value !== null && value !== undefined && !FIELDS[type].includes(field))
      refuseInput(`${path}.${field}`, 'NOT_ALLOWED', `A trigger of type ${type} takes no ${field}.`);
  const entitySchema = input.entitySchema ?? null;
  switch (type) {
    case 'API':
      return { type };
    case 'MANUAL':
      return { type, entitySchema };
    case 'JOURNEY_SUBMITTED': {
      const { journeyId, filter } = input;
      return {
        type,
        journeyId: typeof journeyId === 'string' ? inputKey(`${path}.journeyId`, 'Journey', journeyId) : null,
        filter: toFilter(filter),
      };
    }
    case 'EXECUTION_EVENT': {
      const { eventTypes, definitionId, taskKey, filter } = input;
      return {
        type,
        eventTypes: eventTypes ?? [],
        definitionId:
          typeof definitionId === 'string'
            ? inputKey(`${path}.definitionId`, 'WorkflowDefinition', definitionId)
            : null,
        taskKey: taskKey ?? null,
        filter: toFilter(filter),
      };
    }
    default:
      return { type, entitySchema, paths: input.paths ?? [], filter: toFilter(input.filter) };
  }
}
