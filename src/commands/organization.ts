/** The organization's settings: what it is called, and how it counts time. */
import { isDeepStrictEqual } from 'node:util';
import { isRegion } from '../calendar/regions.ts';
import { isTimeZone } from '../calendar/zone.ts';
import { nameIssues } from '../engine/input.ts';
import type { InputIssueCode } from '../engine/input-issue-code.ts';
import { isInstant } from '../engine/instant.ts';
import type { InputIssue } from '../engine/result.ts';
import {
  lockOrganization,
  updateOrganization as writeOrganization,
  type OrganizationSettings,
  type OwnHoliday,
  type WorkingHours,
} from '../store/organizations.ts';
import { execute, expectObject, requirePermission, type Caller, type CommandResult } from './execute.ts';
import { refuseIssues } from './problem.ts';
import { recordObject } from './record.ts';
import { sortedHours, workingHoursIssues } from './working-hours.ts';

/** Most free days of an organization's own: a dozen a year for decades. */
const MAX_OWN_HOLIDAYS = 400;
const MAX_HOLIDAY_NAME_LENGTH = 200;
/** Locales, dates and codes that mean something are shorter; what is longer is cut off where it is told. */
const MAX_SHOWN = 100;

export interface UpdateOrganizationInput {
  readonly name?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly locale?: string | undefined;
  /** Null: no region's holidays are free. */
  readonly holidayRegion?: string | null | undefined;
  /** All of them from now on. */
  readonly ownHolidays?: readonly OwnHoliday[] | undefined;
  /** All of them from now on. */
  readonly workingHours?: readonly WorkingHours[] | undefined;
  readonly expectedVersion?: number | undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, MAX_SHOWN));
}

function issueUnless(good: boolean, path: string, code: InputIssueCode, message: string): InputIssue[] {
  return good ? [] : [{ path, code, message }];
}

/** The locale as it is usually written (`DE-de` is `de-DE`); null if dates and numbers can't be written in it. */
function canonicalLocale(locale: string): string | null {
  if (locale.length > MAX_SHOWN) return null;
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? null;
  } catch {
    return null;
  }
}

function ownHolidayIssues(days: readonly OwnHoliday[]): InputIssue[] {
  if (days.length > MAX_OWN_HOLIDAYS) {
    const message = `There are ${days.length} days in ownHolidays; at most ${MAX_OWN_HOLIDAYS} are allowed.`;
    return [{ path: 'ownHolidays', code: 'TOO_MANY', message }];
  }
  const seen = new Set<string>();
  return days.flatMap(({ date, name }, index) => {
    const path = `ownHolidays[${index}]`;
    const isTwice = seen.has(date);
    seen.add(date);
    const isDate = isInstant(`${date}T00:00:00.000Z`);
    const noDate = `${quoted(date)} is no date; one looks like 2026-12-24.`;
    const twice = `${date} is in the list more than once; one day has one name.`;
    return [
      ...issueUnless(isDate, `${path}.date`, 'INVALID_DATE', noDate),
      ...issueUnless(!isDate || !isTwice, `${path}.date`, 'AMBIGUOUS', twice),
      ...nameIssues(name, `${path}.name`, MAX_HOLIDAY_NAME_LENGTH),
    ];
  });
}

function issuesOf(input: UpdateOrganizationInput): InputIssue[] {
  const { name, timeZone, locale, holidayRegion, ownHolidays, workingHours } = input;
  return [
    ...nameIssues(name),
    ...(timeZone === undefined
      ? []
      : issueUnless(
          isTimeZone(timeZone),
          'timeZone',
          'INVALID_VALUE',
          `${quoted(timeZone)} is no time zone; the name of one looks like Europe/Berlin.`,
        )),
    ...(locale === undefined
      ? []
      : issueUnless(
          canonicalLocale(locale) !== null,
          'locale',
          'INVALID_VALUE',
          `${quoted(locale)} is no locale that is known; one looks like de-DE.`,
        )),
    ...(holidayRegion == null
      ? []
      : issueUnless(
          isRegion(holidayRegion),
          'holidayRegion',
          'INVALID_VALUE',
          `The holidays of ${quoted(holidayRegion)} are not known; see holidayRegions for the codes, such as DE or DE-BY.`,
        )),
    ...(ownHolidays === undefined ? [] : ownHolidayIssues(ownHolidays)),
    ...(workingHours === undefined ? [] : workingHoursIssues(workingHours)),
  ];
}

function tidy(days: readonly OwnHoliday[]): OwnHoliday[] {
  return days
    .map(({ date, name }) => ({ date, name: name.trim() }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

/**
 * Changes what is given of the viewer's organization; answers its id. Dates that were computed before stay as they are: a rule counts anew when its
 * anchor happens again.
 */
export async function updateOrganization(
  caller: Caller,
  input: UpdateOrganizationInput,
): Promise<CommandResult<string>> {
  requirePermission(caller.viewer, 'administer');
  return execute(caller, async (tx) => {
    const id = tx.organizationId;
    const found = await lockOrganization(tx, id);
    const { version: _, ...present } = expectObject(found, 'Organization', id, input.expectedVersion);
    refuseIssues(issuesOf(input));
    const next: OrganizationSettings = {
      name: input.name?.trim() ?? present.name,
      timeZone: input.timeZone ?? present.timeZone,
      locale: (input.locale === undefined ? null : canonicalLocale(input.locale)) ?? present.locale,
      holidayRegion: input.holidayRegion === undefined ? present.holidayRegion : input.holidayRegion,
      ownHolidays: input.ownHolidays === undefined ? present.ownHolidays : tidy(input.ownHolidays),
      workingHours: input.workingHours === undefined ? present.workingHours : sortedHours(input.workingHours),
    };
    const changed = Object.fromEntries(
      Object.entries(next).filter(
        ([field, value]) => !isDeepStrictEqual(present[field as keyof OrganizationSettings], value),
      ),
    );
    if (Object.keys(changed).length > 0) {
      const version = await writeOrganization(tx, next);
      recordObject(tx, 'ORGANIZATION_UPDATED', 'ORGANIZATION', { id, version }, changed);
    }
    return id;
  });
}
