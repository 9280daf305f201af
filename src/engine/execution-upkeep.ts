/** Who is responsible for an execution, by when, and what it is about. */
import { changeAssignees } from './assignees.ts';
import type { AssigneeChange } from './command.ts';
import type { Instant } from './definition.ts';
import { assigneesIssues, dueAtIssues, entitiesIssues } from './input.ts';
import { accept, refuseIssues, refuseUnlessOpen, type Outcome } from './outcome.ts';
import type { ExecutionData, ExecutionState } from './state.ts';

export function assignExecution(state: ExecutionState, change: AssigneeChange): Outcome {
  const assignees = changeAssignees(state.execution.assignees, change);
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(assigneesIssues(assignees)) ??
    accept({ ...state, execution: { ...state.execution, assignees } })
  );
}

/** A date that is set by hand replaces the rule, also when it is none. */
export function setExecutionDueDate(state: ExecutionState, dueAt: Instant | null): Outcome {
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(dueAtIssues(dueAt)) ??
    accept({ ...state, execution: { ...state.execution, dueAt, dueRule: null, dueAnchorAt: null } })
  );
}

/** The context may change as long as the execution is open; the entity that it was started on stays. */
export function setContextEntities(state: ExecutionState, contextEntityIds: readonly string[]): Outcome {
  const entityIds = entitiesWith(state.execution, contextEntityIds);
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(entitiesIssues(entityIds, 'contextEntityIds')) ??
    accept({ ...state, execution: { ...state.execution, entityIds } })
  );
}

/** The entities of an execution with this context: the one that it was started on first, each once. */
export function entitiesWith(
  { entityIds }: ExecutionData,
  contextEntityIds: readonly string[],
): readonly string[] {
  return [...new Set([...entityIds.slice(0, 1), ...contextEntityIds])];
}
