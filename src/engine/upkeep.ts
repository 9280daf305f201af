/** What can be done with a task whatever its status, as long as the execution is open. */
import { changeAssignees, withAssignees } from './assignees.ts';
import type { AssigneeChange, TaskUpkeepCommand } from './command.ts';
import type { Instant } from './definition.ts';
import { assigneesIssues, descriptionIssues, dueAtIssues, nameIssues } from './input.ts';
import {
  accept,
  notAllowed,
  refuse,
  refuseIssues,
  refuseUnlessOpen,
  withTask,
  type Outcome,
} from './outcome.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { isFinished } from './transition.ts';

type ClaimCommand = Extract<TaskUpkeepCommand, { type: 'CLAIM_TASK' }>;
type UpdateCommand = Extract<TaskUpkeepCommand, { type: 'UPDATE_TASK' }>;

/** Whom somebody assigns by hand stays, whatever the entity says later. */
export function assignTask(state: ExecutionState, task: TaskData, change: AssigneeChange): Outcome {
  const assignees = changeAssignees(task.assignees, change);
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(assigneesIssues(assignees)) ??
    accept(
      withTask(state, {
        ...withAssignees(task, assignees),
        assigneeRule: assignees === task.assignees ? task.assigneeRule : null,
        // Whom it is given to has all the time that the one before had.
        idleSince: assignees === task.assignees ? task.idleSince : null,
      }),
    )
  );
}

/** A member of an assigned team takes the task. Claiming it again changes nothing; a second claimer is told who has it. */
export function claimTask(state: ExecutionState, task: TaskData, command: ClaimCommand): Outcome {
  const { id: taskId, claimedById, assignees } = task;
  const closed = refuseUnlessOpen(state);
  if (closed) return closed;
  if (isFinished(task.status)) return notAllowed(state, task);
  if (claimedById === command.userId) return accept(state);
  if (!assignees.some(({ type, id }) => type === 'TEAM' && command.teamIds.includes(id)))
    return refuse({ code: 'NOT_CLAIMABLE', taskId });
  if (claimedById !== null) return refuse({ code: 'ALREADY_CLAIMED', taskId, claimedById });
  return accept(withTask(state, { ...task, claimedById: command.userId }));
}

export function releaseTask(state: ExecutionState, task: TaskData): Outcome {
  const closed = refuseUnlessOpen(state);
  if (closed) return closed;
  if (task.claimedById === null) return notAllowed(state, task);
  return accept(withTask(state, { ...task, claimedById: null }));
}

/** A date that is set by hand replaces the rule, also when it is none. */
export function setTaskDueDate(state: ExecutionState, task: TaskData, dueAt: Instant | null): Outcome {
  return (
    refuseUnlessOpen(state) ??
    refuseIssues(dueAtIssues(dueAt)) ??
    accept(withTask(state, { ...task, dueAt, dueRule: null, dueAnchorAt: null }))
  );
}

/** What is not given stays as it is. */
export function updateTask(state: ExecutionState, task: TaskData, command: UpdateCommand): Outcome {
  const { name, description } = command;
  return (
    refuseUnlessOpen(state) ??
    refuseIssues([...nameIssues(name), ...descriptionIssues(description)]) ??
    accept(
      withTask(state, {
        ...task,
        name: name === undefined ? task.name : name.trim(),
        description: description === undefined ? task.description : description,
      }),
    )
  );
}
