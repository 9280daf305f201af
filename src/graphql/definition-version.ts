/** Published versions of definitions. */
import { documentOf } from '../commands/definition-document-text.ts';
import type { DefinitionContent } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { DefinitionContentRef } from './definition-content.ts';
import { pageArguments } from './page.ts';
import { ActorRef, resolveActor } from './people.ts';
import { DefinitionVersionRef, WorkflowDefinitionRef } from './refs.ts';
import { versionPage } from './version-page.ts';

/** How documents are described wherever they are. */
export const DOCUMENT_DESCRIPTION =
  'The content as JSON text, to keep in a file and to import elsewhere (`importDefinition`). People are named by e-mail address, teams and automations by name, closing reasons by title. The text is always the same for the same content: what is exported, imported and exported again is equal to the byte, which is why it is text and not JSON.';

type VersionShape = typeof DefinitionVersionRef.$inferType;

function contentOf({ content }: VersionShape): DefinitionContent {
  // Only validated content is published, and it never changes.
  return content as unknown as DefinitionContent;
}

builder.prismaObjectFields(DefinitionVersionRef, (t) => ({
  number: t.exposeInt('number', { description: 'Counts the versions of the definition, from 1.' }),
  definition: t.field({
    type: WorkflowDefinitionRef,
    nullable: true,
    description: 'The definition that it is a version of.',
    resolve: ({ definitionId }, _args, { loaders }) => loaders.definitions.load(definitionId),
  }),
  publishedAt: t.field({
    type: 'DateTime',
    description: 'When it was published.',
    resolve: ({ publishedAt }) => publishedAt.toISOString(),
  }),
  publishedBy: t.field({
    type: ActorRef,
    nullable: true,
    description: 'Who published it.',
    resolve: ({ publishedById }, _args, context) =>
      resolveActor(
        publishedById === null ? { type: 'SYSTEM' } : { type: 'USER', id: publishedById },
        context,
      ),
  }),
  content: t.field({
    type: DefinitionContentRef,
    description: 'What the workflow looks like in this version.',
    resolve: contentOf,
  }),
  document: t.string({
    description: DOCUMENT_DESCRIPTION,
    resolve: async (version, _args, { loaders }) => {
      const content = contentOf(version);
      return documentOf(content, await loaders.directories.load(content));
    },
  }),
}));

const DefinitionVersionConnection = defineConnection('DefinitionVersion', DefinitionVersionRef);

builder.objectField(WorkflowDefinitionRef, 'versions', (t) =>
  t.field({
    type: DefinitionVersionConnection,
    description: 'Its published versions, newest first.',
    args: { ...pageArguments() },
    resolve: ({ id: definitionId }, args, { database, viewer: { organizationId } }) => {
      const versions = database.prisma.definitionVersion;
      const where = { organizationId, definitionId };
      return versionPage(args, {
        read: (below, take) =>
          versions.findMany({ where: { ...where, ...below }, orderBy: { number: 'desc' }, take }),
        count: () => versions.count({ where }),
      });
    },
  }),
);
