/** Webhook endpoints: their fields, their list, and what they can subscribe to. (How they are changed: webhook-endpoint-commands.ts.) */
import { isEnumType } from 'graphql';
import { WEBHOOK_TYPES, type WebhookType } from '../commands/webhook-types.ts';
import { countEndpoints, listEndpoints, type EndpointRecord } from '../store/webhook-endpoints.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { EventTypeEnum, type EventType } from './event-type.ts';
import { argumentKey } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { pageArguments, pageSize, toPage } from './page.ts';

const DisabledReasonEnum = builder.enumType('WebhookEndpointDisabledReason', {
  description: 'Why the system disabled an endpoint.',
  values: { GONE: { description: 'Its receiver answered 410: it wants no more messages.' } } as const,
});

export const WebhookEndpointRef = builder.objectRef<EndpointRecord>('WebhookEndpoint');

builder.node(WebhookEndpointRef, {
  description:
    'Where webhooks are sent, as the Standard Webhooks specification has it: by automations, and for the events that it subscribes to. Only designers can read it, and nobody its secrets: they are answered once, by what makes them.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.webhookEndpoints.load(id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called, 1 to 200 characters.' }),
    url: t.exposeString('url', { description: 'What is called, by POST.' }),
    eventTypes: t.stringList({
      description:
        'What it is told of: types like `task.completed`, or all of a subject, `task.*`; see `webhookEventTypes`. Empty: only automations send to it.',
      resolve: ({ eventTypes }) => [...eventTypes],
    }),
    headerNames: t.stringList({
      description: 'The names of the headers that are sent with each message. Their values are not shown.',
      resolve: ({ headerNames }) => [...headerNames],
    }),
    previousSecretExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Until when messages are, or were, signed with the secret before the present one, too; null if it has only had one.',
      resolve: ({ previousSecretExpiresAt }) => previousSecretExpiresAt,
    }),
    isEnabled: t.exposeBoolean('isEnabled', {
      description: 'Whether messages are sent to it. What is on its way waits until it is enabled.',
    }),
    disabledReason: t.field({
      type: DisabledReasonEnum,
      nullable: true,
      description: 'Why the system disabled it; null if it did not.',
      resolve: ({ disabledReason }) => disabledReason,
    }),
    disabledAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was disabled; null if it is enabled.',
      resolve: ({ disabledAt }) => disabledAt,
    }),
    isDeleted: t.exposeBoolean('isDeleted', {
      description: 'Whether it was deleted, and is only here for the log of what was sent to it.',
    }),
    version: t.exposeInt('version', {
      description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was made.',
      resolve: ({ createdAt }) => createdAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it last changed.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
});

const WebhookEndpointConnection = defineConnection('WebhookEndpoint', WebhookEndpointRef);

const WebhookTypeRef = builder.objectRef<WebhookType>('WebhookEventInfo').implement({
  description: 'A type of webhook that endpoints can subscribe to.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'As it is in messages and subscriptions: `task.completed`.',
    }),
    eventType: t.field({
      type: EventTypeEnum,
      description: 'The type of the events that it tells of.',
      resolve: ({ eventType }) => eventType as EventType,
    }),
    description: t.string({
      description: 'What happened.',
      resolve: ({ eventType }, _args, _context, { schema }) => {
        const types = schema.getType('EventType');
        return (isEnumType(types) && types.getValue(eventType)?.description) || '';
      },
    }),
  }),
});

builder.queryFields((t) => ({
  webhookEndpoint: t.field({
    type: WebhookEndpointRef,
    nullable: true,
    authScopes: { design: true },
    description:
      'One webhook endpoint, also a deleted one; null if there is none with this id (here). Needs the role designer.',
    args: { id: t.arg.id({ required: true, description: 'The endpoint’s id.' }) },
    resolve: (_root, { id }, { loaders }) =>
      loaders.webhookEndpoints.load(argumentKey('WebhookEndpoint', id)),
  }),
  webhookEndpoints: t.field({
    type: WebhookEndpointConnection,
    nullable: true,
    authScopes: { design: true },
    description: 'The organization’s webhook endpoints by name. Needs the role designer.',
    args: pageArguments(),
    resolve: async (_root, { first, after }, { database, viewer: { organizationId } }) => {
      const size = pageSize(first);
      const [name, id] = decodeKeyset(after, ['text', 'uuid']) ?? [null, null];
      const place = name === null ? null : { name, id };
      const rows = await listEndpoints(database, organizationId, place, size + 1);
      return {
        ...toPage(rows, size, after, ({ sortValue, id: last }) => [sortValue, last]),
        totalCount: () => countEndpoints(database, organizationId),
      };
    },
  }),
  webhookEventTypes: t.field({
    type: [WebhookTypeRef],
    nullable: true,
    complexity: { multiplier: 100 },
    authScopes: { design: true },
    description: 'All types of webhooks that endpoints can subscribe to. Needs the role designer.',
    resolve: () => [...WEBHOOK_TYPES],
  }),
}));
