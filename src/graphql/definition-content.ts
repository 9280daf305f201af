/** What a definition says: its phases, tasks and edges, whom it names, how it is started and closed. */
import type {
  DefinitionContent,
  EdgeDefinition,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from '../engine/definition.ts';
import { uuidsAmong } from '../store/definition-references.ts';
import { AudienceTextRef } from './audience-text.ts';
import { builder } from './builder.ts';
import { assigneesOf, DefinitionAssigneeRef } from './definition-assignee.ts';
import { DecisionDefinitionRef } from './definition-decision.ts';
import { EntitySyncRuleRef } from './definition-sync.ts';
import { TriggerInterface } from './definition-trigger.ts';
import { ConfirmationRuleRef } from './confirmation-rule.ts';
import { DueRuleRef } from './due-rule.ts';
import { TaskTypeEnum } from './enums.ts';
import { ExternalReferenceRef } from './external-definition.ts';
import { EscalationRuleRef } from './escalation.ts';
import { ClosingReasonRef } from './refs.ts';
import { ScheduleRuleRef } from './schedule-rule.ts';
import { AutomationReferenceRef, JourneyReferenceRef } from './task-references.ts';

const DUE_RULE = 'What the due date is counted from, instead of `dueAt`; null for none.';

const ESCALATIONS = 'What happens before, at and after the due date, and if nobody takes a task.';

const NodeReferenceRef = builder.objectRef<NodeRef>('NodeReference').implement({
  description: 'A task or a phase of the same definition, by its key.',
  fields: (t) => ({
    taskKey: t.string({
      nullable: true,
      description: 'The task’s key; null if it is a phase.',
      resolve: (ref) => ('taskKey' in ref ? ref.taskKey : null),
    }),
    phaseKey: t.string({
      nullable: true,
      description: 'The phase’s key; null if it is a task.',
      resolve: (ref) => ('phaseKey' in ref ? ref.phaseKey : null),
    }),
  }),
});

const EdgeDefinitionRef = builder.objectRef<EdgeDefinition>('EdgeDefinition').implement({
  description:
    '“After this comes that.” What several edges lead to is reached when each of them has fired, or can’t fire any more, and one has.',
  fields: (t) => ({
    from: t.field({
      type: NodeReferenceRef,
      description: 'What comes before. A phase fires when all its tasks are finished.',
      resolve: ({ from }) => from,
    }),
    to: t.field({
      type: NodeReferenceRef,
      description: 'What comes after. A phase stands for those of its tasks with which it begins.',
      resolve: ({ to }) => to,
    }),
    branchKey: t.exposeString('branchKey', {
      nullable: true,
      description: 'The branch of the decision `from` with which it fires; null for always.',
    }),
  }),
});

const PhaseDefinitionRef = builder.objectRef<PhaseDefinition>('PhaseDefinition').implement({
  description: 'A named stage of a workflow; its tasks name it by its key.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Names the phase inside the definition.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    assignees: t.field({
      type: [DefinitionAssigneeRef],
      description: 'Who is responsible for it.',
      resolve: ({ assignees }, _args, context) => assigneesOf(assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished, if that is a fixed date.',
      resolve: ({ dueAt }) => dueAt,
    }),
    dueRule: t.field({
      type: DueRuleRef,
      nullable: true,
      description: DUE_RULE,
      resolve: ({ dueRule }) => dueRule,
    }),
    escalations: t.field({
      type: [EscalationRuleRef],
      description: ESCALATIONS,
      resolve: ({ escalations }) => [...escalations],
    }),
    labels: t.stringList({ description: 'Free tags.', resolve: ({ labels }) => [...labels] }),
  }),
});

const TaskDefinitionRef = builder.objectRef<TaskDefinition>('TaskDefinition').implement({
  description: 'One unit of work of a workflow.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Names the task inside the definition.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    description: t.exposeString('description', { nullable: true, description: 'What to do, in Markdown.' }),
    type: t.field({ type: TaskTypeEnum, description: 'How it is worked.', resolve: ({ type }) => type }),
    phaseKey: t.exposeString('phaseKey', {
      nullable: true,
      description: 'The phase that it is in; null for none.',
    }),
    assignees: t.field({
      type: [DefinitionAssigneeRef],
      description: 'Who is responsible for it.',
      resolve: ({ assignees }, _args, context) => assigneesOf(assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it should be finished, if that is a fixed date.',
      resolve: ({ dueAt }) => dueAt,
    }),
    dueRule: t.field({
      type: DueRuleRef,
      nullable: true,
      description: DUE_RULE,
      resolve: ({ dueRule }) => dueRule,
    }),
    escalations: t.field({
      type: [EscalationRuleRef],
      description: ESCALATIONS,
      resolve: ({ escalations }) => [...escalations],
    }),
    schedule: t.field({
      type: ScheduleRuleRef,
      nullable: true,
      description: 'When it may go on once it is reached; null for at once.',
      resolve: ({ schedule }) => schedule,
    }),
    decision: t.field({
      type: DecisionDefinitionRef,
      nullable: true,
      description: 'Of a DECISION: its branches; otherwise null.',
      resolve: ({ decision }) => decision,
    }),
    external: t.field({
      type: ExternalReferenceRef,
      nullable: true,
      description: 'Of an EXTERNAL: what it says to its workers; otherwise null.',
      resolve: ({ external }) => external,
    }),
    automation: t.field({
      type: AutomationReferenceRef,
      nullable: true,
      description: 'Of an AUTOMATION: what it runs; otherwise null.',
      resolve: ({ automation }) => automation,
    }),
    journey: t.field({
      type: JourneyReferenceRef,
      nullable: true,
      description: 'The form that belongs to it; null for none.',
      resolve: ({ journey }) => journey,
    }),
    confirmation: t.field({
      type: ConfirmationRuleRef,
      nullable: true,
      description: 'Who outside has to confirm it, and how they are asked; null for nobody.',
      resolve: ({ confirmation }) => confirmation,
    }),
    requirements: t.field({
      type: [NodeReferenceRef],
      description: 'Tasks and phases that must be finished before it may be worked on.',
      resolve: ({ requirements }) => [...requirements],
    }),
    labels: t.stringList({ description: 'Free tags.', resolve: ({ labels }) => [...labels] }),
    audienceTexts: t.field({
      type: [AudienceTextRef],
      description: 'What it is called for readers outside the team.',
      resolve: ({ audienceTexts }) => [...audienceTexts],
    }),
  }),
});

export const DefinitionContentRef = builder.objectRef<DefinitionContent>('DefinitionContent').implement({
  description: 'What a workflow looks like: a draft, or a published version of it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The workflow’s name; executions take it over.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the workflow is for, in Markdown.',
    }),
    labels: t.stringList({ description: 'Free tags.', resolve: ({ labels }) => [...labels] }),
    isSequential: t.exposeBoolean('isSequential', {
      description:
        'Whether, without edges, the tasks form one chain by phase and position. Otherwise all of them can be worked on from the start.',
    }),
    isVisibleInPortal: t.exposeBoolean('isVisibleInPortal', {
      description: 'Whether the end customer sees the progress.',
    }),
    assignees: t.field({
      type: [DefinitionAssigneeRef],
      description: 'Who is responsible for an execution as a whole.',
      resolve: ({ assignees }, _args, context) => assigneesOf(assignees, context),
    }),
    dueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When an execution should be finished, if that is a fixed date.',
      resolve: ({ dueAt }) => dueAt,
    }),
    dueRule: t.field({
      type: DueRuleRef,
      nullable: true,
      description: DUE_RULE,
      resolve: ({ dueRule }) => dueRule,
    }),
    escalations: t.field({
      type: [EscalationRuleRef],
      description: ESCALATIONS,
      resolve: ({ escalations }) => [...escalations],
    }),
    triggers: t.field({
      type: [TriggerInterface],
      description: 'How executions come to be.',
      resolve: ({ triggers }) => [...triggers],
    }),
    phases: t.field({
      type: [PhaseDefinitionRef],
      complexity: { multiplier: 6 },
      description: 'The phases, top to bottom.',
      resolve: ({ phases }) => [...phases],
    }),
    tasks: t.field({
      type: [TaskDefinitionRef],
      complexity: { multiplier: 30 },
      description: 'The tasks; those of one phase top to bottom.',
      resolve: ({ tasks }) => [...tasks],
    }),
    edges: t.field({
      type: [EdgeDefinitionRef],
      complexity: { multiplier: 30 },
      description: 'What comes after what.',
      resolve: ({ edges }) => [...edges],
    }),
    closingReasons: t.field({
      type: [ClosingReasonRef],
      description: 'The reasons for which an execution may be closed early, those that exist.',
      resolve: async (content, _args, { loaders }) => {
        const reasons = await loaders.closingReasons.loadMany(uuidsAmong(content.closingReasonIds));
        return reasons.flatMap((reason) => {
          if (reason instanceof Error) throw reason;
          return reason ?? [];
        });
      },
    }),
    unresolvedClosingReasons: t.stringList({
      description:
        'Reasons that the catalogue does not have, as an import left them. The definition can’t be published with them.',
      resolve: async (content, _args, { loaders }) => {
        const known = await Promise.all(
          content.closingReasonIds.map(async (id) =>
            uuidsAmong([id]).length === 0 ? null : loaders.closingReasons.load(id),
          ),
        );
        return content.closingReasonIds.filter((_, index) => !known[index]);
      },
    }),
    hasSingleClosingReason: t.exposeBoolean('hasSingleClosingReason', {
      description: 'Whether closing takes exactly one reason instead of at least one.',
    }),
    entitySync: t.field({
      type: [EntitySyncRuleRef],
      description:
        'What executions tell their entities, in order: of two rules that write one attribute, the later one wins.',
      resolve: ({ entitySync }) => [...entitySync],
    }),
  }),
});
