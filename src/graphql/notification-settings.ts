/** What reaches the viewer, and by which way. */
import {
  notificationSettings,
  updateNotificationSettings,
  type NotificationChannel,
  type NotificationSettings,
} from '../commands/notification-settings.ts';
import { NOTIFICATION_KINDS, type NotificationKind } from '../store/notifications.ts';
import { builder } from './builder.ts';
import { defineMutation } from './mutation.ts';
import { resolveUser } from './people.ts';
import { dependsOn } from './reading-scope.ts';
import { UserRef } from './refs.ts';

export const NotificationKindEnum = builder.enumType('NotificationKind', {
  description: 'What somebody is told of.',
  values: {
    ASSIGNMENT: {
      description:
        'A task is theirs: it was assigned to them by somebody else, can be worked on now, or was handed back by a program. Tasks of their teams are not told.',
    },
    MENTION: { description: 'A note mentions them.' },
    INVITATION: { description: 'A partner has their first task in an execution, and sees it since.' },
    REMINDER: {
      description:
        'Something of theirs is due: by the rules of its definition, or, of a task without such rules, within a day, or was due.',
    },
    ESCALATION: {
      description:
        'A task was handed to them, or to their team, because nobody took it or it is late; or they are the lead who is told of that.',
    },
    CONFIRMATION: {
      description:
        'What they asked somebody outside to confirm, or are responsible for, was confirmed or declined, or nobody answered in time.',
    },
    FAILURE: {
      description: 'A task that they are responsible for has failed: its automation, or its program.',
    },
    SUBMISSION: {
      description:
        'Somebody without an account has filled in the form of a task that they are responsible for, or that they opened for them, and the task is still to be completed.',
    },
    AUTOMATION_DISABLED: {
      description: 'The automation that they published ran too often and was disabled.',
    },
    SUBSTITUTION: { description: 'They stand in for somebody who is absent and has open tasks.' },
  } as const satisfies Record<NotificationKind, object>,
});

const NotificationChannelEnum = builder.enumType('NotificationChannel', {
  description: 'By which way notifications reach somebody.',
  values: {
    IN_APP: { description: 'They are in `viewer.notifications`.' },
    EMAIL: { description: 'They are sent by e-mail; in the application if that can’t be done.' },
    BOTH: { description: 'In the application and by e-mail.' },
    NONE: { description: 'Not at all.' },
  } as const satisfies Record<NotificationChannel, object>,
});

const EmailEveryEnum = builder.enumType('EmailEvery', {
  description: 'How often mail is sent, with everything that came meanwhile in one.',
  values: {
    AT_ONCE: { description: 'A minute after the first notification that it tells of.' },
    HOURLY: { description: 'At the next full hour.' },
    DAILY: { description: 'At seven in the morning, in the organization’s time zone.' },
  } as const satisfies Record<NotificationSettings['emailEvery'], object>,
});

interface Preference {
  readonly kind: NotificationKind;
  readonly channel: NotificationChannel;
}

const PreferenceRef = builder.objectRef<Preference>('NotificationPreference').implement({
  description: 'By which way notifications of one kind reach the viewer.',
  fields: (t) => ({
    kind: t.field({ type: NotificationKindEnum, description: 'Which ones.', resolve: ({ kind }) => kind }),
    channel: t.field({
      type: NotificationChannelEnum,
      description: 'By which way.',
      resolve: ({ channel }) => channel,
    }),
  }),
});

const SettingsRef = builder.objectRef<NotificationSettings>('NotificationSettings').implement({
  description: 'What reaches the viewer, and by which way.',
  fields: (t) => ({
    preferences: t.field({
      type: [PreferenceRef],
      description: 'One for each kind.',
      resolve: ({ channels }) => NOTIFICATION_KINDS.map((kind) => ({ kind, channel: channels[kind] })),
    }),
    emailEvery: t.field({
      type: EmailEveryEnum,
      description: 'How often mail is sent.',
      resolve: ({ emailEvery }) => emailEvery,
    }),
  }),
});

builder.prismaObjectField(UserRef, 'notificationSettings', (t) =>
  t.field({
    type: SettingsRef,
    nullable: true,
    extensions: dependsOn('USER'),
    description: 'What reaches the viewer, and by which way. Null for everybody else.',
    select: { notifications: true },
    resolve: ({ id, notifications }, _args, { viewer }) =>
      id === viewer.userId ? notificationSettings(notifications) : null,
  }),
);

const PreferenceInput = builder.inputType('NotificationPreferenceInput', {
  description: 'By which way notifications of one kind are to reach the viewer.',
  fields: (t) => ({
    kind: t.field({ type: NotificationKindEnum, required: true, description: 'Which ones.' }),
    channel: t.field({ type: NotificationChannelEnum, required: true, description: 'By which way.' }),
  }),
});

defineMutation('updateNotificationSettings', {
  description:
    'Changes what reaches the viewer, and by which way, from now on. What waits for a mail already is still sent.',
  input: (t) => ({
    preferences: t.field({
      type: [PreferenceInput],
      description: 'The kinds that change; of two for one kind the last counts. The others stay as they are.',
    }),
    emailEvery: t.field({
      type: EmailEveryEnum,
      description: 'How often mail is sent; also what waits already.',
    }),
  }),
  problems: ['NOT_FOUND'],
  run: ({ preferences, emailEvery }, context) =>
    updateNotificationSettings(context, {
      channels: Object.fromEntries((preferences ?? []).map(({ kind, channel }) => [kind, channel])),
      emailEvery: emailEvery ?? undefined,
    }),
  payload: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'The viewer, with the settings as they are now.',
      resolve: ({ value }, _args, context) => resolveUser(value, context),
    }),
  }),
});
