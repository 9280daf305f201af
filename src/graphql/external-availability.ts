/** Telling workers that there are tasks for them. */
import { checkTopics, requireTopics } from '../commands/external-tasks.ts';
import { Refusal } from '../commands/problem.ts';
import { problemMessage } from '../commands/problem-message.ts';
import { LiveStoppedError } from '../live/errors.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

interface AvailableTopic {
  readonly topic: string;
  readonly since: string;
}

const AvailableTopicRef = builder.objectRef<AvailableTopic>('AvailableTopic').implement({
  description: 'A topic with at least one task that a worker may fetch.',
  fields: (t) => ({
    topic: t.exposeString('topic', { description: 'Its name.' }),
    since: t.field({
      type: 'DateTime',
      description: 'Since when the task waits that has waited the longest.',
      resolve: ({ since }) => since,
    }),
  }),
});

const AvailabilityRef = builder.objectRef<readonly AvailableTopic[]>('ExternalTaskAvailability').implement({
  description: 'Which topics have tasks for workers.',
  fields: (t) => ({
    topics: t.field({
      type: [AvailableTopicRef],
      description: 'Those of the topics asked for that have any, in the order in which they were asked for.',
      resolve: (topics) => [...topics],
    }),
  }),
});

/** What is there now at once, then whenever it is something else. By hand, not as a generator: that would not end while it waits. */
function availabilityOf(
  topics: readonly string[],
  { live, viewer, clock }: Context,
): AsyncIterableIterator<readonly AvailableTopic[]> {
  let present: readonly AvailableTopic[] | null = null;
  let told: string | null = null;
  let end: 'LEFT' | 'STOPPED' | null = null;
  let answer = (): void => undefined;
  const place = live.watchWork({
    organizationId: viewer.organizationId,
    topics,
    clock,
    onLook(ready) {
      const now = clock().toISOString();
      present = [...ready].flatMap(([topic, since]) => (since <= now ? [{ topic, since }] : []));
      answer();
    },
    onEnd() {
      end ??= 'STOPPED';
      answer();
    },
  });

  return {
    async next() {
      for (;;) {
        if (end === 'STOPPED') throw new LiveStoppedError();
        if (end === 'LEFT') return { done: true, value: undefined };
        const text = JSON.stringify(present);
        if (present && text !== told) {
          told = text;
          return { done: false, value: present };
        }
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
    },
    return() {
      end ??= 'LEFT';
      place[Symbol.dispose]();
      answer();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Subscriptions are refused by errors, not by problems. */
function checked(topics: readonly string[]): readonly string[] {
  try {
    checkTopics(topics);
    return [...new Set(topics)];
  } catch (error) {
    if (error instanceof Refusal) throw badInput(problemMessage(error.problem));
    throw error;
  }
}

builder.subscriptionField('externalTaskAvailability', (t) =>
  t.field({
    type: AvailabilityRef,
    description:
      'Which of the topics have tasks for workers: at once, then whenever that changes, or the task that has waited the longest is another. Fetch when there is one; what it tells is a hint, since all workers of a topic are told. Needs the role `worker` or `admin`.',
    args: { topics: t.arg.stringList({ required: true, description: 'The topics, at most 50.' }) },
    subscribe: (_root, { topics }, context) => {
      requireTopics(context.viewer, topics);
      return availabilityOf(checked(topics), context);
    },
    resolve: (topics) => topics,
  }),
);
