/** The event log as the truth: read whole, folded, and compared with the tables. */
import { expect } from 'vitest';
import { derive } from '../../src/engine/derive.ts';
import { wakeTime } from '../../src/engine/wake.ts';
import { replay } from '../../src/engine/replay.ts';
import { asTold } from '../model/invariants.ts';
import type { EngineEvent, EngineEventType } from '../../src/engine/result.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';
import type { Database } from '../../src/store/database.ts';
import { readEvents, readPosition, type StoredEvent } from '../../src/store/event-log.ts';
import { readSnapshots } from '../../src/store/execution-snapshots.ts';
import { LATER } from './workflow.ts';

/** The organization's whole log. */
export async function readLog(database: Database, organizationId: string): Promise<StoredEvent[]> {
  return readEvents(database, organizationId, 0, Number.MAX_SAFE_INTEGER, 1_000_000);
}

function isEngineEvent({ subjectType }: StoredEvent): boolean {
  return subjectType === 'EXECUTION' || subjectType === 'PHASE' || subjectType === 'TASK';
}

function toEngineEvent(event: StoredEvent): EngineEvent {
  const { type, taskId, subjectType, subjectId, version, changedFields, data, audience } = event;
  return {
    type: type as EngineEventType,
    taskId,
    phaseId: subjectType === 'PHASE' ? subjectId : null,
    version,
    changedFields,
    data,
    audience,
  };
}

/** The execution's state by what the log says. */
export function foldLog(log: readonly StoredEvent[], executionId: string): ExecutionState {
  return replay(
    log.filter((event) => event.executionId === executionId && isEngineEvent(event)).map(toEngineEvent),
  );
}

/** The states that the tables hold, by execution, without what only the store knows. */
export async function readStates(
  database: Database,
  organizationId: string,
  executionIds: readonly string[],
): Promise<Map<string, ExecutionState>> {
  const snapshots = await readSnapshots(database, organizationId, executionIds, null);
  return new Map(
    [...snapshots].map(([id, { execution, phases, tasks }]) => {
      const { definitionId: _1, definitionVersionId: _2, entityId: _3, chainDepth: _4, ...data } = execution;
      return [
        id,
        {
          execution: data,
          phases: phases.map(({ executionId: _, ...phase }) => phase),
          tasks: tasks.map(({ executionId: _5, executionStatus: _6, noteCount: _7, ...task }) => task),
        },
      ];
    }),
  );
}

/** When it is reached it is also scheduled and assigned, which depends on the time and on the entity. */
function isOnlyReached({ schedule, assigneeRule }: TaskData): boolean {
  return schedule === null && assigneeRule === null;
}

/** The state with every derived field that can be forgotten forgotten. */
function forgetful(state: ExecutionState): ExecutionState {
  const progress = { total: 0, completed: 0, skipped: 0 };
  return {
    execution: { ...state.execution, progress, currentTaskId: null, currentPhaseId: null, wakeAt: null },
    phases: state.phases.map((phase) => ({
      ...phase,
      progress,
      status: phase.assigneeRule ? phase.status : 'OPEN',
    })),
    tasks: state.tasks.map((task) => ({
      ...task,
      ...(isOnlyReached(task) ? { isReached: false, reachedAt: null } : {}),
      hasOpenRequirements: false,
      isEnabled: false,
    })),
  };
}

/** The state with every derived field worked out from what is left when they are forgotten. */
function remembered(state: ExecutionState): ExecutionState {
  const known = new Map(state.tasks.map(({ id, idleSince }) => [id, idleSince]));
  const arrived = derive(forgetful(state), LATER);
  // Since when nobody takes a task is nothing to work out: it was seen then.
  const tasks = arrived.tasks.map((task) => ({ ...task, idleSince: known.get(task.id) ?? null }));
  const derived = { ...arrived, tasks };
  return { ...derived, execution: { ...derived.execution, wakeAt: wakeTime(derived, LATER) } };
}

/** The state as it would be if what is reached had been reached at `at`. */
function reachedAt(state: ExecutionState, at: string): ExecutionState {
  const arrived = (task: TaskData) =>
    isOnlyReached(task) && task.isReached ? { ...task, reachedAt: at } : task;
  return { ...state, tasks: state.tasks.map(arrived) };
}

/** The log's numbers are 1 to n, and so are the versions of each thing that it tells of. */
export async function expectGapless(
  database: Database,
  organizationId: string,
): Promise<readonly StoredEvent[]> {
  const log = await readLog(database, organizationId);
  const oneTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
  expect(log.map(({ seq }) => seq)).toEqual(oneTo(log.length));
  expect(await readPosition(database, organizationId)).toBe(log.length);
  const versions = new Map<string, number[]>();
  for (const { subjectType, subjectId, version } of log) {
    // A deleted note keeps its version, users and teams were there before their first event, and attempts to deliver are no events.
    if (['NOTE', 'USER', 'TEAM', 'DELIVERY'].includes(subjectType)) continue;
    versions.set(subjectId, [...(versions.get(subjectId) ?? []), version]);
  }
  for (const found of versions.values()) expect(found).toEqual(oneTo(found.length));
  return log;
}

/** Everything that the organization's tables say about its executions is what the log says and what the rules say. */
export async function expectSound(database: Database, organizationId: string): Promise<void> {
  const log = await expectGapless(database, organizationId);
  const deleted = new Set(
    log.flatMap(({ type, subjectId }) => (type === 'EXECUTION_DELETED' ? subjectId : [])),
  );
  const executionIds = [...new Set(log.flatMap(({ executionId }) => executionId ?? []))];
  const states = await readStates(database, organizationId, executionIds);
  expect([...states.keys()].sort()).toEqual(executionIds.filter((id) => !deleted.has(id)).sort());
  for (const [id, state] of states) {
    expect(asTold(state)).toEqual(foldLog(log, id));
    expect(reachedAt(remembered(state), LATER.now)).toEqual(reachedAt(state, LATER.now));
  }
}
