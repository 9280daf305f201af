/** Why a task waits, and who waits for it. */
import { confirmationEnds } from './confirmations.ts';
import { directFollowers } from './flow.ts';
import { clearingCommands } from './clearing.ts';
import { groupBy, unique } from './collections.ts';
import { isPeoples } from './lease.ts';
import { livenessOf } from './liveness.ts';
import { nodeKey } from './node.ts';
import type { Blocker } from './result.ts';
import { openAnchor } from './schedule.ts';
import type { Edge, ExecutionState, NodeId, TaskData } from './state.ts';
import { indexOf, isNodeFinished } from './state-index.ts';
import { isExecutionOpen, isFinished, waitsForSchedule } from './transition.ts';

/**
 * The direct reasons why an open task can't be worked on: the execution's status, the hold, the failure, the schedule, what it
 * requires, what comes before it. A blocking task has blockers of its own (`blockersUnder`), so following them gives the
 * whole tree. Empty for a finished task, for an enabled one and for an id that is not there.
 */
export function blockersOf(state: ExecutionState, taskId: string): Blocker[] {
  const task = indexOf(state).tasks.get(taskId);
  if (!task || isFinished(task.status)) return [];
  const { status } = state.execution;
  const blockers: Blocker[] = [];
  if (!isExecutionOpen(status)) blockers.push({ type: 'EXECUTION_NOT_OPEN', status });
  return [...blockers, ...ownBlockers(task), ...gateBlockers(state, task)];
}

/**
 * Why the task that a blocker names is not done: its own blockers, that its automation goes on, or that nobody is responsible
 * although somebody could work on it. For a phase, the same for each of its open tasks.
 */
export function blockersUnder(state: ExecutionState, blocker: Blocker): Blocker[] {
  const { tasks, tasksOfPhase } = indexOf(state);
  switch (blocker.type) {
    case 'REQUIRED_PHASE':
    case 'PRECEDING_PHASE':
      return (tasksOfPhase.get(blocker.phaseId) ?? [])
        .filter(({ status }) => !isFinished(status))
        .map(({ id }) => ({ type: 'PRECEDING_TASK', taskId: id }));
    case 'REQUIRED_TASK':
    case 'PRECEDING_TASK':
    case 'DECISION_NOT_TAKEN': {
      const task = tasks.get(blocker.taskId);
      return task ? reasonsOf(state, task) : [];
    }
    case 'SCHEDULE': {
      const anchor = tasks.get(blocker.anchorTaskId ?? '');
      return anchor ? [{ type: 'PRECEDING_TASK', taskId: anchor.id }] : [];
    }
    default:
      return [];
  }
}

/**
 * The roots of the tree of a task's blockers: what a command could end now. A leaf that something else holds up (a schedule whose
 * task requires another, a hold in a closed execution) is none: what holds it up is in the tree as well. Each once, a task or a
 * phase also if it blocks both as required and as preceding; in the order of the tree; empty for a task that nothing blocks.
 */
export function rootBlockers(state: ExecutionState, taskId: string): Blocker[] {
  const roots: Blocker[] = [];
  const seen = new Set<string>();
  const queue = blockersOf(state, taskId).reverse();
  for (let blocker = queue.pop(); blocker; blocker = queue.pop()) {
    const key = subjectOf(blocker);
    if (seen.has(key)) continue;
    seen.add(key);
    const under = blockersUnder(state, blocker);
    queue.push(...under.reverse());
    if (under.length === 0 && clearingCommands(state, blocker).commands.length > 0) roots.push(blocker);
  }
  return roots;
}

/** What has to happen, the same for all blockers that one event ends. */
function subjectOf(blocker: Blocker): string {
  switch (blocker.type) {
    case 'REQUIRED_TASK':
    case 'PRECEDING_TASK':
    case 'REQUIRED_PHASE':
    case 'PRECEDING_PHASE':
      return nodeKey(blocker);
    default:
      return JSON.stringify(blocker);
  }
}

function reasonsOf(state: ExecutionState, task: TaskData): Blocker[] {
  if (task.status === 'IN_PROGRESS' && task.runState === 'RUNNING')
    return [
      { type: 'AUTOMATION_RUNNING', taskId: task.id, since: task.statusAt },
      ...blockersOf(state, task.id),
    ];
  const worker = workerBlocker(task);
  if (worker) return [worker];
  const isAnybodys = task.isEnabled && task.assignees.every(({ type }) => type === 'VARIABLE');
  return isAnybodys ? [{ type: 'NOBODY_ASSIGNED', taskId: task.id }] : blockersOf(state, task.id);
}

/** What a worker does about the task; null if people work it. */
function workerBlocker(task: TaskData): Blocker | null {
  const { id: taskId, status, isEnabled, external, externalWork } = task;
  if (!isEnabled || !external || !externalWork) return null;
  const { lease, availableAt } = externalWork;
  if (lease?.end === null)
    return { type: 'WORKER_WORKING', taskId, workerName: lease.workerName, since: lease.leasedAt };
  if (status !== 'PENDING' || isPeoples(task)) return null;
  return { type: 'WAITING_FOR_WORKER', taskId, topic: external.topic, availableAt };
}

/** What holds the task up by its own status. */
function ownBlockers(task: TaskData): Blocker[] {
  const { id: taskId, status, failure } = task;
  if (status === 'ON_HOLD') return [{ type: 'ON_HOLD', taskId, since: task.statusAt, by: task.statusBy }];
  if (status === 'FAILED' && failure) return [{ type: 'FAILED', taskId, failure }];
  if (status === 'SCHEDULED')
    return [{ type: 'SCHEDULE', taskId, until: task.scheduledFor, anchorTaskId: null }];
  if (status === 'WAITING_FOR_CONFIRMATION')
    return [
      { type: 'WAITING_FOR_CONFIRMATION', taskId, since: task.statusAt, until: confirmationEnds(task) },
    ];
  return [];
}

/**
 * What shuts the gate of a task, whatever its own status: unfinished requirements, then edges that have not fired, and a
 * schedule that can't be set yet. Of a task that the flow left out, the decisions that went another way.
 */
export function gateBlockers(state: ExecutionState, task: TaskData): Blocker[] {
  if (task.skipReason !== null) return untakenBranches(state, task);
  return [
    ...unfinished(state, task.requirements).map((node) => requirementBlocker(node)),
    ...(task.isReached ? unsetSchedule(state, task) : waysThatWait(state, task)),
  ];
}

function unsetSchedule(state: ExecutionState, task: TaskData): Blocker[] {
  if (!waitsForSchedule(task)) return [];
  const anchorTaskId = openAnchor(indexOf(state), task);
  return [{ type: 'SCHEDULE', taskId: task.id, until: null, anchorTaskId }];
}

/** The edges to the task that may still fire, one blocker for each node that they come from. */
function waysThatWait(state: ExecutionState, task: TaskData): Blocker[] {
  const { hasFired, isDeadEdge } = livenessOf(state);
  const waiting = (indexOf(state).incoming.get(task.id) ?? []).filter(
    (edge) => !hasFired(edge) && !isDeadEdge(edge),
  );
  return [...groupBy(waiting, ({ from }) => nodeKey(from)).values()].flatMap((edges) =>
    edges[0] ? [precedingBlocker(edges[0].from, edges)] : [],
  );
}

/** The nearest decisions on every way to the task that took other branches. */
function untakenBranches(state: ExecutionState, task: TaskData): Blocker[] {
  const { incoming, tasks, tasksOfPhase } = indexOf(state);
  const found = new Map<string, Set<string>>();
  const seen = new Set([task.id]);
  const queue = [task.id];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const { from, branchKey } of incoming.get(id) ?? []) {
      const sources = 'taskId' in from ? [tasks.get(from.taskId)] : (tasksOfPhase.get(from.phaseId) ?? []);
      for (const source of sources) {
        if (!source) continue;
        if (source.skipReason === null) {
          if (branchKey !== null) found.set(source.id, (found.get(source.id) ?? new Set()).add(branchKey));
        } else if (!seen.has(source.id)) {
          seen.add(source.id);
          queue.push(source.id);
        }
      }
    }
  return [...found].map(([taskId, keys]) => ({ type: 'BRANCH_NOT_TAKEN', taskId, branchKeys: [...keys] }));
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

function precedingBlocker(node: NodeId, edges: readonly Edge[]): Blocker {
  if ('phaseId' in node) return { type: 'PRECEDING_PHASE', phaseId: node.phaseId };
  const branchKeys = edges.flatMap(({ branchKey }) => branchKey ?? []);
  // An edge without a branch fires whatever is decided.
  return branchKeys.length === edges.length
    ? { type: 'DECISION_NOT_TAKEN', taskId: node.taskId, branchKeys }
    : { type: 'PRECEDING_TASK', taskId: node.taskId };
}
