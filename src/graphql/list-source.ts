/**
 * What the subscription fields of lists answer. Any GraphQL executor can iterate it for one subscriber; a transport that knows more lets many
 * share it.
 */
import type { Viewer } from '../commands/viewer.ts';
import type { ListRow } from '../live/list/concern.ts';
import type { ListQuery, ListUpdate, LiveList } from '../live/list/list.ts';
import { updatesOf } from '../live/list/updates.ts';
import type { StoredEvent } from '../store/event-log.ts';
import { readMemberships } from '../store/people.ts';
import type { Context } from './context.ts';
import { liveError } from './live-errors.ts';
import { presentViewer } from './present-viewer.ts';

/** As whom a list is read: asked before the first reading and after each; null if they may read nothing any more. */
export type Present = () => Promise<Viewer | null>;

export interface ListSource<Update> extends AsyncIterable<Update> {
  readonly kind: 'list';
  /** Equal for two sources that watch the same list in the same order and length, whoever reads. */
  readonly identity: string;
  /** Opens the list; whoever opens it disposes it. Its reader stands for all who share it. */
  open(present: Present): LiveList<Update>;
}

/** Each update is a step of its own, for its reader as they are then. */
function stepwise<Update>(source: ListSource<Update>, context: Context): AsyncIterator<Update> {
  let { viewer } = context;
  const updates = updatesOf(
    source.open(async () => {
      const { organizationId, userId } = viewer;
      const moment = context.clock().toISOString();
      const memberships = await readMemberships(context.database, organizationId, [userId], moment);
      const present = presentViewer(viewer, memberships.get(userId));
      viewer = present ?? viewer;
      return present;
    }),
  );
  // By hand, not as a generator: a generator would not end while it waits for the next update.
  return {
    async next() {
      try {
        const step = await updates.next();
        context.nextStep(viewer);
        return step;
      } catch (error) {
        throw liveError(error);
      }
    },
    return: () => updates.return(undefined),
    throw: (error: unknown) => updates.throw(error),
  };
}

/** A list as a subscription. */
export function listSource<Row extends ListRow, State>(
  identity: readonly unknown[],
  query: (present: Present) => ListQuery<Row, State>,
  context: Context,
): ListSource<ListUpdate<Row, State>> {
  const source: ListSource<ListUpdate<Row, State>> = {
    kind: 'list',
    identity: JSON.stringify(identity),
    open: (present) => context.live.list(query(present)),
    [Symbol.asyncIterator]: () => stepwise(source, context),
  };
  return source;
}

/** Whether somebody who does not see everything may see more or less after the event: others for whom they stand in are absent, or are back. */
export function mayMoveScope(
  { subjectType, audience }: StoredEvent,
  scope: readonly string[] | null | undefined,
): boolean {
  return subjectType === 'ABSENCE' && audience.some((id) => scope?.includes(id));
}

/** Reads until what was read and whom it was read for belong together: those who lost a right while it was read get nothing of what came after. */
export async function readAs<Reading, Rights>(
  known: Rights | null,
  readRights: () => Promise<Rights | null>,
  isSame: (one: Rights, other: Rights) => boolean,
  read: (rights: Rights) => Promise<Reading>,
): Promise<{ readonly reading: Reading; readonly rights: Rights } | null> {
  let rights = known ?? (await readRights());
  while (rights !== null) {
    const reading = await read(rights);
    const present = await readRights();
    if (present !== null && isSame(rights, present)) return { reading, rights: present };
    rights = present;
  }
  return null;
}
