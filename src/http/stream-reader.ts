/** A subscription as an iterable of results, for transports that pull them one by one. */
import type { ExecutionResult } from 'graphql';
import type { Reader } from '../live/reader.ts';
import type { Joined } from './fan-out.ts';
import type { RenderedMessage } from './rendering.ts';

/** So many results may wait to be pulled. */
const CAPACITY = 100;

/** Ends at once with `return()`, also while `next()` waits. */
export type Results = AsyncGenerator<ExecutionResult, undefined, undefined>;

export interface StreamReader extends Reader<RenderedMessage> {
  /** The results, until the subscription ends or is left. `leave` is called when nobody pulls them any more. */
  results(joined: Joined, leave: () => void): Results;
}

export function createStreamReader(): StreamReader {
  let waiting: ExecutionResult[] = [];
  let isOver = false;
  let wakeReader = (): void => undefined;
  let wakeWriter = (): void => undefined;

  function finish(): void {
    isOver = true;
    waiting = [];
    wakeReader();
    wakeWriter();
  }

  return {
    get isFull() {
      return waiting.length >= CAPACITY;
    },
    send({ result }) {
      if (isOver) return;
      waiting.push(result);
      wakeReader();
    },
    drained() {
      if (isOver || waiting.length < CAPACITY) return Promise.resolve();
      return new Promise((resolve) => {
        wakeWriter = resolve;
      });
    },
    results({ ended }, leave) {
      let failure: { readonly error: unknown } | null = null;
      let hasEnded = false;
      ended
        .catch((error: unknown) => {
          failure = { error };
        })
        .finally(() => {
          hasEnded = true;
          wakeReader();
        })
        .catch(() => undefined);
      const end = (): IteratorReturnResult<undefined> => {
        finish();
        leave();
        return { done: true, value: undefined };
      };
      return {
        async next() {
          while (waiting.length === 0 && !hasEnded && !isOver) {
            await new Promise<void>((resolve) => {
              wakeReader = resolve;
            });
          }
          const value = waiting.shift();
          if (value) {
            wakeWriter();
            return { done: false, value };
          }
          end();
          if (failure) throw failure.error;
          return { done: true, value: undefined };
        },
        return: () => Promise.resolve(end()),
        throw(error: unknown) {
          end();
          return Promise.reject(error instanceof Error ? error : new Error(String(error)));
        },
        [Symbol.asyncIterator]() {
          return this;
        },
        [Symbol.asyncDispose]() {
          end();
          return Promise.resolve();
        },
      };
    },
  };
}
