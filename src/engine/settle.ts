/** Letting everything go on that goes on by itself. */
import type { CommandContext } from './command.ts';
import { decideAutomatically, failTask, nextAutomaticDecision } from './decisions.ts';
import { derive } from './derive.ts';
import { idleSince } from './escalation.ts';
import type { Facts } from './facts.ts';
import { patched } from './json.ts';
import { AUTOMATIC_STEPS } from './limits.ts';
import type { ExecutionState, Failure } from './state.ts';
import { syncEntities } from './sync.ts';
import type { Occurrence } from './sync-occurrences.ts';
import { SYSTEM } from './system.ts';
import { wakeTime } from './wake.ts';

/** A state in which nothing goes on by itself any more, and the entities as the sync rules left them. */
export interface Settled {
  readonly state: ExecutionState;
  readonly facts: Facts;
}

const TOO_MANY_STEPS: Failure = {
  code: 'TOO_MANY_STEPS',
  message: `More than ${AUTOMATIC_STEPS} decisions were set off at once: the loops never let anybody work.`,
};

/**
 * Derives what follows from `base`, then takes one automatic decision after the other until none is left. Entities are synchronized after
 * each step, so that a decision sees what the steps before it wrote. `happened` is told to the sync rules beside what changed since `before`.
 */
export function settle(
  before: ExecutionState,
  base: ExecutionState,
  context: CommandContext,
  happened: readonly Occurrence[] = [],
): Settled {
  let state = derive(base, context);
  let facts = syncEntities(before, state, context.facts, happened);
  for (let steps = 0; ; steps += 1) {
    const decision = nextAutomaticDecision(state);
    if (!decision) return { state: withTimes(state, context), facts };
    const present = { ...context, facts };
    const taken =
      steps < AUTOMATIC_STEPS
        ? decideAutomatically(state, decision, present)
        : failTask(state, decision, TOO_MANY_STEPS, { now: context.now, actor: SYSTEM });
    const next = derive(taken, present);
    facts = syncEntities(state, next, facts);
    state = next;
  }
}

/** What is counted by the clock: of the last state only, since nobody has seen those before it. */
function withTimes(settled: ExecutionState, context: CommandContext): ExecutionState {
  const tasks = settled.tasks.map((task) => patched(task, { idleSince: idleSince(task, context.now) }));
  const state = { ...settled, tasks };
  return { ...state, execution: patched(state.execution, { wakeAt: wakeTime(state, context) }) };
}
