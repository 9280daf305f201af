/** A way through the log, event by event instead of batch by batch. */
import type { StoredEvent } from '../store/event-log.ts';
import type { Batches } from './follow.ts';

/** Always settles promptly: `return()` also ends a `next()` that waits. */
export type Following = AsyncGenerator<StoredEvent, undefined, undefined>;

/** The events of the batches, one by one. */
export function eventByEvent(batches: Batches): Following {
  let waiting: StoredEvent[] = [];

  // By hand, not as a generator: a generator would not end while it waits for the next batch.
  return {
    async next() {
      for (;;) {
        const value = waiting.shift();
        if (value) return { done: false, value };
        const step = await batches.next();
        if (step.done) return step;
        waiting = [...step.value.events];
      }
    },
    async return() {
      waiting = [];
      await batches.return(undefined);
      return { done: true, value: undefined };
    },
    async throw(error: unknown) {
      await batches.throw(error);
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}
