/** Signals by NOTIFY: nothing is needed but the database itself, and one more connection to it. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { statement, type Queryable } from '../../store/statement.ts';
import { coalesce } from '../coalesce.ts';
import { createOutage } from '../outage.ts';
import { createListeners } from './listeners.ts';
import { startListener } from './postgres-listener.ts';
import { LEAST_PAUSE_MS, type Signal } from './signal.ts';

export interface PostgresSignalOptions {
  /** For the connection that listens; must lead to PostgreSQL itself. */
  readonly connectionString: string;
  /** Sends. */
  readonly database: Queryable;
  readonly log: Logger;
}

/** NOTIFY reaches the sessions of the same database only, so the name need not tell databases apart. */
const CHANNEL = 'handrail_log';

// A transaction that notifies commits under a lock that all others which notify wait for. Hence a transaction of its own, which does not
// keep that lock until the disk has written: nothing of it needs to survive.
const notify = statement<unknown>(
  'signal.notify',
  `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', $1)`,
);

/** Begins to listen at once, in the background: a database that takes no more connections leaves the server with its poll. */
export function startPostgresSignal({ connectionString, database, log }: PostgresSignalOptions): Signal {
  const ownId = randomUUID();
  const listeners = createListeners();
  const outage = createOutage(log, 'other servers could not be told of commits, their polls find them');
  const listener = startListener({
    connectionString,
    channel: CHANNEL,
    log,
    onNotification(senderId) {
      if (senderId !== ownId) listeners.call();
    },
    onListening() {
      listeners.call();
    },
  });
  const sending = coalesce(async () => {
    try {
      await database.query(notify, [ownId]);
      outage.end();
    } catch (error) {
      outage.report(error);
    }
  }, LEAST_PAUSE_MS);

  return {
    send() {
      sending.request();
    },
    onSignal: (listener) => listeners.add(listener),
    async [Symbol.asyncDispose]() {
      await sending[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}
