/** What can be done with automations. Every mutation here needs the role designer (or admin). */
import { createAutomation, duplicateAutomation, saveAutomationDraft } from '../automation/automations.ts';
import {
  archiveAutomation,
  disableAutomation,
  enableAutomation,
  publishAutomation,
  unarchiveAutomation,
  type PublishedAutomation,
} from '../automation/automations-life.ts';
import type { AutomationInput } from '../automation/automation-session.ts';
import type { Done } from '../commands/execute.ts';
import { AutomationContentInput, toAutomationContent } from './automation-content.ts';
import type { ApiTypes } from './builder.ts';
import type { Context } from './context.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { AutomationRef, AutomationVersionRef } from './refs.ts';

const IDEMPOTENCY_KEY =
  'Makes a repeated request answer the first one’s automation instead of making another, 1 to 200 characters.';

async function readAutomation(id: string, { loaders }: Context) {
  const automation = await loaders.automations.load(id);
  if (!automation) throw new Error(`automation ${id} vanished`);
  return automation;
}

function automationPayload(t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<string>>) {
  return {
    automation: t.field({
      type: AutomationRef,
      description: 'The automation as it is now.',
      resolve: ({ value }, _args, context) => readAutomation(value, context),
    }),
  };
}

function automationInput(t: PothosSchemaTypes.InputFieldBuilder<ApiTypes, 'InputObject'>) {
  return {
    automationId: t.id({ required: true, description: 'The automation.' }),
    expectedVersion: t.int({
      description: 'Refuses (VERSION_CONFLICT) if the automation has another version by now.',
    }),
  };
}

/** The automation that a mutation is about, without its other fields. */
function onAutomation(input: {
  readonly automationId: string;
  readonly expectedVersion?: number | null | undefined;
}): AutomationInput {
  return {
    automationId: inputKey('automationId', 'Automation', input.automationId),
    expectedVersion: input.expectedVersion ?? undefined,
  };
}

defineMutation('createAutomation', {
  description: 'Adds an enabled automation with this draft, errors and all. Publish it to have it run.',
  input: (t) => ({
    content: t.field({ type: AutomationContentInput, required: true, description: 'The draft.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
  payload: automationPayload,
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ content, idempotencyKey }, context) =>
    createAutomation(context, {
      content: toAutomationContent('content', content),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

defineMutation('saveAutomationDraft', {
  description:
    'Replaces an automation’s draft as a whole. Errors in it only keep it from being published. Published versions stay as they are.',
  input: (t) => ({
    ...automationInput(t),
    content: t.field({ type: AutomationContentInput, required: true, description: 'The new draft.' }),
  }),
  payload: automationPayload,
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: (input, context) =>
    saveAutomationDraft(context, {
      ...onAutomation(input),
      content: toAutomationContent('content', input.content),
    }),
});

defineMutation('publishAutomation', {
  description:
    'Freezes the draft as the next version, which new runs do; those that run stay on theirs. A draft that is the newest version already makes no other one: that one is answered.',
  input: automationInput,
  payload: (t: PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<PublishedAutomation>>) => ({
    automation: t.field({
      type: AutomationRef,
      description: 'The automation as it is now.',
      resolve: ({ value }, _args, context) => readAutomation(value.automationId, context),
    }),
    published: t.field({
      type: AutomationVersionRef,
      description: 'The version that the draft was frozen as.',
      resolve: async ({ value: { versionId } }, _args, { loaders }) => {
        const version = await loaders.automationVersions.load(versionId);
        if (!version) throw new Error(`automation version ${versionId} vanished`);
        return version;
      },
    }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT', 'AUTOMATION_INVALID'],
  run: (input, context) => publishAutomation(context, onAutomation(input)),
});

defineMutation('duplicateAutomation', {
  description: 'Adds an enabled, unpublished automation with a copy of another one’s draft.',
  input: (t) => ({
    automationId: t.id({ required: true, description: 'The automation to copy; it may be archived.' }),
    name: t.string({ description: 'The copy’s name; the original’s with “(copy)” if left out.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
  payload: automationPayload,
  problems: ['NOT_FOUND', 'IDEMPOTENCY_CONFLICT'],
  run: ({ automationId, name, idempotencyKey }, context) =>
    duplicateAutomation(context, {
      automationId: inputKey('automationId', 'Automation', automationId),
      name: name ?? undefined,
      idempotencyKey: idempotencyKey ?? undefined,
    }),
});

const SWITCHES = {
  enableAutomation: {
    run: enableAutomation,
    description: 'Lets an automation run, also one that was disabled because it ran too often.',
  },
  disableAutomation: {
    run: disableAutomation,
    description: 'Keeps an automation from being run; what runs goes on.',
  },
  archiveAutomation: {
    run: archiveAutomation,
    description:
      'Puts an automation away: lists leave it out, it can’t be run or changed; what runs goes on.',
  },
  unarchiveAutomation: {
    run: unarchiveAutomation,
    description: 'Takes an automation back from the archive, enabled or disabled as it was.',
  },
} as const;

for (const [name, { run, description }] of Object.entries(SWITCHES))
  defineMutation(name, {
    description,
    input: automationInput,
    payload: automationPayload,
    problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
    run: (input, context) => run(context, onAutomation(input)),
  });
