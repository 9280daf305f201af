import { describe, expect, test } from 'vitest';
import { publicHolidays } from '../../src/calendar/holidays.ts';
import { isRegion, regionsWithin } from '../../src/calendar/regions.ts';

describe('publicHolidays', () => {
  test('are those of the region and the year, by date', () => {
    expect(publicHolidays('DE-NW', 2026, 'de-DE')).toEqual([
      { date: '2026-01-01', name: 'Neujahr' },
      { date: '2026-04-03', name: 'Karfreitag' },
      { date: '2026-04-06', name: 'Ostermontag' },
      { date: '2026-05-01', name: 'Maifeiertag' },
      { date: '2026-05-14', name: 'Christi Himmelfahrt' },
      { date: '2026-05-25', name: 'Pfingstmontag' },
      { date: '2026-06-04', name: 'Fronleichnam' },
      { date: '2026-10-03', name: 'Tag der Deutschen Einheit' },
      { date: '2026-11-01', name: 'Allerheiligen' },
      { date: '2026-12-25', name: '1. Weihnachtstag' },
      { date: '2026-12-26', name: '2. Weihnachtstag' },
    ]);
  });

  test('are named in the language that is asked for, whichever was before', () => {
    const nameIn = (locale: string) => publicHolidays('DE', 2026, locale)[1]?.name;
    expect([nameIn('de-DE'), nameIn('en-GB'), nameIn('fr-FR'), nameIn('de-AT')]).toEqual([
      'Karfreitag',
      'Good Friday',
      'Vendredi saint',
      'Karfreitag',
    ]);
  });

  test('tell each day of a long holiday, also when it began in the year before', () => {
    const dates = publicHolidays('SZ', 2026, 'en').map(({ date }) => date);
    expect(dates.slice(0, 2)).toEqual(['2026-01-01', '2026-01-01']);
    expect(dates).toContain('2026-01-02');
    expect(dates.slice(-4)).toEqual(['2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31']);
  });

  test('are none for a region that is not known, or beyond the years that are', () => {
    expect(publicHolidays('XX', 2026, 'de')).toEqual([]);
    expect(publicHolidays('DE', 2101, 'de')).toEqual([]);
    expect(publicHolidays('DE', 1969, 'de')).toEqual([]);
  });
});

describe('regions', () => {
  test.each(['DE', 'DE-BY', 'DE-BY-A', 'US-CA', 'US-CA-LA', 'CK-Aitutaki'])('%s is one', (code) => {
    expect(isRegion(code)).toBe(true);
  });

  test.each([
    '',
    'XX',
    'de',
    'DE-',
    'DE-XX',
    'DE-BY-XX',
    'DE-BY-A-B',
    '-',
    'BAY',
    'constructor',
    'DE-toString',
  ])('%j is none', (code) => {
    expect(isRegion(code)).toBe(false);
  });

  test('are countries in the language asked for, by name', () => {
    const countries = regionsWithin(null, 'de-DE');
    expect(countries.length).toBeGreaterThan(150);
    expect(countries).toContainEqual({ code: 'DE', name: 'Deutschland' });
    expect(countries.findIndex(({ code }) => code === 'AT')).toBeLessThan(
      countries.findIndex(({ code }) => code === 'GB'),
    );
    expect(countries.at(0)?.name.startsWith('Ä') || countries.at(0)?.name.startsWith('A')).toBe(true);
  });

  test('have parts with codes of their own', () => {
    expect(regionsWithin('DE', 'de')).toContainEqual({ code: 'DE-BY', name: 'Bayern' });
    expect(regionsWithin('DE-BY', 'de')).toContainEqual({ code: 'DE-BY-A', name: 'Stadt Augsburg' });
  });

  test('have no parts if there are none, or no such region', () => {
    expect(regionsWithin('DE-BE', 'de')).toEqual([]);
    expect(regionsWithin('DE-BY-A', 'de')).toEqual([]);
    expect(regionsWithin('XX', 'de')).toEqual([]);
  });

  test('that are listed are known', () => {
    const codes = ['DE', 'US', 'CH', 'AU'].flatMap((country) => regionsWithin(country, 'en'));
    expect(codes.filter(({ code }) => !isRegion(code))).toEqual([]);
  });
});
