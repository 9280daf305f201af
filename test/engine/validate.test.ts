/** What is wrong with a definition. */
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/engine/limits.ts';
import { found, messages, validate } from '../support/validation.ts';
import { edge, phase, phased, ref, task } from '../support/workflow.ts';

function requiring(requirements: Readonly<Record<string, string>>) {
  return (item: ReturnType<typeof task>): typeof item => ({
    ...item,
    requirements: (requirements[item.key] ?? '').split(' ').filter(Boolean).map(ref),
  });
}

test('a good definition has no issues', () => {
  expect(
    found({
      ...phased('first: a b', 'second: c'),
      edges: ['a > b', '#first > #second'].map(edge),
      assignees: [
        { type: 'USER', id: 'anna' },
        { type: 'TEAM', id: 'field' },
      ],
      dueAt: '2028-02-29T12:00:00.000Z',
      closingReasonIds: ['lost'],
    }),
  ).toEqual([]);
});

describe('names, keys and texts', () => {
  test('names must not be empty', () => {
    expect(
      found({
        name: ' ',
        phases: [phase('p', { name: '' })],
        tasks: [task('a', { phaseKey: 'p', name: '' })],
      }),
    ).toEqual(['ERROR EMPTY_NAME name', 'ERROR EMPTY_NAME phases[0].name', 'ERROR EMPTY_NAME tasks[0].name']);
  });

  test('keys must not be empty or repeated; a task and a phase may share one', () => {
    expect(
      found({
        phases: [phase('a'), phase('a')],
        tasks: [task('a', { phaseKey: 'a' }), task('a'), task('', { name: 'Visit' })],
      }),
    ).toEqual([
      'ERROR EMPTY_KEY tasks[2].key',
      'ERROR DUPLICATE_KEY phases[1].key',
      'ERROR DUPLICATE_KEY tasks[1].key',
    ]);
  });

  test.each([
    '2026-02-30T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-01-01',
    '2026-01-01T24:00:00.000Z',
    '',
  ])('the date %j is none', (dueAt) => {
    expect(found({ tasks: [task('a', { dueAt })] })).toEqual(['ERROR INVALID_DATE tasks[0].dueAt']);
  });

  test('dates of the definition and its phases are looked at too', () => {
    expect(
      found({ dueAt: '2027-02-29T00:00:00.000Z', ...phased('p: a'), phases: [phase('p', { dueAt: 'x' })] }),
    ).toEqual(['ERROR INVALID_DATE dueAt', 'ERROR INVALID_DATE phases[0].dueAt']);
  });

  test('text must be text', () => {
    expect(found({ name: 'a\0', tasks: [task('a', { description: '\udc00' })] })).toEqual([
      'ERROR INVALID_CHARACTER name',
      'ERROR INVALID_CHARACTER tasks[0].description',
    ]);
  });

  test('each audience has one text', () => {
    const text = { audience: 'PORTAL', isEnabled: true, label: 'Visit', description: null } as const;
    expect(found({ tasks: [task('a', { audienceTexts: [text, text] })] })).toEqual([
      'ERROR DUPLICATE_AUDIENCE tasks[0].audienceTexts[1]',
    ]);
  });
});

describe('references', () => {
  test('to tasks and phases must exist', () => {
    expect(
      found({
        tasks: [task('a', { phaseKey: 'nowhere', requirements: [ref('x'), ref('#y')] })],
        edges: [edge('x > #y')],
      }),
    ).toEqual([
      'ERROR UNKNOWN_PHASE tasks[0].phaseKey',
      'ERROR UNKNOWN_TASK tasks[0].requirements[0]',
      'ERROR UNKNOWN_PHASE tasks[0].requirements[1]',
      'ERROR UNKNOWN_TASK edges[0].from',
      'ERROR UNKNOWN_PHASE edges[0].to',
    ]);
  });

  test('to users, teams and closing reasons must exist', () => {
    expect(
      found({
        tasks: [task('a', { assignees: [{ type: 'USER', id: 'field' }] })],
        assignees: [{ type: 'TEAM', id: 'anna' }],
        closingReasonIds: ['lost', 'other'],
      }),
    ).toEqual([
      'ERROR UNKNOWN_TEAM assignees[0]',
      'ERROR UNKNOWN_USER tasks[0].assignees[0]',
      'ERROR UNKNOWN_CLOSING_REASON closingReasonIds[1]',
    ]);
  });
});

describe('what is missing', () => {
  test('a definition needs a task', () => {
    expect(found({})).toEqual(['ERROR NO_TASKS tasks']);
  });

  test('a phase without tasks and a definition without a trigger are worth a warning', () => {
    expect(found({ ...phased('first: a', 'second:'), triggers: [] })).toEqual([
      'WARNING NO_TRIGGER triggers',
      'WARNING EMPTY_PHASE phases[1]',
    ]);
  });
});

describe('edges', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((key) => task(key));

  test('can not lead back to where they come from', () => {
    expect(found({ tasks, edges: [edge('a > a')] })).toEqual(['ERROR SELF_EDGE edges[0]']);
  });

  test('can not be repeated', () => {
    expect(found({ tasks, edges: ['a > b', 'a > b'].map(edge) })).toEqual(['ERROR DUPLICATE_EDGE edges[1]']);
  });

  test('can not come from a phase without tasks', () => {
    expect(found({ tasks, phases: [phase('p')], edges: [edge('#p > a')] })).toEqual([
      'WARNING EMPTY_PHASE phases[0]',
      'ERROR EDGE_FROM_EMPTY_PHASE edges[0].from',
    ]);
  });

  test('can not go in a circle; what comes after it is never reached', () => {
    const parts = { tasks, edges: ['a > b', 'b > c', 'c > b', 'c > d'].map(edge) };
    expect(found(parts)).toEqual(['ERROR CYCLE edges[1]', 'ERROR UNREACHABLE_TASK tasks[3]']);
    expect(messages(parts)[0]).toBe('The edges go in a circle: task "b" → task "c" → task "b".');
  });

  test('can not go in a circle by way of phases', () => {
    const parts = { ...phased('p: a b', 'q: c'), edges: ['#p > #q', 'c > b'].map(edge) };
    expect(found(parts)).toEqual(['ERROR CYCLE edges[0]']);
    expect(messages(parts)[0]).toBe(
      'The edges go in a circle: phase "p" → phase "q" → task "c" → task "b" → phase "p".',
    );
  });

  test('can not lead from a phase into itself', () => {
    expect(found({ ...phased('p: a b'), edges: [edge('#p > b')] })).toEqual(['ERROR CYCLE edges[0]']);
    expect(found({ ...phased('p: a b'), edges: [edge('a > #p')] })).toEqual([
      'ERROR CYCLE edges[0]',
      'ERROR UNREACHABLE_TASK tasks[1]',
    ]);
  });
});

describe('requirements', () => {
  const { phases, tasks } = phased('p: a b', 'q: c d');

  test('can not be of the task itself, or of its own phase', () => {
    expect(found({ phases, tasks: tasks.map(requiring({ a: 'a', c: '#q' })) })).toEqual([
      'ERROR SELF_REQUIREMENT tasks[0].requirements[0]',
      'ERROR REQUIREMENT_NEVER_MET tasks[2].requirements[0]',
    ]);
  });

  test('are worth a warning when repeated', () => {
    expect(found({ phases, tasks: tasks.map(requiring({ b: 'a a' })) })).toEqual([
      'WARNING DUPLICATE_REQUIREMENT tasks[1].requirements[1]',
    ]);
  });

  test('can not wait for each other', () => {
    const parts = { phases, tasks: tasks.map(requiring({ a: 'b', b: 'c', c: 'a' })) };
    expect(found(parts)).toEqual(['ERROR CIRCULAR_REQUIREMENTS tasks[0].requirements[0]']);
    expect(messages(parts)[0]).toBe('These wait for each other: task "b" → task "a" → task "c" → task "b".');
  });

  test('can not wait for each other by way of phases', () => {
    expect(found({ phases, tasks: tasks.map(requiring({ a: '#q', c: '#p' })) })).toEqual([
      'ERROR CIRCULAR_REQUIREMENTS tasks[0].requirements[0]',
    ]);
  });

  test('can not be of what comes after the task', () => {
    const parts = { phases, tasks: tasks.map(requiring({ a: 'c #q', d: 'b' })), isSequential: true };
    expect(found(parts)).toEqual([
      'ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[0]',
      'ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[1]',
    ]);
    expect(messages(parts)).toEqual([
      'Task "a" requires task "c", which comes after it.',
      'Task "a" requires phase "q", which comes after it.',
    ]);
  });

  test.each([
    ['by an edge', { isSequential: false, edges: [edge('a > #empty')] }],
    ['in the sequence', { isSequential: true }],
  ])(
    'can not be of a phase without tasks that comes after the task %s: some may be added to it',
    (_, flow) => {
      const { phases, tasks } = phased('p: a', 'empty:', 'q: b');
      expect(found({ phases, tasks: tasks.map(requiring({ a: '#empty' })), ...flow })).toEqual([
        'WARNING EMPTY_PHASE phases[1]',
        'ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[0]',
      ]);
    },
  );

  test('can not be of what an edge by way of a phase without tasks puts after the task', () => {
    const { phases, tasks } = phased('p: a', 'empty:');
    const parts = { phases, tasks: tasks.map(requiring({ a: '#empty' })), edges: [edge('#p > #empty')] };
    expect(found(parts)).toContain('ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[0]');
  });

  test('can not go in a circle together with edges', () => {
    const parts = {
      phases,
      tasks: tasks.map(requiring({ a: 'd', c: 'b' })),
      edges: ['a > b', 'c > d'].map(edge),
    };
    expect(found(parts)).toEqual(['ERROR REQUIREMENT_NEVER_MET tasks[0].requirements[0]']);
    expect(messages(parts)[0]).toBe(
      'Edges and requirements together go in a circle: task "d" → task "a" → task "b" → task "c" → task "d".',
    );
  });

  test('may repeat what the flow says', () => {
    expect(found({ phases, tasks: tasks.map(requiring({ d: '#p a c' })), isSequential: true })).toEqual([]);
  });
});

describe('limits', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => task(`task-${index}`));
  const issuesOf = (count: number) =>
    validate({ tasks: many(count) }).map(({ severity, code, path, message }) => [
      severity,
      code,
      path,
      message,
    ]);

  test('are warned of from the soft one on, and are errors from the hard one on', () => {
    const { soft, hard } = LIMITS.tasks;
    expect(issuesOf(soft)).toEqual([]);
    expect(issuesOf(soft + 1)).toEqual([
      [
        'WARNING',
        'TOO_MANY',
        'tasks',
        'There are 201 tasks; more than 200 are hard to work with (at most 1000 are possible).',
      ],
    ]);
    expect(issuesOf(hard).map(([severity]) => severity)).toEqual(['WARNING']);
    expect(issuesOf(hard + 1)).toEqual([
      ['ERROR', 'TOO_MANY', 'tasks', 'There are 1001 tasks; at most 1000 are possible.'],
    ]);
  });

  test('hold for names, descriptions, labels and assignees', () => {
    const labels = Array.from({ length: 21 }, (_, index) => `label ${index}`);
    expect(
      found({
        name: 'x'.repeat(501),
        tasks: [
          task('a', { name: 'x'.repeat(201), description: 'x'.repeat(20_001), labels: ['x'.repeat(101)] }),
          task('b', {
            labels,
            assignees: Array.from({ length: 101 }, () => ({ type: 'USER', id: 'anna' }) as const),
          }),
        ],
      }),
    ).toEqual([
      'ERROR TOO_LONG name',
      'WARNING TOO_LONG tasks[0].name',
      'ERROR TOO_LONG tasks[0].description',
      'ERROR TOO_LONG tasks[0].labels[0]',
      'ERROR TOO_MANY tasks[1].assignees',
      'WARNING TOO_MANY tasks[1].labels',
    ]);
  });
});

describe('of more issues than anybody reads', () => {
  const LONG = 'x'.repeat(101);
  const parts = (labels: number) => ({
    tasks: [
      task('a', { labels: Array.from({ length: labels }, () => 'x'.repeat(51)) }),
      task('a', { labels: [LONG] }),
    ],
  });

  test('a hundred are all told', () => {
    expect(found(parts(97))).toHaveLength(100);
    expect(found(parts(97))).not.toContain('ERROR MORE_ISSUES ');
  });

  test('the last one of a hundred says how many are left out, errors being told first', () => {
    const issues = validate(parts(100));
    expect(issues.slice(0, 3).map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'ERROR TOO_LONG',
      'ERROR DUPLICATE_KEY',
      'WARNING TOO_LONG',
    ]);
    expect(issues).toHaveLength(100);
    expect(issues.at(-1)).toEqual({
      severity: 'WARNING',
      code: 'MORE_ISSUES',
      path: '',
      message: 'There are 4 more issues.',
    });
  });

  test('errors that are left out are still errors', () => {
    const labels = Array.from({ length: 100 }, () => LONG);
    expect(validate({ tasks: [task('a', { labels }), task('a')] }).at(-1)).toMatchObject({
      severity: 'ERROR',
      code: 'MORE_ISSUES',
    });
  });
});

test('what is too big to be published is told only that', () => {
  const tasks = Array.from({ length: 28_000 }, () => task('', { name: '\0', labels: ['\0'] }));
  expect(found({ name: ' ', tasks })).toEqual(['ERROR TOO_MANY tasks']);
});

describe('every error in a thousand tasks is found', () => {
  const phases = Array.from({ length: 50 }, (_, index) => phase(`phase-${index}`));
  const tasks = Array.from({ length: 1000 }, (_, index) =>
    task(`task-${index}`, {
      phaseKey: `phase-${Math.floor(index / 20)}`,
      requirements: index < 3 ? [] : [1, 2, 3].map((back) => ref(`task-${index - back}`)),
    }),
  );
  const backwards = tasks.map((item, index) => ({
    ...item,
    requirements: index > 996 ? [] : [1, 2, 3].map((on) => ref(`task-${index + on}`)),
  }));

  test.each([
    ['without an error', tasks, []],
    ['with every requirement wrong', backwards, [`There are ${997 * 3 + 1 - 99} more issues.`]],
  ])('%s', (_, all, left) => {
    const errors = validate({ phases, tasks: all, isSequential: true }).filter(
      ({ severity }) => severity === 'ERROR',
    );
    expect(errors.slice(99).map(({ message }) => message)).toEqual(left);
  });
});
