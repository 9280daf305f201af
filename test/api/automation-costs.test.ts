import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { someAutomation } from '../support/automation-answers.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

function looking(times: number): string {
  const fields = Array.from(
    { length: times },
    (_, at) => `a${at}: validateAutomation(input: $input) { code }`,
  );
  return `query ($input: AutomationContentInput!) { ${fields.join(' ')} }`;
}

test('few automations are validated in one operation: large ones take long', async () => {
  const input = someAutomation();
  expect(await api.data(api.member, looking(2), { input })).toEqual({ a0: [], a1: [] });
  expect(await api.errorCodes(api.member, looking(50), { input })).toEqual(['QUERY_TOO_COMPLEX']);
});
