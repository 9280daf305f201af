import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDemoDefinitions } from '../../prisma/seed.ts';
import { createDefinition } from '../../src/commands/definitions.ts';
import { encodeId } from '../../src/graphql/ids.ts';
import type { DefinitionContent } from '../../src/engine/definition.ts';
import { arbitraryRawDefinition } from '../support/arbitraries.ts';
import { arbitraryRules } from '../support/arbitrary-rules.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { changed, makeDemoCast, mutate, type Cast } from '../support/definitions.ts';
import { COMPLETE_DOCUMENT, textOf, textWithTask } from '../support/definition-texts.ts';
import { graphql } from '../support/generated/gql.ts';
import type { ImportDefinitionInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const demoDocuments = await readDemoDefinitions();

let api: TestApi;
let cast: Cast;

beforeAll(async () => {
  api = await createTestApi();
  cast = await makeDemoCast(api);
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const imported = (document: string, input: Omit<ImportDefinitionInput, 'document'> = {}) =>
  changed(api, api.designer, 'importDefinition', { document, ...input });

const DOCUMENT = graphql(`
  query DefinitionDocument($id: ID!) {
    workflowDefinition(id: $id) {
      document
      published {
        document
      }
    }
  }
`);

describe('The demo definition', () => {
  test('files are at least seven', () => {
    expect(demoDocuments.size).toBeGreaterThanOrEqual(7);
  });

  test.each([...demoDocuments.keys()])(
    '%s is exported as it was imported, to the byte, again and again',
    async (file) => {
      const document = demoDocuments.get(file) ?? '';
      const first = await imported(document);
      const second = await imported(first.document);
      expect(first.document).toBe(document);
      expect(second.document).toBe(document);
    },
  );

  test.each([...demoDocuments.keys()])('%s has no issues and can be published', async (file) => {
    const { id, issues } = await imported(demoDocuments.get(file) ?? '');
    const answer = await mutate(api, api.designer, 'publishDefinition', { definitionId: id });
    expect(issues).toEqual([]);
    expect(ofType(answer, 'PublishDefinitionPayload').published.number).toBe(1);
  });
});

/** Some text, and now and then one that is hard to keep. */
const someText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '"quoted"',
    'back\\slash',
    'line\nfeed',
    '\u2028',
    '\u{1F600}',
    '{"a": 1}',
    'null',
  ),
);

/** Contents of every kind, also with errors, whose references are ids of the organization, or text that means nothing. */
function arbitraryContent(people: Cast): fc.Arbitrary<DefinitionContent> {
  const ids = (known: ReadonlyMap<string, string>): string[] => [...known.values()].slice(0, 3);
  const options = {
    userIds: [...ids(people.userIds), 'nobody@nowhere.example'],
    teamIds: [...ids(people.teamIds), 'Nobody'],
    closingReasonIds: [...ids(people.closingReasonIds), 'For no reason'],
    maxTasks: 6,
  };
  const instant = fc
    .date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString());
  return fc
    .record({
      raw: arbitraryRawDefinition(options),
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name.trim() !== ''),
      description: fc.option(someText),
      labels: fc.array(someText, { maxLength: 3 }),
      dueAt: fc.option(instant),
      rules: arbitraryRules(someText),
      texts: fc.array(
        fc.record({
          audience: fc.constantFrom('PORTAL', 'INSTALLER', 'PARTNER'),
          isEnabled: fc.boolean(),
          label: someText,
          description: fc.option(someText),
        }),
        { maxLength: 2 },
      ),
      isVisibleInPortal: fc.boolean(),
    })
    .map(({ raw, name, description, labels, dueAt, rules, texts, isVisibleInPortal }) => ({
      ...raw,
      name: name.trim(),
      description,
      labels,
      dueAt,
      isVisibleInPortal,
      dueRule: rules.dueRule,
      escalations: rules.escalations,
      triggers: rules.triggers,
      entitySync: rules.entitySync,
      edges: raw.edges.map((edge, index) => (index === 0 ? { ...edge, branchKey: rules.branchKey } : edge)),
      assignees: [...raw.assignees, { type: 'VARIABLE', id: rules.variable }],
      phases: raw.phases.map((phase, index) => ({
        ...phase,
        dueAt,
        dueRule: rules.dueRule,
        escalations: rules.escalations,
        name: labels[index] ?? phase.name,
      })),
      tasks: raw.tasks.map((task, index) => ({
        ...task,
        ...(index === 0 ? { ...rules.task, dueRule: rules.dueRule, escalations: rules.escalations } : {}),
        description: index % 2 === 0 ? description : null,
        labels: index % 3 === 0 ? labels : [],
        audienceTexts: index === 0 ? texts : [],
      })),
    }));
}

test('Whatever a draft holds, what is exported, imported and exported again is the same to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryContent(cast), async (content) => {
      const created = await createDefinition(api.context(api.designer), { content });
      if (!created.ok) throw new Error(JSON.stringify(created.problem));
      const id = encodeId('WorkflowDefinition', created.value);
      const { document } = present((await api.data(api.member, DOCUMENT, { id })).workflowDefinition);
      const again = await imported(document);
      expect(again.document).toBe(document);
    }),
    { numRuns: 60 },
  );
});

describe('A document', () => {
  test('names users by e-mail address, teams by name, closing reasons by title', async () => {
    const userId = cast.userIds.get('anna.keller@stadtwerke-lindental.example') ?? '';
    const teamId = cast.teamIds.get('Planning') ?? '';
    const reasonId = cast.closingReasonIds.get('Price too high') ?? '';
    const { document } = await changed(api, api.designer, 'createDefinition', {
      content: {
        name: 'Wallbox',
        tasks: [
          { key: 'mount', name: 'Mount it', assignees: [encodeId('User', userId), encodeId('Team', teamId)] },
        ],
        closingReasonIds: [encodeId('ClosingReason', reasonId)],
      },
    });
    expect(JSON.parse(document)).toMatchObject({
      tasks: [{ assignees: [{ user: 'anna.keller@stadtwerke-lindental.example' }, { team: 'Planning' }] }],
      closingReasons: ['Price too high'],
    });
  });

  test('names users without an e-mail address by external id', async () => {
    const { document } = await changed(api, api.designer, 'createDefinition', {
      content: { name: 'Mine', assignees: [encodeId('User', api.member.userId)] },
    });
    expect(JSON.parse(document)).toMatchObject({ assignees: [{ user: 'member' }] });
    expect((await imported(document)).document).toBe(document);
  });

  test('leaves out what has its default', async () => {
    const { document } = await imported(
      JSON.stringify({ ...COMPLETE_DOCUMENT, labels: [], edges: [], dueAt: null, isSequential: false }),
    );
    expect(document).toBe(textOf(COMPLETE_DOCUMENT));
  });

  test('can be started by hand on any entity if it says nothing about triggers', async () => {
    const { triggers: _, ...rest } = COMPLETE_DOCUMENT;
    expect((await imported(JSON.stringify(rest))).document).toBe(textOf(COMPLETE_DOCUMENT));
  });

  test('is of the published version, too', async () => {
    const { id, document } = await imported(textOf(COMPLETE_DOCUMENT));
    await changed(api, api.designer, 'publishDefinition', { definitionId: id });
    await imported(textOf({ ...COMPLETE_DOCUMENT, name: 'Changed' }), { definitionId: id });
    const { workflowDefinition } = await api.data(api.member, DOCUMENT, { id });
    expect(workflowDefinition?.published?.document).toBe(document);
    expect(workflowDefinition?.document).toContain('"Changed"');
  });

  test('is carried into another organization with the people who are there', async () => {
    const document = demoDocuments.get('wallbox') ?? '';
    const before = await changed(api, api.otherAdmin, 'importDefinition', { document });
    expect(before.document).toBe(document);
    expect([...new Set(before.issues.map(({ code }) => code))].sort()).toEqual([
      'UNKNOWN_CLOSING_REASON',
      'UNKNOWN_TEAM',
      'UNKNOWN_USER',
    ]);
    await makeDemoCast(api, api.otherAdmin);
    const after = await changed(api, api.otherAdmin, 'importDefinition', { document });
    expect(after.document).toBe(document);
    expect(after.issues).toEqual([]);
  });
});

describe('Importing', () => {
  test('into a definition replaces its draft', async () => {
    const { id } = await imported(textOf(COMPLETE_DOCUMENT));
    const after = await imported(textOf({ ...COMPLETE_DOCUMENT, name: 'Balcony' }), { definitionId: id });
    expect(after).toMatchObject({ id, name: 'Balcony', version: 2 });
  });

  test('into a definition of another version than expected is refused', async () => {
    const { id } = await imported(textOf(COMPLETE_DOCUMENT));
    await imported(textOf({ ...COMPLETE_DOCUMENT, name: 'Balcony' }), { definitionId: id });
    const answer = await mutate(api, api.designer, 'importDefinition', {
      document: textOf(COMPLETE_DOCUMENT),
      definitionId: id,
      expectedVersion: 1,
    });
    expect(answer).toMatchObject({ __typename: 'VersionConflictProblem', currentVersion: 2 });
  });

  test('twice with one idempotency key makes one definition', async () => {
    const input = { idempotencyKey: 'import-once' };
    const first = await imported(textOf(COMPLETE_DOCUMENT), input);
    const second = await imported(textOf(COMPLETE_DOCUMENT), input);
    expect(second.id).toBe(first.id);
  });

  test('keeps people whom nobody knows as they are written, and shows them', async () => {
    const document = textOf({
      ...COMPLETE_DOCUMENT,
      tasks: [
        { key: 'mount', name: 'Mount it', assignees: [{ user: 'ghost@x.example' }, { team: 'Ghosts' }] },
      ],
      closingReasons: ['Haunted'],
    });
    const { id, issues } = await imported(document);
    const query = graphql(`
      query DefinitionDocumentUnresolved($id: ID!) {
        workflowDefinition(id: $id) {
          draft {
            tasks {
              assignees {
                __typename
                ... on UnresolvedAssignee {
                  reference
                  isTeam
                }
              }
            }
            closingReasons {
              title
            }
            unresolvedClosingReasons
          }
        }
      }
    `);
    const { workflowDefinition } = await api.data(api.member, query, { id });
    expect(workflowDefinition).toEqual({
      draft: {
        tasks: [
          {
            assignees: [
              { __typename: 'UnresolvedAssignee', reference: 'ghost@x.example', isTeam: false },
              { __typename: 'UnresolvedAssignee', reference: 'Ghosts', isTeam: true },
            ],
          },
        ],
        closingReasons: [],
        unresolvedClosingReasons: ['Haunted'],
      },
    });
    expect(issues.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'UNKNOWN_USER tasks[0].assignees[0]',
      'UNKNOWN_TEAM tasks[0].assignees[1]',
      'UNKNOWN_CLOSING_REASON closingReasonIds[0]',
    ]);
  });

  const { name: _name, ...nameless } = COMPLETE_DOCUMENT;
  test.each<[what: string, document: string, path: string, code: string]>([
    ['no JSON', '{"format": ', 'document', 'INVALID_JSON'],
    ['nothing', '', 'document', 'INVALID_JSON'],
    ['a list', '[]', 'document', 'INVALID_TYPE'],
    ['null', 'null', 'document', 'INVALID_TYPE'],
    ['another format', textOf({ ...COMPLETE_DOCUMENT, format: 'x' }), 'document.format', 'INVALID_VALUE'],
    [
      'a later format',
      textOf({ ...COMPLETE_DOCUMENT, formatVersion: 2 }),
      'document.formatVersion',
      'INVALID_VALUE',
    ],
    ['no name', textOf(nameless), 'document.name', 'INVALID_TYPE'],
    ['an empty name', textOf({ ...COMPLETE_DOCUMENT, name: '  ' }), 'document.name', 'EMPTY'],
    [
      'a very long name',
      textOf({ ...COMPLETE_DOCUMENT, name: 'x'.repeat(10_000) }),
      'document.name',
      'TOO_LONG',
    ],
    ['a field that is not known', textOf({ ...COMPLETE_DOCUMENT, owner: 1 }), 'document', 'UNKNOWN_FIELD'],
    ['a field that is not known', textWithTask({ due: 1 }), 'document.tasks[0]', 'UNKNOWN_FIELD'],
    ['a key that is no text', textWithTask({ key: 7 }), 'document.tasks[0].key', 'INVALID_TYPE'],
    [
      'a date that does not exist',
      textWithTask({ dueAt: '2026-02-30T08:00:00Z' }),
      'document.tasks[0].dueAt',
      'INVALID_DATE',
    ],
    [
      'a date without a time zone',
      textOf({ ...COMPLETE_DOCUMENT, dueAt: '2026-02-03T08:00:00' }),
      'document.dueAt',
      'INVALID_DATE',
    ],
    [
      'a requirement of nothing',
      textWithTask({ requirements: [{}] }),
      'document.tasks[0].requirements[0]',
      'INVALID_VALUE',
    ],
    [
      'an assignee who is both user and variable',
      textWithTask({ assignees: [{ user: 'a', variable: '{{entity.owner}}' }] }),
      'document.tasks[0].assignees[0]',
      'INVALID_VALUE',
    ],
    [
      'a character that can’t be stored',
      textWithTask({ description: 'a\0b' }),
      'document.tasks[0].description',
      'INVALID_CHARACTER',
    ],
    [
      'half a character',
      textWithTask({ assignees: [{ user: '\ud800' }] }),
      'document.tasks[0].assignees[0].id',
      'INVALID_CHARACTER',
    ],
  ])('refuses %s', async (_what, document, path, code) => {
    const count = () => api.database.prisma.definition.count();
    const before = await count();
    const answer = await mutate(api, api.designer, 'importDefinition', { document });
    expect(issuesOf(answer)).toMatchObject([{ path, code }]);
    expect(await count()).toBe(before);
  });

  test('tells everything that is wrong with the document at once', async () => {
    const document = textOf({ ...COMPLETE_DOCUMENT, name: 1, tasks: [{ key: 1, name: 2 }], labels: 'x' });
    const answer = await mutate(api, api.designer, 'importDefinition', { document });
    expect(issuesOf(answer).map(({ path }) => path)).toEqual([
      'document.name',
      'document.labels',
      'document.tasks[0].key',
      'document.tasks[0].name',
    ]);
  });

  test('takes instants of any time zone', async () => {
    const { document } = await imported(textOf({ ...COMPLETE_DOCUMENT, dueAt: '2026-12-24T18:00:00+01:00' }));
    expect(JSON.parse(document)).toMatchObject({ dueAt: '2026-12-24T17:00:00.000Z' });
  });
});
