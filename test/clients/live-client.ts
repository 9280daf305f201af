/**
 * A graphql-ws client whose subscriptions outlive their connections. Used as it is, or given to urql or Apollo as any other.
 *
 * graphql-ws can retry by itself, but then sends the operation with the `after` of its beginning, and gets all events since then again.
 */
import { createClient, type Client } from 'graphql-ws';
import type { Token } from './authorized-fetch.ts';
import { iterateOver } from './iterate.ts';
import { extensionsOf, resuming, type ResumingOptions } from './resuming.ts';

export interface LiveClientOptions extends Pick<ResumingOptions, 'readAnew'> {
  /** `wss://…/graphql` */
  readonly url: string;
  readonly token: Token;
  /** Milliseconds until the next try, after so many connections that failed or were lost. */
  readonly wait?: (failures: number) => number;
}

const FORBIDDEN = 4403;
/** The same operation would meet them again: too large a message, no message of the protocol, no common protocol. */
const HOPELESS = [1009, 4400, 4406];
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** Up to 1 second, 2, 4… at most 30; at random, so that not all clients of a server that stopped come at once. */
function backoff(failures: number): number {
  return Math.random() * Math.min(30_000, 500 * 2 ** failures);
}

function closeCode(end: unknown): number | undefined {
  return typeof end === 'object' && end !== null && 'code' in end ? Number(end.code) : undefined;
}

/** The server stops, or its database is away. */
const TRANSIENT: readonly unknown[] = ['SERVER_STOPPING', 'UNAVAILABLE'];

/** Whether the operation may well succeed on the next connection. */
function isTransient(end: unknown): boolean {
  if (Array.isArray(end)) return TRANSIENT.includes(extensionsOf(end)['code']);
  const code = closeCode(end);
  // Without a code, an event says that there was no connection; an Error was thrown by code of ours.
  return code === undefined ? !(end instanceof Error) : !HOPELESS.includes(code);
}

/**
 * Connects when the first subscription starts. A subscription ends with an error only if trying again does not help: with a list of
 * GraphQL errors, the close event, or what `token` or `readAnew` rejected with.
 */
export function createLiveClient({ url, token, readAnew, wait = backoff }: LiveClientOptions): Client {
  let failures = 0;
  let refusals = 0;
  let noPong: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url,
    lazy: true,
    retryAttempts: 0,
    connectionParams: async () => ({ Authorization: `Bearer ${await token(refusals > 0)}` }),
    // A network that has gone in silence shows in a ping that nobody answers.
    keepAlive: PING_MS,
    on: {
      ping(isFromServer) {
        if (!isFromServer) noPong = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong(isFromServer) {
        if (isFromServer) clearTimeout(noPong);
      },
      connected() {
        failures = 0;
        refusals = 0;
      },
      closed(event) {
        clearTimeout(noPong);
        failures += 1;
        if (closeCode(event) === FORBIDDEN) refusals += 1;
      },
    },
  });

  const { subscribe, stopAll } = resuming(client, {
    readAnew,
    retryDelay: (end) => (isTransient(end) && refusals < 2 ? wait(failures) : null),
  });
  return {
    ...client,
    subscribe,
    iterate: (payload) => iterateOver(subscribe, payload),
    async dispose() {
      stopAll();
      await client.dispose();
    },
  };
}
