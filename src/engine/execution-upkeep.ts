/** Who is responsible for an execution, and by when. */
import { changeAssignees } from './assignees.ts';
import type { AssigneeChange } from './command.ts';
import type { Instant } from './definition.ts';
import { assigneesIssues, dueAtIssues } from './input.ts';
import { accept, refuseIssues, refuseUnlessOpen, type Outcome } from './outcome.ts';
import type { ExecutionState } from './state.ts';

export function assignExecution(state: ExecutionState, change: AssigneeChange): Outcome {
  const assignees = changeAssignees(state.execution.assignees, change);
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(assigneesIssues(assignees)) ??
    accept({ ...state, execution: { ...state.execution, assignees } })
  );
}

export function setExecutionDueDate(state: ExecutionState, dueAt: Instant | null): Outcome {
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(dueAtIssues(dueAt)) ??
    accept({ ...state, execution: { ...state.execution, dueAt } })
  );
}
