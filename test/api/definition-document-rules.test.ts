import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { COMPLETE_DOCUMENT, textOf, textWithTask } from '../support/definition-texts.ts';
import { changed, mutate } from '../support/definitions.ts';
import { issuesOf } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const imported = (document: string) => changed(api, api.designer, 'importDefinition', { document });

/** A document with every field that says something other than by default. */
const whole = {
  format: 'handrail/definition',
  formatVersion: 1,
  name: 'Wallbox',
  assignees: [{ variable: '{{entity.owner}}' }],
  dueRule: { amount: 30, unit: 'WORKING_DAYS', anchor: 'EXECUTION_STARTED' },
  triggers: [
    { type: 'MANUAL', entitySchema: 'order' },
    { type: 'AUTOMATION', automationId: 'new-order' },
    { type: 'JOURNEY' },
  ],
  phases: [
    {
      key: 'work',
      name: 'Work',
      dueRule: { amount: 2, unit: 'DAYS', anchor: 'TASK_FINISHED', taskKey: 'd' },
    },
  ],
  tasks: [
    {
      key: 'd',
      name: 'Is it paid?',
      type: 'DECISION',
      schedule: {
        anchor: 'ENTITY_DATE',
        direction: 'BEFORE',
        amount: 1,
        unit: 'WEEKS',
        path: 'delivery.date',
      },
      decision: {
        mode: 'AUTOMATIC',
        takes: 'EVERY_MET',
        branches: [
          {
            key: 'yes',
            name: 'Yes',
            connective: 'OR',
            statements: [
              {
                source: { type: 'ENTITY', entitySchema: 'contract', paths: ['paid'], match: 'ALL' },
                operator: 'IS_NOT_EMPTY',
              },
              {
                source: {
                  type: 'EXECUTION',
                  fact: 'TASK_FINISHED_AT',
                  taskKey: 'mount',
                  offset: { amount: 2, unit: 'DAYS' },
                },
                operator: 'LESS_THAN',
                values: ['today'],
                valueType: 'RELATIVE_DATE',
              },
            ],
          },
          { key: 'no', name: 'No', isDefault: true },
        ],
        loop: { branchKey: 'no', exitBranchKey: 'yes', maxIterations: 5 },
      },
    },
    {
      key: 'mail',
      name: 'Write',
      type: 'AUTOMATION',
      phaseKey: 'work',
      schedule: { anchor: 'REACHED', amount: 2, unit: 'HOURS' },
      automation: { automationId: 'mail', mode: 'MANUAL', inputTaskKey: 'first' },
    },
    { key: 'mount', name: 'Mount it', journey: { journeyId: 'offer', completesTask: true } },
  ],
  edges: [{ from: { taskKey: 'd' }, to: { taskKey: 'mail' }, branchKey: 'yes' }],
  entitySync: [
    {
      event: 'TASK_COMPLETED',
      taskKey: 'mount',
      entitySchema: 'order',
      path: 'state',
      source: 'CUSTOM_VALUE',
      customValue: 'mounted',
    },
  ],
};

describe('A document with rules', () => {
  test('is exported as it was imported', async () => {
    expect((await imported(JSON.stringify(whole))).document).toBe(textOf(whole));
  });

  test('leaves out what has its default', async () => {
    const [first, ...others] = whole.tasks;
    const loop = { branchKey: 'no', exitBranchKey: 'yes' };
    const branches = [{ key: 'no', name: 'No' }];
    const short = {
      ...whole,
      tasks: [{ ...first, decision: { mode: 'MANUAL', branches, loop } }, ...others],
    };
    const long = {
      ...short,
      tasks: [
        {
          ...first,
          decision: {
            mode: 'MANUAL',
            takes: 'FIRST_MET',
            branches: [{ ...branches[0], isDefault: false, connective: 'AND', statements: [] }],
            loop: { ...loop, maxIterations: 3 },
          },
          automation: null,
          journey: null,
        },
        ...others,
      ],
    };
    expect((await imported(JSON.stringify(long))).document).toBe(textOf(short));
  });

  test.each<[what: string, document: string, path: string, code: string]>([
    [
      'a kind of task that is not known',
      textWithTask({ type: 'WAIT' }),
      'document.tasks[0].type',
      'INVALID_VALUE',
    ],
    [
      'a decision without branches',
      textWithTask({ decision: { mode: 'MANUAL' } }),
      'document.tasks[0].decision.branches',
      'INVALID_TYPE',
    ],
    [
      'an amount that is no whole number',
      textOf({ ...COMPLETE_DOCUMENT, dueRule: { amount: 1.5, unit: 'DAYS', anchor: 'EXECUTION_STARTED' } }),
      'document.dueRule.amount',
      'INVALID_VALUE',
    ],
    [
      'an amount that is too large for the API',
      textOf({
        ...COMPLETE_DOCUMENT,
        dueRule: { amount: 2 ** 31, unit: 'DAYS', anchor: 'EXECUTION_STARTED' },
      }),
      'document.dueRule.amount',
      'INVALID_VALUE',
    ],
    [
      'a kind of trigger that is not known',
      textOf({ ...COMPLETE_DOCUMENT, triggers: [{ type: 'MOON' }] }),
      'document.triggers[0].type',
      'INVALID_VALUE',
    ],
    [
      'a trigger with a field of another kind',
      textOf({ ...COMPLETE_DOCUMENT, triggers: [{ automationId: 'x' }] }),
      'document.triggers[0]',
      'UNKNOWN_FIELD',
    ],
    [
      'a character in a rule that can’t be stored',
      textWithTask({ journey: { journeyId: '\0' } }),
      'document.tasks[0].journey.journeyId',
      'INVALID_CHARACTER',
    ],
  ])('is refused with %s', async (_what, document, path, code) => {
    const answer = await mutate(api, api.designer, 'importDefinition', { document });
    expect(issuesOf(answer)).toMatchObject([{ path, code }]);
  });
});
