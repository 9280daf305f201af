/** What of a flow template arrives, and what does not. */
import { describe, expect, test } from 'vitest';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { validateDefinition } from '../../src/engine/validate.ts';
import {
  flowTemplate,
  KNOWN,
  leftOut,
  readFixture,
  readTask,
  readValue,
  taskOf,
  templateWithTask,
} from './documents.ts';

const read = readFixture('flow-template');
const { content } = read;

const task = (key: string) => taskOf(read, key);

describe('The template', () => {
  test('gives the definition its fields', () => {
    expect(content).toMatchObject({
      name: 'Wallbox installation',
      description: 'From the first call to the first charge.',
      labels: ['e-mobility', '2025'],
      isVisibleInPortal: true,
      isSequential: false,
      hasSingleClosingReason: true,
      closingReasonIds: ['too-expensive'],
    } satisfies Partial<DefinitionContent>);
  });

  test('gives assignees by the mapping, and variables as they stand', () => {
    expect(content.assignees).toEqual([
      { type: 'USER', id: 'anna' },
      { type: 'VARIABLE', id: '{{entity.owner}}' },
    ]);
    expect(content.phases.map(({ assignees }) => assignees)).toEqual([
      [{ type: 'TEAM', id: 'planning' }],
      [{ type: 'VARIABLE', id: '{{entity.team}}' }],
    ]);
    expect(task('call').assignees).toEqual([{ type: 'USER', id: 'anna' }]);
  });

  test('gives its triggers, each once', () => {
    expect(content.triggers).toEqual([
      { type: 'MANUAL', entitySchema: 'order' },
      { type: 'AUTOMATION', automationId: 'new-order' },
      { type: 'JOURNEY', journeyId: 'order-form' },
      { type: 'AUTOMATION', automationId: null },
    ]);
    expect(
      readValue(flowTemplate({ trigger: { type: 'manual' }, additional_triggers: [{ type: 'manual' }] }))
        .content.triggers,
    ).toEqual([{ type: 'MANUAL', entitySchema: null }]);
  });

  test('can be started by hand if it says nothing about triggers', () => {
    expect(readValue(flowTemplate()).content.triggers).toEqual([{ type: 'MANUAL', entitySchema: null }]);
  });

  test('gives its sync rules', () => {
    expect(content.entitySync).toEqual([
      {
        event: 'EXECUTION_STARTED',
        taskKey: null,
        phaseKey: null,
        entitySchema: 'order',
        path: 'workflow',
        source: 'EXECUTION_NAME',
        customValue: null,
      },
      {
        event: 'TASK_COMPLETED',
        taskKey: 'mount',
        phaseKey: null,
        entitySchema: 'order',
        path: 'state',
        source: 'CUSTOM_VALUE',
        customValue: 'mounted',
      },
      {
        event: 'PHASE_COMPLETED',
        taskKey: null,
        phaseKey: 'build',
        entitySchema: 'order',
        path: 'last_phase',
        source: 'PHASE_NAME',
        customValue: null,
      },
    ]);
  });

  test('tells everything that it leaves out', () => {
    expect(leftOut(read)).toEqual([
      'OTHER_SYSTEM id',
      'OTHER_SYSTEM org_id',
      'OTHER_SYSTEM version',
      'SWITCHED_OFF enabled',
      'OTHER_SYSTEM created_at',
      'OTHER_SYSTEM updated_at',
      'OTHER_SYSTEM _manifest',
      'OTHER_SYSTEM trigger.id',
      'OTHER_SYSTEM additional_triggers[*].id',
      'NOT_SUPPORTED additional_triggers[0].input_entity',
      'NOT_SUPPORTED additional_triggers[0].trigger_config',
      'OTHER_SYSTEM additional_triggers[1].journey_name',
      'NOT_SUPPORTED additional_triggers[1].automation_id',
      'NOT_SUPPORTED additional_triggers[2].entity_schema',
      'UNMAPPED_AUTOMATION additional_triggers[3]',
      'UNMAPPED_JOURNEY additional_triggers[4]',
      'OVERRIDDEN due_date',
      'OTHER_SYSTEM assigned_to[1].value',
      'UNMAPPED_ASSIGNEE assigned_to[2]',
      'OTHER_SYSTEM limit_warnings',
      'OTHER_SYSTEM tasks[0].journey.id',
      'OTHER_SYSTEM tasks[0].journey.name',
      'NO_EFFECT tasks[0].due_date_config.task_id',
      'NO_EFFECT tasks[0].due_date_config.phase_id',
      'NOT_SUPPORTED tasks[0].ecp.journey',
      'NOT_SUPPORTED tasks[0].installer.journey',
      'NOT_SUPPORTED tasks[1].task_type',
      'NOT_SUPPORTED tasks[1].agent_config',
      'SWITCHED_OFF tasks[1].description.value',
      'OTHER_SYSTEM tasks[*].conditions[*].statements[*].id',
      'OTHER_SYSTEM tasks[2].conditions[0].statements[0].source.id',
      'OTHER_SYSTEM tasks[*].conditions[*].statements[*].source.attribute_type',
      'OTHER_SYSTEM tasks[2].conditions[0].statements[0].source.attribute_repeatable',
      'LEFT_TO_A_PERSON tasks[3].trigger_mode',
      'NOT_SUPPORTED tasks[3].conditions[0].statements[0]',
      'NOT_SUPPORTED tasks[3].conditions[1].statements[0]',
      'NOT_SUPPORTED tasks[3].conditions[1].statements[1]',
      'NOT_SUPPORTED tasks[4].automation_config.action_config',
      'NOT_SUPPORTED tasks[4].automation_config.duplicated_flow_id',
      'OTHER_SYSTEM tasks[4].created_automatically',
      'NO_EFFECT tasks[4].requirements[1].task_id',
      'INCOMPLETE tasks[4].requirements[2]',
      'NO_EFFECT tasks[5].schedule.reference.id',
      'UNMAPPED_AUTOMATION tasks[6].automation_config',
      'LEFT_TO_A_PERSON tasks[6].trigger_mode',
      'NO_EFFECT tasks[6].schedule.reference.id',
      'UNMAPPED_JOURNEY tasks[7].journey',
      'NOT_SUPPORTED tasks[8].due_date_config',
      'OTHER_SYSTEM edges[*].id',
      'REPEATED edges[9]',
      'NO_EFFECT edges[10].condition_id',
      'OTHER_SYSTEM closing_reasons[0].title',
      'OTHER_SYSTEM closing_reasons[0].status',
      'OTHER_SYSTEM closing_reasons[0].lastUpdateTime',
      'OTHER_SYSTEM closing_reasons[0].creationTime',
      'UNMAPPED_CLOSING_REASON closing_reasons[1]',
      'NO_EFFECT entity_sync[2].trigger.filter.task_template_id',
      'NO_EFFECT entity_sync[2].value.value',
      'INCOMPLETE entity_sync[3]',
    ]);
  });

  test('leaves nothing out that the format does not know', () => {
    expect(read.notTakenOver.filter(({ code }) => code === 'UNKNOWN_FIELD')).toEqual([]);
  });
});

describe('Tasks', () => {
  test('have their texts', () => {
    expect(task('call')).toMatchObject({
      name: 'Call the customer',
      phaseKey: 'prepare',
      description: 'Ask for **photos** of the fuse box.',
      labels: ['phone'],
      audienceTexts: [
        {
          audience: 'PORTAL',
          isEnabled: true,
          label: 'We call you',
          description: 'Have your **fuse box** at hand.',
        },
        {
          audience: 'INSTALLER',
          isEnabled: false,
          label: 'Call the customer',
          description: 'Nothing to do.',
        },
        { audience: 'PARTNER', isEnabled: true, label: 'Call', description: 'Done by us.' },
      ],
    });
  });

  test('are shown to nobody outside unless that is switched on', () => {
    expect(readTask({ ecp: { label: 'Secret' } }).audienceTexts).toMatchObject([{ isEnabled: false }]);
  });

  test('have their journeys by the mapping', () => {
    expect(task('call').journey).toEqual({ journeyId: 'site-data', completesTask: false });
    expect(readTask({ journey: { id: 'jrn-site' } }).journey).toEqual({
      journeyId: 'site-data',
      completesTask: true,
    });
    expect(task('mount').journey).toBeNull();
    expect(leftOut(read)).toContain('UNMAPPED_JOURNEY tasks[7].journey');
  });

  test('for AI agents become tasks for people', () => {
    expect(task('meter')).toMatchObject({ type: 'MANUAL', description: null });
    expect(leftOut(read)).toEqual(
      expect.arrayContaining(['NOT_SUPPORTED tasks[1].task_type', 'NOT_SUPPORTED tasks[1].agent_config']),
    );
  });

  test('have their requirements', () => {
    expect(task('order').requirements).toEqual([{ taskKey: 'call' }, { phaseKey: 'prepare' }]);
  });

  test('of a linear template have none: their order says it all', () => {
    const linear = readFixture('create-flow-template');
    expect(linear.content.tasks.flatMap(({ requirements }) => requirements)).toEqual([]);
    expect(linear.content.edges).toHaveLength(2);
    expect(linear.content.isSequential).toBe(true);
    expect(leftOut(linear)).toContain('OVERRIDDEN tasks[2].requirements');
  });

  test('of a linear template without edges form a chain', () => {
    expect(readValue(flowTemplate({ linear: true })).content.isSequential).toBe(true);
  });
});

describe('Automations', () => {
  test('run what the mapping says', () => {
    expect(task('order')).toMatchObject({
      type: 'AUTOMATION',
      automation: { automationId: 'order-goods', mode: 'AUTOMATIC', inputTaskKey: null },
    });
    expect(task('announce').automation).toEqual({
      automationId: 'announce-visit',
      mode: 'AUTOMATIC',
      inputTaskKey: 'order',
    });
  });

  test('that are not mapped are left open, with the schedule kept', () => {
    expect(task('tell')).toMatchObject({
      type: 'AUTOMATION',
      automation: null,
      schedule: { anchor: 'ALL_PRECEDING_TASKS_FINISHED' },
    });
    expect(leftOut(read)).toContain('UNMAPPED_AUTOMATION tasks[6].automation_config');
  });

  test('wait for a button unless the template says otherwise', () => {
    const parts = { task_type: 'AUTOMATION', automation_config: { flow_id: 'auto-order' } };
    expect(readTask(parts).automation?.mode).toBe('MANUAL');
  });

  test('whose input can’t be told are left to a person', () => {
    const answer = readValue(
      templateWithTask({
        task_type: 'AUTOMATION',
        trigger_mode: 'automatic',
        automation_config: { flow_id: 'auto-order', input_context: { source: 'task' } },
      }),
    );
    expect(answer.content.tasks[0]?.automation?.mode).toBe('MANUAL');
    expect(leftOut(answer)).toEqual([
      'LEFT_TO_A_PERSON tasks[0].trigger_mode',
      'INCOMPLETE tasks[0].automation_config.input_context',
    ]);
  });
});

describe('A pattern in the list', () => {
  test('says how many places it stands for', () => {
    expect(read.notTakenOver.find(({ path }) => path === 'edges[*].id')?.message).toMatch(/\(13 times\)$/);
  });

  test('stands for no place that was taken over', () => {
    const tasks = ['id', 'journeyId', 'both'].map((id) => ({
      id,
      name: id,
      task_type: 'MANUAL',
      journey: {
        ...(id === 'journeyId' ? {} : { id: id === 'both' ? 'entry' : 'jrn-site' }),
        ...(id === 'id' ? {} : { journeyId: 'jrn-site' }),
      },
    }));
    const second = { ...tasks[2], id: 'both again' };
    expect(leftOut(readValue(flowTemplate({ tasks: [...tasks, second] })))).toEqual([
      'OTHER_SYSTEM tasks[2].journey.id',
      'OTHER_SYSTEM tasks[3].journey.id',
    ]);
  });
});

test.each(['flow-template', 'create-flow-template'] as const)(
  'What %s becomes has no errors but the automation that nobody mapped',
  (name) => {
    const errors = validateDefinition(readFixture(name).content, KNOWN).filter(
      ({ severity }) => severity === 'ERROR',
    );
    expect(errors.map(({ path }) => path)).toEqual(name === 'flow-template' ? ['tasks[6].automation'] : []);
  },
);
