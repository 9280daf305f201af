/** Absences: one by one, of a user, and those whose time has come. (Who is absent at a moment: absent-now.ts.) */
import type { Instant } from '../engine/definition.ts';
import { statement, type Queryable } from './statement.ts';

/** `OVER`: its days are past, or it was ended. */
export type AbsenceStatus = 'PLANNED' | 'ACTIVE' | 'OVER';

/** Somebody is out of office for some days. */
export interface AbsenceRecord {
  readonly id: string;
  readonly userId: string;
  /** `YYYY-MM-DD`, on the organization's wall clock. */
  readonly firstDay: string;
  /** `YYYY-MM-DD`; that day is part of it. */
  readonly lastDay: string;
  /** Users, the first choice first. */
  readonly substituteIds: readonly string[];
  readonly note: string | null;
  /** What the log has told of it; see `absenceStatus` for what is so by now. */
  readonly status: AbsenceStatus;
  /** When it was ended by hand; null if it was not. */
  readonly endedAt: Instant | null;
  readonly version: number;
}

const COLUMNS = `a.id, a.user_id as "userId", to_char(a.first_day, 'YYYY-MM-DD') as "firstDay", to_char(a.last_day, 'YYYY-MM-DD') as "lastDay",
  a.substitute_ids as "substituteIds", a.note, a.status, a.ended_at as "endedAt", a.version`;

const byIds = statement<AbsenceRecord>(
  'absence.byIds',
  `select ${COLUMNS} from absence a where a.organization_id = $1 and a.id = any($2::uuid[])`,
);

/** The absences with these ids, in no order. */
export async function readAbsences(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<AbsenceRecord[]> {
  return db.query(byIds, [organizationId, ids]);
}

const lock = statement<AbsenceRecord>(
  'absence.lock',
  `select ${COLUMNS} from absence a where a.organization_id = $1 and a.id = $2 for update`,
);

/** The absence, locked until the transaction ends; null if there is none. */
export async function lockAbsence(
  tx: Queryable & { readonly organizationId: string },
  id: string,
): Promise<AbsenceRecord | null> {
  const [row] = await tx.query(lock, [tx.organizationId, id]);
  return row ?? null;
}

const page = statement<AbsenceRecord>(
  'absence.page',
  `select ${COLUMNS} from absence a
   where a.organization_id = $1 and a.user_id = $2 and ($3::text is null or (a.first_day, a.id) < ($3::date, $4::uuid))
   order by a.first_day desc, a.id desc limit $5`,
);

/** The user's absences, the latest first, after the given one, at most `limit`. */
export async function readAbsencePage(
  db: Queryable,
  organizationId: string,
  userId: string,
  after: { readonly firstDay: string; readonly id: string } | null,
  limit: number,
): Promise<AbsenceRecord[]> {
  return db.query(page, [organizationId, userId, after?.firstDay ?? null, after?.id ?? null, limit]);
}

const overlapping = statement<{ id: string }>(
  'absence.overlapping',
  `select a.id from absence a
   where a.organization_id = $1 and a.user_id = $2 and a.id <> $3 and a.status <> 'OVER'
     and a.first_day <= $5::date and a.last_day >= $4::date and a.last_day >= $6::date
   order by a.first_day limit 1`,
);

/** The first other absence of the user that shares a day with this one and is not over today; null if there is none. */
export async function readOverlapping(
  tx: Queryable & { readonly organizationId: string },
  { id, userId, firstDay, lastDay }: Pick<AbsenceRecord, 'id' | 'userId' | 'firstDay' | 'lastDay'>,
  today: string,
): Promise<string | null> {
  const [row] = await tx.query(overlapping, [tx.organizationId, userId, id, firstDay, lastDay, today]);
  return row?.id ?? null;
}

const insert = statement<never>(
  'absence.insert',
  `insert into absence (organization_id, id, user_id, first_day, last_day, substitute_ids, note, status, created_at)
   values ($1, $2, $3, $4::date, $5::date, $6::uuid[], $7, $8, $9)`,
);

/** Adds an absence with version 1. */
export async function insertAbsence(
  tx: Queryable & { readonly organizationId: string; readonly now: Instant },
  absence: Omit<AbsenceRecord, 'endedAt' | 'version'>,
): Promise<void> {
  const { id, userId, firstDay, lastDay, substituteIds, note, status } = absence;
  await tx.query(insert, [
    tx.organizationId,
    id,
    userId,
    firstDay,
    lastDay,
    substituteIds,
    note,
    status,
    tx.now,
  ]);
}

const update = statement<{ version: number }>(
  'absence.update',
  `update absence set first_day = $3::date, last_day = $4::date, substitute_ids = $5::uuid[], note = $6, status = $7, ended_at = $8,
     version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked absence; answers the new version. */
export async function updateAbsence(
  tx: Queryable & { readonly organizationId: string },
  absence: AbsenceRecord,
): Promise<number> {
  const { id, firstDay, lastDay, substituteIds, note, status, endedAt } = absence;
  const values = [tx.organizationId, id, firstDay, lastDay, substituteIds, note, status, endedAt];
  const [row] = await tx.query(update, values);
  if (!row) throw new Error(`absence ${id} vanished while it was locked`);
  return row.version;
}

const concerned = statement<{ id: string }>(
  'absence.concerned',
  `with recursive link as (
     select a.user_id as one, s.id as other from absence a cross join lateral unnest(a.substitute_ids) as s(id)
     where a.organization_id = $1 and a.status <> 'OVER'
   ), concerned(id) as (
     select unnest($2::uuid[])
     union
     select case when l.one = c.id then l.other else l.one end from concerned c join link l on c.id in (l.one, l.other)
   )
   select id from concerned order by id`,
);

/** Those for whom it may matter who of the users is absent: these, whom they have named or who have named them, and so on. */
export async function readConcerned(
  tx: Queryable & { readonly organizationId: string },
  userIds: readonly string[],
): Promise<string[]> {
  const rows = await tx.query(concerned, [tx.organizationId, userIds]);
  return rows.map(({ id }) => id);
}

/** The local day of the organization `o` at the moment `$1`. */
const TODAY = `($1::timestamptz at time zone o.time_zone)::date`;
/** Absences `a` that have begun or ended, and the log does not say so yet. */
const DUE = `from absence a join organization o on o.id = a.organization_id
  where a.status <> 'OVER' and (a.last_day < ${TODAY} or a.status = 'PLANNED' and a.first_day <= ${TODAY})`;

const organizationsDue = statement<{ organizationId: string }>(
  'absence.organizationsDue',
  `select distinct a.organization_id as "organizationId" ${DUE} limit $2`,
);

/** Organizations in which absences have begun or ended of which the log does not tell yet, at most `limit`. */
export async function readOrganizationsWithDueAbsences(
  db: Queryable,
  now: Instant,
  limit: number,
): Promise<string[]> {
  const rows = await db.query(organizationsDue, [now, limit]);
  return rows.map(({ organizationId }) => organizationId);
}

const due = statement<AbsenceRecord & { isOver: boolean }>(
  'absence.due',
  `select ${COLUMNS}, a.last_day < ${TODAY} as "isOver" ${DUE} and a.organization_id = $2
   order by a.id limit $3 for update of a`,
);

/** Those absences of one organization, locked until the transaction ends, at most `limit`; those that are over by now, and those that have begun. */
export async function lockDueAbsences(
  tx: Queryable & { readonly organizationId: string; readonly now: Instant },
  limit: number,
): Promise<(AbsenceRecord & { readonly isOver: boolean })[]> {
  return tx.query(due, [tx.now, tx.organizationId, limit]);
}

const next = statement<{ at: Instant | null }>(
  'absence.next',
  `select min(((case when a.status = 'PLANNED' then a.first_day else a.last_day + 1 end)::timestamp) at time zone o.time_zone) as at
   from absence a join organization o on o.id = a.organization_id where a.status <> 'OVER'`,
);

/** When the next absence begins or ends, of all organizations; null if none does. It may be past. */
export async function readNextAbsenceChange(db: Queryable): Promise<Instant | null> {
  const [row] = await db.query(next, []);
  return row?.at ?? null;
}
