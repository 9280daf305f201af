import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../src/calendar/calendar.ts';

/** What day comes so many working days after the morning of `date`, in Berlin. */
function workingDays(
  date: string,
  amount: number,
  region: string | null,
  ownHolidays: readonly string[] = [],
): string {
  const calendar = createCalendar({ timeZone: 'Europe/Berlin', region, ownHolidays });
  const from = calendar.parse(`${date}T09:00`) ?? '';
  const then = calendar.add(from, amount, 'WORKING_DAYS');
  const found = then.slice(0, 10);
  expect(then).toBe(calendar.parse(`${found}T09:00`));
  return found;
}

describe('working days', () => {
  test.each([
    ['a Thursday to the Friday', '2026-11-19', 1, '2026-11-20'],
    ['a Friday to the Monday', '2026-11-20', 1, '2026-11-23'],
    ['a Saturday to the Monday', '2026-11-21', 1, '2026-11-23'],
    ['a Sunday to the Monday', '2026-11-22', 1, '2026-11-23'],
    ['a Monday back to the Friday', '2026-11-23', -1, '2026-11-20'],
    ['a Sunday back to the Friday', '2026-11-22', -1, '2026-11-20'],
    ['a Friday back to the Thursday', '2026-11-20', -1, '2026-11-19'],
    ['two weeks', '2026-11-18', 10, '2026-12-02'],
    ['two weeks back', '2026-12-02', -10, '2026-11-18'],
    ['before 1970', '1969-12-31', -3, '1969-12-26'],
    ['40 years', '2026-01-01', 10_000, '2064-05-01'],
  ])('without holidays lead from %s', (_what, date, amount, then) => {
    expect(workingDays(date, amount, null)).toBe(then);
  });

  test.each([
    // 3 April 2026 is Good Friday, 6 April Easter Monday.
    ['over Easter in Germany', 'DE', '2026-04-02', 1, '2026-04-07'],
    ['back over Easter', 'DE', '2026-04-07', -1, '2026-04-02'],
    ['over Christmas 2026, when the 26th is a Saturday', 'DE', '2026-12-24', 1, '2026-12-28'],
    ['over New Year', 'DE', '2026-12-31', 1, '2027-01-04'],
    ['over Epiphany, free in Bavaria', 'DE-BY', '2026-01-05', 1, '2026-01-07'],
    ['over Epiphany, a working day in Berlin', 'DE-BE', '2026-01-05', 1, '2026-01-06'],
    ['over Corpus Christi, free in Bavaria', 'DE-BY', '2026-06-03', 1, '2026-06-05'],
    ['over Corpus Christi, a working day in Berlin', 'DE-BE', '2026-06-03', 1, '2026-06-04'],
    ['over the peace festival of Augsburg', 'DE-BY-A', '2025-08-07', 1, '2025-08-11'],
    ['over the same day in the rest of Bavaria', 'DE-BY', '2025-08-07', 1, '2025-08-08'],
    ['over a holiday that Berlin had only once', 'DE-BE', '2025-05-07', 1, '2025-05-09'],
    ['over the same day one year later', 'DE-BE', '2026-05-07', 1, '2026-05-08'],
    ['over the day that stands for the 4th of July, a Saturday', 'US', '2026-07-02', 1, '2026-07-06'],
    // Christmas Eve is a bank holiday from 14:00 there.
    ['over Christmas Eve, no public holiday', 'DE', '2026-12-23', 1, '2026-12-24'],
    // May Day begins at noon there.
    ['over half a holiday', 'CH-SO', '2026-04-30', 1, '2026-05-01'],
    // From sunset to sunset: 22 April 2026.
    ['over a holiday from evening to evening', 'IL', '2026-04-21', 1, '2026-04-23'],
    ['to the day in whose evening a holiday begins', 'IL', '2026-04-20', 1, '2026-04-21'],
    // 28 December to 2 January.
    ['over a long holiday that ends after New Year', 'SZ', '2025-12-24', 1, '2026-01-05'],
    ['in a region that nobody knows', 'XX-YY', '2026-04-02', 1, '2026-04-03'],
    ['where holidays are not known yet', 'DE', '2150-12-24', 1, '2150-12-25'],
  ])('lead %s (%s)', (_what, region, date, amount, then) => {
    expect(workingDays(date, amount, region)).toBe(then);
  });

  test('leave out the organization’s own free days', () => {
    expect(workingDays('2026-12-23', 1, 'DE', ['2026-12-24', '2026-12-31'])).toBe('2026-12-28');
    expect(workingDays('2026-12-30', 1, 'DE', ['2026-12-24', '2026-12-31'])).toBe('2027-01-04');
  });

  test('count an own free day on a weekend or a holiday once', () => {
    expect(workingDays('2026-04-02', 2, 'DE', ['2026-04-03', '2026-04-04'])).toBe('2026-04-08');
  });

  test('begin and end at midnight of the place', () => {
    const calendar = createCalendar({ timeZone: 'Pacific/Auckland', region: null, ownHolidays: [] });
    // Friday there, Thursday in UTC.
    expect(calendar.add('2026-11-19T20:00:00.000Z', 1, 'WORKING_DAYS')).toBe('2026-11-22T20:00:00.000Z');
  });

  test('are refused when there are too many to count', () => {
    expect(() => workingDays('2026-01-01', 10_001, null)).toThrow(RangeError);
    expect(() => workingDays('2026-01-01', -10_001, null)).toThrow(RangeError);
  });
});
