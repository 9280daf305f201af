/** Due dates that are counted from something that happens. */
import type { DueAnchor, DueRule } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TimeUnitEnum } from './enums.ts';

const DueAnchorEnum = builder.enumType('DueAnchor', {
  description: 'From when on a due date is counted. Finished means completed or skipped.',
  values: {
    EXECUTION_STARTED: { description: 'The start of the execution.' },
    TASK_FINISHED: { description: 'When the task `taskKey` is finished.' },
    PHASE_FINISHED: { description: 'When the last task of the phase `phaseKey` is finished.' },
    A_PRECEDING_TASK_FINISHED: {
      description: 'When the first of the tasks is finished whose edges lead to the task or phase.',
    },
    ALL_PRECEDING_TASKS_FINISHED: {
      description: 'When the last of the tasks is finished whose edges lead to the task or phase.',
    },
  } as const satisfies Readonly<Record<DueAnchor, object>>,
});

export const DueRuleRef = builder.objectRef<DueRule>('DueRule').implement({
  description:
    '“Due `amount` `unit` after `anchor`.” There is no date before the anchor has happened, nor after it is reopened.',
  fields: (t) => ({
    amount: t.exposeInt('amount', { description: 'How many units after the anchor.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted.', resolve: ({ unit }) => unit }),
    anchor: t.field({
      type: DueAnchorEnum,
      description: 'From when on.',
      resolve: ({ anchor }) => anchor,
    }),
    taskKey: t.exposeString('taskKey', {
      nullable: true,
      description: 'The key of the task of TASK_FINISHED; otherwise null.',
    }),
    phaseKey: t.exposeString('phaseKey', {
      nullable: true,
      description: 'The key of the phase of PHASE_FINISHED; otherwise null.',
    }),
  }),
});

export const DueRuleInput = builder.inputType('DueRuleInput', {
  description: '“Due `amount` `unit` after `anchor`.”',
  fields: (t) => ({
    amount: t.int({ required: true, description: 'How many units after the anchor; 0 is at once.' }),
    unit: t.field({ type: TimeUnitEnum, required: true, description: 'What is counted.' }),
    anchor: t.field({ type: DueAnchorEnum, required: true, description: 'From when on.' }),
    taskKey: t.string({ description: 'The key of the task of TASK_FINISHED; only for that anchor.' }),
    phaseKey: t.string({ description: 'The key of the phase of PHASE_FINISHED; only for that anchor.' }),
  }),
});

/** The engine's rule; null if there is none. */
export function toDueRule(input: typeof DueRuleInput.$inferInput | null | undefined): DueRule | null {
  if (!input) return null;
  const { amount, unit, anchor, taskKey, phaseKey } = input;
  return { amount, unit, anchor, taskKey: taskKey ?? null, phaseKey: phaseKey ?? null };
}
