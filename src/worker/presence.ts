/** How a worker shows that it lives: a lock that its server process holds, and that PostgreSQL releases the moment the process is gone. */
import pg from 'pg';
import type { Logger } from 'pino';

/** The presence of one server's workers. Disposing gives it up: only when they are done with their jobs. */
export interface Presence extends AsyncDisposable {
  /** Shows from now on that this worker lives. */
  show(workerId: string): void;
  /** Resolves when the connection is lost, and with it the locks: others take the workers for dead. */
  readonly lost: Promise<void>;
}

/** The key of a worker's advisory lock, for the SQL expression that gives its id. */
export function presenceKey(workerId: string): string {
  return `hashtextextended('handrail worker ' || ${workerId}, 0)`;
}

// A machine that lost its power says no goodbye; the server finds out after 5 s + 3 × 2 s. Without effect on a socket of the same machine.
const NOTICE_SILENCE =
  'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3';

/** Opens the connection that holds the locks, one of its own: those of a pool come and go. It must lead to PostgreSQL itself, not to a pooler. */
export async function openPresence(connectionString: string, log: Logger): Promise<Presence> {
  const client = new pg.Client({
    connectionString,
    application_name: 'handrail worker presence',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  let isEnding = false;
  const lost = new Promise<void>((resolve) => {
    const end = (error?: Error): void => {
      if (!isEnding) log.warn({ err: error }, 'the connection that shows that the workers live is lost');
      isEnding = true;
      resolve();
    };
    client.on('error', end);
    client.on('end', () => {
      end();
    });
  });
  await client.connect();
  await client.query(NOTICE_SILENCE);
  // One after the other, as the connection takes them.
  let shown: Promise<unknown> = Promise.resolve();
  return {
    show(workerId) {
      shown = shown
        .then(() => client.query(`select pg_advisory_lock(${presenceKey('$1')})`, [workerId]))
        .catch((error: unknown) => {
          log.warn({ err: error, workerId }, 'could not show that a worker lives');
        });
    },
    lost,
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await client.end().catch((error: unknown) => {
        log.debug({ err: error }, 'the connection was broken already');
      });
    },
  };
}
