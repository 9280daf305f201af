/** How executions of a definition come to be. */
import { refuseInput } from '../commands/problem.ts';
import type { Trigger } from '../engine/definition.ts';
import { automationOf, automationText, givenAutomationId } from './automation-id.ts';
import { builder } from './builder.ts';
import { givenJourneyId, journeyOf, journeyText } from './journey-id.ts';
import { AutomationRef, JourneyRef } from './refs.ts';

type TriggerOf<Type extends Trigger['type']> = Extract<Trigger, { readonly type: Type }>;

const TYPE_NAMES = {
  MANUAL: 'ManualTrigger',
  AUTOMATION: 'AutomationTrigger',
  JOURNEY: 'JourneyTrigger',
} as const satisfies Readonly<Record<Trigger['type'], string>>;

const TriggerTypeEnum = builder.enumType('TriggerType', {
  description: 'How executions come to be.',
  values: {
    MANUAL: { description: 'Somebody starts them: `startExecution`.' },
    AUTOMATION: { description: 'An automation starts them.' },
    JOURNEY: { description: 'A submitted form starts them.' },
  } as const satisfies Readonly<Record<Trigger['type'], object>>,
});

export const TriggerInterface = builder.interfaceRef<Trigger>('Trigger').implement({
  description: 'A way in which executions come to be.',
  fields: (t) => ({
    type: t.field({ type: TriggerTypeEnum, description: 'Which way.', resolve: ({ type }) => type }),
  }),
  resolveType: ({ type }) => TYPE_NAMES[type],
});

builder.objectRef<TriggerOf<'MANUAL'>>(TYPE_NAMES.MANUAL).implement({
  description: 'Somebody starts the workflow on an entity.',
  interfaces: [TriggerInterface],
  fields: (t) => ({
    entitySchema: t.exposeString('entitySchema', {
      nullable: true,
      description: 'Only on entities of this schema; null for all.',
    }),
  }),
});

builder.objectRef<TriggerOf<'AUTOMATION'>>(TYPE_NAMES.AUTOMATION).implement({
  description: 'An automation starts the workflow.',
  interfaces: [TriggerInterface],
  fields: (t) => ({
    automationId: t.id({
      nullable: true,
      description:
        'Only this automation, by its id. If there is no such automation, the text as it was given. Null for any.',
      resolve: ({ automationId }) => automationId && givenAutomationId(automationId),
    }),
    automation: t.field({
      type: AutomationRef,
      nullable: true,
      description: 'That automation itself; null for partners, for any, and if there is none.',
      resolve: ({ automationId }, _args, context) => automationOf(automationId, context),
    }),
  }),
});

builder.objectRef<TriggerOf<'JOURNEY'>>(TYPE_NAMES.JOURNEY).implement({
  description:
    'A journey that somebody submits starts the workflow, on the entity of the submission. One that belongs to no entity and makes none starts nothing.',
  interfaces: [TriggerInterface],
  fields: (t) => ({
    journeyId: t.id({
      nullable: true,
      description:
        'Only this journey, by its id. If there is no such journey, the text as it was given. Null for any.',
      resolve: ({ journeyId }) => journeyId && givenJourneyId(journeyId),
    }),
    journey: t.field({
      type: JourneyRef,
      nullable: true,
      description: 'That journey itself; null for partners, for any, and if there is none.',
      resolve: ({ journeyId }, _args, context) => journeyOf(journeyId, context),
    }),
  }),
});

export const TriggerInput = builder.inputType('TriggerInput', {
  description:
    'A way in which executions come to be. Of the other fields, only the one that belongs to the type may be given.',
  fields: (t) => ({
    type: t.field({ type: TriggerTypeEnum, description: 'Which way; MANUAL if left out.' }),
    entitySchema: t.string({
      description: 'Of MANUAL: only on entities of this schema; on all if left out.',
    }),
    automationId: t.id({
      description:
        'Of AUTOMATION: only by this automation; by any if left out. Text that is no automation’s id is kept as it is given, and validation reports it.',
    }),
    journeyId: t.id({
      description:
        'Of JOURNEY: only by this journey; by any if left out. Text that is no journey’s id is kept as it is given, and validation reports it.',
    }),
  }),
});

const FIELDS = { MANUAL: 'entitySchema', AUTOMATION: 'automationId', JOURNEY: 'journeyId' } as const;

/** The engine's trigger. Refuses (NOT_ALLOWED) a field that belongs to another type. */
export function toTrigger(path: string, input: typeof TriggerInput.$inferInput): Trigger {
  const type = input.type ?? 'MANUAL';
  for (const [owner, field] of Object.entries(FIELDS))
    if (owner !== type && typeof input[field] === 'string')
      refuseInput(
        `${path}.${field}`,
        'NOT_ALLOWED',
        `${path}.${field} is only for triggers of type ${owner}.`,
      );
  switch (type) {
    case 'MANUAL':
      return { type, entitySchema: input.entitySchema ?? null };
    case 'AUTOMATION':
      return {
        type,
        automationId: typeof input.automationId === 'string' ? automationText(input.automationId) : null,
      };
    case 'JOURNEY':
      return { type, journeyId: typeof input.journeyId === 'string' ? journeyText(input.journeyId) : null };
  }
}
