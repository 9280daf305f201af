/** Taking the branches of a decision: by what the entity says, by a person's choice, by default, and back in a loop. */
import type { CommandContext, Moment } from './command.ts';
import { evaluateBranches } from './condition/evaluate.ts';
import type { DecisionDefinition } from './definition.ts';
import { tasksOfLoop } from './flow.ts';
import { withTask } from './outcome.ts';
import type { BranchResult, ExecutionState, Failure, TaskData } from './state.ts';
import { SYSTEM } from './system.ts';
import { putBack } from './unbegun.ts';

/** What is known when a decision is finished. */
interface Choice {
  readonly branchKeys: readonly string[];
  readonly isDefaultTaken: boolean;
  readonly results: readonly BranchResult[];
  /** SKIPPED when somebody skipped it, so that it went its default way. */
  readonly status: 'COMPLETED' | 'SKIPPED';
}

/** The first decision, from top to bottom, that goes on by itself now; null if there is none. */
export function nextAutomaticDecision(state: ExecutionState): TaskData | null {
  return (
    state.tasks.find(
      ({ status, isEnabled, decision }) =>
        isEnabled && status === 'PENDING' && decision?.mode === 'AUTOMATIC',
    ) ?? null
  );
}

/** The keys of the branches that are taken when none is met. */
export function defaultBranches({ branches }: DecisionDefinition): readonly string[] {
  return branches.filter(({ isDefault }) => isDefault).map(({ key }) => key);
}

/** Evaluates the conditions; without a branch to take the decision fails. */
export function decideAutomatically(
  state: ExecutionState,
  task: TaskData,
  context: CommandContext,
): ExecutionState {
  const { decision } = task;
  if (!decision) return state;
  const { now, calendar, facts } = context;
  const results = evaluateBranches(decision.branches, { state, task, now, calendar, facts });
  const met = results.filter(({ isMet }) => isMet).map(({ branchKey }) => branchKey);
  const moment = { now, actor: SYSTEM };
  const taken = decision.takes === 'FIRST_MET' ? met.slice(0, 1) : met;
  const isDefaultTaken = met.length === 0;
  const branchKeys = isDefaultTaken ? defaultBranches(decision) : taken;
  if (branchKeys.length > 0) {
    const choice = { branchKeys, isDefaultTaken, results, status: 'COMPLETED' } as const;
    return takeBranches(state, task, choice, moment);
  }
  const decided = {
    at: now,
    by: SYSTEM,
    takenBranchKeys: [],
    isDefaultTaken: false,
    isMaximumReached: false,
    results,
  };
  const message = 'No branch is met, and there is no default branch.';
  return failTask(state, { ...task, decided }, { code: 'NO_BRANCH_MET', message }, moment);
}

/**
 * Finishes the decision by its branches, or goes back if its loop branch is among them and may be taken once more: then no other
 * branch is taken. When it may not, the exit branch stands in for it, and the others are taken as well.
 */
export function takeBranches(
  state: ExecutionState,
  task: TaskData,
  { branchKeys, isDefaultTaken, results, status }: Choice,
  moment: Moment,
): ExecutionState {
  const { now, actor } = moment;
  const loop = task.decision?.loop ?? null;
  const isLoopDue = loop !== null && branchKeys.includes(loop.branchKey);
  const isMaximumReached = isLoopDue && task.iterations >= loop.maxIterations;
  const goesBack = isLoopDue && !isMaximumReached;
  const isTaken = (key: string): boolean => {
    if (goesBack) return key === loop.branchKey;
    if (isMaximumReached && key === loop.branchKey) return false;
    return branchKeys.includes(key) || (isMaximumReached && key === loop.exitBranchKey);
  };
  const takenBranchKeys = (task.decision?.branches ?? []).map(({ key }) => key).filter(isTaken);
  const decided = { at: now, by: actor, takenBranchKeys, isDefaultTaken, isMaximumReached, results };
  if (goesBack) {
    const repeated = tasksOfLoop(state, task.id, loop.branchKey);
    const tasks = state.tasks.map((other) => (repeated.has(other.id) ? putBack(other, moment) : other));
    const { iterations } = task;
    return withTask(
      { ...state, tasks },
      // What it decided is told until it decides again.
      { ...putBack(task, moment), decided, iterations: iterations + 1 },
    );
  }
  return withTask(state, {
    ...task,
    decided,
    status,
    statusAt: now,
    statusBy: actor,
    statusBeforeHold: null,
    finishedAt: now,
    finishedBy: actor,
    failure: null,
  });
}

export function failTask(
  state: ExecutionState,
  task: TaskData,
  failure: Failure,
  { now, actor }: Moment,
): ExecutionState {
  return withTask(state, { ...task, status: 'FAILED', statusAt: now, statusBy: actor, failure });
}
