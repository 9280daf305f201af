/** The engine against a second, plain implementation of the same rules, in random flows with random work in them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advance } from '../../src/engine/advance.ts';
import type { Command } from '../../src/engine/command.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import type { TaskData } from '../../src/engine/state.ts';
import { compare } from '../model/compare.ts';
import { counted, NO_FIGURES } from '../model/figures.ts';
import { viewOfState, type View } from '../model/view.ts';
import { arbitraryFlow, arbitraryFlowCase } from '../support/random-flows.ts';
import { LATER, startOf } from '../support/workflow.ts';

describe('in random flows with random commands', () => {
  test('engine and model agree after every command, and nothing is lost, hangs or revives by itself', () => {
    let figures = NO_FIGURES;
    fc.assert(
      fc.property(arbitraryFlowCase, (flowCase) => {
        figures = counted(figures, flowCase, compare(flowCase));
      }),
      { numRuns: 400, seed: 7 },
    );
    for (const kind of [
      'joins',
      'decided',
      'looped',
      'scheduled',
      'failed',
      'buried',
      'revived',
      'runs',
      'endedRuns',
      'continuedRuns',
      'asked',
      'confirmed',
      'declined',
      'expired',
      'withdrawn',
      'leases',
      'completedByWorkers',
      'expiredLeases',
      'finishedExecutions',
    ] as const)
      expect(figures[kind], kind).toBeGreaterThan(0);
  });
});

/**
 * With decisions by hand that are made the same way each time. Not where an automatic decision may be made before or after an
 * attribute changes, a loop starts over what was done in parallel, or a schedule counts from the time of the work.
 */
test('the order in which parallel tasks are finished makes no difference to where the flow ends', () => {
  fc.assert(
    fc.property(arbitraryFlow, fc.array(fc.nat()), fc.array(fc.nat()), (flow, choices, others) => {
      const content = byHand(flow);
      expect(endOf(content, choices)).toEqual(endOf(content, others));
    }),
    { numRuns: 100 },
  );
});

/** Every decision is by hand, and nothing waits for its time or for somebody outside. */
function byHand(content: DefinitionContent): DefinitionContent {
  return {
    ...content,
    tasks: content.tasks.map((task) => ({
      ...task,
      schedule: null,
      confirmation: null,
      decision: task.decision && { ...task.decision, mode: 'MANUAL' },
    })),
  };
}

/** Works one of the enabled tasks after the other, as `choices` say, to the end. */
function endOf(content: DefinitionContent, choices: readonly number[]): View {
  let state = startOf(content).state;
  for (let step = 0; state.execution.status !== 'DONE'; step++) {
    const enabled = state.tasks.filter(({ isEnabled }) => isEnabled);
    const task = enabled[(choices[step % Math.max(1, choices.length)] ?? 0) % Math.max(1, enabled.length)];
    if (!task) throw new Error('nothing can be worked on');
    const result = advance(state, finishing(task), LATER);
    if (!result.ok) throw new Error(result.problem.code);
    state = result.state;
  }
  return viewOfState(state);
}

/** A decision takes its last branch, which never is one that leads back. */
function finishing({ id: taskId, decision }: TaskData): Command {
  const key = decision?.branches.at(-1)?.key;
  return key === undefined
    ? { type: 'COMPLETE_TASK', taskId }
    : { type: 'DECIDE_TASK', taskId, branchKeys: [key] };
}
