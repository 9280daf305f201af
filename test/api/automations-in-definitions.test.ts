import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeId } from '../../src/graphql/ids.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, someAutomation } from '../support/automation-answers.ts';
import { changed, mutate, someContent } from '../support/definitions.ts';
import { ofType } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const automationOf = (name: string) =>
  changedAutomation(api, api.designer, 'createAutomation', { content: someAutomation({ name }) });

const archive = (automationId: string) =>
  changedAutomation(api, api.designer, 'archiveAutomation', { automationId });

/** A definition that is started by one automation and runs it. */
const definitionWith = (automationId: string) =>
  changed(api, api.designer, 'createDefinition', {
    content: someContent({
      triggers: [{ type: 'AUTOMATION', automationId }],
      tasks: [{ key: 'mail', name: 'Mail', type: 'AUTOMATION', automation: { automationId } }],
    }),
  });

const imported = async (document: string) => {
  const answer = await mutate(api, api.designer, 'importDefinition', { document });
  return ofType(answer, 'ImportDefinitionPayload').definition;
};

test('A definition names automations by their ids', async () => {
  const automation = await automationOf('By id');
  const definition = await definitionWith(automation.id);
  expect(definition.issues).toEqual([]);
  const document = `query ($id: ID!) {
    workflowDefinition(id: $id) {
      draft {
        triggers { ... on AutomationTrigger { automationId automation { name } } }
        tasks { automation { automationId automation { name } } }
      }
    }
  }`;
  const named = { automationId: automation.id, automation: { name: 'By id' } };
  expect(await api.data(api.member, document, { id: definition.id })).toEqual({
    workflowDefinition: { draft: { triggers: [named], tasks: [{ automation: named }] } },
  });
});

test('A definition with an automation that is archived, or of another organization, can’t be published', async () => {
  const automation = await automationOf('Soon gone');
  const definition = await definitionWith(automation.id);
  await archive(automation.id);
  const unknown = ['tasks[0].automation.automationId', 'triggers[0].automationId'].map((path) => ({
    severity: 'ERROR',
    code: 'UNKNOWN_AUTOMATION',
    path,
  }));
  const published = await mutate(api, api.designer, 'publishDefinition', { definitionId: definition.id });
  expect(published.__typename).toBe('DefinitionInvalidProblem');
  const elsewhere = await changedAutomation(api, api.otherAdmin, 'createAutomation', {
    content: someAutomation(),
  });
  expect((await definitionWith(elsewhere.id)).issues).toEqual(unknown);
});

test('A document names automations by name, and means those of the organization that reads it', async () => {
  const automation = await automationOf('Tell the customer');
  const { document } = await definitionWith(automation.id);
  expect(JSON.parse(document)).toMatchObject({
    triggers: [{ automationId: 'Tell the customer' }],
    tasks: [{ automation: { automationId: 'Tell the customer' } }],
  });
  const again = await imported(document);
  expect(again.issues).toEqual([]);
  expect(again.document).toBe(document);
});

test('A document names an automation by its key if another one has its name, unless that is archived', async () => {
  const [first, second] = [await automationOf('Twice'), await automationOf('Twice')];
  const { document } = await definitionWith(first.id);
  expect(document).not.toContain('Twice');
  expect((await imported(document)).issues).toEqual([]);
  await archive(second.id);
  const { document: later } = await definitionWith(first.id);
  expect(later).toContain('Twice');
});

test('What is no automation’s id is kept as it is given, and reported', async () => {
  const { document, issues } = await definitionWith('our-mailer');
  expect(document).toContain('our-mailer');
  expect(issues.map(({ code }) => code)).toEqual(['UNKNOWN_AUTOMATION', 'UNKNOWN_AUTOMATION']);
  const team = await definitionWith(encodeId('Team', 'x'));
  expect(team.issues).toHaveLength(2);
});
