/** The end of an execution as an object: it goes, its events stay. */
import type { CommandContext } from './command.ts';
import { executionDeleted } from './events.ts';
import type { Advanced } from './result.ts';
import type { ExecutionState } from './state.ts';
import { entityUpdates, syncEntities } from './sync.ts';
import { toExecution } from './sync-occurrences.ts';

/** Deletes an execution whatever its status; its entities hear of it. The state is the last one that it had. */
export function deletion(state: ExecutionState, { facts }: CommandContext): Omit<Advanced, 'ok'> {
  const synced = syncEntities(state, state, facts, [toExecution('EXECUTION_DELETED')]);
  return {
    state,
    changes: {
      execution: null,
      phases: [],
      tasks: [],
      removedTaskIds: [],
      isExecutionRemoved: true,
    },
    events: [executionDeleted(state)],
    entityUpdates: entityUpdates(facts, synced),
    facts: synced,
  };
}
