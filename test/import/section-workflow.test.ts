/** What of a section/step workflow arrives, and what does not. */
import { describe, expect, test } from 'vitest';
import { validateDefinition } from '../../src/engine/validate.ts';
import { KNOWN, leftOut, readFixture, readValue, sectionWorkflow, taskOf } from './documents.ts';

const read = readFixture('section-workflow');
const { content } = read;

const task = (key: string) => taskOf(read, key);

describe('The workflow', () => {
  test('gives the definition its fields', () => {
    expect(content).toMatchObject({
      name: 'Meter change',
      description: 'Change the meter before it runs out of calibration.',
      labels: ['meters'],
      isVisibleInPortal: true,
      isSequential: false,
      dueAt: '2022-12-24T12:00:00.000Z',
      dueRule: null,
      hasSingleClosingReason: true,
      closingReasonIds: ['too-expensive'],
      edges: [],
    });
  });

  test('can be started by hand and by automations, as such workflows could', () => {
    expect(content.triggers).toEqual([
      { type: 'MANUAL', entitySchema: null },
      { type: 'AUTOMATION', automationId: null },
    ]);
  });

  test('gives assignees by id, and by the numbers that came before ids', () => {
    expect(content.assignees).toEqual([
      { type: 'USER', id: 'anna' },
      { type: 'USER', id: 'bert' },
    ]);
    expect(leftOut(read)).toEqual(
      expect.arrayContaining(['UNMAPPED_ASSIGNEE userIds[1]', 'UNMAPPED_ASSIGNEE assignedTo[1]']),
    );
  });

  test('gives a sync rule for each event that its three words stand for', () => {
    expect(content.entitySync.map(({ event, source, path }) => `${event}: ${path} = ${source}`)).toEqual([
      'EXECUTION_STARTED: state = EXECUTION_STATUS',
      'EXECUTION_DONE: state = EXECUTION_STATUS',
      'EXECUTION_CLOSED: state = EXECUTION_STATUS',
      'EXECUTION_REOPENED: state = EXECUTION_STATUS',
      'CURRENT_TASK_CHANGED: phase = PHASE_NAME',
      'CURRENT_TASK_CHANGED: step = TASK_NAME',
    ]);
  });

  test('tells everything that it leaves out', () => {
    expect(leftOut(read)).toEqual([
      'OTHER_SYSTEM id',
      'OTHER_SYSTEM creationTime',
      'OTHER_SYSTEM lastUpdateTime',
      'UNMAPPED_ASSIGNEE userIds[1]',
      'UNMAPPED_ASSIGNEE assignedTo[1]',
      'OTHER_SYSTEM _manifest',
      'OTHER_SYSTEM closingReasons[0].title',
      'UNMAPPED_CLOSING_REASON closingReasons[1]',
      'NO_EFFECT flow[0].steps[1].automationConfig',
      'OTHER_SYSTEM flow[0].steps[1].journey.id',
      'OTHER_SYSTEM flow[0].steps[1].journey.name',
      'NO_EFFECT flow[0].steps[1].dynamicDueDate.phaseId',
      'OVERRIDDEN flow[1].steps[0].dueDate',
      'NOT_SUPPORTED flow[1].steps[0].ecp.journey',
      'UNMAPPED_AUTOMATION flow[2].automationConfig',
      'ORDER_CHANGED flow[3].order',
    ]);
  });

  test('leaves nothing out that the format does not know', () => {
    expect(read.notTakenOver.filter(({ code }) => code === 'UNKNOWN_FIELD')).toEqual([]);
  });
});

describe('Sections and steps', () => {
  test('come in their order, steps of sections before those of none', () => {
    expect(content.phases.map(({ key }) => key)).toEqual(['sec-plan', 'sec-do']);
    expect(content.tasks.map(({ key, phaseKey }) => `${phaseKey}: ${key}`)).toEqual([
      'null: stp-first',
      'sec-plan: stp-plan',
      'sec-do: stp-change',
      'sec-do: stp-report',
      'null: stp-file',
    ]);
    expect(leftOut(read)).toContain('ORDER_CHANGED flow[3].order');
  });

  test('get keys where they have no ids', () => {
    const step = { name: 'Step', type: 'STEP', order: 1 };
    const { content } = readValue(
      sectionWorkflow({
        flow: [
          { name: 'Section', type: 'SECTION', order: 1, steps: [step, { ...step, id: 'step-2' }] },
          { ...step, id: '' },
        ],
      }),
    );
    expect(content.phases.map(({ key }) => key)).toEqual(['section-1']);
    expect(content.tasks.map(({ key }) => key)).toEqual(['step-3', 'step-2', 'step-4']);
  });

  test('have their due dates and rules', () => {
    const [plan, build] = content.phases;
    expect(plan).toMatchObject({ dueAt: '2022-12-01T12:00:00.000Z', dueRule: null });
    expect(build).toMatchObject({
      dueAt: null,
      dueRule: { amount: 2, unit: 'WEEKS', anchor: 'PHASE_FINISHED', taskKey: null, phaseKey: 'sec-plan' },
    });
    expect(task('stp-change').dueRule).toEqual({
      amount: 3,
      unit: 'DAYS',
      anchor: 'TASK_FINISHED',
      taskKey: 'stp-plan',
      phaseKey: null,
    });
    expect(task('stp-plan')).toMatchObject({
      dueAt: null,
      dueRule: { amount: 8, unit: 'HOURS', anchor: 'EXECUTION_STARTED' },
    });
  });

  test('have their requirements, texts and journeys', () => {
    expect(task('stp-report').requirements).toEqual([{ taskKey: 'stp-change' }, { phaseKey: 'sec-plan' }]);
    expect(task('stp-change').journey).toEqual({ journeyId: 'site-data', completesTask: true });
    expect(task('stp-plan')).toMatchObject({
      description: 'Call first.',
      labels: ['phone'],
      assignees: [
        { type: 'USER', id: 'anna' },
        { type: 'USER', id: 'bert' },
      ],
      audienceTexts: [
        { audience: 'PORTAL', isEnabled: true, label: 'We call you', description: 'Soon.' },
        { audience: 'INSTALLER', isEnabled: true, label: 'Call', description: null },
        { audience: 'PARTNER', isEnabled: false, label: 'Find a day', description: null },
      ],
    });
  });

  test('run automations by a button', () => {
    expect(task('stp-report')).toMatchObject({
      type: 'AUTOMATION',
      automation: { automationId: 'order-goods', mode: 'MANUAL', inputTaskKey: null },
    });
    expect(task('stp-change')).toMatchObject({ type: 'MANUAL', automation: null });
    expect(task('stp-file')).toMatchObject({ type: 'AUTOMATION', automation: null });
  });
});

test.each(['section-workflow', 'section-workflow-without-ids'] as const)(
  'What %s becomes has no errors but the automation that nobody mapped',
  (name) => {
    const errors = validateDefinition(readFixture(name).content, KNOWN).filter(
      ({ severity }) => severity === 'ERROR',
    );
    expect(errors.map(({ path }) => path)).toEqual(
      name === 'section-workflow' ? ['tasks[4].automation'] : [],
    );
  },
);
