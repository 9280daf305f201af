/** A dry run: the engine itself, worked by nobody, with a clock that moves as fast as it can. */
import { advance } from './advance.ts';
import type { Command, CommandContext } from './command.ts';
import type { DefinitionContent, Instant, TimeUnit } from './definition.ts';
import type { Facts } from './facts.ts';
import type { EntityUpdate } from './result.ts';
import { startExecution, type StartInput } from './start.ts';
import type { ExecutionState, TaskData } from './state.ts';
import { isExecutionOpen } from './transition.ts';

/** How a decision is made by hand, once: the first answer of a task when it is first met, the second when it is met again. */
export interface SimulatedAnswer {
  readonly taskKey: string;
  readonly branchKeys: readonly string[];
}

export interface SimulationInput {
  readonly start: StartInput;
  readonly answers: readonly SimulatedAnswer[];
  /** How long each task takes that is no decision. Tasks are done one after the other. */
  readonly taskDuration: { readonly amount: number; readonly unit: TimeUnit };
  /** What is known when the next command is given, by the facts as the one before left them; the same if not given. */
  readonly lookAgain?: (facts: Facts) => Facts;
  /** After so many commands it stops, wherever it is. */
  readonly maxCommands: number;
}

/** The start or one command, and what came of it. */
export interface SimulatedMove {
  readonly at: Instant;
  /** Null for the start. */
  readonly command: Command | null;
  readonly state: ExecutionState;
  readonly entityUpdates: readonly EntityUpdate[];
}

export interface SimulatedRun {
  /** The start, then the commands in their order. */
  readonly moves: readonly [SimulatedMove, ...SimulatedMove[]];
  readonly state: ExecutionState;
  readonly facts: Facts;
  /** Those of decisions that were not met so often. */
  readonly unusedAnswers: readonly SimulatedAnswer[];
  /** It was stopped by `maxCommands`, and would have gone on. */
  readonly isCut: boolean;
}

interface Work {
  readonly taskId: string;
  readonly endsAt: Instant;
}

interface Next {
  readonly at: Instant;
  readonly command: Command;
}

/**
 * Starts an execution and does everything that can be done, from top to bottom, until it is done or nothing is left to do: completes what is
 * enabled, decides by the answers, confirms what waits for that, lets time pass. Work that has begun goes on when something scheduled comes up meanwhile.
 *
 * @param context - `now` is when it starts; everything is done by its actor. The content must be without errors.
 */
export function simulate(input: SimulationInput, context: CommandContext): SimulatedRun {
  const running = simulateByCommand(input, context);
  let next = running.next();
  while (!next.done) next = running.next();
  return next.value;
}

/** In a dry run nobody is late, and nobody is told. */
function withoutEscalations(content: DefinitionContent): DefinitionContent {
  const calm = <T extends object>(part: T) => ({ ...part, escalations: [] });
  return { ...calm(content), phases: content.phases.map(calm), tasks: content.tasks.map(calm) };
}

/** The same, but lets go after each command, so that a long run need not keep everybody else waiting. */
export function* simulateByCommand(
  input: SimulationInput,
  context: CommandContext,
): Generator<undefined, SimulatedRun, undefined> {
  const { lookAgain = (facts: Facts) => facts, maxCommands, taskDuration } = input;
  const { calendar } = context;
  const started = startExecution(
    { ...input.start, content: withoutEscalations(input.start.content) },
    context,
  );
  const moves: [SimulatedMove, ...SimulatedMove[]] = [
    { at: context.now, command: null, state: started.state, entityUpdates: started.entityUpdates },
  ];
  const left = [...input.answers];
  let { state, facts } = started;
  let now = context.now;
  let work: Work | null = null;

  const answerTo = ({ key }: TaskData): SimulatedAnswer | undefined =>
    left.find(({ taskKey }) => taskKey === key);
  const canBeDone = (task: TaskData): boolean =>
    task.status === 'WAITING_FOR_CONFIRMATION' ||
    (task.isEnabled && (task.status === 'CONDITION_PENDING' ? answerTo(task) !== undefined : !task.decision));
  const next = (): Next | null => {
    const { status, wakeAt } = state.execution;
    if (!isExecutionOpen(status)) return null;
    const begun = state.tasks.find((task) => task.id === work?.taskId && canBeDone(task));
    const task = begun ?? state.tasks.find(canBeDone);
    if (!begun) work = task ? { taskId: task.id, endsAt: endOf(task) } : null;
    const endsAt = work?.endsAt ?? null;
    if (wakeAt !== null && (endsAt === null || wakeAt <= endsAt))
      return { at: wakeAt > now ? wakeAt : now, command: { type: 'WAKE_EXECUTION' } };
    return task ? { at: endsAt ?? now, command: finishing(task) } : null;
  };
  const endOf = (task: TaskData): Instant =>
    task.decision ? now : calendar.add(now, taskDuration.amount, taskDuration.unit);
  const finishing = (task: TaskData): Command => {
    const { id: taskId, confirmationCount: number } = task;
    if (task.status === 'WAITING_FOR_CONFIRMATION')
      return { type: 'ANSWER_CONFIRMATION', taskId, number, answer: 'CONFIRMED', by: null, comment: null };
    const branchKeys = task.decision ? answerTo(task)?.branchKeys : undefined;
    return branchKeys ? { type: 'DECIDE_TASK', taskId, branchKeys } : { type: 'COMPLETE_TASK', taskId };
  };

  for (let move = next(); move; move = next()) {
    if (moves.length > maxCommands) return { moves, state, facts, unusedAnswers: left, isCut: true };
    const { at, command } = move;
    const task = 'taskId' in command ? state.tasks.find(({ id }) => id === command.taskId) : undefined;
    const result = advance(state, command, { ...context, now: at, facts: lookAgain(facts) });
    if (!result.ok) throw new Error(`${command.type} was refused: ${result.problem.code}`);
    if (command.type === 'DECIDE_TASK')
      left.splice(
        left.findIndex(({ taskKey }) => taskKey === task?.key),
        1,
      );
    if (task) work = null;
    now = at;
    ({ state, facts } = result);
    moves.push({ at, command, state, entityUpdates: result.entityUpdates });
    yield;
  }
  return { moves, state, facts, unusedAnswers: left, isCut: false };
}
