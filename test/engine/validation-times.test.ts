/** What is wrong with due date rules, schedules, assignees by variable, and sync rules. */
import { describe, expect, test } from 'vitest';
import type {
  DefinitionContent,
  DueRule,
  EntitySyncRule,
  ScheduleRule,
  TaskDefinition,
} from '../../src/engine/definition.ts';
import { found, messages } from '../support/validation.ts';
import { decision, branch, edge, phase, phased, ref, task } from '../support/workflow.ts';

function due(parts: Partial<DueRule> = {}): DueRule {
  return { amount: 2, unit: 'DAYS', anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null, ...parts };
}

const afterTask = (taskKey: string): DueRule => due({ anchor: 'TASK_FINISHED', taskKey });
const afterPhase = (phaseKey: string): DueRule => due({ anchor: 'PHASE_FINISHED', phaseKey });

function schedule(parts: Partial<ScheduleRule> = {}): ScheduleRule {
  return {
    anchor: 'REACHED',
    direction: 'AFTER',
    amount: 1,
    unit: 'DAYS',
    taskKey: null,
    path: null,
    entitySchema: null,
    ...parts,
  };
}

const scheduledBy = (taskKey: string): ScheduleRule => schedule({ anchor: 'TASK_FINISHED', taskKey });

/** Phase `p` with `a > b`, then phase `q` with `c`, and whatever is added to the tasks. */
function flow(added: Readonly<Record<string, Partial<TaskDefinition>>>): Partial<DefinitionContent> {
  const { phases, tasks } = phased('p: a b', 'q: c');
  return {
    phases,
    tasks: tasks.map((item) => ({ ...item, ...added[item.key] })),
    edges: ['a > b', '#p > #q'].map(edge),
  };
}

describe('a due date', () => {
  test('is fixed or follows from a rule', () => {
    const dueAt = '2028-02-29T12:00:00.000Z';
    expect(found({ ...flow({ a: { dueAt, dueRule: due() } }), dueAt, dueRule: due() })).toEqual([
      'ERROR TWO_DUE_DATES dueRule',
      'ERROR TWO_DUE_DATES tasks[0].dueRule',
    ]);
  });

  test.each([
    [0, 'HOURS', true],
    [10_000, 'MONTHS', true],
    [10_001, 'MINUTES', false],
    [1_000, 'YEARS', true],
    [1_001, 'YEARS', false],
    [-1, 'DAYS', false],
    [0.5, 'WORKING_DAYS', false],
    [NaN, 'DAYS', false],
  ] as const)('can be %d %s later: %s', (amount, unit, isPossible) => {
    const issues = found({ ...flow({}), dueRule: due({ amount, unit }) });
    expect(issues).toEqual(isPossible ? [] : ['ERROR OUT_OF_RANGE dueRule.amount']);
  });

  test('names the task or phase from whose end it is counted, and only that', () => {
    expect(found({ ...flow({}), dueRule: due({ anchor: 'TASK_FINISHED', phaseKey: 'p' }) })).toEqual([
      'ERROR MISSING_VALUE dueRule.taskKey',
      'ERROR UNEXPECTED_VALUE dueRule.phaseKey',
    ]);
    expect(found({ ...flow({}), dueRule: due({ taskKey: 'a' }) })).toEqual([
      'ERROR UNEXPECTED_VALUE dueRule.taskKey',
    ]);
    expect(messages({ ...flow({}), dueRule: due({ taskKey: 'a' }) })).toEqual([
      'A due date from EXECUTION_STARTED on takes no taskKey; leave it out.',
    ]);
  });

  test('is counted from a task or phase that there is', () => {
    expect(found(flow({ a: { dueRule: afterTask('x') }, c: { dueRule: afterPhase('x') } }))).toEqual([
      'ERROR UNKNOWN_TASK tasks[0].dueRule.taskKey',
      'ERROR UNKNOWN_PHASE tasks[2].dueRule.phaseKey',
    ]);
  });

  test('of a task can be counted from what comes before it, or from what has no order with it', () => {
    expect(
      found(
        flow({
          a: { dueRule: due() },
          b: { dueRule: due({ anchor: 'A_PRECEDING_TASK_FINISHED' }) },
          c: { dueRule: afterPhase('p') },
        }),
      ),
    ).toEqual([]);
    expect(found({ tasks: [task('a'), task('b', { dueRule: afterTask('a') })] })).toEqual([]);
  });

  test.each([
    ['itself', 'a', afterTask('a'), 'taskKey'],
    ['a task after it', 'a', afterTask('c'), 'taskKey'],
    ['its own phase', 'b', afterPhase('p'), 'phaseKey'],
    ['a phase after it', 'b', afterPhase('q'), 'phaseKey'],
    ['preceding tasks, of which there are none', 'a', due({ anchor: 'A_PRECEDING_TASK_FINISHED' }), 'anchor'],
  ])('of a task can not be counted from %s', (_, key, dueRule, field) => {
    const task = key === 'a' ? 0 : 1;
    expect(found(flow({ [key]: { dueRule } }))).toEqual([
      `ERROR DUE_RULE_NEVER_MET tasks[${task}].dueRule.${field}`,
    ]);
  });

  test('of a task can not be counted from what requires it', () => {
    const tasks = [task('a', { dueRule: afterTask('b') }), task('b', { requirements: [ref('a')] })];
    expect(found({ tasks })).toEqual(['ERROR DUE_RULE_NEVER_MET tasks[0].dueRule.taskKey']);
    expect(messages({ tasks })).toEqual([
      'Task "a" is due from the end of task "b" on, which comes after it, so it never has a due date in time.',
    ]);
  });

  test('of a phase can be counted from a task in it, but not from its own end or what comes after', () => {
    const withRule = (dueRule: DueRule): string[] =>
      found({ ...flow({}), phases: [phase('p', { dueRule }), phase('q')] });
    expect(withRule(afterTask('a'))).toEqual([]);
    expect(withRule(afterPhase('p'))).toEqual(['ERROR DUE_RULE_NEVER_MET phases[0].dueRule.phaseKey']);
    expect(withRule(afterTask('c'))).toEqual(['ERROR DUE_RULE_NEVER_MET phases[0].dueRule.taskKey']);
  });

  test('of a phase is counted from preceding tasks only if an edge leads to it', () => {
    const dueRule = due({ anchor: 'ALL_PRECEDING_TASKS_FINISHED' });
    const phases = [phase('p', { dueRule }), phase('q', { dueRule })];
    expect(found({ ...flow({}), phases })).toEqual(['ERROR DUE_RULE_NEVER_MET phases[0].dueRule.anchor']);
  });

  test('of a task in a sequence is counted from the one before it', () => {
    const dueRule = due({ anchor: 'ALL_PRECEDING_TASKS_FINISHED' });
    const tasks = ['a', 'b'].map((key) => task(key, { dueRule }));
    expect(found({ tasks, isSequential: true })).toEqual([
      'ERROR DUE_RULE_NEVER_MET tasks[0].dueRule.anchor',
    ]);
  });

  test('of the execution is counted from its start, a task or a phase', () => {
    expect(found({ ...flow({}), dueRule: afterPhase('q') })).toEqual([]);
    expect(found({ ...flow({}), dueRule: due({ anchor: 'ALL_PRECEDING_TASKS_FINISHED' }) })).toEqual([
      'ERROR DUE_RULE_NEVER_MET dueRule.anchor',
    ]);
  });
});

describe('a schedule', () => {
  const ofTask = (key: string, parts: Partial<ScheduleRule>): string[] =>
    found(flow({ [key]: { schedule: schedule(parts) } }));
  const entityDate = { anchor: 'ENTITY_DATE', path: 'delivery.date' } as const;

  test('after it was reached takes some time', () => {
    expect(ofTask('a', { amount: 0 })).toEqual(['ERROR OUT_OF_RANGE tasks[0].schedule.amount']);
    expect(ofTask('a', { amount: 0, anchor: 'EXECUTION_STARTED' })).toEqual([]);
  });

  test('names the date of the entity that it is counted from', () => {
    expect(ofTask('a', { ...entityDate, direction: 'BEFORE', entitySchema: 'contract' })).toEqual([]);
    expect(ofTask('a', { ...entityDate, path: null })).toEqual([
      'ERROR MISSING_VALUE tasks[0].schedule.path',
    ]);
    expect(ofTask('a', { ...entityDate, path: '[0]' })).toEqual([
      'ERROR INVALID_PATH tasks[0].schedule.path',
    ]);
    expect(ofTask('a', { ...entityDate, entitySchema: ' ' })).toEqual([
      'ERROR MISSING_VALUE tasks[0].schedule.entitySchema',
    ]);
  });

  test('from something else on takes no date of the entity', () => {
    expect(ofTask('a', { path: 'date', entitySchema: 'order', taskKey: 'b' })).toEqual([
      'ERROR UNEXPECTED_VALUE tasks[0].schedule.taskKey',
      'ERROR UNEXPECTED_VALUE tasks[0].schedule.path',
      'ERROR UNEXPECTED_VALUE tasks[0].schedule.entitySchema',
    ]);
  });

  test('before something that is known only when it is over is never met', () => {
    expect(ofTask('b', { direction: 'BEFORE', anchor: 'TASK_FINISHED', taskKey: 'a' })).toEqual([
      'ERROR SCHEDULE_NEVER_MET tasks[1].schedule.direction',
    ]);
  });

  test('is counted from a task that there is', () => {
    expect(ofTask('c', { anchor: 'TASK_FINISHED', taskKey: 'b' })).toEqual([]);
    expect(ofTask('c', { anchor: 'TASK_FINISHED' })).toEqual([
      'ERROR MISSING_VALUE tasks[2].schedule.taskKey',
    ]);
    expect(ofTask('c', { anchor: 'TASK_FINISHED', taskKey: 'x' })).toEqual([
      'ERROR UNKNOWN_TASK tasks[2].schedule.taskKey',
    ]);
  });

  test.each(['a', 'b', 'c'])('of the first task can not be counted from the end of %s', (taskKey) => {
    expect(found(flow({ a: { schedule: scheduledBy(taskKey) } }))).toEqual([
      'ERROR SCHEDULE_NEVER_MET tasks[0].schedule.taskKey',
    ]);
  });

  test('is counted from preceding tasks only if there are some', () => {
    expect(ofTask('c', { anchor: 'ALL_PRECEDING_TASKS_FINISHED' })).toEqual([]);
    expect(ofTask('a', { anchor: 'ALL_PRECEDING_TASKS_FINISHED' })).toEqual([
      'ERROR SCHEDULE_NEVER_MET tasks[0].schedule.anchor',
    ]);
  });

  test('can not wait for what waits for it in turn', () => {
    const crossed = {
      tasks: [task('a', { schedule: scheduledBy('b') }), task('b', { schedule: scheduledBy('a') })],
    };
    expect(found(crossed)).toEqual(['ERROR SCHEDULE_NEVER_MET tasks[0].schedule.taskKey']);
    expect(messages(crossed)).toEqual([
      'Edges, requirements and schedules together go in a circle: task "b" → task "a" → task "b".',
    ]);
    const required = {
      tasks: [task('a', { schedule: scheduledBy('b') }), task('b', { requirements: [ref('a')] })],
    };
    expect(found(required)).toEqual(['ERROR REQUIREMENT_NEVER_MET tasks[1].requirements[0]']);
  });

  test('may be counted from a task in another branch', () => {
    const tasks = [
      decision('d', [branch('yes'), branch('no')]),
      task('a', { schedule: scheduledBy('b') }),
      task('b'),
    ];
    expect(found({ tasks, edges: ['d =yes> a', 'd =no> b'].map(edge) })).toEqual([]);
  });
});

describe('an assignee by variable', () => {
  test.each([
    ['{{entity.owner}}', true],
    ['{{ entity.contacts[0].email }}', true],
    ['entity.owner', false],
    ['{{owner}}', false],
    ['{{entity.}}', false],
    ['{{entity.a..b}}', false],
    ['{{entity.a}}{{entity.b}}', false],
    ['', false],
  ])('such as %j is one: %s', (id, isVariable) => {
    const issues = found({ tasks: [task('a', { assignees: [{ type: 'VARIABLE', id }] })] });
    expect(issues).toEqual(isVariable ? [] : ['ERROR INVALID_VARIABLE tasks[0].assignees[0]']);
  });
});

describe('a sync rule', () => {
  const rule: EntitySyncRule = {
    event: 'TASK_COMPLETED',
    taskKey: null,
    phaseKey: null,
    entitySchema: 'order',
    path: 'progress.task',
    source: 'TASK_NAME',
    customValue: null,
  };
  const ofRule = (parts: Partial<EntitySyncRule>): string[] =>
    found({ ...flow({}), entitySync: [{ ...rule, ...parts }] }).map((issue) =>
      issue.replace('entitySync[0].', ''),
    );

  test('names the attribute that it sets', () => {
    expect(ofRule({})).toEqual([]);
    expect(ofRule({ entitySchema: '', path: ' ' })).toEqual([
      'ERROR NO_SYNC_TARGET entitySchema',
      'ERROR NO_SYNC_TARGET path',
    ]);
  });

  test.each(['items[0].state', 'items[*]', 'a..b', '.a'])('can not set %j', (path) => {
    expect(ofRule({ path })).toEqual(['ERROR INVALID_PATH path']);
  });

  test('may be limited to a task or phase that there is and that its event is about', () => {
    expect(ofRule({ taskKey: 'a' })).toEqual([]);
    expect(ofRule({ event: 'PHASE_STARTED', phaseKey: 'p' })).toEqual([]);
    expect(ofRule({ taskKey: 'x' })).toEqual(['ERROR UNKNOWN_TASK taskKey']);
    expect(ofRule({ event: 'PHASE_STARTED', phaseKey: 'x' })).toEqual(['ERROR UNKNOWN_PHASE phaseKey']);
    expect(ofRule({ taskKey: 'a', phaseKey: 'p' })).toEqual(['ERROR UNEXPECTED_VALUE phaseKey']);
    expect(ofRule({ event: 'PHASE_STARTED', taskKey: 'a' })).toEqual(['ERROR UNEXPECTED_VALUE taskKey']);
    expect(ofRule({ event: 'EXECUTION_DONE', taskKey: 'a', phaseKey: 'p' })).toEqual([
      'ERROR UNEXPECTED_VALUE taskKey',
      'ERROR UNEXPECTED_VALUE phaseKey',
    ]);
    expect(ofRule({ event: 'CURRENT_TASK_CHANGED', taskKey: 'a' })).toEqual([
      'ERROR UNEXPECTED_VALUE taskKey',
    ]);
  });

  test('has a value of its own exactly if that is its source', () => {
    expect(ofRule({ source: 'CUSTOM_VALUE', customValue: '' })).toEqual([]);
    expect(ofRule({ source: 'CUSTOM_VALUE' })).toEqual(['ERROR MISSING_VALUE customValue']);
    expect(ofRule({ customValue: 'done' })).toEqual(['ERROR UNEXPECTED_VALUE customValue']);
  });

  test('is one of a limited number', () => {
    expect(found({ ...flow({}), entitySync: Array.from({ length: 201 }, () => rule) })).toEqual([
      'ERROR TOO_MANY entitySync',
    ]);
  });
});
