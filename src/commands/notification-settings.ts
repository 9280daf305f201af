/** What reaches a user, and by which way: each chooses for themselves. */
import { zoneOf } from '../calendar/zone.ts';
import type { Instant } from '../engine/definition.ts';
import { moveDigest } from '../store/notification-jobs.ts';
import { lockDueNotifications, writeNotificationSettings } from '../store/notification-mail.ts';
import type { NotificationKind } from '../store/notifications.ts';
import { lockUser } from '../store/users.ts';
import { execute, expectObject, type Caller, type CommandResult } from './execute.ts';
import { recordObject } from './record.ts';

/** By which way notifications of a kind reach a user. */
export type NotificationChannel = 'IN_APP' | 'EMAIL' | 'BOTH' | 'NONE';

/** How often a user gets mail, with everything that came meanwhile in one. */
export type EmailEvery =
  /** A minute after the first that it tells of. */
  | 'AT_ONCE'
  /** At the next full hour. */
  | 'HOURLY'
  /** At seven in the morning. */
  | 'DAILY';

export interface NotificationSettings {
  readonly channels: Readonly<Record<NotificationKind, NotificationChannel>>;
  readonly emailEvery: EmailEvery;
}

/** What is so for who has chosen nothing else. */
const DEFAULTS: NotificationSettings = {
  channels: {
    ASSIGNMENT: 'IN_APP',
    MENTION: 'BOTH',
    INVITATION: 'BOTH',
    REMINDER: 'BOTH',
    ESCALATION: 'BOTH',
    CONFIRMATION: 'BOTH',
    FAILURE: 'BOTH',
    SUBMISSION: 'BOTH',
    AUTOMATION_DISABLED: 'BOTH',
    SUBSTITUTION: 'BOTH',
  },
  emailEvery: 'AT_ONCE',
};

/** A part of the settings; what is left out is as it was. */
export interface NotificationSettingsChange {
  readonly channels?: Readonly<Partial<Record<NotificationKind, NotificationChannel>>> | undefined;
  readonly emailEvery?: EmailEvery | undefined;
}

function changed(
  settings: NotificationSettings,
  { channels, emailEvery }: NotificationSettingsChange,
): NotificationSettings {
  return {
    channels: { ...settings.channels, ...channels },
    emailEvery: emailEvery ?? settings.emailEvery,
  };
}

/** The settings of a user, of whom `stored` is kept: what they have chosen, which may be nothing. */
export function notificationSettings(stored: unknown): NotificationSettings {
  return changed(DEFAULTS, stored as NotificationSettingsChange);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** When the day's mail is sent, on the organization's wall clock. */
const MORNING = 7 * HOUR;

/** When the mail is sent that tells of what happens now. */
export function nextMailAt(every: EmailEvery, now: Instant, timeZone: string): Instant {
  const time = Date.parse(now);
  const { toLocal, fromLocal } = zoneOf(timeZone);
  const next = (period: number, offset: number): number =>
    fromLocal((Math.floor((toLocal(time) - offset) / period) + 1) * period + offset);
  const at = {
    AT_ONCE: () => time + MINUTE,
    // An hour that the clock shows twice is two: so it is counted from now, not to a time on the wall.
    HOURLY: () => time + HOUR - (((toLocal(time) % HOUR) + HOUR) % HOUR),
    DAILY: () => next(DAY, MORNING),
  }[every]();
  return new Date(at).toISOString();
}

/** Changes the viewer's own settings. What waits for a mail is still sent, as often as they want mail now. Answers the viewer's id. */
export async function updateNotificationSettings(
  caller: Caller,
  change: NotificationSettingsChange,
): Promise<CommandResult<string>> {
  const { userId, timeZone } = caller.viewer;
  return execute(caller, async (tx) => {
    const user = expectObject(await lockUser(tx, tx.organizationId, userId), 'User', userId);
    const before = notificationSettings(user.notifications);
    const settings = changed(before, change);
    if (JSON.stringify(settings) === JSON.stringify(before)) return userId;
    const version = await writeNotificationSettings(tx, userId, settings);
    recordObject(
      tx,
      'USER_UPDATED',
      'USER',
      { id: userId, version, audience: [userId] },
      { notifications: settings },
    );
    if (settings.emailEvery !== before.emailEvery) {
      const [waiting] = await lockDueNotifications(tx, userId, 1);
      const runAt = nextMailAt(settings.emailEvery, tx.now, timeZone);
      if (waiting) await moveDigest(tx, { userId, runAt });
    }
    return userId;
  });
}
