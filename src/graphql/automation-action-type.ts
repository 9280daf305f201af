/** What actions can do, for builders. */
import type { ActionType, RetryClass } from '../automation/action-type.ts';
import { configJsonSchema } from '../automation/config-shape.ts';
import { ACTION_TYPES } from '../automation/registry.ts';
import { configFieldName } from './automation-config.ts';
import { builder } from './builder.ts';

const ActionRetryEnum = builder.enumType('ActionRetry', {
  description: 'What happens when an action fails.',
  values: {
    INSIDE: {
      description:
        'It changes only what is here, in one transaction with being done. A refusal is final; nothing was changed then.',
    },
    OUTSIDE: {
      description:
        'It sends something out, again and again with growing pauses until it arrives or is given up, under the same id each time.',
    },
    WAITING: { description: 'It waits for somebody outside, until its time is over.' },
  } as const satisfies Readonly<Record<RetryClass, object>>,
});

const AutomationActionTypeRef = builder.objectRef<ActionType>('AutomationActionInfo').implement({
  description: 'Something that actions of automations can do.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'What actions call it: `ActionDefinition.type`.' }),
    inputField: t.string({
      description: 'The field of `AutomationActionInput` that takes the config.',
      resolve: configFieldName,
    }),
    title: t.exposeString('title', { description: 'A few words for people.' }),
    description: t.exposeString('description', { description: 'What it does.' }),
    retry: t.field({
      type: ActionRetryEnum,
      description: 'What happens when it fails.',
      resolve: ({ retry }) => retry,
    }),
    configSchema: t.field({
      type: 'JSON',
      description:
        'What it can be told, as JSON Schema (2020-12). Texts with `nodes` are global ids of these types.',
      resolve: ({ config }) => configJsonSchema(config),
    }),
  }),
});

builder.queryField('automationActionTypes', (t) =>
  t.field({
    type: [AutomationActionTypeRef],
    nullable: true,
    complexity: { multiplier: ACTION_TYPES.length },
    authScopes: { work: true },
    description: 'Everything that actions of automations can do.',
    resolve: () => [...ACTION_TYPES],
  }),
);
