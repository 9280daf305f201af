import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../support/api.ts';
import {
  changed,
  DEFINITION_MUTATIONS,
  definitionMutation,
  mutate,
  someContent,
  type DefinitionAnswer,
  type DefinitionMutation,
} from '../support/definitions.ts';

let api: TestApi;
let definition: DefinitionAnswer;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
beforeEach(async () => {
  definition = await changed(api, api.designer, 'createDefinition', { content: someContent() });
});

const change = (name: DefinitionMutation, input: object = {}) =>
  mutate(api, api.designer, name, { definitionId: definition.id, ...input });

interface LoggedEvent {
  readonly type: string;
  readonly version: number;
  readonly changedFields: readonly string[];
}

/** The definition's events, oldest first. */
async function eventsOf({ id }: DefinitionAnswer): Promise<LoggedEvent[]> {
  const subjectId = Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
  return api.database.prisma.event.findMany({
    where: { subjectId },
    orderBy: { seq: 'asc' },
    select: { type: true, version: true, changedFields: true },
  });
}

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
    const [created] = await eventsOf(definition);
    expect(created).toMatchObject({ type: 'DEFINITION_CREATED', version: 1 });
    expect(created?.changedFields).toContain('tasks');
  });

  test('keeps everything that it was given', async () => {
    const content = {
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
    const { workflowDefinition } = await api.data<{ workflowDefinition: { draft: unknown } }>(
      api.member,
      `query ($id: ID!) { workflowDefinition(id: $id) { draft {
        name description labels isSequential isVisibleInPortal dueAt hasSingleClosingReason
        triggers { type ... on ManualTrigger { entitySchema } }
        phases { key name labels dueAt }
        tasks { key name description type phaseKey requirements { taskKey phaseKey } labels
                audienceTexts { audience isEnabled label description } }
        edges { from { taskKey } to { phaseKey } }
      } } }`,
      { id },
    );
    expect(workflowDefinition.draft).toMatchObject({
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
    const answer = await change('saveDefinitionDraft', { content: someContent({ name: 'Heat pump' }) });
    expect(answer.definition).toMatchObject({ name: 'Heat pump', version: 2 });
  });

  test('is told in the log with the fields that changed', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'Heat pump', labels: ['heat'] }) });
    const events = await eventsOf(definition);
    expect(events.at(-1)).toEqual({
      type: 'DEFINITION_DRAFT_SAVED',
      version: 2,
      changedFields: ['labels', 'name'],
    });
  });

  test('of the same content changes nothing', async () => {
    const answer = await change('saveDefinitionDraft', { content: someContent() });
    expect(answer.definition?.version).toBe(1);
    expect(await eventsOf(definition)).toHaveLength(1);
  });

  test('leaves the published version as it is', async () => {
    await change('publishDefinition');
    await change('saveDefinitionDraft', { content: someContent({ name: 'Heat pump' }) });
    const { workflowDefinition } = await api.data<{ workflowDefinition: unknown }>(
      api.member,
      'query ($id: ID!) { workflowDefinition(id: $id) { name published { number content { name } } } }',
      { id: definition.id },
    );
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

describe('Publishing', () => {
  test('freezes the draft as version 1, 2, 3', async () => {
    const numbers: (number | undefined)[] = [];
    for (const name of ['One', 'Two', 'Three']) {
      await change('saveDefinitionDraft', { content: someContent({ name }) });
      numbers.push((await change('publishDefinition')).published?.number);
    }
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('records who did it and when', async () => {
    await change('publishDefinition');
    const { workflowDefinition } = await api.data<{ workflowDefinition: unknown }>(
      api.member,
      `query ($id: ID!) { workflowDefinition(id: $id) { published {
        publishedAt publishedBy { ... on User { name } } definition { id } } } }`,
      { id: definition.id },
    );
    expect(workflowDefinition).toEqual({
      published: {
        publishedAt: '2026-03-02T09:00:00.000Z',
        publishedBy: { name: 'designer' },
        definition: { id: definition.id },
      },
    });
    expect((await eventsOf(definition)).at(-1)).toEqual({
      type: 'DEFINITION_PUBLISHED',
      version: 2,
      changedFields: ['publishedNumber'],
    });
  });

  test('an unchanged draft again answers the newest version and makes none', async () => {
    const first = await change('publishDefinition');
    const second = await change('publishDefinition');
    expect(second.published).toEqual(first.published);
    expect(second.definition?.version).toBe(2);
    expect(await eventsOf(definition)).toHaveLength(2);
  });

  test('a draft with errors is refused with all issues, and nothing changes', async () => {
    const content = someContent({ tasks: [{ key: 'a', name: '', requirements: [{ taskKey: 'b' }] }] });
    await change('saveDefinitionDraft', { content });
    const answer = await change('publishDefinition');
    expect(answer.__typename).toBe('DefinitionInvalidProblem');
    expect(answer.issues?.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'EMPTY_NAME tasks[0].name',
      'UNKNOWN_TASK tasks[0].requirements[0]',
    ]);
    expect(await eventsOf(definition)).toHaveLength(2);
  });

  test('at the same time makes one version', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => change('publishDefinition')));
    expect(new Set(answers.map(({ published }) => published?.id)).size).toBe(1);
  });

  test('an old version is refused', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'Changed' }) });
    const answer = await change('publishDefinition', { expectedVersion: 1 });
    expect(answer).toMatchObject({ __typename: 'VersionConflictProblem', currentVersion: 2 });
  });
});

describe('Versions', () => {
  const VERSIONS = `query ($id: ID!, $first: Int, $after: String) { workflowDefinition(id: $id) {
    versions(first: $first, after: $after) { nodes { number } totalCount pageInfo { hasNextPage endCursor } } } }`;
  interface Answer {
    readonly workflowDefinition: {
      readonly versions: {
        readonly nodes: readonly { readonly number: number }[];
        readonly totalCount: number;
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    };
  }

  test('are listed newest first, in pages', async () => {
    for (const name of ['One', 'Two', 'Three']) {
      await change('saveDefinitionDraft', { content: someContent({ name }) });
      await change('publishDefinition');
    }
    const read = async (after: string | null) =>
      (await api.data<Answer>(api.member, VERSIONS, { id: definition.id, first: 2, after }))
        .workflowDefinition.versions;
    const first = await read(null);
    const second = await read(first.pageInfo.endCursor);
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

describe('Duplicating', () => {
  test('copies the draft into an unpublished definition', async () => {
    await change('publishDefinition');
    const copy = await change('duplicateDefinition');
    expect(copy.definition).toMatchObject({
      name: 'Solar installation (copy)',
      version: 1,
      published: null,
      document: definition.document.replace('"Solar installation"', '"Solar installation (copy)"'),
    });
  });

  test('gives the copy the name that was asked for', async () => {
    expect((await change('duplicateDefinition', { name: 'Balcony' })).definition?.name).toBe('Balcony');
  });

  test('shortens a name that would become too long', async () => {
    await change('saveDefinitionDraft', { content: someContent({ name: 'x'.repeat(500) }) });
    const copy = await change('duplicateDefinition');
    expect(copy.definition?.name).toBe(`${'x'.repeat(493)} (copy)`);
  });

  test('twice with one idempotency key makes one copy', async () => {
    const input = { idempotencyKey: `copy of ${definition.id}` };
    const [first, second] = [
      await change('duplicateDefinition', input),
      await change('duplicateDefinition', input),
    ];
    expect(second.definition?.id).toBe(first.definition?.id);
  });
});

describe('Switching', () => {
  test('disables and enables', async () => {
    expect((await change('disableDefinition')).definition).toMatchObject({ isEnabled: false, version: 2 });
    expect((await change('enableDefinition')).definition).toMatchObject({ isEnabled: true, version: 3 });
    expect((await eventsOf(definition)).map(({ type }) => type)).toEqual([
      'DEFINITION_CREATED',
      'DEFINITION_DISABLED',
      'DEFINITION_ENABLED',
    ]);
  });

  test('to what it is changes nothing', async () => {
    expect((await change('enableDefinition')).definition?.version).toBe(1);
    expect((await change('unarchiveDefinition')).definition?.version).toBe(1);
    expect(await eventsOf(definition)).toHaveLength(1);
  });

  test('archives and takes back, disabled as it was', async () => {
    await change('disableDefinition');
    const archived = await change('archiveDefinition');
    const back = await change('unarchiveDefinition');
    expect(archived.definition).toMatchObject({ isArchived: true, isEnabled: false });
    expect(back.definition).toMatchObject({ isArchived: false, isEnabled: false });
  });

  test.each(['saveDefinitionDraft', 'publishDefinition', 'enableDefinition', 'disableDefinition'] as const)(
    'keeps an archived definition from %s',
    async (name) => {
      await change('archiveDefinition');
      const content = name === 'saveDefinitionDraft' ? { content: someContent({ name: 'New' }) } : {};
      const answer = await change(name, content);
      expect(answer.issues).toMatchObject([{ path: 'definitionId', code: 'ARCHIVED' }]);
    },
  );

  test('keeps an archived definition from being imported into, but not from being copied', async () => {
    await change('archiveDefinition');
    const imported = await change('importDefinition', { document: definition.document });
    expect(imported.issues).toMatchObject([{ path: 'definitionId', code: 'ARCHIVED' }]);
    expect((await change('duplicateDefinition')).definition?.isArchived).toBe(false);
  });
});

describe('Who may', () => {
  const inputOf = (name: DefinitionMutation): object => {
    if (name === 'createDefinition') return { content: someContent() };
    if (name === 'importDefinition') return { definitionId: definition.id, document: definition.document };
    const content = name === 'saveDefinitionDraft' ? { content: someContent() } : {};
    return { definitionId: definition.id, ...content };
  };

  test.each(DEFINITION_MUTATIONS)('%s: not members and partners', async (name) => {
    for (const viewer of [api.member, api.partner]) {
      const codes = await api.errorCodes(viewer, definitionMutation(name), { input: inputOf(name) });
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
    const query =
      'query ($id: ID!) { workflowDefinition(id: $id) { name } workflowDefinitions { totalCount } }';
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
    const query = 'query ($id: ID!) { node(id: $id) { ... on WorkflowDefinition { name draft { name } } } }';
    const variables = { id: definition.id };
    expect(await api.data(api.member, query, variables)).toEqual({
      node: { name: 'Solar installation', draft: { name: 'Solar installation' } },
    });
    expect(await api.data(api.otherAdmin, query, variables)).toEqual({ node: null });
    expect(await api.errorCodes(api.partner, query, variables)).toContain('FORBIDDEN');
  });

  test('validate: members, not partners', async () => {
    const query = 'query ($input: DefinitionContentInput!) { validateDefinition(input: $input) { code } }';
    const variables = { input: someContent() };
    expect(await api.data(api.member, query, variables)).toEqual({ validateDefinition: [] });
    expect(await api.errorCodes(api.partner, query, variables)).toEqual(['FORBIDDEN']);
  });
});

test('A command takes at most ten statements, BEGIN and COMMIT included', async () => {
  for (const name of ['saveDefinitionDraft', 'publishDefinition', 'archiveDefinition'] as const) {
    api.resetStatements();
    const content = name === 'saveDefinitionDraft' ? { content: someContent({ name: 'Counted' }) } : {};
    await change(name, content);
    const sent = api.statements();
    expect(sent.slice(sent.indexOf('BEGIN'), sent.indexOf('COMMIT') + 1).length).toBeLessThanOrEqual(10);
  }
});
