/** Organizations. They come into being with their first token (viewers.ts). */
import { statement, type Queryable } from './statement.ts';

const rename = statement<never>(
  'organization.rename',
  `update organization set external_id = $2 where external_id = $1`,
);

/** Gives an organization another external id: the claim by which tokens find it. */
export async function renameOrganization(
  db: Queryable,
  externalId: string,
  newExternalId: string,
): Promise<void> {
  await db.query(rename, [externalId, newExternalId]);
}

/** "On `day`, from `from` until `to`" (`HH:MM`): what the calendar knows as working hours. */
export interface WorkingHours {
  readonly day: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
  readonly from: string;
  readonly to: string;
}

/** What an organization counts time by. */
export interface CalendarRow {
  readonly timeZone: string;
  readonly region: string | null;
  /** Dates, `YYYY-MM-DD`. */
  readonly ownHolidays: readonly string[];
  readonly workingHours: readonly WorkingHours[];
}

/** One column with the `CalendarRow` of the organization `o`. */
export const CALENDAR_COLUMN = `jsonb_build_object('timeZone', o.time_zone, 'region', o.holiday_region,
  'ownHolidays', jsonb_path_query_array(o.own_holidays, '$[*].date'), 'workingHours', o.working_hours) as calendar`;

const calendar = statement<{ calendar: CalendarRow }>(
  'organization.calendar',
  `select ${CALENDAR_COLUMN} from organization o where o.id = $1`,
);

/** What the organization counts time by. */
export async function readCalendar(
  db: Queryable,
  organizationId: string,
): Promise<{ readonly calendar: CalendarRow }> {
  const [row] = await db.query(calendar, [organizationId]);
  if (!row) throw new Error(`there is no organization ${organizationId}`);
  return row;
}

const sender = statement<{ name: string; locale: string; timeZone: string }>(
  'organization.sender',
  `select o.name, o.locale, o.time_zone as "timeZone" from organization o where o.id = $1`,
);

/** The organization as those whom it writes to know it. */
export async function readSender(
  db: Queryable,
  organizationId: string,
): Promise<{ readonly name: string; readonly locale: string; readonly timeZone: string }> {
  const [row] = await db.query(sender, [organizationId]);
  if (!row) throw new Error(`there is no organization ${organizationId}`);
  return row;
}

/** A day that is free in this organization only. */
export interface OwnHoliday {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly name: string;
}

/** What administrators can change about their organization. */
export interface OrganizationSettings {
  readonly name: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly holidayRegion: string | null;
  /** By date. */
  readonly ownHolidays: readonly OwnHoliday[];
  /** By day of the week, from Monday on, and time. */
  readonly workingHours: readonly WorkingHours[];
}

const lock = statement<OrganizationSettings & { version: number }>(
  'organization.lock',
  `select name, time_zone as "timeZone", locale, holiday_region as "holidayRegion", own_holidays as "ownHolidays",
     working_hours as "workingHours", version
   from organization where id = $1 for no key update`,
);

/** The organization's settings and version, locked until the transaction ends. */
export async function lockOrganization(
  tx: Queryable,
  organizationId: string,
): Promise<(OrganizationSettings & { readonly version: number }) | null> {
  const [row] = await tx.query(lock, [organizationId]);
  return row ?? null;
}

const update = statement<{ version: number }>(
  'organization.update',
  `update organization set name = $2, time_zone = $3, locale = $4, holiday_region = $5, own_holidays = $6::jsonb,
     working_hours = $7::jsonb, version = version + 1
   where id = $1 returning version`,
);

/** Writes a locked organization's settings and counts its version up; answers the new version. */
export async function updateOrganization(
  tx: Queryable & { readonly organizationId: string },
  { name, timeZone, locale, holidayRegion, ownHolidays, workingHours }: OrganizationSettings,
): Promise<number> {
  const [row] = await tx.query(update, [
    tx.organizationId,
    name,
    timeZone,
    locale,
    holidayRegion,
    JSON.stringify(ownHolidays),
    JSON.stringify(workingHours),
  ]);
  if (!row) throw new Error(`organization ${tx.organizationId} vanished while it was locked`);
  return row.version;
}

const face = statement<{ name: string; locale: string }>(
  'organization.face',
  `select name, locale from organization where id = $1`,
);

/** What people outside see of an organization. */
export async function readOrganizationFace(
  db: Queryable,
  organizationId: string,
): Promise<{ readonly name: string; readonly locale: string }> {
  const [row] = await db.query(face, [organizationId]);
  if (!row) throw new Error(`there is no organization ${organizationId}`);
  return row;
}
