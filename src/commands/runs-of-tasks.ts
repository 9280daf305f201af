/** Runs of automations follow their tasks: what a command on an execution makes of them, in its transaction. */
import { v7 as uuidv7 } from 'uuid';
import type { TaskData } from '../engine/state.ts';
import {
  changeRunsOfTasks,
  insertRuns,
  type ChangedRun,
  type NewRun,
  type TaskRun,
  type TaskRunChange,
} from '../store/automation-run-writes.ts';
import { readRunOfTask } from '../store/automation-run-reads.ts';
import { letRunsGoOn } from '../store/run-jobs.ts';
import { cancelDeliveriesOfRuns } from '../store/run-deliveries.ts';
import type { ExecutionRecord } from '../store/execution-records.ts';
import type { Transaction } from '../store/transaction.ts';
import { changedActions, recordRun, type RunEventType } from './automation-run-event.ts';
import { depthOfTaskRun } from './chain-depth.ts';

/** What became of the tasks of an execution. */
export interface TaskChanges {
  readonly execution: Pick<ExecutionRecord, 'id' | 'chainDepth'>;
  /** None of an execution that comes into being. */
  readonly before: readonly TaskData[];
  /** None of one that is removed. */
  readonly after: readonly TaskData[];
  readonly entityIds: readonly string[];
}

const EVENTS = {
  CANCEL: 'AUTOMATION_RUN_CANCELLED',
  HOLD: 'AUTOMATION_RUN_PAUSED',
  RESUME: 'AUTOMATION_RUN_RESUMED',
  RETRY: 'AUTOMATION_RUN_RETRIED',
} as const satisfies Record<TaskRunChange, RunEventType>;

/** What the change of a task means for its newest run; null for nothing. */
function changeOf(before: TaskData | undefined, after: TaskData | undefined): TaskRunChange | null {
  const wasRunning = before?.runState === 'RUNNING';
  const isRunning = after?.runState === 'RUNNING';
  const isSame = before?.runCount === after?.runCount;
  if (wasRunning && !(isRunning && isSame)) return 'CANCEL';
  if (!before || !after || !isRunning || !isSame) return null;
  if (!wasRunning) return 'RETRY';
  if (after.status === before.status) return null;
  if (after.status === 'ON_HOLD') return 'HOLD';
  return before.status === 'ON_HOLD' ? 'RESUME' : null;
}

function newRun(tx: Transaction, { execution, entityIds }: TaskChanges, task: TaskData): NewRun[] {
  if (!task.automation) return [];
  return [
    {
      id: uuidv7(),
      automationId: task.automation.automationId,
      trigger: { type: 'TASK', eventSeq: null },
      input: {},
      entityId: entityIds[0] ?? null,
      executionId: execution.id,
      taskId: task.id,
      taskRun: task.runCount,
      inputTaskKey: task.automation.inputTaskKey,
      chainDepth: depthOfTaskRun(execution, tx.cause),
      startedById: task.statusBy.type === 'USER' ? task.statusBy.id : null,
    },
  ];
}

/** Each task as it was and as it is. */
export function* pairs({
  before,
  after,
}: Pick<TaskChanges, 'before' | 'after'>): Generator<[TaskData | undefined, TaskData | undefined]> {
  const old = new Map(before.map((task) => [task.id, task]));
  for (const task of after) {
    yield [old.get(task.id), task];
    old.delete(task.id);
  }
  for (const task of old.values()) yield [task, undefined];
}

/**
 * Makes a run for each task whose automation was started, lets those go on that were resumed or retried, holds those whose tasks are on hold, and cancels those
 * that nobody waits for any more. Nothing is sent if no task's automation is concerned.
 */
export async function followTasks(tx: Transaction, all: readonly TaskChanges[]): Promise<void> {
  const started: NewRun[] = [];
  const changes = new Map<TaskRunChange, TaskRun[]>();
  const places = new Map<string, TaskChanges>();
  for (const one of all) {
    for (const [before, after] of pairs(one)) {
      const task = after ?? before;
      if (!task || task.runCount === 0) continue;
      places.set(task.id, one);
      const change = changeOf(before, after);
      // A new run may come in the place of one that goes on.
      const taskRun = (change === 'CANCEL' ? before : after)?.runCount ?? 0;
      if (change) changes.set(change, [...(changes.get(change) ?? []), { taskId: task.id, taskRun }]);
      // One that was ended with the same command never comes into being.
      const isNew = after?.runState === 'RUNNING' && after.runCount !== before?.runCount;
      if (isNew) started.push(...newRun(tx, one, after));
    }
  }
  for (const [change, runs] of changes) {
    const changed = await follow(tx, change, runs, places);
    if (change === 'RETRY') started.push(...(await neverMade(tx, runs, changed, places)));
  }
  await insertRuns(tx, started);
  for (const run of started)
    recordRun(
      tx,
      'AUTOMATION_RUN_STARTED',
      { ...run, version: 1, entityIds: places.get(run.taskId ?? '')?.entityIds ?? [] },
      { status: 'PENDING' },
    );
}

/** The runs that are to go on but never came into being, because they were ended by the command that began them: they begin now. */
async function neverMade(
  tx: Transaction,
  runs: readonly TaskRun[],
  changed: readonly ChangedRun[],
  places: ReadonlyMap<string, TaskChanges>,
): Promise<NewRun[]> {
  const known = new Set(changed.map(({ taskId }) => taskId));
  const missing: NewRun[] = [];
  for (const { taskId, taskRun } of runs) {
    if (known.has(taskId) || (await readRunOfTask(tx, tx.organizationId, taskId, taskRun)) !== null) continue;
    const place = places.get(taskId);
    const task = place?.after.find(({ id }) => id === taskId);
    if (place && task) missing.push(...newRun(tx, place, task));
  }
  return missing;
}

/** What a change of runs changes of each. */
function changedFields(change: TaskRunChange, run: ChangedRun): Readonly<Record<string, unknown>> {
  const { status, finishedAt, error, retriedAt } = run;
  if (change === 'HOLD' || change === 'RESUME') return { status };
  const ended = { status, finishedAt, actions: changedActions(run.actionsBefore, run.actions) };
  return change === 'CANCEL' ? ended : { ...ended, error, retriedAt };
}

async function follow(
  tx: Transaction,
  change: TaskRunChange,
  runs: readonly TaskRun[],
  places: ReadonlyMap<string, TaskChanges>,
): Promise<readonly ChangedRun[]> {
  const changed: readonly ChangedRun[] = await changeRunsOfTasks(tx, change, runs);
  const ids = changed.map(({ id }) => id);
  if (change === 'CANCEL') await cancelDeliveriesOfRuns(tx, ids);
  else if (change !== 'HOLD') await letRunsGoOn(tx, ids);
  for (const run of changed) {
    const { id, taskId, version } = run;
    const place = places.get(taskId);
    recordRun(
      tx,
      EVENTS[change],
      { id, version, taskId, executionId: place?.execution.id ?? null, entityIds: place?.entityIds ?? [] },
      changedFields(change, run),
    );
  }
  return changed;
}
