/** Who is active, in which teams, and stands in for whom, known in memory until the log says that it has changed. */
import type { StoredEvent } from '../store/event-log.ts';
import { readMemberships, type Membership } from '../store/people.ts';
import type { Queryable } from '../store/statement.ts';
import DataLoader from 'dataloader';
import type { Bus } from './bus.ts';

/** The memberships of the users of one organization who follow its log. */
export interface Memberships {
  /** The user's memberships, never older than the last event that `note` was given; null if there is no such user. */
  read(userId: string): Promise<Membership | null>;
  /** To be called with every event, before anybody else sees it. */
  note(event: StoredEvent): void;
  /** To be called when events may have passed that `note` was not given. */
  forget(): void;
}

/** Who the user is, which teams they are in and who is absent; all say so in their events. */
function isAboutRights({ subjectType }: StoredEvent): boolean {
  return subjectType === 'USER' || subjectType === 'TEAM' || subjectType === 'ABSENCE';
}

/** Calls `onChange` when something happened to the user or their memberships, or may have; until the answered function is called. */
export function joinRights(bus: Bus, userId: string, onChange: () => void): () => void {
  return bus.join(
    { kind: 'ASSIGNEE', ids: [userId] },
    {
      offer(event) {
        if (isAboutRights(event)) onChange();
      },
      lose: onChange,
    },
  );
}

/** Nothing is read before it is asked for; those who are asked for at once are one statement. */
export function createMemberships(
  database: Queryable,
  organizationId: string,
  clock: () => Date,
): Memberships {
  const loader = new DataLoader<string, Membership | null>(async (userIds) => {
    const found = await readMemberships(database, organizationId, userIds, clock().toISOString());
    return userIds.map((id) => found.get(id) ?? null);
  });
  return {
    async read(userId) {
      try {
        return await loader.load(userId);
      } catch (error) {
        // The next to ask tries again: the database may be back.
        loader.clear(userId);
        throw error;
      }
    },
    forget() {
      loader.clearAll();
    },
    note(event) {
      if (isAboutRights(event)) for (const id of event.audience) loader.clear(id);
    },
  };
}
