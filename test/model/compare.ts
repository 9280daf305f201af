/** Does the same with the engine and with the model, and compares after every command. */
import assert from 'node:assert/strict';
import { advance } from '../../src/engine/advance.ts';
import type { Command, CommandContext } from '../../src/engine/command.ts';
import type { Instant } from '../../src/engine/definition.ts';
import type { EngineEvent } from '../../src/engine/result.ts';
import type { ExecutionState } from '../../src/engine/state.ts';
import { commandOf } from '../support/arbitraries.ts';
import { aimed, type FlowCase, type FlowStep } from '../support/random-flows.ts';
import { factsOf, START, startOf } from '../support/workflow.ts';
import { checkOffers, checkReplay, checkState, checkStep } from './invariants.ts';
import { applyToModel, startModel } from './model.ts';
import { viewOfModel, viewOfState } from './view.ts';

/** One command with what it did. */
export interface Performed {
  readonly before: ExecutionState;
  readonly command: Command;
  /** The code of the problem; null if it was accepted. */
  readonly refusal: string | null;
  readonly after: ExecutionState;
}

/** Throws an AssertionError at the first difference, or when something does not hold that always must. */
export function compare({ content, attributes, steps }: FlowCase): readonly Performed[] {
  let context: CommandContext = { ...START, facts: factsOf(attributes) };
  const started = startOf(content, context);
  const model = startModel(content, context);
  const events: EngineEvent[] = [...started.events];
  let state = started.state;
  assert.deepEqual(viewOfState(state), viewOfModel(model), 'after the start');
  checkState(state);
  const performed = steps.map((step, index) => {
    const before = state;
    const command = commandOf(aimed(step, before), before, `added-${index}`);
    const facts = step.attributes ? factsOf(step.attributes) : context.facts;
    context = { ...context, now: timeOf(step, command, before, context.now), facts };
    const at = `command ${index}, ${JSON.stringify(command)} at ${context.now}`;
    const result = advance(before, command, context);
    assert.deepEqual(advance(before, command, context), result, `${at}: twice the same is the same`);
    const refusal = result.ok ? null : result.problem.code;
    assert.equal(refusal, applyToModel(model, command, context), `${at}: accepted or refused`);
    if (result.ok) {
      state = result.state;
      events.push(...result.events);
      checkStep(before, command, state);
    }
    assert.deepEqual(viewOfState(state), viewOfModel(model), at);
    checkState(state);
    return { before, command, refusal, after: state };
  });
  checkOffers(state, context);
  checkReplay(events, state);
  return performed;
}

/** Waking that is aimed comes at the very moment for which something is scheduled. */
function timeOf(step: FlowStep, { type }: Command, { execution }: ExecutionState, last: Instant): Instant {
  const { wakeAt } = execution;
  if (type === 'WAKE_EXECUTION' && step.isAimed && wakeAt !== null && wakeAt > last) return wakeAt;
  return new Date(Date.parse(last) + step.hours * 3_600_000).toISOString();
}
