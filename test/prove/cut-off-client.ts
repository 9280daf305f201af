/** A client of one subscription whose connection breaks again and again. It always goes on after the last cursor that it has. */
import { createClient } from 'graphql-ws';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { decodePosition } from '../../src/store/event-cursor.ts';
import type { Chance } from './chance.ts';

interface EventAnswer {
  readonly data?: {
    readonly event: {
      readonly cursor: string;
      readonly version: number;
      readonly subjectId: string;
      /** Where it is selected, the task as it was at delivery. */
      readonly task?: { readonly id: string; readonly version: number } | null;
    };
  } | null;
  readonly errors?: unknown;
}

export interface CutOffClient {
  /** The events' numbers in the order of their arrival, repeats included. */
  readonly received: readonly number[];
  /** How often its socket was destroyed. */
  readonly cuts: number;
  /** How often it connected again. */
  readonly reconnects: number;
  /** What must never happen, in words: disorder, an object older than its event, an end that nobody asked for. */
  readonly faults: readonly string[];
  /** Destroys the socket now, or in the middle of the next few events; false if it is not connected, which leaves nothing to destroy. */
  cut(): boolean;
  /** Whether the event has arrived; waits for it so many milliseconds at most. */
  waitFor(seq: number, patienceMs: number): Promise<boolean>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export interface CutOffClientOptions {
  readonly url: string;
  readonly token: string;
  readonly text: (after: string) => string;
  readonly after: string;
  readonly chance: Chance;
}

const LONGEST_ABSENCE_MS = 30;

/** Connects at once. */
export function startCutOffClient({ url, token, text, after, chance }: CutOffClientOptions): CutOffClient {
  const received: number[] = [];
  const cursors: string[] = [after];
  const faults: string[] = [];
  let socket: WebSocket | null = null;
  let [cuts, reconnects] = [0, 0];
  let cutAfter: number | null = null;
  let isCut = false;
  let isStopped = false;
  let wake: () => void = () => undefined;

  function cutNow(): boolean {
    cutAfter = null;
    if (isCut || socket?.readyState !== WebSocket.OPEN) return false;
    isCut = true;
    cuts += 1;
    // No closing handshake: what is on its way is lost, and the server learns of it from the network.
    socket.terminate();
    return true;
  }

  function take(answer: EventAnswer, previous: number): number {
    const event = answer.data?.event;
    const seq = event ? decodePosition(event.cursor) : null;
    if (!event || seq === null) {
      faults.push(`an answer without an event: ${JSON.stringify(answer)}`);
      return previous;
    }
    if (seq <= previous) faults.push(`event ${seq} came after ${previous} on one connection`);
    const { task, subjectId, version } = event;
    if (task?.id === subjectId && task.version < version)
      faults.push(`event ${seq} showed a task as it had been before`);
    received.push(seq);
    cursors.push(event.cursor);
    wake();
    return seq;
  }

  /** The last cursor, or now and then an older one, as of a client that saves its place only from time to time. */
  function place(): string {
    const back = chance.percent(20) ? chance.below(8) : 0;
    return cursors[Math.max(0, cursors.length - 1 - back)] ?? after;
  }

  async function connection(): Promise<void> {
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: { token },
      retryAttempts: 0,
      on: {
        opened(opened) {
          socket = opened as WebSocket;
          // It was stopped while it connected; nothing more may ever arrive to wake it.
          if (isStopped) socket.terminate();
        },
      },
    });
    const from = place();
    let previous = decodePosition(from) ?? 0;
    try {
      for await (const answer of client.iterate({ query: text(from) })) {
        previous = take(answer as EventAnswer, previous);
        if (isStopped) return;
        // What the client had buffered when the connection broke, a real one would have lost with its process.
        if (isCut) break;
        if (cutAfter !== null && (cutAfter -= 1) <= 0) cutNow();
      }
      if (!isCut) faults.push('the subscription ended by itself');
    } catch (error) {
      if (!isCut && !isStopped) faults.push(`the connection ended by itself: ${JSON.stringify(error)}`);
    } finally {
      await client.dispose();
    }
  }

  async function follow(): Promise<void> {
    for (;;) {
      isCut = false;
      await connection();
      if (isStopped) return;
      reconnects += 1;
      await delay(chance.below(LONGEST_ABSENCE_MS));
    }
  }

  const following = follow();
  return {
    received,
    faults,
    get cuts() {
      return cuts;
    },
    get reconnects() {
      return reconnects;
    },
    cut() {
      if (cutAfter !== null || chance.percent(50)) return cutNow();
      cutAfter = 1 + chance.below(4);
      return true;
    },
    async waitFor(seq, patienceMs) {
      const patience = AbortSignal.timeout(patienceMs);
      while (!received.includes(seq) && !patience.aborted) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          delay(1_000),
        ]);
      }
      return received.includes(seq);
    },
    async stop() {
      isStopped = true;
      socket?.terminate();
      await following;
    },
  };
}
