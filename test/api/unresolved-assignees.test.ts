import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { entity, readExecution, start, userId } from '../support/workflows.ts';
import { phase, task } from '../support/workflow.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const owner = { type: 'VARIABLE', id: '{{entity.owner}}' } as const;
const unresolved = { __typename: 'UnresolvedAssignee', variable: '{{entity.owner}}' };

test('A variable that names nobody is shown as itself, beside the people who are known', async () => {
  const anna = await api.viewer('anna');
  const { id } = await start(api, {
    assignees: [owner],
    phases: [phase('plan')],
    tasks: [task('call', { phaseKey: 'plan', assignees: [owner, { type: 'USER', id: anna.userId }] })],
  });
  expect(await readExecution(api, api.member, id)).toMatchObject({
    assignees: [unresolved],
    tasks: [{ assignees: [unresolved, { __typename: 'User', id: userId(anna) }] }],
  });
});

test('A variable that names somebody is shown as that person', async () => {
  const bert = await api.viewer('bert');
  const entityId = await entity(api, { attributes: { owner: 'bert' } });
  const { id } = await start(api, { tasks: [task('call', { assignees: [owner] })] }, { entityId });
  expect(await readExecution(api, api.member, id)).toMatchObject({
    tasks: [{ assignees: [{ __typename: 'User', id: userId(bert) }] }],
  });
});
