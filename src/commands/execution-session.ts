/** Commands on executions: lock → load → engine → save state and events, for one execution or many, in one transaction. */
import { advance } from '../engine/advance.ts';
import { mergeChanges } from '../engine/batch.ts';
import type { Command } from '../engine/command.ts';
import type { AssigneeRef } from '../engine/definition.ts';
import type { Facts } from '../engine/facts.ts';
import { entitiesWith } from '../engine/execution-upkeep.ts';
import type { Attributes } from '../engine/facts.ts';
import type { Changes, Result } from '../engine/result.ts';
import type { ExecutionState } from '../engine/state.ts';
import type { ExecutionSnapshot } from '../store/execution-records.ts';
import { lockExecutions, readCommandSnapshots } from '../store/execution-snapshots.ts';
import type { Transaction } from '../store/transaction.ts';
import type { Acting } from './acting.ts';
import type { ConfirmationAsk } from './confirmations-of-tasks.ts';
import { saveChanges, type ChangedExecution, type SessionEvent } from './execution-saving.ts';
import { onBehalfOf } from './on-behalf.ts';
import { createSessionFacts, type SessionFacts } from './session-facts.ts';

interface Running {
  readonly snapshot: ExecutionSnapshot;
  state: ExecutionState;
  /** As the last command left them; null before there was one. */
  facts: Facts | null;
  readonly changes: Changes[];
  readonly events: SessionEvent[];
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
  /** The entity's attributes after all commands so far; null if there is no such entity. */
  attributes(entityId: string): Attributes | null;
  /** Replaces the attributes of an entity, which has to be locked, as of the next command; saved with everything else when the session ends. */
  writeAttributes(entityId: string, attributes: Attributes): void;
  /**
   * Gives the engine's answer to a command; an accepted one is saved when the session ends. `onBehalfOfId`: the absent user for whom the actor stands
   * in with it.
   */
  advance(executionId: string, command: Command, onBehalfOfId?: string | null): Result;
}

/** What a session is about. */
export interface SessionSubjects {
  readonly executionIds?: readonly string[];
  /** Instead, or besides: the executions of these tasks. */
  readonly taskIds?: readonly string[];
  /** Entities that executions may come to be about. */
  readonly entityIds?: readonly string[];
  /** Commands write into the entities of executions, whether or not these have sync rules. */
  readonly areEntitiesWritten?: boolean;
}

/** Whom commands on the execution may make responsible, the command itself included. */
function* assigneesIn(
  { execution, phases, tasks }: ExecutionState,
  command: Command,
): Generator<AssigneeRef> {
  yield* execution.assignees;
  for (const { escalations } of tasks)
    for (const { handovers } of escalations) for (const { assignee } of handovers) yield assignee;
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

/** Nothing if no command has changed anything. */
function toChanged(
  { snapshot, state, facts, changes, events }: Running,
  asks: ReadonlyMap<string, ConfirmationAsk>,
): ChangedExecution[] {
  if ((events.length === 0 && state === snapshot) || facts === null) return [];
  return [{ before: snapshot, state, changes: mergeChanges(changes), events, facts, asks }];
}

/**
 * Locks the executions, given by their ids or by ids of their tasks, and runs `work` on them. What the engine accepted is saved in one
 * statement, however many objects of however many executions and entities changed, and its events are recorded in the order of the commands.
 *
 * @param asks - how requests to confirm tasks, by these tasks' ids, differ from what the definition says.
 */
export async function withExecutions<T>(
  tx: Transaction,
  acting: Acting,
  subjects: SessionSubjects,
  work: (session: ExecutionSession) => T | Promise<T>,
  asks: ReadonlyMap<string, ConfirmationAsk> = new Map(),
): Promise<T> {
  const { organizationId, now } = tx;
  const { actor, scope, calendar } = acting;
  const ids = await lockExecutions(tx, organizationId, subjects);
  const { executions, inactiveIds, ...known } =
    ids.length > 0
      ? await readCommandSnapshots(tx, organizationId, ids, scope, {
          entityIds: subjects.entityIds ?? [],
          areEntitiesWritten: subjects.areEntitiesWritten ?? false,
        })
      : {
          executions: new Map<string, ExecutionSnapshot>(),
          inactiveIds: new Set<string>(),
          entities: new Map(),
          people: new Map(),
        };
  const facts = createSessionFacts(known, inactiveIds);
  const running = new Map<string, Running>();
  const behalves = new Set<string | null>();
  const executionByTask = new Map<string, string>();
  for (const [id, snapshot] of executions) {
    running.set(id, { snapshot, state: snapshot, facts: null, changes: [], events: [] });
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
    attributes: (entityId) => facts.about([entityId], []).entities[0]?.attributes ?? null,
    writeAttributes(entityId, attributes) {
      facts.update([{ entityId, attributes }]);
    },
    advance(executionId, command, onBehalfOfId = null) {
      const one = find(executionId);
      const context = { now, actor, calendar, facts: factsFor(facts, one.state, command) };
      const result = advance(one.state, command, context);
      if (result.ok) {
        one.state = result.state;
        one.facts = result.facts;
        one.changes.push(result.changes);
        one.events.push(...result.events.map((event) => ({ ...event, onBehalfOfId })));
        behalves.add(onBehalfOfId);
        facts.update(result.entityUpdates);
      }
      return result;
    },
  });

  const changed = [...running.values()].flatMap((one) => toChanged(one, asks));
  // What several commands have come to together was done for somebody only if all of them were.
  const [behalf = null, ...others] = behalves;
  const saving = onBehalfOf(tx, others.length === 0 ? behalf : null);
  await saveChanges(saving, changed, facts.changed());
  return value;
}
