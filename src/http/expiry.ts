/** What lives longer than a request ends with its token. */
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { refusal, unauthenticated } from './graphql-errors.ts';
import type { OperationStart } from './operation.ts';

// setTimeout takes no more; whoever is asked earlier than due, asks again.
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Calls `expire` when the token expires.
 *
 * @param expiresAt - in seconds since 1970; null: never.
 * @returns the function that calls it off.
 */
export function atExpiry(expiresAt: number | null, clock: () => Date, expire: () => void): () => void {
  if (expiresAt === null) return () => undefined;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = expiresAt * 1_000 - clock().getTime();
    timer = setTimeout(
      left > LONGEST_TIMEOUT_MS ? wait : expire,
      Math.min(Math.max(left, 0), LONGEST_TIMEOUT_MS),
    );
    timer.unref();
  };
  wait();
  return () => {
    clearTimeout(timer);
  };
}

interface StreamEnd {
  /** When the token expires, in seconds since 1970; null: never. */
  readonly expiresAt: number | null;
  readonly clock: () => Date;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** The same results until the token expires, then one last that says so; or until the client has gone. */
export function untilExpiry(
  results: AsyncIterable<ExecutionResult>,
  { expiresAt, clock, signal }: StreamEnd,
): AsyncGenerator<ExecutionResult, undefined, undefined> {
  const iterator = results[Symbol.asyncIterator]();
  let hasExpired = false;
  const end = (): void => {
    callOff();
    signal.removeEventListener('abort', end);
    // Also settles a `next()` that waits; an error on the way out has nobody left to hear it.
    void iterator.return?.().catch(() => undefined);
  };
  const callOff = atExpiry(expiresAt, clock, () => {
    hasExpired = true;
    end();
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) end();

  return {
    async next() {
      const step = await iterator.next();
      if (!step.done) return { done: false, value: step.value };
      callOff();
      if (!hasExpired) return { done: true, value: undefined };
      hasExpired = false;
      return { done: false, value: { errors: [unauthenticated('The token has expired.')] } };
    },
    return() {
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
    throw(error: unknown) {
      end();
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return(undefined);
    },
  };
}

/** Whether the answer may be a stream of events: the `Accept` header names it, or a range with it, or is missing. */
function acceptsEventStream(request: Request): boolean {
  const ranges = (request.headers.get('accept') ?? '*/*')
    .split(',')
    .map((range) => range.split(';', 1)[0]?.trim());
  return ranges.some((range) => range === '*/*' || range === 'text/*' || range === 'text/event-stream');
}

/** Envelop plugin for the subscriptions of HTTP requests: ends them with their token. Sockets end their own. */
export function useStreamExpiry(clock: () => Date): Plugin<OperationStart> {
  return {
    onSubscribe({ args: { contextValue }, setResultAndStopExecution }) {
      // Yoga's types promise a request also where a socket started the operation.
      const { request, viewer } = contextValue as Partial<typeof contextValue>;
      if (!request || !viewer) return undefined;
      if (!acceptsEventStream(request)) {
        // Yoga would start it, answer 406, and never end it.
        const error = refusal('Subscriptions are answered as text/event-stream only.', 'NOT_ACCEPTABLE', 406);
        setResultAndStopExecution({ errors: [error] });
        return undefined;
      }
      return {
        onSubscribeResult({ result, setResult }) {
          if (!isAsyncIterable(result)) return;
          // The signal, because Yoga does not end a stream whose client left before the answer began.
          setResult(untilExpiry(result, { expiresAt: viewer.expiresAt, clock, signal: request.signal }));
        },
      };
    },
  };
}
