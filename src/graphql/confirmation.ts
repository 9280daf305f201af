/** Requests to somebody outside to confirm a task: what became of them, asking, and withdrawing. */
import { confirmationUrl } from '../commands/confirmation-link.ts';
import { requestConfirmation, type RequestedConfirmation } from '../commands/confirmations.ts';
import type { Done } from '../commands/execute.ts';
import { commandTask } from '../commands/tasks.ts';
import { may } from '../commands/viewer.ts';
import type { ConfirmationState } from '../engine/state.ts';
import type { ConfirmationRecord } from '../store/confirmations.ts';
import { builder } from './builder.ts';
import { ConfirmationRuleRef } from './confirmation-rule.ts';
import type { Context } from './context.ts';
import { DeliveryErrorRef, DeliveryStatusEnum } from './delivery.ts';
import { defineMutation } from './mutation.ts';
import { ActorRef, resolveActor } from './people.ts';
import { TaskRef } from './refs.ts';
import { onTask, TASK_PROBLEMS, taskInput, taskPayload } from './task-life.ts';

const ConfirmationStateEnum = builder.enumType('ConfirmationState', {
  description: 'What became of a request to confirm a task.',
  values: {
    OPEN: { description: 'Its link waits for an answer.' },
    CONFIRMED: { description: 'It was confirmed; the task was completed by that.' },
    DECLINED: { description: 'It was declined; the task failed by that.' },
    EXPIRED: { description: 'Nobody answered in time; the task failed by that.' },
    WITHDRAWN: {
      description:
        'An answer is not needed any more: withdrawn, or the task was skipped, failed, reset or removed.',
    },
  } as const satisfies Readonly<Record<ConfirmationState, object>>,
});

/** To whom and with what words it was asked is for colleagues: it has what entities say. */
function isColleague({ viewer }: Context): boolean {
  return may(viewer, 'work');
}

const ConfirmationRef = builder.objectRef<ConfirmationRecord>('Confirmation').implement({
  description: 'A request to somebody outside to confirm a task, by a link that can be used once.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: '1, 2, 3… of its task.' }),
    state: t.field({
      type: ConfirmationStateEnum,
      description: 'What became of it.',
      resolve: ({ state }) => state,
    }),
    to: t.stringList({
      nullable: true,
      description:
        'The e-mail addresses that the link is sent to; empty if it is handed over by hand. Null for partners.',
      resolve: ({ recipients }, _args, context) => (isColleague(context) ? [...recipients] : null),
    }),
    message: t.string({
      nullable: true,
      description: 'What is asked. Null for partners.',
      resolve: ({ message }, _args, context) => (isColleague(context) ? message : null),
    }),
    requestedAt: t.field({
      type: 'DateTime',
      description: 'When it was asked.',
      resolve: ({ createdAt }) => createdAt,
    }),
    requestedBy: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who asked.',
      resolve: ({ createdById }, _args, context) =>
        resolveActor(createdById === null ? { type: 'SYSTEM' } : { type: 'USER', id: createdById }, context),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when the link is good.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    finishedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was answered, expired or withdrawn; null while it is OPEN.',
      resolve: ({ finishedAt }) => finishedAt,
    }),
    answeredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was confirmed or declined; null if it was not.',
      resolve: ({ answer }) => answer?.at ?? null,
    }),
    answeredBy: t.string({
      nullable: true,
      description:
        'Who answered, as they wrote it themselves: a name or an address. Null if they did not, and for partners.',
      resolve: ({ answer }, _args, context) => (isColleague(context) ? (answer?.by ?? null) : null),
    }),
    comment: t.string({
      nullable: true,
      description: 'What they wrote with the answer; null for nothing.',
      resolve: ({ answer }) => answer?.comment ?? null,
    }),
    mailStatus: t.field({
      type: DeliveryStatusEnum,
      nullable: true,
      description: 'What became of the mail; null if there is none.',
      resolve: ({ mailStatus }) => mailStatus,
    }),
    mailProblem: t.field({
      type: DeliveryErrorRef,
      nullable: true,
      description:
        'Why nobody is mailed although the definition names somebody: INVALID_ADDRESS, NO_RECIPIENT, TOO_MANY_RECIPIENTS. Null for partners.',
      resolve: ({ mailProblem }, _args, context) => (isColleague(context) ? mailProblem : null),
    }),
  }),
});

builder.objectFields(TaskRef, (t) => ({
  confirmationRule: t.field({
    type: ConfirmationRuleRef,
    nullable: true,
    description: 'Who outside has to confirm it, by the definition; null for nobody, and for partners.',
    resolve: ({ confirmation }, _args, context) => (isColleague(context) ? confirmation : null),
  }),
  confirmation: t.field({
    type: ConfirmationRef,
    nullable: true,
    description: 'The newest request to somebody outside to confirm it; null if there was none.',
    resolve: ({ id, confirmationCount }, _args, { loaders }) =>
      confirmationCount === 0 ? null : loaders.newestConfirmations.load(id),
  }),
  confirmations: t.field({
    type: [ConfirmationRef],
    complexity: { multiplier: 3 },
    description: 'The last 100 requests to somebody outside to confirm it, the newest first.',
    resolve: async ({ id, confirmationCount }, _args, { loaders }) =>
      confirmationCount === 0 ? [] : [...(await loaders.confirmations.load(id))],
  }),
}));

defineMutation('requestConfirmation', {
  description:
    'Asks somebody outside to confirm a MANUAL task, by a link that can be used once; the task waits for that and can’t be completed otherwise. Refused while something blocks it. Not for partners.',
  input: (t) => ({
    ...taskInput(t),
    to: t.stringList({
      description:
        'At most 20 e-mail addresses; those of the definition if left out. With none the link is answered, to be handed over.',
    }),
    message: t.string({
      description:
        'What is asked, as plain text without variables, at most 10,000 characters; what the definition says if left out.',
    }),
    expiresInHours: t.int({
      description:
        'How long the link is good, 1 to 8,760 hours; as the definition says, or a week, if left out.',
    }),
  }),
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED', 'TASK_BLOCKED'],
  run: ({ to, message, expiresInHours, ...input }, context) =>
    requestConfirmation(context, {
      ...onTask(input),
      to: to ?? null,
      message: message ?? null,
      expiresInHours: expiresInHours ?? null,
    }),
  payload: (t) => ({
    ...taskPayload(t as unknown as Parameters<typeof taskPayload>[0]),
    url: t.string({
      nullable: true,
      description:
        'The link, if nobody is mailed: whoever has it can confirm the task. It is told this once and can’t be read later. Null if it is sent by mail.',
      resolve: ({ value }: Done<RequestedConfirmation>, _args, { settings }) =>
        value.token === null ? null : confirmationUrl(settings.publicUrl(), value.token),
    }),
  }),
});

defineMutation('withdrawConfirmation', {
  description:
    'Puts a task that waits for a confirmation back to pending; its link is good for nothing any more. Who was asked is not told, but sees it when they open the link. Not for partners.',
  input: taskInput,
  problems: [...TASK_PROBLEMS, 'COMMAND_NOT_ALLOWED'],
  run: (input, context) => commandTask(context, { type: 'WITHDRAW_CONFIRMATION', ...onTask(input) }),
  payload: taskPayload,
});
