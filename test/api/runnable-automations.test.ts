import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { publishedAutomation } from '../support/automation-runs.ts';
import { task } from '../support/workflow.ts';
import { start } from '../support/workflows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test('partners have no automations to run on an entity that they see, and all the rest of it', async () => {
  await publishedAutomation(api.context(api.designer));
  const assignees = [{ type: 'USER', id: api.partner.userId }] as const;
  const { entityId: id } = await start(api, { tasks: [task('visit', { assignees })] });
  const document = 'query ($id: ID!) { entity(id: $id) { schema runnableAutomations { name } } }';
  const schema = expect.any(String) as unknown;
  expect(await api.data(api.member, document, { id })).toEqual({
    entity: { schema, runnableAutomations: [{ name: 'Automation' }] },
  });
  expect(await api.data(api.partner, document, { id })).toEqual({
    entity: { schema, runnableAutomations: [] },
  });
});
