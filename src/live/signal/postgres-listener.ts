/** A connection that hears what is sent on one channel of PostgreSQL, and is made anew whenever it is lost. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { createOutage } from '../outage.ts';

export interface ListenerOptions {
  /** Must lead to PostgreSQL itself: a pooler that shares sessions hears nothing. */
  readonly connectionString: string;
  /** A plain SQL name. */
  readonly channel: string;
  readonly log: Logger;
  /** Called with the payload of each notification. */
  readonly onNotification: (payload: string) => void;
  /** Called whenever it begins to hear, also after an outage, in which it heard nothing. */
  readonly onListening: () => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that is gone without a word would be waited on for good: nothing is sent on it otherwise. */
const HEARTBEAT_MS = 15_000;
const LONGEST_ANSWER_MS = 5_000;

/** Starts to connect, and goes on until it is disposed; outages are logged, each once. */
export function startListener(options: ListenerOptions): AsyncDisposable {
  const { connectionString, channel, log, onNotification, onListening } = options;
  const outage = createOutage(
    log,
    'the signals of other servers cannot be heard, only the poll finds commits',
  );
  const stopped = new AbortController();
  let pauseMs = FIRST_PAUSE_MS;

  /** Never resolves: rejects with why the connection was lost. */
  async function hear(): Promise<void> {
    const client = new pg.Client({
      connectionString,
      application_name: 'handrail-listener',
      connectionTimeoutMillis: LONGEST_ANSWER_MS,
      query_timeout: LONGEST_ANSWER_MS,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', (error) => {
      lost.abort(error);
    });
    client.on('end', () => {
      lost.abort(new Error('the connection was closed'));
    });
    client.on('notification', ({ payload }) => {
      onNotification(payload ?? '');
    });
    const signal = AbortSignal.any([stopped.signal, lost.signal]);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      pauseMs = FIRST_PAUSE_MS;
      outage.end();
      onListening();
      for (;;) {
        await delay(HEARTBEAT_MS, undefined, { signal, ref: false });
        await client.query('select 1');
      }
    } catch (error) {
      throw lost.signal.aborted ? lost.signal.reason : error;
    } finally {
      await client.end();
    }
  }

  async function goOn(): Promise<void> {
    while (!stopped.signal.aborted) {
      await hear().catch((error: unknown) => {
        if (!stopped.signal.aborted) outage.report(error);
      });
      await delay(pauseMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  const ended = goOn();
  return {
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await ended;
    },
  };
}
