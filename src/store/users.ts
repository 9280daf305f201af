/** The organization's users: their list, and the writes of one. (By id, for names everywhere: people.ts.) */
import type { User } from './generated/prisma/client.ts';
import { statement, type Queryable } from './statement.ts';

interface UserRow extends Omit<User, 'createdAt'> {
  readonly createdAt: string;
}

const COLUMNS = `u.organization_id as "organizationId", u.id, u.external_id as "externalId", u.kind, u.name, u.email, u.company,
  u.is_active as "isActive", u.notifications, u.version, u.created_at as "createdAt"`;

function fromRow({ createdAt, ...row }: UserRow): User {
  return { ...row, createdAt: new Date(createdAt) };
}

/** Which users; null does not filter. */
export interface UserFilter {
  /** Part of the name or the e-mail address, in any case. */
  readonly search: string | null;
  readonly kind: 'INTERNAL' | 'PARTNER' | null;
  readonly isActive: boolean | null;
}

const FILTER = `u.organization_id = $1
  and ($2::text is null or strpos(lower(u.name), lower($2)) > 0 or strpos(coalesce(u.email, ''), lower($2)) > 0)
  and ($3::text is null or u.kind = $3) and ($4::boolean is null or u.is_active = $4)`;

const page = statement<UserRow>(
  'user.page',
  `select ${COLUMNS} from app_user u
   where ${FILTER} and ($5::text is null or (lower(u.name), u.id) > (lower($5), $6::uuid))
   order by lower(u.name), u.id limit $7`,
);

/** Users by name and id, after the given ones, at most `limit`. */
export async function readUserPage(
  db: Queryable,
  organizationId: string,
  { search, kind, isActive }: UserFilter,
  after: { readonly name: string; readonly id: string } | null,
  limit: number,
): Promise<User[]> {
  const rows = await db.query(page, [
    organizationId,
    search,
    kind,
    isActive,
    after?.name ?? null,
    after?.id ?? null,
    limit,
  ]);
  return rows.map(fromRow);
}

const count = statement<{ count: number }>(
  'user.count',
  `select count(*) as count from app_user u where ${FILTER}`,
);

/** How many users the filter lets through. */
export async function countUsers(
  db: Queryable,
  organizationId: string,
  { search, kind, isActive }: UserFilter,
): Promise<number> {
  const [row] = await db.query(count, [organizationId, search, kind, isActive]);
  return row?.count ?? 0;
}

const lock = statement<UserRow>(
  'user.lock',
  `select ${COLUMNS} from app_user u where u.organization_id = $1 and u.id = $2 for no key update`,
);

/** The user, locked until the transaction ends; null if there is none. */
export async function lockUser(tx: Queryable, organizationId: string, id: string): Promise<User | null> {
  const [row] = await tx.query(lock, [organizationId, id]);
  return row ? fromRow(row) : null;
}

/** What of a user can be written. */
export type WritableUser = Pick<User, 'name' | 'email' | 'company' | 'isActive'>;

const insert = statement<never>(
  'user.insert',
  `insert into app_user (organization_id, id, external_id, kind, name, email, company, is_active, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

/** Adds a user with version 1. */
export async function insertUser(
  tx: Queryable & { readonly organizationId: string; readonly now: string },
  user: WritableUser & Pick<User, 'id' | 'externalId' | 'kind'>,
): Promise<void> {
  await tx.query(insert, [
    tx.organizationId,
    user.id,
    user.externalId,
    user.kind,
    user.name,
    user.email,
    user.company,
    user.isActive,
    tx.now,
  ]);
}

const update = statement<{ version: number }>(
  'user.update',
  `update app_user set name = $3, email = $4, company = $5, is_active = $6, version = version + 1
   where organization_id = $1 and id = $2 returning version`,
);

/** Writes a locked user; answers the new version. */
export async function updateUser(
  tx: Queryable & { readonly organizationId: string },
  id: string,
  user: WritableUser,
): Promise<number> {
  const [row] = await tx.query(update, [
    tx.organizationId,
    id,
    user.name,
    user.email,
    user.company,
    user.isActive,
  ]);
  if (!row) throw new Error(`user ${id} vanished while it was locked`);
  return row.version;
}
