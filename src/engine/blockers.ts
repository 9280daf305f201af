/** Why a task waits, and who waits for it. */
import { directFollowers } from './flow.ts';
import { unique } from './collections.ts';
import { nodeKey } from './node.ts';
import type { Blocker } from './result.ts';
import type { ExecutionState, NodeId, TaskData } from './state.ts';
import { indexOf, isNodeFinished } from './state-index.ts';
import { isFinished } from './transition.ts';

/**
 * The direct reasons why an open task can't be worked on: the execution's status, the hold, what it requires, what comes
 * before it. A blocking task has blockers of its own, so following them gives the whole tree. Empty for a finished task,
 * for an enabled one and for an id that is not there.
 */
export function blockersOf(state: ExecutionState, taskId: string): Blocker[] {
  const task = indexOf(state).tasks.get(taskId);
  if (!task || isFinished(task.status)) return [];
  const { status } = state.execution;
  const blockers: Blocker[] = [];
  if (status !== 'STARTED') blockers.push({ type: 'EXECUTION_NOT_OPEN', status });
  if (task.status === 'ON_HOLD')
    blockers.push({ type: 'ON_HOLD', taskId, since: task.statusAt, by: task.statusBy });
  return [...blockers, ...gateBlockers(state, task)];
}

/** What shuts the gate of a task, whatever its own status: unfinished requirements, then edges that have not fired. */
export function gateBlockers(state: ExecutionState, task: TaskData): Blocker[] {
  return [
    ...unfinished(state, task.requirements).map((node) => requirementBlocker(node)),
    ...unfinished(
      state,
      (indexOf(state).incoming.get(task.id) ?? []).map(({ from }) => from),
    ).map((node) => precedingBlocker(node)),
  ];
}

/** The open tasks that directly wait for this one, or for the phase that it keeps from being finished, top to bottom. */
export function blocks(state: ExecutionState, taskId: string): string[] {
  const { tasks } = indexOf(state);
  const isOpen = (id: string): boolean => {
    const task = tasks.get(id);
    return task !== undefined && !isFinished(task.status);
  };
  return isOpen(taskId) ? directFollowers(state, taskId).filter(isOpen) : [];
}

function unfinished(state: ExecutionState, nodes: readonly NodeId[]): NodeId[] {
  const index = indexOf(state);
  return unique(nodes, nodeKey).filter((node) => !isNodeFinished(index, node));
}

function requirementBlocker(node: NodeId): Blocker {
  return 'taskId' in node
    ? { type: 'REQUIRED_TASK', taskId: node.taskId }
    : { type: 'REQUIRED_PHASE', phaseId: node.phaseId };
}

function precedingBlocker(node: NodeId): Blocker {
  return 'taskId' in node
    ? { type: 'PRECEDING_TASK', taskId: node.taskId }
    : { type: 'PRECEDING_PHASE', phaseId: node.phaseId };
}
