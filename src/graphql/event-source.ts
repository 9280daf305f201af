/**
 * What the subscription fields of events answer. Any GraphQL executor can iterate it for one subscriber; a transport that knows
 * more lets many share it.
 */
import { visibilityScope, type Viewer } from '../commands/viewer.ts';
import { UnknownPositionError } from '../live/errors.ts';
import type { Followed } from '../live/event-groups.ts';
import type { Rights } from '../live/follow.ts';
import { decodePosition } from '../store/event-cursor.ts';
import { readPosition, type StoredEvent } from '../store/event-log.ts';
import type { Watched } from '../store/event-replay.ts';
import { badInput } from './bad-input.ts';
import type { Context } from './context.ts';
import { assigneesOf } from './inbox.ts';
import { liveError } from './live-errors.ts';
import { presentViewer } from './present-viewer.ts';
import { createSharedReads, sharedReadsOf } from './shared-reads.ts';

export interface EventSource extends AsyncIterable<StoredEvent> {
  readonly kind: 'events';
  /** Equal for two sources that watch the same, whoever reads. */
  readonly identity: string;
  /** Events after this number. */
  readonly after: number;
  /** What is followed for this reader alone, by their rights. */
  readonly own: Followed;
  /** What is followed for all readers together who see the whole organization. */
  readonly everyones: Followed;
  /** The reader as of when their rights were last asked for. */
  viewer(): Viewer;
}

/** What is watched. */
export type Topic =
  | { readonly watched: Watched }
  /** The inbox of this user: what is assigned to them, their teams or those for whom they stand in, whichever these are at the time. */
  | { readonly inboxOf: string };

async function startOf({ database, viewer }: Context, after: string | null | undefined): Promise<number> {
  const given = after === null || after === undefined ? null : decodePosition(after);
  if (given === null && typeof after === 'string')
    throw badInput('after is no cursor of the event log; take the cursor of an event or a position.');
  const end = await readPosition(database, viewer.organizationId);
  if (given !== null && given > end) throw liveError(new UnknownPositionError());
  return given ?? end;
}

/** Each event is a step of its own: its objects are read as they are when it is delivered, and as its reader is then. */
function stepwise(
  { own, after, viewer }: Pick<EventSource, 'own' | 'after' | 'viewer'>,
  context: Context,
): AsyncIterator<StoredEvent> {
  const following = context.live.follow({ ...own, after });
  // Whoever asks for an event is told; nobody else has to be.
  following.catch(() => undefined);
  // By hand, not as a generator: a generator would not end while it waits for the next event.
  return {
    async next() {
      try {
        const step = await (await following).next();
        context.nextStep(viewer());
        return step;
      } catch (error) {
        throw liveError(error);
      }
    },
    return: async () => (await following).return(undefined),
    throw: async (error: unknown) => (await following).throw(error),
  };
}

/** The source without its own iterator: what may be kept for as long as somebody follows, so nothing of the operation's context. */
async function describe(
  topic: Topic,
  { database, live, viewer: asking }: Pick<Context, 'database' | 'live' | 'viewer'>,
): Promise<Omit<EventSource, 'after' | typeof Symbol.asyncIterator>> {
  let viewer = asking;
  const { organizationId, userId } = viewer;

  async function present(): Promise<Watched> {
    if ('watched' in topic) return topic.watched;
    const { inboxOf } = topic;
    const membership = await live.membership(organizationId, inboxOf);
    return { kind: 'ASSIGNEE', ids: assigneesOf(inboxOf, membership) };
  }

  async function visible(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    const scope = visibilityScope(viewer);
    if (scope === null) return events;
    const tick = live.tick(organizationId);
    // What is replayed is about other objects than what has just happened.
    const isLive = (tick.events[0]?.seq ?? Infinity) <= (events[0]?.seq ?? 0);
    const reads = isLive
      ? sharedReadsOf(database, viewer, tick)
      : createSharedReads(database, viewer, { events });
    return reads.visible(scope, events);
  }

  async function rights(): Promise<Rights | null> {
    const now = presentViewer(viewer, await live.membership(organizationId, userId));
    if (now === null) return null;
    viewer = now;
    return { watched: await present(), visible };
  }

  const watched = await present();
  const followed = { organizationId, watched };
  const everybody = {
    userId: 'inboxOf' in topic ? topic.inboxOf : userId,
    rights: async () => ({
      watched: await present(),
      visible: (events: readonly StoredEvent[]) => Promise.resolve(events),
    }),
  };
  return {
    kind: 'events',
    identity: 'inboxOf' in topic ? `INBOX ${topic.inboxOf}` : `${watched.kind} ${watched.ids.join()}`,
    own: { ...followed, subscriber: { userId, rights } },
    everyones: 'inboxOf' in topic ? { ...followed, subscriber: everybody } : followed,
    viewer: () => viewer,
  };
}

/**
 * The events of a topic after a cursor, or from now on without one: nothing that is committed after this answer is missed.
 *
 * @throws GraphQLError BAD_USER_INPUT if `after` is not a place in the log.
 */
export async function eventSource(
  topic: Topic,
  after: string | null | undefined,
  context: Context,
): Promise<EventSource> {
  const { database, live, viewer } = context;
  const described = await describe(topic, { database, live, viewer });
  const started = { ...described, after: await startOf(context, after) };
  return { ...started, [Symbol.asyncIterator]: () => stepwise(started, context) };
}
