/** A subscriber whose connection breaks again and again, and who each time connects to another server or the same. */
import { createClient } from 'graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Chance } from '../chance.ts';
import type { Node } from './nodes.ts';
import type { Variables } from './questions.ts';

/** What is done with what arrives. */
export interface Reader {
  /** A new operation starts: its variables. */
  begin(): Variables;
  /** @returns what is wrong with it, in words; null if nothing is. */
  take(data: unknown): string | null;
}

export interface Subscriber {
  readonly cuts: number;
  readonly reconnects: number;
  /** Operations that were refused at their start because of the database, and tried again. */
  readonly refusals: number;
  readonly messages: number;
  /** Destroys the socket. */
  cut(): void;
  stop(): Promise<void>;
}

export interface SubscriberOptions {
  readonly nodes: readonly [Node, ...Node[]];
  readonly token: string;
  readonly text: string;
  readonly reader: Reader;
  readonly chance: Chance;
  /** Whether the database was troubled a moment ago, so that starting may fail. */
  readonly isTroubled: () => boolean;
  /** Told of what must never happen, in words. */
  readonly onFault: (fault: string) => void;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly Refusal[];
}

interface Refusal {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

/** Broken off; going away; try again later. */
const ENDS_TO_EXPECT: ReadonlySet<number> = new Set([1001, 1005, 1006, 1013]);
const LONGEST_ABSENCE_MS = 300;

function isRefusal(end: unknown): end is readonly Refusal[] {
  return Array.isArray(end);
}

/** Connects at once. */
export function startSubscriber(options: SubscriberOptions): Subscriber {
  const { nodes, token, text, reader, chance, isTroubled, onFault } = options;
  const count = { cuts: 0, connections: 0, refusals: 0, messages: 0 };
  let socket: WebSocket | null = null;
  let isCut = false;
  let isStopped = false;

  /** @returns whether the operation goes on. */
  function take({ data, errors }: Answer): boolean {
    // Without data: not a message of the subscription, but that it could not start.
    if (errors && !data) {
      judge(errors, false);
      return false;
    }
    count.messages += 1;
    const fault = errors ? `a message had errors: ${JSON.stringify(errors)}` : reader.take(data);
    if (fault !== null) onFault(fault);
    return true;
  }

  /** Judges the end of a connection. `isKilled`: its server has been killed since it began. */
  function judge(end: unknown, isKilled: boolean): void {
    if (isCut || isStopped) return;
    if (isRefusal(end)) {
      if (end.every(({ extensions }) => extensions?.code === 'SERVER_STOPPING')) return;
      count.refusals += 1;
      if (!isTroubled()) onFault(`the operation ended with ${JSON.stringify(end)}`);
      return;
    }
    if (isKilled) return;
    const { code, reason, message } = end as Readonly<Record<string, unknown>>;
    const isExpected = typeof code === 'number' && ENDS_TO_EXPECT.has(code) && isTroubled();
    if (!isExpected) onFault(`the connection ended by itself: ${[code, reason, message].join(' ')}`);
  }

  async function connection(): Promise<void> {
    const node = chance.pick(nodes);
    const { kills, isUp } = node;
    // While a server starts again, nobody listens at its address.
    const isKilled = (): boolean => !isUp || node.kills > kills;
    const client = createClient({
      url: node.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { token },
      retryAttempts: 0,
      on: {
        opened(opened) {
          socket = opened as WebSocket;
          count.connections += 1;
          // It was stopped while it connected; nothing more may ever arrive to wake it.
          if (isStopped) socket.terminate();
        },
      },
    });
    try {
      for await (const answer of client.iterate({ query: text, variables: { ...reader.begin() } })) {
        // What the client had buffered when the connection broke, a real one would have lost with its process.
        if (isCut || isStopped) return;
        if (!take(answer as Answer)) return;
      }
      judge({ reason: 'completed' }, isKilled());
    } catch (error) {
      judge(error, isKilled());
    } finally {
      await client.dispose();
    }
  }

  async function follow(): Promise<void> {
    for (;;) {
      isCut = false;
      await connection();
      if (isStopped) return;
      await delay(chance.below(LONGEST_ABSENCE_MS));
    }
  }

  const following = follow();
  return {
    get cuts() {
      return count.cuts;
    },
    get reconnects() {
      return Math.max(0, count.connections - 1);
    },
    get refusals() {
      return count.refusals;
    },
    get messages() {
      return count.messages;
    },
    cut() {
      if (isCut || socket?.readyState !== WebSocket.OPEN) return;
      isCut = true;
      count.cuts += 1;
      // No closing handshake: what is on its way is lost, and the server learns of it from the network.
      socket.terminate();
    },
    async stop() {
      isStopped = true;
      socket?.terminate();
      await following;
    },
  };
}
