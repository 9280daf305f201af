/** Due dates that follow from rules: set when their anchor happens, cleared when it is reopened. */
import type { CommandContext } from './command.ts';
import type { DueRule, Instant } from './definition.ts';
import { livenessOf } from './liveness.ts';
import type { Edge, ExecutionState, NodeId } from './state.ts';
import { indexOf, type StateIndex } from './state-index.ts';
import { isFinished } from './transition.ts';

interface Due {
  readonly dueAt: Instant | null;
  readonly dueRule: DueRule | null;
  readonly dueAnchorAt: Instant | null;
}

/** The state with the due dates of all rules, of the execution, its phases and its tasks. */
export function deriveDueDates(state: ExecutionState, context: CommandContext): ExecutionState {
  const hasRule = ({ dueRule }: Due): boolean => dueRule !== null;
  const isAny = hasRule(state.execution) || state.phases.some(hasRule) || state.tasks.some(hasRule);
  if (!isAny) return state;
  const index = indexOf(state);
  return {
    execution: withDue(index, state.execution, [], context),
    phases: state.phases.map((phase) =>
      phase.dueRule ? withDue(index, phase, edgesToPhase(state, phase.id), context) : phase,
    ),
    tasks: state.tasks.map((task) =>
      task.dueRule ? withDue(index, task, index.incoming.get(task.id) ?? [], context) : task,
    ),
  };
}

/** A date is worked out once for each time that its anchor happens: a holiday that is added later moves nothing. */
function withDue<T extends Due>(
  index: StateIndex,
  object: T,
  incoming: readonly Edge[],
  { calendar }: CommandContext,
): T {
  const { dueRule } = object;
  if (!dueRule) return object;
  const dueAnchorAt = anchorAt(index, dueRule, incoming);
  if (dueAnchorAt === object.dueAnchorAt) return object;
  const dueAt = dueAnchorAt === null ? null : calendar.add(dueAnchorAt, dueRule.amount, dueRule.unit);
  return { ...object, dueAnchorAt, dueAt };
}

function anchorAt(index: StateIndex, rule: DueRule, incoming: readonly Edge[]): Instant | null {
  switch (rule.anchor) {
    case 'EXECUTION_STARTED':
      return index.state.execution.startedAt;
    case 'TASK_FINISHED': {
      const id = index.tasksByKey.get(rule.taskKey ?? '')?.id;
      return id === undefined ? null : finishedAt(index, { taskId: id });
    }
    case 'PHASE_FINISHED': {
      const id = index.phasesByKey.get(rule.phaseKey ?? '')?.id;
      return id === undefined ? null : finishedAt(index, { phaseId: id });
    }
    case 'A_PRECEDING_TASK_FINISHED':
      return fired(index, incoming).times[0] ?? null;
    case 'ALL_PRECEDING_TASKS_FINISHED': {
      const { times, isWhole } = fired(index, incoming);
      return isWhole ? (times.at(-1) ?? null) : null;
    }
  }
}

/** When the edges fired, the earliest first, and whether all of them did that are not dead. */
function fired(
  index: StateIndex,
  incoming: readonly Edge[],
): { readonly times: readonly Instant[]; readonly isWhole: boolean } {
  const { hasFired, isDeadEdge } = livenessOf(index.state);
  const times = incoming
    .filter(hasFired)
    .flatMap(({ from }) => finishedAt(index, from) ?? [])
    .sort();
  return { times, isWhole: incoming.every((edge) => isDeadEdge(edge) || hasFired(edge)) };
}

/** When the task, or the last task of the phase, was finished; null while it is not. A phase without tasks is from the start. */
function finishedAt(index: StateIndex, node: NodeId): Instant | null {
  if ('taskId' in node) {
    const task = index.tasks.get(node.taskId);
    return task && isFinished(task.status) ? task.finishedAt : null;
  }
  const tasks = index.tasksOfPhase.get(node.phaseId) ?? [];
  if (!tasks.every(({ status }) => isFinished(status))) return null;
  const times = tasks.flatMap((task) => task.finishedAt ?? []).sort();
  return times.at(-1) ?? index.state.execution.startedAt;
}

function edgesToPhase({ execution }: ExecutionState, phaseId: string): readonly Edge[] {
  return execution.edges.filter(({ to, isLoop }) => !isLoop && 'phaseId' in to && to.phaseId === phaseId);
}
