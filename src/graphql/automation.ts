/** Automations: what happens by itself. (Their runs: automation-run.ts.) */
import { storedContent } from '../automation/automation-session.ts';
import type { AutomationContent } from '../automation/content.ts';
import { automationList } from '../store/automations-list.ts';
import { AutomationContentInput, AutomationContentRef, toAutomationContent } from './automation-content.ts';
import { AutomationIssueRef } from './automation-issue.ts';
import { automationShape } from './automation-loaders.ts';
import { orBadInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import type { Context } from './context.ts';
import { DESIGN_ORDERS, designFilterFields, designPage } from './design-page.ts';
import { argumentKey } from './ids.ts';
import { pageArguments } from './page.ts';
import { ActorRef, resolveActor } from './people.ts';
import { AutomationRef, AutomationVersionRef } from './refs.ts';

/** Lists leave the draft out, since it may be large. */
async function draftOf(
  automation: typeof AutomationRef.$inferType,
  { loaders }: Context,
): Promise<AutomationContent> {
  const draft = automation.draft ?? (await loaders.automationDrafts.load(automation.id));
  if (!draft) throw new Error(`automation ${automation.id} has no draft`);
  return storedContent(draft);
}

const DisabledReasonEnum = builder.enumType('AutomationDisabledReason', {
  description: 'Why Handrail itself disabled an automation.',
  values: { RUNAWAY: { description: 'It ran too often.' } } as const,
});

builder.prismaObjectFields(AutomationRef, (t) => ({
  name: t.exposeString('name', { description: 'The draft’s name.' }),
  description: t.string({
    nullable: true,
    description: 'What it is for, in Markdown: the draft’s description.',
    resolve: async (automation, _args, context) => (await draftOf(automation, context)).description,
  }),
  isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it runs.' }),
  isArchived: t.exposeBoolean('isArchived', {
    description: 'Whether it is put away: in no list unless asked for, not to be run or changed.',
  }),
  disabledAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'Since when it is disabled; null while it is enabled.',
    resolve: ({ disabledAt }) => disabledAt?.toISOString() ?? null,
  }),
  disabledBy: t.field({
    type: ActorRef,
    nullable: true,
    description: 'Who disabled it; null while it is enabled.',
    resolve: ({ disabledAt, disabledById }, _args, context) => {
      if (disabledAt === null) return null;
      return resolveActor(
        disabledById === null ? { type: 'SYSTEM' } : { type: 'USER', id: disabledById },
        context,
      );
    },
  }),
  disabledReason: t.field({
    type: DisabledReasonEnum,
    nullable: true,
    description: 'Why Handrail itself disabled it; null if it did not.',
    resolve: ({ disabledReason }) => (disabledReason === null ? null : 'RUNAWAY'),
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
    type: AutomationContentRef,
    description: 'What is edited; it never runs.',
    resolve: (automation, _args, context) => draftOf(automation, context),
  }),
  published: t.field({
    type: AutomationVersionRef,
    nullable: true,
    description: 'The newest published version, which new runs do; null before the first.',
    resolve: ({ id, publishedNumber }, _args, { loaders }) =>
      publishedNumber === null ? null : loaders.newestAutomationVersions.load(id),
  }),
  issues: t.field({
    type: [AutomationIssueRef],
    description: 'What is wrong with the draft, or worth a look. Errors keep it from being published.',
    resolve: async (automation, _args, context) => [
      ...(await context.loaders.automationIssues.load(await draftOf(automation, context))),
    ],
  }),
}));

/** Looking through a large draft takes as long as reading some thousand fields. */
const VALIDATION_COST = 10_000;

const AutomationConnection = defineConnection('Automation', AutomationRef);

const FilterInput = builder.inputType('AutomationFilter', {
  description: 'Which automations a list shows. All conditions must hold.',
  fields: designFilterFields,
});

const OrderEnum = builder.enumType('AutomationOrder', {
  description: 'The order of a list of automations.',
  values: DESIGN_ORDERS,
});

builder.queryFields((t) => ({
  automation: t.field({
    type: AutomationRef,
    nullable: true,
    authScopes: { work: true },
    description: 'One automation; null if there is none with this id (here).',
    args: { id: t.arg.id({ required: true, description: 'The automation’s id.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.automations.load(argumentKey('Automation', id)),
  }),
  automations: t.field({
    type: AutomationConnection,
    nullable: true,
    authScopes: { work: true },
    description: 'The organization’s automations, archived ones only if asked for.',
    args: {
      filter: t.arg({ type: FilterInput, description: 'Which ones; all that are not archived if left out.' }),
      orderBy: t.arg({ type: OrderEnum, description: 'In which order; by NAME if left out.' }),
      ...pageArguments(),
    },
    resolve: (_root, args, context) => designPage(automationList, automationShape, args, context),
  }),
  validateAutomation: t.field({
    type: [AutomationIssueRef],
    nullable: true,
    complexity: { field: VALIDATION_COST, multiplier: 5 },
    authScopes: { work: true },
    description: 'What would be wrong with a draft, or worth a look, without saving it. Empty if nothing is.',
    args: {
      input: t.arg({ type: AutomationContentInput, required: true, description: 'The content to look at.' }),
    },
    resolve: async (_root, { input }, { loaders }) => [
      ...(await loaders.automationIssues.load(orBadInput(() => toAutomationContent('input', input)))),
    ],
  }),
}));
