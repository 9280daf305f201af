/**
 * Readers who would get the same list share it: it is read once, and each update is rendered once for all of them. Whoever can't keep step skips
 * updates and gets the whole list when there is room again.
 */
import type { LiveList } from './list/list.ts';
import type { Reader } from './reader.ts';

/** What the members of a group have in common. */
export interface ListTopic<Update, Message> {
  /** Equal for those who get the same messages. */
  readonly key: string;
  open(): LiveList<Update>;
  /** Makes the message of an update. `signal` is aborted when nobody waits for it any more. */
  render(update: Update, signal: AbortSignal): Promise<Message>;
}

export interface ListGroups<Message> {
  /**
   * Lets the reader into the group of the topic: it gets the whole list, then each update.
   *
   * @param signal - aborted when they leave.
   * @returns when they have left.
   * @throws what ends the list, as `LiveList.refresh` says.
   */
  join<Update>(
    topic: ListTopic<Update, Message>,
    reader: Reader<Message>,
    signal: AbortSignal,
  ): Promise<void>;
  /** How many groups there are. */
  readonly size: number;
}

interface Member<Message> {
  readonly reader: Reader<Message>;
  /** Whether the reader has the list as of the last update. */
  isUpToDate: boolean;
  end(error: unknown): void;
}

interface Group<Message> {
  readonly members: Set<Member<Message>>;
  /** Aborted when nobody comes in any more. */
  readonly closed: AbortController;
  /** Aborted when there is something to do besides reading: a member waits for the whole list, or all have left. */
  noticed: AbortController;
}

export function createListGroups<Message>(): ListGroups<Message> {
  const groups = new Map<string, Group<Message>>();

  /** To those who have what the update builds upon. */
  function send(group: Group<Message>, message: Message): void {
    for (const member of group.members) {
      if (!member.isUpToDate) continue;
      if (!member.reader.isFull) {
        member.reader.send(message);
        continue;
      }
      member.isUpToDate = false;
      void member.reader.drained().then(() => {
        group.noticed.abort();
      });
    }
  }

  /** Gives the whole list to those who wait for it. */
  async function admit<Update>(
    { members, closed }: Group<Message>,
    waiting: readonly Member<Message>[],
    list: LiveList<Update>,
    topic: ListTopic<Update, Message>,
  ): Promise<void> {
    if (waiting.length === 0) return;
    const message = await topic.render(list.whole(), closed.signal);
    for (const member of waiting) {
      if (!members.has(member)) continue;
      member.reader.send(message);
      member.isUpToDate = true;
    }
  }

  async function lead<Update>(group: Group<Message>, topic: ListTopic<Update, Message>): Promise<void> {
    const { members } = group;
    await using list = topic.open();
    while (members.size > 0) {
      group.noticed = new AbortController();
      const { signal } = group.noticed;
      // Those who have the list not, or no longer. Who comes later may know of more than what is read now.
      const waiting = [...members].filter(({ isUpToDate, reader }) => !isUpToDate && !reader.isFull);
      const update = await list.refresh();
      if (update && [...members].some(({ isUpToDate }) => isUpToDate))
        send(group, await topic.render(update, group.closed.signal));
      await admit(group, waiting, list, topic);
      if (!signal.aborted) await list.changed(signal);
    }
  }

  function open<Update>(topic: ListTopic<Update, Message>): Group<Message> {
    const group: Group<Message> = {
      members: new Set(),
      closed: new AbortController(),
      noticed: new AbortController(),
    };
    groups.set(topic.key, group);
    // After the first member is in.
    queueMicrotask(() => {
      lead(group, topic)
        .catch((error: unknown) => {
          for (const member of group.members) member.end(error);
        })
        .finally(() => {
          close(topic.key, group);
        })
        .catch(() => undefined);
    });
    return group;
  }

  /** Lets nobody in any more. */
  function close(key: string, group: Group<Message>): void {
    if (groups.get(key) === group) groups.delete(key);
    group.closed.abort();
    group.noticed.abort();
  }

  return {
    join(topic, reader, signal) {
      if (signal.aborted) return Promise.resolve();
      const group = groups.get(topic.key) ?? open(topic);
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          signal.removeEventListener('abort', leave);
          group.members.delete(member);
          if (group.members.size === 0) close(topic.key, group);
          resolve();
        };
        const member: Member<Message> = {
          reader,
          isUpToDate: false,
          end(error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            leave();
          },
        };
        signal.addEventListener('abort', leave);
        group.members.add(member);
        // The list may be waiting for the next change.
        const notice = (): void => {
          group.noticed.abort();
        };
        if (reader.isFull) void reader.drained().then(notice);
        else notice();
      });
    },
    get size() {
      return groups.size;
    },
  };
}
