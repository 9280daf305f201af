/** Tasks that somebody outside has to confirm, as a definition says it. */
import type { ConfirmationRule } from '../engine/definition.ts';
import { DEFAULT_CONFIRMATION_HOURS } from '../engine/limits.ts';
import { builder } from './builder.ts';
import { TimeUnitEnum, TriggerModeEnum } from './enums.ts';

export const ConfirmationRuleRef = builder.objectRef<ConfirmationRule>('ConfirmationRule').implement({
  description: 'Who outside has to confirm a task, and how they are asked.',
  fields: (t) => ({
    mode: t.field({
      type: TriggerModeEnum,
      description:
        'Whether they are asked by themselves once nothing blocks the task, or when somebody says so (`requestConfirmation`).',
      resolve: ({ mode }) => mode,
    }),
    to: t.exposeString('to', {
      nullable: true,
      description:
        'E-mail addresses with commas between them, or variables for them; null: nobody is mailed, the link is handed over by hand.',
    }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'The mail’s subject, may have variables; null for one that names the task.',
    }),
    message: t.exposeString('message', {
      nullable: true,
      description:
        'What is asked, in the mail and on the page, may have variables; null for a sentence that names the task.',
    }),
    expiresAfterAmount: t.int({
      description: 'How long the link is good, in `expiresAfterUnit`.',
      resolve: ({ expiresAfter }) => expiresAfter.amount,
    }),
    expiresAfterUnit: t.field({
      type: TimeUnitEnum,
      description: 'What is counted.',
      resolve: ({ expiresAfter }) => expiresAfter.unit,
    }),
  }),
});

export const ConfirmationRuleInput = builder.inputType('ConfirmationRuleInput', {
  description:
    'Who outside has to confirm a task. Variables begin with `entity`, `entityId`, `entityTitle`, `entitySchema`, `execution`, `task` and `organization`.',
  fields: (t) => ({
    mode: t.field({
      type: TriggerModeEnum,
      description:
        'Whether they are asked by themselves once nothing blocks the task, or when somebody says so; AUTOMATIC if left out.',
    }),
    to: t.string({
      description:
        'E-mail addresses with commas between them, or variables for them: `{{entity.customer.email}}`, at most 2,000 characters. If left out, nobody is mailed.',
    }),
    subject: t.string({
      description:
        'The mail’s subject, may have variables, at most 500 characters; one that names the task if left out.',
    }),
    message: t.string({
      description:
        'What is asked, as plain text, may have variables, at most 10,000 characters; a sentence that names the task if left out. The link comes after it.',
    }),
    expiresAfterAmount: t.int({
      description:
        'How long the link is good, in `expiresAfterUnit`, up to about a year; a week if left out.',
    }),
    expiresAfterUnit: t.field({
      type: TimeUnitEnum,
      description: 'What is counted; HOURS if left out.',
    }),
  }),
});

/** The engine's rule; null if there is none. */
export function toConfirmationRule(
  input: typeof ConfirmationRuleInput.$inferInput | null | undefined,
): ConfirmationRule | null {
  if (!input) return null;
  const { mode, to, subject, message, expiresAfterAmount, expiresAfterUnit } = input;
  return {
    mode: mode ?? 'AUTOMATIC',
    to: to ?? null,
    subject: subject ?? null,
    message: message ?? null,
    expiresAfter: {
      amount: expiresAfterAmount ?? DEFAULT_CONFIRMATION_HOURS,
      unit: expiresAfterUnit ?? 'HOURS',
    },
  };
}
