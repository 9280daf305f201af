/** Hands each event of one organization to the subscribers that watch what it concerns. */
import type { StoredEvent } from '../store/event-log.ts';
import type { Watched, WatchedKind } from '../store/event-replay.ts';

/** Takes events; must neither throw nor wait, for all others are behind it. */
export interface Recipient {
  offer(event: StoredEvent): void;
  /** Events may have passed that were not offered to anybody. */
  lose?(): void;
}

export interface Bus {
  /** Adds the recipient until the answered function is called. */
  join(watched: Watched, recipient: Recipient): () => void;
  /** The same for every event of the organization. */
  joinAll(recipient: Recipient): () => void;
  /** Offers the event to everyone whom it concerns, once each, however many of its topics they watch. */
  publish(event: StoredEvent): void;
  /** Tells everyone that events may have passed unseen. */
  publishGap(): void;
  /** How many topics have recipients. */
  readonly topicCount: number;
}

type Topic = `${WatchedKind}:${string}`;

function* topicsOf(event: StoredEvent): Generator<Topic> {
  if (event.subjectType === 'NOTIFICATION') {
    for (const id of event.audience) yield `NOTIFIED:${id}`;
    return;
  }
  yield `SUBJECT:${event.subjectId}`;
  if (event.executionId !== null) yield `EXECUTION:${event.executionId}`;
  for (const id of event.entityIds) yield `ENTITY:${id}`;
  for (const id of event.audience) yield `ASSIGNEE:${id}`;
}

export function createBus(): Bus {
  const recipients = new Map<Topic, Set<Recipient>>();
  const ofAll = new Set<Recipient>();

  return {
    join(watched, recipient) {
      const topics = watched.ids.map((id): Topic => `${watched.kind}:${id}`);
      for (const topic of topics) {
        const joined = recipients.get(topic) ?? new Set();
        recipients.set(topic, joined.add(recipient));
      }
      return () => {
        for (const topic of topics) {
          const joined = recipients.get(topic);
          joined?.delete(recipient);
          if (joined?.size === 0) recipients.delete(topic);
        }
      };
    },
    joinAll(recipient) {
      ofAll.add(recipient);
      return () => {
        ofAll.delete(recipient);
      };
    },
    publish(event) {
      const concerned = new Set<Recipient>(ofAll);
      for (const topic of topicsOf(event)) {
        for (const recipient of recipients.get(topic) ?? []) concerned.add(recipient);
      }
      for (const recipient of concerned) recipient.offer(event);
    },
    publishGap() {
      for (const recipient of new Set([
        ...ofAll,
        ...[...recipients.values()].flatMap((joined) => [...joined]),
      ])) {
        recipient.lose?.();
      }
    },
    get topicCount() {
      return recipients.size;
    },
  };
}
