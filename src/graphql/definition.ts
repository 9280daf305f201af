/** Definitions: what workflows look like. */
import { documentOf } from '../commands/definition-document-text.ts';
import { issuesOf, readDirectory } from '../commands/definition-references.ts';
import type { DefinitionContent } from '../engine/definition.ts';
import { definitionList } from '../store/definitions-list.ts';
import { orBadInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { DefinitionContentRef } from './definition-content.ts';
import { DefinitionContentInput, toContent } from './definition-input.ts';
import { DefinitionIssueRef } from './definition-issue.ts';
import { definitionShape } from './definition-loaders.ts';
import { DOCUMENT_DESCRIPTION } from './definition-version.ts';
import { DESIGN_ORDERS, designFilterFields, designPage } from './design-page.ts';
import { argumentKey } from './ids.ts';
import { pageArguments } from './page.ts';
import { DefinitionVersionRef, EntityRef, WorkflowDefinitionRef } from './refs.ts';

/** Lists leave the draft out, since it may be large. */
async function draftOf(
  definition: typeof WorkflowDefinitionRef.$inferType,
  { loaders }: Context,
): Promise<DefinitionContent> {
  const draft = definition.draft ?? (await loaders.drafts.load(definition.id));
  if (!draft) throw new Error(`definition ${definition.id} has no draft`);
  return draft as unknown as DefinitionContent;
}

builder.prismaObjectFields(WorkflowDefinitionRef, (t) => ({
  name: t.exposeString('name', { description: 'The draft’s name.' }),
  description: t.string({
    nullable: true,
    description: 'What the workflow is for, in Markdown: the draft’s description.',
    resolve: async (definition, _args, context) => (await draftOf(definition, context)).description,
  }),
  labels: t.exposeStringList('labels', { description: 'The draft’s tags.' }),
  isEnabled: t.exposeBoolean('isEnabled', {
    description: 'Whether executions may be started. What runs goes on without.',
  }),
  isArchived: t.exposeBoolean('isArchived', {
    description: 'Whether it is put away: in no list unless asked for, not to be started or changed.',
  }),
  version: t.exposeInt('version', {
    description:
      'Counts the changes of this object, from 1; see `expectedVersion`. (Not the number of a published version.)',
  }),
  createdAt: t.field({
    type: 'DateTime',
    description: 'When it was made.',
    resolve: ({ createdAt }) => createdAt.toISOString(),
  }),
  updatedAt: t.field({
    type: 'DateTime',
    description: 'When it was last changed.',
    resolve: ({ updatedAt }) => updatedAt.toISOString(),
  }),
  draft: t.field({
    type: DefinitionContentRef,
    description: 'What is edited; executions never run it.',
    resolve: (definition, _args, context) => draftOf(definition, context),
  }),
  published: t.field({
    type: DefinitionVersionRef,
    nullable: true,
    description: 'The newest published version, which new executions run; null before the first.',
    resolve: ({ id, publishedNumber }, _args, { loaders }) =>
      publishedNumber === null ? null : loaders.newestVersions.load(id),
  }),
  issues: t.field({
    type: [DefinitionIssueRef],
    description: 'What is wrong with the draft, or worth a look. Errors keep it from being published.',
    resolve: async (definition, _args, context) => {
      const draft = await draftOf(definition, context);
      return issuesOf(draft, await context.loaders.directories.load(draft));
    },
  }),
  document: t.string({
    description: `The draft as text. ${DOCUMENT_DESCRIPTION}`,
    resolve: async (definition, _args, context) => {
      const draft = await draftOf(definition, context);
      return documentOf(draft, await context.loaders.directories.load(draft));
    },
  }),
}));

const WorkflowDefinitionConnection = defineConnection('WorkflowDefinition', WorkflowDefinitionRef);

const FilterInput = builder.inputType('WorkflowDefinitionFilter', {
  description: 'Which definitions a list shows. All conditions must hold.',
  fields: (t) => ({
    ...designFilterFields(t),
    label: t.string({ description: 'Only those with exactly this label.' }),
  }),
});

const OrderEnum = builder.enumType('WorkflowDefinitionOrder', {
  description: 'The order of a list of definitions.',
  values: DESIGN_ORDERS,
});

builder.queryFields((t) => ({
  workflowDefinition: t.field({
    type: WorkflowDefinitionRef,
    nullable: true,
    authScopes: { work: true },
    description: 'One definition; null if there is none with this id (here).',
    args: { id: t.arg.id({ required: true, description: 'The definition’s id.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.definitions.load(argumentKey('WorkflowDefinition', id)),
  }),
  workflowDefinitions: t.field({
    type: WorkflowDefinitionConnection,
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s definitions, archived ones only if asked for.',
    args: {
      filter: t.arg({ type: FilterInput, description: 'Which ones; all that are not archived if left out.' }),
      orderBy: t.arg({ type: OrderEnum, description: 'In which order; by NAME if left out.' }),
      ...pageArguments(),
    },
    resolve: (_root, args, context) => designPage(definitionList, definitionShape, args, context),
  }),
  validateDefinition: t.field({
    type: [DefinitionIssueRef],
    nullable: true,
    authScopes: { work: true },
    description: 'What would be wrong with a draft, or worth a look, without saving it. Empty if nothing is.',
    args: {
      input: t.arg({ type: DefinitionContentInput, required: true, description: 'The content to look at.' }),
    },
    resolve: async (_root, { input }, { database, viewer }) => {
      const content = orBadInput(() => toContent('input', input));
      return issuesOf(content, await readDirectory(database, viewer.organizationId, [content]));
    },
  }),
}));

builder.objectField(EntityRef, 'startableDefinitions', (t) =>
  t.field({
    type: [WorkflowDefinitionRef],
    description:
      'The workflows that can be started on this entity by hand, by name: enabled, published, with a fitting trigger. Empty for partners, who can’t start any.',
    resolve: ({ schema }, _args, { loaders }) => loaders.startableDefinitions.load(schema),
  }),
);
