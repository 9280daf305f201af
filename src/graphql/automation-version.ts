/** Published versions of automations. */
import { storedContent } from '../automation/automation-session.ts';
import { AutomationContentRef } from './automation-content.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { pageArguments } from './page.ts';
import { ActorRef, resolveActor } from './people.ts';
import { AutomationRef, AutomationVersionRef } from './refs.ts';
import { versionPage } from './version-page.ts';

builder.prismaObjectFields(AutomationVersionRef, (t) => ({
  number: t.exposeInt('number', { description: 'Counts the versions of the automation, from 1.' }),
  automation: t.field({
    type: AutomationRef,
    nullable: true,
    description: 'The automation that it is a version of.',
    resolve: ({ automationId }, _args, { loaders }) => loaders.automations.load(automationId),
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
    type: AutomationContentRef,
    description: 'What the automation looks like in this version.',
    resolve: ({ content }) => storedContent(content),
  }),
}));

const AutomationVersionConnection = defineConnection('AutomationVersion', AutomationVersionRef);

builder.objectField(AutomationRef, 'versions', (t) =>
  t.field({
    type: AutomationVersionConnection,
    description: 'Its published versions, newest first.',
    args: { ...pageArguments() },
    resolve: ({ id: automationId }, args, { database, viewer: { organizationId } }) => {
      const versions = database.prisma.automationVersion;
      const where = { organizationId, automationId };
      return versionPage(args, {
        read: (below, take) =>
          versions.findMany({ where: { ...where, ...below }, orderBy: { number: 'desc' }, take }),
        count: () => versions.count({ where }),
      });
    },
  }),
);
