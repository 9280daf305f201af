/** What a task of a definition points to outside the workflow: the automation that it runs, the form that belongs to it. */
import type { AutomationReference, JourneyParameter, JourneyReference } from '../engine/definition.ts';
import { automationOf, automationText, givenAutomationId } from './automation-id.ts';
import { builder } from './builder.ts';
import { TriggerModeEnum } from './enums.ts';
import { givenJourneyId, journeyOf, journeyText } from './journey-id.ts';
import { AutomationRef, JourneyRef } from './refs.ts';

export const AutomationReferenceRef = builder
  .objectRef<AutomationReference>('AutomationReference')
  .implement({
    description: 'What a task of type AUTOMATION runs.',
    fields: (t) => ({
      automationId: t.id({
        description: 'The automation’s id. If there is no such automation, the text as it was given.',
        resolve: ({ automationId }) => givenAutomationId(automationId),
      }),
      automation: t.field({
        type: AutomationRef,
        nullable: true,
        description: 'The automation itself; null for partners, and if there is none.',
        resolve: ({ automationId }, _args, context) => automationOf(automationId, context),
      }),
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

const JourneyParameterRef = builder.objectRef<JourneyParameter>('JourneyParameter').implement({
  description: 'A value that a form is opened with.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Where in the form’s data: names joined by dots.' }),
    value: t.exposeString('value', {
      description: 'Text with variables, such as `{{entity.customer.zip}}`.',
    }),
  }),
});

export const JourneyReferenceRef = builder.objectRef<JourneyReference>('JourneyReference').implement({
  description: 'The form that belongs to a task.',
  fields: (t) => ({
    journeyId: t.id({
      description: 'The journey’s id. If there is no such journey, the text as it was given.',
      resolve: ({ journeyId }) => givenJourneyId(journeyId),
    }),
    journey: t.field({
      type: JourneyRef,
      nullable: true,
      description: 'The journey itself; null for partners, and if there is none.',
      resolve: ({ journeyId }, _args, context) => journeyOf(journeyId, context),
    }),
    completesTask: t.exposeBoolean('completesTask', {
      description: 'Whether submitting the form completes the task.',
    }),
    parameters: t.field({
      type: [JourneyParameterRef],
      complexity: { multiplier: 3 },
      description: 'What the form is opened with.',
      resolve: ({ parameters = [] }) => [...parameters],
    }),
  }),
});

export const AutomationReferenceInput = builder.inputType('AutomationReferenceInput', {
  description: 'What a task of type AUTOMATION runs.',
  fields: (t) => ({
    automationId: t.id({
      required: true,
      description: 'The automation’s id. Other text is kept as it is given, and validation reports it.',
    }),
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

const JourneyParameterInput = builder.inputType('JourneyParameterInput', {
  description: 'A value that a form is opened with.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Where in the form’s data: names joined by dots, `customer.zip`.',
    }),
    value: t.string({
      required: true,
      description:
        'Text with variables: `{{entity.…}}`, `{{entityTitle}}`, `{{task.name}}`… One variable and nothing else stands for the value itself.',
    }),
  }),
});

export const JourneyReferenceInput = builder.inputType('JourneyReferenceInput', {
  description: 'The form that belongs to a task.',
  fields: (t) => ({
    journeyId: t.id({
      required: true,
      description: 'The journey’s id. Other text is kept as it is given, and validation reports it.',
    }),
    completesTask: t.boolean({
      description: 'Whether submitting the form completes the task; false if left out.',
    }),
    parameters: t.field({
      type: [JourneyParameterInput],
      description: 'What the form is opened with, at most 100; nothing if left out.',
    }),
  }),
});

/** The engine's reference; null if there is none. */
export function toAutomationReference(
  input: typeof AutomationReferenceInput.$inferInput | null | undefined,
): AutomationReference | null {
  if (!input) return null;
  const { automationId, mode, inputTaskKey } = input;
  return {
    automationId: automationText(automationId),
    mode: mode ?? 'AUTOMATIC',
    inputTaskKey: inputTaskKey ?? null,
  };
}

/** The engine's reference; null if there is none. */
export function toJourneyReference(
  input: typeof JourneyReferenceInput.$inferInput | null | undefined,
): JourneyReference | null {
  if (!input) return null;
  const { journeyId, completesTask, parameters } = input;
  return {
    journeyId: journeyText(journeyId),
    completesTask: completesTask ?? false,
    ...(parameters && parameters.length > 0
      ? { parameters: parameters.map(({ name, value }) => ({ name, value })) }
      : {}),
  };
}
