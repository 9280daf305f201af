import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changed, changesOf, eventsOf, someContent, type DefinitionChanges } from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type { DefinitionAnswerFragment } from '../support/generated/graphql.ts';
import { ofType, present } from '../support/typed.ts';

let api: TestApi;
let definition: DefinitionAnswerFragment;
let change: DefinitionChanges['change'];

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
  ({ change } = changesOf(api, definition));
});

const publish = async () => ofType(await change('publishDefinition'), 'PublishDefinitionPayload');

describe('Publishing', () => {
  test('freezes the draft as version 1, 2, 3', async () => {
    const numbers: number[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      await change('saveDefinitionDraft', { content: someContent({ name }) });
      numbers.push((await publish()).published.number);
    }
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('records who did it and when', async () => {
    await change('publishDefinition');
    const query = graphql(`
      query DefinitionPublishingWho($id: ID!) {
        workflowDefinition(id: $id) {
          published {
            publishedAt
            publishedBy {
              ... on User {
                name
              }
            }
            definition {
              id
            }
          }
        }
      }
    `);
    const { workflowDefinition } = await api.data(api.member, query, { id: definition.id });
    expect(workflowDefinition).toEqual({
      published: {
        publishedAt: '2026-03-02T09:00:00.000Z',
        publishedBy: { name: 'designer' },
        definition: { id: definition.id },
      },
    });
    expect((await eventsOf(api, definition)).at(-1)).toEqual({
      type: 'DEFINITION_PUBLISHED',
      version: 2,
      changedFields: ['publishedNumber'],
    });
  });

  test('an unchanged draft again answers the newest version and makes none', async () => {
    const first = await publish();
    const second = await publish();
    expect(second.published).toEqual(first.published);
    expect(second.definition.version).toBe(2);
    expect(await eventsOf(api, definition)).toHaveLength(2);
  });

  test('a draft with errors is refused with all issues, and nothing changes', async () => {
    const content = someContent({ tasks: [{ key: 'a', name: '', requirements: [{ taskKey: 'b' }] }] });
    await change('saveDefinitionDraft', { content });
    const { definitionIssues } = ofType(await change('publishDefinition'), 'DefinitionInvalidProblem');
    expect(definitionIssues.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'EMPTY_NAME tasks[0].name',
      'UNKNOWN_TASK tasks[0].requirements[0]',
    ]);
    expect(await eventsOf(api, definition)).toHaveLength(2);
  });

  test('at the same time makes one version', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, publish));
    expect(new Set(answers.map(({ published }) => published.id)).size).toBe(1);
  });

  test('an old version is refused', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'Changed' }) });
    const answer = await change('publishDefinition', { expectedVersion: 1 });
    expect(answer).toMatchObject({ __typename: 'VersionConflictProblem', currentVersion: 2 });
  });
});

describe('Versions', () => {
  const VERSIONS = graphql(`
    query DefinitionPublishingVersions($id: ID!, $first: Int, $after: String) {
      workflowDefinition(id: $id) {
        versions(first: $first, after: $after) {
          nodes {
            number
          }
          totalCount
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `);

  test('are listed newest first, in pages', async () => {
    for (const name of ['One', 'Two', 'Three']) {
      await change('saveDefinitionDraft', { content: someContent({ name }) });
      await change('publishDefinition');
    }
    const read = async (after: string | null) => {
      const variables = { id: definition.id, first: 2, after };
      return present((await api.data(api.member, VERSIONS, variables)).workflowDefinition).versions;
    };
    const first = await read(null);
    const second = await read(first.pageInfo.endCursor ?? null);
    expect([first, second].map(({ nodes }) => nodes.map(({ number }) => number))).toEqual([[3, 2], [1]]);
    expect([first.totalCount, first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([
      3,
      true,
      false,
    ]);
  });

  test('are not found behind a cursor of something else', async () => {
    for (const values of [['x'], [1.5], [2 ** 40], [null], [1, 2]]) {
      const after = Buffer.from(JSON.stringify(values)).toString('base64url');
      const codes = values[0] === null ? [] : ['BAD_USER_INPUT'];
      const { errors } = await api.run(api.member, VERSIONS, { id: definition.id, after });
      expect(errors?.map(({ code }) => code) ?? []).toEqual(codes);
    }
  });
});
