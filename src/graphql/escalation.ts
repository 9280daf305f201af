/** Rules of escalation, and what they have done. */
import type { ObjectRef } from '@pothos/core';
import type {
  AssigneeRef,
  EscalationAction,
  EscalationMoment,
  EscalationRule,
  Handover,
} from '../engine/definition.ts';
import type { EscalationRecord, ExecutionData } from '../engine/state.ts';
import { refuseInput } from '../commands/problem.ts';
import { builder, type ApiTypes } from './builder.ts';
import { assigneesOf, DefinitionAssigneeRef } from './definition-assignee.ts';
import { TimeUnitEnum } from './enums.ts';
import { limitInputList } from './ids.ts';
import { AssigneeUnion, inputAssignee, inputAssignees, resolveAssignees } from './people.ts';
import { PhaseRef, TaskRef, WorkflowExecutionRef } from './refs.ts';

const EscalationMomentEnum = builder.enumType('EscalationMoment', {
  description: 'When a rule of escalation applies.',
  values: {
    BEFORE_DUE: { description: '`amount` `unit` before the due date.' },
    DUE: { description: 'At the due date.' },
    AFTER_DUE: { description: '`amount` `unit` after the due date.' },
    UNCLAIMED: {
      description:
        'When the task could have been worked on for `amount` `unit`, and nobody has claimed or begun it. Counted anew when it is enabled again, assigned by somebody, released or stopped. Only of tasks.',
    },
  } as const satisfies Readonly<Record<EscalationMoment, object>>,
});

const EscalationActionEnum = builder.enumType('EscalationAction', {
  description: 'What a rule of escalation does.',
  values: {
    REMIND: {
      description: 'Reminds those who are responsible; of a task, once it can be worked on or has failed.',
    },
    REASSIGN: {
      description:
        'Assigns the task to the first of `handovers` instead, and while nobody claims or begins it, after the time of each to the next. Only of tasks.',
    },
    NOTIFY_LEAD: { description: 'Tells `leads`, whatever the task waits for.' },
  } as const satisfies Readonly<Record<EscalationAction, object>>,
});

const TimeSpanRef = builder.objectRef<NonNullable<Handover['time']>>('TimeSpan').implement({
  description: 'So much time.',
  fields: (t) => ({
    amount: t.exposeInt('amount', { description: 'How many units.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted.', resolve: ({ unit }) => unit }),
  }),
});

const HandoverRef = builder.objectRef<Handover>('EscalationHandover').implement({
  description: 'Who gets a task, and for how long before the next one does.',
  fields: (t) => ({
    assignee: t.field({
      type: DefinitionAssigneeRef,
      nullable: true,
      description: 'Who gets it.',
      resolve: async ({ assignee }, _args, context) => (await assigneesOf([assignee], context))[0] ?? null,
    }),
    time: t.field({
      type: TimeSpanRef,
      nullable: true,
      description: 'After how long the next one gets it; null: the same as in the rule.',
      resolve: ({ time }) => time,
    }),
  }),
});

export const EscalationRuleRef = builder.objectRef<EscalationRule>('EscalationRule').implement({
  description:
    '“`amount` `unit` `on`, do `action`.” When that is, follows from the due date as it is: a date that is moved moves it too. It is done once for each date.',
  fields: (t) => ({
    on: t.field({ type: EscalationMomentEnum, description: 'When.', resolve: ({ on }) => on }),
    amount: t.exposeInt('amount', { description: 'How many units before or after; 0 of DUE.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted.', resolve: ({ unit }) => unit }),
    action: t.field({
      type: EscalationActionEnum,
      description: 'What is done.',
      resolve: ({ action }) => action,
    }),
    handovers: t.field({
      type: [HandoverRef],
      description: 'Of REASSIGN: who gets the task, in order; otherwise empty.',
      resolve: ({ handovers }) => [...handovers],
    }),
    leads: t.field({
      type: [DefinitionAssigneeRef],
      description: 'Of NOTIFY_LEAD: who is told, of teams every member; otherwise empty.',
      resolve: ({ leads }, _args, context) => assigneesOf(leads, context),
    }),
    respectsWorkingTime: t.exposeBoolean('respectsWorkingTime', {
      description:
        'Whether what would happen outside of working time happens when it next begins; of BEFORE_DUE, in the last minute of it before.',
    }),
  }),
});

export const EscalationRef = builder.objectRef<EscalationRecord>('Escalation').implement({
  description: 'What a rule of escalation has done, by Handrail itself.',
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When, the last time.', resolve: ({ at }) => at }),
    rule: t.exposeInt('rule', { description: 'The place of the rule in `escalations`, from 0.' }),
    action: t.field({
      type: EscalationActionEnum,
      description: 'What was done.',
      resolve: ({ action }) => action,
    }),
    on: t.field({
      type: EscalationMomentEnum,
      description: 'When the rule applies.',
      resolve: ({ on }) => on,
    }),
    since: t.field({
      type: 'DateTime',
      description: 'What it was counted from: the due date, or since when nobody had taken the task.',
      resolve: ({ since }) => since,
    }),
    steps: t.exposeInt('steps', {
      description:
        'How often, counted from there: of REASSIGN, how many of `handovers` have had their turn, those who are deactivated included.',
    }),
    to: t.field({
      type: [AssigneeUnion],
      description: 'Whom it was handed to the last time, or who was told; empty for REMIND.',
      resolve: ({ to }, _args, context) => resolveAssignees(to, context),
    }),
  }),
});

const TimeSpanInput = builder.inputType('TimeSpanInput', {
  description: 'So much time.',
  fields: (t) => ({
    amount: t.int({ required: true, description: 'How many units, 1 to 1,000.' }),
    unit: t.field({ type: TimeUnitEnum, required: true, description: 'What is counted.' }),
  }),
});

const HandoverInput = builder.inputType('EscalationHandoverInput', {
  description: 'Who gets a task: either `assignee` or `assigneeVariable`.',
  fields: (t) => ({
    assignee: t.id({ description: 'The id of a user or a team.' }),
    assigneeVariable: t.string({
      description: 'A variable such as `{{entity.owner}}`: whom the attribute names when it is handed over.',
    }),
    time: t.field({
      type: TimeSpanInput,
      description: 'After how long the next one gets it; the same as in the rule if left out.',
    }),
  }),
});

export const EscalationRuleInput = builder.inputType('EscalationRuleInput', {
  description: '“`amount` `unit` `on`, do `action`.”',
  fields: (t) => ({
    on: t.field({ type: EscalationMomentEnum, required: true, description: 'When.' }),
    amount: t.int({ description: 'How many units before or after, 1 to 1,000; left out of DUE.' }),
    unit: t.field({ type: TimeUnitEnum, description: 'What is counted; HOURS if left out.' }),
    action: t.field({ type: EscalationActionEnum, required: true, description: 'What is done.' }),
    handovers: t.field({
      type: [HandoverInput],
      description: 'Of REASSIGN: who gets the task, in order; only for that action.',
    }),
    leads: t.idList({ description: 'Of NOTIFY_LEAD: ids of users and teams; only for that action.' }),
    leadVariables: t.stringList({
      description: 'Variables such as `{{entity.lead}}`, after those in `leads`.',
    }),
    respectsWorkingTime: t.boolean({
      description:
        'Whether what would happen outside of working time happens when it next begins (of BEFORE_DUE, in the last minute of it before); true if left out.',
    }),
  }),
});

function handoverOf(path: string, input: typeof HandoverInput.$inferInput): Handover {
  const { assignee: id, assigneeVariable: variable, time } = input;
  const named: AssigneeRef[] = [
    ...(typeof id === 'string' ? [inputAssignee(`${path}.assignee`, id)] : []),
    ...(typeof variable === 'string' ? [{ type: 'VARIABLE', id: variable } as const] : []),
  ];
  const [assignee] = named;
  if (!assignee || named.length > 1)
    return refuseInput(path, 'AMBIGUOUS', `${path} needs either assignee or assigneeVariable.`);
  return { assignee, time: time ? { amount: time.amount, unit: time.unit } : null };
}

function leadsOf(path: string, input: typeof EscalationRuleInput.$inferInput): AssigneeRef[] {
  const variables = input.leadVariables ?? [];
  limitInputList(`${path}.leadVariables`, variables);
  return [
    ...inputAssignees(`${path}.leads`, input.leads ?? []),
    ...variables.map((id) => ({ type: 'VARIABLE', id }) as const),
  ];
}

/** The engine's rules; none if the list at `path` is left out. */
export function toEscalations(
  path: string,
  inputs: readonly (typeof EscalationRuleInput.$inferInput)[] | null | undefined,
): EscalationRule[] {
  limitInputList(path, inputs ?? []);
  return (inputs ?? []).map((input, index) => {
    const at = `${path}[${index}]`;
    limitInputList(`${at}.handovers`, input.handovers ?? []);
    return {
      on: input.on,
      amount: input.amount ?? 0,
      unit: input.unit ?? 'HOURS',
      action: input.action,
      handovers: (input.handovers ?? []).map((handover, place) =>
        handoverOf(`${at}.handovers[${place}]`, handover),
      ),
      leads: leadsOf(at, input),
      respectsWorkingTime: input.respectsWorkingTime ?? true,
    };
  });
}

/** Adds the rules of an object and what they have done. */
function addEscalations<T extends Pick<ExecutionData, 'escalations' | 'escalated'>>(
  ref: ObjectRef<ApiTypes, T>,
): void {
  builder.objectFields(ref, (t) => ({
    escalations: t.field({
      type: [EscalationRuleRef],
      nullable: true,
      authScopes: { work: true },
      description: 'Its rules of escalation, from the definition. Partners can’t read them.',
      resolve: ({ escalations }) => [...escalations],
    }),
    escalated: t.field({
      type: [EscalationRef],
      nullable: true,
      authScopes: { work: true },
      description: 'What its rules of escalation have done, the latest last. Partners can’t read it.',
      resolve: ({ escalated }) => [...escalated],
    }),
  }));
}

addEscalations(WorkflowExecutionRef);
addEscalations(PhaseRef);
addEscalations(TaskRef);
