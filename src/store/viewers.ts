/** Finding, and at first sight making, the organization and the user that a trusted token names. */
import { v7 as uuidv7 } from 'uuid';
import { awayColumn, standing, type AwayCell } from './absent-now.ts';
import { CALENDAR_COLUMN, type CalendarRow } from './organizations.ts';
import { statement, type Queryable } from './statement.ts';

export interface ViewerRow {
  organizationId: string;
  timeZone: string;
  calendar: CalendarRow;
  userId: string;
  name: string;
  isActive: boolean;
  teamIds: string[];
  /** The absent users for whom the user stands in. */
  standsInFor: string[];
}

const byExternalIds = statement<Omit<ViewerRow, 'standsInFor'> & AwayCell>(
  'viewer.byExternalIds',
  `select o.id as "organizationId", o.time_zone as "timeZone", ${CALENDAR_COLUMN}, u.id as "userId", u.name, u.is_active as "isActive",
     array(select m.team_id from team_member m
           where m.organization_id = u.organization_id and m.user_id = u.id order by m.team_id) as "teamIds",
     ${awayColumn('$3')}
   from organization o join app_user u on u.organization_id = o.id
   where o.external_id = $1 and u.external_id = $2`,
);

/** The user with the token's ids at the moment (RFC 3339), or null if they have not been here before. */
export async function readViewer(
  db: Queryable,
  organizationExternalId: string,
  userExternalId: string,
  moment: string,
): Promise<ViewerRow | null> {
  const [row] = await db.query(byExternalIds, [organizationExternalId, userExternalId, moment]);
  if (!row) return null;
  const { away, ...viewer } = row;
  return { ...viewer, standsInFor: standing(viewer.userId, { away }) };
}

const addOrganization = statement<never>(
  'viewer.addOrganization',
  `with made as (
     insert into organization (id, external_id, name, time_zone) values ($1, $2, $3, $4)
     on conflict (external_id) do nothing returning id
   ), counted as (
     insert into event_counter (organization_id) select id from made
   )
   insert into reaction_cursor (organization_id) select id from made`,
);

const addUser = statement<never>(
  'viewer.addUser',
  `insert into app_user (organization_id, id, external_id, kind, name)
   select o.id, $2, $3, $4, $5 from organization o where o.external_id = $1
   on conflict (organization_id, external_id) do nothing`,
);

/**
 * Makes the organization and the user if they don't exist. The issuer of the tokens is trusted with that: whom it lets in exists.
 * Safe to call at the same time from anywhere, outside of a transaction.
 */
export async function provisionViewer(
  db: Queryable,
  token: {
    readonly organizationExternalId: string;
    readonly organizationName: string;
    readonly timeZone: string;
    readonly userExternalId: string;
    readonly userName: string;
    readonly kind: 'INTERNAL' | 'PARTNER';
  },
): Promise<void> {
  const { organizationExternalId, organizationName, timeZone, userExternalId, userName, kind } = token;
  await db.query(addOrganization, [uuidv7(), organizationExternalId, organizationName, timeZone]);
  // A statement of its own: one that has waited for somebody else to make the organization does not see it.
  await db.query(addUser, [organizationExternalId, uuidv7(), userExternalId, kind, userName]);
}
