/** What a statement can look at in the execution itself. */
import type { Json, StatementSource } from '../definition.ts';
import type { ExecutionState, TaskData } from '../state.ts';

export type FactSource = Extract<StatementSource, { type: 'EXECUTION' }>;

/** The fact at this moment, as seen by the decision; null for what has not happened or is not there. */
export function executionFact(source: FactSource, state: ExecutionState, decision: TaskData): Json {
  const { execution } = state;
  switch (source.fact) {
    case 'NAME':
      return execution.name;
    case 'STATUS':
      return execution.status;
    case 'STARTED_AT':
      return execution.startedAt;
    case 'DUE_AT':
      return execution.dueAt;
    case 'ASSIGNEES':
      // A variable that names nobody yet is no assignee.
      return execution.assignees.filter(({ type }) => type !== 'VARIABLE').map(({ id }) => id);
    case 'TASK_STATUS':
      return withKey(state.tasks, source.taskKey)?.status ?? null;
    case 'TASK_FINISHED_AT':
      return withKey(state.tasks, source.taskKey)?.finishedAt ?? null;
    case 'PHASE_STATUS':
      return withKey(state.phases, source.phaseKey)?.status ?? null;
    case 'ITERATIONS':
      return decision.iterations;
  }
}

/** Tasks that were added by hand have no key, and no statement means them. */
function withKey<T extends { readonly key: string | null }>(
  nodes: readonly T[],
  key: string | null,
): T | undefined {
  return key === null ? undefined : nodes.find((node) => node.key === key);
}
