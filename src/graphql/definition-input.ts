/** The content of a definition as an input. Whatever is left out, or null, has its default. */
import type {
  AudienceText,
  DefinitionContent,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from '../engine/definition.ts';
import { refuseInput } from '../commands/problem.ts';
import { AudienceEnum } from './audience-text.ts';
import { builder } from './builder.ts';
import { TriggerTypeEnum } from './definition-content.ts';
import { TaskTypeEnum } from './enums.ts';
import { inputKey } from './ids.ts';
import { inputAssignees } from './people.ts';

const ASSIGNEES = 'Ids of users and teams who are responsible; nobody if left out.';
const DUE_AT = 'When it should be finished; never if left out.';
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

const TriggerInput = builder.inputType('TriggerInput', {
  description: 'A way in which executions come to be.',
  fields: (t) => ({
    type: t.field({ type: TriggerTypeEnum, description: 'Which way; MANUAL if left out.' }),
    entitySchema: t.string({ description: 'Only on entities of this schema; on all if left out.' }),
  }),
});

const PhaseDefinitionInput = builder.inputType('PhaseDefinitionInput', {
  description: 'A named stage of a workflow.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Names the phase inside the definition; no other has it.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    assignees: t.idList({ description: ASSIGNEES }),
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
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
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
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
    dueAt: t.field({ type: 'DateTime', description: DUE_AT }),
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
    assignees: inputAssignees(`${path}.assignees`, input.assignees ?? []),
    dueAt: input.dueAt ?? null,
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
    assignees: inputAssignees(`${path}.assignees`, input.assignees ?? []),
    dueAt: input.dueAt ?? null,
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
    assignees: inputAssignees(`${path}.assignees`, input.assignees ?? []),
    dueAt: input.dueAt ?? null,
    triggers: (input.triggers ?? [ANY_ENTITY]).map(({ type, entitySchema }) => ({
      type: type ?? 'MANUAL',
      entitySchema: entitySchema ?? null,
    })),
    phases: (input.phases ?? []).map((phase, at) => phaseOf(`${path}.phases[${at}]`, phase)),
    tasks: (input.tasks ?? []).map((task, at) => taskOf(`${path}.tasks[${at}]`, task)),
    edges: (input.edges ?? []).map(({ from, to }, at) => ({
      from: nodeOf(`${path}.edges[${at}].from`, from),
      to: nodeOf(`${path}.edges[${at}].to`, to),
    })),
    closingReasonIds: (input.closingReasonIds ?? []).map((id, at) =>
      inputKey(`${path}.closingReasonIds[${at}]`, 'ClosingReason', id),
    ),
    hasSingleClosingReason: input.hasSingleClosingReason ?? false,
  };
}
