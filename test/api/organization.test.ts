import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calendarOf } from '../../src/commands/calendar.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import type { UpdateOrganizationInput, WorkingHoursInput } from '../support/generated/graphql.ts';
import { issuesOf, ofType, present } from '../support/typed.ts';

const READ = graphql(`
  query OrganizationRead {
    organization {
      id
      name
      timeZone
      locale
      holidayRegion
      ownHolidays {
        date
        name
        isOwn
      }
      workingHours {
        day
        from
        to
      }
      version
    }
  }
`);
const UPDATE = graphql(`
  mutation OrganizationUpdate($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) {
      __typename
      ... on UpdateOrganizationPayload {
        organization {
          name
          timeZone
          locale
          holidayRegion
          ownHolidays {
            date
            name
          }
          workingHours {
            day
            from
            to
          }
          version
        }
      }
      ... on InvalidInputProblem {
        issues {
          path
          code
        }
      }
      ... on VersionConflictProblem {
        message
        currentVersion
        current {
          ... on Organization {
            name
          }
        }
      }
    }
  }
`);

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function read(viewer = api.admin) {
  return present((await api.data(viewer, READ)).organization);
}

async function update(input: UpdateOrganizationInput, viewer = api.admin) {
  return present((await api.data(viewer, UPDATE, { input })).updateOrganization);
}

async function updated(input: UpdateOrganizationInput) {
  return ofType(await update(input), 'UpdateOrganizationPayload').organization;
}

describe('organization', () => {
  test('is as its first token made it', async () => {
    expect(await read(api.otherAdmin)).toEqual({
      id: Buffer.from(`Organization:${api.otherAdmin.organizationId}`).toString('base64url'),
      name: 'nordhafen',
      timeZone: 'Europe/Berlin',
      locale: 'de-DE',
      holidayRegion: null,
      ownHolidays: [],
      workingHours: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].map((day) => ({
        day,
        from: '08:00',
        to: '17:00',
      })),
      version: 1,
    });
  });

  test.each(['designer', 'member', 'partner'] as const)('can be read by a %s', async (role) => {
    expect(await read(api[role])).toEqual(await read());
  });

  test('is a node for its own people only', async () => {
    const query = graphql(`
      query OrganizationNode($id: ID!) {
        node(id: $id) {
          __typename
        }
      }
    `);
    const { id } = await read();
    expect(await api.data(api.partner, query, { id })).toEqual({ node: { __typename: 'Organization' } });
    expect(await api.data(api.otherAdmin, query, { id })).toEqual({ node: null });
  });
});

describe('updateOrganization', () => {
  test('changes everything that is given, and tells of it', async () => {
    const { version } = await read();
    const own = [
      { date: '2026-12-31', name: 'Silvester' },
      { date: '2026-12-24', name: ' Heiligabend ' },
    ];
    const sorted = [
      { date: '2026-12-24', name: 'Heiligabend' },
      { date: '2026-12-31', name: 'Silvester' },
    ];
    const settings = {
      name: 'Lindental AG',
      timeZone: 'Europe/Zurich',
      locale: 'de-CH',
      holidayRegion: 'CH-ZH',
      ownHolidays: sorted,
      workingHours: [
        { day: 'TUESDAY', from: '07:00', to: '11:30' },
        { day: 'TUESDAY', from: '12:00', to: '16:00' },
        { day: 'SUNDAY', from: '22:00', to: '24:00' },
      ],
    } as const;
    const input = {
      ...settings,
      name: ' Lindental AG ',
      locale: 'DE-ch',
      ownHolidays: own,
      workingHours: settings.workingHours.toReversed(),
    };
    expect(await updated(input)).toEqual({ ...settings, version: version + 1 });
    expect((await api.events(api.admin)).at(-1)).toMatchObject({
      type: 'ORGANIZATION_UPDATED',
      subjectType: 'ORGANIZATION',
      subjectId: api.admin.organizationId,
      version: version + 1,
      actorId: api.admin.userId,
      executionId: null,
      audience: [],
      changedFields: ['holidayRegion', 'locale', 'name', 'ownHolidays', 'timeZone', 'workingHours'],
      data: settings,
    });
  });

  test('leaves what is not given', async () => {
    await update({ timeZone: 'Europe/Vienna', locale: 'de-AT', holidayRegion: 'AT' });
    const { version, name } = await read();
    expect(await updated({ locale: 'en-AT' })).toMatchObject({
      name,
      timeZone: 'Europe/Vienna',
      locale: 'en-AT',
      holidayRegion: 'AT',
      version: version + 1,
    });
    expect((await api.events(api.admin)).at(-1)).toMatchObject({ changedFields: ['locale'] });
  });

  test('takes the region away with null, and the own days with an empty list', async () => {
    await update({ holidayRegion: 'DE', ownHolidays: [{ date: '2026-12-24', name: 'Heiligabend' }] });
    expect(await updated({ holidayRegion: null, ownHolidays: [] })).toMatchObject({
      holidayRegion: null,
      ownHolidays: [],
    });
  });

  test('writes nothing when nothing changes', async () => {
    const own = [{ date: '2026-12-24', name: 'Heiligabend' }];
    await update({ name: 'Same', holidayRegion: 'DE', ownHolidays: own });
    const { version } = await read();
    const before = (await api.events(api.admin)).length;
    await update({});
    const same = await updated({ name: 'Same', holidayRegion: 'DE', ownHolidays: own, locale: null });
    expect(same.version).toBe(version);
    expect(await api.events(api.admin)).toHaveLength(before);
  });

  test('is seen in the calendar from the next request on', async () => {
    const own = [{ date: '2026-12-28', name: 'Inventur' }];
    const workingHours: WorkingHoursInput[] = [
      { day: 'SUNDAY', from: '08:00', to: '12:00' },
      { day: 'MONDAY', from: '08:00', to: '17:00' },
      { day: 'TUESDAY', from: '08:00', to: '17:00' },
    ];
    await update({ timeZone: 'America/New_York', holidayRegion: 'US', ownHolidays: own, workingHours });
    const member = await api.viewer('member');
    expect(member.timeZone).toBe('America/New_York');
    expect(member.calendar).toEqual({
      timeZone: 'America/New_York',
      region: 'US',
      ownHolidays: ['2026-12-28'],
      workingHours: expect.arrayContaining([{ day: 'SUNDAY', from: '08:00', to: '12:00' }]) as unknown,
    });
    // Over Christmas and the own day.
    expect(calendarOf(member).add('2026-12-24T14:00:00.000Z', 2, 'WORKING_DAYS')).toBe(
      '2026-12-29T14:00:00.000Z',
    );
    expect(calendarOf(member).add('2026-12-27T13:00:00.000Z', 5, 'WORKING_HOURS')).toBe(
      '2026-12-29T14:00:00.000Z',
    );
  });

  test('costs no statement more than a lock, a write and the event', async () => {
    await update({ name: 'Counted' });
    api.resetStatements();
    const document = graphql(`
      mutation OrganizationCounted($input: UpdateOrganizationInput!) {
        updateOrganization(input: $input) {
          __typename
        }
      }
    `);
    await api.data(api.admin, document, { input: { name: 'Counted again' } });
    // BEGIN, lock, update, event, COMMIT.
    expect(api.statements()).toHaveLength(5);
  });

  test('does not touch another organization', async () => {
    const before = [await read(), await api.events(api.admin)];
    await update({ name: 'Nordhafen AG' }, api.otherAdmin);
    expect((await read(api.otherAdmin)).name).toBe('Nordhafen AG');
    expect([await read(), await api.events(api.admin)]).toEqual(before);
  });

  test('refuses another version than the expected one and shows the organization as it is', async () => {
    const { version } = await updated({ name: 'One' });
    await update({ name: 'Two' });
    const { message, ...conflict } = ofType(
      await update({ name: 'Three', expectedVersion: version }),
      'VersionConflictProblem',
    );
    expect(conflict).toEqual({
      __typename: 'VersionConflictProblem',
      currentVersion: version + 1,
      current: { name: 'Two' },
    });
    expect(message).toContain(`version ${version + 1} now`);
  });

  test('loses no change when several are made at the same time', async () => {
    const { version } = await read();
    await Promise.all([
      update({ name: 'Rush' }),
      update({ locale: 'fr-CH' }),
      update({ holidayRegion: 'FR' }),
    ]);
    expect(await read()).toMatchObject({
      name: 'Rush',
      locale: 'fr-CH',
      holidayRegion: 'FR',
      version: version + 3,
    });
  });

  const day = { date: '2026-12-24', name: 'Heiligabend' };
  test.each<[string, UpdateOrganizationInput, string, string]>([
    ['an empty name', { name: ' ' }, 'name', 'EMPTY'],
    ['a name of 501 characters', { name: 'x'.repeat(501) }, 'name', 'TOO_LONG'],
    ['an unknown time zone', { timeZone: 'Europe/Lindental' }, 'timeZone', 'INVALID_VALUE'],
    ['an empty time zone', { timeZone: '' }, 'timeZone', 'INVALID_VALUE'],
    ['an offset as the time zone', { timeZone: '+01:00' }, 'timeZone', 'INVALID_VALUE'],
    ['a malformed locale', { locale: 'de_DE' }, 'locale', 'INVALID_VALUE'],
    ['an unknown language', { locale: 'xx-YY' }, 'locale', 'INVALID_VALUE'],
    ['an endless locale', { locale: `de-x${'-a'.repeat(60)}` }, 'locale', 'INVALID_VALUE'],
    ['an unknown country', { holidayRegion: 'XX' }, 'holidayRegion', 'INVALID_VALUE'],
    ['an unknown state', { holidayRegion: 'DE-XX' }, 'holidayRegion', 'INVALID_VALUE'],
    ['a region in lower case', { holidayRegion: 'de' }, 'holidayRegion', 'INVALID_VALUE'],
    ['an empty region', { holidayRegion: '' }, 'holidayRegion', 'INVALID_VALUE'],
    [
      'a day that does not exist',
      { ownHolidays: [day, { ...day, date: '2026-02-29' }] },
      'ownHolidays[1].date',
      'INVALID_DATE',
    ],
    [
      'a moment as a day',
      { ownHolidays: [{ ...day, date: '2026-12-24T00:00:00Z' }] },
      'ownHolidays[0].date',
      'INVALID_DATE',
    ],
    ['no date', { ownHolidays: [{ ...day, date: '' }] }, 'ownHolidays[0].date', 'INVALID_DATE'],
    [
      'a day twice',
      { ownHolidays: [day, { ...day, name: 'Christmas Eve' }] },
      'ownHolidays[1].date',
      'AMBIGUOUS',
    ],
    ['a day without a name', { ownHolidays: [{ ...day, name: '' }] }, 'ownHolidays[0].name', 'EMPTY'],
    [
      'a day with a name of 201 characters',
      { ownHolidays: [{ ...day, name: 'x'.repeat(201) }] },
      'ownHolidays[0].name',
      'TOO_LONG',
    ],
    [
      'a day with NUL in its name',
      { ownHolidays: [{ ...day, name: 'a\u0000b' }] },
      'ownHolidays[0].name',
      'INVALID_CHARACTER',
    ],
    ['no working time', { workingHours: [] }, 'workingHours', 'EMPTY'],
    [
      'half an hour of it',
      { workingHours: [{ day: 'MONDAY', from: '08:00', to: '08:30' }] },
      'workingHours',
      'OUT_OF_RANGE',
    ],
    [
      'hours that are none',
      { workingHours: [{ day: 'MONDAY', from: '8:00', to: '17:00' }] },
      'workingHours[0].from',
      'INVALID_VALUE',
    ],
    [
      'hours after midnight',
      { workingHours: [{ day: 'MONDAY', from: '08:00', to: '24:30' }] },
      'workingHours[0].to',
      'INVALID_VALUE',
    ],
    [
      'hours that end before they begin',
      { workingHours: [{ day: 'MONDAY', from: '22:00', to: '06:00' }] },
      'workingHours[0].to',
      'OUT_OF_RANGE',
    ],
    [
      'hours that overlap',
      {
        workingHours: [
          { day: 'MONDAY', from: '08:00', to: '12:00' },
          { day: 'TUESDAY', from: '08:00', to: '12:00' },
          { day: 'MONDAY', from: '11:00', to: '17:00' },
        ],
      },
      'workingHours[2]',
      'AMBIGUOUS',
    ],
    [
      '22 spans',
      {
        workingHours: Array.from(
          { length: 22 },
          () => ({ day: 'MONDAY', from: '08:00', to: '17:00' }) as const,
        ),
      },
      'workingHours',
      'TOO_MANY',
    ],
    ['401 days', { ownHolidays: Array.from({ length: 401 }, () => day) }, 'ownHolidays', 'TOO_MANY'],
  ])('refuses %s', async (_what, input, path, code) => {
    const before = await read();
    expect(issuesOf(await update(input))).toEqual([{ path, code }]);
    expect(await read()).toEqual(before);
  });

  test('tells everything that is wrong at once', async () => {
    const input = {
      name: '',
      timeZone: 'x',
      locale: 'x',
      holidayRegion: 'x',
      ownHolidays: [{ date: 'x', name: '' }],
    };
    expect(issuesOf(await update(input)).map(({ path }) => path)).toEqual([
      'name',
      'timeZone',
      'locale',
      'holidayRegion',
      'ownHolidays[0].date',
      'ownHolidays[0].name',
    ]);
  });

  test.each(['designer', 'member', 'partner'] as const)('is forbidden to a %s', async (role) => {
    expect(await api.errorCodes(api[role], UPDATE, { input: { name: 'No' } })).toEqual(['FORBIDDEN']);
  });
});
