/** The event log as the truth: read whole, folded, and compared with the tables. */
import { expect } from 'vitest';
import { derive } from '../../src/engine/derive.ts';
import { replay } from '../../src/engine/replay.ts';
import type { EngineEvent, EngineEventType } from '../../src/engine/result.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import type { Database } from '../../src/store/database.ts';
import { readEvents, readPosition, type StoredEvent } from '../../src/store/event-log.ts';
import { readSnapshots } from '../../src/store/execution-snapshots.ts';

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
      const { definitionId: _1, definitionVersionId: _2, entityId: _3, entityIds: _4, ...data } = execution;
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

/** The state with every derived field that can be forgotten forgotten. */
function forgetful(state: ExecutionState): ExecutionState {
  const progress = { total: 0, completed: 0, skipped: 0 };
  return {
    execution: { ...state.execution, progress, currentTaskId: null, currentPhaseId: null },
    phases: state.phases.map((phase) => ({ ...phase, progress, status: 'OPEN' })),
    tasks: state.tasks.map((task) => ({
      ...task,
      isReached: false,
      hasOpenRequirements: false,
      isEnabled: false,
    })),
  };
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
    // A deleted note keeps its version, and users and teams were there before their first event.
    if (['NOTE', 'USER', 'TEAM'].includes(subjectType)) continue;
    versions.set(subjectId, [...(versions.get(subjectId) ?? []), version]);
  }
  for (const found of versions.values()) expect(found).toEqual(oneTo(found.length));
  return log;
}

/** Everything that the organization's tables say about its executions is what the log says and what the rules say. */
export async function expectSound(database: Database, organizationId: string): Promise<void> {
  const log = await expectGapless(database, organizationId);
  const executionIds = [...new Set(log.flatMap(({ executionId }) => executionId ?? []))];
  const states = await readStates(database, organizationId, executionIds);
  expect(states.size).toBe(executionIds.length);
  for (const [id, state] of states) {
    expect(state).toEqual(foldLog(log, id));
    const context = { now: '2000-01-01T00:00:00.000Z', actor: { type: 'SYSTEM' } } as const;
    expect(derive(forgetful(state), context)).toEqual(state);
  }
}
