/**
 * How long the engine takes over large definitions: validation, start, and one command. Beside each figure stands how often a plain copy
 * of the definition (`structuredClone`) would fit into that time, since machines differ.
 */
import { advance } from '../../src/engine/advance.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import { branch, decision, definition, edge, equals, LATER, startOf, task } from '../support/workflow.ts';

const ROUNDS = 15;
const NOBODY = {
  userIds: new Set<string>(),
  teamIds: new Set<string>(),
  closingReasonIds: new Set<string>(),
  automationIds: new Set<string>(),
  journeyIds: new Set<string>(),
};

/** Groups of five, one after the other: a task, an automatic decision between two tasks, and their join. */
function largeDefinition(size: number): DefinitionContent {
  const branches = [
    branch('yes', { statements: [equals('heating', 'gas')] }),
    branch('no', { isDefault: true }),
  ];
  const groups = Array.from({ length: size / 5 }, (_, index) => index);
  return definition({
    tasks: groups.flatMap((group) => [
      task(`first-${group}`),
      decision(`way-${group}`, branches, { mode: 'AUTOMATIC' }),
      task(`yes-${group}`),
      task(`no-${group}`),
      task(`join-${group}`),
    ]),
    edges: groups
      .flatMap((group) => [
        ...(group > 0 ? [`join-${group - 1} > first-${group}`] : []),
        `first-${group} > way-${group}`,
        `way-${group} =yes> yes-${group}`,
        `way-${group} =no> no-${group}`,
        `yes-${group} > join-${group}`,
        `no-${group} > join-${group}`,
      ])
      .map(edge),
  });
}

/** Milliseconds, the median of all rounds. */
function median(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  return times[Math.floor(ROUNDS / 2)] ?? 0;
}

for (const size of [100, 500, 1_000]) {
  const content = largeDefinition(size);
  const copy = median(() => structuredClone(content));
  const { state } = startOf(content);
  const measured = {
    validate: median(() => validateDefinition(content, NOBODY)),
    start: median(() => startOf(content)),
    'complete a task, which sets off a decision': median(() =>
      advance(state, { type: 'COMPLETE_TASK', taskId: 'first-0' }, LATER),
    ),
  };
  process.stdout.write(`${size} tasks (a copy takes ${copy.toFixed(1)} ms)\n`);
  for (const [name, time] of Object.entries(measured))
    process.stdout.write(`  ${name}: ${time.toFixed(1)} ms, ${(time / copy).toFixed(1)} copies\n`);
}
