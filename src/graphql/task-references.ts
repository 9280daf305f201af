/** What a task of a definition points to outside the workflow: the automation that it runs, the form that belongs to it. */
import type { AutomationReference, JourneyReference } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TriggerModeEnum } from './enums.ts';

export const AutomationReferenceRef = builder
  .objectRef<AutomationReference>('AutomationReference')
  .implement({
    description: 'What a task of type AUTOMATION runs.',
    fields: (t) => ({
      automationId: t.exposeID('automationId', { description: 'The automation’s id, as it was given.' }),
      mode: t.field({
        type: TriggerModeEnum,
        description: 'Whether it runs by itself once nothing blocks the task, or when somebody starts it.',
        resolve: ({ mode }) => mode,
      }),
      inputTaskKey: t.exposeString('inputTaskKey', {
        nullable: true,
        description:
          'The key of an earlier automation task: it works on the entity that this one made. Null for the entity of the execution.',
      }),
    }),
  });

export const JourneyReferenceRef = builder.objectRef<JourneyReference>('JourneyReference').implement({
  description: 'The form that belongs to a task.',
  fields: (t) => ({
    journeyId: t.exposeID('journeyId', { description: 'The form’s id, as it was given.' }),
    completesTask: t.exposeBoolean('completesTask', {
      description: 'Whether submitting the form completes the task.',
    }),
  }),
});

export const AutomationReferenceInput = builder.inputType('AutomationReferenceInput', {
  description: 'What a task of type AUTOMATION runs.',
  fields: (t) => ({
    automationId: t.id({ required: true, description: 'The automation’s id; kept as it is given.' }),
    mode: t.field({
      type: TriggerModeEnum,
      description:
        'Whether it runs by itself once nothing blocks the task, or when somebody starts it; AUTOMATIC if left out.',
    }),
    inputTaskKey: t.string({
      description:
        'The key of an earlier automation task, to work on the entity that this one made; on the entity of the execution if left out.',
    }),
  }),
});

export const JourneyReferenceInput = builder.inputType('JourneyReferenceInput', {
  description: 'The form that belongs to a task.',
  fields: (t) => ({
    journeyId: t.id({ required: true, description: 'The form’s id; kept as it is given.' }),
    completesTask: t.boolean({
      description: 'Whether submitting the form completes the task; false if left out.',
    }),
  }),
});

/** The engine's reference; null if there is none. */
export function toAutomationReference(
  input: typeof AutomationReferenceInput.$inferInput | null | undefined,
): AutomationReference | null {
  if (!input) return null;
  const { automationId, mode, inputTaskKey } = input;
  return { automationId, mode: mode ?? 'AUTOMATIC', inputTaskKey: inputTaskKey ?? null };
}

/** The engine's reference; null if there is none. */
export function toJourneyReference(
  input: typeof JourneyReferenceInput.$inferInput | null | undefined,
): JourneyReference | null {
  return input ? { journeyId: input.journeyId, completesTask: input.completesTask ?? false } : null;
}
