/** The jobs of servers that were killed. Left to itself, the queue keeps them locked for four hours. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { statement, type Queryable } from '../store/statement.ts';
import { presenceKey } from './presence.ts';

/** How often to look. In ms. */
const INTERVAL_MS = 2_000;

// A lock on a 64-bit key stands in pg_locks as two halves. A worker shows itself before it takes its first job; the second of grace
// is for the case that its connection is slow to do so.
const unlock = statement<{ workerIds: string[] | null }>(
  'job.unlockDeadWorkers',
  `with dead as (
     select distinct j.locked_by as id from graphile_worker.jobs j
     where j.locked_by is not null and j.locked_at < clock_timestamp() - interval '1 second'
       and not exists (
         select from pg_locks l
         where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
           and l.database = (select d.oid from pg_database d where d.datname = current_database())
           and (l.classid::bigint << 32 | l.objid::bigint) = ${presenceKey('j.locked_by')})
   ), found as (
     select array_agg(id) as ids from dead
   )
   select ids as "workerIds", graphile_worker.force_unlock_workers(ids) from found where ids is not null`,
);

/** Gives the jobs of all workers that live no more back to the queue; answers the ids of these workers. */
export async function unlockDeadWorkers(db: Queryable): Promise<string[]> {
  const [row] = await db.query(unlock, []);
  return row?.workerIds ?? [];
}

/** Looks for dead workers now and every two seconds, until `signal` is aborted. Never rejects. */
export async function watchForDeadWorkers(db: Queryable, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const workerIds = await unlockDeadWorkers(db);
      if (workerIds.length > 0) log.warn({ workerIds }, 'taking over the jobs of workers that are gone');
    } catch (error) {
      log.warn({ err: error }, 'could not look for dead workers');
    }
    await delay(INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
