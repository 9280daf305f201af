/** People who can be told things, and the reaction that tells them, called by hand. */
import { createUser, type UserKind } from '../../src/commands/users.ts';
import type { Caller } from '../../src/commands/execute.ts';
import {
  updateNotificationSettings,
  type NotificationSettingsChange,
} from '../../src/commands/notification-settings.ts';
import type { Viewer } from '../../src/commands/viewer.ts';
import type { Database } from '../../src/store/database.ts';
import { readEvents, type StoredEvent } from '../../src/store/event-log.ts';
import { notify } from '../../src/reactions/notify.ts';
import type { TestClock } from './clock.ts';

/** Where things happen: a workshop, or a test API with one of its viewers. */
interface Place {
  readonly database: Database;
  readonly clock: TestClock;
  readonly caller: Caller;
}

/** A notification as its row has it. */
export interface Told {
  readonly id: string;
  readonly user: string;
  readonly kind: string;
  readonly title: string;
  readonly isInApp: boolean;
  readonly email: string;
  readonly deliveryId: string | null;
}

export interface Somebody {
  readonly id: string;
  readonly email: string | null;
  /** For assigning them. */
  readonly ref: { readonly type: 'USER'; readonly id: string };
}

export interface Notifying {
  /** A new user, whoever else is called so; with an e-mail address unless told. */
  user(
    name: string,
    options?: { readonly kind?: UserKind; readonly hasAddress?: boolean },
  ): Promise<Somebody>;
  choose(userId: string, change: NotificationSettingsChange): Promise<void>;
  /** Reacts to what happened since the last time; answers the events. */
  react(): Promise<readonly StoredEvent[]>;
  /** Reacts to these events, whether it has before or not. */
  reactTo(events: readonly StoredEvent[]): Promise<void>;
  /** What everybody was told since the last time, in order. */
  told(): Promise<readonly Told[]>;
  /** What everybody was told in all, in order. */
  everything(): Promise<readonly Told[]>;
}

export function createNotifying({ database, clock, caller }: Place): Notifying {
  const { organizationId } = caller.viewer;
  let position = 0;
  let users = 0;
  const seen = new Set<string>();

  const notifying: Notifying = {
    async user(name, { kind = 'INTERNAL', hasAddress = true } = {}) {
      users += 1;
      const email = hasAddress ? `${name}.${users}@lindental.example` : null;
      const made = await createUser(caller, { name, kind, email, company: null });
      if (!made.ok) throw new Error(`${name} was not made`);
      return { id: made.value, email, ref: { type: 'USER', id: made.value } };
    },
    async choose(userId, change) {
      const viewer: Viewer = { ...caller.viewer, userId };
      const chosen = await updateNotificationSettings({ ...caller, viewer }, change);
      if (!chosen.ok) throw new Error('the settings were not changed');
    },
    async react() {
      const events = await readEvents(database, organizationId, position, 1_000_000, 100_000);
      await notifying.reactTo(events);
      position = events.at(-1)?.seq ?? position;
      return events;
    },
    async reactTo(events) {
      const scope = { organizationId, actorId: null, now: clock.now().toISOString() };
      await database.transaction(scope, (tx) => notify(tx, events));
    },
    async told() {
      const news = (await notifying.everything()).filter(({ id }) => !seen.has(id));
      for (const { id } of news) seen.add(id);
      return news;
    },
    async everything() {
      const { rows } = await database.pool.query<Told>(
        `select n.id, u.name as "user", n.kind, n.title, n.is_in_app as "isInApp", n.email, n.delivery_id as "deliveryId"
         from notification n join app_user u on u.organization_id = n.organization_id and u.id = n.user_id
         where n.organization_id = $1 order by n.id`,
        [organizationId],
      );
      return rows;
    },
  };
  return notifying;
}

/** Who was told what, shortly. */
export function inShort(told: readonly Told[]): string[] {
  return told.map(({ user, kind, title }) => `${user} ${kind}: ${title}`);
}
