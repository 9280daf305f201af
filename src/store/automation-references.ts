/** What automations name: whether the organization has it, and an automation may be published with it. */
import { uuidsAmong } from './definition-references.ts';
import { statement, type Queryable } from './statement.ts';

export type AutomationReferenceKind =
  'DEFINITION' | 'ENDPOINT' | 'USER' | 'TEAM' | 'CLOSING_REASON' | 'JOURNEY';

const usable = statement<{ kind: AutomationReferenceKind; id: string }>(
  'automation.references',
  `select 'DEFINITION' as kind, d.id from definition d
   where d.organization_id = $1 and d.id = any($2::uuid[]) and not d.is_archived
   union all
   select 'ENDPOINT', w.id from webhook_endpoint w
   where w.organization_id = $1 and w.id = any($3::uuid[]) and not w.is_deleted
   union all
   select 'USER', u.id from app_user u where u.organization_id = $1 and u.id = any($4::uuid[]) and u.is_active
   union all
   select 'TEAM', t.id from team t where t.organization_id = $1 and t.id = any($5::uuid[])
   union all
   select 'CLOSING_REASON', c.id from closing_reason c
   where c.organization_id = $1 and c.id = any($6::uuid[]) and c.status = 'ACTIVE'
   union all
   select 'JOURNEY', j.id from journey j where j.organization_id = $1 and j.id = any($7::uuid[]) and not j.is_archived`,
);

/** Those of the references that may be named: workflows that are not archived, endpoints, active users, teams, active closing reasons, journeys that are not archived. */
export async function readUsable(
  db: Queryable,
  organizationId: string,
  references: readonly { readonly kind: AutomationReferenceKind; readonly id: string }[],
): Promise<{ readonly kind: AutomationReferenceKind; readonly id: string }[]> {
  const idsOf = (kind: AutomationReferenceKind): string[] =>
    uuidsAmong(references.filter((reference) => reference.kind === kind).map(({ id }) => id));
  return db.query(usable, [
    organizationId,
    idsOf('DEFINITION'),
    idsOf('ENDPOINT'),
    idsOf('USER'),
    idsOf('TEAM'),
    idsOf('CLOSING_REASON'),
    idsOf('JOURNEY'),
  ]);
}
