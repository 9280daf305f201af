/** The jobs that do the actions of automation runs. */
import { NEVER_GIVE_UP } from './job-attempts.ts';
import { statement, type Queryable } from './statement.ts';

/** Lets a run go on: does one action after the other until it has to wait or is over. */
export const RUN_AUTOMATION = 'run-automation';

/** What the job is told. */
export interface RunAutomationPayload {
  readonly organizationId: string;
  readonly runId: string;
}

/** In how many queues the runs of all entities are. The library keeps a row for every queue that there ever was, so an entity can't have one of its own. */
const QUEUES = 64;

/**
 * The call that makes the job of a run, at once or at `runAt`, for a statement whose `$1` is the organization. Runs of one entity are in one queue, so
 * they are done one after the other. A job that waits is moved; beside one that runs another one is made.
 */
export function runJob(runId: string, entityId: string, runAt = 'now()'): string {
  return `(graphile_worker.add_job('${RUN_AUTOMATION}', json_build_object('organizationId', $1::uuid, 'runId', ${runId}),
     queue_name => '${RUN_AUTOMATION}:' || abs(hashtext(coalesce(${entityId}, ${runId})::text) % ${QUEUES}),
     run_at => ${runAt}, ${NEVER_GIVE_UP}, job_key => 'run:' || ${runId})).id`;
}

const goOn = statement<never>(
  'automationRun.goOn',
  `select ${runJob('r.id', 'r.entity_id', `clock_timestamp() + $3 * interval '1 millisecond'`)}
   from automation_run r where r.organization_id = $1 and r.id = any($2::uuid[]) order by r.id`,
);

/** Lets runs go on so many milliseconds from now on the database's clock, and not when it was planned before. */
export async function letRunsGoOn(
  tx: Queryable & { readonly organizationId: string },
  runIds: readonly string[],
  milliseconds = 0,
): Promise<void> {
  if (runIds.length > 0) await tx.query(goOn, [tx.organizationId, runIds, milliseconds]);
}
