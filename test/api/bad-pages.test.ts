import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/graphql/page.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { phased } from '../support/workflow.ts';
import { start, type Running } from '../support/workflows.ts';

const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const LONG = 'x'.repeat(10_000);
const NUL = 'a\0b';

let api: TestApi;
let run: Running;
beforeAll(async () => {
  api = await createTestApi();
  run = await start(api, phased('survey: visit'));
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a page size', () => {
  const LISTS = [
    'inbox(first: $first) { nodes { id } }',
    'workflowExecutions(first: $first) { nodes { id } }',
    'entity(id: $entity) { executions(first: $first) { nodes { id } } }',
    'entity(id: $entity) { history(first: $first) { nodes { id } } }',
    'workflowExecution(id: $execution) { history(first: $first) { nodes { id } } }',
    'task(id: $task) { history(first: $first) { nodes { id } } }',
    'task(id: $task) { notes(first: $first) { nodes { id } } }',
  ];

  function variables(): Readonly<Record<string, string>> {
    return { entity: run.entityId, execution: run.id, task: run.task('visit') };
  }

  function documentOf(list: string, parameters: string): string {
    const used = ['entity', 'execution', 'task'].filter((name) => list.includes(`$${name}`));
    return `query (${used.map((name) => `$${name}: ID!`).join(' ')} ${parameters}) { ${list} }`;
  }

  it.each(LISTS)('outside 1 to 100 ends %s with BAD_USER_INPUT', async (list) => {
    for (const first of [0, -1, 101, 1000]) {
      const { errors } = await api.run(api.member, documentOf(list, '$first: Int'), {
        ...variables(),
        first,
      });
      expect(errors?.map(({ code }) => code)).toEqual(['BAD_USER_INPUT']);
      expect(errors?.[0]?.message).toContain(`first is ${first}; a page has 1 to 100 rows.`);
    }
  });

  it.each(LISTS)('of 100 is good for %s', async (list) => {
    const document = documentOf(list, '$first: Int');
    expect((await api.run(api.member, document, { ...variables(), first: 100 })).errors).toBeUndefined();
  });

  const CURSORS = [
    '',
    'nonsense',
    LONG,
    encodeCursor([]),
    encodeCursor([null]),
    encodeCursor([null, null]),
    encodeCursor(['nonsense']),
    encodeCursor([UUID, UUID, UUID]),
    encodeCursor(['nonsense', 'nonsense']),
    encodeCursor([5, UUID]),
    encodeCursor([NUL, UUID]),
    encodeCursor([{}, UUID]),
    encodeCursor(['2026-02-30T00:00:00.000Z']),
    encodeCursor(['2026-02-30 00:00:00+00', '2026-02-30 00:00:00+00']),
    Buffer.from('seq:5').toString('base64url'),
    Buffer.from('"text"').toString('base64url'),
  ];

  it.each([
    ...LISTS.map((list) => list.replace('first: $first', 'after: $after')),
    ...['DUE_AT', 'STARTED_AT', 'NAME'].flatMap((order) => [
      `inbox(after: $after, orderBy: { field: ${order} }) { nodes { id } }`,
      `inbox(after: $after, orderBy: { field: ${order}, direction: DESC }) { nodes { id } }`,
      `workflowExecutions(after: $after, orderBy: ${order}) { nodes { id } }`,
    ]),
  ])('and a cursor that is none ends %s with BAD_USER_INPUT', async (list) => {
    for (const after of CURSORS) {
      const { errors } = await api.run(api.member, documentOf(list, '$after: String'), {
        ...variables(),
        after,
      });
      expect(
        errors?.map(({ code }) => code),
        after.slice(0, 80),
      ).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('and a cursor of another order end a list with BAD_USER_INPUT', async () => {
    const byName = encodeCursor(['visit', UUID]);
    const document =
      'query ($after: String) { inbox(after: $after, orderBy: { field: DUE_AT }) { nodes { id } } }';
    expect(await api.errorCodes(api.member, document, { after: byName })).toEqual(['BAD_USER_INPUT']);
  });
});
