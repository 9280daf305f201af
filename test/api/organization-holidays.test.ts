import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateOrganization, type UpdateOrganizationInput } from '../../src/commands/organization.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { graphql } from '../support/generated/gql.ts';
import { present } from '../support/typed.ts';

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function change(input: UpdateOrganizationInput): Promise<void> {
  expect(await updateOrganization(api.context(api.admin), input)).toMatchObject({ ok: true });
}

describe('holidays', () => {
  const HOLIDAYS = graphql(`
    query OrganizationHolidays($year: Int!) {
      organization {
        holidays(year: $year) {
          date
          name
          isOwn
        }
      }
    }
  `);

  async function holidays(year: number) {
    return present((await api.data(api.partner, HOLIDAYS, { year })).organization).holidays;
  }

  test('are those of the region and the own ones of the year, by date', async () => {
    const ownHolidays = [
      { date: '2026-12-24', name: 'Heiligabend' },
      { date: '2026-12-25', name: 'Betriebsruhe' },
      { date: '2027-01-04', name: 'Inventur' },
    ];
    await change({ holidayRegion: 'DE', locale: 'de-DE', ownHolidays });
    const found = present(await holidays(2026));
    expect(found).toHaveLength(11);
    expect(found.slice(-5)).toEqual([
      { date: '2026-10-03', name: 'Tag der Deutschen Einheit', isOwn: false },
      { date: '2026-12-24', name: 'Heiligabend', isOwn: true },
      { date: '2026-12-25', name: '1. Weihnachtstag', isOwn: false },
      { date: '2026-12-25', name: 'Betriebsruhe', isOwn: true },
      { date: '2026-12-26', name: '2. Weihnachtstag', isOwn: false },
    ]);
  });

  test('are the own ones alone without a region', async () => {
    await change({ holidayRegion: null, ownHolidays: [{ date: '2026-12-24', name: 'Heiligabend' }] });
    expect(await holidays(2026)).toEqual([{ date: '2026-12-24', name: 'Heiligabend', isOwn: true }]);
    expect(await holidays(2027)).toEqual([]);
  });

  test.each([1969, 2101, -1])('are an error for %i, beyond the years that are known', async (year) => {
    expect(await api.errorCodes(api.member, HOLIDAYS, { year })).toEqual(['BAD_USER_INPUT']);
  });
});

describe('holidayRegions', () => {
  const REGIONS = graphql(`
    query OrganizationRegions($within: String) {
      organization {
        holidayRegions(within: $within) {
          code
          name
        }
      }
    }
  `);

  async function regions(within: string | null = null) {
    return present((await api.data(api.member, REGIONS, { within })).organization).holidayRegions;
  }

  test('are the countries, in the organization’s language', async () => {
    await change({ locale: 'de-DE' });
    expect(await regions()).toContainEqual({ code: 'FR', name: 'Frankreich' });
    await change({ locale: 'en-GB' });
    expect(await regions()).toContainEqual({ code: 'FR', name: 'France' });
  });

  test('are the parts of a region that is given, and none of one that has none', async () => {
    expect(await regions('DE')).toContainEqual({ code: 'DE-BY', name: 'Bayern' });
    expect(await regions('DE-BY')).toContainEqual({ code: 'DE-BY-A', name: 'Stadt Augsburg' });
    expect(await regions('DE-BE')).toEqual([]);
    expect(await regions('nowhere')).toEqual([]);
  });
});
