import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  DEFINITION_DOCUMENTS,
  DEFINITION_MUTATIONS,
  type DefinitionInput,
} from '../support/definition-documents.ts';
import { changed, mutate, someContent, type DefinitionChange } from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type { DefinitionAnswerFragment } from '../support/generated/graphql.ts';

let api: TestApi;
let definition: DefinitionAnswerFragment;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
});

describe('Who may', () => {
  const inputOf = (name: DefinitionChange): DefinitionInput<DefinitionChange> => {
    if (name === 'importDefinition') return { definitionId: definition.id, document: definition.document };
    const content = name === 'saveDefinitionDraft' ? { content: someContent() } : {};
    return { definitionId: definition.id, ...content };
  };

  test.each(DEFINITION_MUTATIONS)('%s: not members and partners', async (name) => {
    const input = name === 'createDefinition' ? { content: someContent() } : inputOf(name);
    for (const viewer of [api.member, api.partner]) {
      const codes = await api.errorCodes(viewer, DEFINITION_DOCUMENTS[name], { input });
      expect(codes).toEqual(['FORBIDDEN']);
    }
  });

  test.each(DEFINITION_MUTATIONS.filter((name) => name !== 'createDefinition'))(
    '%s: not the admin of another organization, for whom the definition does not exist',
    async (name) => {
      const answer = await mutate(api, api.otherAdmin, name, inputOf(name));
      expect(answer.__typename).toBe('NotFoundProblem');
    },
  );

  test('read: members, and nobody else', async () => {
    const query = graphql(`
      query DefinitionAccessRead($id: ID!) {
        workflowDefinition(id: $id) {
          name
        }
        workflowDefinitions {
          totalCount
        }
      }
    `);
    const variables = { id: definition.id };
    expect(await api.data(api.member, query, variables)).toMatchObject({
      workflowDefinition: { name: 'Solar installation' },
    });
    expect(await api.data(api.otherAdmin, query, variables)).toEqual({
      workflowDefinition: null,
      workflowDefinitions: { totalCount: 0 },
    });
    expect(await api.errorCodes(api.partner, query, variables)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  test('read it as a node: members, and nobody else', async () => {
    const query = graphql(`
      query DefinitionAccessNode($id: ID!) {
        node(id: $id) {
          ... on WorkflowDefinition {
            name
            draft {
              name
            }
          }
        }
      }
    `);
    const variables = { id: definition.id };
    expect(await api.data(api.member, query, variables)).toEqual({
      node: { name: 'Solar installation', draft: { name: 'Solar installation' } },
    });
    expect(await api.data(api.otherAdmin, query, variables)).toEqual({ node: null });
    expect(await api.errorCodes(api.partner, query, variables)).toContain('FORBIDDEN');
  });

  test('validate: members, not partners', async () => {
    const query = graphql(`
      query DefinitionAccessValidate($input: DefinitionContentInput!) {
        validateDefinition(input: $input) {
          code
        }
      }
    `);
    const variables = { input: someContent() };
    expect(await api.data(api.member, query, variables)).toEqual({ validateDefinition: [] });
    expect(await api.errorCodes(api.partner, query, variables)).toEqual(['FORBIDDEN']);
  });
});
