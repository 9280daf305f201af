/** Whom and what the texts in a definition mean: users, teams, closing reasons, automations and journeys of the organization. */
import { statement, type Queryable } from './statement.ts';
import { UUID } from './uuid.ts';

export type ReferenceKind = 'USER' | 'TEAM' | 'CLOSING_REASON' | 'AUTOMATION' | 'JOURNEY';

/** A user, a team, a closing reason, an automation or a journey that one of the texts means. */
export interface ReferenceRow {
  readonly kind: ReferenceKind;
  readonly id: string;
  /** What it may be called in a document, best first: e-mail and external id, name, title. */
  readonly aliases: readonly string[];
  /** What it is called in a document: the best alias that means nobody else, or its id. */
  readonly label: string;
  /** Whether a definition may be published with it: an active user, any team, an active closing reason, an automation or a journey that is not archived. */
  readonly isUsable: boolean;
}

/** Those of the texts that can be keys. Comparing anything else with a key column would be an error. */
export function uuidsAmong(texts: readonly string[]): string[] {
  return texts.filter((text) => UUID.test(text));
}

// An external id that is another user's e-mail address would be taken for theirs: such a user goes by their key. So do automations, or journeys, of one
// name, where archived ones do not count beside others.
const byTexts = statement<ReferenceRow>(
  'definition.references',
  `select 'USER' as kind, u.id, array_remove(array[u.email, u.external_id], null) as aliases,
     coalesce(u.email, (select u.id::text from app_user o where o.organization_id = u.organization_id and o.email = u.external_id),
       u.external_id) as label,
     u.is_active as "isUsable"
   from app_user u where u.organization_id = $1
     and (u.id = any($3::uuid[]) or u.email = any($2::text[]) or u.external_id = any($2::text[]))
   union all
   select 'TEAM', t.id, array[t.name], t.name, true from team t
   where t.organization_id = $1 and (t.id = any($5::uuid[]) or t.name = any($4::text[]))
   union all
   select 'CLOSING_REASON', c.id, array[c.title], c.title, c.status = 'ACTIVE' from closing_reason c
   where c.organization_id = $1 and (c.id = any($7::uuid[]) or c.title = any($6::text[]))
   union all
   select 'AUTOMATION', a.id, array_remove(array[n.name], null), coalesce(n.name, a.id::text), not a.is_archived
   from automation a left join lateral (
     select a.name where not exists (
       select from automation o where o.organization_id = a.organization_id and o.name = a.name and o.id <> a.id
         and (a.is_archived or not o.is_archived))
   ) n on true
   where a.organization_id = $1 and (a.id = any($9::uuid[]) or a.name = any($8::text[]))
   union all
   select 'JOURNEY', j.id, array_remove(array[n.name], null), coalesce(n.name, j.id::text), not j.is_archived
   from journey j left join lateral (
     select j.name where not exists (
       select from journey o where o.organization_id = j.organization_id and o.name = j.name and o.id <> j.id
         and (j.is_archived or not o.is_archived))
   ) n on true
   where j.organization_id = $1 and (j.id = any($11::uuid[]) or j.name = any($10::text[]))`,
);

/** Everything that one of the texts of its kind may mean: as its id, or as an alias. One statement. */
export async function readReferences(
  db: Queryable,
  organizationId: string,
  texts: Readonly<Record<ReferenceKind, readonly string[]>>,
): Promise<ReferenceRow[]> {
  const { USER, TEAM, CLOSING_REASON, AUTOMATION, JOURNEY } = texts;
  return db.query(byTexts, [
    organizationId,
    ...[USER, TEAM, CLOSING_REASON, AUTOMATION, JOURNEY].flatMap((names) => [names, uuidsAmong(names)]),
  ]);
}
