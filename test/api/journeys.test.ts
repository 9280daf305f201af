import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { form, RIGHT, withForm } from '../support/journeys.ts';
import { task } from '../support/workflow.ts';
import { draft, entity, eventCount, keyOf, publish, start, unknownId } from '../support/workflows.ts';

const JOURNEY = `id name description kind schema uiSchema url mapping { target mode source value } creates { entitySchema title }
  sessionHours isPublic publicUrl previousSecretExpiresAt isEnabled isArchived version`;
const SESSION = `id status name kind schema uiSchema data completesTask expiresAt openedBy { name } task { id } entity { id } journey { id }
  submission { id }`;
const SUBMISSION = `id data submittedBy { __typename } hasCreatedEntity task { id } execution { id } entity { id } session { id status }
  startedExecutions { id }`;

/** What the payload of each mutation selects. */
const SELECTED = {
  createJourney: `journey { ${JOURNEY} } secret`,
  updateJourney: `journey { ${JOURNEY} }`,
  enableJourney: `journey { ${JOURNEY} }`,
  disableJourney: `journey { ${JOURNEY} }`,
  archiveJourney: `journey { ${JOURNEY} }`,
  unarchiveJourney: `journey { ${JOURNEY} }`,
  rotateJourneySecret: `journey { ${JOURNEY} } secret`,
  openJourney: `session { ${SESSION} } url`,
  saveJourneyDraft: `session { ${SESSION} }`,
  closeJourneySession: `session { id status closedAt version }`,
  submitJourney: `submission { ${SUBMISSION} } task { id status }`,
} as const;
type Mutation = keyof typeof SELECTED;

const PROBLEM = `... on Problem { code message ... on InvalidInputProblem { issues { path code } }
  ... on JourneyDataInvalidProblem { errors { path keyword message } }
  ... on JourneySessionNotOpenProblem { sessionId sessionStatus }
  ... on JourneyNotOpenableProblem { journeyId reason } ... on TaskBlockedProblem { task { id } } }`;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly issues?: readonly { readonly path: string; readonly code: string }[];
  readonly journey?: { readonly id: string; readonly version: number; readonly publicUrl: string | null };
  readonly secret?: string | null;
  readonly session?: { readonly id: string };
  readonly url?: string;
  readonly submission?: { readonly id: string };
}

function documentOf(name: Mutation): string {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return `mutation Journeys($input: ${type}Input!) {
    result: ${name}(input: $input) { __typename ... on ${type}Payload { ${SELECTED[name]} } ${PROBLEM} }
  }`;
}

async function run(name: Mutation, input: object, viewer: Viewer = api.designer): Promise<Answer> {
  const { result } = await api.data<{ result: Answer }>(viewer, documentOf(name), { input });
  return result;
}

const { kind: _kind, url: _url, creates: _creates, mapping: _mapping, ...FORM } = form();
const CONTENT = { ...FORM, mapping: [{ target: 'zip', mode: 'COPY', source: 'data.address.zip' }] };

async function journey(content: object = {}, kind = 'FORM') {
  const { journey: made } = await run('createJourney', { kind, content: { ...CONTENT, ...content } });
  if (!made) throw new Error('not made');
  return made;
}

async function session(input: object, viewer = api.member) {
  const { session: opened, ...answer } = await run('openJourney', input, viewer);
  if (!opened) throw new Error(`not opened: ${JSON.stringify(answer)}`);
  return opened;
}

/** An execution whose first task is the partner’s and has a form, and whose second one is somebody else’s with the same form. */
async function shared() {
  const { id } = await journey();
  const journeyId = keyOf(id);
  const assignees = [{ type: 'USER' as const, id: api.partner.userId }];
  const tasks = [
    withForm('theirs', journeyId, {}, { assignees }),
    withForm('ours', journeyId, { completesTask: false }),
  ];
  return { ...(await start(api, { tasks })), journeyId: id };
}

describe('journeys', () => {
  test('are made with everything that they say, and found by their name', async () => {
    const creates = { entitySchema: 'lead', title: 'Lead {{data.email}}' };
    const made = await run('createJourney', {
      kind: 'FORM',
      content: { ...CONTENT, name: 'Quite new', creates },
    });
    expect(made).toMatchObject({
      journey: {
        ...CONTENT,
        name: 'Quite new',
        kind: 'FORM',
        creates,
        isEnabled: true,
        version: 1,
        publicUrl: null,
      },
      secret: null,
    });
    const { journeys } = await api.data<{ journeys: object }>(
      api.member,
      `{ journeys(filter: { search: "QUITE" }) { totalCount nodes { id name } } }`,
    );
    expect(journeys).toEqual({ totalCount: 1, nodes: [{ id: made.journey?.id, name: 'Quite new' }] });
  });

  test('keep the order of the fields of a form', async () => {
    const properties = { zip: {}, a: {}, name: {}, b: {} };
    const { id } = await journey({ schema: { type: 'object', properties } });
    const { journey: read } = await api.data<{ journey: { schema: { properties: object } } }>(
      api.member,
      `query ($id: ID!) { journey(id: $id) { schema } }`,
      { id },
    );
    expect(Object.keys(read.schema.properties)).toEqual(['zip', 'a', 'name', 'b']);
  });

  test('of outside forms answer their secret, and write it down nowhere else', async () => {
    const content = { name: 'Outside', url: 'https://forms.example/a' };
    const made = await run('createJourney', { kind: 'LINK', content });
    expect(made.secret).toMatch(/^whsec_/);
    const rotated = await run('rotateJourneySecret', { journeyId: made.journey?.id });
    expect(rotated.secret).not.toBe(made.secret);
    expect(rotated).toMatchObject({ journey: { previousSecretExpiresAt: '2026-03-03T09:00:00.000Z' } });
    const log = JSON.stringify(await api.events(api.admin));
    for (const secret of [made.secret, rotated.secret]) expect(log).not.toContain(secret?.slice(6));
    const { id } = await journey();
    expect((await run('rotateJourneySecret', { journeyId: id })).issues).toEqual([
      { path: 'journeyId', code: 'NOT_ALLOWED' },
    ]);
  });

  test.each<[what: string, kind: string, content: object, issues: readonly string[]]>([
    ['no name', 'FORM', { name: ' ' }, ['EMPTY name']],
    ['a form without a schema', 'FORM', { schema: null }, ['EMPTY schema']],
    ['a form elsewhere', 'FORM', { url: 'https://a.example' }, ['NOT_ALLOWED url']],
    ['a link to nowhere', 'LINK', { uiSchema: null }, ['EMPTY url']],
    ['a link with hints', 'LINK', { url: 'https://a.example' }, ['NOT_ALLOWED uiSchema']],
    [
      'a link that is a script',
      'LINK',
      { uiSchema: null, url: 'javascript:alert(1)' },
      ['INVALID_VALUE url'],
    ],
    ['a link in clear', 'LINK', { uiSchema: null, url: 'http://a.example' }, ['INVALID_VALUE url']],
    ['a schema that is none', 'FORM', { schema: [] }, ['INVALID_TYPE schema']],
    [
      'a schema with mistakes',
      'FORM',
      { schema: { type: 'object', properties: { a: { pattern: '(' }, b: { format: 'x' } } } },
      ['INVALID_VALUE schema/properties/a/pattern', 'INVALID_VALUE schema/properties/b/format'],
    ],
    [
      'a mapping of nothing',
      'FORM',
      {
        mapping: [
          { target: 'a', mode: 'COPY' },
          { target: 'b', mode: 'COPY', source: 'steps.a' },
        ],
      },
      ['INVALID_VALUE mapping[0].source'],
    ],
    [
      'an unknown variable',
      'FORM',
      { mapping: [{ target: 'b', mode: 'COPY', source: 'steps.a' }] },
      ['INVALID_VALUE mapping[0].source'],
    ],
    [
      'an entity of no schema',
      'FORM',
      { creates: { entitySchema: 'A B', title: 'x' } },
      ['INVALID_CHARACTER creates.entitySchema'],
    ],
    ['no time', 'FORM', { sessionHours: 0 }, ['OUT_OF_RANGE sessionHours']],
  ])('are refused with %s', async (_what, kind, content, issues) => {
    const { issues: found } = await run('createJourney', { kind, content: { ...CONTENT, ...content } });
    expect(found?.map(({ path, code }) => `${code} ${path}`)).toEqual(issues);
  });

  test('change what is given, and nothing else', async () => {
    const { id } = await journey();
    expect(await run('updateJourney', { journeyId: id, content: {} })).toMatchObject({
      journey: { version: 1 },
    });
    const changed = await run('updateJourney', {
      journeyId: id,
      content: { name: 'Renamed', description: null, isPublic: true },
      expectedVersion: 1,
    });
    expect(changed).toMatchObject({
      journey: { name: 'Renamed', description: null, version: 2, schema: CONTENT.schema },
    });
    expect(changed.journey?.publicUrl).toMatch(/^http:\/\/localhost\/journeys\/[\w-]{22}$/);
    expect(await run('updateJourney', { journeyId: id, content: {}, expectedVersion: 1 })).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    const events = (await api.events(api.admin)).filter(({ subjectId }) => subjectId === keyOf(id));
    expect(events.map(({ type, changedFields }) => [type, changedFields])).toEqual([
      ['JOURNEY_CREATED', expect.arrayContaining(['schema', 'mapping'])],
      ['JOURNEY_UPDATED', ['description', 'isPublic', 'name']],
    ]);
  });

  test('are switched off and on, put away and brought back', async () => {
    const { id } = await journey();
    for (const [name, state] of [
      ['disableJourney', { isEnabled: false }],
      ['enableJourney', { isEnabled: true }],
      ['archiveJourney', { isArchived: true }],
      ['unarchiveJourney', { isArchived: false }],
    ] as const)
      expect(await run(name, { journeyId: id })).toMatchObject({ journey: state });
    await run('archiveJourney', { journeyId: id });
    for (const name of ['updateJourney', 'enableJourney', 'disableJourney'] as const)
      expect(
        await run(name, { journeyId: id, ...(name === 'updateJourney' && { content: {} }) }),
      ).toMatchObject({
        issues: [{ path: 'journeyId', code: 'ARCHIVED' }],
      });
    expect(await run('openJourney', { journeyId: id }, api.member)).toMatchObject({
      code: 'JOURNEY_NOT_OPENABLE',
      reason: 'ARCHIVED',
    });
  });

  test('are made and changed by designers, opened by members, and read by no partner', async () => {
    const { id } = await journey();
    for (const viewer of [api.member, api.partner]) {
      const inputs: [Mutation, object][] = [
        ['createJourney', { kind: 'FORM', content: CONTENT }],
        ['updateJourney', { journeyId: id, content: {} }],
        ['archiveJourney', { journeyId: id }],
        ['rotateJourneySecret', { journeyId: id }],
      ];
      for (const [name, input] of inputs)
        expect(await api.errorCodes(viewer, documentOf(name), { input })).toEqual(['FORBIDDEN']);
    }
    const input = { journeyId: id };
    expect(await api.errorCodes(api.partner, documentOf('openJourney'), { input })).toEqual(['FORBIDDEN']);
    expect(await api.errorCodes(api.partner, '{ journeys { nodes { id } } }')).toEqual(['FORBIDDEN']);
    expect(await api.data(api.partner, `query ($id: ID!) { node(id: $id) { id } }`, { id })).toEqual({
      node: null,
    });
    expect(await session(input)).toMatchObject({ status: 'OPEN', openedBy: { name: 'member' }, task: null });
  });
});

describe('definitions', () => {
  test('name journeys by their ids, and their documents by name', async () => {
    const { id } = await journey({ name: 'Only one of its name' });
    const journeyId = keyOf(id);
    const parameters = [{ name: 'email', value: '{{entity.email}}' }];
    const content = {
      tasks: [withForm('form', journeyId, { parameters })],
      triggers: [{ type: 'JOURNEY', journeyId } as const],
    };
    const definitionId = await publish(api, content);
    const { definition } = await api.data<{ definition: { document: string; draft: object } }>(
      api.designer,
      `query ($id: ID!) { definition: workflowDefinition(id: $id) { document draft {
        triggers { ... on JourneyTrigger { journeyId journey { name } } }
        tasks { journey { journeyId completesTask parameters { name value } journey { name } } } } } }`,
      { id: definitionId },
    );
    const named = { journeyId: id, journey: { name: 'Only one of its name' } };
    expect(definition.draft).toEqual({
      triggers: [named],
      tasks: [{ journey: { ...named, completesTask: true, parameters } }],
    });
    expect(JSON.parse(definition.document)).toMatchObject({
      triggers: [{ type: 'JOURNEY', journeyId: 'Only one of its name' }],
      tasks: [{ journey: { journeyId: 'Only one of its name', completesTask: true, parameters } }],
    });
  });

  test('are not published with a journey that is archived, or of nobody', async () => {
    const { id } = await journey();
    await run('archiveJourney', { journeyId: id });
    const definitionId = await draft(api, { tasks: [withForm('a', keyOf(id)), withForm('b', 'survey')] });
    const { definition } = await api.data<{ definition: { issues: readonly object[] } }>(
      api.designer,
      `query ($id: ID!) { definition: workflowDefinition(id: $id) { issues { code path } } }`,
      { id: definitionId },
    );
    expect(definition.issues).toEqual([
      { code: 'UNKNOWN_JOURNEY', path: 'tasks[0].journey.journeyId' },
      { code: 'UNKNOWN_JOURNEY', path: 'tasks[1].journey.journeyId' },
    ]);
  });
});

describe('filling in', () => {
  test('is open, draft, submission; and both task and entity tell of it', async () => {
    const { entityId, ...started } = await shared();
    const taskOf = (name: string): string => started.task(name);
    const opened = await run('openJourney', { taskId: taskOf('ours'), expiresInHours: 2 }, api.member);
    expect(opened.url).toMatch(/^http:\/\/localhost\/journeys\/[\w-]{43}$/);
    const sessionId = opened.session?.id ?? '';
    expect(opened).toMatchObject({
      session: { expiresAt: '2026-03-02T11:00:00.000Z', completesTask: false },
    });
    const half = { address: {} };
    expect(await run('saveJourneyDraft', { sessionId, data: half }, api.member)).toMatchObject({
      session: { data: half, status: 'OPEN', schema: CONTENT.schema, submission: null },
    });
    expect(await run('submitJourney', { sessionId, data: half }, api.member)).toMatchObject({
      __typename: 'JourneyDataInvalidProblem',
      code: 'JOURNEY_DATA_INVALID',
      errors: [{ path: '/address/zip', keyword: 'required', message: 'is required' }],
    });
    const done = await run('submitJourney', { sessionId, data: RIGHT }, api.member);
    expect(done).toMatchObject({
      submission: { data: RIGHT, entity: { id: entityId }, session: { status: 'SUBMITTED' } },
      task: { status: 'PENDING' },
    });
    expect(await run('submitJourney', { sessionId, data: RIGHT }, api.member)).toMatchObject({
      code: 'JOURNEY_SESSION_NOT_OPEN',
      sessionStatus: 'SUBMITTED',
    });
    const submissions = { nodes: [{ id: done.submission?.id }] };
    expect(
      await api.data(
        api.member,
        `query ($task: ID!, $entity: ID!) { task(id: $task) { journeySubmissions { nodes { id } } }
          entity(id: $entity) { journeySubmissions { nodes { id } } } }`,
        { task: taskOf('ours'), entity: entityId },
      ),
    ).toEqual({ task: { journeySubmissions: submissions }, entity: { journeySubmissions: submissions } });
  });

  test('needs either a task or a journey', async () => {
    const { id } = await journey();
    const started = await shared();
    const taskOf = (name: string): string => started.task(name);
    expect(await run('openJourney', {}, api.member)).toMatchObject({
      issues: [{ path: 'taskId', code: 'EMPTY' }],
    });
    expect(await run('openJourney', { taskId: taskOf('ours'), journeyId: id }, api.member)).toMatchObject({
      issues: [{ path: 'taskId', code: 'AMBIGUOUS' }],
    });
    expect(
      await run('openJourney', { journeyId: id, entityId: unknownId('Entity') }, api.member),
    ).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('tells by its type why it is not possible', async () => {
    const { id } = await journey();
    const started = await start(api, {
      isSequential: true,
      tasks: [task('first'), withForm('form', keyOf(id))],
    });
    const taskOf = (name: string): string => started.task(name);
    expect(await run('openJourney', { taskId: taskOf('form') }, api.member)).toMatchObject({
      __typename: 'TaskBlockedProblem',
      task: { id: taskOf('form') },
    });
    expect(await run('openJourney', { taskId: taskOf('first') }, api.member)).toMatchObject({
      __typename: 'JourneyNotOpenableProblem',
      reason: 'NO_JOURNEY',
    });
  });
});

describe('a session', () => {
  test('is taken back for good, with an event, and its task can be opened anew', async () => {
    const started = await shared();
    const taskId = started.task('ours');
    const { id: sessionId } = await session({ taskId });
    const input = { sessionId, expectedVersion: 1 };
    expect(await run('closeJourneySession', input, api.member)).toMatchObject({
      session: { id: sessionId, status: 'CLOSED', closedAt: '2026-03-02T09:00:00.000Z', version: 2 },
    });
    const closed = { code: 'JOURNEY_SESSION_NOT_OPEN', sessionStatus: 'CLOSED' };
    expect(await run('submitJourney', { sessionId, data: RIGHT }, api.member)).toMatchObject(closed);
    expect(await run('saveJourneyDraft', { sessionId, data: {} }, api.member)).toMatchObject(closed);
    expect(await run('closeJourneySession', { sessionId }, api.member)).toMatchObject(closed);
    const events = (await api.events(api.admin)).filter(({ subjectId }) => subjectId === keyOf(sessionId));
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['JOURNEY_OPENED', 1],
      ['JOURNEY_CLOSED', 2],
    ]);
    expect(await session({ taskId })).toMatchObject({ status: 'OPEN' });
  });

  test('that was submitted, or is of another version, is not taken back', async () => {
    const { id } = await journey();
    const { id: sessionId } = await session({ journeyId: id });
    await run('saveJourneyDraft', { sessionId, data: {} }, api.member);
    const input = { sessionId, expectedVersion: 1 };
    expect(await run('closeJourneySession', input, api.member)).toMatchObject({ code: 'VERSION_CONFLICT' });
    await run('submitJourney', { sessionId, data: RIGHT }, api.member);
    expect(await run('closeJourneySession', { sessionId }, api.member)).toMatchObject({
      code: 'JOURNEY_SESSION_NOT_OPEN',
      sessionStatus: 'SUBMITTED',
    });
  });

  test('without a task is taken back by members, and no partner', async () => {
    const { id } = await journey();
    const { id: sessionId } = await session({ journeyId: id });
    expect(await run('closeJourneySession', { sessionId }, api.partner)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await run('closeJourneySession', { sessionId }, api.member)).toMatchObject({
      session: { status: 'CLOSED' },
    });
  });
});

describe('partners', () => {
  test('open and submit the forms of their own tasks', async () => {
    const started = await shared();
    const taskOf = (name: string): string => started.task(name);
    const { id: sessionId } = await session({ taskId: taskOf('theirs') }, api.partner);
    expect(await run('saveJourneyDraft', { sessionId, data: {} }, api.partner)).toMatchObject({
      session: { journey: null, schema: CONTENT.schema },
    });
    expect(await run('submitJourney', { sessionId, data: RIGHT }, api.partner)).toMatchObject({
      submission: { data: RIGHT, submittedBy: { __typename: 'User' } },
      task: { status: 'COMPLETED' },
    });
  });

  test('neither open, see nor fill in those of others, also in executions that they see', async () => {
    const { entityId, ...started } = await shared();
    const taskOf = (name: string): string => started.task(name);
    const input = { taskId: taskOf('ours') };
    expect(await api.errorCodes(api.partner, documentOf('openJourney'), { input })).toEqual(['FORBIDDEN']);
    const { id: sessionId } = await session(input);
    for (const name of ['saveJourneyDraft', 'submitJourney'] as const)
      expect(await run(name, { sessionId, data: RIGHT }, api.partner)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await run('closeJourneySession', { sessionId }, api.partner)).toMatchObject({ code: 'NOT_FOUND' });
    const { submission } = await run('submitJourney', { sessionId, data: RIGHT }, api.member);
    expect(
      await api.data(
        api.partner,
        `query ($session: ID!, $submission: ID!, $task: ID!, $entity: ID!) {
          journeySession(id: $session) { id } node(id: $submission) { id }
          task(id: $task) { journeySubmissions { nodes { id } } } entity(id: $entity) { journeySubmissions { nodes { id } } } }`,
        { session: sessionId, submission: submission?.id, task: taskOf('ours'), entity: entityId },
      ),
    ).toEqual({
      ...{ journeySession: null, node: null },
      ...{ task: { journeySubmissions: { nodes: [] } }, entity: { journeySubmissions: { nodes: [] } } },
    });
  });
});

test('nothing of it is there for another organization', async () => {
  const { journeyId, ...started } = await shared();
  const taskOf = (name: string): string => started.task(name);
  const { id: sessionId } = await session({ taskId: taskOf('ours') });
  const before = await eventCount(api, api.admin);
  const inputs: [Mutation, object][] = [
    ['updateJourney', { journeyId, content: { name: 'Mine' } }],
    ['disableJourney', { journeyId }],
    ['archiveJourney', { journeyId }],
    ['rotateJourneySecret', { journeyId }],
    ['openJourney', { taskId: taskOf('ours') }],
    ['openJourney', { journeyId }],
    ['saveJourneyDraft', { sessionId, data: {} }],
    ['submitJourney', { sessionId, data: RIGHT }],
    ['closeJourneySession', { sessionId }],
  ];
  for (const [name, input] of inputs)
    expect([name, (await run(name, input, api.otherAdmin)).code]).toEqual([name, 'NOT_FOUND']);
  const read = `query ($journey: ID!, $session: ID!) { journey(id: $journey) { id } journeySession(id: $session) { id }
    journeys { nodes { id } } nodes(ids: [$journey, $session]) { id } }`;
  expect(await api.data(api.otherAdmin, read, { journey: journeyId, session: sessionId })).toEqual({
    journey: null,
    journeySession: null,
    journeys: { nodes: [] },
    nodes: [null, null],
  });
  const theirs = await entity(api, { viewer: api.otherAdmin });
  expect(await run('openJourney', { journeyId, entityId: theirs }, api.member)).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await eventCount(api, api.admin)).toBe(before);
});
