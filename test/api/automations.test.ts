import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, mutateAutomation, someAutomation } from '../support/automation-answers.ts';
import { changed, someContent } from '../support/definitions.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const create = (parts: object = {}) =>
  changedAutomation(api, api.designer, 'createAutomation', { content: someAutomation(parts) });

describe('A new automation', () => {
  test('is enabled, not archived, not published, in version 1', async () => {
    expect(await create()).toMatchObject({
      name: 'Welcome',
      version: 1,
      isEnabled: true,
      isArchived: false,
      disabledAt: null,
      published: null,
      issues: [],
    });
  });

  test('is made once for one idempotency key', async () => {
    const input = { content: someAutomation(), idempotencyKey: 'once' };
    const first = await changedAutomation(api, api.designer, 'createAutomation', input);
    const second = await changedAutomation(api, api.designer, 'createAutomation', input);
    expect(second.id).toBe(first.id);
  });

  test('can only be made by designers', async () => {
    const document = `mutation ($input: CreateAutomationInput!) { createAutomation(input: $input) { __typename } }`;
    const input = { content: someAutomation() };
    expect(await api.errorCodes(api.member, document, { input })).toEqual(['FORBIDDEN']);
  });

  test('is for members to read and not for partners', async () => {
    const { id } = await create();
    const document = `query ($id: ID!) { automation(id: $id) { name } }`;
    expect(await api.data(api.member, document, { id })).toEqual({ automation: { name: 'Welcome' } });
    expect(await api.errorCodes(api.partner, document, { id })).toEqual(['FORBIDDEN']);
  });
});

describe('The draft of an automation', () => {
  test('is given back as it was put in, ids included', async () => {
    const definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
    const filter = {
      connective: 'OR',
      statements: [
        {
          source: { entity: { paths: ['status'] } },
          operator: 'EQUALS',
          values: ['won'],
          valueType: 'STATIC',
        },
      ],
    };
    const { id, issues } = await create({
      triggers: [
        { type: 'ENTITY_UPDATED', entitySchema: 'order', paths: ['status'], filter },
        {
          type: 'EXECUTION_EVENT',
          eventTypes: ['TASK_COMPLETED'],
          definitionId: definition.id,
          taskKey: 'call',
        },
      ],
      actions: [
        { key: 'start', name: 'Begin', allowsFailure: true, startWorkflow: { definitionId: definition.id } },
      ],
      limit: { runs: 10, seconds: 60 },
    });
    expect(issues).toEqual([]);
    const document = `query ($id: ID!) {
      automation(id: $id) {
        draft {
          triggers {
            type
            ... on EntityFlowTrigger { entitySchema paths filter { connective statements { operator values } } }
            ... on ExecutionFlowTrigger { eventTypes definitionId taskKey }
          }
          actions { key name type allowsFailure config }
          limit { runs seconds }
        }
      }
    }`;
    expect(await api.data(api.member, document, { id })).toEqual({
      automation: {
        draft: {
          triggers: [
            {
              type: 'ENTITY_UPDATED',
              entitySchema: 'order',
              paths: ['status'],
              filter: { connective: 'OR', statements: [{ operator: 'EQUALS', values: ['won'] }] },
            },
            {
              type: 'EXECUTION_EVENT',
              eventTypes: ['TASK_COMPLETED'],
              definitionId: definition.id,
              taskKey: 'call',
            },
          ],
          actions: [
            {
              key: 'start',
              name: 'Begin',
              type: 'START_WORKFLOW',
              allowsFailure: true,
              config: { definitionId: definition.id },
            },
          ],
          limit: { runs: 10, seconds: 60 },
        },
      },
    });
  });

  test('is refused if an action does two things, or nothing', async () => {
    const entity = { schema: 'order', title: 'Order' };
    const actions = [
      { key: 'both', createEntity: entity, updateEntity: { title: 'Order' } },
      { key: 'none' },
    ];
    const tell = async (action: object | undefined) =>
      mutateAutomation(api, api.designer, 'createAutomation', {
        content: someAutomation({ actions: [action] }),
      });
    expect(await tell(actions[0])).toMatchObject({
      issues: [{ code: 'AMBIGUOUS', path: 'content.actions[0]' }],
    });
    expect(await tell(actions[1])).toMatchObject({ issues: [{ code: 'EMPTY', path: 'content.actions[0]' }] });
  });

  test('is refused with an id of another type in a config', async () => {
    const { id } = await create();
    const content = someAutomation({ actions: [{ key: 'start', startWorkflow: { definitionId: id } }] });
    expect(await mutateAutomation(api, api.designer, 'createAutomation', { content })).toMatchObject({
      issues: [{ code: 'INVALID_ID', path: 'content.actions[0].startWorkflow.definitionId' }],
    });
  });

  test('is refused if somebody else has saved another one meanwhile', async () => {
    const { id } = await create();
    const input = { automationId: id, expectedVersion: 1 };
    await changedAutomation(api, api.designer, 'saveAutomationDraft', {
      ...input,
      content: someAutomation({ name: 'Mine' }),
    });
    const result = await mutateAutomation(api, api.designer, 'saveAutomationDraft', {
      ...input,
      content: someAutomation({ name: 'Theirs' }),
    });
    expect(result.__typename).toBe('VersionConflictProblem');
  });

  test('changes nothing if it is what is there', async () => {
    const { id } = await create();
    const saved = await changedAutomation(api, api.designer, 'saveAutomationDraft', {
      automationId: id,
      content: someAutomation(),
    });
    expect(saved.version).toBe(1);
  });

  test('is copied with a name of its own', async () => {
    const { id } = await create();
    const copy = await changedAutomation(api, api.designer, 'duplicateAutomation', { automationId: id });
    expect(copy).toMatchObject({ name: 'Welcome (copy)', published: null, issues: [] });
    expect(copy.id).not.toBe(id);
  });

  test('can be looked at before it is saved', async () => {
    const document = `query ($input: AutomationContentInput!) {
      validateAutomation(input: $input) { severity code path }
    }`;
    const input = someAutomation({ triggers: [], actions: [] });
    expect(await api.data(api.member, document, { input })).toEqual({
      validateAutomation: [
        { severity: 'ERROR', code: 'NO_ACTIONS', path: 'actions' },
        { severity: 'WARNING', code: 'NO_TRIGGER', path: 'triggers' },
      ],
    });
  });
});

describe('Publishing an automation', () => {
  const publish = (automationId: string) =>
    mutateAutomation(api, api.designer, 'publishAutomation', { automationId });

  test('freezes the draft, and makes no version of what is one already', async () => {
    const { id } = await create();
    const first = await publish(id);
    expect(first.published?.number).toBe(1);
    expect((await publish(id)).published).toEqual(first.published);
    await changedAutomation(api, api.designer, 'saveAutomationDraft', {
      automationId: id,
      content: someAutomation({ name: 'Farewell' }),
    });
    expect((await publish(id)).published?.number).toBe(2);
    const document = `query ($id: ID!) {
      automation(id: $id) { versions { totalCount nodes { number content { name } publishedBy { ... on User { name } } } } }
    }`;
    expect(await api.data(api.member, document, { id })).toEqual({
      automation: {
        versions: {
          totalCount: 2,
          nodes: [
            { number: 2, content: { name: 'Farewell' }, publishedBy: { name: 'designer' } },
            { number: 1, content: { name: 'Welcome' }, publishedBy: { name: 'designer' } },
          ],
        },
      },
    });
  });

  test('is refused with everything that is wrong', async () => {
    const { id } = await create({ triggers: [], actions: [] });
    expect(await publish(id)).toMatchObject({
      __typename: 'AutomationInvalidProblem',
      automationIssues: [
        { code: 'NO_ACTIONS', path: 'actions' },
        { code: 'NO_TRIGGER', path: 'triggers' },
      ],
    });
  });

  test('is refused while it names a workflow that is archived', async () => {
    const definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
    const { id } = await create({
      actions: [{ key: 'start', startWorkflow: { definitionId: definition.id } }],
    });
    await changed(api, api.designer, 'archiveDefinition', { definitionId: definition.id });
    expect(await publish(id)).toMatchObject({
      automationIssues: [{ code: 'UNKNOWN_DEFINITION', path: 'actions[0].config.definitionId' }],
    });
  });
});

describe('An automation that is', () => {
  test('disabled tells since when and by whom, and forgets it when it is enabled', async () => {
    const { id: automationId } = await create();
    expect(await changedAutomation(api, api.designer, 'disableAutomation', { automationId })).toMatchObject({
      isEnabled: false,
      disabledBy: { name: 'designer' },
      version: 2,
    });
    expect(await changedAutomation(api, api.designer, 'enableAutomation', { automationId })).toMatchObject({
      isEnabled: true,
      disabledAt: null,
      disabledBy: null,
      version: 3,
    });
  });

  test('archived is in no list, and changed only after it is taken back', async () => {
    const { id: automationId } = await create({ name: 'Put away' });
    const names = async () => {
      const document = `{ automations(filter: { search: "put AWAY" }) { totalCount nodes { name } } }`;
      return api.data(api.member, document);
    };
    expect(await names()).toEqual({ automations: { totalCount: 1, nodes: [{ name: 'Put away' }] } });
    await changedAutomation(api, api.designer, 'archiveAutomation', { automationId });
    expect(await names()).toEqual({ automations: { totalCount: 0, nodes: [] } });
    expect(await mutateAutomation(api, api.designer, 'disableAutomation', { automationId })).toMatchObject({
      issues: [{ code: 'ARCHIVED', path: 'automationId' }],
    });
    expect(await changedAutomation(api, api.designer, 'unarchiveAutomation', { automationId })).toMatchObject(
      { isArchived: false },
    );
  });

  test('published is in the list of those, and the others in that of the others', async () => {
    const { id: automationId } = await create({ name: 'To be published' });
    const count = async (isPublished: boolean) => {
      const document = `query ($filter: AutomationFilter) { automations(filter: $filter) { totalCount } }`;
      const filter = { search: 'to be PUBLISHED', isPublished };
      return (await api.data<{ automations: { totalCount: number } }>(api.member, document, { filter }))
        .automations.totalCount;
    };
    expect([await count(true), await count(false)]).toEqual([0, 1]);
    await changedAutomation(api, api.designer, 'publishAutomation', { automationId });
    expect([await count(true), await count(false)]).toEqual([1, 0]);
  });

  test('changed tells each change in the log', async () => {
    const { id: automationId } = await create();
    for (const name of ['publish', 'disable', 'enable', 'archive', 'unarchive'])
      await mutateAutomation(api, api.designer, `${name}Automation`, { automationId });
    const events = await api.events(api.designer);
    const key = parseId(automationId)?.key;
    expect(
      events.filter(({ subjectId }) => subjectId === key).map(({ type, version }) => [type, version]),
    ).toEqual([
      ['AUTOMATION_CREATED', 1],
      ['AUTOMATION_PUBLISHED', 2],
      ['AUTOMATION_DISABLED', 3],
      ['AUTOMATION_ENABLED', 4],
      ['AUTOMATION_ARCHIVED', 5],
      ['AUTOMATION_UNARCHIVED', 6],
    ]);
  });
});

describe('The types of actions', () => {
  test('tell builders what they can be told, as JSON Schema', async () => {
    const document = `{ automationActionTypes { type inputField retry title description configSchema } }`;
    const { automationActionTypes: types } = await api.data<{
      automationActionTypes: { type: string; configSchema: unknown }[];
    }>(api.member, document);
    expect(types.find(({ type }) => type === 'START_WORKFLOW')).toMatchObject({
      inputField: 'startWorkflow',
      retry: 'INSIDE',
      configSchema: {
        type: 'object',
        properties: { definitionId: { type: 'string', nodes: ['WorkflowDefinition'] } },
        required: ['definitionId'],
      },
    });
  });
});
