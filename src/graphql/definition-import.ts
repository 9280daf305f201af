/** Importing definitions: from documents of Handrail, and from those of another system. */
import type { ImportedDefinition } from '../commands/definitions.ts';
import type { MappingEntry, MappingInput } from '../commands/import/mapping.ts';
import type { NotTakenOver } from '../commands/import/not-taken-over.ts';
import { NOT_TAKEN_OVER_CODES, type NotTakenOverCode } from '../commands/import/reason.ts';
import type { Done } from '../commands/execute.ts';
import { automationText } from './automation-id.ts';
import { builder, type ApiTypes } from './builder.ts';
import { inputKey } from './ids.ts';
import { journeyText } from './journey-id.ts';
import { inputAssignee } from './people.ts';

const FROM = 'The id in the document.';

const AssigneeMappingInput = builder.inputType('AssigneeMappingInput', {
  description: '“This assignee of the other system is that one here.”',
  fields: (t) => ({
    from: t.string({ required: true, description: FROM }),
    toId: t.id({ required: true, description: 'The user or team here.' }),
  }),
});

const ReferenceMappingInput = builder.inputType('ReferenceMappingInput', {
  description: '“This journey or automation of the other system is that one here.”',
  fields: (t) => ({
    from: t.string({ required: true, description: FROM }),
    to: t.string({
      required: true,
      description: 'What it is called in definitions here: the id of an automation or of a journey.',
    }),
  }),
});

const ClosingReasonMappingInput = builder.inputType('ClosingReasonMappingInput', {
  description: '“This closing reason of the other system is that one here.”',
  fields: (t) => ({
    from: t.string({ required: true, description: FROM }),
    toId: t.id({ required: true, description: 'The closing reason here.' }),
  }),
});

export const ImportMappingInput = builder.inputType('ImportMappingInput', {
  description:
    'What the ids in a document of another system mean here. What is not mapped is left out and listed in `notTakenOver`. Each list has at most 1,000 entries.',
  fields: (t) => ({
    assignees: t.field({ type: [AssigneeMappingInput], description: 'Users and teams.' }),
    journeys: t.field({ type: [ReferenceMappingInput], description: 'Journeys.' }),
    automations: t.field({ type: [ReferenceMappingInput], description: 'Automations.' }),
    closingReasons: t.field({ type: [ClosingReasonMappingInput], description: 'Closing reasons.' }),
  }),
});

const ImportFormatEnum = builder.enumType('ImportFormat', {
  description: 'The formats of documents that can be imported, told by their shape.',
  values: {
    HANDRAIL: { description: 'A document of Handrail (`WorkflowDefinition.document`).' },
    FLOW_TEMPLATE: { description: 'A flow template of another system: phases, tasks and edges.' },
    SECTION_WORKFLOW: { description: 'A workflow of another system with sections and steps.' },
  } as const satisfies Readonly<Record<ImportedDefinition['format'], object>>,
});

const NotTakenOverCodeEnum = builder.enumType('NotTakenOverCode', {
  description: 'Why something in an imported document is not in the definition. Codes are stable.',
  values: Object.fromEntries(
    Object.entries(NOT_TAKEN_OVER_CODES).map(([code, description]) => [code, { description }]),
  ) as Record<NotTakenOverCode, { description: string }>,
});

const NotTakenOverRef = builder.objectRef<NotTakenOver>('NotTakenOver').implement({
  description: 'Something in an imported document that is not in the definition.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Where in the document, with everything below it: `tasks[3].ecp.journey`. `edges[*].id` is that field of all edges that have it.',
    }),
    code: t.field({
      type: NotTakenOverCodeEnum,
      description: 'Why.',
      resolve: ({ code }) => code,
    }),
    message: t.exposeString('message', { description: 'The reason, for people.' }),
  }),
});

/** What an import answers beside the definition. */
export function importFields(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<ImportedDefinition>>) {
  return {
    format: t.field({
      type: ImportFormatEnum,
      description: 'Which format the document has.',
      resolve: ({ value }) => value.format,
    }),
    notTakenOver: t.field({
      type: [NotTakenOverRef],
      description:
        'What in the document is not in the draft, and why, in the order of the document; everything that is not listed has arrived. At most 1,000 entries; nothing of a document of Handrail.',
      resolve: ({ value }) => value.notTakenOver,
    }),
  };
}

function entries<Input extends { readonly from: string }, To>(
  table: keyof MappingInput,
  list: readonly Input[] | null | undefined,
  toOf: (path: string, input: Input) => To,
): MappingEntry<To>[] {
  return (list ?? []).map((input, index) => ({
    from: input.from,
    to: toOf(`mapping.${table}[${index}]`, input),
  }));
}

/** The table with keys; refuses malformed ids. Only in a mutation's `run`. */
export function toMapping(
  input: typeof ImportMappingInput.$inferInput | null | undefined,
): MappingInput | undefined {
  if (!input) return undefined;
  return {
    assignees: entries('assignees', input.assignees, (path, { toId }) => inputAssignee(`${path}.toId`, toId)),
    journeys: entries('journeys', input.journeys, (_path, { to }) => journeyText(to)),
    automations: entries('automations', input.automations, (_path, { to }) => automationText(to)),
    closingReasons: entries('closingReasons', input.closingReasons, (path, { toId }) =>
      inputKey(`${path}.toId`, 'ClosingReason', toId),
    ),
  };
}
