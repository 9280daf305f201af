/** What happens to runs of automations, written down. */
import { isDeepStrictEqual } from 'node:util';
import type { ActionRun } from '../store/automation-runs.ts';
import type { Transaction } from '../store/transaction.ts';

export type RunEventType =
  | 'AUTOMATION_RUN_STARTED'
  | 'AUTOMATION_RUN_PROGRESSED'
  | 'AUTOMATION_RUN_PAUSED'
  | 'AUTOMATION_RUN_RESUMED'
  | 'AUTOMATION_RUN_RETRIED'
  | 'AUTOMATION_RUN_SUCCEEDED'
  | 'AUTOMATION_RUN_FAILED'
  | 'AUTOMATION_RUN_CANCELLED'
  | 'AUTOMATION_RUN_SKIPPED'
  | 'AUTOMATION_RUN_HOT';

/** The run after the change, and whom it is seen with. */
export interface RunSubject {
  readonly id: string;
  readonly version: number;
  readonly executionId: string | null;
  readonly taskId: string | null;
  /** Those of its execution, or its own. */
  readonly entityIds: readonly string[];
}

/** What an event tells of an action: not what it put out, which may be much. */
function told({ key, status, attempts, startedAt, finishedAt, error, nextAt }: ActionRun): object {
  return { key, status, attempts, startedAt, finishedAt, error, nextAt };
}

/** What an event tells of those actions that changed, in their order. */
export function changedActions(before: readonly ActionRun[], after: readonly ActionRun[]): readonly object[] {
  const old = new Map(before.map((action) => [action.key, action]));
  return after.filter((action) => !isDeepStrictEqual(action, old.get(action.key))).map(told);
}

/** Records what happened to a run; `data` are the changed fields' new values. It is seen where its task, execution and entities are seen. */
export function recordRun(
  tx: Transaction,
  type: RunEventType,
  { id, version, executionId, taskId, entityIds }: RunSubject,
  data: Readonly<Record<string, unknown>>,
): void {
  tx.record({
    type,
    subjectType: 'AUTOMATION_RUN',
    subjectId: id,
    version,
    executionId,
    taskId,
    entityIds,
    audience: [],
    changedFields: Object.keys(data).sort(),
    data,
  });
}
