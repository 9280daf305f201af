/** The queue of what happens later: graphile-worker's, in a schema of its own in this database. (Its workers: src/worker/.) */
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { NEVER_GIVE_UP } from './job-attempts.ts';
import { singleJob } from './single-job.ts';
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
            json_build_object('organizationId', $1::uuid, 'executionId', j.id), run_at => j.wake_at, ${NEVER_GIVE_UP}, job_key => j.key)).id
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
     run_at => clock_timestamp() + $3 * interval '1 millisecond', ${NEVER_GIVE_UP}, job_key => 'wake:' || $2::uuid)`,
);

/** Has the execution woken once more, so many milliseconds from now on the database's clock. */
export async function postponeWake(
  db: Queryable,
  { organizationId, executionId }: WakeExecutionPayload,
  milliseconds: number,
): Promise<void> {
  await db.query(postpone, [organizationId, executionId, milliseconds]);
}

/** Takes events out of the replay window that are too old for it. */
export const ARCHIVE_EVENTS = 'archive-events';

/** Has old events archived: later, or now. */
export const { schedule: scheduleArchiving, ensure: ensureArchiving } = singleJob(ARCHIVE_EVENTS);

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
