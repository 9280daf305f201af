/** The organization: its settings, its free days, and how administrators change them. */
import { FIRST_YEAR, LAST_YEAR, publicHolidays } from '../calendar/holidays.ts';
import { regionsWithin, type Region } from '../calendar/regions.ts';
import { updateOrganization } from '../commands/organization.ts';
import type { OwnHoliday, WorkingHours } from '../store/organizations.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { defineMutation } from './mutation.ts';
import { OrganizationRef } from './refs.ts';

interface Holiday extends OwnHoliday {
  readonly isOwn: boolean;
}

const HolidayRef = builder.objectRef<Holiday>('Holiday').implement({
  description: 'A day on which the organization does not work, whatever day of the week it is.',
  fields: (t) => ({
    date: t.exposeString('date', { description: 'The day, `YYYY-MM-DD`.' }),
    name: t.exposeString('name', {
      description: 'What it is called; of a public holiday, if possible in the organization’s language.',
    }),
    isOwn: t.exposeBoolean('isOwn', {
      description: 'Whether it is free in this organization only, and no public holiday.',
    }),
  }),
});

const HolidayRegionRef = builder.objectRef<Region>('HolidayRegion').implement({
  description: 'A country or a part of one with public holidays of its own.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'For `holidayRegion`: `DE`, `DE-BY`, `US-CA`, `DE-BY-A`.',
    }),
    name: t.exposeString('name', {
      description: 'What it is called, if possible in the organization’s language.',
    }),
  }),
});

const WeekdayEnum = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: {
    MONDAY: { description: 'Monday.' },
    TUESDAY: { description: 'Tuesday.' },
    WEDNESDAY: { description: 'Wednesday.' },
    THURSDAY: { description: 'Thursday.' },
    FRIDAY: { description: 'Friday.' },
    SATURDAY: { description: 'Saturday.' },
    SUNDAY: { description: 'Sunday.' },
  } as const satisfies Readonly<Record<WorkingHours['day'], object>>,
});

const WorkingHoursRef = builder.objectRef<WorkingHours>('WorkingHours').implement({
  description:
    'A span of time on a day of the week in which the organization works, unless that is a holiday.',
  fields: (t) => ({
    day: t.field({ type: WeekdayEnum, description: 'On which day.', resolve: ({ day }) => day }),
    from: t.exposeString('from', { description: 'From when on, on the wall clock: `08:00`.' }),
    to: t.exposeString('to', {
      description: 'Until when, on the wall clock: `17:00`; `24:00` is the end of the day.',
    }),
  }),
});

function toOwn(days: unknown): Holiday[] {
  return (days as readonly OwnHoliday[]).map((day) => ({ ...day, isOwn: true }));
}

builder.prismaObjectFields(OrganizationRef, (t) => ({
  name: t.exposeString('name', { description: 'What the organization is called, 1 to 500 characters.' }),
  timeZone: t.exposeString('timeZone', {
    description:
      'IANA name, for example `Europe/Berlin`: days begin and end there, and dates are counted there.',
  }),
  locale: t.exposeString('locale', {
    description: 'BCP 47 tag, for example `de-DE`: how dates and numbers are written.',
  }),
  holidayRegion: t.exposeString('holidayRegion', {
    nullable: true,
    description: 'The code of the region whose public holidays are no working days; null if there is none.',
  }),
  ownHolidays: t.field({
    type: [HolidayRef],
    complexity: { multiplier: 20 },
    description: 'Further days that are no working days, by date.',
    select: { ownHolidays: true },
    resolve: ({ ownHolidays }) => toOwn(ownHolidays),
  }),
  workingHours: t.field({
    type: [WorkingHoursRef],
    complexity: { multiplier: 5 },
    description:
      'When the organization works, by day and time. Working hours are counted in them, working days are those with any, and reminders and escalations keep to them.',
    select: { workingHours: true },
    resolve: ({ workingHours }) => workingHours as unknown as WorkingHours[],
  }),
  version: t.exposeInt('version', {
    description: 'Counts the changes of this object, from 1; see `expectedVersion`.',
  }),
  holidays: t.field({
    type: [HolidayRef],
    // The dates of moon calendars take a tenth of a second to compute for a year.
    complexity: { field: 5_000, multiplier: 20 },
    nullable: true,
    description: 'The region’s public holidays and the own ones in a year, by date.',
    args: {
      year: t.arg.int({ required: true, description: `The year, ${FIRST_YEAR} to ${LAST_YEAR}.` }),
    },
    select: { holidayRegion: true, ownHolidays: true, locale: true },
    resolve: ({ holidayRegion, ownHolidays, locale }, { year }) => {
      if (year < FIRST_YEAR || year > LAST_YEAR)
        throw badInput(`The holidays of the years ${FIRST_YEAR} to ${LAST_YEAR} are known, not of ${year}.`);
      const common = holidayRegion === null ? [] : publicHolidays(holidayRegion, year, locale);
      const own = toOwn(ownHolidays).filter(({ date }) => date.startsWith(`${year}-`));
      return [...common.map((day) => ({ ...day, isOwn: false })), ...own].sort((a, b) =>
        a.date.localeCompare(b.date),
      );
    },
  }),
  holidayRegions: t.field({
    type: [HolidayRegionRef],
    complexity: { multiplier: 200 },
    description:
      'The regions that can be the `holidayRegion`, by name: all countries, or the parts of one region.',
    args: {
      within: t.arg.string({
        description:
          'The code of a region: its parts with holidays of their own, none if there are none. The countries if left out.',
      }),
    },
    select: { locale: true },
    resolve: ({ locale }, { within }) => regionsWithin(within ?? null, locale),
  }),
}));

builder.queryField('organization', (t) =>
  t.prismaField({
    type: OrganizationRef,
    nullable: true,
    description: 'The viewer’s organization, with its settings.',
    resolve: (query, _root, _args, { database, viewer }) =>
      database.prisma.organization.findUnique({ ...query, where: { id: viewer.organizationId } }),
  }),
);

const OwnHolidayInput = builder.inputType('OwnHolidayInput', {
  description: 'A day on which the organization does not work.',
  fields: (t) => ({
    date: t.string({ required: true, description: 'The day, `YYYY-MM-DD`.' }),
    name: t.string({ required: true, description: 'What it is called, 1 to 200 characters.' }),
  }),
});

const WorkingHoursInput = builder.inputType('WorkingHoursInput', {
  description: 'A span of time on a day of the week in which the organization works.',
  fields: (t) => ({
    day: t.field({ type: WeekdayEnum, required: true, description: 'On which day.' }),
    from: t.string({ required: true, description: 'From when on, on the wall clock: `08:00`.' }),
    to: t.string({
      required: true,
      description: 'Until when, later than `from` on the same day: `17:00`, at most `24:00`.',
    }),
  }),
});

defineMutation('updateOrganization', {
  description:
    'Changes what is given of the organization’s settings, or nothing at all. Due dates and schedules that were computed before stay as they are. Needs the role admin.',
  input: (t) => ({
    name: t.string({ description: 'The new name, 1 to 500 characters.' }),
    timeZone: t.string({ description: 'The new time zone’s IANA name, for example `Europe/Berlin`.' }),
    locale: t.string({ description: 'The new locale’s BCP 47 tag, for example `de-DE`.' }),
    holidayRegion: t.string({
      description:
        'The code of the region whose public holidays are no working days (see `holidayRegions`); null: there is none.',
    }),
    ownHolidays: t.field({
      type: [OwnHolidayInput],
      description: 'All further days that are no working days from now on, each once, at most 400.',
    }),
    workingHours: t.field({
      type: [WorkingHoursInput],
      description:
        'When the organization works from now on: all spans, at most 21, that do not overlap; an hour a week at least.',
    }),
    expectedVersion: t.int({ description: 'Refuses if the organization has another version by now.' }),
  }),
  problems: ['VERSION_CONFLICT'],
  run: ({ name, timeZone, locale, holidayRegion, ownHolidays, workingHours, expectedVersion }, context) =>
    updateOrganization(context, {
      name: name ?? undefined,
      timeZone: timeZone ?? undefined,
      locale: locale ?? undefined,
      holidayRegion,
      ownHolidays: ownHolidays ?? undefined,
      workingHours: workingHours ?? undefined,
      expectedVersion: expectedVersion ?? undefined,
    }),
  payload: (t) => ({
    organization: t.prismaField({
      type: OrganizationRef,
      description: 'The organization as it is now.',
      resolve: (query, { value: id }, _args, { database }) =>
        database.prisma.organization.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});
