/**
 * Who is absent at a moment, and whom they have named: by the days on the organization's wall clock, whatever the log has told of it yet. What the log
 * has told is so also by a clock that is behind that of the server which told it: who hears of it and looks must find it.
 */
import { standsInFor, type Away } from '../engine/stand-in.ts';
import { statement, type Queryable } from './statement.ts';

/** An absence that is now. */
export interface AwayNow extends Away {
  readonly absenceId: string;
  /** `YYYY-MM-DD` */
  readonly lastDay: string;
}

/** The day at the moment, a parameter, on the wall clock of the organization `o`. */
function dayOf(moment: string): string {
  return `(${moment}::timestamptz at time zone o.time_zone)::date`;
}

/** Whether the absence `a` is on the day; see `absenceStatus`. */
function isOn(day: string): string {
  return `a.status <> 'OVER' and (a.status = 'ACTIVE' or a.first_day <= ${day}) and a.last_day >= ${day}`;
}

/** All who are absent from the organization `o` on the day: `AwayNow[]` as JSON. */
function awayOn(day: string): string {
  return `(select json_agg(json_build_object('id', w.id, 'kind', w.kind, 'company', w.company, 'absenceId', a.id,
     'lastDay', to_char(a.last_day, 'YYYY-MM-DD'), 'substitutes', array(
       select json_build_object('id', s.id, 'kind', s.kind, 'company', s.company)
       from unnest(a.substitute_ids) with ordinality as c(id, place)
       join app_user s on s.organization_id = a.organization_id and s.id = c.id and s.is_active order by c.place)) order by w.id)
     from absence a join app_user w on w.organization_id = a.organization_id and w.id = a.user_id
     where a.organization_id = o.id and ${isOn(day)})`;
}

/**
 * The column from which it follows for whom the user `u` of the organization `o` stands in (`standing`). Most users stand in for nobody: only for those whom somebody
 * absent names is everybody read who is absent.
 */
export function awayColumn(moment: string): string {
  return `case when exists (select from absence a where a.organization_id = o.id and ${isOn(dayOf(moment))} and u.id = any(a.substitute_ids))
     then ${awayOn(dayOf(moment))} end as away`;
}

/** What the column holds. */
export interface AwayCell {
  readonly away: readonly AwayNow[] | null;
}

/** For whom a user stands in, by what the column holds for them. */
export function standing(userId: string, { away }: AwayCell): string[] {
  return away === null ? [] : standsInFor(userId, away);
}

/** The column: whether the user `u` of the organization `o` is absent at the moment. */
export function isAbsentColumn(moment: string): string {
  return `exists (select from absence a where a.organization_id = o.id and a.user_id = u.id and ${isOn(dayOf(moment))}) as "isAbsent"`;
}

const allAwayAt = statement<AwayCell>(
  'absence.allAwayAt',
  `select ${awayOn(dayOf('$2'))} as away from organization o where o.id = $1`,
);

/** Everybody who is absent at the moment (RFC 3339), by id. */
export async function readAwayAt(
  db: Queryable,
  organizationId: string,
  moment: string,
): Promise<readonly AwayNow[]> {
  const [row] = await db.query(allAwayAt, [organizationId, moment]);
  return row?.away ?? [];
}

const allAway = statement<AwayCell>(
  'absence.allAway',
  `select ${awayOn('$2::date')} as away from organization o where o.id = $1`,
);

/** Everybody who is absent on the day (`YYYY-MM-DD`), by id. */
export async function readAway(
  db: Queryable,
  organizationId: string,
  day: string,
): Promise<readonly AwayNow[]> {
  const [row] = await db.query(allAway, [organizationId, day]);
  return row?.away ?? [];
}
