/** What happens to the messages of automation runs because of the runs. */
import { statement, type Queryable } from './statement.ts';

type Writer = Queryable & { readonly organizationId: string; readonly now: string };

const cancel = statement<never>(
  'delivery.cancelOfRuns',
  `update delivery set status = 'CANCELLED', finished_at = $3, next_attempt_at = null, version = version + 1
   where organization_id = $1 and run_id = any($2::uuid[]) and status = 'PENDING'`,
);

/** Gives up the messages of these runs that are still on their way. One that is being sent at this moment may arrive. */
export async function cancelDeliveriesOfRuns(tx: Writer, runIds: readonly string[]): Promise<void> {
  if (runIds.length > 0) await tx.query(cancel, [tx.organizationId, runIds, tx.now]);
}
