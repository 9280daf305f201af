/** Commands on executions: lock → load → engine → save state and events, for one execution or many, in one transaction. */
import { advance } from '../engine/advance.ts';
import { mergeChanges } from '../engine/batch.ts';
import type { Command } from '../engine/command.ts';
import type { Changes, EngineEvent, Result } from '../engine/result.ts';
import type { ExecutionState } from '../engine/state.ts';
import type { NewEvent } from '../store/event-log.ts';
import type { ExecutionRecord, ExecutionSnapshot } from '../store/execution-records.ts';
import { lockExecutions, readSnapshots } from '../store/execution-snapshots.ts';
import { saveExecutions } from '../store/execution-writes.ts';
import type { Transaction } from '../store/transaction.ts';
import { visibilityScope, type Viewer } from './viewer.ts';

const CONCERNS_ALL_TASKS: ReadonlySet<EngineEvent['type']> = new Set([
  'EXECUTION_DONE',
  'EXECUTION_CLOSED',
  'EXECUTION_REOPENED',
]);

/** Whom an event reaches. What opens or ends an execution moves all its tasks in and out of inboxes. */
function audienceOf(event: EngineEvent, tasks: ExecutionState['tasks']): readonly string[] {
  if (!CONCERNS_ALL_TASKS.has(event.type)) return event.audience;
  return [
    ...new Set([...event.audience, ...tasks.flatMap(({ assignees }) => assignees.map(({ id }) => id))]),
  ];
}

/** The engine's event as the log keeps it. */
function toLogEvent(
  execution: ExecutionRecord,
  tasks: ExecutionState['tasks'],
  event: EngineEvent,
): NewEvent {
  return {
    type: event.type,
    subjectType: event.taskId !== null ? 'TASK' : event.phaseId !== null ? 'PHASE' : 'EXECUTION',
    subjectId: event.taskId ?? event.phaseId ?? execution.id,
    version: event.version,
    executionId: execution.id,
    taskId: event.taskId,
    entityIds: execution.entityIds,
    audience: audienceOf(event, tasks),
    changedFields: event.changedFields,
    data: event.data,
  };
}

/** Saves a new execution with its events. */
export async function saveStarted(
  tx: Transaction,
  record: ExecutionRecord,
  started: {
    readonly state: ExecutionState;
    readonly changes: Changes;
    readonly events: readonly EngineEvent[];
  },
): Promise<void> {
  await saveExecutions(tx, tx.organizationId, [
    { ...started.changes, executionId: record.id, execution: record },
  ]);
  tx.record(...started.events.map((event) => toLogEvent(record, started.state.tasks, event)));
}

interface Running {
  readonly snapshot: ExecutionSnapshot;
  state: ExecutionState;
  readonly changes: Changes[];
  readonly events: EngineEvent[];
}

/** Executions that are locked for this transaction. */
export interface ExecutionSession {
  /** The execution with this id as it was loaded; null if it does not exist or the viewer may not see it. */
  execution(executionId: string): ExecutionSnapshot | null;
  /** The execution of a task; null as above. */
  executionOf(taskId: string): ExecutionSnapshot | null;
  /** The state after all commands so far. */
  state(executionId: string): ExecutionState;
  /** Gives the engine's answer to a command; an accepted one is saved when the session ends. */
  advance(executionId: string, command: Command): Result;
}

/**
 * Locks the executions, given by their ids or by ids of their tasks, and runs `work` on them. What the engine accepted is saved in one
 * statement, however many objects of however many executions changed, and its events are recorded in the order of the commands.
 */
export async function withExecutions<T>(
  tx: Transaction,
  viewer: Viewer,
  by: { readonly executionIds?: readonly string[]; readonly taskIds?: readonly string[] },
  work: (session: ExecutionSession) => T | Promise<T>,
): Promise<T> {
  const { organizationId, now } = tx;
  const ids = await lockExecutions(tx, organizationId, by);
  const snapshots =
    ids.length > 0
      ? await readSnapshots(tx, organizationId, ids, visibilityScope(viewer))
      : new Map<string, ExecutionSnapshot>();
  const running = new Map<string, Running>();
  const executionByTask = new Map<string, string>();
  for (const [id, snapshot] of snapshots) {
    running.set(id, { snapshot, state: snapshot, changes: [], events: [] });
    for (const task of snapshot.tasks) executionByTask.set(task.id, id);
  }
  const find = (executionId: string): Running => {
    const found = running.get(executionId);
    if (!found) throw new Error(`execution ${executionId} is not part of this session`);
    return found;
  };

  const value = await work({
    execution: (executionId) => snapshots.get(executionId) ?? null,
    executionOf: (taskId) => snapshots.get(executionByTask.get(taskId) ?? '') ?? null,
    state: (executionId) => find(executionId).state,
    advance(executionId, command) {
      const one = find(executionId);
      const result = advance(one.state, command, { now, actor: { type: 'USER', id: viewer.userId } });
      if (result.ok) {
        one.state = result.state;
        one.changes.push(result.changes);
        one.events.push(...result.events);
      }
      return result;
    },
  });

  const changed = [...running.values()].filter(({ events }) => events.length > 0);
  if (changed.length > 0) {
    await saveExecutions(
      tx,
      organizationId,
      changed.map(({ snapshot, changes }) => {
        const merged = mergeChanges(changes);
        return {
          ...merged,
          executionId: snapshot.execution.id,
          execution: merged.execution ? { ...snapshot.execution, ...merged.execution } : null,
        };
      }),
    );
    for (const { snapshot, state, events } of changed) {
      tx.record(...events.map((event) => toLogEvent(snapshot.execution, state.tasks, event)));
    }
  }
  return value;
}
