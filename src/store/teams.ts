/** The writes of one team and its members. */
import { statement, type Queryable } from './statement.ts';

/** A transaction, as far as these writes need it. */
type Writer = Queryable & { readonly organizationId: string; readonly now: string };

export interface TeamRecord {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** The members' ids, sorted. */
  readonly memberIds: readonly string[];
}

const lock = statement<Omit<TeamRecord, 'memberIds'>>(
  'team.lock',
  `select t.id, t.name, t.version from team t where t.organization_id = $1 and t.id = $2 for no key update`,
);

// Not part of the locking statement: that would answer the members as they were before it waited for the lock.
const members = statement<{ userId: string }>(
  'team.members',
  `select m.user_id as "userId" from team_member m where m.organization_id = $1 and m.team_id = $2 order by m.user_id`,
);

/** The team with its members, locked until the transaction ends; null if there is none. */
export async function lockTeam(
  tx: Queryable,
  organizationId: string,
  id: string,
): Promise<TeamRecord | null> {
  const [team] = await tx.query(lock, [organizationId, id]);
  if (!team) return null;
  const rows = await tx.query(members, [organizationId, id]);
  return { ...team, memberIds: rows.map(({ userId }) => userId) };
}

const insert = statement<never>(
  'team.insert',
  `insert into team (organization_id, id, name, created_at) values ($1, $2, $3, $4)`,
);

/** Adds a team without members, with version 1. */
export async function insertTeam(tx: Writer, id: string, name: string): Promise<void> {
  await tx.query(insert, [tx.organizationId, id, name, tx.now]);
}

const update = statement<{ version: number }>(
  'team.update',
  `update team set name = $3, version = version + 1 where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked team's name and counts its version up; answers the new version. */
export async function updateTeam(tx: Writer, id: string, name: string): Promise<number> {
  const [row] = await tx.query(update, [tx.organizationId, id, name]);
  if (!row) throw new Error(`team ${id} vanished while it was locked`);
  return row.version;
}

const addMembers = statement<never>(
  'team.addMembers',
  `insert into team_member (organization_id, team_id, user_id) select $1, $2, unnest($3::uuid[])`,
);

const removeMembers = statement<never>(
  'team.removeMembers',
  `delete from team_member where organization_id = $1 and team_id = $2 and user_id = any($3::uuid[])`,
);

/** Adds users who are not members, and removes members. */
export async function changeMembers(
  tx: Writer,
  id: string,
  added: readonly string[],
  removed: readonly string[],
): Promise<void> {
  if (added.length > 0) await tx.query(addMembers, [tx.organizationId, id, added]);
  if (removed.length > 0) await tx.query(removeMembers, [tx.organizationId, id, removed]);
}
