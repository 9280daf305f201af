/** Validation of definitions as large as they may get, whatever is in them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DefinitionContent, EdgeDefinition, TaskDefinition } from '../../src/engine/definition.ts';
import { LIMITS } from '../../src/engine/limits.ts';
import { reachedFrom, successorsOf } from '../../src/engine/validation/graph.ts';
import { reachOf } from '../../src/engine/validation/reach.ts';
import { validate } from '../support/validation.ts';
import { branch, decision, definition, equals, phase, ref, task } from '../support/workflow.ts';

const LOOP = { branchKey: 'again', exitBranchKey: 'out', maxIterations: 3 };

function upTo<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

/** Every tenth task is a decision that loops back to the one nine before it; edges lead some tasks ahead, as many as there may be. */
function large(taskCount: number, edgeCount: number): DefinitionContent {
  const isDecision = (index: number): boolean => index % 10 === 9;
  const tasks = upTo(taskCount, (index): TaskDefinition => {
    const parts: Partial<TaskDefinition> = {
      phaseKey: `p${Math.floor(index / 20)}`,
      requirements: index < 100 ? [] : upTo(3, (back) => ref(`t${index - 10 * (back + 1)}`)),
      dueRule:
        index === 0
          ? null
          : { amount: 2, unit: 'DAYS', anchor: 'TASK_FINISHED', taskKey: `t${index - 1}`, phaseKey: null },
    };
    if (!isDecision(index)) return task(`t${index}`, parts);
    const branches = [
      branch('again', { statements: upTo(3, (at) => equals(`path${at}`, 'x')) }),
      branch('out', { isDefault: true }),
    ];
    return decision(`t${index}`, branches, { mode: 'AUTOMATIC', loop: LOOP }, parts);
  });
  const ahead = (from: number, distance: number): EdgeDefinition[] => {
    const to = from + distance;
    if (to >= taskCount) return [];
    return [{ from: ref(`t${from}`), to: ref(`t${to}`), branchKey: isDecision(from) ? 'out' : null }];
  };
  const back = upTo(taskCount, (index) => index)
    .filter(isDecision)
    .map((from) => ({ from: ref(`t${from}`), to: ref(`t${from - 9}`), branchKey: 'again' }));
  const edges = upTo(9, (distance) => upTo(taskCount, (from) => ahead(from, distance + 1)).flat()).flat();
  return definition({
    phases: upTo(Math.ceil(taskCount / 20), (index) => phase(`p${index}`)),
    tasks,
    edges: [...back, ...edges].slice(0, edgeCount),
  });
}

/** The errors; finding them must not take more than so many milliseconds of the processor, whatever else it is busy with. */
function errorsOf(content: DefinitionContent, limitMs: number): string[] {
  const before = process.cpuUsage();
  const issues = validate(content);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(limitMs);
  return issues.filter(({ severity }) => severity === 'ERROR').map(({ code, path }) => `${code} ${path}`);
}

describe('a large definition is validated without a pause', () => {
  test.each([
    [500, 2_500],
    [LIMITS.tasks.hard, LIMITS.edges.hard],
  ])('of %d tasks and %d edges', (tasks, edges) => {
    const content = large(tasks, edges);
    expect(content.edges).toHaveLength(edges);
    expect(errorsOf(content, 3_000)).toEqual([]);
  });

  const count = LIMITS.tasks.hard;
  const keys = upTo(count, (index) => `t${index}`);
  const around = (index: number, by: number) => ref(keys[(index + by) % count] ?? '');

  test('in which everything waits for everything', () => {
    const tasks = keys.map((key, index) =>
      task(key, {
        requirements: upTo(LIMITS.requirements.hard, (by) => around(index, by + 1)),
        dueRule: {
          amount: 1,
          unit: 'DAYS',
          anchor: 'TASK_FINISHED',
          taskKey: keys[(index + 7) % count] ?? '',
          phaseKey: null,
        },
        schedule: {
          anchor: 'TASK_FINISHED',
          direction: 'AFTER',
          amount: 1,
          unit: 'DAYS',
          taskKey: keys[(index + 3) % count] ?? '',
          path: null,
          entitySchema: null,
        },
      }),
    );
    const edges = upTo(LIMITS.edges.hard, (index) => ({
      from: around(index, 0),
      to: around(index, Math.floor(index / count) + 1),
      branchKey: null,
    }));
    expect(errorsOf(definition({ tasks, edges }), 10_000)).toEqual([
      'CYCLE edges[0]',
      'CIRCULAR_REQUIREMENTS tasks[0].requirements[0]',
    ]);
  });

  test('with hundreds of small circles, each before all that come later', () => {
    const tasks = keys.map((key, index) =>
      task(key, {
        requirements: [
          ref(keys[index % 2 === 0 ? index + 1 : index - 1] ?? ''),
          ...upTo(LIMITS.requirements.hard - 1, (back) => back + 2)
            .filter((back) => back <= index)
            .map((back) => ref(keys[index - back] ?? '')),
        ],
      }),
    );
    const errors = errorsOf(definition({ tasks }), 10_000);
    expect(errors).toHaveLength(100);
    expect(errors.at(-1)).toBe('MORE_ISSUES ');
  });

  test('with every requirement of what comes later', () => {
    const tasks = keys.map((key, index) =>
      task(key, {
        requirements: upTo(LIMITS.requirements.hard, (by) => index + by + 1)
          .filter((later) => later < count)
          .map((later) => ref(keys[later] ?? '')),
      }),
    );
    expect(errorsOf(definition({ tasks, isSequential: true }), 10_000)).toHaveLength(100);
  });
});

test('what a graph leads to is what a walk through it finds', () => {
  const graph = fc.integer({ min: 1, max: 70 }).chain((count) => {
    const node = fc.nat({ max: count - 1 });
    return fc
      .array(fc.record({ from: node, to: node }), { maxLength: 2 * count })
      .map((arcs) => successorsOf(count, arcs));
  });
  fc.assert(
    fc.property(graph, (successors) => {
      const reach = reachOf(successors);
      const nodes = [...successors.keys()];
      expect(nodes.map((from) => nodes.filter((to) => reach(from, to)))).toEqual(
        nodes.map((from) => [...reachedFrom(successors, from)].sort((a, b) => a - b)),
      );
    }),
    { numRuns: 200 },
  );
});
