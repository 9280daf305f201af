/** Tasks that wait for their time. */
import type { ScheduleAnchor, ScheduleRule } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { TimeUnitEnum } from './enums.ts';

const ScheduleAnchorEnum = builder.enumType('ScheduleAnchor', {
  description: 'From when on a schedule is counted. Finished means completed or skipped.',
  values: {
    REACHED: { description: 'The moment when everything before the task is finished: a delay.' },
    EXECUTION_STARTED: { description: 'The start of the execution.' },
    TASK_FINISHED: { description: 'When the task `taskKey` is finished.' },
    ALL_PRECEDING_TASKS_FINISHED: {
      description: 'When the last of the tasks is finished whose edges lead to the task.',
    },
    ENTITY_DATE: {
      description:
        'The date at `path` among an entity’s attributes. The task fails if there is none, or if its time is over.',
    },
  } as const satisfies Readonly<Record<ScheduleAnchor, object>>,
});

const ScheduleDirectionEnum = builder.enumType('ScheduleDirection', {
  description: 'To which side of its anchor a schedule counts.',
  values: {
    BEFORE: { description: '`amount` `unit` earlier than the anchor.' },
    AFTER: { description: '`amount` `unit` later than the anchor.' },
  } as const satisfies Readonly<Record<ScheduleRule['direction'], object>>,
});

export const ScheduleRuleRef = builder.objectRef<ScheduleRule>('ScheduleRule').implement({
  description:
    '“Not until `amount` `unit` before or after `anchor`.” It is worked out when the task is reached.',
  fields: (t) => ({
    anchor: t.field({
      type: ScheduleAnchorEnum,
      description: 'From when on it is counted.',
      resolve: ({ anchor }) => anchor,
    }),
    direction: t.field({
      type: ScheduleDirectionEnum,
      description: 'To which side of the anchor.',
      resolve: ({ direction }) => direction,
    }),
    amount: t.exposeInt('amount', { description: 'How many units before or after the anchor.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted.', resolve: ({ unit }) => unit }),
    taskKey: t.exposeString('taskKey', {
      nullable: true,
      description: 'The key of the task of TASK_FINISHED; otherwise null.',
    }),
    path: t.exposeString('path', {
      nullable: true,
      description:
        'Of ENTITY_DATE: where the date is among the attributes, such as `delivery.date`; otherwise null.',
    }),
    entitySchema: t.exposeString('entitySchema', {
      nullable: true,
      description:
        'Of ENTITY_DATE: the schema of the execution’s entity that has the date; null for the entity that it was started on.',
    }),
  }),
});

export const ScheduleRuleInput = builder.inputType('ScheduleRuleInput', {
  description: '“Not until `amount` `unit` before or after `anchor`.”',
  fields: (t) => ({
    anchor: t.field({ type: ScheduleAnchorEnum, required: true, description: 'From when on it is counted.' }),
    direction: t.field({
      type: ScheduleDirectionEnum,
      description: 'To which side of the anchor; AFTER if left out.',
    }),
    amount: t.int({
      required: true,
      description: 'How many units before or after the anchor; 0 is at the anchor itself.',
    }),
    unit: t.field({ type: TimeUnitEnum, required: true, description: 'What is counted.' }),
    taskKey: t.string({ description: 'The key of the task of TASK_FINISHED; only for that anchor.' }),
    path: t.string({
      description:
        'Where the date of ENTITY_DATE is among the attributes, such as `delivery.date`; only for that anchor.',
    }),
    entitySchema: t.string({
      description:
        'The schema of the execution’s entity that has the date of ENTITY_DATE; the entity that it is started on if left out.',
    }),
  }),
});

/** The engine's rule; null if there is none. */
export function toScheduleRule(
  input: typeof ScheduleRuleInput.$inferInput | null | undefined,
): ScheduleRule | null {
  if (!input) return null;
  const { anchor, direction, amount, unit, taskKey, path, entitySchema } = input;
  return {
    anchor,
    direction: direction ?? 'AFTER',
    amount,
    unit,
    taskKey: taskKey ?? null,
    path: path ?? null,
    entitySchema: entitySchema ?? null,
  };
}
