/** The jobs around notifications: the mail that collects what a user is told of, and the look for dates that come near. */
import type { Instant } from '../engine/definition.ts';
import { NEVER_GIVE_UP } from './job-attempts.ts';
import { singleJob } from './single-job.ts';
import { statement, type Queryable } from './statement.ts';

/** Sends one user one mail with everything that waits for it. */
export const SEND_DIGEST = 'send-digest';

/** What the job `send-digest` is told. */
export interface SendDigestPayload {
  readonly organizationId: string;
  readonly userId: string;
}

/** When a user's next mail is to be sent. */
export interface DigestPlan {
  readonly userId: string;
  readonly runAt: Instant;
}

// A user has one job at most. If that runs at this moment, it may have looked already: another one is made beside it.
function plan(name: string, mode: 'preserve_run_at' | 'replace') {
  return statement<never>(
    name,
    `select (graphile_worker.add_job('${SEND_DIGEST}', json_build_object('organizationId', $1::uuid, 'userId', p."userId"),
       run_at => p."runAt", ${NEVER_GIVE_UP}, job_key => 'digest:' || p."userId", job_key_mode => '${mode}')).id
     from (select * from jsonb_to_recordset($2::jsonb) as x("userId" uuid, "runAt" timestamptz) order by "userId") p`,
  );
}

const planUnlessPlanned = plan('job.planDigests', 'preserve_run_at');
const planAnew = plan('job.moveDigests', 'replace');

/** Has mails sent, each at its time, or when it is planned already. They count once the transaction commits. */
export async function planDigests(
  tx: Queryable & { readonly organizationId: string },
  plans: readonly DigestPlan[],
): Promise<void> {
  if (plans.length > 0) await tx.query(planUnlessPlanned, [tx.organizationId, JSON.stringify(plans)]);
}

/** Has the user's next mail sent at this time, and not when it was planned before. */
export async function moveDigest(
  tx: Queryable & { readonly organizationId: string },
  moved: DigestPlan,
): Promise<void> {
  await tx.query(planAnew, [tx.organizationId, JSON.stringify([moved])]);
}

/** Reminds people of their tasks' due dates. */
export const REMIND = 'remind';

/** Has people reminded: later, or now. */
export const { schedule: scheduleReminding, ensure: ensureReminding } = singleJob(REMIND);
