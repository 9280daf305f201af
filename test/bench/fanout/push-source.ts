/** Events in memory, to everybody who iterates: what programs with one server use. */

export interface PushSource<Event> {
  publish(event: Event): void;
  /** All that is published from now on, until the iterator is returned. */
  subscribe(): AsyncIterableIterator<Event>;
}

export function createPushSource<Event>(): PushSource<Event> {
  const subscribers = new Set<(event: Event) => void>();

  return {
    publish(event) {
      for (const push of subscribers) push(event);
    },
    subscribe() {
      const queue: Event[] = [];
      let wake: ((step: IteratorResult<Event, undefined>) => void) | null = null;
      const push = (event: Event): void => {
        if (!wake) {
          queue.push(event);
          return;
        }
        wake({ done: false, value: event });
        wake = null;
      };
      subscribers.add(push);
      return {
        next() {
          const value = queue.shift();
          if (value !== undefined) return Promise.resolve({ done: false, value });
          return new Promise((resolve) => {
            wake = resolve;
          });
        },
        return() {
          subscribers.delete(push);
          wake?.({ done: true, value: undefined });
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
