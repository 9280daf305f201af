/** What can be done with definitions. Every mutation here needs the role designer (or admin). */
import {
  createDefinition,
  duplicateDefinition,
  importDefinition,
  saveDefinitionDraft,
  type ImportedDefinition,
} from '../commands/definitions.ts';
import {
  archiveDefinition,
  disableDefinition,
  enableDefinition,
  publishDefinition,
  unarchiveDefinition,
  type Published,
} from '../commands/definitions-life.ts';
import type { DefinitionInput } from '../commands/definition-session.ts';
import type { Done } from '../commands/execute.ts';
import type { ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { importFields, ImportMappingInput, toMapping } from './definition-import.ts';
import { DefinitionContentInput, toContent } from './definition-input.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { DefinitionVersionRef, WorkflowDefinitionRef } from './refs.ts';
type InputBuilder = PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>;

const IDEMPOTENCY_KEY =
  'Makes a repeated request answer the first one’s definition instead of making another, 1 to 200 characters.';

async function readDefinition(id: string, { loaders }: Context) {
  const definition = await loaders.definitions.load(id);
  if (!definition) throw new Error(`definition ${id} vanished`);
  return definition;
}

function definitionPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<string>>) {
  return {
    definition: t.field({
      type: WorkflowDefinitionRef,
      description: 'The definition as it is now.',
      resolve: ({ value }, _args, context) => readDefinition(value, context),
    }),
  };
}

function definitionInput(t: InputBuilder) {
  return {
    definitionId: t.id({ required: true, description: 'The definition.' }),
    expectedVersion: t.int({
      description: 'Refuses (VERSION_CONFLICT) if the definition has another version by now.',
    }),
  };
}

/** The definition that a mutation is about, without its other fields. */
function onDefinition(input: {
  readonly definitionId: string;
  readonly expectedVersion?: number | null | undefined;
}): DefinitionInput {
  return {
    definitionId: inputKey('definitionId', 'WorkflowDefinition', input.definitionId),
    expectedVersion: input.expectedVersion ?? undefined,
  };
}

defineMutation('createDefinition', {
  description: 'Adds an enabled definition with this draft, errors and all. Publish it to start executions.',
  input: (t) => ({
    content: t.field({ type: DefinitionContentInput, required: true, description: 'The draft.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
  payload: definitionPayload,
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ content, idempotencyKey }, context) =>
    createDefinition(context, {
      content: toContent('content', content),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

defineMutation('saveDefinitionDraft', {
  description:
    'Replaces a definition’s draft as a whole. Errors in it only keep it from being published. Published versions stay as they are.',
  input: (t) => ({
    ...definitionInput(t),
    content: t.field({ type: DefinitionContentInput, required: true, description: 'The new draft.' }),
  }),
  payload: definitionPayload,
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: (input, context) =>
    saveDefinitionDraft(context, { ...onDefinition(input), content: toContent('content', input.content) }),
});

defineMutation('publishDefinition', {
  description:
    'Freezes the draft as the next version, which new executions run; those that run stay on theirs. A draft that is the newest version already makes no other one: that one is answered.',
  input: definitionInput,
  payload: (t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<Published>>) => ({
    definition: t.field({
      type: WorkflowDefinitionRef,
      description: 'The definition as it is now.',
      resolve: ({ value }, _args, context) => readDefinition(value.definitionId, context),
    }),
    published: t.field({
      type: DefinitionVersionRef,
      description: 'The version that the draft was frozen as.',
      resolve: async ({ value: { versionId } }, _args, { loaders }) => {
        const version = await loaders.definitionVersions.load(versionId);
        if (!version) throw new Error(`definition version ${versionId} vanished`);
        return version;
      },
    }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'DEFINITION_INVALID'],
  run: (input, context) => publishDefinition(context, onDefinition(input)),
});

defineMutation('duplicateDefinition', {
  description: 'Adds an enabled, unpublished definition with a copy of another one’s draft.',
  input: (t) => ({
    definitionId: t.id({ required: true, description: 'The definition to copy; it may be archived.' }),
    name: t.string({ description: 'The copy’s name; the original’s with “(copy)” if left out.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
  payload: definitionPayload,
  problems: ['NOT_FOUND', 'IDEMPOTENCY_CONFLICT'],
  run: ({ definitionId, name, idempotencyKey }, context) =>
    duplicateDefinition(context, {
      definitionId: inputKey('definitionId', 'WorkflowDefinition', definitionId),
      name: name ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

defineMutation('importDefinition', {
  description:
    'Makes a definition of a document, or replaces the draft of one. The document is one that was exported from Handrail, or a flow template or section/step workflow of another system, which is told by its shape. People, teams, closing reasons and automations that the organization does not have stay in the draft as written, and `issues` reports them.',
  input: (t) => ({
    document: t.string({
      required: true,
      description: 'The JSON text: `WorkflowDefinition.document`, or what another system exported.',
    }),
    mapping: t.field({
      type: ImportMappingInput,
      description: 'For a document of another system: what its ids mean here.',
    }),
    definitionId: t.id({
      description: 'The definition whose draft it replaces; a new definition is made if left out.',
    }),
    expectedVersion: t.int({
      description: 'With `definitionId`: refuses (VERSION_CONFLICT) if it has another version by now.',
    }),
    idempotencyKey: t.string({ description: `Without \`definitionId\`: ${IDEMPOTENCY_KEY}` }),
  }),
  payload: (t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<ImportedDefinition>>) => ({
    definition: t.field({
      type: WorkflowDefinitionRef,
      description: 'The definition as it is now.',
      resolve: ({ value }, _args, context) => readDefinition(value.definitionId, context),
    }),
    ...importFields(t),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'IDEMPOTENCY_CONFLICT'],
  run: ({ document, mapping, definitionId, expectedVersion, idempotencyKey }, context) =>
    importDefinition(context, {
      document,
      mapping: toMapping(mapping),
      ...(typeof definitionId === 'string' ? onDefinition({ definitionId, expectedVersion }) : {}),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

const SWITCHES = {
  enableDefinition: {
    run: enableDefinition,
    description: 'Allows new executions of a definition.',
  },
  disableDefinition: {
    run: disableDefinition,
    description: 'Keeps new executions of a definition from being started; those that run go on.',
  },
  archiveDefinition: {
    run: archiveDefinition,
    description:
      'Puts a definition away: lists leave it out, it can’t be started or changed; executions that run go on.',
  },
  unarchiveDefinition: {
    run: unarchiveDefinition,
    description: 'Takes a definition back from the archive, enabled or disabled as it was.',
  },
} as const;

for (const [name, { run, description }] of Object.entries(SWITCHES))
  defineMutation(name, {
    description,
    input: definitionInput,
    payload: definitionPayload,
    problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
    run: (input, context) => run(context, onDefinition(input)),
  });
