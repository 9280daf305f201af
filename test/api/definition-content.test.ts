import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { readContents, savedDraft, savedTask } from '../support/definition-contents.ts';
import { changed, mutate, someContent } from '../support/definitions.ts';
import type { BranchDefinitionInput } from '../support/generated/graphql.ts';
import { issuesOf, present } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('Kept as given:', () => {
  test('a due rule of the definition, a phase and a task', async () => {
    const rules = {
      whole: { amount: 3, unit: 'MONTHS', anchor: 'EXECUTION_STARTED' },
      phase: { amount: 0, unit: 'HOURS', anchor: 'PHASE_FINISHED', phaseKey: 'plan' },
      task: { amount: 2, unit: 'WORKING_DAYS', anchor: 'TASK_FINISHED', taskKey: 'visit' },
    } as const;
    const draft = await savedDraft(api, {
      dueRule: rules.whole,
      phases: [
        { key: 'plan', name: 'Plan' },
        { key: 'build', name: 'Build', dueRule: rules.phase },
      ],
      tasks: [
        { key: 'visit', name: 'Visit', phaseKey: 'plan' },
        { key: 'offer', name: 'Offer', phaseKey: 'build', dueRule: rules.task },
      ],
    });
    expect(draft).toMatchObject({
      dueAt: null,
      dueRule: { ...rules.whole, taskKey: null, phaseKey: null },
      phases: [{ dueRule: null }, { dueRule: { ...rules.phase, taskKey: null } }],
      tasks: [{ dueRule: null }, { dueRule: { ...rules.task, phaseKey: null } }],
    });
  });

  test('a schedule', async () => {
    const schedule = {
      anchor: 'ENTITY_DATE',
      direction: 'BEFORE',
      amount: 2,
      unit: 'WEEKS',
      path: 'delivery.date',
      entitySchema: 'order',
    } as const;
    expect((await savedTask(api, { schedule })).schedule).toEqual({ ...schedule, taskKey: null });
  });

  test('an automation and a form', async () => {
    const automation = { automationId: 'auto-1', mode: 'MANUAL', inputTaskKey: 'b' } as const;
    const journey = { journeyId: 'form-1', completesTask: true };
    expect(await savedTask(api, { type: 'AUTOMATION', automation, journey })).toMatchObject({
      type: 'AUTOMATION',
      automation,
      journey,
    });
  });

  test('the branches of edges', async () => {
    const [from, to] = [{ taskKey: 'a' }, { taskKey: 'b' }];
    const { edges } = await savedDraft(api, {
      edges: [
        { from, to, branchKey: 'yes' },
        { from, to },
      ],
    });
    expect(edges).toEqual([
      { from, to, branchKey: 'yes' },
      { from, to, branchKey: null },
    ]);
  });

  test('triggers of every type', async () => {
    const { triggers } = await savedDraft(api, {
      triggers: [
        { entitySchema: 'order' },
        { type: 'AUTOMATION', automationId: 'auto-1' },
        { type: 'AUTOMATION' },
        { type: 'JOURNEY', journeyId: 'form-1' },
      ],
    });
    expect(triggers).toEqual([
      { __typename: 'ManualTrigger', type: 'MANUAL', entitySchema: 'order' },
      { __typename: 'AutomationTrigger', type: 'AUTOMATION', automationId: 'auto-1' },
      { __typename: 'AutomationTrigger', type: 'AUTOMATION', automationId: null },
      { __typename: 'JourneyTrigger', type: 'JOURNEY', journeyId: 'form-1' },
    ]);
  });

  test('all of it in a published version', async () => {
    const branches = [
      {
        key: 'yes',
        name: 'Yes',
        statements: [{ source: { entity: { paths: ['vip'] } }, operator: 'IS_NOT_EMPTY' }],
      },
      { key: 'no', name: 'No', isDefault: true },
    ] satisfies BranchDefinitionInput[];
    const content = someContent({
      dueRule: { amount: 3, unit: 'MONTHS', anchor: 'EXECUTION_STARTED' },
      tasks: [
        {
          key: 'a',
          name: 'A',
          type: 'DECISION',
          decision: { branches },
          schedule: { anchor: 'REACHED', amount: 1, unit: 'HOURS' },
          assigneeVariables: ['{{entity.owner}}'],
        },
      ],
      entitySyncPresets: [{ preset: 'CURRENT_TASK', entitySchema: 'order', path: 'step' }],
    });
    const { id } = await changed(api, api.designer, 'createDefinition', { content });
    await changed(api, api.designer, 'publishDefinition', { definitionId: id });
    const { draft, published } = await readContents(api, id);
    expect(present(published).content).toEqual(draft);
  });
});

describe('Left out:', () => {
  test('a task has no due rule, schedule, decision, automation and form', async () => {
    expect(await savedTask(api, {})).toEqual({
      key: 'a',
      type: 'MANUAL',
      dueRule: null,
      assignees: [],
      schedule: null,
      decision: null,
      automation: null,
      journey: null,
    });
  });

  test('a schedule counts after its anchor', async () => {
    const { schedule } = await savedTask(api, { schedule: { anchor: 'REACHED', amount: 1, unit: 'DAYS' } });
    expect(schedule).toMatchObject({ direction: 'AFTER', path: null, entitySchema: null });
  });

  test('an automation runs by itself on the execution’s entity, a form does not complete its task', async () => {
    const task = await savedTask(api, {
      automation: { automationId: 'auto-1' },
      journey: { journeyId: 'form-1' },
    });
    expect(task).toMatchObject({
      automation: { mode: 'AUTOMATIC', inputTaskKey: null },
      journey: { completesTask: false },
    });
  });
});

describe('Assignees', () => {
  test('are people, then variables, each shown as what it is', async () => {
    const id = encodeId('User', api.member.userId);
    const responsible = { assignees: [id], assigneeVariables: ['{{entity.owner}}', '{{entity.team.lead}}'] };
    const { assignees, phases, tasks } = await savedDraft(api, {
      ...responsible,
      phases: [{ key: 'plan', name: 'Plan', ...responsible }],
      tasks: [{ key: 'a', name: 'A', ...responsible }],
    });
    const variable = (text: string) => ({
      __typename: 'UnresolvedAssignee',
      reference: text,
      variable: text,
      isTeam: false,
    });
    const expected = [
      { __typename: 'User', id },
      variable('{{entity.owner}}'),
      variable('{{entity.team.lead}}'),
    ];
    expect([assignees, phases[0]?.assignees, tasks[0]?.assignees]).toEqual([expected, expected, expected]);
  });

  test('are at most 100 variables', async () => {
    const assigneeVariables = Array.from({ length: 101 }, (_, index) => `{{entity.owner${index}}}`);
    const content = someContent({ assigneeVariables });
    const answer = await mutate(api, api.designer, 'createDefinition', { content });
    expect(issuesOf(answer)).toMatchObject([{ path: 'content.assigneeVariables', code: 'TOO_MANY' }]);
  });
});

describe('Refused:', () => {
  test.each([
    ['MANUAL', 'automationId'],
    ['MANUAL', 'journeyId'],
    ['AUTOMATION', 'entitySchema'],
    ['AUTOMATION', 'journeyId'],
    ['JOURNEY', 'entitySchema'],
    ['JOURNEY', 'automationId'],
  ] as const)('a trigger of type %s with %s', async (type, field) => {
    const content = someContent({ triggers: [{ type, [field]: 'x' }] });
    const answer = await mutate(api, api.designer, 'createDefinition', { content });
    expect(issuesOf(answer)).toMatchObject([{ path: `content.triggers[0].${field}`, code: 'NOT_ALLOWED' }]);
  });
});
