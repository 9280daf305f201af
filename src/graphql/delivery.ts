/** Messages to the outside: what was sent, what was tried, and sending it again. */
import { redeliver, redeliverFailed } from '../commands/deliveries.ts';
import type { DeliveryAttempt, DeliverySummary, EmailContent } from '../store/deliveries.ts';
import { countDeliveries, listDeliveries } from '../store/delivery-lists.ts';
import type { RunError } from '../store/automation-runs.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { argumentKey, encodeId, inputKey } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { defineMutation } from './mutation.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { EventRef } from './refs.ts';
import { WebhookEndpointRef } from './webhook-endpoint.ts';

const KindEnum = builder.enumType('DeliveryKind', {
  description: 'How a message is sent.',
  values: {
    WEBHOOK: { description: 'By an HTTP request to a webhook endpoint.' },
    EMAIL: { description: 'By the mail server.' },
  } as const satisfies Record<DeliverySummary['kind'], object>,
});

export const DeliveryStatusEnum = builder.enumType('DeliveryStatus', {
  description: 'What became of a message.',
  values: {
    PENDING: {
      description: 'It is sent, again and again if need be, or waits for its endpoint to be enabled.',
    },
    DELIVERED: { description: 'It has arrived.' },
    FAILED: { description: 'It was given up: a dead letter.' },
    NOT_SENT: { description: 'There is no mail server to send it by.' },
    CANCELLED: {
      description: 'What it belongs to was cancelled, or its endpoint deleted, before it arrived.',
    },
  } as const satisfies Record<DeliverySummary['status'], object>,
});

export const DeliveryErrorRef = builder.objectRef<RunError>('DeliveryError').implement({
  description: 'Why a message did not arrive.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'A stable code: HTTP_500, TIMEOUT, FORBIDDEN_ADDRESS, REJECTED…',
    }),
    message: t.exposeString('message', { description: 'What went wrong, for people.' }),
  }),
});

const AttemptRef = builder.objectRef<DeliveryAttempt>('DeliveryAttempt').implement({
  description: 'One attempt to deliver a message.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: '1, 2, 3…' }),
    at: t.field({ type: 'DateTime', description: 'When it began.', resolve: ({ at }) => at }),
    durationMs: t.exposeInt('durationMs', { description: 'How long it took, in milliseconds.' }),
    statusCode: t.exposeInt('statusCode', {
      nullable: true,
      description: 'The HTTP status, or the code of the mail server’s answer; null if there was none.',
    }),
    response: t.exposeString('response', {
      nullable: true,
      description: 'The first 4 KiB of the answer; null if there was none.',
    }),
    error: t.field({
      type: DeliveryErrorRef,
      nullable: true,
      description: 'Why it failed; null if the message arrived.',
      resolve: ({ error }) => error,
    }),
  }),
});

const EmailRef = builder.objectRef<EmailContent>('Email').implement({
  description: 'A mail as it is sent.',
  fields: (t) => ({
    to: t.stringList({ description: 'Whom it is for.', resolve: ({ to }) => [...to] }),
    cc: t.stringList({ description: 'Who else gets it.', resolve: ({ cc }) => [...cc] }),
    subject: t.exposeString('subject', { description: 'Its subject.' }),
    text: t.exposeString('text', { description: 'Its text.' }),
    html: t.exposeString('html', {
      nullable: true,
      description: 'The same as HTML; null if it is sent as text only.',
    }),
  }),
});

export const DeliveryRef = builder.objectRef<DeliverySummary>('Delivery');

builder.node(DeliveryRef, {
  description:
    'One message to the outside, sent until it has arrived or is given up. It may arrive more than once, which receivers can tell by its `messageId`. Only designers can read it.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id: string, { loaders }) => loaders.deliveries.load(id),
  fields: (t) => ({
    kind: t.field({ type: KindEnum, description: 'How it is sent.', resolve: ({ kind }) => kind }),
    status: t.field({
      type: DeliveryStatusEnum,
      description: 'What became of it.',
      resolve: ({ status }) => status,
    }),
    type: t.exposeString('type', {
      description: 'Of webhooks the `type` in the body: `task.completed`; of mails what they are for.',
    }),
    messageId: t.string({
      description: 'The `webhook-id` of every attempt, or the part before the @ of the `Message-ID`.',
      resolve: ({ id }) => id,
    }),
    endpoint: t.field({
      type: WebhookEndpointRef,
      nullable: true,
      description: 'Where a webhook is sent.',
      resolve: ({ endpointId }, _args, { loaders }) =>
        endpointId === null ? null : loaders.webhookEndpoints.load(endpointId),
    }),
    automationRunId: t.id({
      nullable: true,
      description: 'The id of the AutomationRun that waits for it; null if none does.',
      resolve: ({ runId }) => runId && encodeId('AutomationRun', runId),
    }),
    actionKey: t.exposeString('actionKey', {
      nullable: true,
      description: 'The key of the run’s action that sends it.',
    }),
    event: t.field({
      type: EventRef,
      nullable: true,
      description: 'The event that it tells of.',
      resolve: ({ eventSeq }, _args, { loaders }) =>
        eventSeq === null ? null : loaders.events.load(eventSeq),
    }),
    attemptCount: t.int({
      description: 'How many attempts were made.',
      resolve: ({ attempts }) => attempts,
    }),
    log: t.field({
      type: [AttemptRef],
      complexity: { multiplier: 10 },
      description: 'The last 100 attempts, in their order.',
      resolve: async ({ id }, _args, { loaders }) => [...(await loaders.deliveryAttempts.load(id))],
    }),
    nextAttemptAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is sent next; null if it is over, or waits for its endpoint to be enabled.',
      resolve: ({ nextAttemptAt }) => nextAttemptAt,
    }),
    error: t.field({
      type: DeliveryErrorRef,
      nullable: true,
      description: 'Why the last attempt failed; null if there was none, or it arrived.',
      resolve: ({ error }) => error,
    }),
    body: t.string({
      nullable: true,
      description: 'The body of a webhook: JSON text, the same in each attempt.',
      resolve: async ({ id }, _args, { loaders }) => {
        const content = await loaders.deliveryContents.load(id);
        return content && 'body' in content ? content.body : null;
      },
    }),
    email: t.field({
      type: EmailRef,
      nullable: true,
      description:
        'The mail; null if it is none. A link by which somebody confirms a task is not told: in its place is a mark.',
      resolve: async ({ id }, _args, { loaders }) => {
        const content = await loaders.deliveryContents.load(id);
        return content && 'subject' in content ? content : null;
      },
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was made.',
      resolve: ({ createdAt }) => createdAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it arrived, was given up or cancelled.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    version: t.exposeInt('version', {
      description: 'Counts the changes of this object, attempts included, from 1; see `expectedVersion`.',
    }),
  }),
});

const DeliveryConnection = defineConnection('Delivery', DeliveryRef);

const FilterInput = builder.inputType('DeliveryFilter', {
  description: 'Which messages a list has; all conditions together.',
  fields: (t) => ({
    statuses: t.field({ type: [DeliveryStatusEnum], description: 'Only with one of these statuses.' }),
    kind: t.field({ type: KindEnum, description: 'Only those that are sent like this.' }),
    webhookEndpointId: t.id({ description: 'Only those that are sent to this endpoint.' }),
    automationRunId: t.id({ description: 'Only those that this run sends.' }),
  }),
});

builder.queryFields((t) => ({
  delivery: t.field({
    type: DeliveryRef,
    nullable: true,
    authScopes: { design: true },
    description:
      'One message to the outside; null if there is none with this id (here). Needs the role designer.',
    args: { id: t.arg.id({ required: true, description: 'The message’s id.' }) },
    resolve: (_root, { id }, { loaders }) => loaders.deliveries.load(argumentKey('Delivery', id)),
  }),
  deliveries: t.field({
    type: DeliveryConnection,
    nullable: true,
    authScopes: { design: true },
    description:
      'Messages to the outside, newest first; those with the status FAILED are the dead letters. Needs the role designer.',
    args: {
      filter: t.arg({ type: FilterInput, description: 'Which ones; all if left out.' }),
      ...pageArguments(),
    },
    resolve: async (_root, { filter, first, after }, { database, viewer: { organizationId } }) => {
      const size = pageSize(first);
      const [place] = decodeKeyset(after, ['uuid']) ?? [null];
      const { statuses, kind, webhookEndpointId, automationRunId } = filter ?? {};
      const conditions = {
        statuses: statuses ?? null,
        kind: kind ?? null,
        endpointId: webhookEndpointId ? argumentKey('WebhookEndpoint', webhookEndpointId) : null,
        runId: automationRunId ? argumentKey('AutomationRun', automationRunId) : null,
      };
      const rows = await listDeliveries(database, organizationId, conditions, place, size + 1);
      return {
        ...toPage(rows, size, after, ({ id }) => [id]),
        totalCount: () => countDeliveries(database, organizationId, conditions),
      };
    },
  }),
}));

defineMutation('redeliver', {
  description:
    'Sends a message again that was given up, not sent, or has arrived: with its own id and the same content, by the whole schedule. An automation run that failed because of it goes on with it, unless its task has gone on without it. Needs the role designer.',
  input: (t) => ({
    deliveryId: t.id({ required: true, description: 'The message.' }),
    expectedVersion: t.int({ description: 'Refuses if the message has another version by now.' }),
  }),
  problems: [
    'NOT_FOUND',
    'VERSION_CONFLICT',
    'DELIVERY_NOT_SENDABLE',
    // Of the run's task, which goes on with it.
    'RUN_COMMAND_NOT_ALLOWED',
    'COMMAND_NOT_ALLOWED',
    'TASK_BLOCKED',
    'EXECUTION_NOT_OPEN',
  ],
  run: ({ deliveryId, expectedVersion }, context) =>
    redeliver(context, {
      id: inputKey('deliveryId', 'Delivery', deliveryId),
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    delivery: t.field({
      type: DeliveryRef,
      nullable: true,
      description: 'The message as it is now.',
      resolve: ({ value }, _args, { loaders }) => loaders.deliveries.load(value),
    }),
  }),
});

defineMutation('redeliverFailed', {
  description:
    'Sends the dead letters of an enabled webhook endpoint again, the oldest 1,000 at most; not those that automation runs waited for. Needs the role designer.',
  input: (t) => ({
    webhookEndpointId: t.id({ required: true, description: 'The endpoint.' }),
    since: t.field({ type: 'DateTime', description: 'Only those made then or later; all if left out.' }),
  }),
  problems: ['NOT_FOUND'],
  run: ({ webhookEndpointId, since }, context) =>
    redeliverFailed(context, {
      endpointId: inputKey('webhookEndpointId', 'WebhookEndpoint', webhookEndpointId),
      since: since ?? undefined,
    }),
  payload: (t) => ({
    count: t.int({ description: 'How many are sent again.', resolve: ({ value }) => value }),
  }),
});
