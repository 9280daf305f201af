/** When things are due in an imported flow template, and when they go on by themselves. */
import { describe, expect, test } from 'vitest';
import { flowTemplate, leftOut, readFixture, readTask, readValue, templateWithTask } from './documents.ts';

describe('Due dates', () => {
  test('keep the rule and leave out the fixed date next to it', () => {
    const read = readFixture('flow-template');
    expect(read.content).toMatchObject({
      dueAt: null,
      dueRule: { amount: 3, unit: 'MONTHS', anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null },
    });
    expect(leftOut(read)).toContain('OVERRIDDEN due_date');
  });

  test('are in UTC', () => {
    const { dueAt } = readValue(flowTemplate({ due_date: '2025-12-31T17:00:00+01:00' })).content;
    expect(dueAt).toBe('2025-12-31T16:00:00.000Z');
  });

  test.each([
    ['WORKFLOW_STARTED', {}, { anchor: 'EXECUTION_STARTED', taskKey: null, phaseKey: null }],
    ['TASK_FINISHED', { task_id: 'b' }, { anchor: 'TASK_FINISHED', taskKey: 'b', phaseKey: null }],
    ['PHASE_FINISHED', { phase_id: 'p' }, { anchor: 'PHASE_FINISHED', taskKey: null, phaseKey: 'p' }],
    [
      'A_PRECEDING_TASK_COMPLETED',
      {},
      { anchor: 'A_PRECEDING_TASK_FINISHED', taskKey: null, phaseKey: null },
    ],
    [
      'ALL_PRECEDING_TASKS_COMPLETED',
      {},
      { anchor: 'ALL_PRECEDING_TASKS_FINISHED', taskKey: null, phaseKey: null },
    ],
  ])('%s', (type, parts, rule) => {
    const config = { due_date_config: { duration: 2, unit: 'weeks', type, ...parts } };
    expect(readTask(config).dueRule).toEqual({ amount: 2, unit: 'WEEKS', ...rule });
  });

  test.each(['minutes', 'hours', 'days', 'weeks', 'months', 'years'])('count in %s', (unit) => {
    const config = { due_date_config: { duration: 1, unit, type: 'WORKFLOW_STARTED' } };
    expect(readTask(config).dueRule?.unit).toBe(unit.toUpperCase());
  });

  test.each([
    ['INCOMPLETE', { duration: 1, unit: 'days', type: 'TASK_FINISHED', phase_id: 'p' }],
    ['INCOMPLETE', { duration: 1, unit: 'days', type: 'PHASE_FINISHED' }],
    ['NOT_SUPPORTED', { duration: 1.5, unit: 'days', type: 'WORKFLOW_STARTED' }],
    ['NOT_SUPPORTED', { duration: 2 ** 31, unit: 'days', type: 'WORKFLOW_STARTED' }],
    ['NOT_SUPPORTED', { duration: -1, unit: 'days', type: 'WORKFLOW_STARTED' }],
  ])('that can’t be kept are left out as %s, so that the fixed date counts', (code, due_date_config) => {
    const answer = readValue(templateWithTask({ due_date_config, due_date: '2025-12-31T17:00:00Z' }));
    expect(leftOut(answer)).toEqual([`${code} tasks[0].due_date_config`]);
    expect(answer.content.tasks[0]).toMatchObject({ dueRule: null, dueAt: '2025-12-31T17:00:00.000Z' });
  });
});

describe('Schedules', () => {
  const scheduled = (schedule: object): object =>
    templateWithTask({
      task_type: 'AUTOMATION',
      trigger_mode: 'automatic',
      automation_config: { flow_id: 'auto-order' },
      schedule,
    });
  const none = { taskKey: null, path: null, entitySchema: null };

  test.each([
    [{ mode: 'immediate' }, null],
    [{}, null],
    [
      { mode: 'delayed', duration: 2, unit: 'hours' },
      { anchor: 'REACHED', direction: 'AFTER', amount: 2, unit: 'HOURS', ...none },
    ],
    [
      {
        mode: 'relative',
        direction: 'after',
        duration: 1,
        unit: 'days',
        reference: { id: 'x', origin: 'flow_started' },
      },
      { anchor: 'EXECUTION_STARTED', direction: 'AFTER', amount: 1, unit: 'DAYS', ...none },
    ],
    [
      {
        mode: 'relative',
        direction: 'after',
        duration: 1,
        unit: 'months',
        reference: { id: 'x', origin: 'task_completed' },
      },
      { anchor: 'TASK_FINISHED', direction: 'AFTER', amount: 1, unit: 'MONTHS', ...none, taskKey: 'x' },
    ],
    [
      {
        mode: 'relative',
        direction: 'before',
        duration: 3,
        unit: 'weeks',
        reference: { id: 'x', origin: 'trigger_entity_attribute', schema: 'order', attribute: 'visit' },
      },
      {
        anchor: 'ENTITY_DATE',
        direction: 'BEFORE',
        amount: 3,
        unit: 'WEEKS',
        taskKey: null,
        path: 'visit',
        entitySchema: 'order',
      },
    ],
    [
      {
        mode: 'relative',
        direction: 'after',
        duration: 5,
        unit: 'minutes',
        reference: { id: 'all_preceding_tasks_completed', origin: 'all_preceding_tasks_completed' },
      },
      {
        anchor: 'ALL_PRECEDING_TASKS_FINISHED',
        direction: 'AFTER',
        amount: 5,
        unit: 'MINUTES',
        ...none,
      },
    ],
  ])('%j', (schedule, rule) => {
    const [read] = readValue(scheduled(schedule)).content.tasks;
    expect(read).toMatchObject({ schedule: rule, automation: { mode: 'AUTOMATIC' } });
  });

  test.each([
    ['NOT_SUPPORTED', { mode: 'delayed', duration: 1.5, unit: 'hours' }],
    [
      'INCOMPLETE',
      {
        mode: 'relative',
        direction: 'before',
        duration: 1,
        unit: 'days',
        reference: { id: 'x', origin: 'trigger_entity_attribute' },
      },
    ],
  ])('that can’t be kept are left out as %s, and a person sets the task going', (code, schedule) => {
    const answer = readValue(scheduled(schedule));
    expect(leftOut(answer)).toEqual(['LEFT_TO_A_PERSON tasks[0].trigger_mode', `${code} tasks[0].schedule`]);
    expect(answer.content.tasks[0]).toMatchObject({ schedule: null, automation: { mode: 'MANUAL' } });
  });
});
