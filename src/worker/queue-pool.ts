/** The connections through which the queue's library learns which jobs there are and says what became of them. */
import pg from 'pg';
import type { Logger } from 'pino';

type Callback = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void;
/** What pg-pool hands over in truth: with a pool that has ended there is nothing to give back. */
type GivenBack = (() => void) | undefined;

/**
 * A pool whose connections may be given back more than once. graphile-worker 0.16 (and 0.18) gives its listening connection back twice when it is
 * lost while the workers shut down: at the shutdown, and when LISTEN fails. The second time would be a rejection that nobody handles, which ends the
 * process.
 */
class QueuePool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    if (!callback) return super.connect();
    super.connect((error, client, done: GivenBack) => {
      let isGivenBack = false;
      callback(error, client, () => {
        if (isGivenBack) return;
        isGivenBack = true;
        done?.();
      });
    });
    return undefined;
  }
}

/** A pool of the workers' own: one connection only listens, and would be missed by everybody else. `connections`: at most, at least two. */
export function openQueuePool(connectionString: string, connections: number, log: Logger): pg.Pool {
  const pool = new QueuePool({
    connectionString,
    max: connections,
    application_name: 'handrail worker',
    connectionTimeoutMillis: 10_000,
  });
  const warn = (error: Error): void => {
    log.warn({ err: error }, 'a connection of the workers broke');
  };
  // The pool listens to idle connections only; an error that nobody listens to would end the process.
  pool.on('error', warn);
  pool.on('connect', (client) => {
    client.on('error', warn);
  });
  return pool;
}
