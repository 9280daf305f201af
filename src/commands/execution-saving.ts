/** Saving what the engine answered: state, entities, timers and events, in the transaction of the command. */
import type { Facts } from '../engine/facts.ts';
import type { Changes, EngineEvent } from '../engine/result.ts';
import type { ExecutionState } from '../engine/state.ts';
import type { Started } from '../engine/start.ts';
import type { NewEvent } from '../store/event-log.ts';
import type { ExecutionRecord, ExecutionSnapshot } from '../store/execution-records.ts';
import { deleteExecutions, saveExecutions } from '../store/execution-writes.ts';
import { scheduleWakes, type Wake } from '../store/job-queue.ts';
import type { Transaction } from '../store/transaction.ts';
import { followConfirmations, type AskingChanges, type ConfirmationAsk } from './confirmations-of-tasks.ts';
import { followTasks } from './runs-of-tasks.ts';
import { recordSynced, type SyncedEntity } from './session-facts.ts';

/** An event of the engine, and for whom the actor stood in with its command. */
export interface SessionEvent extends EngineEvent {
  readonly onBehalfOfId: string | null;
}

/** An execution before and after one or more commands. */
export interface ChangedExecution {
  readonly before: ExecutionSnapshot;
  readonly state: ExecutionState;
  readonly changes: Changes;
  readonly events: readonly SessionEvent[];
  /** As the last command left them. */
  readonly facts: Facts;
  /** Of the requests to confirm its tasks those that differ from what the definition says. */
  readonly asks: ReadonlyMap<string, ConfirmationAsk>;
}

const CONCERNS_ALL_TASKS: ReadonlySet<EngineEvent['type']> = new Set([
  'EXECUTION_DONE',
  'EXECUTION_CLOSED',
  'EXECUTION_REOPENED',
  'EXECUTION_DELETED',
]);

/** Whom an event reaches. What opens or ends an execution moves all its tasks in and out of inboxes. */
function audienceOf(event: EngineEvent, tasks: ExecutionState['tasks']): readonly string[] {
  if (!CONCERNS_ALL_TASKS.has(event.type)) return event.audience;
  const responsible = tasks.flatMap(({ assignees }) => assignees).filter(({ type }) => type !== 'VARIABLE');
  return [...new Set([...event.audience, ...responsible.map(({ id }) => id)])];
}

/** The engine's event as the log keeps it. `entityIds` are those before and after. */
function toLogEvent(
  executionId: string,
  entityIds: readonly string[],
  tasks: ExecutionState['tasks'],
  event: EngineEvent & Partial<SessionEvent>,
): NewEvent {
  return {
    type: event.type,
    subjectType: event.taskId !== null ? 'TASK' : event.phaseId !== null ? 'PHASE' : 'EXECUTION',
    subjectId: event.taskId ?? event.phaseId ?? executionId,
    version: event.version,
    executionId,
    taskId: event.taskId,
    entityIds,
    audience: audienceOf(event, tasks),
    changedFields: event.changedFields,
    data: event.data,
    ...(event.onBehalfOfId !== undefined && { onBehalfOfId: event.onBehalfOfId }),
  };
}

/** What the execution's timer has to become; null if it stays as it is. */
function changedWake({ before, state, changes }: ChangedExecution): Wake | null {
  const wakeAt = changes.isExecutionRemoved ? null : state.execution.wakeAt;
  return wakeAt === before.execution.wakeAt ? null : { executionId: before.execution.id, wakeAt };
}

/** Saves executions that changed and the entities that changed with them. Nothing is sent for what did not change. */
export async function saveChanges(
  tx: Transaction,
  all: readonly ChangedExecution[],
  entities: readonly SyncedEntity[],
): Promise<void> {
  const kept = all.filter(({ changes }) => !changes.isExecutionRemoved);
  const removed = all.filter(({ changes }) => changes.isExecutionRemoved);
  if (kept.length + entities.length > 0) {
    const changes = kept.map(({ before: { execution }, changes: made }) => ({
      ...made,
      executionId: execution.id,
      execution: made.execution ? { ...execution, ...made.execution } : null,
    }));
    await saveExecutions(tx, changes, entities);
  }
  if (removed.length > 0)
    await deleteExecutions(
      tx,
      removed.map(({ before }) => before.execution.id),
    );
  const wakes = all.flatMap((one) => changedWake(one) ?? []);
  if (wakes.length > 0) await scheduleWakes(tx, tx.organizationId, wakes);
  for (const one of all) {
    const { before, state, events } = one;
    tx.record(...events.map((event) => toLogEvent(before.execution.id, entitiesOf(one), state.tasks, event)));
  }
  recordSynced(tx, entities);
  const changed = all.map(tasksOf);
  await followTasks(tx, changed);
  await followConfirmations(tx, changed);
}

/** Those before and after. */
function entitiesOf({ before, state }: ChangedExecution): string[] {
  return [...new Set([...before.execution.entityIds, ...state.execution.entityIds])];
}

function tasksOf(one: ChangedExecution): AskingChanges {
  const { before, state, changes, facts, asks } = one;
  return {
    execution: before.execution,
    before: before.tasks,
    after: changes.isExecutionRemoved ? [] : state.tasks,
    entityIds: entitiesOf(one),
    executionName: state.execution.name,
    facts,
    asks,
  };
}

/** Saves a new execution and the entities that its start changed, with the events. */
export async function saveStarted(
  tx: Transaction,
  record: ExecutionRecord,
  { state, changes, events, facts }: Pick<Started, 'state' | 'changes' | 'events' | 'facts'>,
  entities: readonly SyncedEntity[],
): Promise<void> {
  await saveExecutions(tx, [{ ...changes, executionId: record.id, execution: record }], entities);
  if (record.wakeAt !== null)
    await scheduleWakes(tx, tx.organizationId, [{ executionId: record.id, wakeAt: record.wakeAt }]);
  tx.record(...events.map((event) => toLogEvent(record.id, record.entityIds, state.tasks, event)));
  recordSynced(tx, entities);
  const started = {
    ...{ execution: record, before: [], after: state.tasks, entityIds: record.entityIds },
    ...{ executionName: record.name, facts, asks: new Map<string, ConfirmationAsk>() },
  };
  await followTasks(tx, [started]);
  await followConfirmations(tx, [started]);
}
