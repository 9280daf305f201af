/** Published versions of definitions. */
import { GraphQLError } from 'graphql';
import { documentOf } from '../commands/definition-document-text.ts';
import type { DefinitionContent } from '../engine/definition.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { DefinitionContentRef } from './definition-content.ts';
import { decodeCursor, pageArguments, pageSize, toPage } from './page.ts';
import { ActorRef, resolveActor } from './people.ts';
import { DefinitionVersionRef, WorkflowDefinitionRef } from './refs.ts';

/** How documents are described wherever they are. */
export const DOCUMENT_DESCRIPTION =
  'The content as JSON text, to keep in a file and to import elsewhere (`importDefinition`). People are named by e-mail address, teams by name, closing reasons by title. The text is always the same for the same content: what is exported, imported and exported again is equal to the byte, which is why it is text and not JSON.';

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

/** The number in a cursor; ends the field with BAD_USER_INPUT if it is none. */
function numberBefore(after: string | null | undefined): number | null {
  const [number] = decodeCursor(after, 1) ?? [null];
  if (number === null) return null;
  if (typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
  throw new GraphQLError('after is no cursor of this list; take pageInfo.endCursor of its last page.', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

async function readPage(
  definitionId: string,
  { first, after }: { first?: number | null | undefined; after?: string | null | undefined },
  { database, viewer }: Context,
) {
  const size = pageSize(first);
  const before = numberBefore(after);
  const where = { organizationId: viewer.organizationId, definitionId };
  const rows = await database.prisma.definitionVersion.findMany({
    where: before === null ? where : { ...where, number: { lt: before } },
    orderBy: { number: 'desc' },
    take: size + 1,
  });
  return {
    ...toPage(rows, size, after, ({ number }) => [number]),
    totalCount: () => database.prisma.definitionVersion.count({ where }),
  };
}

builder.objectField(WorkflowDefinitionRef, 'versions', (t) =>
  t.field({
    type: DefinitionVersionConnection,
    description: 'Its published versions, newest first.',
    args: { ...pageArguments() },
    resolve: ({ id }, args, context) => readPage(id, args, context),
  }),
);
