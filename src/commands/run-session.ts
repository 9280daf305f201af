/** Changing a run of an automation: locked, with its execution, and written down with what follows for its task. */
import type { Acting } from './acting.ts';
import { lockExecutions } from '../store/execution-snapshots.ts';
import { lockRun, updateRun, type LockedRun, type RunState } from '../store/automation-run-writes.ts';
import { readRunPlaces } from '../store/automation-run-reads.ts';
import type { RunError } from '../store/automation-runs.ts';
import type { Cause } from '../store/scope.ts';
import type { Queryable } from '../store/statement.ts';
import type { Transaction } from '../store/transaction.ts';
import { changedActions, recordRun, type RunEventType } from './automation-run-event.ts';
import { withExecutions } from './execution-session.ts';
import { onBehalfOf } from './on-behalf.ts';

/** How a run ends. */
export type RunOutcome = 'SUCCESS' | 'FAILED' | 'CANCELLED' | 'SKIPPED' | 'HOT';

const ENDS = {
  SUCCESS: 'AUTOMATION_RUN_SUCCEEDED',
  FAILED: 'AUTOMATION_RUN_FAILED',
  CANCELLED: 'AUTOMATION_RUN_CANCELLED',
  SKIPPED: 'AUTOMATION_RUN_SKIPPED',
  HOT: 'AUTOMATION_RUN_HOT',
} as const satisfies Record<RunOutcome, RunEventType>;

/**
 * The run, locked until the transaction ends, after its execution: in this order, as commands on executions do it, so that none waits for the other. Null if
 * there is none.
 */
export async function takeRun(tx: Transaction, runId: string): Promise<LockedRun | null> {
  const place = (await readRunPlaces(tx, tx.organizationId, [runId])).get(runId);
  if (!place) return null;
  if (place.executionId !== null)
    await lockExecutions(tx, tx.organizationId, { executionIds: [place.executionId] });
  return lockRun(tx, runId);
}

/** What is done for the run is caused by it; nothing if there is no such run. */
export async function causeOf(
  db: Queryable,
  organizationId: string,
  runId: string,
): Promise<Cause | undefined> {
  const place = (await readRunPlaces(db, organizationId, [runId])).get(runId);
  if (!place) return undefined;
  const { chainDepth, taskId, executionId } = place;
  return { runId, chainDepth, executionId: taskId === null ? null : executionId };
}

/** Writes what changed of a locked run, as one event; answers the run after it. */
export async function saveRun(
  tx: Transaction,
  run: LockedRun,
  type: RunEventType,
  change: Partial<RunState>,
): Promise<LockedRun> {
  const after = { ...run, ...change };
  const version = await updateRun(tx, run.id, after);
  const { actions, ...others } = change;
  recordRun(
    tx,
    type,
    { ...after, version },
    { ...others, ...(actions && { actions: changedActions(run.actions, actions) }) },
  );
  return { ...after, version };
}

/**
 * Ends a locked run, and what its task waits for with it: COMPLETED after SUCCESS, SKIPPED after CANCELLED and SKIPPED, FAILED after FAILED and HOT. A task that has
 * gone on without it stays as it is.
 */
export async function finishRun(
  tx: Transaction,
  { onBehalfOfId = null, ...acting }: Acting & { readonly onBehalfOfId?: string | null },
  run: LockedRun,
  outcome: RunOutcome,
  error: RunError | null,
  change: Partial<RunState> = {},
): Promise<void> {
  const { taskId, taskRun, executionId } = run;
  await saveRun(onBehalfOf(tx, onBehalfOfId), run, ENDS[outcome], {
    ...change,
    status: outcome,
    error,
    finishedAt: tx.now,
  });
  if (taskId === null || taskRun === null || executionId === null) return;
  await withExecutions(tx, acting, { executionIds: [executionId] }, (session) => {
    if (!session.execution(executionId)) return;
    const message = error?.message ?? null;
    const command = { type: 'FINISH_AUTOMATION', taskId, run: taskRun, outcome, message } as const;
    session.advance(executionId, command, onBehalfOfId);
  });
}
