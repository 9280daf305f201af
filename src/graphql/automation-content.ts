/** What automations say: what sets them off, what they do; to read and as an input. */
import type { ActionDefinition, AutomationContent, RunLimit } from '../automation/content.ts';
import { ACTION_TYPES } from '../automation/registry.ts';
import { AUTOMATION_LIMITS } from '../automation/validation.ts';
import { refuseInput } from '../commands/problem.ts';
import { builder } from './builder.ts';
import { configFieldName, configInputType, presentedConfig, storedConfig } from './automation-config.ts';
import { FlowTriggerInput, FlowTriggerInterface, toFlowTrigger } from './automation-trigger.ts';

const RunLimitRef = builder.objectRef<RunLimit>('RunLimit').implement({
  description: 'How many runs of an automation are too many, beside the limits that all have.',
  fields: (t) => ({
    runs: t.exposeInt('runs', { description: 'More runs than these…' }),
    seconds: t.exposeInt('seconds', { description: '…in so many seconds disable the automation.' }),
  }),
});

const ActionDefinitionRef = builder.objectRef<ActionDefinition>('ActionDefinition').implement({
  description: 'One step of an automation.',
  fields: (t) => ({
    key: t.exposeString('key', {
      description: 'Names the step inside the automation: later ones find what it put out at `steps.KEY`.',
    }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    type: t.exposeString('type', { description: 'What it does: one of `automationActionTypes`.' }),
    allowsFailure: t.exposeBoolean('allowsFailure', {
      description: 'Whether the run goes on if it fails.',
    }),
    config: t.field({
      type: 'JSON',
      description: 'What it is told, as the `configSchema` of its type says.',
      resolve: presentedConfig,
    }),
  }),
});

export const AutomationContentRef = builder.objectRef<AutomationContent>('AutomationContent').implement({
  description: 'What an automation looks like: a draft, or a published version of it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What people call it.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, in Markdown.',
    }),
    triggers: t.field({
      type: [FlowTriggerInterface],
      description: 'What sets it off; a task of a workflow may run it as well.',
      resolve: ({ triggers }) => [...triggers],
    }),
    actions: t.field({
      type: [ActionDefinitionRef],
      description: 'What it does, in this order.',
      resolve: ({ actions }) => [...actions],
    }),
    limit: t.field({
      type: RunLimitRef,
      nullable: true,
      description: 'How many runs are too many; null for the general limits only.',
      resolve: ({ limit }) => limit,
    }),
  }),
});

const RunLimitInput = builder.inputType('RunLimitInput', {
  description: 'How many runs of an automation are too many, beside the limits that all have.',
  fields: (t) => ({
    runs: t.int({
      required: true,
      description: `More runs than these… 1 to ${AUTOMATION_LIMITS.runs}.`,
    }),
    seconds: t.int({
      required: true,
      description: `…in so many seconds disable the automation. 1 to ${AUTOMATION_LIMITS.seconds}.`,
    }),
  }),
});

const AutomationActionInput = builder.inputType('AutomationActionInput', {
  description:
    'One step of an automation: of the fields that are called like types of actions exactly one, which is its type and config.',
  fields: (t) => ({
    key: t.string({
      required: true,
      description:
        'Names the step inside the automation; no other has it. A letter, then letters, digits, - and _.',
    }),
    name: t.string({ description: 'What people call it; the title of its type if left out.' }),
    allowsFailure: t.boolean({ description: 'Whether the run goes on if it fails; false if left out.' }),
    ...Object.fromEntries(
      ACTION_TYPES.map((type) => [
        configFieldName(type),
        t.field({ type: configInputType(type), description: type.description }),
      ]),
    ),
  }),
});

export const AutomationContentInput = builder.inputType('AutomationContentInput', {
  description: 'What an automation looks like. Whatever is left out, or null, has its default.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What people call it, 1 to 500 characters.' }),
    description: t.string({ description: 'What it is for, in Markdown.' }),
    triggers: t.field({
      type: [FlowTriggerInput],
      description: 'What sets it off; only tasks of workflows if left out.',
    }),
    actions: t.field({ type: [AutomationActionInput], description: 'What it does, in this order.' }),
    limit: t.field({
      type: RunLimitInput,
      description: 'How many runs are too many; only the general limits count if left out.',
    }),
  }),
});

function toAction(path: string, input: typeof AutomationActionInput.$inferInput): ActionDefinition {
  const given = new Map(Object.entries(input));
  const isGiven = (field: string): boolean => given.get(field) !== null && given.get(field) !== undefined;
  const [type, other] = ACTION_TYPES.filter((candidate) => isGiven(configFieldName(candidate)));
  if (!type) {
    const fields = ACTION_TYPES.map(configFieldName).join(', ');
    return refuseInput(path, 'EMPTY', `${path} does not say what it does; it needs one of ${fields}.`);
  }
  if (other)
    refuseInput(
      path,
      'AMBIGUOUS',
      `${path} has both ${configFieldName(type)} and ${configFieldName(other)}; one action does one thing.`,
    );
  const field = configFieldName(type);
  return {
    key: input.key,
    name: input.name ?? type.title,
    type: type.type,
    allowsFailure: input.allowsFailure ?? false,
    config: storedConfig(type, given.get(field), `${path}.${field}`),
  };
}

/** The stored content. Refuses (see `refuseInput`) ids that are none, fields that do not go together, and actions of no type or of two. */
export function toAutomationContent(
  path: string,
  input: typeof AutomationContentInput.$inferInput,
): AutomationContent {
  const { name, description, triggers, actions, limit } = input;
  return {
    name,
    description: description ?? null,
    triggers: (triggers ?? []).map((trigger, at) => toFlowTrigger(`${path}.triggers[${at}]`, trigger)),
    actions: (actions ?? []).map((action, at) => toAction(`${path}.actions[${at}]`, action)),
    limit: limit ? { runs: limit.runs, seconds: limit.seconds } : null,
  };
}
