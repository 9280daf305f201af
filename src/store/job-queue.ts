/** The queue of what happens later: graphile-worker's, in a schema of its own in this database. (Its workers: src/worker/.) */
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { statement, type Queryable } from './statement.ts';

/** Lets an execution go on when the time of one of its tasks has come. */
export const WAKE_EXECUTION = 'wake-execution';

/** What the job `wake-execution` is told. */
export interface WakeExecutionPayload {
  readonly organizationId: string;
  readonly executionId: string;
}

/** When an execution wants to be woken; null: no more. */
export interface Wake {
  readonly executionId: string;
  readonly wakeAt: string | null;
}

// An execution has one job at most. If that runs at this moment, it is left alone and another one made beside it.
const schedule = statement<never>(
  'job.wakeExecutions',
  `select case
     when j.wake_at is null then (graphile_worker.remove_job(j.key)).id
     else (graphile_worker.add_job('${WAKE_EXECUTION}',
            json_build_object('organizationId', $1::uuid, 'executionId', j.id), run_at => j.wake_at, job_key => j.key)).id
   end
   from (select w.id, 'wake:' || w.id as key, w.wake_at from jsonb_to_recordset($2::jsonb) as w(id uuid, wake_at timestamptz)
         order by w.id) j`,
);

/** Makes, moves and removes the jobs that wake these executions, one for each at most. They count once the transaction commits. */
export async function scheduleWakes(
  tx: Queryable,
  organizationId: string,
  wakes: readonly Wake[],
): Promise<void> {
  await tx.query(schedule, [
    organizationId,
    JSON.stringify(wakes.map(({ executionId, wakeAt }) => ({ id: executionId, wake_at: wakeAt }))),
  ]);
}

const postpone = statement<never>(
  'job.postponeWake',
  `select graphile_worker.add_job('${WAKE_EXECUTION}', json_build_object('organizationId', $1::uuid, 'executionId', $2::uuid),
     run_at => clock_timestamp() + $3 * interval '1 millisecond', job_key => 'wake:' || $2::uuid)`,
);

/** Has the execution woken once more, so many milliseconds from now on the database's clock. */
export async function postponeWake(
  db: Queryable,
  { organizationId, executionId }: WakeExecutionPayload,
  milliseconds: number,
): Promise<void> {
  await db.query(postpone, [organizationId, executionId, milliseconds]);
}

/** Takes events out of the replay window that are too old for it. There is one such job at a time; this is also its key and its queue. */
export const ARCHIVE_EVENTS = 'archive-events';

// The queue of its name does its jobs one after the other. One that waits is moved; one that runs gets another one beside it, for later.
function addArchiving(runAt: string): string {
  return `select (graphile_worker.add_job('${ARCHIVE_EVENTS}', queue_name => '${ARCHIVE_EVENTS}', job_key => '${ARCHIVE_EVENTS}',
     run_at => ${runAt})).id`;
}

const postponeArchiving = statement<never>(
  'job.postponeArchiving',
  addArchiving(`clock_timestamp() + $1 * interval '1 millisecond'`),
);

/** Has old events archived so many milliseconds from now on the database's clock, and not when it was planned before. */
export async function scheduleArchiving(db: Queryable, milliseconds: number): Promise<void> {
  await db.query(postponeArchiving, [milliseconds]);
}

const startArchiving = statement<never>(
  'job.startArchiving',
  `${addArchiving('now()')}
   where not exists (select 1 from graphile_worker.jobs j where j.key = '${ARCHIVE_EVENTS}' and j.attempts < j.max_attempts)`,
);

/** Has old events archived now, unless it is planned or under way. */
export async function ensureArchiving(db: Queryable): Promise<void> {
  await db.query(startArchiving, []);
}

/** Any number that nobody else locks with in this database. */
const MIGRATION_LOCK = 72_707_370;

/** Brings the queue's schema up to date. Several processes may start at once: one does it, the others wait. */
export async function migrateJobQueue(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    // What it has to say, it says by throwing.
    const logger = new Logger(() => () => undefined);
    await runMigrations({ connectionString, maxPoolSize: 1, logger });
  } finally {
    await client.end();
  }
}
