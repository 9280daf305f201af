import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';

/** The number is arbitrary; it is taken in the cluster's database `postgres`, which nothing else uses. */
const lockNumber = 7_324_905_118;

/** Proof that this process, and no other, uses the cluster. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the cluster's lock: a session's advisory lock, held by a connection as long as the process lives. It cannot
 * be left behind: when the process ends, however it ends, the connection and with it the lock are gone.
 *
 * @param patience - how long, in ms, to wait for a holder that may just be ending.
 * @returns `undefined` when another process holds it.
 * @throws when the server does not answer, as `pg` reports it.
 */
export async function takeFolderLock(
  connectionString: string,
  { patience, log }: { patience: number; log: Logger },
): Promise<FolderLock | undefined> {
  const first = await lockedClient(connectionString, patience);
  if (!first) return undefined;
  let released = false;
  const isReleased = () => released;
  let client = first;

  const hold = (holder: Client) => {
    client = holder;
    // Sessions end without us when the server restarts itself after a crash of one of its processes.
    holder.once('error', () => void renew());
  };
  const renew = async () => {
    await client.end().catch(() => undefined);
    while (!isReleased()) {
      await pause(1000, undefined, { ref: false });
      const renewed = await lockedClient(connectionString, patience).catch(() => undefined);
      if (isReleased()) await renewed?.end();
      else if (renewed) {
        log.warn('the embedded PostgreSQL closed its connections; it can be reached again');
        hold(renewed);
        return;
      }
    }
  };

  hold(first);
  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

async function lockedClient(connectionString: string, patience: number): Promise<Client | undefined> {
  const client = new Client({
    connectionString,
    application_name: 'handrail data folder lock',
    keepAlive: true,
  });
  // Reported again by what we wait for; unheard it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  const givesUp = Date.now() + patience;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      lockNumber,
    ]);
    if (rows[0]?.locked) return client;
    if (Date.now() > givesUp) break;
    await pause(50);
  }
  await client.end();
  return undefined;
}
