/** Saying that somebody is out of office, over the API. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/commands/viewer.ts';
import { absenceCommand, comeBack, follow, goAway } from '../support/absences.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { command, done, unknownId, userId } from '../support/workflows.ts';

const AS_PARTNER = { roles: ['partner'], kind: 'PARTNER' } as const;
const DAYS = { firstDay: '2026-03-02', lastDay: '2026-03-06' };

let api: TestApi;
let count = 0;

beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(() => {
  api.clock.set('2026-03-02T09:00:00.000Z');
});
afterAll(() => api[Symbol.asyncDispose]());

function somebody(options = {}): Promise<Viewer> {
  return api.viewer(`person-${(count += 1)}`, options);
}

/** A partner of the company. */
async function partnerOf(company: string): Promise<Viewer> {
  const viewer = await somebody(AS_PARTNER);
  await done(api, api.admin, 'updateUser', { userId: userId(viewer), company });
  return viewer;
}

const READ = `query ($id: ID!) { node(id: $id) { ... on Absence {
  status firstDay lastDay note endedAt version user { id } substitutes { id } } } }`;
const READ_USER = `query ($id: ID!) { node(id: $id) { ... on User {
  isAbsent absentUntil substitute { id } standsInFor { id } } } }`;

async function read(viewer: Viewer, id: string, document = READ): Promise<unknown> {
  const { node } = await api.data<{ node: unknown }>(viewer, document, { id });
  return node;
}

describe('an absence', () => {
  test('says who is absent, when, and who stands in', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const id = await goAway(api, anna, DAYS.firstDay, DAYS.lastDay, [ben]);
    expect(await read(api.member, id)).toEqual({
      ...DAYS,
      status: 'ACTIVE',
      note: null,
      endedAt: null,
      version: 1,
      user: { id: userId(anna) },
      substitutes: [{ id: userId(ben) }],
    });
    expect(await read(api.member, userId(anna), READ_USER)).toEqual({
      isAbsent: true,
      absentUntil: DAYS.lastDay,
      substitute: { id: userId(ben) },
      standsInFor: [],
    });
    expect(await read(api.member, userId(ben), READ_USER)).toMatchObject({
      isAbsent: false,
      absentUntil: null,
      substitute: null,
      standsInFor: [{ id: userId(anna) }],
    });
  });

  test('begins and ends at midnight on the organization’s wall clock, whatever the log has told of it', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const id = await goAway(api, anna, '2026-03-28', '2026-03-29', [ben]);
    const statusAt = async (moment: string): Promise<unknown> => {
      api.clock.set(moment);
      const found = (await read(api.member, id)) as { status: string };
      const user = (await read(api.member, userId(anna), READ_USER)) as { isAbsent: boolean };
      return `${found.status} ${user.isAbsent}`;
    };
    // Berlin changes its clocks on 29 March.
    expect(await statusAt('2026-03-27T22:59:59.999Z')).toBe('PLANNED false');
    expect(await statusAt('2026-03-27T23:00:00.000Z')).toBe('ACTIVE true');
    expect(await statusAt('2026-03-29T21:59:59.999Z')).toBe('ACTIVE true');
    expect(await statusAt('2026-03-29T22:00:00.000Z')).toBe('OVER false');
  });

  test('has begun once the log says so, also by a clock that is behind, and whatever is changed of it but its days', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const absenceId = await goAway(api, anna, '2026-03-03', '2026-03-04', [ben]);
    await follow({ database: api.database, clock: { now: () => new Date('2026-03-02T23:00:00.000Z') } });
    expect(await read(api.member, absenceId)).toMatchObject({ status: 'ACTIVE' });
    expect(await read(api.member, userId(anna), READ_USER)).toMatchObject({ isAbsent: true });
    const change = (input: object) => absenceCommand(api, anna, 'updateAbsence', { absenceId, ...input });
    expect(await change({ note: 'At the sea' })).toMatchObject({ absence: { status: 'ACTIVE' } });
    expect(await change({ firstDay: '2026-03-04' })).toMatchObject({ absence: { status: 'PLANNED' } });
  });

  test('can be changed until it is over, with one event for each change', async () => {
    const [anna, ben, cleo] = [await somebody(), await somebody(), await somebody()];
    const absenceId = await goAway(api, anna, '2026-03-04', '2026-03-06', [ben]);
    const input = { absenceId, firstDay: '2026-03-02', substituteIds: [userId(cleo)], note: 'At the sea' };
    expect(await absenceCommand(api, anna, 'updateAbsence', input)).toMatchObject({
      absence: { status: 'ACTIVE', version: 2 },
    });
    expect(await absenceCommand(api, anna, 'updateAbsence', { absenceId })).toMatchObject({
      absence: { version: 2 },
    });
    await comeBack(api, anna, absenceId);
    const events = (await api.events(anna)).filter(({ subjectType }) => subjectType === 'ABSENCE').slice(-3);
    expect(
      events.map(({ type, version, changedFields, data }) => [type, version, changedFields, data]),
    ).toEqual([
      [
        'ABSENCE_CREATED',
        1,
        ['firstDay', 'lastDay', 'status', 'substituteIds', 'userId'],
        {
          userId: anna.userId,
          firstDay: '2026-03-04',
          lastDay: '2026-03-06',
          status: 'PLANNED',
          substituteIds: [ben.userId],
        },
      ],
      [
        'ABSENCE_UPDATED',
        2,
        ['firstDay', 'note', 'status', 'substituteIds'],
        { firstDay: '2026-03-02', status: 'ACTIVE', substituteIds: [cleo.userId] },
      ],
      ['ABSENCE_ENDED', 3, ['endedAt', 'status'], { status: 'OVER', endedAt: '2026-03-02T09:00:00.000Z' }],
    ]);
    for (const mutation of ['updateAbsence', 'endAbsence'] as const)
      expect(await absenceCommand(api, anna, mutation, { absenceId })).toMatchObject({
        code: 'ABSENCE_OVER',
      });
    expect(await absenceCommand(api, anna, 'endAbsence', { absenceId, expectedVersion: 1 })).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
  });

  test('shares no day with another one of the same user, unless that one was ended', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const first = await goAway(api, anna, '2026-03-02', '2026-03-06', [ben]);
    const input = { firstDay: '2026-03-06', lastDay: '2026-03-09', substituteIds: [userId(ben)] };
    expect(await absenceCommand(api, anna, 'createAbsence', input)).toMatchObject({
      code: 'ABSENCE_OVERLAPS',
      absenceId: first,
    });
    const second = await goAway(api, anna, '2026-03-07', '2026-03-09', [ben]);
    const earlier = { absenceId: second, firstDay: '2026-03-05' };
    expect(await absenceCommand(api, anna, 'updateAbsence', earlier)).toMatchObject({
      code: 'ABSENCE_OVERLAPS',
      absenceId: first,
    });
    await comeBack(api, anna, first);
    expect(await absenceCommand(api, anna, 'updateAbsence', earlier)).toMatchObject({
      absence: { version: 2 },
    });
    await goAway(api, ben, '2026-03-05', '2026-03-05', [anna]);
  });

  test('of two that are made at once with a day in common, one comes into being', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const input = { ...DAYS, substituteIds: [userId(ben)] };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => absenceCommand(api, anna, 'createAbsence', input)),
    );
    expect(answers.map(({ code }) => code ?? 'made').sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'ABSENCE_OVERLAPS'),
      'made',
    ]);
  });

  test('is made once for an idempotency key', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const input = { ...DAYS, substituteIds: [userId(ben)], idempotencyKey: `away-${anna.userId}` };
    const first = await absenceCommand(api, anna, 'createAbsence', input);
    expect(await absenceCommand(api, anna, 'createAbsence', input)).toEqual(first);
  });

  test.each([
    [{ firstDay: '2026-02-30' }, 'firstDay', 'INVALID_DATE'],
    [{ lastDay: 'tomorrow' }, 'lastDay', 'INVALID_DATE'],
    [{ firstDay: '2026-03-07' }, 'lastDay', 'OUT_OF_RANGE'],
    [{ firstDay: '2026-02-01', lastDay: '2026-03-01' }, 'lastDay', 'OUT_OF_RANGE'],
    [{ lastDay: '2028-03-03' }, 'lastDay', 'OUT_OF_RANGE'],
    [{ substituteIds: [] }, 'substituteIds', 'EMPTY'],
    [{ substituteIds: [unknownId('User')] }, 'substituteIds[0]', 'UNKNOWN_USER'],
    [{ substituteIds: [unknownId('Team')] }, 'substituteIds[0]', 'INVALID_ID'],
  ])('is refused with %j, by %s', async (wrong, path, code) => {
    const [anna, ben] = [await somebody(), await somebody()];
    const input = { ...DAYS, substituteIds: [userId(ben)], ...wrong };
    expect(await absenceCommand(api, anna, 'createAbsence', input)).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path, code }],
    });
  });

  test('has no substitute who is inactive, the user, more than ten, or from elsewhere', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    await done(api, api.admin, 'updateUser', { userId: userId(ben), isActive: false });
    const many = await Promise.all(Array.from({ length: 11 }, () => somebody()));
    const issuesOf = async (...substitutes: Viewer[]): Promise<unknown> => {
      const input = { ...DAYS, substituteIds: substitutes.map(userId) };
      const { issues } = await absenceCommand(api, anna, 'createAbsence', input);
      return issues?.map(({ path, code }) => `${path} ${code}`);
    };
    expect(await issuesOf(api.member, ben)).toEqual(['substituteIds[1] UNKNOWN_USER']);
    expect(await issuesOf(anna)).toEqual(['substituteIds[0] SELF']);
    expect(await issuesOf(...many)).toEqual(['substituteIds TOO_MANY']);
    expect(await issuesOf(api.partner, api.otherAdmin)).toEqual([
      'substituteIds[0] UNKNOWN_USER',
      'substituteIds[1] UNKNOWN_USER',
    ]);
  });

  test('keeps a substitute who has become inactive since, and passes them over', async () => {
    const [anna, ben, cleo] = [await somebody(), await somebody(), await somebody()];
    const absenceId = await goAway(api, anna, DAYS.firstDay, DAYS.lastDay, [ben, cleo]);
    await done(api, api.admin, 'updateUser', { userId: userId(ben), isActive: false });
    expect(await read(api.member, userId(anna), READ_USER)).toMatchObject({
      substitute: { id: userId(cleo) },
    });
    const input = { absenceId, substituteIds: [userId(ben)] };
    expect(await absenceCommand(api, anna, 'updateAbsence', input)).toMatchObject({
      absence: { version: 2 },
    });
    expect(await read(api.member, userId(anna), READ_USER)).toMatchObject({
      isAbsent: true,
      substitute: null,
    });
  });
});

describe('who may', () => {
  test('change an absence: its user and administrators', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const input = { ...DAYS, userId: userId(anna), substituteIds: [userId(ben)] };
    const text = `mutation ($input: CreateAbsenceInput!) { createAbsence(input: $input) { __typename } }`;
    expect(await api.errorCodes(ben, text, { input })).toEqual(['FORBIDDEN']);
    const { absence } = await absenceCommand(api, api.admin, 'createAbsence', input);
    const absenceId = absence?.id ?? '';
    const end = `mutation ($input: EndAbsenceInput!) { endAbsence(input: $input) { __typename } }`;
    expect(await api.errorCodes(ben, end, { input: { absenceId } })).toEqual(['FORBIDDEN']);
    expect(await absenceCommand(api, anna, 'endAbsence', { absenceId })).toMatchObject({
      absence: { status: 'OVER' },
    });
  });

  test('read the note: the user and administrators, and no event holds it', async () => {
    const [anna, ben] = [await somebody(), await somebody()];
    const input = { ...DAYS, substituteIds: [userId(ben)], note: 'In hospital' };
    const { absence } = await absenceCommand(api, anna, 'createAbsence', input);
    const noteFor = async (viewer: Viewer): Promise<unknown> =>
      ((await read(viewer, absence?.id ?? '')) as { note: unknown }).note;
    expect(await Promise.all([anna, api.admin, ben].map(noteFor))).toEqual([
      'In hospital',
      'In hospital',
      null,
    ]);
    expect(JSON.stringify(await api.events(anna))).not.toContain('In hospital');
  });

  test('see absences: everybody in the organization, and partners their own and for whom they stand in', async () => {
    const [petra, paul] = [await partnerOf('Dach'), await partnerOf('Dach')];
    const absenceId = await goAway(api, petra, DAYS.firstDay, DAYS.lastDay, [paul]);
    expect(await read(petra, absenceId)).toMatchObject({ status: 'ACTIVE' });
    expect(await read(paul, absenceId)).toBeNull();
    expect(await absenceCommand(api, paul, 'endAbsence', { absenceId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await read(api.otherAdmin, absenceId)).toBeNull();
    expect(await absenceCommand(api, api.otherAdmin, 'endAbsence', { absenceId })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const now = await api.viewer(paul.name, AS_PARTNER);
    expect(await read(now, userId(petra), READ_USER)).toMatchObject({ isAbsent: true, standsInFor: null });
  });

  test('stand in for a partner: partners of the same company', async () => {
    const [petra, paul, rita] = [await partnerOf('Dach'), await partnerOf('Dach'), await partnerOf('Rohr')];
    const codesOf = async (viewer: Viewer, ...substitutes: Viewer[]): Promise<unknown> => {
      const input = { ...DAYS, substituteIds: substitutes.map(userId) };
      const { issues, absence } = await absenceCommand(api, viewer, 'createAbsence', input);
      return issues?.map(({ path, code }) => `${path} ${code}`) ?? absence?.status;
    };
    const refused = ['substituteIds[0] UNKNOWN_USER'];
    expect(await codesOf(petra, rita)).toEqual(refused);
    expect(await codesOf(petra, api.member)).toEqual(refused);
    expect(await codesOf(api.partner, paul)).toEqual(refused);
    expect(await codesOf(petra, paul)).toBe('ACTIVE');
    await done(api, api.admin, 'updateUser', { userId: userId(paul), company: 'Rohr' });
    expect(await read(api.member, userId(petra), READ_USER)).toMatchObject({ substitute: null });
  });
});

test('a user’s absences come page by page, the latest first', async () => {
  const [anna, ben] = [await somebody(), await somebody()];
  const days = ['2026-03-02', '2026-04-01', '2026-05-01'];
  for (const day of days) await goAway(api, anna, day, day, [ben]);
  const document = `query ($id: ID!, $after: String) { node(id: $id) { ... on User {
    absences(first: 2, after: $after) { nodes { firstDay } pageInfo { hasNextPage endCursor } } } } }`;
  interface Page {
    readonly node: {
      readonly absences: {
        readonly nodes: readonly { readonly firstDay: string }[];
        readonly pageInfo: { readonly endCursor: string };
      };
    };
  }
  const first = await api.data<Page>(api.member, document, { id: userId(anna) });
  const { absences } = first.node;
  const after = absences.pageInfo.endCursor;
  const rest = await api.data<Page>(api.member, document, { id: userId(anna), after });
  const told = [...absences.nodes, ...rest.node.absences.nodes].map(({ firstDay }) => firstDay);
  expect(told).toEqual([...days].reverse());
  expect(await api.errorCodes(api.partner, document, { id: userId(anna) }).catch(() => 'no such user')).toBe(
    'no such user',
  );
  const badCursor = Buffer.from(JSON.stringify(['monday', '00000000-0000-7000-8000-000000000000']));
  const variables = { id: userId(anna), after: badCursor.toString('base64url') };
  expect(await api.errorCodes(api.member, document, variables)).toEqual(['BAD_USER_INPUT']);
});

test('many people’s absences are one statement', async () => {
  const [anna, ben] = [await somebody(), await somebody()];
  await goAway(api, anna, DAYS.firstDay, DAYS.lastDay, [ben]);
  const text = '{ users(first: 50) { nodes { isAbsent absentUntil standsInFor { id } } } }';
  await api.data(api.member, text);
  api.resetStatements();
  await api.data(api.member, text);
  expect(api.statements().filter((sent) => sent.includes('from absence a'))).toHaveLength(1);
});

test('the statement that finds the viewer also finds for whom they stand in', async () => {
  const [anna, ben] = [await somebody(), await somebody()];
  await goAway(api, anna, DAYS.firstDay, DAYS.lastDay, [ben]);
  expect((await api.viewer(ben.name)).standsInFor).toEqual([anna.userId]);
  expect((await api.viewer(anna.name)).standsInFor).toEqual([]);
  expect(await command(api, api.otherAdmin, 'updateUser', { userId: userId(anna) })).toMatchObject({
    code: 'NOT_FOUND',
  });
});
