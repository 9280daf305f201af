/** How an execution comes to be: the content of a definition, copied into a state of its own. */
import type { CommandContext } from './command.ts';
import type {
  AssigneeRef,
  DefinitionContent,
  Instant,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from './definition.ts';
import { executionStarted, phaseAdded, taskAdded } from './events.ts';
import type { Facts } from './facts.ts';
import { unique } from './collections.ts';
import { newWork } from './lease.ts';
import { chainOf, nodeKey } from './node.ts';
import { topToBottom } from './order.ts';
import type { Changes, EngineEvent, EntityUpdate } from './result.ts';
import { settle } from './settle.ts';
import type {
  ClosingReasonSnapshot,
  Edge,
  ExecutionData,
  ExecutionState,
  NodeId,
  PhaseData,
  Progress,
  TaskData,
} from './state.ts';
import { entityUpdates } from './sync.ts';
import { toExecution } from './sync-occurrences.ts';
import { brandNew } from './unbegun.ts';
import { assigneeRuleOf, resolveAssignees } from './variables.ts';

export interface StartInput {
  /** Without validation errors. */
  readonly content: DefinitionContent;
  readonly executionId: string;
  /** What it is about: the entity that it is started on, then the context. */
  readonly entityIds: readonly string[];
  /** The definition's name if not given. */
  readonly name?: string;
  /** A fresh id for each key. */
  readonly ids: {
    readonly phases: Readonly<Record<string, string>>;
    readonly tasks: Readonly<Record<string, string>>;
  };
  /** The content's closing reasons, already looked up. */
  readonly closingReasons: readonly ClosingReasonSnapshot[];
  /** The definition's if not given. */
  readonly assignees?: readonly AssigneeRef[];
  /** The definition's if not given; null for none. */
  readonly dueAt?: Instant | null;
}

export interface Started {
  readonly state: ExecutionState;
  readonly changes: Changes;
  readonly events: readonly EngineEvent[];
  /** Each entity that the sync rules changed. */
  readonly entityUpdates: readonly EntityUpdate[];
  readonly facts: Facts;
}

const NO_PROGRESS: Progress = { total: 0, completed: 0, skipped: 0 };

/**
 * Starts an execution. Definitions with errors must be refused before (see `validate.ts`); throws if a key has no id,
 * which is a mistake of the caller.
 */
export function startExecution(input: StartInput, context: CommandContext): Started {
  const { content } = input;
  const phases = content.phases.map((phase, position) => newPhase(input, context, phase, position));
  const tasks = topToBottom(
    content.tasks.map((task, index) => newTask(input, context, task, index)),
    phases,
  );
  const base = { execution: newExecution(input, context, tasks), phases, tasks };
  const { state, facts } = settle(base, base, context, [toExecution('EXECUTION_STARTED')]);
  return {
    state,
    changes: {
      execution: state.execution,
      phases: state.phases,
      tasks: state.tasks,
      removedTaskIds: [],
      isExecutionRemoved: false,
    },
    events: [
      executionStarted(state.execution),
      ...state.phases.map(phaseAdded),
      ...state.tasks.map(taskAdded),
    ],
    entityUpdates: entityUpdates(context.facts, facts),
    facts,
  };
}

function newExecution(
  input: StartInput,
  { now, actor, facts }: CommandContext,
  tasks: readonly TaskData[],
): ExecutionData {
  const { content } = input;
  // A date that is given replaces the rule, as one that is set later does.
  const dueRule = input.dueAt === undefined ? content.dueRule : null;
  return {
    id: input.executionId,
    name: input.name ?? content.name,
    status: 'STARTED',
    isKeptOpen: false,
    isSequential: content.isSequential,
    entityIds: input.entityIds,
    assignees: resolveAssignees(input.assignees ?? content.assignees, facts),
    dueAt: input.dueAt === undefined ? content.dueAt : input.dueAt,
    dueRule,
    dueAnchorAt: null,
    escalations: content.escalations,
    escalated: [],
    edges: flowOf(input, tasks),
    entitySync: content.entitySync,
    configuredClosingReasons: unique(input.closingReasons, ({ id }) => id),
    hasSingleClosingReason: content.hasSingleClosingReason,
    closing: null,
    startedAt: now,
    startedBy: actor,
    finishedAt: null,
    finishedBy: null,
    progress: NO_PROGRESS,
    currentTaskId: null,
    currentPhaseId: null,
    wakeAt: null,
    version: 1,
  };
}

/** The edges of the flow. A sequential definition without edges of its own becomes one chain, so that nothing else
 * needs to know about sequences. */
function flowOf(input: StartInput, tasks: readonly TaskData[]): Edge[] {
  const { content } = input;
  if (content.isSequential && content.edges.length === 0) return chainOf(tasks);
  const loops = new Map(content.tasks.map(({ key, decision }) => [key, decision?.loop?.branchKey]));
  return content.edges.map(({ from, to, branchKey }) => ({
    from: nodeId(input, from),
    to: nodeId(input, to),
    branchKey,
    isLoop: branchKey !== null && 'taskKey' in from && loops.get(from.taskKey) === branchKey,
  }));
}

function newPhase(
  input: StartInput,
  { facts }: CommandContext,
  phase: PhaseDefinition,
  position: number,
): PhaseData {
  return {
    id: idOf(input.ids.phases, phase.key),
    key: phase.key,
    name: phase.name,
    position,
    assignees: resolveAssignees(phase.assignees, facts),
    assigneeRule: assigneeRuleOf(phase.assignees),
    dueAt: phase.dueAt,
    dueRule: phase.dueRule,
    dueAnchorAt: null,
    escalations: phase.escalations,
    escalated: [],
    labels: phase.labels,
    status: 'OPEN',
    progress: NO_PROGRESS,
    version: 1,
  };
}

function newTask(
  input: StartInput,
  context: CommandContext,
  task: TaskDefinition,
  position: number,
): TaskData {
  return {
    ...brandNew(context),
    id: idOf(input.ids.tasks, task.key),
    key: task.key,
    phaseId: task.phaseKey === null ? null : idOf(input.ids.phases, task.phaseKey),
    position,
    name: task.name,
    description: task.description,
    type: task.type,
    requirements: unique(
      task.requirements.map((ref) => nodeId(input, ref)),
      nodeKey,
    ),
    decision: task.decision,
    schedule: task.schedule,
    automation: task.automation,
    external: task.external,
    externalWork: task.external && newWork(task.external),
    journey: task.journey,
    confirmation: task.confirmation,
    assignees: resolveAssignees(task.assignees, context.facts),
    assigneeRule: assigneeRuleOf(task.assignees),
    dueAt: task.dueAt,
    dueRule: task.dueRule,
    escalations: task.escalations,
    labels: task.labels,
    audienceTexts: task.audienceTexts,
    isManuallyCreated: false,
  };
}

function nodeId({ ids }: StartInput, ref: NodeRef): NodeId {
  return 'taskKey' in ref
    ? { taskId: idOf(ids.tasks, ref.taskKey) }
    : { phaseId: idOf(ids.phases, ref.phaseKey) };
}

function idOf(ids: Readonly<Record<string, string>>, key: string): string {
  const id = Object.hasOwn(ids, key) ? ids[key] : undefined;
  if (id === undefined) throw new Error(`no id was given for the key ${JSON.stringify(key)}`);
  return id;
}
