/** How executions of a definition come to be. */
import { refuseInput } from '../commands/problem.ts';
import type { Trigger } from '../engine/definition.ts';
import { builder } from './builder.ts';

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
    automationId: t.exposeID('automationId', {
      nullable: true,
      description: 'Only this automation, by its id as it was given; null for any.',
    }),
  }),
});

builder.objectRef<TriggerOf<'JOURNEY'>>(TYPE_NAMES.JOURNEY).implement({
  description: 'A form that somebody submits starts the workflow.',
  interfaces: [TriggerInterface],
  fields: (t) => ({
    journeyId: t.exposeID('journeyId', {
      nullable: true,
      description: 'Only this form, by its id as it was given; null for any.',
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
      description: 'Of AUTOMATION: only by this automation; by any if left out. It is kept as it is given.',
    }),
    journeyId: t.id({
      description: 'Of JOURNEY: only by this form; by any if left out. It is kept as it is given.',
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
      return { type, automationId: input.automationId ?? null };
    case 'JOURNEY':
      return { type, journeyId: input.journeyId ?? null };
  }
}
