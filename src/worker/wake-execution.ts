/** The job that lets an execution go on when the time of one of its tasks has come. */
import { asSystem } from '../commands/acting.ts';
import { withExecutions } from '../commands/execution-session.ts';
import type { Database } from '../store/database.ts';
import { postponeWake, type WakeExecutionPayload } from '../store/job-queue.ts';

/** Where and when jobs run. */
export interface WorkerContext {
  readonly database: Database;
  /** The present; tests move it. */
  readonly clock: () => Date;
}

/**
 * Wakes the execution as the system: what is due goes on, and its next job is made in the same transaction. Doing it twice or for
 * nothing changes nothing; an execution that is gone needs nothing. One that is woken too early is woken again later.
 */
export async function wakeExecution(
  { database, clock }: WorkerContext,
  { organizationId, executionId }: WakeExecutionPayload,
): Promise<void> {
  const now = clock().toISOString();
  await database.transaction({ organizationId, actorId: null, now }, async (tx) => {
    const acting = await asSystem(tx);
    await withExecutions(tx, acting, { executionIds: [executionId] }, async (session) => {
      const found = session.execution(executionId);
      if (found === null || found.execution.wakeAt === null) return;
      const { wakeAt } = found.execution;
      if (wakeAt > now) {
        // By how much is for this server's clock to say, when is for the database's: the two may differ.
        await postponeWake(tx, { organizationId, executionId }, Date.parse(wakeAt) - Date.parse(now));
        return;
      }
      session.advance(executionId, { type: 'WAKE_EXECUTION' });
      if (session.state(executionId).execution.wakeAt === wakeAt)
        throw new Error(`execution ${executionId} was woken, and still waits for ${wakeAt}`);
    });
  });
}
