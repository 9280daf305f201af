/** Jobs that look through the whole database from time to time: one at a time, which plans the next. */
import { NEVER_GIVE_UP } from './job-attempts.ts';
import { statement, type Queryable } from './statement.ts';

export interface SingleJob {
  /** Has it done so many milliseconds from now on the database's clock, and not when it was planned before. */
  readonly schedule: (db: Queryable, milliseconds: number) => Promise<void>;
  /** Has it done now, unless it is planned or under way. */
  readonly ensure: (db: Queryable) => Promise<void>;
}

/** The job of this name, which is also its key and its queue. */
export function singleJob(name: string): SingleJob {
  // The queue of its name does its jobs one after the other. One that waits is moved; one that runs gets another one beside it, for later.
  const add = (runAt: string) =>
    `select (graphile_worker.add_job('${name}', queue_name => '${name}', job_key => '${name}', ${NEVER_GIVE_UP}, run_at => ${runAt})).id`;
  const postpone = statement<never>(
    `job.${name}.postpone`,
    add(`clock_timestamp() + $1 * interval '1 millisecond'`),
  );
  const start = statement<never>(
    `job.${name}.start`,
    `${add('now()')}
     where not exists (select 1 from graphile_worker.jobs j where j.key = '${name}' and j.attempts < j.max_attempts)`,
  );
  return {
    schedule: async (db, milliseconds) => {
      await db.query(postpone, [milliseconds]);
    },
    ensure: async (db) => {
      await db.query(start, []);
    },
  };
}
