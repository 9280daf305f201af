/** Sets of users and teams. */
import type { AssigneeChange } from './command.ts';
import type { AssigneeRef } from './definition.ts';
import { unique } from './collections.ts';
import type { TaskData } from './state.ts';

const keyOf = ({ type, id }: AssigneeRef): string => `${type}:${id}`;

/** The same without repeats, in the same order. */
export function uniqueAssignees(assignees: readonly AssigneeRef[]): AssigneeRef[] {
  return unique(
    assignees.map(({ type, id }) => ({ type, id })),
    keyOf,
  );
}

/**
 * What the change makes of the set: `set` first, then what is removed goes, then what is added comes at the end. Answers
 * `current` itself if the members stay the same, in whatever order they were given.
 */
export function changeAssignees(
  current: readonly AssigneeRef[],
  change: AssigneeChange,
): readonly AssigneeRef[] {
  const removed = new Set(change.remove?.map(keyOf));
  const kept = (change.set ?? current).filter((assignee) => !removed.has(keyOf(assignee)));
  const changed = uniqueAssignees([...kept, ...(change.add ?? [])]);
  const members = new Set(current.map(keyOf));
  const isSame = changed.length === members.size && changed.every((assignee) => members.has(keyOf(assignee)));
  return isSame ? current : changed;
}

/** The task with these assignees. A claim ends when nothing is left through which it may have been made. */
export function withAssignees(task: TaskData, assignees: readonly AssigneeRef[]): TaskData {
  const { claimedById } = task;
  const isClaimKept =
    assignees === task.assignees ||
    (claimedById !== null && keepsClaim(claimedById, task.assignees, assignees));
  return { ...task, assignees, claimedById: isClaimKept ? claimedById : null };
}

/**
 * Whether somebody's claim outlives a change of assignees: a team stayed through which it may have been made, or the
 * claimer is assigned in person.
 */
function keepsClaim(
  claimedById: string,
  before: readonly AssigneeRef[],
  after: readonly AssigneeRef[],
): boolean {
  const teams = new Set(before.filter(({ type }) => type === 'TEAM').map(({ id }) => id));
  return after.some(({ type, id }) => (type === 'TEAM' ? teams.has(id) : id === claimedById));
}
