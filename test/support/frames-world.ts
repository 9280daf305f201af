/** Readers of every kind around one execution, each twice on our server and twice on a plain one, and what may happen to them. */
import { visibilityScope, type Viewer } from '../../src/commands/viewer.ts';
import type { StoredEvent } from '../../src/store/event-log.ts';
import { assigneesOf } from '../../src/graphql/inbox.ts';
import { presentViewer } from '../../src/graphql/present-viewer.ts';
import { readMemberships } from '../../src/store/people.ts';
import { eventVisibleThrough } from '../../src/store/visibility.ts';
import type { TestApi, ViewerOptions } from './api.ts';
import { command, keyOf, mutationText, start, team, userId, type Running } from './workflows.ts';
import { phased, task } from './workflow.ts';

export interface FramesStep {
  readonly what: (typeof STEPS)[number];
  readonly a: number;
  readonly b: number;
}

export interface FramesReader {
  readonly externalId: string;
  readonly options: Required<Pick<ViewerOptions, 'roles' | 'kind'>>;
  readonly id: string;
  /** As they were at first. */
  readonly viewer: Viewer;
  /** As they are now; null if they are deactivated. */
  present(): Promise<Viewer | null>;
}

export interface FramesWorld {
  readonly readers: readonly FramesReader[];
  readonly running: Running;
  /** What those read who may read anybody's: a partner's inbox. */
  readonly inboxOf: string;
  /** Changes what all of them watch. */
  touch(): Promise<string>;
  /** Does the step; what is refused has not happened. Nothing ever happens to the admin. */
  take(step: FramesStep): Promise<void>;
}

const PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;
const MEMBER = { roles: ['member'], kind: 'INTERNAL' } as const;

const READERS: Readonly<Record<string, FramesReader['options']>> = {
  admin: { roles: ['admin'], kind: 'INTERNAL' },
  fitter: MEMBER,
  clerk: MEMBER,
  guest: PARTNER,
  crew: PARTNER,
  leaver: PARTNER,
};

export const STEPS = [
  'assignTask',
  'assignTask',
  'assignTask',
  'updateTeam',
  'updateTeam',
  'addNote',
  'addNote',
  'startTask',
  'completeTask',
  'reopenTask',
  'holdTask',
  'claimTask',
  'addTask',
  'updateEntity',
  'updateUser',
  'deactivate',
] as const;

function subset<T>(items: readonly T[], bits: number): T[] {
  return items.filter((_, index) => (bits >> index) % 2 === 1);
}

function pick<T>(items: readonly T[], at: number): T {
  return items[at % items.length] as T;
}

export async function makeFramesWorld(api: TestApi, name: string): Promise<FramesWorld> {
  const readers = await Promise.all(
    Object.entries(READERS).map(async ([reader, options]): Promise<FramesReader> => {
      const externalId = reader === 'admin' ? 'admin' : `${name}-${reader}`;
      const viewer = await api.viewer(externalId, options);
      async function present(): Promise<Viewer | null> {
        const { organizationId, userId: key } = viewer;
        const moment = api.clock.now().toISOString();
        const memberships = await readMemberships(api.database, organizationId, [key], moment);
        return presentViewer(viewer, memberships.get(key));
      }
      return { externalId, options, id: userId(viewer), viewer, present };
    }),
  );
  const byName = (reader: string): FramesReader =>
    readers.find(({ externalId }) => externalId.endsWith(reader)) ?? pick(readers, 0);
  const { id: teamId } = await team(api, [byName('fitter').viewer, byName('crew').viewer]);
  const running = await start(api, {
    ...phased('first: a b', 'second: c'),
    tasks: ['a', 'b', 'c'].map((key) => task(key, { phaseKey: key === 'c' ? 'second' : 'first' })),
  });
  const people = [...readers.map(({ id }) => id), teamId];
  const tasks = [running.task('a'), running.task('b'), running.task('c')];
  await command(api, api.admin, 'assignTask', { taskId: running.task('a'), set: people });
  let count = 0;

  async function touch(): Promise<string> {
    const input = { taskId: running.task('a'), name: `a ${(count += 1)}` };
    const { position = '' } = await command(api, api.admin, 'updateTask', input);
    return position;
  }

  async function take({ what, a, b }: FramesStep): Promise<void> {
    const taskId = pick(tasks, a);
    const someone = (await pick(readers, b).present()) ?? api.admin;
    const give = async (mutation: string, input: object, viewer = api.admin): Promise<void> => {
      await api.run(viewer, mutationText(mutation), { input });
    };
    switch (what) {
      case 'assignTask':
        return give(what, { taskId, set: subset(people, b) });
      case 'updateTeam':
        return give(what, { teamId, setMemberIds: subset(people.slice(1, -1), b) });
      case 'addNote':
        return give(what, { taskId, body: `Note ${b}` }, someone);
      case 'addTask':
        return give(what, {
          executionId: running.id,
          name: `added ${b}`,
          place: { inPhase: {} },
          assigneeIds: subset(people, b),
        });
      case 'updateEntity':
        return give(what, { entityId: running.entityId, title: `Roof ${b}`, attributes: { b } });
      case 'updateUser':
        return give(what, { userId: pick(readers.slice(1), b).id, name: `Name ${a}` });
      case 'deactivate':
        return give('updateUser', { userId: byName('leaver').id, isActive: false });
      default:
        return give(what, { taskId }, someone);
    }
  }

  return { readers, running, inboxOf: byName('crew').id, touch, take };
}

/** What a subscription watches: one of the three fields, with what. */
export interface Watching {
  readonly field: 'executionEvents' | 'entityEvents' | 'inboxEvents';
  /** The global id in its argument; null for the reader's own inbox. */
  readonly id: string | null;
}

/** What a subscriber must have been told, by the protocol and the log alone. */
export interface Expectation {
  readonly count: number;
  /** Takes note of what has happened since the last time, and of the reader as they are now; null: deactivated. `log`: from the start on. */
  note(viewer: Viewer | null, log: readonly StoredEvent[]): Promise<void>;
}

async function visible(api: TestApi, viewer: Viewer, events: readonly StoredEvent[]): Promise<number> {
  const scope = visibilityScope(viewer);
  if (scope === null || events.length === 0) return events.length;
  const { rows } = await api.database.pool.query(
    `select from event_history e where e.organization_id = $1 and e.seq = any($2::bigint[])
       and ${eventVisibleThrough('$3')}`,
    [viewer.organizationId, events.map(({ seq }) => seq), scope],
  );
  return rows.length;
}

/** For a subscriber who has everything up to the number `start`. */
export function expectation(api: TestApi, { field, id }: Watching, start: number): Expectation {
  let count = 0;
  let noted = start;
  /** The last event that was watched. */
  let place = start;
  let inbox = '';

  async function inboxOf({ organizationId, userId: own }: Viewer): Promise<readonly string[]> {
    const key = id === null ? own : keyOf(id);
    const moment = api.clock.now().toISOString();
    const memberships = await readMemberships(api.database, organizationId, [key], moment);
    return assigneesOf(key, memberships.get(key));
  }

  return {
    get count() {
      return count;
    },
    async note(viewer, log) {
      if (viewer === null) return;
      const ids = field === 'inboxEvents' ? await inboxOf(viewer) : [keyOf(id ?? '')];
      // An inbox that has got other teams is read anew from where it is.
      const from = inbox === '' || inbox === ids.join() ? noted : place;
      inbox = ids.join();
      const watched = log.filter(({ seq, executionId, entityIds, audience }) => {
        if (seq <= from) return false;
        if (field === 'executionEvents') return ids.includes(executionId ?? '');
        return (field === 'entityEvents' ? entityIds : audience).some((one) => ids.includes(one));
      });
      count += await visible(api, viewer, watched);
      noted = log.at(-1)?.seq ?? noted;
      place = watched.at(-1)?.seq ?? place;
    },
  };
}
