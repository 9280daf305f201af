/** How an execution comes to be: the content of a definition, copied into a state of its own. */
import type { CommandContext } from './command.ts';
import { uniqueAssignees } from './assignees.ts';
import type {
  AssigneeRef,
  DefinitionContent,
  Instant,
  NodeRef,
  PhaseDefinition,
  TaskDefinition,
} from './definition.ts';
import { derive } from './derive.ts';
import { executionStarted, phaseAdded, taskAdded } from './events.ts';
import { unique } from './collections.ts';
import { chainOf, nodeKey } from './node.ts';
import { topToBottom } from './order.ts';
import type { Changes, EngineEvent } from './result.ts';
import type {
  ClosingReasonSnapshot,
  Edge,
  ExecutionState,
  NodeId,
  PhaseData,
  Progress,
  TaskData,
} from './state.ts';
import { brandNew } from './unbegun.ts';

export interface StartInput {
  /** Without validation errors. */
  readonly content: DefinitionContent;
  readonly executionId: string;
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
}

const NO_PROGRESS: Progress = { total: 0, completed: 0, skipped: 0 };

/**
 * Starts an execution. Definitions with errors must be refused before (see `validate.ts`); throws if a key has no id,
 * which is a mistake of the caller.
 */
export function startExecution(input: StartInput, context: CommandContext): Started {
  const { content } = input;
  const phases = content.phases.map((phase, position) => newPhase(input, phase, position));
  const tasks = topToBottom(
    content.tasks.map((task, index) => newTask(input, context, task, index)),
    phases,
  );
  const state = derive(
    {
      execution: {
        id: input.executionId,
        name: input.name ?? content.name,
        status: 'STARTED',
        isKeptOpen: false,
        isSequential: content.isSequential,
        assignees: uniqueAssignees(input.assignees ?? content.assignees),
        dueAt: input.dueAt === undefined ? content.dueAt : input.dueAt,
        edges: flowOf(input, tasks),
        configuredClosingReasons: unique(input.closingReasons, ({ id }) => id),
        hasSingleClosingReason: content.hasSingleClosingReason,
        closing: null,
        startedAt: context.now,
        startedBy: context.actor,
        finishedAt: null,
        finishedBy: null,
        progress: NO_PROGRESS,
        currentTaskId: null,
        currentPhaseId: null,
        version: 1,
      },
      phases,
      tasks,
    },
    context,
  );
  return {
    state,
    changes: { execution: state.execution, phases: state.phases, tasks: state.tasks, removedTaskIds: [] },
    events: [
      executionStarted(state.execution),
      ...state.phases.map(phaseAdded),
      ...state.tasks.map(taskAdded),
    ],
  };
}

/** The edges of the flow. A sequential definition without edges of its own becomes one chain, so that nothing else
 * needs to know about sequences. */
function flowOf(input: StartInput, tasks: readonly TaskData[]): Edge[] {
  const { content } = input;
  if (content.isSequential && content.edges.length === 0) return chainOf(tasks);
  return content.edges.map(({ from, to }) => ({ from: nodeId(input, from), to: nodeId(input, to) }));
}

function newPhase(input: StartInput, phase: PhaseDefinition, position: number): PhaseData {
  return {
    id: idOf(input.ids.phases, phase.key),
    key: phase.key,
    name: phase.name,
    position,
    assignees: uniqueAssignees(phase.assignees),
    dueAt: phase.dueAt,
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
    assignees: uniqueAssignees(task.assignees),
    dueAt: task.dueAt,
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
