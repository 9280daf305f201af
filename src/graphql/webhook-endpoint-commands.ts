/** How designers make and change webhook endpoints. */
import type { Done } from '../commands/execute.ts';
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  rotateSecret,
  sendTest,
  updateEndpoint,
  type EndpointWithSecret,
} from '../commands/webhook-endpoints.ts';
import { builder, type ApiTypes } from './builder.ts';
import { DeliveryRef } from './delivery.ts';
import { inputKey } from './ids.ts';
import { defineMutation } from './mutation.ts';
import { WebhookEndpointRef } from './webhook-endpoint.ts';

const HeaderInput = builder.inputType('WebhookHeaderInput', {
  description: 'A header that is sent with each message, for example to get past a gateway.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'Its name. Not those that the server sets: how the request is framed, `content-type`, `webhook-…`.',
    }),
    value: t.string({
      required: true,
      description: 'Its value, ASCII, at most 2,000 characters. Not shown again.',
    }),
  }),
});

const HEADERS = 'Headers to send with each message, at most 20.';
const EVENT_TYPES =
  'What it is told of: names from `webhookEventTypes`, or all of a subject, `task.*`. Messages may arrive in another order than the events happened in: `data.version` counts the changes of each object.';

type PayloadBuilder<T> = PothosSchemaTypes.ObjectFieldBuilder<ApiTypes, Done<T>>;

function endpointField(t: PayloadBuilder<string>, description: string) {
  return t.field({
    type: WebhookEndpointRef,
    nullable: true,
    description,
    resolve: ({ value }, _args, { loaders }) => loaders.webhookEndpoints.load(value),
  });
}

function endpointAndSecret(t: PayloadBuilder<EndpointWithSecret>, description: string) {
  return {
    webhookEndpoint: t.field({
      type: WebhookEndpointRef,
      nullable: true,
      description,
      resolve: ({ value: { id } }, _args, { loaders }) => loaders.webhookEndpoints.load(id),
    }),
    secret: t.string({
      nullable: true,
      description:
        'The secret with which receivers check the signatures of messages, `whsec_…`. It is not shown again. Null if the request was repeated and the endpoint has another one by now, or none.',
      resolve: ({ value: { secret } }) => secret,
    }),
  };
}

defineMutation('createWebhookEndpoint', {
  description: 'Makes an enabled webhook endpoint, at most 50 of them. Needs the role designer.',
  input: (t) => ({
    name: t.string({ required: true, description: 'What it is called, 1 to 200 characters.' }),
    url: t.string({
      required: true,
      description: 'Where messages are sent: `https://…`, on the public internet.',
    }),
    eventTypes: t.stringList({ description: `${EVENT_TYPES} Only automations send to it if left out.` }),
    headers: t.field({ type: [HeaderInput], description: HEADERS }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s endpoint, 1 to 200 characters.',
    }),
  }),
  problems: ['IDEMPOTENCY_CONFLICT'],
  run: ({ name, url, eventTypes, headers, idempotencyKey }, context) =>
    createEndpoint(context, context.settings.webhookTargets, {
      name,
      url,
      eventTypes: eventTypes ?? [],
      headers: headers ?? [],
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => endpointAndSecret(t, 'The new endpoint.'),
});

defineMutation('updateWebhookEndpoint', {
  description:
    'Changes a webhook endpoint. What waits to be sent again is sent to the new URL. Needs the role designer.',
  input: (t) => ({
    webhookEndpointId: t.id({ required: true, description: 'The endpoint.' }),
    name: t.string({ description: 'The new name; unchanged if left out.' }),
    url: t.string({ description: 'The new URL; unchanged if left out.' }),
    eventTypes: t.stringList({ description: `${EVENT_TYPES} Unchanged if left out.` }),
    headers: t.field({
      type: [HeaderInput],
      description: `${HEADERS} All from now on; unchanged if left out.`,
    }),
    expectedVersion: t.int({ description: 'Refuses if the endpoint has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ webhookEndpointId, name, url, eventTypes, headers, expectedVersion }, context) =>
    updateEndpoint(context, context.settings.webhookTargets, {
      id: inputKey('webhookEndpointId', 'WebhookEndpoint', webhookEndpointId),
      name: name ?? undefined,
      url: url ?? undefined,
      eventTypes: eventTypes ?? undefined,
      headers: headers ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({ webhookEndpoint: endpointField(t, 'The endpoint as it is now.') }),
});

function defineChange(
  name: 'enableWebhookEndpoint' | 'disableWebhookEndpoint' | 'deleteWebhookEndpoint',
  description: string,
  command: typeof enableEndpoint,
): void {
  defineMutation(name, {
    description: `${description} Needs the role designer.`,
    input: (t) => ({
      webhookEndpointId: t.id({ required: true, description: 'The endpoint.' }),
      expectedVersion: t.int({ description: 'Refuses if the endpoint has another version by now.' }),
    }),
    problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
    run: ({ webhookEndpointId, expectedVersion }, context) =>
      command(context, {
        id: inputKey('webhookEndpointId', 'WebhookEndpoint', webhookEndpointId),
        expectedVersion: expectedVersion ?? undefined,
      }),
    payload: (t) => ({ webhookEndpoint: endpointField(t, 'The endpoint as it is now.') }),
  });
}

defineChange(
  'enableWebhookEndpoint',
  'Lets messages be sent to a webhook endpoint again, those that waited included.',
  enableEndpoint,
);
defineChange(
  'disableWebhookEndpoint',
  'Keeps messages from being sent to a webhook endpoint: those on their way wait, and events make no new ones.',
  disableEndpoint,
);
defineChange(
  'deleteWebhookEndpoint',
  'Deletes a webhook endpoint with its headers and secrets. What was sent to it stays in the log; what waits to be sent is cancelled.',
  deleteEndpoint,
);

defineMutation('rotateWebhookSecret', {
  description:
    'Gives a webhook endpoint a new secret. For a while messages carry two signatures, one with each secret, so that receivers can learn the new one. Needs the role designer.',
  input: (t) => ({
    webhookEndpointId: t.id({ required: true, description: 'The endpoint.' }),
    expiresInHours: t.int({
      description: 'For how long messages are signed with the old secret, too: 0 to 168; 24 if left out.',
    }),
    expectedVersion: t.int({ description: 'Refuses if the endpoint has another version by now.' }),
  }),
  problems: ['NOT_FOUND', 'VERSION_CONFLICT'],
  run: ({ webhookEndpointId, expiresInHours, expectedVersion }, context) =>
    rotateSecret(context, {
      id: inputKey('webhookEndpointId', 'WebhookEndpoint', webhookEndpointId),
      expiresInHours: expiresInHours ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => endpointAndSecret(t, 'The endpoint as it is now.'),
});

defineMutation('sendTestWebhook', {
  description:
    'Sends a message of the type `webhook.test` to an enabled webhook endpoint. Needs the role designer.',
  input: (t) => ({
    webhookEndpointId: t.id({ required: true, description: 'The endpoint.' }),
    idempotencyKey: t.string({
      description: 'Makes a repeated request answer the first one’s delivery, 1 to 200 characters.',
    }),
  }),
  problems: ['NOT_FOUND', 'IDEMPOTENCY_CONFLICT'],
  run: ({ webhookEndpointId, idempotencyKey }, context) =>
    sendTest(context, {
      id: inputKey('webhookEndpointId', 'WebhookEndpoint', webhookEndpointId),
      idempotencyKey: idempotencyKey ?? undefined,
    }),
  payload: (t) => ({
    delivery: t.field({
      type: DeliveryRef,
      nullable: true,
      description: 'The message: what becomes of it, it tells.',
      resolve: ({ value }, _args, { loaders }) => loaders.deliveries.load(value),
    }),
  }),
});
