/** Notifications: what the viewer is told of. Nobody sees those of others. */
import { markNotificationsRead } from '../commands/notifications.ts';
import {
  countNotifications,
  readNotification,
  readNotificationPage,
  type NotificationEmail,
  type NotificationFilter,
  type NotificationRecord,
} from '../store/notifications.ts';
import { builder } from './builder.ts';
import { defineConnection } from './connection.ts';
import { encodeId, inputKey, inputKeys } from './ids.ts';
import { decodeKeyset } from './keyset.ts';
import { defineMutation } from './mutation.ts';
import { NotificationKindEnum } from './notification-settings.ts';
import { pageArguments, pageSize, toPage } from './page.ts';
import { ActorRef, resolveActor, resolveUser } from './people.ts';
import { dependsOn } from './reading-scope.ts';
import { EntityRef, EventRef, NoteRef, TaskRef, UserRef, WorkflowExecutionRef } from './refs.ts';

const NotificationEmailEnum = builder.enumType('NotificationEmail', {
  description: 'Whether a notification goes by e-mail.',
  values: {
    NONE: { description: 'It does not, or it was read or not so any more when the mail was made.' },
    DUE: {
      description:
        'It has yet to be sent: with the next mail, or once the mail server takes the one that it is in.',
    },
    SENT: { description: 'The mail server has taken the mail that it is in.' },
    NOT_SENT: {
      description:
        'There is no mail server. It is shown in the application, and sent when its mail is redelivered.',
    },
    FAILED: {
      description:
        'Its mail was given up. It is shown in the application, and sent if its mail is redelivered and arrives.',
    },
  } as const satisfies Record<NotificationEmail, object>,
});

const NotificationRef = builder.objectRef<NotificationRecord>('Notification');

builder.node(NotificationRef, {
  description: 'Something that the viewer is told of. Nobody sees those of others.',
  id: { description: 'Global id.', resolve: ({ id }) => id },
  loadOne: (id, { database, viewer }) => readNotification(database, viewer, id),
  fields: (t) => ({
    kind: t.field({
      type: NotificationKindEnum,
      description: 'What it is about.',
      resolve: ({ kind }) => kind,
    }),
    title: t.exposeString('title', { description: 'One sentence, for people.' }),
    body: t.exposeString('body', { nullable: true, description: 'More about it, Markdown.' }),
    task: t.field({
      type: TaskRef,
      nullable: true,
      description:
        'The task that it is about, as it is now; null if it is about none, or the viewer no longer sees it.',
      resolve: ({ taskId }, _args, { loaders }) => (taskId === null ? null : loaders.tasks.load(taskId)),
    }),
    execution: t.field({
      type: WorkflowExecutionRef,
      nullable: true,
      description: 'The execution that it is about.',
      resolve: ({ executionId }, _args, { loaders }) =>
        executionId === null ? null : loaders.executions.load(executionId),
    }),
    entity: t.field({
      type: EntityRef,
      nullable: true,
      description: 'The entity that the execution was started on.',
      resolve: ({ entityId }, _args, { loaders }) =>
        entityId === null ? null : loaders.entities.load(entityId),
    }),
    note: t.field({
      type: NoteRef,
      nullable: true,
      description: 'The note that mentions the viewer; null if it was deleted.',
      resolve: ({ noteId }, _args, { loaders }) => (noteId === null ? null : loaders.notes.load(noteId)),
    }),
    automationId: t.id({
      nullable: true,
      description: 'The id of the Automation that it is about.',
      resolve: ({ automationId }) => automationId && encodeId('Automation', automationId),
    }),
    actor: t.field({
      type: ActorRef,
      nullable: true,
      description: 'Who caused it.',
      resolve: ({ actorId }, _args, context) =>
        resolveActor(actorId === null ? { type: 'SYSTEM' } : { type: 'USER', id: actorId }, context),
    }),
    isInApp: t.exposeBoolean('isInApp', {
      description:
        'Whether it is shown in the application; otherwise it is only sent by e-mail. What could not be sent is shown.',
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'Since when.',
      resolve: ({ createdAt }) => createdAt,
    }),
    readAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was marked as read; null while it is unread.',
      resolve: ({ readAt }) => readAt,
    }),
    email: t.field({
      type: NotificationEmailEnum,
      description: 'Whether it goes by e-mail.',
      resolve: ({ email }) => email,
    }),
    version: t.exposeInt('version', { description: 'Counts the changes of this object, from 1.' }),
  }),
});

const NotificationConnection = defineConnection<NotificationRecord>('Notification', NotificationRef);

const FilterInput = builder.inputType('NotificationFilter', {
  description: 'Which notifications; what is left out does not filter.',
  fields: (t) => ({
    isUnread: t.boolean({ description: 'Only unread ones, or only read ones.' }),
    kinds: t.field({ type: [NotificationKindEnum], description: 'Only of these kinds.' }),
  }),
});

const ALL: NotificationFilter = { isUnread: null, kinds: null };

builder.prismaObjectFields(UserRef, (t) => ({
  notifications: t.field({
    type: NotificationConnection,
    nullable: true,
    extensions: dependsOn('USER'),
    description: 'What the viewer is told of in the application, newest first. Null for everybody else.',
    args: { filter: t.arg({ type: FilterInput, description: 'Which ones.' }), ...pageArguments() },
    resolve: async (user, { filter, first, after }, { database, viewer }) => {
      if (user.id !== viewer.userId) return null;
      const size = pageSize(first);
      const [from] = decodeKeyset(after, ['uuid']) ?? [null];
      const asked = { isUnread: filter?.isUnread ?? null, kinds: filter?.kinds ?? null };
      const page = { after: from, limit: size + 1 };
      const rows = await readNotificationPage(database, viewer, asked, page);
      return {
        ...toPage(rows, size, after, ({ id }) => [id]),
        totalCount: () => countNotifications(database, viewer, asked),
      };
    },
  }),
  unreadNotificationCount: t.int({
    nullable: true,
    extensions: dependsOn('USER'),
    description: 'How many of the viewer’s notifications are unread. Null for everybody else.',
    resolve: ({ id }, _args, { database, viewer }) =>
      id === viewer.userId ? countNotifications(database, viewer, { ...ALL, isUnread: true }) : null,
  }),
}));

builder.objectField(EventRef, 'notification', (t) =>
  t.field({
    type: NotificationRef,
    nullable: true,
    extensions: dependsOn('USER'),
    description: 'The viewer’s notification that it is about, as it is now; loaded only when selected.',
    resolve: ({ subjectType, subjectId }, _args, { database, viewer }) =>
      subjectType === 'NOTIFICATION' ? readNotification(database, viewer, subjectId) : null,
  }),
);

defineMutation('markNotificationsRead', {
  description: 'Marks the viewer’s notifications as read; all of them if nothing is said.',
  input: (t) => ({
    ids: t.idList({ description: 'Only these, at most 100.' }),
    upTo: t.id({ description: 'Only this Notification and those before it.' }),
  }),
  problems: ['NOT_FOUND'],
  run: ({ ids, upTo }, context) =>
    markNotificationsRead(context, {
      ids: ids ? inputKeys('ids', 'Notification', ids) : undefined,
      upTo: upTo === null || upTo === undefined ? undefined : inputKey('upTo', 'Notification', upTo),
    }),
  payload: (t) => ({
    readCount: t.int({ description: 'How many of them were unread.', resolve: ({ value }) => value }),
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'The viewer, for what is unread now.',
      resolve: (_done, _args, context) => resolveUser(context.viewer.userId, context),
    }),
  }),
});
