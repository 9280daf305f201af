/**
 * Subscribers who would get the same messages share one way through the log, and each event is rendered once for all of them. Whoever
 * can't keep step, or whose rights may have changed, goes on alone by the log, and joins again where the group is.
 */
import type { Logger } from 'pino';
import type { StoredEvent } from '../store/event-log.ts';
import type { Tick } from './feed.ts';
import type { Batches, FollowOptions } from './follow.ts';
import type { Live } from './live.ts';
import type { Reader } from './reader.ts';

/** What is followed, and by whose rights. */
export type Followed = Pick<FollowOptions, 'organizationId' | 'watched' | 'subscriber'>;

/** What the members of a group have in common. */
export interface EventTopic<Message> {
  /** Equal for those who get the same messages. */
  readonly key: string;
  readonly followed: Followed;
  /**
   * Makes the message of an event. `tick`: what else has just been read and may be rendered, so that it can be loaded together. `signal` is
   * aborted when nobody waits for it any more.
   */
  readonly render: (event: StoredEvent, tick: Tick, signal: AbortSignal) => Promise<Message>;
}

export interface EventSubscriber<Message> {
  readonly userId: string;
  /** What they follow when alone: the same as their group, by their own rights. */
  readonly own: Followed;
  /** The group that they belong to now; asked again whenever they have been alone. */
  readonly topic: () => EventTopic<Message>;
  /** Events after this number; null: from now on. */
  readonly after: number | null;
  readonly reader: Reader<Message>;
  /** Aborted when they leave. */
  readonly signal: AbortSignal;
}

export interface EventGroups<Message> {
  /**
   * Subscribes. When the promise resolves, nothing that is committed from then on is missed.
   *
   * @returns `ended`: resolves when they have left; rejects with what ended the subscription, as `followLog` says.
   * @throws what `followLog` throws.
   */
  join(subscriber: EventSubscriber<Message>): Promise<{ readonly ended: Promise<void> }>;
  /** How many groups there are. */
  readonly size: number;
}

/** One subscriber's own state, as long as they are here. */
interface Presence<Message> {
  readonly subscriber: EventSubscriber<Message>;
  /** How often their rights may have changed. */
  touches: number;
  /** The group that they are in. */
  member: Member<Message> | null;
}

interface Member<Message> {
  readonly reader: Reader<Message>;
  /** The number of the last event that they have, or that did not concern them. */
  cursor: number;
  /** Takes them out of their group. */
  leave(): void;
}

/** When they leave the group that they have joined; null: they have gone. */
type CaughtUp = { readonly left: Promise<number> } | null;

interface Group<Message> {
  readonly topic: EventTopic<Message>;
  readonly members: Set<Member<Message>>;
  readonly closed: AbortController;
  /** The number of the last event that was sent, or did not concern them. */
  position: number;
}

export function createEventGroups<Message>(live: Live, log: Logger): EventGroups<Message> {
  const groups = new Map<string, Group<Message>>();

  function send(group: Group<Message>, message: Message, seq: number): void {
    for (const member of group.members) {
      if (seq <= member.cursor) continue;
      if (member.reader.isFull) {
        member.leave();
      } else {
        member.reader.send(message);
        member.cursor = seq;
      }
    }
  }

  async function lead(group: Group<Message>): Promise<void> {
    const { topic, members, closed } = group;
    const { organizationId } = topic.followed;
    try {
      const start = { ...topic.followed, after: group.position, signal: closed.signal };
      for await (const { events, position } of await live.followBatches(start)) {
        const tick = live.tick(organizationId);
        for (const event of events) {
          const message = await topic.render(event, tick, closed.signal);
          group.position = event.seq;
          send(group, message, event.seq);
        }
        group.position = position;
        for (const member of members) member.cursor = Math.max(member.cursor, position);
      }
    } catch (error) {
      // Each member goes on alone and meets the same, or something better.
      log.debug({ err: error }, 'a group of subscribers has ended');
    } finally {
      close(group);
    }
  }

  function close(group: Group<Message>): void {
    if (groups.get(group.topic.key) === group) groups.delete(group.topic.key);
    group.closed.abort();
    for (const member of group.members) member.leave();
  }

  function open(topic: EventTopic<Message>, position: number): Group<Message> {
    const group = { topic, members: new Set<Member<Message>>(), closed: new AbortController(), position };
    groups.set(topic.key, group);
    return group;
  }

  /** Puts them into the group unless it is ahead of them; resolves with their cursor when they have left it. */
  function attach(presence: Presence<Message>, cursor: number): Promise<number> | null {
    const { subscriber } = presence;
    const topic = subscriber.topic();
    const known = groups.get(topic.key);
    if (known && known.position > cursor) return null;
    const group = known ?? open(topic, cursor);
    const left = new Promise<number>((resolve) => {
      const member: Member<Message> = {
        reader: subscriber.reader,
        cursor,
        leave() {
          if (!group.members.delete(member)) return;
          presence.member = null;
          if (group.members.size === 0) close(group);
          resolve(member.cursor);
        },
      };
      presence.member = member;
      group.members.add(member);
    });
    if (!known) void lead(group);
    return left;
  }

  /** Sends what they have missed, until they are in step with their group. Resolves with when they leave it; null: they have gone. */
  async function catchUp(batches: Batches, presence: Presence<Message>): Promise<CaughtUp> {
    const { reader, signal, topic } = presence.subscriber;
    for (;;) {
      const { touches } = presence;
      const step = await batches.next();
      if (step.done) return null;
      const { events, position } = step.value;
      const tick = { events };
      const { render } = topic();
      for (const event of events) {
        const message = await render(event, tick, signal);
        if (reader.isFull) await reader.drained();
        if (signal.aborted) return null;
        reader.send(message);
      }
      // What they were let have was asked before the touch: ask again before anybody else delivers to them.
      const left = reader.isFull || presence.touches > touches ? null : attach(presence, position);
      if (left) return { left };
    }
  }

  /** `catchUp`, and the end of the way alone. Holds the batches no longer than that: most subscribers are in a group most of the time. */
  async function goAlone(following: Promise<Batches>, presence: Presence<Message>) {
    await using batches = await following;
    return await catchUp(batches, presence);
  }

  async function serve(presence: Presence<Message>, caughtUp: Promise<CaughtUp>): Promise<void> {
    const { own, reader, signal } = presence.subscriber;
    let joined = await caughtUp;
    while (joined) {
      const after = await joined.left;
      await reader.drained();
      if (signal.aborted) return;
      joined = await goAlone(live.followBatches({ ...own, after, signal }), presence);
    }
  }

  return {
    async join(subscriber) {
      const { own, after, signal, userId } = subscriber;
      const presence: Presence<Message> = { subscriber, touches: 0, member: null };
      // At once, so that nothing after a change of their rights is sent by the rights before it.
      const stopWatching = live.watchUser(own.organizationId, userId, () => {
        presence.touches += 1;
        presence.member?.leave();
      });
      const leaveGroup = (): void => presence.member?.leave();
      const end = (): void => {
        stopWatching();
        signal.removeEventListener('abort', leaveGroup);
      };
      signal.addEventListener('abort', leaveGroup);
      try {
        const following = live.followBatches({ ...own, after, signal });
        await following;
        return { ended: serve(presence, goAlone(following, presence)).finally(end) };
      } catch (error) {
        end();
        throw error;
      }
    },
    get size() {
      return groups.size;
    },
  };
}
