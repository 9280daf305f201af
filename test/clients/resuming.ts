/** Subscriptions that go on after the last event that they have handed over, whatever ended their connection. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';

export interface ResumingOptions {
  /** Milliseconds until the operation is tried again after this end, as graphql-ws reports it; null: it would not help. */
  readonly retryDelay: (end: unknown) => number | null;
  /** What was missed can't be sent any more: reads anew what the page shows, with `atLeast: position`. */
  readonly readAnew: (position: string) => Promise<void>;
}

export interface Resuming {
  readonly subscribe: Client['subscribe'];
  readonly stopAll: () => void;
}

type Extensions = Readonly<Record<string, unknown>>;

/** The extensions of the GraphQL error that ended an operation; none if it was something else. */
export function extensionsOf(end: unknown): Extensions {
  const [first] = Array.isArray(end) ? (end as { readonly extensions?: Extensions }[]) : [];
  return first?.extensions ?? {};
}

/** Where an event is in the log. A live list has no such place: it starts again with the whole list. */
function cursorOf(data: object | null | undefined): string | undefined {
  const [field] = Object.values(data ?? {}) as ({ readonly cursor?: string } | null)[];
  return field?.cursor;
}

/**
 * A subscription of events declares `$after: String`, is started with one, and selects `cursor`. It then hands over each event once and in
 * order, until it is left or an error reaches its sink.
 */
export function resuming(client: Client, { retryDelay, readAnew }: ResumingOptions): Resuming {
  const running = new Set<() => void>();

  function subscribe<Data, Extra>(
    payload: SubscribePayload,
    sink: Sink<FormattedExecutionResult<Data, Extra>>,
  ): () => void {
    // One object for all tries, also for the one that graphql-ws makes by itself after a close with 1000.
    const variables = { ...payload.variables };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let leave: (() => void) | undefined;

    function stop(): void {
      running.delete(stop);
      clearTimeout(timer);
      leave?.();
    }
    function giveUp(end: unknown): void {
      if (!running.has(stop)) return;
      stop();
      sink.error(end);
    }
    function goOnAfter(position: string): void {
      variables['after'] = position;
      if (running.has(stop)) start();
    }
    function handle(end: unknown): void {
      const { code, position } = extensionsOf(end);
      if (code === 'RESYNC' && typeof position === 'string') {
        readAnew(position).then(() => {
          goOnAfter(position);
        }, giveUp);
        return;
      }
      const delay = retryDelay(end);
      if (delay === null) giveUp(end);
      else timer = setTimeout(start, delay);
    }
    function start(): void {
      let hasEnded = false;
      /** Only the first end counts, and none after `stop`. */
      function isOver(): boolean {
        return hasEnded || !running.has(stop);
      }
      function end(reason: unknown): void {
        if (isOver()) return;
        hasEnded = true;
        handle(reason);
      }
      const unsubscribe = client.subscribe<Data, Extra>(
        { ...payload, variables },
        {
          next(result) {
            if (isOver()) return;
            if (result.errors) {
              end(result.errors);
              unsubscribe();
              return;
            }
            sink.next(result);
            const cursor = cursorOf(result.data as object | null | undefined);
            if (cursor !== undefined) variables['after'] = cursor;
          },
          error: end,
          complete() {
            if (isOver()) return;
            stop();
            sink.complete();
          },
        },
      );
      leave = unsubscribe;
    }
    running.add(stop);
    start();
    return stop;
  }

  return {
    subscribe,
    stopAll() {
      for (const stop of running) stop();
    },
  };
}
