/** Where the flow has a task: reached or left out, scheduled, decided, failed, and by which rules. */
import { AUTOMATIC_STEPS } from '../engine/limits.ts';
import type { Failure, FailureCode, TaskData } from '../engine/state.ts';
import { builder } from './builder.ts';
import { DecisionRecordRef } from './decision-record.ts';
import { DecisionDefinitionRef } from './definition-decision.ts';
import { DueRuleRef } from './due-rule.ts';
import { PhaseRef, TaskRef, WorkflowExecutionRef } from './refs.ts';
import { ScheduleRuleRef } from './schedule-rule.ts';
import { AutomationReferenceRef, JourneyReferenceRef } from './task-references.ts';

const FailureCodeEnum = builder.enumType('FailureCode', {
  description: 'Why a task failed.',
  values: {
    NO_BRANCH_MET: { description: 'No branch of the decision is met, and it has no default branch.' },
    SCHEDULE_DATE_MISSING: {
      description: 'The attribute that the schedule counts from is not set. Set it, and `retryTask`.',
    },
    SCHEDULE_DATE_INVALID: {
      description: 'The attribute that the schedule counts from is no date. Set it to one, and `retryTask`.',
    },
    SCHEDULE_IN_PAST: { description: 'The time that the schedule gives was over already.' },
    TOO_MANY_STEPS: {
      description: `One command set off more than ${AUTOMATIC_STEPS} automatic decisions: loops that let nobody work.`,
    },
    AUTOMATION_FAILED: {
      description:
        'An action of its automation failed. `retryTask` goes on from that action, `runAutomation` from the first.',
    },
    AUTOMATION_HOT: {
      description:
        'Its automation ran too often, so that it did nothing and was disabled. Enable it, and `retryTask`.',
    },
    CONFIRMATION_DECLINED: {
      description: 'Whoever was asked to confirm it has declined; the message is what they said.',
    },
    CONFIRMATION_EXPIRED: { description: 'Nobody confirmed it in time. `retryTask`, to ask again.' },
    EXTERNAL_FAILED: {
      description: 'As many attempts of its workers failed as may. `retryTask` lets them try as often again.',
    },
    REPORTED: { description: 'Somebody said so, by `failTask`.' },
  } as const satisfies Readonly<Record<FailureCode, object>>,
});

export const FailureRef = builder.objectRef<Failure>('TaskFailure').implement({
  description: 'What went wrong with a task.',
  fields: (t) => ({
    code: t.field({
      type: FailureCodeEnum,
      description: 'Which failure it is.',
      resolve: ({ code }) => code,
    }),
    message: t.exposeString('message', { description: 'What went wrong and where, for people.' }),
  }),
});

const SkipReasonEnum = builder.enumType('SkipReason', {
  description: 'Why the system skipped a task.',
  values: {
    BRANCH_NOT_TAKEN: {
      description:
        'Every way to it is dead, since decisions took other branches. It is pending again once such a decision is reopened.',
    },
  } as const satisfies Readonly<Record<NonNullable<TaskData['skipReason']>, object>>,
});

builder.objectFields(TaskRef, (t) => ({
  isReached: t.exposeBoolean('isReached', {
    description: 'Whether everything that the flow puts before it is done.',
  }),
  reachedAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'Since when it is reached; null while it is not.',
    resolve: ({ reachedAt }) => reachedAt,
  }),
  skipReason: t.field({
    type: SkipReasonEnum,
    nullable: true,
    description: 'Why the system skipped it; null if it is not skipped, or if a person did.',
    resolve: ({ skipReason }) => skipReason,
  }),
  failure: t.field({
    type: FailureRef,
    nullable: true,
    description: 'What went wrong; null unless it is FAILED.',
    resolve: ({ failure }) => failure,
  }),
  decision: t.field({
    type: DecisionDefinitionRef,
    nullable: true,
    description: 'The branches of a decision, and how it is made; null for other tasks.',
    resolve: ({ decision }) => decision,
  }),
  decided: t.field({
    type: DecisionRecordRef,
    nullable: true,
    description:
      'How it was decided the last time; null before, and after it was reopened. A decision that led back keeps it until it is made again.',
    resolve: ({ decided }) => decided,
  }),
  iterations: t.exposeInt('iterations', {
    description:
      'How often its loop branch was taken, from 0; anew after a revert and in each round of an outer loop.',
  }),
  schedule: t.field({
    type: ScheduleRuleRef,
    nullable: true,
    description: 'When it may go on once it is reached; null for at once.',
    resolve: ({ schedule }) => schedule,
  }),
  scheduledFor: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'The time that the schedule gives; null while it is not known.',
    resolve: ({ scheduledFor }) => scheduledFor,
  }),
  scheduleRanAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When it went on, by its time or because somebody ran it; null before.',
    resolve: ({ scheduleRanAt }) => scheduleRanAt,
  }),
  isLate: t.exposeBoolean('isLate', {
    description:
      'Whether it went on more than a minute after its time, for instance because no server was up.',
  }),
  dueRule: t.field({
    type: DueRuleRef,
    nullable: true,
    description:
      'The rule that gives `dueAt`, also while there is no date yet; null if there is none or somebody set the date.',
    resolve: ({ dueRule }) => dueRule,
  }),
  automation: t.field({
    type: AutomationReferenceRef,
    nullable: true,
    description: 'The automation of a task of type AUTOMATION; null for others.',
    resolve: ({ automation }) => automation,
  }),
  runCount: t.exposeInt('runCount', { description: 'How often its automation was started.' }),
  journey: t.field({
    type: JourneyReferenceRef,
    nullable: true,
    description: 'The form that belongs to it, if any.',
    resolve: ({ journey }) => journey,
  }),
}));

builder.objectField(PhaseRef, 'dueRule', (t) =>
  t.field({
    type: DueRuleRef,
    nullable: true,
    description: 'The rule that gives `dueAt`, also while there is no date yet.',
    resolve: ({ dueRule }) => dueRule,
  }),
);

builder.objectField(WorkflowExecutionRef, 'dueRule', (t) =>
  t.field({
    type: DueRuleRef,
    nullable: true,
    description:
      'The rule that gives `dueAt`, also while there is no date yet; null if there is none or somebody set the date.',
    resolve: ({ dueRule }) => dueRule,
  }),
);
