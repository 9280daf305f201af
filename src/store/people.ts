/** Users and teams by id, for the assignees, actors and authors of everything. */
import { awayColumn, standing, type AwayCell } from './absent-now.ts';
import type { Prisma, Team, User } from './generated/prisma/client.ts';
import { statement, type Queryable } from './statement.ts';

/** A user or a team, whichever has the id. */
export type Person =
  { readonly type: 'USER'; readonly user: User } | { readonly type: 'TEAM'; readonly team: Team };

interface PersonRow {
  type: 'USER' | 'TEAM';
  organizationId: string;
  id: string;
  externalId: string;
  kind: string;
  name: string;
  email: string | null;
  company: string | null;
  isActive: boolean;
  notifications: Prisma.JsonValue;
  version: number;
  createdAt: string;
}

const byIds = statement<PersonRow>(
  'people.byIds',
  `select 'USER' as type, u.organization_id as "organizationId", u.id, u.external_id as "externalId", u.kind, u.name, u.email,
     u.company, u.is_active as "isActive", u.notifications, u.version, u.created_at as "createdAt"
   from app_user u where u.organization_id = $1 and u.id = any($2::uuid[])
   union all
   select 'TEAM', t.organization_id, t.id, '', '', t.name, null, null, true, '{}', t.version, t.created_at
   from team t where t.organization_id = $1 and t.id = any($2::uuid[])`,
);

function personFromRow({ type, createdAt, ...row }: PersonRow): Person {
  if (type === 'USER') return { type, user: { ...row, createdAt: new Date(createdAt) } };
  const { organizationId, id, name, version } = row;
  return { type, team: { organizationId, id, name, version, createdAt: new Date(createdAt) } };
}

/** The users and teams with these ids, by id. */
export async function readPeople(
  db: Queryable,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, Person>> {
  const rows = await db.query(byIds, [organizationId, ids]);
  return new Map(rows.map((row) => [row.id, personFromRow(row)]));
}

const known = statement<{ userIds: string[]; teamIds: string[] }>(
  'people.known',
  `select array(select u.id from app_user u where u.organization_id = $1 and u.id = any($2::uuid[]) and u.is_active) as "userIds",
          array(select t.id from team t where t.organization_id = $1 and t.id = any($3::uuid[])) as "teamIds"`,
);

/** Those of the ids that belong to active users and to teams. */
export async function knownPeople(
  db: Queryable,
  organizationId: string,
  userIds: readonly string[],
  teamIds: readonly string[],
): Promise<{ readonly userIds: ReadonlySet<string>; readonly teamIds: ReadonlySet<string> }> {
  const [row] = await db.query(known, [organizationId, userIds, teamIds]);
  return { userIds: new Set(row?.userIds), teamIds: new Set(row?.teamIds) };
}

const knownUsers = statement<{ id: string }>(
  'people.knownUsers',
  `select distinct m.user_id as id from team_member m
   where m.organization_id = $1 and m.user_id = any($2::uuid[]) and m.team_id = any($3::uuid[])`,
);

/** Those of the users who are members of one of the teams. */
export async function readKnownUsers(
  db: Queryable,
  organizationId: string,
  userIds: readonly string[],
  teamIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query(knownUsers, [organizationId, userIds, teamIds]);
  return new Set(rows.map(({ id }) => id));
}

/** What a user may do through others, and whether at all. */
export interface Membership {
  readonly userId: string;
  readonly isActive: boolean;
  readonly teamIds: readonly string[];
  /** The absent users for whom they stand in. */
  readonly standsInFor: readonly string[];
}

const present = statement<Omit<Membership, 'standsInFor'> & AwayCell>(
  'people.memberships',
  `select u.id as "userId", u.is_active as "isActive",
     array(select m.team_id from team_member m
           where m.organization_id = u.organization_id and m.user_id = u.id order by m.team_id) as "teamIds",
     ${awayColumn('$3')}
   from app_user u join organization o on o.id = u.organization_id
   where u.organization_id = $1 and u.id = any($2::uuid[])`,
);

/** The users with these ids, with the teams that they are members of now, and for whom they stand in at the moment (RFC 3339), by id. */
export async function readMemberships(
  db: Queryable,
  organizationId: string,
  userIds: readonly string[],
  moment: string,
): Promise<Map<string, Membership>> {
  const rows = await db.query(present, [organizationId, userIds, moment]);
  return new Map(
    rows.map(({ away, ...row }) => [row.userId, { ...row, standsInFor: standing(row.userId, { away }) }]),
  );
}

const addresses = statement<{ email: string }>(
  'people.addresses',
  `select u.email from app_user u
   where u.organization_id = $1 and u.is_active and u.email is not null
     and (u.id = any($2::uuid[]) or exists (select from team_member m
          where m.organization_id = u.organization_id and m.user_id = u.id and m.team_id = any($3::uuid[])))
   order by u.email`,
);

/** The e-mail addresses of these users and of the members of these teams: of the active ones, each once. */
export async function readAddresses(
  db: Queryable,
  organizationId: string,
  userIds: readonly string[],
  teamIds: readonly string[],
): Promise<string[]> {
  const rows = await db.query(addresses, [organizationId, userIds, teamIds]);
  return rows.map(({ email }) => email);
}
