/** Signals by Redis pub/sub: for more servers than one PostgreSQL should wake. */
import { createHash, randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import type { Logger } from 'pino';
import { statement, type Queryable } from '../../store/statement.ts';
import { coalesce } from '../coalesce.ts';
import { createOutage } from '../outage.ts';
import { createListeners } from './listeners.ts';
import { LEAST_PAUSE_MS, type Signal } from './signal.ts';

export interface RedisSignalOptions {
  /** `redis://` or `rediss://`, with user and password if there are. */
  readonly url: string;
  /** Whose servers signal each other. */
  readonly database: Queryable;
  readonly log: Logger;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** Without traffic, a connection that is gone would not be noticed. */
const PING_MS = 10_000;
/** How long the last signal may hold up the end. */
const LONGEST_FAREWELL_MS = 500;

const identity = statement<{ identity: string }>(
  'signal.identity',
  `select system_identifier || '/' || current_database() as "identity" from pg_control_system()`,
);

/** The same for all servers on a database, another for each database: installations may share a Redis. */
async function channelOf(database: Queryable): Promise<string> {
  const rows = await database.query(identity, []);
  const digest = createHash('sha256').update(String(rows[0]?.identity)).digest('base64url');
  return `handrail:log:${digest.slice(0, 22)}`;
}

/**
 * Begins to connect, in the background: without Redis the server works by its poll.
 *
 * @throws if the database cannot be asked who it is.
 */
export async function startRedisSignal({ url, database, log }: RedisSignalOptions): Promise<Signal> {
  const channel = await channelOf(database);
  const ownId = randomUUID();
  const listeners = createListeners();
  const connection = createOutage(log, 'Redis cannot be used, only the poll finds commits of other servers');
  const refusal = createOutage(log, 'Redis does not take signals, the polls of other servers find commits');
  let isDisposed = false;

  // RESP3, the default, allows one connection to publish and to subscribe.
  const client = createClient({
    url,
    name: 'handrail',
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: { reconnectStrategy: (retries) => Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS) },
  });

  function hear(senderId: string): void {
    if (senderId !== ownId) listeners.call();
  }

  async function subscribe(): Promise<void> {
    try {
      // After a reconnection the client has subscribed already, and this does nothing.
      await client.subscribe(channel, hear);
      connection.end();
      listeners.call();
    } catch (error) {
      if (!isDisposed) connection.report(error);
    }
  }

  client.on('error', (error) => {
    if (!isDisposed) connection.report(error);
  });
  client.on('ready', () => void subscribe());
  // Rejects only when it is disposed before it was connected.
  client.connect().catch(() => undefined);

  const sending = coalesce(async () => {
    try {
      await client.publish(channel, ownId);
      refusal.end();
    } catch (error) {
      // Without a connection its outage has been reported.
      if (client.isReady) refusal.report(error);
    }
  }, LEAST_PAUSE_MS);

  return {
    send() {
      sending.request();
    },
    onSignal: (listener) => listeners.add(listener),
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      const farewell = setTimeout(() => {
        client.destroy();
      }, LONGEST_FAREWELL_MS);
      await sending[Symbol.asyncDispose]();
      clearTimeout(farewell);
      client.destroy();
    },
  };
}
