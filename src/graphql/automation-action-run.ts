/** What became of each action of a run. */
import { may } from '../commands/viewer.ts';
import type { ActionRun, ActionStatus, RunError } from '../store/automation-runs.ts';
import { builder } from './builder.ts';
import { DeliveryRef } from './delivery.ts';

const MESSAGE_FOR_PARTNERS = 'It failed; a colleague can see why.';

export const AutomationErrorRef = builder.objectRef<RunError>('AutomationError').implement({
  description: 'Why a run of an automation, or one of its actions, failed.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'A stable code: NO_ENTITY, HTTP_500, CALLBACK_EXPIRED…' }),
    message: t.string({
      description: 'What went wrong, for people. Partners read only that it failed.',
      // It may name endpoints and addresses.
      resolve: ({ message }, _args, { viewer }) => (may(viewer, 'work') ? message : MESSAGE_FOR_PARTNERS),
    }),
  }),
});

const ActionStatusEnum = builder.enumType('AutomationActionStatus', {
  description: 'Where an action of a run is.',
  values: {
    PENDING: { description: 'It is still to be done.' },
    IN_PROGRESS: { description: 'Its message is on its way.' },
    PAUSED: { description: 'It waits for its callback.' },
    SUCCESS: { description: 'It is done.' },
    FAILED: { description: 'It could not be done.' },
    SKIPPED: { description: 'It was not done, for the reason that `error` tells.' },
    CANCELLED: { description: 'The run was ended before it was done.' },
  } as const satisfies Readonly<Record<ActionStatus, object>>,
});

export const AutomationActionRunRef = builder.objectRef<ActionRun>('AutomationActionRun').implement({
  description: 'One action of a run.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its key in the automation.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    type: t.exposeString('type', { description: 'Its type: one of `automationActionTypes`.' }),
    allowsFailure: t.exposeBoolean('allowsFailure', { description: 'Whether the run goes on if it fails.' }),
    status: t.field({
      type: ActionStatusEnum,
      description: 'Where it is.',
      resolve: ({ status }) => status,
    }),
    attempts: t.exposeInt('attempts', {
      description: 'How often it was tried; of a message, how often it was sent.',
    }),
    startedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was first begun; null before.',
      resolve: ({ startedAt }) => startedAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was done, failed, or was skipped or cancelled; null before.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    nextAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again, or until when it waits for its callback.',
      resolve: ({ nextAt }) => nextAt,
    }),
    error: t.field({
      type: AutomationErrorRef,
      nullable: true,
      description:
        'Why it failed or was skipped; of a message that is on its way, why the last attempt failed.',
      resolve: ({ error }) => error,
    }),
    output: t.field({
      type: 'JSON',
      nullable: true,
      authScopes: { work: true },
      description: 'What later actions can name: `{{steps.KEY.…}}`. Partners can’t read it.',
      resolve: ({ output }) => output,
    }),
    delivery: t.field({
      type: DeliveryRef,
      nullable: true,
      description: 'The message that it sends; null if it sends none, and for all who are no designers.',
      resolve: ({ deliveryId }, _args, { loaders }) =>
        deliveryId === null ? null : loaders.deliveries.load(deliveryId),
    }),
  }),
});
