import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toAutomationContent } from '../../src/graphql/automation-content.ts';
import { presentedConfig, storedConfig } from '../../src/graphql/automation-config.ts';
import { validateAutomation } from '../../src/automation/validation.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changedAutomation, mutateAutomation } from '../support/automation-answers.ts';
import { arbitraryAutomation, arbitraryConfig } from '../support/automation-contents.ts';
import { present } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

test('Every config is given back as it was put in', () => {
  fc.assert(
    fc.property(arbitraryConfig, ({ type, config }) => {
      const stored = JSON.parse(JSON.stringify(storedConfig(type, config, 'config'))) as typeof config;
      expect(presentedConfig({ type: type.type, config: stored as never })).toEqual(config);
    }),
  );
});

test('No config is looked at in vain: whatever it is, validation answers', () => {
  fc.assert(
    fc.property(arbitraryAutomation, (input) => {
      const content = toAutomationContent('input', input);
      const again = JSON.parse(JSON.stringify(content)) as typeof content;
      expect(validateAutomation(again, () => true)).toEqual(validateAutomation(content, () => true));
    }),
  );
});

test('Every automation without errors is published as it was put in', async () => {
  const document = `query ($id: ID!) {
    automation(id: $id) {
      draft { ...content }
      published { content { ...content } }
    }
  }
  fragment content on AutomationContent {
    name
    triggers { type ... on EntityFlowTrigger { entitySchema paths } ... on ExecutionFlowTrigger { eventTypes } }
    actions { key config }
  }`;
  interface Read {
    readonly automation: {
      readonly draft: unknown;
      readonly published: { readonly content: unknown } | null;
    };
  }
  await fc.assert(
    fc.asyncProperty(arbitraryAutomation, async (content) => {
      const { id, issues } = await changedAutomation(api, api.designer, 'createAutomation', { content });
      const hasErrors = issues.some(({ severity }) => severity === 'ERROR');
      const answer = await mutateAutomation(api, api.designer, 'publishAutomation', { automationId: id });
      expect(answer.__typename).toBe(hasErrors ? 'AutomationInvalidProblem' : 'PublishAutomationPayload');
      const { automation } = await api.data<Read>(api.member, document, { id });
      const { name, triggers, actions } = content;
      const expected = {
        name,
        triggers,
        actions: actions.map(({ key, ...rest }) => ({ key, config: present(Object.values(rest)[0]) })),
      };
      expect(automation.draft).toEqual(expected);
      expect(automation.published).toEqual(hasErrors ? null : { content: expected });
    }),
    { numRuns: 25 },
  );
});
