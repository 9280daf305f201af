/** Commands on executions: lock → load → engine → save state and events, for one execution or many, in one transaction. */
import { advance } from '../engine/advance.ts';
import { mergeChanges } from '../engine/batch.ts';
import type { Command } from '../engine/command.ts';
import type { AssigneeRef } from '../engine/definition.ts';
import { entitiesWith } from '../engine/execution-upkeep.ts';
import type { Changes, EngineEvent, Result } from '../engine/result.ts';
import type { ExecutionState } from '../engine/state.ts';
import type { ExecutionSnapshot } from '../store/execution-records.ts';
import { lockExecutions, readCommandSnapshots } from '../store/execution-snapshots.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Acting } from './acting.ts';
import { saveChanges, type ChangedExecution } from './execution-saving.ts';
import { createSessionFacts, type SessionFacts } from './session-facts.ts';

interface Running {
  readonly snapshot: ExecutionSnapshot;
  state: ExecutionState;
  readonly changes: Changes[];
  readonly events: EngineEvent[];
}

/** Executions that are locked for this transaction. */
export interface ExecutionSession {
  /** The execution with this id as it was loaded; null if it does not exist or may not be seen. */
  execution(executionId: string): ExecutionSnapshot | null;
  /** The execution of a task; null as above. */
  executionOf(taskId: string): ExecutionSnapshot | null;
  /** Whether there is such an entity: one of the executions, or one that was asked for. */
  hasEntity(entityId: string): boolean;
  /** The state after all commands so far. */
  state(executionId: string): ExecutionState;
  /** Gives the engine's answer to a command; an accepted one is saved when the session ends. */
  advance(executionId: string, command: Command): Result;
}

/** What a session is about. */
export interface SessionSubjects {
  readonly executionIds?: readonly string[];
  /** Instead, or besides: the executions of these tasks. */
  readonly taskIds?: readonly string[];
  /** Entities that executions may come to be about. */
  readonly entityIds?: readonly string[];
}

/** Whom commands on the execution may make responsible, the command itself included. */
function* assigneesIn(
  { execution, phases, tasks }: ExecutionState,
  command: Command,
): Generator<AssigneeRef> {
  yield* execution.assignees;
  for (const object of [...phases, ...tasks]) {
    yield* object.assignees;
    yield* object.assigneeRule ?? [];
  }
  if ('assignees' in command) yield* command.assignees;
  if (command.type !== 'ASSIGN_TASK' && command.type !== 'ASSIGN_EXECUTION') return;
  yield* command.set ?? [];
  yield* command.add ?? [];
}

function factsFor(facts: SessionFacts, state: ExecutionState, command: Command) {
  const { execution } = state;
  const entityIds =
    command.type === 'SET_CONTEXT_ENTITIES'
      ? entitiesWith(execution, command.contextEntityIds)
      : execution.entityIds;
  const isWritten = state.execution.entitySync.length > 0;
  return facts.about(entityIds, isWritten ? assigneesIn(state, command) : []);
}

function toChanged({ snapshot, state, changes, events }: Running): ChangedExecution {
  return { before: snapshot, state, changes: mergeChanges(changes), events };
}

/**
 * Locks the executions, given by their ids or by ids of their tasks, and runs `work` on them. What the engine accepted is saved in one
 * statement, however many objects of however many executions and entities changed, and its events are recorded in the order of the commands.
 */
export async function withExecutions<T>(
  tx: Transaction,
  acting: Acting,
  subjects: SessionSubjects,
  work: (session: ExecutionSession) => T | Promise<T>,
): Promise<T> {
  const { organizationId, now } = tx;
  const { actor, scope, calendar } = acting;
  const ids = await lockExecutions(tx, organizationId, subjects);
  const { executions, ...known } =
    ids.length > 0
      ? await readCommandSnapshots(tx, organizationId, ids, scope, subjects.entityIds ?? [])
      : { executions: new Map<string, ExecutionSnapshot>(), entities: new Map(), people: new Map() };
  const facts = createSessionFacts(known);
  const running = new Map<string, Running>();
  const executionByTask = new Map<string, string>();
  for (const [id, snapshot] of executions) {
    running.set(id, { snapshot, state: snapshot, changes: [], events: [] });
    for (const task of snapshot.tasks) executionByTask.set(task.id, id);
  }
  const find = (executionId: string): Running => {
    const found = running.get(executionId);
    if (!found) throw new Error(`execution ${executionId} is not part of this session`);
    return found;
  };

  const value = await work({
    execution: (executionId) => executions.get(executionId) ?? null,
    executionOf: (taskId) => executions.get(executionByTask.get(taskId) ?? '') ?? null,
    hasEntity: (entityId) => known.entities.has(entityId),
    state: (executionId) => find(executionId).state,
    advance(executionId, command) {
      const one = find(executionId);
      const context = { now, actor, calendar, facts: factsFor(facts, one.state, command) };
      const result = advance(one.state, command, context);
      if (result.ok) {
        one.state = result.state;
        one.changes.push(result.changes);
        one.events.push(...result.events);
        facts.update(result.entityUpdates);
      }
      return result;
    },
  });

  const changed = [...running.values()].filter(({ events }) => events.length > 0);
  await saveChanges(tx, changed.map(toChanged), facts.changed());
  return value;
}
