/** What waits for one subscriber: a bounded queue that gives up instead of growing, because the log has everything. */
import type { StoredEvent } from '../store/event-log.ts';
import type { Recipient } from './bus.ts';

export interface EventQueue extends Recipient {
  /** True once more came than fits. The queue is then empty and stays so until `restart`. */
  readonly hasOverflowed: boolean;
  /** Removes up to `limit` events, oldest first. */
  take(limit: number): StoredEvent[];
  /** As if more had come than fits. */
  lose(): void;
  /** Empties the queue and takes events again. */
  restart(): void;
  /** Makes `filled` resolve without an event, once. */
  touch(): void;
  /** Resolves when there is something to do: an event, an overflow, a touch, or `signal` is aborted. Never rejects. */
  filled(signal: AbortSignal): Promise<void>;
}

/** @param capacity - the number of events above which it overflows. */
export function createEventQueue(capacity: number): EventQueue {
  let events: StoredEvent[] = [];
  let hasOverflowed = false;
  let isTouched = false;
  let wake: (() => void) | null = null;

  function lose(): void {
    events = [];
    hasOverflowed = true;
    wake?.();
  }

  return {
    get hasOverflowed() {
      return hasOverflowed;
    },
    offer(event) {
      if (hasOverflowed) return;
      if (events.length === capacity) {
        lose();
        return;
      }
      events.push(event);
      wake?.();
    },
    lose,
    take(limit) {
      isTouched = false;
      return events.splice(0, limit);
    },
    restart() {
      events = [];
      hasOverflowed = false;
    },
    touch() {
      isTouched = true;
      wake?.();
    },
    filled(signal) {
      if (events.length > 0 || hasOverflowed || isTouched || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          wake = null;
          signal.removeEventListener('abort', done);
          resolve();
        };
        wake = done;
        signal.addEventListener('abort', done);
      });
    },
  };
}
