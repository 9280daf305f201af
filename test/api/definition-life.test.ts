import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  changed,
  changesOf,
  eventsOf,
  mutate,
  someContent,
  type DefinitionChanges,
} from '../support/definitions.ts';
import { graphql } from '../support/generated/gql.ts';
import type { DefinitionAnswerFragment, DefinitionContentInput } from '../support/generated/graphql.ts';
import { issuesOf } from '../support/typed.ts';

let api: TestApi;
let definition: DefinitionAnswerFragment;
let change: DefinitionChanges['change'];
let done: DefinitionChanges['done'];

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
  ({ change, done } = changesOf(api, definition));
});

describe('A new definition', () => {
  test('is enabled, not archived, not published, in version 1', () => {
    expect(definition).toMatchObject({
      name: 'Solar installation',
      version: 1,
      isEnabled: true,
      isArchived: false,
      published: null,
      issues: [],
    });
  });

  test('is told in the log with its content', async () => {
    const [created] = await eventsOf(api, definition);
    expect(created).toMatchObject({ type: 'DEFINITION_CREATED', version: 1 });
    expect(created?.changedFields).toContain('tasks');
  });

  test('keeps everything that it was given', async () => {
    const content: DefinitionContentInput = {
      name: 'Wallbox',
      description: 'A *charging* point.',
      labels: ['e-mobility'],
      isSequential: false,
      isVisibleInPortal: true,
      dueAt: '2026-12-24T12:00:00+01:00',
      triggers: [{ type: 'MANUAL', entitySchema: 'order' }],
      phases: [{ key: 'build', name: 'Build', labels: ['site'], dueAt: '2026-12-20T12:00:00Z' }],
      tasks: [
        { key: 'offer', name: 'Offer', description: '11 kW' },
        {
          key: 'mount',
          name: 'Mount',
          phaseKey: 'build',
          requirements: [{ taskKey: 'offer' }],
          labels: ['partner'],
          audienceTexts: [{ audience: 'PORTAL', label: 'We come' }],
        },
      ],
      edges: [{ from: { taskKey: 'offer' }, to: { phaseKey: 'build' } }],
      hasSingleClosingReason: true,
    };
    const { id } = await changed(api, api.designer, 'createDefinition', { content });
    const query = graphql(`
      query DefinitionLifeDraft($id: ID!) {
        workflowDefinition(id: $id) {
          draft {
            name
            description
            labels
            isSequential
            isVisibleInPortal
            dueAt
            hasSingleClosingReason
            triggers {
              type
              ... on ManualTrigger {
                entitySchema
              }
            }
            phases {
              key
              name
              labels
              dueAt
            }
            tasks {
              key
              name
              description
              type
              phaseKey
              requirements {
                taskKey
                phaseKey
              }
              labels
              audienceTexts {
                audience
                isEnabled
                label
                description
              }
            }
            edges {
              from {
                taskKey
              }
              to {
                phaseKey
              }
            }
          }
        }
      }
    `);
    const { workflowDefinition } = await api.data(api.member, query, { id });
    expect(workflowDefinition?.draft).toMatchObject({
      ...content,
      dueAt: '2026-12-24T11:00:00.000Z',
      phases: [{ key: 'build', name: 'Build', labels: ['site'], dueAt: '2026-12-20T12:00:00.000Z' }],
      tasks: [
        { key: 'offer', name: 'Offer', description: '11 kW', type: 'MANUAL', phaseKey: null, labels: [] },
        {
          key: 'mount',
          phaseKey: 'build',
          requirements: [{ taskKey: 'offer', phaseKey: null }],
          audienceTexts: [{ audience: 'PORTAL', isEnabled: true, label: 'We come', description: null }],
        },
      ],
    });
  });

  test('is the same one when its idempotency key is used again', async () => {
    const input = { content: someContent(), idempotencyKey: 'create-once' };
    const first = await changed(api, api.designer, 'createDefinition', input);
    const second = await changed(api, api.designer, 'createDefinition', input);
    expect(second.id).toBe(first.id);
  });

  test('is refused when its idempotency key was used for another one', async () => {
    const idempotencyKey = 'used';
    await changed(api, api.designer, 'createDefinition', { content: someContent(), idempotencyKey });
    const other = { content: someContent({ name: 'Wallbox' }), idempotencyKey };
    const answer = await mutate(api, api.designer, 'createDefinition', other);
    expect(answer.__typename).toBe('IdempotencyConflictProblem');
  });
});

describe('Saving a draft', () => {
  test('replaces the content and counts a version', async () => {
    const saved = await done('saveDefinitionDraft', { content: someContent({ name: 'Heat pump' }) });
    expect(saved).toMatchObject({ name: 'Heat pump', version: 2 });
  });

  test('is told in the log with the fields that changed', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'Heat pump', labels: ['heat'] }) });
    const events = await eventsOf(api, definition);
    expect(events.at(-1)).toEqual({
      type: 'DEFINITION_DRAFT_SAVED',
      version: 2,
      changedFields: ['labels', 'name'],
    });
  });

  test('of the same content changes nothing', async () => {
    const saved = await done('saveDefinitionDraft', { content: someContent() });
    expect(saved.version).toBe(1);
    expect(await eventsOf(api, definition)).toHaveLength(1);
  });

  test('leaves the published version as it is', async () => {
    await change('publishDefinition');
    await change('saveDefinitionDraft', { content: someContent({ name: 'Heat pump' }) });
    const query = graphql(`
      query DefinitionLifePublished($id: ID!) {
        workflowDefinition(id: $id) {
          name
          published {
            number
            content {
              name
            }
          }
        }
      }
    `);
    const { workflowDefinition } = await api.data(api.member, query, { id: definition.id });
    expect(workflowDefinition).toEqual({
      name: 'Heat pump',
      published: { number: 1, content: { name: 'Solar installation' } },
    });
  });

  test('of an old version is refused with the current one', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'First' }) });
    const answer = await change('saveDefinitionDraft', {
      content: someContent({ name: 'Second' }),
      expectedVersion: 1,
    });
    expect(answer).toMatchObject({ __typename: 'VersionConflictProblem', currentVersion: 2 });
  });

  test('by many at once with the version that they saw lets one of them through', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        change('saveDefinitionDraft', {
          content: someContent({ name: `Name ${index}` }),
          expectedVersion: 1,
        }),
      ),
    );
    const types = answers.map(({ __typename }) => __typename).sort();
    expect(types).toEqual([
      'SaveDefinitionDraftPayload',
      ...Array.from({ length: 7 }, () => 'VersionConflictProblem'),
    ]);
  });
});

describe('Duplicating', () => {
  test('copies the draft into an unpublished definition', async () => {
    await change('publishDefinition');
    const copy = await done('duplicateDefinition');
    expect(copy).toMatchObject({
      name: 'Solar installation (copy)',
      version: 1,
      published: null,
      document: definition.document.replace('"Solar installation"', '"Solar installation (copy)"'),
    });
  });

  test('gives the copy the name that was asked for', async () => {
    expect((await done('duplicateDefinition', { name: 'Balcony' })).name).toBe('Balcony');
  });

  test('shortens a name that would become too long', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'x'.repeat(500) }) });
    const copy = await done('duplicateDefinition');
    expect(copy.name).toBe(`${'x'.repeat(493)} (copy)`);
  });

  test('twice with one idempotency key makes one copy', async () => {
    const input = { idempotencyKey: `copy of ${definition.id}` };
    const first = await done('duplicateDefinition', input);
    const second = await done('duplicateDefinition', input);
    expect(second.id).toBe(first.id);
  });
});

describe('Switching', () => {
  test('disables and enables', async () => {
    expect(await done('disableDefinition')).toMatchObject({ isEnabled: false, version: 2 });
    expect(await done('enableDefinition')).toMatchObject({ isEnabled: true, version: 3 });
    expect((await eventsOf(api, definition)).map(({ type }) => type)).toEqual([
      'DEFINITION_CREATED',
      'DEFINITION_DISABLED',
      'DEFINITION_ENABLED',
    ]);
  });

  test('to what it is changes nothing', async () => {
    expect((await done('enableDefinition')).version).toBe(1);
    expect((await done('unarchiveDefinition')).version).toBe(1);
    expect(await eventsOf(api, definition)).toHaveLength(1);
  });

  test('archives and takes back, disabled as it was', async () => {
    await change('disableDefinition');
    const archived = await done('archiveDefinition');
    const back = await done('unarchiveDefinition');
    expect(archived).toMatchObject({ isArchived: true, isEnabled: false });
    expect(back).toMatchObject({ isArchived: false, isEnabled: false });
  });

  test.each(['saveDefinitionDraft', 'publishDefinition', 'enableDefinition', 'disableDefinition'] as const)(
    'keeps an archived definition from %s',
    async (name) => {
      await change('archiveDefinition');
      const content = someContent({ name: 'New' });
      const answer = name === 'saveDefinitionDraft' ? await change(name, { content }) : await change(name);
      expect(issuesOf(answer)).toMatchObject([{ path: 'definitionId', code: 'ARCHIVED' }]);
    },
  );

  test('keeps an archived definition from being imported into, but not from being copied', async () => {
    await change('archiveDefinition');
    const imported = await change('importDefinition', { document: definition.document });
    expect(issuesOf(imported)).toMatchObject([{ path: 'definitionId', code: 'ARCHIVED' }]);
    expect((await done('duplicateDefinition')).isArchived).toBe(false);
  });
});

test('A command takes at most ten statements, BEGIN and COMMIT included', async () => {
  for (const name of ['saveDefinitionDraft', 'publishDefinition', 'archiveDefinition'] as const) {
    api.resetStatements();
    if (name === 'saveDefinitionDraft') await change(name, { content: someContent({ name: 'Counted' }) });
    else await change(name);
    const sent = api.statements();
    expect(sent.slice(sent.indexOf('BEGIN'), sent.indexOf('COMMIT') + 1).length).toBeLessThanOrEqual(10);
  }
});
