/** Random definitions and random work, for property tests. */
import fc from 'fast-check';
import type { Command, OutcomeCommand, RunOutcome } from '../../src/engine/command.ts';
import type { DefinitionContent, EdgeDefinition, NodeRef } from '../../src/engine/definition.ts';
import type { TaskCommandName } from '../../src/engine/result.ts';
import type { ExecutionState, TaskData } from '../../src/engine/state.ts';
import { allowedCommands } from '../../src/engine/transition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import type { KnownReferences } from '../../src/engine/validation/references.ts';
import { isForWorker, isWorkerKind, workerCommandOf } from './worker-steps.ts';
import { definition, phase, task } from './workflow.ts';

export interface ArbitraryOptions {
  /** Whom tasks may be assigned to. */
  readonly userIds: readonly string[];
  readonly teamIds: readonly string[];
  readonly closingReasonIds: readonly string[];
  readonly maxTasks: number;
}

export const PEOPLE: ArbitraryOptions = {
  userIds: ['user-anna', 'user-bert', 'user-cara'],
  teamIds: ['team-field', 'team-office'],
  closingReasonIds: ['reason-lost', 'reason-moved'],
  maxTasks: 8,
};

export function referencesOf(options: ArbitraryOptions): KnownReferences {
  return {
    userIds: new Set(options.userIds),
    teamIds: new Set(options.teamIds),
    closingReasonIds: new Set(options.closingReasonIds),
    automationIds: new Set(['automation']),
    journeyIds: new Set(['journey']),
  };
}

const FLOWS = ['unordered', 'sequential', 'chain', 'graph'] as const;

/** Definitions whose edges and requirements may contradict each other; everything else about them is right. Every phase
 * has a task. */
export function arbitraryRawDefinition(options = PEOPLE): fc.Arbitrary<DefinitionContent> {
  const assignees = fc.subarray(
    [
      ...options.userIds.map((id) => ({ type: 'USER', id }) as const),
      ...options.teamIds.map((id) => ({ type: 'TEAM', id }) as const),
    ],
    { maxLength: 2 },
  );
  return fc
    .record({
      flow: fc.constantFrom(...FLOWS),
      phaseOf: fc.array(fc.integer({ min: -1, max: 2 }), {
        minLength: 1,
        maxLength: options.maxTasks,
        size: 'max',
      }),
      inOrder: fc.boolean(),
      links: fc.array(fc.record({ from: fc.nat(), to: fc.nat() }), { maxLength: 10, size: 'max' }),
      requirements: fc.array(fc.record({ of: fc.nat(), on: fc.nat() }), { maxLength: 4 }),
      assignees: fc.array(assignees, { minLength: options.maxTasks, maxLength: options.maxTasks }),
      closingReasonIds: fc.subarray([...options.closingReasonIds]),
      hasSingleClosingReason: fc.boolean(),
    })
    .map(({ flow, phaseOf, inOrder, links, requirements, ...rest }) => {
      const phaseKeys = (
        inOrder ? phaseOf.toSorted((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b)) : phaseOf
      ).map((index) => (index < 0 ? null : `phase-${index}`));
      const phases = [...new Set(phaseKeys)].filter((key) => key !== null).sort();
      const taskRefs: NodeRef[] = phaseKeys.map((_, index) => ({ taskKey: `task-${index}` }));
      const nodes = [...taskRefs, ...phases.map((phaseKey): NodeRef => ({ phaseKey }))];
      const pick = <T>(items: readonly T[], at: number): T => items[at % items.length] as T;
      const edges: Record<(typeof FLOWS)[number], EdgeDefinition[]> = {
        unordered: [],
        sequential: [],
        chain: taskRefs.slice(1).map((to, index) => ({ from: pick(taskRefs, index), to, branchKey: null })),
        graph: links.map(({ from, to }) => ({
          from: pick(nodes, from),
          to: pick(nodes, to),
          branchKey: null,
        })),
      };
      return definition({
        isSequential: flow === 'sequential',
        phases: phases.map((key) => phase(key)),
        tasks: phaseKeys.map((phaseKey, index) =>
          task(`task-${index}`, {
            phaseKey,
            assignees: rest.assignees[index] ?? [],
            requirements: requirements
              .filter(({ of }) => of % phaseKeys.length === index)
              .map(({ on }) => pick(nodes, on)),
          }),
        ),
        edges: edges[flow],
        closingReasonIds: rest.closingReasonIds,
        hasSingleClosingReason: rest.hasSingleClosingReason,
      });
    });
}

/** Definitions without errors: of the random edges and requirements those that contradict earlier ones are left out. */
export function arbitraryDefinition(options = PEOPLE): fc.Arbitrary<DefinitionContent> {
  const references = referencesOf(options);
  const isValid = (content: DefinitionContent): boolean =>
    validateDefinition(content, references).every(({ severity }) => severity !== 'ERROR');
  return arbitraryRawDefinition(options).map((raw) => {
    let content: DefinitionContent = {
      ...raw,
      edges: [],
      tasks: raw.tasks.map((item) => ({ ...item, requirements: [] })),
    };
    const keepIfValid = (next: DefinitionContent): void => {
      if (isValid(next)) content = next;
    };
    for (const edge of raw.edges) keepIfValid({ ...content, edges: [...content.edges, edge] });
    for (const [index, { requirements }] of raw.tasks.entries())
      for (const requirement of requirements)
        keepIfValid({
          ...content,
          tasks: content.tasks.map((item, at) =>
            at === index ? { ...item, requirements: [...item.requirements, requirement] } : item,
          ),
        });
    return content;
  });
}

/** One thing that somebody tries; which objects it is about is decided when it is known which there are. */
export interface Step {
  readonly kind: Command['type'];
  readonly task: number;
  readonly other: number;
  readonly flag: boolean;
  /** Prefer a task for which it is allowed. */
  readonly isAimed: boolean;
}

/** Most often what gets work done, and now and then everything else. */
const KINDS: readonly { readonly weight: number; readonly kind: Command['type'] }[] = [
  { weight: 8, kind: 'COMPLETE_TASK' },
  { weight: 4, kind: 'START_TASK' },
  { weight: 3, kind: 'SKIP_TASK' },
  { weight: 2, kind: 'STOP_TASK' },
  { weight: 2, kind: 'HOLD_TASK' },
  { weight: 2, kind: 'RESUME_TASK' },
  { weight: 3, kind: 'REOPEN_TASK' },
  { weight: 6, kind: 'DECIDE_TASK' },
  { weight: 2, kind: 'FAIL_TASK' },
  { weight: 6, kind: 'RETRY_TASK' },
  { weight: 4, kind: 'RUN_AUTOMATION' },
  { weight: 8, kind: 'FINISH_AUTOMATION' },
  { weight: 3, kind: 'REQUEST_CONFIRMATION' },
  { weight: 2, kind: 'WITHDRAW_CONFIRMATION' },
  { weight: 6, kind: 'ANSWER_CONFIRMATION' },
  { weight: 6, kind: 'LEASE_TASK' },
  { weight: 1, kind: 'EXTEND_LEASE' },
  { weight: 5, kind: 'COMPLETE_EXTERNAL' },
  { weight: 3, kind: 'FAIL_EXTERNAL' },
  { weight: 1, kind: 'HAND_BACK_TASK' },
  { weight: 2, kind: 'WAKE_EXECUTION' },
  { weight: 2, kind: 'ASSIGN_TASK' },
  { weight: 2, kind: 'CLAIM_TASK' },
  { weight: 1, kind: 'RELEASE_TASK' },
  { weight: 1, kind: 'SET_TASK_DUE_DATE' },
  { weight: 1, kind: 'UPDATE_TASK' },
  { weight: 2, kind: 'REMOVE_TASK' },
  { weight: 3, kind: 'ADD_TASK' },
  { weight: 1, kind: 'CLOSE_EXECUTION' },
  { weight: 2, kind: 'REOPEN_EXECUTION' },
  { weight: 1, kind: 'ASSIGN_EXECUTION' },
  { weight: 1, kind: 'SET_EXECUTION_DUE_DATE' },
];

export function arbitrarySteps(
  isWanted: (kind: Command['type']) => boolean = () => true,
  maxLength = 30,
): fc.Arbitrary<Step[]> {
  return fc.array(arbitraryStep(isWanted), { maxLength, size: 'max' });
}

export function arbitraryStep(isWanted: (kind: Command['type']) => boolean): fc.Arbitrary<Step> {
  const kinds = KINDS.filter(({ kind }) => isWanted(kind));
  return fc.record({
    kind: fc.oneof(...kinds.map(({ weight, kind }) => ({ weight, arbitrary: fc.constant(kind) }))),
    task: fc.nat({ max: 20 }),
    other: fc.nat({ max: 20 }),
    flag: fc.boolean(),
    isAimed: fc.boolean(),
  });
}

/** The command that the step stands for in this state. `newId` names a task that it may add. */
export function commandOf(step: Step, state: ExecutionState, newId: string, options = PEOPLE): Command {
  const { kind, task: at, other, flag } = step;
  const taskId = pickTask(step, state);
  const teamId = options.teamIds[other % options.teamIds.length] ?? '';
  const userId = options.userIds[other % options.userIds.length] ?? '';
  const change = flag
    ? ({ add: [{ type: 'TEAM', id: teamId }] } as const)
    : ({ set: [{ type: 'USER', id: userId }] } as const);
  const dueAt = flag ? `2026-04-${String(10 + other)}T12:00:00.000Z` : null;
  switch (kind) {
    case 'REOPEN_TASK':
      return { type: kind, taskId, revert: flag };
    case 'DECIDE_TASK':
      return { type: kind, taskId, branchKeys: pickBranches(state, taskId, other, flag) };
    case 'FAIL_TASK':
      return { type: kind, taskId, reason: flag ? 'Out of stock' : null };
    case 'FINISH_AUTOMATION':
      return { type: kind, taskId, ...pickOutcome(state, taskId, other), message: flag ? 'No answer' : null };
    case 'REQUEST_CONFIRMATION':
      return { type: kind, taskId, expiresInHours: flag ? other * 10 : null };
    case 'ANSWER_CONFIRMATION':
      return {
        type: kind,
        taskId,
        ...pickAnswer(state, taskId, other),
        by: null,
        comment: flag ? 'Fine' : null,
      };
    case 'LEASE_TASK':
    case 'EXTEND_LEASE':
    case 'COMPLETE_EXTERNAL':
    case 'FAIL_EXTERNAL':
    case 'HAND_BACK_TASK':
      return workerCommandOf(kind, taskId, step, state);
    case 'ASSIGN_TASK':
      return { type: kind, taskId, ...change };
    case 'CLAIM_TASK':
      return { type: kind, taskId, userId, teamIds: [teamId] };
    case 'SET_TASK_DUE_DATE':
      return { type: kind, taskId, dueAt };
    case 'UPDATE_TASK':
      return { type: kind, taskId, name: `Task ${other}`, description: flag ? 'Call first' : null };
    case 'ADD_TASK':
      return { ...addCommand(state, at, other, flag), id: newId };
    case 'CLOSE_EXECUTION':
      return {
        type: kind,
        reasonIds: state.execution.configuredClosingReasons.slice(0, 1).map(({ id }) => id),
        description: null,
      };
    case 'REOPEN_EXECUTION':
    case 'WAKE_EXECUTION':
    case 'DELETE_EXECUTION':
      return { type: kind };
    case 'SET_CONTEXT_ENTITIES':
      return { type: kind, contextEntityIds: state.execution.entityIds.slice(1) };
    case 'ASSIGN_EXECUTION':
      return { type: kind, ...change };
    case 'SET_EXECUTION_DUE_DATE':
      return { type: kind, dueAt };
    default:
      return { type: kind, taskId };
  }
}

/** The type of the command that has this name, if it is one of the task's life. */
export function typeOf(name: TaskCommandName): Command['type'] | `${TaskCommandName}_TASK` {
  switch (name) {
    case 'RUN_AUTOMATION':
    case 'REQUEST_CONFIRMATION':
    case 'WITHDRAW_CONFIRMATION':
      return name;
    default:
      return `${name}_TASK`;
  }
}

function pickTask({ kind, task: at, isAimed }: Step, { execution, tasks }: ExecutionState): string {
  const fitting = tasks.filter((item) => {
    if (isOutcome(kind)) return awaitsOutcome(item, kind);
    if (isWorkerKind(kind)) return isForWorker(kind, item);
    return allowedCommands(item, execution.status).some((name) => typeOf(name) === kind);
  });
  const candidates = isAimed && fitting.length > 0 ? fitting : tasks;
  return candidates[at % Math.max(1, candidates.length)]?.id ?? 'nowhere';
}

/** What only the system says of a task. */
export function isOutcome(kind: Command['type']): kind is OutcomeCommand['type'] {
  return kind === 'FINISH_AUTOMATION' || kind === 'ANSWER_CONFIRMATION';
}

/** Whether the task waits for what the command says. */
export function awaitsOutcome(
  { runState, status }: Pick<TaskData, 'runState' | 'status'>,
  kind: OutcomeCommand['type'],
): boolean {
  return kind === 'FINISH_AUTOMATION' ? runState === 'RUNNING' : status === 'WAITING_FOR_CONFIRMATION';
}

/** Most often to the newest request, and now and then to the one before. */
function pickAnswer(
  { tasks }: ExecutionState,
  taskId: string,
  other: number,
): { readonly number: number; readonly answer: 'CONFIRMED' | 'DECLINED' } {
  const count = tasks.find(({ id }) => id === taskId)?.confirmationCount ?? 0;
  return { number: count - (other % 5 === 4 ? 1 : 0), answer: other % 3 === 0 ? 'DECLINED' : 'CONFIRMED' };
}

const OUTCOMES: readonly RunOutcome[] = [
  'SUCCESS',
  'SUCCESS',
  'FAILED',
  'FAILED',
  'HOT',
  'SKIPPED',
  'CANCELLED',
];

/** Most often of the newest run, and now and then of the one before. */
function pickOutcome(
  { tasks }: ExecutionState,
  taskId: string,
  other: number,
): { readonly run: number; readonly outcome: RunOutcome } {
  const runCount = tasks.find(({ id }) => id === taskId)?.runCount ?? 0;
  return {
    run: runCount - (other % 4 === 3 ? 1 : 0),
    outcome: OUTCOMES[other % OUTCOMES.length] ?? 'SUCCESS',
  };
}

/** One branch, now and then two, and rarely one that is not there. */
function pickBranches({ tasks }: ExecutionState, taskId: string, other: number, flag: boolean): string[] {
  const keys = tasks.find(({ id }) => id === taskId)?.decision?.branches.map(({ key }) => key) ?? [];
  if (other === 20 || keys.length === 0) return ['no-such-branch'];
  return keys.filter((_, index) => index === other % keys.length || (flag && index === (other + 1) % 5));
}

function addCommand(
  { execution, phases, tasks }: ExecutionState,
  at: number,
  other: number,
  flag: boolean,
): Omit<Extract<Command, { type: 'ADD_TASK' }>, 'id'> {
  const { from, to } = execution.edges[at % Math.max(1, execution.edges.length)] ?? {};
  const isBetween = flag && from && to && 'taskId' in from && 'taskId' in to;
  const phaseId = [...phases.map(({ id }) => id), null][at % (phases.length + 1)] ?? null;
  const count = tasks.filter((item) => item.phaseId === phaseId).length;
  return {
    type: 'ADD_TASK',
    name: 'Ask the customer',
    description: null,
    assignees: [],
    dueAt: null,
    place: isBetween
      ? { afterTaskId: from.taskId, beforeTaskId: to.taskId }
      : { phaseId, index: flag ? null : other % (count + 1) },
  };
}
