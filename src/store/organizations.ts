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
