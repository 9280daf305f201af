/** The content of a definition as an input. Whatever is left out, or null, has its default. */
import { refuseInput } from '../commands/problem.ts';
import type {
  AudienceText,
  DefinitionContent,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from '../engine/definition.ts';
import { AudienceEnum } from './audience-text.ts';
import { builder } from './builder.ts';
import { ExternalReferenceInput, toExternalReference } from './external-definition.ts';
import { inputDefinitionAssignees } from './definition-assignee.ts';
import { DecisionDefinitionInput, toDecision } from './definition-decision-input.ts';
import { EntitySyncPresetInput, EntitySyncRuleInput, toEntitySync } from './definition-sync.ts';
import { toTrigger, TriggerInput } from './definition-trigger.ts';
import { ConfirmationRuleInput, toConfirmationRule } from './confirmation-rule.ts';
import { DueRuleInput, toDueRule } from './due-rule.ts';
import { TaskTypeEnum } from './enums.ts';
import { EscalationRuleInput, toEscalations } from './escalation.ts';
import { inputKey } from './ids.ts';
import { ScheduleRuleInput, toScheduleRule } from './schedule-rule.ts';
import {
  AutomationReferenceInput,
  JourneyReferenceInput,
  toAutomationReference,
  toJourneyReference,
} from './task-references.ts';

const ASSIGNEES = 'Ids of users and teams who are responsible; nobody if left out.';
const ASSIGNEE_VARIABLES =
  'Variables such as `{{entity.owner}}`, after those in `assignees`: whoever the attribute names is responsible, known when the execution starts or the task is reached.';
const DUE_AT = 'When it should be finished; never if left out.';
const DUE_RULE = 'What the due date is counted from, instead of `dueAt`; nothing if left out.';
const ESCALATIONS =
  'What happens before, at and after the due date, and if nobody takes a task; at most 20 rules, nothing if left out.';
/** The trigger of a content that names none. */
const ANY_ENTITY = { type: 'MANUAL', entitySchema: null } as const;
const LABELS = 'Free tags.';

const NodeReferenceInput = builder.inputType('NodeReferenceInput', {
  description: 'A task or a phase of the same definition: exactly one of the two keys.',
  fields: (t) => ({
    taskKey: t.string({ description: 'The key of a task.' }),
    phaseKey: t.string({ description: 'The key of a phase.' }),
  }),
});

const EdgeDefinitionInput = builder.inputType('EdgeDefinitionInput', {
  description: '“After this comes that.”',
  fields: (t) => ({
    from: t.field({ type: NodeReferenceInput, required: true, description: 'What comes before.' }),
    to: t.field({ type: NodeReferenceInput, required: true, description: 'What comes after.' }),
    branchKey: t.string({
      description: 'The branch of the decision `from` with which it fires; always if left out.',
    }),
  }),
});

const AudienceTextInput = builder.inputType('AudienceTextInput', {
  description: 'What a task is called for readers outside the team.',
  fields: (t) => ({
    audience: t.field({ type: AudienceEnum, required: true, description: 'Which readers.' }),
    isEnabled: t.boolean({ description: 'Whether they see the task at all; true if left out.' }),
    label: t.string({ required: true, description: 'Its name for them.' }),
    description: t.string({ description: 'Its description for them.' }),
  }),
});

const PhaseDefinitionInput = builder.inputType('PhaseDefinitionInput', {
  description: 'A named stage of a workflow.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Names the phase inside the definition; no other has it.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    assignees: t.idList({ description: ASSIGNEES }),
    assigneeVariables: t.stringList({ description: ASSIGNEE_VARIABLES }),
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
    dueRule: t.field({ type: DueRuleInput, description: DUE_RULE }),
    escalations: t.field({ type: [EscalationRuleInput], description: ESCALATIONS }),
    labels: t.stringList({ description: LABELS }),
  }),
});

const TaskDefinitionInput = builder.inputType('TaskDefinitionInput', {
  description: 'One unit of work of a workflow.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Names the task inside the definition; no other has it.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    description: t.string({ description: 'What to do, in Markdown.' }),
    type: t.field({ type: TaskTypeEnum, description: 'How it is worked; MANUAL if left out.' }),
    phaseKey: t.string({ description: 'The phase that it is in; in none if left out.' }),
    assignees: t.idList({ description: ASSIGNEES }),
    assigneeVariables: t.stringList({ description: ASSIGNEE_VARIABLES }),
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
    dueRule: t.field({ type: DueRuleInput, description: DUE_RULE }),
    escalations: t.field({ type: [EscalationRuleInput], description: ESCALATIONS }),
    schedule: t.field({
      type: ScheduleRuleInput,
      description: 'When it may go on once it is reached; at once if left out.',
    }),
    decision: t.field({
      type: DecisionDefinitionInput,
      description: 'The branches of a DECISION; only for that type.',
    }),
    automation: t.field({
      type: AutomationReferenceInput,
      description: 'What an AUTOMATION runs; only for that type.',
    }),
    external: t.field({
      type: ExternalReferenceInput,
      description: 'What an EXTERNAL says to its workers; only for that type.',
    }),
    journey: t.field({
      type: JourneyReferenceInput,
      description: 'The form that belongs to it; none if left out.',
    }),
    confirmation: t.field({
      type: ConfirmationRuleInput,
      description: 'Who outside has to confirm it, and how they are asked; only for the type MANUAL.',
    }),
    requirements: t.field({
      type: [NodeReferenceInput],
      description: 'Tasks and phases that must be finished before it may be worked on.',
    }),
    labels: t.stringList({ description: LABELS }),
    audienceTexts: t.field({
      type: [AudienceTextInput],
      description: 'What it is called for readers outside the team, once for each audience.',
    }),
  }),
});

export const DefinitionContentInput = builder.inputType('DefinitionContentInput', {
  description: 'What a workflow looks like. It replaces the draft as a whole.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The workflow’s name, 1 to 500 characters.' }),
    description: t.string({ description: 'What the workflow is for, in Markdown.' }),
    labels: t.stringList({ description: LABELS }),
    isSequential: t.boolean({
      description: 'Whether, without edges, the tasks form one chain; false if left out.',
    }),
    isVisibleInPortal: t.boolean({
      description: 'Whether the end customer sees the progress; false if left out.',
    }),
    assignees: t.idList({ description: ASSIGNEES }),
    assigneeVariables: t.stringList({ description: ASSIGNEE_VARIABLES }),
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
    dueRule: t.field({ type: DueRuleInput, description: DUE_RULE }),
    escalations: t.field({ type: [EscalationRuleInput], description: ESCALATIONS }),
    triggers: t.field({
      type: [TriggerInput],
      description: 'How executions come to be; by hand on any entity if left out.',
    }),
    phases: t.field({ type: [PhaseDefinitionInput], description: 'The phases, top to bottom.' }),
    tasks: t.field({
      type: [TaskDefinitionInput],
      description: 'The tasks; those of one phase top to bottom.',
    }),
    edges: t.field({ type: [EdgeDefinitionInput], description: 'What comes after what.' }),
    closingReasonIds: t.idList({
      description: 'The closing reasons of the catalogue for which an execution may be closed early.',
    }),
    hasSingleClosingReason: t.boolean({
      description: 'Whether closing takes exactly one of them instead of at least one; false if left out.',
    }),
    entitySync: t.field({
      type: [EntitySyncRuleInput],
      description:
        'What executions tell their entities, in order: of two rules that write one attribute, the later one wins.',
    }),
    entitySyncPresets: t.field({
      type: [EntitySyncPresetInput],
      description:
        'Rules in short. They are saved before those of `entitySync`, as rules: reading the content gives `entitySync` only. Rules that are there already are not added again.',
    }),
  }),
});

function nodeOf(path: string, { taskKey, phaseKey }: typeof NodeReferenceInput.$inferInput): NodeRef {
  if (typeof taskKey === 'string' && typeof phaseKey !== 'string') return { taskKey };
  if (typeof phaseKey === 'string' && typeof taskKey !== 'string') return { phaseKey };
  return refuseInput(path, 'AMBIGUOUS', `${path} needs either taskKey or phaseKey.`);
}

function audienceTextOf(input: typeof AudienceTextInput.$inferInput): AudienceText {
  const { audience, isEnabled, label, description } = input;
  return { audience, isEnabled: isEnabled ?? true, label, description: description ?? null };
}

function phaseOf(path: string, input: typeof PhaseDefinitionInput.$inferInput): PhaseDefinition {
  return {
    key: input.key,
    name: input.name,
    assignees: inputDefinitionAssignees(path, input),
    dueAt: input.dueAt ?? null,
    dueRule: toDueRule(input.dueRule),
    escalations: toEscalations(`${path}.escalations`, input.escalations),
    labels: input.labels ?? [],
  };
}

function taskOf(path: string, input: typeof TaskDefinitionInput.$inferInput): TaskDefinition {
  return {
    key: input.key,
    name: input.name,
    description: input.description ?? null,
    type: input.type ?? 'MANUAL',
    phaseKey: input.phaseKey ?? null,
    assignees: inputDefinitionAssignees(path, input),
    dueAt: input.dueAt ?? null,
    dueRule: toDueRule(input.dueRule),
    escalations: toEscalations(`${path}.escalations`, input.escalations),
    schedule: toScheduleRule(input.schedule),
    decision: toDecision(input.decision),
    automation: toAutomationReference(input.automation),
    external: toExternalReference(input.external),
    journey: toJourneyReference(input.journey),
    confirmation: toConfirmationRule(input.confirmation),
    requirements: (input.requirements ?? []).map((ref, at) => nodeOf(`${path}.requirements[${at}]`, ref)),
    labels: input.labels ?? [],
    audienceTexts: (input.audienceTexts ?? []).map(audienceTextOf),
  };
}

/** The engine's content. Refuses (see `refuseInput`) ids that are none and references that name nothing or two things. */
export function toContent(path: string, input: typeof DefinitionContentInput.$inferInput): DefinitionContent {
  return {
    name: input.name,
    description: input.description ?? null,
    labels: input.labels ?? [],
    isSequential: input.isSequential ?? false,
    isVisibleInPortal: input.isVisibleInPortal ?? false,
    assignees: inputDefinitionAssignees(path, input),
    dueAt: input.dueAt ?? null,
    dueRule: toDueRule(input.dueRule),
    escalations: toEscalations(`${path}.escalations`, input.escalations),
    triggers: (input.triggers ?? [ANY_ENTITY]).map((trigger, at) =>
      toTrigger(`${path}.triggers[${at}]`, trigger),
    ),
    phases: (input.phases ?? []).map((phase, at) => phaseOf(`${path}.phases[${at}]`, phase)),
    tasks: (input.tasks ?? []).map((task, at) => taskOf(`${path}.tasks[${at}]`, task)),
    edges: (input.edges ?? []).map(({ from, to, branchKey }, at) => ({
      from: nodeOf(`${path}.edges[${at}].from`, from),
      to: nodeOf(`${path}.edges[${at}].to`, to),
      branchKey: branchKey ?? null,
    })),
    closingReasonIds: (input.closingReasonIds ?? []).map((id, at) =>
      inputKey(`${path}.closingReasonIds[${at}]`, 'ClosingReason', id),
    ),
    hasSingleClosingReason: input.hasSingleClosingReason ?? false,
    entitySync: toEntitySync(input),
  };
}
