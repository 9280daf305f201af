import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { savedTask } from '../support/definition-contents.ts';
import { DEFINITION_DOCUMENTS } from '../support/definition-documents.ts';
import { someContent } from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type { StatementInput } from '../support/generated/graphql.ts';
import { present } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

test('A decision is kept with its branches, statements and loop', async () => {
  const grownUp = {
    source: {
      entity: {
        entitySchema: 'contact',
        paths: ['born', 'contacts[0].born'],
        match: 'ALL',
        offset: { amount: 18, unit: 'YEARS' },
      },
    },
    operator: 'LESS_THAN_OR_EQUALS',
    values: ['today'],
    valueType: 'RELATIVE_DATE',
  } satisfies StatementInput;
  const isSkipped = {
    source: { execution: { fact: 'TASK_STATUS', taskKey: 'visit' } },
    operator: 'EQUALS',
    values: ['SKIPPED'],
  } satisfies StatementInput;
  const { type, decision } = await savedTask(api, {
    type: 'DECISION',
    decision: {
      mode: 'MANUAL',
      takes: 'EVERY_MET',
      branches: [
        { key: 'yes', name: 'Yes', connective: 'OR', statements: [grownUp, isSkipped] },
        { key: 'no', name: 'No', isDefault: true },
      ],
      loop: { branchKey: 'no', exitBranchKey: 'yes', maxIterations: 7 },
    },
  });
  expect(type).toBe('DECISION');
  expect(decision).toEqual({
    mode: 'MANUAL',
    takes: 'EVERY_MET',
    branches: [
      {
        key: 'yes',
        name: 'Yes',
        isDefault: false,
        connective: 'OR',
        statements: [
          { ...grownUp, source: { __typename: 'EntityStatementSource', ...grownUp.source.entity } },
          {
            ...isSkipped,
            source: {
              __typename: 'ExecutionStatementSource',
              fact: 'TASK_STATUS',
              taskKey: 'visit',
              phaseKey: null,
              offset: null,
            },
            valueType: 'STATIC',
          },
        ],
      },
      { key: 'no', name: 'No', isDefault: true, connective: 'AND', statements: [] },
    ],
    loop: { branchKey: 'no', exitBranchKey: 'yes', maxIterations: 7 },
  });
});

test('A decision is automatic and takes the first branch whose statements are all met, unless told', async () => {
  const isLarge = {
    source: { entity: { paths: ['price'] } },
    operator: 'GREATER_THAN',
    values: ['10000'],
  } satisfies StatementInput;
  const { decision } = await savedTask(api, {
    type: 'DECISION',
    decision: { branches: [{ key: 'yes', name: 'Yes', statements: [isLarge] }] },
  });
  expect(decision).toMatchObject({
    mode: 'AUTOMATIC',
    takes: 'FIRST_MET',
    loop: null,
    branches: [
      {
        isDefault: false,
        connective: 'AND',
        statements: [{ source: { entitySchema: null, match: 'ANY', offset: null }, valueType: 'STATIC' }],
      },
    ],
  });
});

test('A loop goes back three times, unless told', async () => {
  const { decision } = await savedTask(api, {
    type: 'DECISION',
    decision: { branches: [], loop: { branchKey: 'again', exitBranchKey: 'on' } },
  });
  expect(decision?.loop?.maxIterations).toBe(3);
});

test.each([
  ['nothing', {}],
  ['two things', { entity: { paths: ['price'] }, execution: { fact: 'NAME' } }],
])('A statement about %s is refused', async (_what, source) => {
  const decision = {
    branches: [{ key: 'yes', name: 'Yes', statements: [{ source, operator: 'IS_EMPTY' }] }],
  };
  const content = { name: 'A', tasks: [{ key: 'a', name: 'A', type: 'DECISION', decision }] };
  const codes = await api.errorCodes(api.designer, DEFINITION_DOCUMENTS.createDefinition, {
    input: { content },
  });
  expect(codes).toEqual(['BAD_USER_INPUT']);
});

test('Validation looks at decisions before they are saved', async () => {
  const query = graphql(`
    query DefinitionDecisionValidate($input: DefinitionContentInput!) {
      validateDefinition(input: $input) {
        code
        path
      }
    }
  `);
  const input = someContent({
    tasks: [{ key: 'a', name: 'A', type: 'DECISION', decision: { branches: [] } }],
  });
  const { validateDefinition } = await api.data(api.member, query, { input });
  expect(present(validateDefinition).map(({ code }) => code)).toContain('NO_BRANCHES');
});
