/** Subscriptions of HTTP requests: each is a connection of its user, and ends with their access. Sockets see to themselves. */
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../commands/viewer.ts';
import type { WatchAccess } from './access.ts';
import { tooManyConnections, type ConnectionLimit } from './connection-limits.ts';
import type { FanOut } from './fan-out.ts';
import { refusal, unauthenticated } from './graphql-errors.ts';
import type { OperationStart } from './operation.ts';
import { createStreamReader } from './stream-reader.ts';

export interface EventStreamsOptions {
  readonly connections: ConnectionLimit;
  readonly watchAccess: WatchAccess;
  readonly fanOut: FanOut;
}

interface StreamEnd {
  /** Calls its argument with the reason when the reader may have no more; answers the function that calls it off. */
  readonly watch: (end: (reason: string) => void) => () => void;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Called once, whatever it was that ended the results. */
  readonly onEnd: () => void;
}

/** The same results until the access ends, then one last that says why; or until the client has gone. */
export function untilEnded(
  results: AsyncIterable<ExecutionResult>,
  { watch, signal, onEnd }: StreamEnd,
): AsyncGenerator<ExecutionResult, undefined, undefined> {
  const iterator = results[Symbol.asyncIterator]();
  let lastWord: string | null = null;
  let hasEnded = false;

  function leave(): void {
    if (hasEnded) return;
    hasEnded = true;
    callOff();
    signal.removeEventListener('abort', end);
    onEnd();
  }

  function end(): void {
    leave();
    // Also settles a `next()` that waits; an error on the way out has nobody left to hear it.
    void iterator.return?.().catch(() => undefined);
  }

  const callOff = watch((reason) => {
    lastWord = reason;
    end();
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) end();

  return {
    async next() {
      const step = await iterator.next().catch((error: unknown) => {
        leave();
        throw error;
      });
      if (!step.done) return { done: false, value: step.value };
      leave();
      if (lastWord === null) return { done: true, value: undefined };
      const errors = [unauthenticated(lastWord)];
      lastWord = null;
      return { done: false, value: { errors } };
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

type Results = ExecutionResult | AsyncIterable<ExecutionResult>;

/** Envelop plugin that bounds and ends the streams. */
export function useEventStreams({
  connections,
  watchAccess,
  fanOut,
}: EventStreamsOptions): Plugin<OperationStart> {
  /** Subscribes, and holds one of the viewer's places for as long as the results come. */
  async function stream(
    subscribe: () => Promise<Results>,
    viewer: Viewer,
    signal: AbortSignal,
  ): Promise<Results> {
    const leave = connections.enter(viewer);
    if (!leave) return { errors: [refusal(tooManyConnections(connections), 'TOO_MANY_CONNECTIONS', 429)] };
    const results = await subscribe().catch((error: unknown) => {
      leave();
      throw error;
    });
    if (isAsyncIterable(results)) {
      // The signal, because Yoga does not end a stream whose client left before the answer began.
      return untilEnded(results, { watch: (end) => watchAccess(viewer, end), signal, onEnd: leave });
    }
    leave();
    return results;
  }

  async function subscribe(args: ExecutionArgs): Promise<Results> {
    const left = new AbortController();
    const reader = createStreamReader();
    const joined = await fanOut.subscribe(args, reader, left.signal);
    return 'ended' in joined ? reader.results(joined, () => left.abort()) : joined;
  }

  return {
    onSubscribe({ args: { contextValue }, setSubscribeFn, setResultAndStopExecution }) {
      // Yoga's types promise a request also where a socket started the operation.
      const { request, viewer } = contextValue as Partial<typeof contextValue>;
      if (!request || !viewer) return;
      if (!acceptsEventStream(request)) {
        // Yoga would start it, answer 406, and never end it.
        const error = refusal('Subscriptions are answered as text/event-stream only.', 'NOT_ACCEPTABLE', 406);
        setResultAndStopExecution({ errors: [error] });
        return;
      }
      setSubscribeFn((args: ExecutionArgs) => stream(() => subscribe(args), viewer, request.signal));
    },
  };
}
