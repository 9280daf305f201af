/** What is wrong with edges of decisions, with loops, and with requirements among branches. */
import { describe, expect, test } from 'vitest';
import type { DefinitionContent, LoopDefinition, TaskDefinition } from '../../src/engine/definition.ts';
import { found, messages } from '../support/validation.ts';
import { branch, decision, edge, phased, ref, task } from '../support/workflow.ts';

const branches = [branch('again'), branch('out')];
const loop: LoopDefinition = { branchKey: 'again', exitBranchKey: 'out', maxIterations: 3 };

/** Tasks `a` to `e`, and a decision `d` with the loop. */
function looping(edges: readonly string[], parts: Partial<LoopDefinition> = {}): Partial<DefinitionContent> {
  const tasks = ['a', 'b', 'c', 'e'].map((key) => task(key));
  return {
    tasks: [...tasks, decision('d', branches, { loop: { ...loop, ...parts } })],
    edges: edges.map(edge),
  };
}

const requiring = (key: string, ...requirements: string[]): TaskDefinition =>
  task(key, { requirements: requirements.map(ref) });

describe('an edge of a branch', () => {
  test('comes from a decision that has the branch', () => {
    const parts = { ...phased('p: a b'), edges: ['a =yes> b', '#p =yes> d', 'd =maybe> a'].map(edge) };
    const tasks = [...parts.tasks, decision('d', [branch('yes')])];
    expect(found({ ...parts, tasks }).filter((issue) => issue.includes('branchKey'))).toEqual([
      'ERROR BRANCH_WITHOUT_DECISION edges[0].branchKey',
      'ERROR BRANCH_WITHOUT_DECISION edges[1].branchKey',
      'ERROR UNKNOWN_BRANCH edges[2].branchKey',
    ]);
    expect(messages({ ...parts, tasks })).toContain('Task "d" has no branch with the key "maybe".');
  });

  test('may go where another branch goes, but not twice', () => {
    const tasks = [decision('d', branches), task('a')];
    expect(found({ tasks, edges: ['d =again> a', 'd =out> a', 'd > a', 'd =out> a'].map(edge) })).toEqual([
      'ERROR DUPLICATE_EDGE edges[3]',
    ]);
  });

  test('may be missing: the path ends there', () => {
    expect(found({ tasks: [decision('d', branches), task('a')], edges: [edge('d =out> a')] })).toEqual([]);
  });
});

describe('a loop', () => {
  test('may lead back to an earlier task, past joins and parallel tasks', () => {
    expect(found(looping(['a > b', 'a > c', 'b > d', 'c > d', 'd =again> b', 'd =out> e']))).toEqual([]);
  });

  test('may lead back to the start, and to a phase', () => {
    const { phases, tasks } = phased('p: a b', 'q: c');
    const all = [...tasks, decision('d', branches, { loop }, { phaseKey: 'q' })];
    expect(
      found({
        phases,
        tasks: all,
        edges: ['a > b', '#p > #q', 'c > d', 'd =again> #p', 'd =again> c'].map(edge),
      }),
    ).toEqual([]);
  });

  test('may be inside another one', () => {
    const inner = decision('i', branches, { loop });
    const outer = decision('o', branches, { loop });
    expect(
      found({
        tasks: [task('a'), task('b'), inner, outer, task('e')],
        edges: ['a > b', 'b > i', 'i =again> b', 'i =out> o', 'o =again> a', 'o =out> e'].map(edge),
      }),
    ).toEqual([]);
  });

  test('has branches that there are, two different ones', () => {
    const path = 'tasks[4].decision.loop';
    expect(found(looping([], { branchKey: 'x', exitBranchKey: 'y' }))).toEqual([
      `ERROR UNKNOWN_BRANCH ${path}.branchKey`,
      `ERROR UNKNOWN_BRANCH ${path}.exitBranchKey`,
    ]);
    expect(found(looping(['a > d', 'd =again> a'], { exitBranchKey: 'again' }))).toEqual([
      `ERROR LOOP_IS_EXIT ${path}.exitBranchKey`,
    ]);
  });

  test.each([
    [0, false],
    [1, true],
    [100, true],
    [101, false],
    [1.5, false],
  ])('of at most %d times is possible: %s', (maxIterations, isPossible) => {
    const issues = found(looping(['a > d', 'd =again> a'], { maxIterations }));
    expect(issues).toEqual(isPossible ? [] : ['ERROR OUT_OF_RANGE tasks[4].decision.loop.maxIterations']);
  });

  test('has an edge', () => {
    expect(found(looping(['a > d', 'd =out> e']))).toEqual([
      'ERROR LOOP_WITHOUT_EDGE tasks[4].decision.loop.branchKey',
    ]);
  });

  test('leads to what leads to the decision', () => {
    const parts = looping(['a > d', 'd =out> e', 'e > b', 'd =again> a', 'd =again> b', 'd =again> c']);
    expect(found(parts)).toEqual(['ERROR LOOP_NOT_BACK edges[4].to', 'ERROR LOOP_NOT_BACK edges[5].to']);
    expect(messages(parts)[0]).toBe(
      'The loop of task "d" does not lead back: task "b" does not come before it.',
    );
  });

  test('is left by a branch that does not lead back', () => {
    const parts = looping(['a > d', 'd =again> a', 'd =out> e', 'e > a']);
    expect(found(parts)).toEqual(['ERROR LOOP_EXIT_LEADS_BACK edges[2]']);
    expect(messages(parts)).toEqual([
      'The branch that should leave the loop leads back: task "d" → task "e" → task "a" → task "d".',
    ]);
  });

  test('must be declared: a branch alone may not lead back', () => {
    const parts = {
      tasks: [task('a'), decision('d', branches), task('e')],
      edges: ['a > d', 'd =again> a', 'd =out> e'].map(edge),
    };
    expect(found(parts)).toEqual(['ERROR CYCLE edges[0]', 'ERROR UNREACHABLE_TASK tasks[2]']);
    expect(messages(parts)[0]).toBe(
      'The edges go in a circle: task "a" → task "d" → task "a". If it is to repeat, make the branch that leads back the loop of task "d".',
    );
  });

  test('of a phase does not keep its start tasks from being reached with the phase', () => {
    const { phases, tasks } = phased('p: a', 'q: b');
    const all = [...tasks, decision('d', branches, { loop }, { phaseKey: 'q' })];
    const dueRule = {
      anchor: 'ALL_PRECEDING_TASKS_FINISHED',
      amount: 1,
      unit: 'DAYS',
      taskKey: null,
      phaseKey: null,
    } as const;
    const edges = ['#p > #q', 'b > d', 'd =again> b'].map(edge);
    expect(
      found({ phases, tasks: all.map((item) => (item.key === 'b' ? { ...item, dueRule } : item)), edges }),
    ).toEqual([]);
  });
});

describe('a requirement', () => {
  const choice = decision('d', [branch('yes'), branch('no')]);
  const edges = ['d =yes> a', 'd =no> b'].map(edge);

  test('may be of a task in another branch, which is skipped if it is not taken', () => {
    expect(found({ tasks: [choice, requiring('a', 'b'), task('b')], edges })).toEqual([]);
  });

  test('can not be of what comes after the task in each branch', () => {
    expect(found({ tasks: [{ ...choice, requirements: [ref('b')] }, task('a'), task('b')], edges })).toEqual([
      'ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[0]',
    ]);
  });

  test('may be of an earlier task to which only a loop leads', () => {
    const parts = looping(['a > b', 'b > d', 'd =again> a', 'd =out> e']);
    const tasks = (parts.tasks ?? []).map((item) => (item.key === 'b' ? requiring('b', 'a') : item));
    expect(found({ ...parts, tasks })).toEqual([]);
  });
});

test('of a very long circle only some tasks are told', () => {
  const keys = Array.from({ length: 100 }, (_, index) => `t${index}`);
  const edges = keys.map((key, index) => edge(`${key} > ${keys[(index + 1) % 100]}`));
  expect(messages({ tasks: keys.map((key) => task(key)), edges })).toEqual([
    `The edges go in a circle: ${[...keys.slice(0, 9).map((key) => `task "${key}"`), '… 91 more …', 'task "t0"'].join(' → ')}.`,
  ]);
});
